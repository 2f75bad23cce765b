// Counting the records of a delimited text, byte by byte: the count that every scan of the file is held against.
import { CliError, tableTexts } from "./errors.ts";

/** A record of more bytes is refused: DuckDB loses some of those that do not fit its buffers. */
export const longestRecord = 2_000_000;
/** Where a quote is open for so long, nothing but a quote that was never closed is to be expected. */
const longestQuote = 1024 ** 3;
const sliceBytes = 65_536;

const lineFeed = 10;
const carriageReturn = 13;
const space = 32;
const quote = 34;

/** Where in a field the next byte stands; `closing`: behind a quote that ends the value or is the first of two. */
type Place = "start" | "plain" | "quoted" | "closing" | "closed";

/**
 * A state machine for the one dialect that is read: a quote is ", written twice inside a quoted value, blanks may stand
 * around quotes, lines end in LF, CR or CRLF. Slices without quotes, almost all, are only searched for line ends.
 */
export class RecordCounter {
  /** Records so far, the line of names among them. Blank lines count only where there is one column. */
  records = 0;
  /** The kinds of line ends outside of quotes. */
  readonly ends = { lf: false, cr: false, crlf: false };
  readonly #path: string;
  readonly #delimiter: number;
  readonly #columns: number;
  /** Whether the values of each record are counted. */
  readonly #strict: boolean;
  #place: Place = "start";
  #line = 1;
  #recordLine = 1;
  #quoteLine = 1;
  /** Bytes of the record so far. */
  #length = 0;
  #delimiters = 0;
  #lastDelimited = false;
  #afterReturn = false;
  #first = true;

  constructor(path: string, delimiter: string, columns: number, strict: boolean) {
    this.#path = path;
    this.#delimiter = delimiter.charCodeAt(0);
    this.#columns = columns;
    this.#strict = strict;
  }

  /** Takes the next bytes. @throws CliError for a record that is wrong, with its line */
  push(block: Buffer): void {
    const mark = this.#first && block[0] === 0xef && block[1] === 0xbb && block[2] === 0xbf ? 3 : 0;
    this.#first = false;
    for (let from = mark; from < block.length; from += sliceBytes) {
      const slice = block.subarray(from, from + sliceBytes);
      if (!this.#searchLines(slice)) this.#walk(slice);
      if (this.#place === "quoted" ? this.#length > longestQuote : this.#length > longestRecord) throw this.#tooLong();
    }
  }

  /** After the last byte. @throws CliError if a quote is still open */
  finish(): void {
    if (this.#place === "quoted") throw new CliError(tableTexts.unclosedQuote(this.#path, this.#quoteLine));
    if (this.#afterReturn) this.ends.cr = true;
    if (this.#length > 0) this.#endRecord();
  }

  /** Whether lines end in more than one way. */
  get mixed(): boolean {
    return Number(this.ends.lf) + Number(this.ends.cr) + Number(this.ends.crlf) > 1;
  }

  /** Counts the lines of a slice in which nothing but them matters; false if that is not so. */
  #searchLines(slice: Buffer): boolean {
    const inside = this.#place === "quoted" || this.#place === "closing" || this.#place === "closed";
    if (this.#strict || inside || this.#afterReturn || slice.includes(quote)) return false;
    let returns = 0;
    for (let at = slice.indexOf(carriageReturn); at !== -1; at = slice.indexOf(carriageReturn, at + 1)) {
      if (slice[at + 1] !== lineFeed) return false;
      returns++;
    }
    let from = 0;
    let feeds = 0;
    for (let end = slice.indexOf(lineFeed); end !== -1; end = slice.indexOf(lineFeed, from)) {
      const returned = returns > 0 && slice[end - 1] === carriageReturn && end > 0;
      this.#length += end - from - (returned ? 1 : 0);
      this.#endRecord();
      this.#line++;
      this.#recordLine = this.#line;
      feeds++;
      from = end + 1;
    }
    if (returns > 0) this.ends.crlf = true;
    if (feeds > returns) this.ends.lf = true;
    this.#length += slice.length - from;
    this.#place = this.#placeAfter(slice);
    return true;
  }

  /** Whether a quote that follows a slice without quotes would open a value. */
  #placeAfter(slice: Buffer): Place {
    let last = slice.length - 1;
    while (last >= 0 && slice[last] === space) last--;
    if (last < 0) return this.#place;
    return slice[last] === this.#delimiter || slice[last] === lineFeed ? "start" : "plain";
  }

  #walk(slice: Buffer): void {
    const delimiter = this.#delimiter;
    for (let i = 0; i < slice.length; i++) {
      const byte = slice[i]!;
      if (this.#place === "quoted") {
        if (byte === quote) this.#place = "closing";
        else if (byte === carriageReturn || (byte === lineFeed && !this.#afterReturn)) this.#line++;
        this.#afterReturn = byte === carriageReturn;
        this.#length++;
        continue;
      }
      if (this.#afterReturn) {
        this.#afterReturn = false;
        if (byte === lineFeed) {
          this.ends.crlf = true;
          continue;
        }
        this.ends.cr = true;
      }
      if (byte === lineFeed || byte === carriageReturn) {
        if (byte === lineFeed) this.ends.lf = true;
        else this.#afterReturn = true;
        this.#endRecord();
        this.#line++;
        this.#recordLine = this.#line;
        this.#place = "start";
        continue;
      }
      this.#length++;
      this.#lastDelimited = byte === delimiter;
      if (byte === delimiter) {
        this.#delimiters++;
        this.#place = "start";
      } else if (this.#place !== "plain") this.#enter(byte);
    }
  }

  /** A byte that is no delimiter and no line end, at the start of a value or behind a quote. */
  #enter(byte: number): void {
    if (this.#place === "start") {
      if (byte === quote) {
        this.#place = "quoted";
        this.#quoteLine = this.#line;
      } else if (byte !== space) this.#place = "plain";
    } else if (this.#place === "closing" && byte === quote) this.#place = "quoted";
    else if (byte === space) this.#place = "closed";
    else throw new CliError(tableTexts.unclosedQuote(this.#path, this.#quoteLine));
  }

  #endRecord(): void {
    if (this.#length > longestRecord) throw this.#tooLong();
    if (this.#length > 0 || this.#columns === 1) {
      if (this.#strict) this.#checkColumns();
      this.records++;
    }
    this.#length = 0;
    this.#delimiters = 0;
    this.#lastDelimited = false;
  }

  /** One delimiter more at the very end of a line is no value. */
  #checkColumns(): void {
    const found = this.#delimiters + 1;
    if (found === this.#columns || (found === this.#columns + 1 && this.#lastDelimited)) return;
    throw new CliError(tableTexts.raggedRow(this.#path, this.#recordLine, found, this.#columns));
  }

  #tooLong(): CliError {
    return new CliError(tableTexts.lineTooLong(this.#path, this.#recordLine));
  }
}
