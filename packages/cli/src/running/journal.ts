// The journal: every finished fold on a line of its own, so that a killed run goes on where it stopped.
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { reasonOf } from "../disk/atomicFile.ts";
import { beginTemporary, endTemporary } from "../disk/temporary.ts";
import { CliError, commandTexts } from "../errors.ts";
import type { FoldResult } from "../selection/fold.ts";

/** A file of finished folds that belongs to one comparison of one table. */
export class Journal {
  /** The folds that were already there, each of a model once. */
  readonly known: readonly FoldResult[];
  /** What could not be taken over, and what becomes of it. */
  readonly notes: readonly string[];

  readonly #path: string | null;
  readonly #identity: string;

  /**
   * @param path the file; null keeps nothing
   * @param identity a hash of the table and the plan; a journal of another identity is not continued
   * @param resume whether to take over what is there; otherwise the journal begins anew
   * @param isFold whether something is a fold of the plan
   */
  constructor(path: string | null, identity: string, resume: boolean, isFold: (json: unknown) => json is FoldResult) {
    this.#path = path;
    this.#identity = identity;
    const taken = resume && path !== null && existsSync(path) ? this.#read(path, isFold) : { folds: [], notes: [] };
    this.known = taken.folds;
    this.notes = taken.notes;
    if (path === null) return;
    const temporary = beginTemporary(path);
    try {
      writeFileSync(temporary, [this.#header, ...this.known.map((fold) => this.#line(fold)), ""].join("\n"));
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true, recursive: false });
      throw new CliError(commandTexts.unwritable(path, reasonOf(error)));
    } finally {
      endTemporary(temporary);
    }
  }

  /** Notes a finished fold. */
  add(fold: FoldResult): void {
    if (this.#path === null) return;
    try {
      appendFileSync(this.#path, `${this.#line(fold)}\n`);
    } catch (error) {
      throw new CliError(commandTexts.journalStopped(this.#path, reasonOf(error)));
    }
  }

  /** The first line; the others are bound to it by their checksums. */
  get #header(): string {
    return JSON.stringify({ identity: this.#identity });
  }

  #line(fold: FoldResult): string {
    const text = JSON.stringify(fold, replace);
    return `${text.slice(0, -1)},"checksum":"${this.#checksum(text)}"}`;
  }

  /** Over what the line says and whom it belongs to: a line of another comparison is as good as a damaged one. */
  #checksum(text: string): string {
    return createHash("sha256").update(`${this.#identity}\n${text}`).digest("hex");
  }

  /** What a line says; null where it is damaged or of another comparison. */
  #parsed(line: string): unknown {
    const [, text, checksum] = /^(\{.*),"checksum":"([0-9a-f]{64})"\}$/.exec(line) ?? [];
    return text !== undefined && this.#checksum(`${text}}`) === checksum ? JSON.parse(`${text}}`, revive) : null;
  }

  #read(path: string, isFold: (json: unknown) => json is FoldResult): { folds: FoldResult[]; notes: string[] } {
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch (error) {
      throw new CliError(commandTexts.unwritable(path, reasonOf(error)));
    }
    const lines = text.split("\n");
    const folds = new Map<string, FoldResult>();
    const damaged: string[] = [];
    for (const line of lines) {
      const fold = this.#parsed(line);
      if (isFold(fold)) folds.set(placeOf(fold), folds.get(placeOf(fold)) ?? fold);
      else if (line !== "" && line !== this.#header) damaged.push(line);
    }
    if (folds.size === 0 && text !== "" && !lines.includes(this.#header)) {
      throw new CliError(commandTexts.otherJournal(path));
    }
    // A line that has no end was being written when the run was killed.
    const cutOff = damaged.length > 0 && damaged.at(-1) === lines.at(-1);
    const count = damaged.length - Number(cutOff);
    const notes = [
      ...(count > 0 ? [commandTexts.journalDamaged(path, count)] : []),
      ...(cutOff ? [commandTexts.journalCutOff(path)] : []),
    ];
    return { folds: [...folds.values()], notes };
  }
}

const placeOf = ({ model, repeat, fold }: FoldResult) => `${model} ${repeat} ${fold}`;

/** Probabilities as base64 of their bytes, exact and short; numbers that JSON does not know by their names. */
function replace(_: string, value: unknown): unknown {
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { number: Object.is(value, -0) ? "-0" : String(value) };
  }
  if (!(value instanceof Float64Array)) return value;
  return { float64: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64") };
}

function revive(_: string, value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if ("number" in value) return Number(value.number);
  if (!("float64" in value)) return value;
  const bytes = Buffer.from(value.float64 as string, "base64");
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
