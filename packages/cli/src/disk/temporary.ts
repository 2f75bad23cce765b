// Files under temporary names: where they stand, and who is told of them, so that none is left behind.
import { readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Called before a temporary file is begun, and once it is gone or has its own name. */
export type Announcement = (path: string, begins: boolean) => void;

let announce: Announcement = () => undefined;

/** Has all temporary files of this thread announced, to one who may end the program while there are some. */
export function announceTemporaries(to: Announcement): void {
  announce = to;
}

/**
 * The temporary file for a place, in the same folder; to be ended with {@link endTemporary}. Those for the same place
 * that killed runs have left behind are removed.
 */
export function beginTemporary(path: string): string {
  removeLeftBehind(path);
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  announce(temporary, true);
  return temporary;
}

function removeLeftBehind(path: string): void {
  const start = `.${basename(path)}.`;
  try {
    for (const name of readdirSync(dirname(path))) {
      const process = name.startsWith(start) ? /^(\d+)\.part$/.exec(name.slice(start.length))?.[1] : undefined;
      if (process !== undefined && !isAlive(Number(process))) rmSync(join(dirname(path), name), { force: true });
    }
  } catch {
    // A folder that cannot be read or written is told when the file is begun.
  }
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"; // somebody else's
  }
}

/** Says that a temporary file is no longer there. */
export function endTemporary(temporary: string): void {
  announce(temporary, false);
}
