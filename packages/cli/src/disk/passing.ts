// Files that live only as long as a table is read: what came through a pipe, and what was made of a file.
import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CliError, fileTexts } from "../errors.ts";
import { reasonOf } from "./atomicFile.ts";
import { beginTemporary, endTemporary } from "./temporary.ts";

/**
 * Writes bytes into a new file in the temporary folder, which only its owner can read; `removePassing` removes it.
 *
 * @throws CliError if there is no room; whatever goes wrong, nothing is left behind
 */
export async function writePassing(bytes: AsyncIterable<Uint8Array | string>): Promise<string> {
  const path = beginTemporary(join(tmpdir(), `surprisal-${randomBytes(6).toString("hex")}`));
  let file: FileHandle | null = null;
  try {
    file = await open(path, "wx", 0o600).catch(refused);
    for await (const block of bytes) {
      if (block.length > 0) await file.appendFile(block).catch(refused);
    }
    await file.close().catch(refused);
    return path;
  } catch (error) {
    await file?.close().catch(() => undefined);
    await removePassing(path);
    throw error;
  }
}

/** Removes such a file. */
export async function removePassing(path: string): Promise<void> {
  await rm(path, { force: true });
  endTemporary(path);
}

function refused(error: unknown): never {
  throw new CliError(fileTexts.noPassing(tmpdir(), reasonOf(error)));
}

/** The bytes of a pipe, until it is closed; null is standard input. */
export async function* pipedBytes(path: string | null): AsyncGenerator<Buffer> {
  const named = path ?? "-";
  try {
    const stream = path === null ? createReadStream("", { fd: 0, autoClose: false }) : createReadStream(path);
    yield* stream as AsyncIterable<Buffer>;
  } catch (error) {
    throw error instanceof CliError ? error : new CliError(fileTexts.noPipe(named, reasonOf(error)));
  }
}
