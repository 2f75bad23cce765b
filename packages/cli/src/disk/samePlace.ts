// What is read must not be replaced by what is written, however either path is spelled.
import { stat } from "node:fs/promises";
import { CliError, fileTexts } from "../errors.ts";

/**
 * Compares files, not names: another spelling, a symbolic or a hard link is the same file.
 *
 * @throws CliError if one of the places is a file that is read
 */
export async function refuseOverwriting(places: readonly string[], inputs: readonly string[]): Promise<void> {
  for (const place of places) {
    const there = await identityOf(place);
    if (there === null) continue;
    for (const input of inputs) {
      if ((await identityOf(input)) === there) throw new CliError(fileTexts.overwrites(place, input));
    }
  }
}

/** The device and the number of a file; null where there is none. */
async function identityOf(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found === null ? null : `${found.dev} ${found.ino}`;
}
