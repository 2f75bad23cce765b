// The folder for what a run writes: made with those above it, or not at all.
import { existsSync, mkdirSync, rmdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { CliError, commandTexts, detailTexts, systemTexts } from "../errors.ts";
import { reasonOf } from "./atomicFile.ts";

/**
 * Makes a folder and what is missing above it.
 *
 * One after the other, because `mkdirSync(folder, { recursive: true })` never returns where the folder above is there
 * and takes no new ones, as in /proc (Node 20 to 24).
 * @throws CliError if that cannot be; the folders made on the way are gone again
 */
export function makeFolder(folder: string): void {
  const refuse = (reason: string) => new CliError(commandTexts.unwritable(folder, reason));
  const made: string[] = [];
  try {
    for (const missing of missingFolders(folder)) {
      mkdirSync(missing);
      made.unshift(missing);
    }
  } catch (error) {
    for (const each of made) rmdirSync(each);
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    throw refuse(code === "ENOENT" ? detailTexts.noFolders() : reasonOf(error));
  }
  if (!statSync(folder).isDirectory()) throw refuse(systemTexts.EEXIST);
}

/** The folders that are not there yet, the outermost first. */
function missingFolders(folder: string): readonly string[] {
  const missing: string[] = [];
  for (let at = resolve(folder); !existsSync(at); at = dirname(at)) missing.unshift(at);
  return missing;
}
