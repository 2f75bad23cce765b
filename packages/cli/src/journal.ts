// The journal: every finished fold on a line of its own, so that a killed run goes on where it stopped.
import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { reasonOf } from "./atomicFile.ts";
import { CliError, commandTexts } from "./errors.ts";
import type { FoldResult } from "./procedure.ts";

/** A file of finished folds that belongs to one plan on one table. */
export class Journal {
  /** The folds that were already there. */
  readonly known: readonly FoldResult[];

  /**
   * @param path the file; null keeps nothing
   * @param identity a hash of the table and the plan; a journal of another identity is not continued
   * @param resume whether to take over what is there; otherwise the journal begins anew
   */
  constructor(
    private readonly path: string | null,
    identity: string,
    resume: boolean,
  ) {
    if (path === null) {
      this.known = [];
      return;
    }
    const lines = resume && existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
    if (lines.length > 0 && lines[0] !== JSON.stringify({ identity }))
      throw new CliError(commandTexts.otherJournal(path));
    this.known = lines.slice(1).flatMap((line) => {
      try {
        return line === "" ? [] : [JSON.parse(line, revive) as FoldResult];
      } catch {
        return []; // the line that was being written when the run was killed
      }
    });
    const whole = [JSON.stringify({ identity }), ...this.known.map((fold) => JSON.stringify(fold, replace)), ""].join(
      "\n",
    );
    try {
      writeFileSync(`${path}.new`, whole);
      renameSync(`${path}.new`, path);
    } catch (error) {
      rmSync(`${path}.new`, { force: true, recursive: false });
      throw new CliError(commandTexts.unwritable(path, reasonOf(error)));
    }
  }

  /** Notes a finished fold. */
  add(fold: FoldResult): void {
    if (this.path === null) return;
    try {
      appendFileSync(this.path, `${JSON.stringify(fold, replace)}\n`);
    } catch (error) {
      throw new CliError(commandTexts.journalStopped(this.path, reasonOf(error)));
    }
  }
}

/** Probabilities as base64 of their bytes: exact and short. */
function replace(_: string, value: unknown): unknown {
  if (!(value instanceof Float64Array)) return value;
  return { float64: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64") };
}

function revive(_: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || !("float64" in value)) return value;
  const bytes = Buffer.from(value.float64 as string, "base64");
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
