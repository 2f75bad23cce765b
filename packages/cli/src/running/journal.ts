// The journal: every finished fold on a line of its own, so that a killed run goes on where it stopped.
//
// What models put out, a number for each row, output and family, stands beside it in a file of numbers, of which a line
// says where its own are: as text they would take a third more, and each fold of a large table would be a line of
// megabytes. The checksum of a line is taken over its text and its numbers. So a file of numbers that is damaged, cut
// off, missing or another's makes damaged lines, of whose folds nothing is believed. Numbers are written before their
// line: who is killed between both leaves numbers that no line asks for, and the next run writes over them.
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { reasonOf } from "../disk/atomicFile.ts";
import { bytesOf, isPlace, NumbersFile, type NumbersPlace } from "../disk/numbersFile.ts";
import { beginTemporary, endTemporary } from "../disk/temporary.ts";
import { CliError, commandTexts } from "../errors.ts";
import type { FoldResult } from "../selection/fold.ts";

/** Where the numbers of a journal stand. */
export function numbersBeside(journal: string): string {
  return journal.replace(/\.jsonl$/, ".bin");
}

/** A fold that was read, with its line and the places of its numbers. */
interface KnownFold {
  readonly fold: FoldResult;
  readonly line: string;
  readonly places: readonly NumbersPlace[];
}

/** A file of finished folds that belongs to one comparison of one table. */
export class Journal {
  /** The folds that were already there, each of a model once. */
  readonly known: readonly FoldResult[];
  /** What could not be taken over, and what becomes of it. */
  readonly notes: readonly string[];

  readonly #path: string | null;
  readonly #numbers: NumbersFile;
  readonly #identity: string;

  /**
   * @param path the file; null keeps nothing
   * @param identity a hash of the table and the plan; a journal of another identity is not continued
   * @param resume whether to take over what is there; otherwise the journal begins anew
   * @param isFold whether something is a fold of the plan
   */
  constructor(path: string | null, identity: string, resume: boolean, isFold: (json: unknown) => json is FoldResult) {
    this.#path = path;
    this.#numbers = new NumbersFile(numbersBeside(path ?? ""));
    this.#identity = identity;
    const taken = resume && path !== null && existsSync(path) ? this.#read(path, isFold) : { folds: [], notes: [] };
    this.known = taken.folds.map(({ fold }) => fold);
    this.notes = taken.notes;
    if (path !== null) this.#begin(path, taken.folds);
  }

  /** Notes a finished fold. */
  add(fold: FoldResult): void {
    if (this.#path === null) return;
    const arrays: Float64Array[] = [];
    let before = 0;
    const text = JSON.stringify(fold, (_, value: unknown) => {
      if (!(value instanceof Float64Array)) return named(value);
      const float64 = this.#numbers.placeFor(value.length, before);
      arrays.push(value);
      before += value.length;
      return { float64 };
    });
    let path = this.#numbers.path;
    try {
      this.#numbers.add(arrays);
      path = this.#path;
      appendFileSync(path, `${text.slice(0, -1)},"checksum":"${this.#checksum(text, arrays)}"}\n`);
    } catch (error) {
      throw new CliError(commandTexts.journalStopped(path, reasonOf(error)));
    }
  }

  /** Writes what is taken over. Lines first: without numbers they would be lost, numbers without lines do no harm. */
  #begin(path: string, known: readonly KnownFold[]): void {
    const temporary = beginTemporary(path);
    try {
      writeFileSync(temporary, [this.#header, ...known.map(({ line }) => line), ""].join("\n"));
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true, recursive: false });
      throw new CliError(commandTexts.unwritable(path, reasonOf(error)));
    } finally {
      endTemporary(temporary);
    }
    try {
      this.#numbers.begin(known.flatMap(({ places }) => places));
    } catch (error) {
      throw new CliError(commandTexts.unwritable(this.#numbers.path, reasonOf(error)));
    }
  }

  /** The first line; the others are bound to it by their checksums. */
  get #header(): string {
    return JSON.stringify({ identity: this.#identity });
  }

  /** Over what a line says and whom it belongs to: a line of another comparison is as good as a damaged one. */
  #checksum(text: string, arrays: readonly Float64Array[]): string {
    const hash = createHash("sha256").update(`${this.#identity}\n${text}`);
    for (const array of arrays) hash.update(bytesOf(array));
    return hash.digest("hex");
  }

  /** What a line says, and the places of its numbers; null where either is damaged or of another comparison. */
  #parsed(line: string): { readonly json: unknown; readonly places: readonly NumbersPlace[] } | null {
    const [, start, checksum] = /^(\{.*),"checksum":"([0-9a-f]{64})"\}$/.exec(line) ?? [];
    if (start === undefined) return null;
    const text = `${start}}`;
    const places = placesIn(text);
    const arrays = places && this.#numbers.read(places);
    if (places === null || arrays === null || this.#checksum(text, arrays) !== checksum) return null;
    let next = 0;
    const json: unknown = JSON.parse(text, (_, value: unknown) =>
      isReference(value) ? arrays[next++] : unnamed(value),
    );
    return { json, places };
  }

  #read(path: string, isFold: (json: unknown) => json is FoldResult): { folds: KnownFold[]; notes: string[] } {
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch (error) {
      throw new CliError(commandTexts.unwritable(path, reasonOf(error)));
    }
    const lines = text.split("\n");
    const folds = new Map<string, KnownFold>();
    const damaged: string[] = [];
    for (const line of lines) {
      const parsed = this.#parsed(line);
      const fold = parsed?.json;
      if (parsed !== null && isFold(fold)) {
        const place = placeOf(fold);
        if (!folds.has(place)) folds.set(place, { fold, line, places: parsed.places });
      } else if (line !== "" && line !== this.#header) damaged.push(line);
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

/** What stands in a line for an array. */
function isReference(value: unknown): value is { readonly float64: NumbersPlace } {
  return typeof value === "object" && value !== null && "float64" in value && isPlace(value.float64);
}

/** The places of the numbers of a line; null where it is no JSON. */
function placesIn(text: string): readonly NumbersPlace[] | null {
  const places: NumbersPlace[] = [];
  try {
    JSON.parse(text, (_, value: unknown) => {
      if (isReference(value)) places.push(value.float64);
      return value;
    });
    return places;
  } catch {
    return null;
  }
}

/** Numbers that JSON does not know, by their names. */
function named(value: unknown): unknown {
  if (typeof value !== "number" || (Number.isFinite(value) && !Object.is(value, -0))) return value;
  return { number: Object.is(value, -0) ? "-0" : String(value) };
}

function unnamed(value: unknown): unknown {
  return typeof value === "object" && value !== null && "number" in value ? Number(value.number) : value;
}
