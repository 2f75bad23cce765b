// A delimited text that is written in an unusual way, written once more in the plainest: what DuckDB reads for sure.
import { CliError, type LineAt, tableTexts } from "../errors.ts";
import { fileNotes, type Note } from "../notes.ts";
import { csvCell } from "../words/csv.ts";
import { type Coding, decodedText } from "./decoded.ts";
import type { Layout } from "./layout.ts";
import type { Budget } from "./memory.ts";
import { longestRecord } from "./recordCounter.ts";
import { recordAt, type TextRecord } from "./records.ts";
import { WatchedFile } from "./watchedFile.ts";

/** Letters that are collected before they are written. */
const blockLength = 256 * 1024;
/** A record, or a quote that is open, of more letters is refused. */
const longestQuote = 64 * 1024 * 1024;
const leastBytes = 4;

/** A table as a plain file: values parted by commas, lines that end in LF, no line of names. */
export interface MadePlain {
  readonly file: WatchedFile;
  readonly rows: number;
  /** Whether texts hold what DuckDB alone takes for numbers: 1_000 and +-1. */
  readonly oddNumbers: boolean;
  /** Whether cells hold carriage returns, which DuckDB reads only where it is lenient. */
  readonly returns: boolean;
  /** Whether a cell in quotes begins or ends with a blank. */
  readonly padded: boolean;
  readonly notes: readonly Note[];
}

/** How the file at hand is written. */
export interface Unusual {
  readonly layout: Layout;
  readonly coding: Coding;
  /** Whether lines that end in LF are known, so that a carriage return alone may be part of a cell. */
  readonly feeds: boolean;
}

/** @throws CliError for a record that is wrong, with its line in the file at hand */
export async function makePlain(watched: WatchedFile, unusual: Unusual, budget: Budget): Promise<MadePlain> {
  const maker = new PlainMaker(watched.path, unusual, budget);
  const file = await WatchedFile.made(watched.path, maker.write(decodedText(watched, unusual.coding)));
  const { rows, oddNumbers, returns, padded } = maker;
  return { file, rows, oddNumbers, returns, padded, notes: maker.notes() };
}

class PlainMaker {
  rows = 0;
  oddNumbers = false;
  returns = false;
  padded = false;
  readonly #path: string;
  readonly #layout: Layout;
  readonly #feeds: boolean;
  readonly #budget: Budget;
  readonly #above: ReadonlySet<string>;
  readonly #names: readonly string[] | null;
  /** The line that is read now, and how many of those above stand inside of cells. */
  #line: number;
  #inside = 0;
  #begun: boolean;
  readonly #ends = { returns: false, feeds: false };
  /** Whether the line above ended in a carriage return alone. */
  #returned = false;
  readonly #again: number[] = [];
  readonly #comments: number[] = [];

  constructor(path: string, { layout, feeds }: Unusual, budget: Budget) {
    this.#path = path;
    this.#layout = layout;
    this.#feeds = feeds;
    this.#budget = budget;
    this.#above = new Set(layout.above.filter((line) => line.trim() !== ""));
    this.#names = layout.header?.map((name) => name.trim()) ?? null;
    this.#line = layout.line;
    this.#begun = layout.header === null;
  }

  /** The rows of a text as lines of the plain file. */
  async *write(texts: AsyncIterable<string>): AsyncGenerator<string> {
    let above = this.#layout.at;
    let text = "";
    let written = "";
    const take = (last: boolean): void => {
      let at = 0;
      while (at < text.length) {
        const found = recordAt(text, at, this.#layout.delimiter, last);
        if (found === null) break;
        if (!("cells" in found)) throw new CliError(tableTexts.unclosedQuote(this.#path, this.#line + found.below));
        at = found.to;
        written += this.#take(found, text);
      }
      text = text.slice(at);
      if (text.length > longestRecord) this.#refuseLong(text);
    };
    for await (const block of texts) {
      if (above >= block.length) {
        above -= block.length;
        continue;
      }
      text += above > 0 ? block.slice(above) : block;
      above = 0;
      take(false);
      this.#budget.checkRows(this.rows, leastBytes * this.#layout.columns, this.#layout.columns);
      if (written.length > blockLength) {
        yield written;
        written = "";
      }
    }
    take(true);
    yield written;
  }

  /** What was left out. */
  notes(): readonly Note[] {
    const told = (lines: readonly number[], note: (line: number, more: number) => Note) =>
      lines.length === 0 ? [] : [note(lines[0]!, lines.length - 1)];
    return [...told(this.#again, fileNotes.namesAgain), ...told(this.#comments, fileNotes.commentLines)];
  }

  #take(record: TextRecord, text: string): string {
    const at: LineAt = { row: this.#line - this.#inside, line: this.#line };
    const written = this.#begun ? this.#row(record, at, text) : "";
    this.#begun = true;
    this.#line += record.breaks + 1;
    this.#inside += record.breaks;
    this.#returned = record.end === "\r" && record.to < text.length;
    if (record.end !== "") this.#ends[record.end === "\r" ? "returns" : "feeds"] = true;
    if (this.#layout.columns === 1 && this.#ends.returns && this.#ends.feeds) {
      throw new CliError(tableTexts.loneReturn(this.#path, at.line));
    }
    return written;
  }

  /** A record as a line; empty where it is none of the table's rows. */
  #row({ cells: all, quoted, open, from, to, end }: TextRecord, at: LineAt, text: string): string {
    const { columns, comments } = this.#layout;
    if (columns > 1 && all.length <= 1 && (all[0] ?? "") === "" && !quoted[0]) return "";
    // One delimiter more at the very end of a line is no value.
    const cells = open && all.length === columns + 1 ? all.slice(0, -1) : all;
    const names = this.#names;
    if (columns > 1 && names?.length === cells.length && names.every((name, k) => name === cells[k]!.trim())) {
      this.#again.push(at.line);
      return "";
    }
    if (cells.length !== columns) {
      const raw = text.slice(from, to - end.length).replace(/^\ufeff/, "");
      if (comments && raw.startsWith("#")) {
        this.#comments.push(at.line);
        return "";
      }
      if (this.#above.has(raw)) return "";
      throw this.#ragged(at, cells.length, end === "\r" || this.#returned);
    }
    this.rows++;
    let line = "";
    for (let k = 0; k < columns; k++) {
      const cell = cells[k]!;
      this.returns ||= cell.includes("\r");
      this.oddNumbers ||= cell.includes("_") || cell.includes("+-");
      this.padded ||= quoted[k]! && /^\s|\s$/.test(cell);
      line += k === 0 ? plainCell(cell, quoted[k]!) : `,${plainCell(cell, quoted[k]!)}`;
    }
    return `${line}\n`;
  }

  #ragged(at: LineAt, found: number, returned: boolean): CliError {
    if (returned && (this.#feeds || this.#ends.feeds)) return new CliError(tableTexts.loneReturn(this.#path, at.line));
    const { header, at: place, columns, rowNames } = this.#layout;
    const whose = header === null ? "the first row" : place === 0 && !rowNames ? "the first line" : "the line of names";
    return new CliError(tableTexts.raggedRow(this.#path, at, found, columns, whose));
  }

  #refuseLong(text: string): void {
    const quoteOpen = recordAt(text, 0, this.#layout.delimiter, true);
    const isOpen = quoteOpen !== null && !("cells" in quoteOpen);
    if (text.length <= (isOpen ? longestQuote : longestRecord)) return;
    if (isOpen) throw new CliError(tableTexts.unclosedQuote(this.#path, this.#line + quoteOpen.below));
    throw new CliError(tableTexts.lineTooLong(this.#path, this.#line));
  }
}

function plainCell(cell: string, quoted: boolean): string {
  if (cell === "") return quoted ? '""' : "";
  return csvCell(cell);
}
