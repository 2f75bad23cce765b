// Who writes the results of a table into a folder: one run at a time, and none once it is gone, however it ended.
//
// The lock is an address that only one process can listen at. The system takes it back with the process, so that a
// crash leaves nothing behind. It is known on one machine, and within one container.
import { createHash } from "node:crypto";
import { rmSync, statSync } from "node:fs";
import { createConnection, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { CliError, commandTexts } from "../errors.ts";

/** Milliseconds to wait for a run that was killed a moment ago, and between two looks. */
const patience = { all: 1000, look: 50 } as const;

/**
 * Locks the results of a table.
 *
 * @param stem where they go, without their endings; the folder is there
 * @returns what unlocks them
 * @throws CliError if another run holds them
 */
export async function lockResults(stem: string): Promise<() => void> {
  const address = addressOf(stem);
  for (let waited = 0; ; waited += patience.look) {
    const server = await listening(address);
    if (server !== "taken") return () => server?.close();
    if (waited >= patience.all) throw new CliError(commandTexts.locked(stem));
    await removeStale(address);
    await new Promise((resolve) => setTimeout(resolve, patience.look));
  }
}

/** The same for every way to write the path of the folder. */
function addressOf(stem: string): string {
  const { dev, ino } = statSync(dirname(stem), { bigint: true });
  const name = `surprisal-${createHash("sha256")
    .update(`${dev} ${ino} ${basename(stem)}`)
    .digest("hex")
    .slice(0, 32)}`;
  if (process.platform === "linux") return `\0${name}`;
  return process.platform === "win32" ? `\\\\?\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

/** Null where the system allows no such address: then there is no lock, and a fold still counts only once. */
function listening(address: string): Promise<Server | null | "taken"> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "EADDRINUSE" ? "taken" : null));
    server.listen(address, () => resolve(server.unref()));
  });
}

/** Elsewhere than on Linux and Windows the address is a file, which a killed run leaves; nobody answers there. */
async function removeStale(address: string): Promise<void> {
  if (!address.endsWith(".sock")) return;
  const answered = await new Promise<boolean>((resolve) => {
    const socket = createConnection(address, () => resolve(true));
    socket.once("error", () => resolve(false)).once("close", () => socket.destroy());
  });
  if (!answered) rmSync(address, { force: true });
}
