// One pass over all bytes of a text table: its count of records, found without DuckDB, and mistakes of the whole file.
import { isUtf8 } from "node:buffer";
import { CliError, tableTexts } from "../errors.ts";
import { firstBadLine } from "./head.ts";
import { deepestNesting, JsonCounter } from "./jsonCounter.ts";
import type { Budget } from "./memory.ts";
import { RecordCounter } from "./recordCounter.ts";
import type { WatchedFile } from "./watchedFile.ts";

/** A column takes so many bytes in a row at the least. */
const leastBytes = 4;

/** How a delimited text is written. */
export interface DelimitedForm {
  readonly gzip: boolean;
  readonly delimiter: string;
  readonly columns: number;
  /** The bytes of the line of names; left out where there is none. */
  readonly names?: Buffer | undefined;
}

/** What a count of a delimited text has found. */
export interface Census {
  readonly rows: number;
  /** Whether line ends inside of cells differ from those of the lines: DuckDB reads them only where it is lenient. */
  readonly mixed: boolean;
  /** It may hold what DuckDB alone takes for numbers: 1_000 and +-1. */
  readonly oddNumbers: boolean;
  /** Whether a cell in quotes may begin or end with a blank. */
  readonly padded: boolean;
  /** Whether DuckDB cannot be trusted with it: lines that end in several ways, names again, marks, blanks at quotes. */
  readonly unusual: boolean;
}

/**
 * Counts the rows of a delimited text.
 *
 * @throws CliError for bytes that are no text, a quote that is not closed, a record too long, damage to a gzip file
 */
export async function countDelimited(file: WatchedFile, form: DelimitedForm, budget: Budget): Promise<Census> {
  const { gzip, columns } = form;
  let oddNumbers = false;
  let last: number | undefined;
  const search = new LineSearch(columns > 1 ? form.names : undefined);
  const count = async (strict: boolean): Promise<RecordCounter> => {
    const counter = new RecordCounter(file.path, { ...form, strict });
    for await (const block of checkedText(file, gzip)) {
      counter.push(block);
      oddNumbers ||= block.includes("_") || block.includes("+-") || (last === 43 && block[0] === 45);
      last = block.at(-1);
      if (!strict) search.push(block);
      budget.checkRows(counter.records, leastBytes * columns, columns);
    }
    counter.finish();
    return counter;
  };
  const counter = await count(false);
  const unusual = counter.endsMixed || counter.blanksAtQuotes || search.found;
  // DuckDB reads mixed line ends only where it is lenient; then it leaves out what is too much.
  if (counter.mixed && !unusual) await count(true);
  const names = form.names === undefined ? 0 : 1;
  return { rows: counter.records - names, mixed: counter.mixed, oddNumbers, padded: counter.padded, unusual };
}

/** Looks for a line of names below the first line, and for a byte-order mark at the beginning of a line. */
class LineSearch {
  found = false;
  readonly #sought: readonly Buffer[];
  readonly #longest: number;
  #before: Buffer = Buffer.alloc(0);
  #first = true;

  constructor(names: Buffer | undefined) {
    this.#sought = [byteOrderMark, ...(names === undefined || names.length < 3 ? [] : [names])];
    this.#longest = Math.max(...this.#sought.map(({ length }) => length));
  }

  push(block: Buffer): void {
    if (this.found) return;
    // What stands across the border of two blocks is looked for in the letters on both sides of it.
    const border = Buffer.concat([this.#before, block.subarray(0, this.#longest + 4)]);
    this.found = this.#sought.some((sought) => beginsLine(border, sought) || beginsLine(block, sought, this.#first));
    this.#before = Buffer.from(block.subarray(-this.#longest - 4));
    this.#first = false;
  }
}

const byteOrderMark = Buffer.of(0xef, 0xbb, 0xbf);

function beginsLine(block: Buffer, sought: Buffer, first = true): boolean {
  for (let at = block.indexOf(sought, first ? 1 : 0); at !== -1; at = block.indexOf(sought, at + 1)) {
    const before = block[at - 1];
    const after = block[at + sought.length];
    const ends = sought === byteOrderMark || after === undefined || after === 10 || after === 13;
    if ((before === 10 || before === 13) && ends) return true;
  }
  return false;
}

/** Looks for the first record that has too few or too many values. @throws CliError that names it */
export async function findRagged(file: WatchedFile, form: DelimitedForm): Promise<void> {
  const counter = new RecordCounter(file.path, { ...form, strict: true });
  for await (const block of file.text(form.gzip)) counter.push(block);
  counter.finish();
}

/** Counts the rows of JSON. @throws CliError for bytes that are no text, nesting too deep, damage to a gzip file */
export async function countJson(file: WatchedFile, gzip: boolean, budget: Budget): Promise<JsonCounter> {
  const counter = new JsonCounter();
  for await (const block of checkedText(file, gzip)) {
    counter.push(block);
    if (counter.tooDeep !== null) {
      throw new CliError(tableTexts.nestedTooDeep(file.path, counter.tooDeep, deepestNesting));
    }
    budget.checkRows(counter.records, leastBytes, 1);
  }
  return counter;
}

/** The blocks of a text, each checked to be UTF-8 without NUL. */
export async function* checkedText(file: WatchedFile, gzip: boolean): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let checked = 0;
  for await (const block of file.text(gzip)) {
    if (block.includes(0)) throw new CliError(tableTexts.binary(file.path));
    const bytes = rest.length === 0 ? block : Buffer.concat([rest, block]);
    const whole = wholeLetters(bytes);
    if (!isUtf8(bytes.subarray(0, whole))) throw await badLetter(file, gzip, checked);
    checked += whole;
    rest = Buffer.from(bytes.subarray(whole));
    yield block;
  }
  if (rest.length > 0) throw await badLetter(file, gzip, checked);
}

/** How many bytes there are without a letter that is cut off at their end. */
function wholeLetters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Finds the line of the first bad letter behind a place up to which all is well. */
async function badLetter(file: WatchedFile, gzip: boolean, good: number): Promise<CliError> {
  let line = 1;
  let left = good;
  const parts: Buffer[] = [];
  let length = 0;
  for await (const block of file.text(gzip)) {
    const before = block.subarray(0, left);
    for (let at = before.indexOf(10); at !== -1; at = before.indexOf(10, at + 1)) line++;
    left -= before.length;
    parts.push(Buffer.from(block.subarray(before.length)));
    length += block.length - before.length;
    // More than one block, so that a letter which was cut in two is whole.
    if (length > 2 * 1024 * 1024) break;
  }
  return new CliError(tableTexts.notUtf8(file.path, line + firstBadLine(Buffer.concat(parts)) - 1));
}
