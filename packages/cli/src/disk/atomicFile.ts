// A file whole or not at all: written beside its place, then renamed into it; and read as a whole.
import { existsSync } from "node:fs";
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { CliError, fileTexts, systemTexts } from "../errors.ts";
import { beginTemporary, endTemporary } from "./temporary.ts";

/**
 * Lets `write` make a file under a temporary name in the same folder, then gives it its own name. A reader sees the
 * old file or the new one, and a failure leaves the old one.
 *
 * @param path the file's place
 * @param write writes the temporary file
 * @throws CliError if it cannot be written; nothing is left behind
 */
export async function writeAtomically(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = beginTemporary(path);
  try {
    await write(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    if (error instanceof CliError) throw error;
    throw new CliError(fileTexts.cannotWrite(path, reasonOf(error)));
  } finally {
    endTemporary(temporary);
  }
}

/** Writes text or bytes so, and has the disk keep them before they get their name. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await writeAtomically(path, async (temporary) => {
    const file = await open(temporary, "w");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

/**
 * The bytes of a file.
 *
 * @throws CliError if it cannot be read
 */
export async function readWhole(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new CliError(fileTexts.cannotRead(path, reasonOf(error)));
  }
}

/** Whether there is a file or a folder of that name. */
export function isThere(path: string): boolean {
  return existsSync(path);
}

/**
 * Whether a file could be written there, found out before the work that fills it.
 *
 * @throws CliError if not; nothing is left behind
 */
export async function checkPlace(path: string): Promise<void> {
  const temporary = beginTemporary(path);
  try {
    await (await open(temporary, "w")).close();
    await rm(temporary);
  } catch (error) {
    throw new CliError(fileTexts.cannotWrite(path, reasonOf(error)));
  } finally {
    endTemporary(temporary);
  }
  const there = await stat(path).catch(() => null);
  if (there?.isDirectory()) throw new CliError(fileTexts.cannotWrite(path, systemTexts.EISDIR));
}

/** Why the system refused, in words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const known = Object.hasOwn(systemTexts, code) ? systemTexts[code as keyof typeof systemTexts] : undefined;
  if (known !== undefined) return known;
  const message = error instanceof Error ? error.message.split("\n")[0] : String(error);
  // DuckDB gives the system's words, not its code.
  if (/no space left/i.test(message)) return systemTexts.ENOSPC;
  return /file too large/i.test(message) ? systemTexts.EFBIG : message;
}
