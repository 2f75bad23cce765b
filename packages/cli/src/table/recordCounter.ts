// Counting the records of a delimited text, byte by byte: the count that every scan of the file is held against.
import { CliError, tableTexts } from "../errors.ts";

/** A record of more bytes is refused: DuckDB loses some of those that do not fit its buffers. */
export const longestRecord = 2_000_000;
/** Where a quote is open for so long, nothing but a quote that was never closed is to be expected. */
const longestQuote = 1024 ** 3;
const sliceBytes = 65_536;

const lineFeed = 10;
const carriageReturn = 13;
const space = 32;
const quote = 34;

/** Where the next byte stands: in a value, in or behind its quotes, or after a CR that an LF may follow. */
const place = {
  start: 0,
  plain: 1,
  quoted: 2,
  closing: 3,
  closed: 4,
  afterReturn: 5,
  quotedReturn: 6,
  /** Behind blanks that a quote may follow. */
  blank: 7,
} as const;
const places = 8;
/** What is to be done at a byte besides going to the next place. `again`: the byte is looked at from there. */
const act = {
  none: 0,
  open: 1,
  feed: 2,
  return: 3,
  feedAfterReturn: 4,
  quotedFeed: 5,
  quotedReturn: 6,
  wrong: 7,
  delimiter: 8,
  again: 9,
  openBehindBlank: 10,
  blankBehindQuote: 11,
} as const;

/** For each place and byte the next place, and what is to be done times the number of places. */
function makeTransitions(delimiter: number, strict: boolean): Uint8Array {
  const table = new Uint8Array(places * 256);
  const set = (from: number, byte: number, to: number, action: number = act.none): void => {
    table[from * 256 + byte] = to + places * action;
  };
  for (let byte = 0; byte < 256; byte++) {
    set(place.start, byte, place.plain);
    set(place.blank, byte, place.plain);
    set(place.plain, byte, place.plain);
    set(place.quoted, byte, place.quoted);
    set(place.closing, byte, place.start, act.wrong);
    set(place.closed, byte, place.start, act.wrong);
    set(place.afterReturn, byte, place.start, act.again);
    set(place.quotedReturn, byte, place.quoted, act.again);
  }
  for (const from of [place.start, place.blank, place.plain, place.closing, place.closed]) {
    set(from, delimiter, place.start, strict ? act.delimiter : act.none);
    set(from, lineFeed, place.start, act.feed);
    set(from, carriageReturn, place.afterReturn, act.return);
  }
  set(place.start, space, place.blank);
  set(place.blank, space, place.blank);
  set(place.blank, quote, place.quoted, act.openBehindBlank);
  set(place.start, quote, place.quoted, act.open);
  set(place.closing, quote, place.quoted);
  set(place.closing, space, place.closed, act.blankBehindQuote);
  set(place.closed, space, place.closed);
  set(place.quoted, quote, place.closing);
  set(place.quoted, lineFeed, place.quoted, act.quotedFeed);
  set(place.quoted, carriageReturn, place.quotedReturn, act.quotedReturn);
  set(place.quotedReturn, lineFeed, place.quoted, act.feedAfterReturn);
  set(place.afterReturn, lineFeed, place.start, act.feedAfterReturn);
  return table;
}

/** What records should be like. */
interface RecordForm {
  readonly delimiter: string;
  readonly columns: number;
  /** Whether every record must have as many values as there are columns. */
  readonly strict: boolean;
}

/**
 * A state machine for the one dialect that is read: a quote is ", written twice inside a quoted value, blanks may stand
 * around quotes, lines end in LF, CR or CRLF. Slices without quotes, almost all, are only searched for line ends.
 */
export class RecordCounter {
  /** Records so far, the line of names among them. Blank lines count only where there is one column. */
  records = 0;
  /** The kinds of line ends outside of quotes. */
  readonly ends = { lf: false, cr: false, crlf: false };
  /** Those inside of quotes: strict parsing wants the same, and not all are. */
  readonly inside = { lf: false, cr: false, crlf: false };
  /** Whether blanks stand before or behind the quotes of a value. */
  blanksAtQuotes = false;
  /** Whether a blank stands next to a quote, as where a value in quotes begins or ends with one. */
  padded = false;
  readonly #path: string;
  readonly #delimiter: number;
  readonly #columns: number;
  /** Whether the values of each record are counted. */
  readonly #strict: boolean;
  readonly #table: Uint8Array;
  /** What stands at the quotes of a value that begins or ends with a blank. */
  readonly #padding: readonly string[];
  #place: number = place.start;
  #line = 1;
  #recordLine = 1;
  /** How many of the lines above the record stand inside of cells. */
  #inside = 0;
  #insideAbove = 0;
  #quoteLine = 1;
  /** Bytes of the record in the slices before. */
  #length = 0;
  #delimiters = 0;
  #lastDelimited = false;
  #first = true;

  constructor(path: string, { delimiter, columns, strict }: RecordForm) {
    this.#path = path;
    this.#delimiter = delimiter.charCodeAt(0);
    this.#columns = columns;
    this.#strict = strict;
    this.#padding = [`${delimiter}" `, '\n" ', ` "${delimiter}`, ' "\n', ' "\r'];
    this.#table = makeTransitions(this.#delimiter, strict);
  }

  /** Takes the next bytes. @throws CliError for a record that is wrong, with its line */
  push(block: Buffer): void {
    const mark = this.#first && block[0] === 0xef && block[1] === 0xbb && block[2] === 0xbf ? 3 : 0;
    this.#first = false;
    for (let from = mark; from < block.length; from += sliceBytes) {
      const slice = block.subarray(from, from + sliceBytes);
      if (!this.#searchLines(slice)) {
        const cut = (slice[0] === quote && slice[1] === space) || (slice.at(-1) === quote && slice.at(-2) === space);
        this.padded ||= cut || this.#padding.some((each) => slice.includes(each));
        this.#walk(slice);
      }
      const quoted = this.#place === place.quoted || this.#place === place.quotedReturn;
      if (this.#length > (quoted ? longestQuote : longestRecord)) throw this.#tooLong();
    }
  }

  /** After the last byte. @throws CliError if a quote is still open */
  finish(): void {
    if (this.#place === place.quoted || this.#place === place.quotedReturn) throw this.#openQuote();
    if (this.#place === place.afterReturn) this.ends.cr = true;
    if (this.#length > 0) this.#endRecord(this.#length);
  }

  /** Whether lines end in more than one way. */
  get endsMixed(): boolean {
    const { lf, cr, crlf } = this.ends;
    return Number(lf) + Number(cr) + Number(crlf) > 1;
  }

  /** Whether lines, or those of quoted values, end in more than one way. */
  get mixed(): boolean {
    const kinds = (["lf", "cr", "crlf"] as const).filter((kind) => this.ends[kind] || this.inside[kind]);
    return kinds.length > 1;
  }

  /** Counts the lines of a slice in which nothing but them matters; false if that is not so. */
  #searchLines(slice: Buffer): boolean {
    const plain = this.#place <= place.plain || this.#place === place.blank;
    if (this.#strict || this.ends.cr || !plain || slice.includes(quote)) return false;
    let returns = 0;
    for (let at = slice.indexOf(carriageReturn); at !== -1; at = slice.indexOf(carriageReturn, at + 1)) {
      if (slice[at + 1] !== lineFeed) return false;
      returns++;
    }
    let from = 0;
    let feeds = 0;
    for (let end = slice.indexOf(lineFeed); end !== -1; end = slice.indexOf(lineFeed, from)) {
      const returned = returns > 0 && end > from && slice[end - 1] === carriageReturn;
      this.#line++;
      this.#endRecord(this.#length + end - from - (returned ? 1 : 0));
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
  #placeAfter(slice: Buffer): number {
    let last = slice.length - 1;
    while (last >= 0 && slice[last] === space) last--;
    const blank = last < slice.length - 1;
    if (last < 0) return this.#place === place.plain ? place.plain : place.blank;
    if (slice[last] !== this.#delimiter && slice[last] !== lineFeed) return place.plain;
    return blank ? place.blank : place.start;
  }

  #walk(slice: Buffer): void {
    const table = this.#table;
    let now = this.#place;
    let from = -this.#length;
    let delimited = this.#lastDelimited ? -1 : -2;
    for (let i = 0; i < slice.length; i++) {
      const next = table[(now << 8) | slice[i]!]!;
      now = next & (places - 1);
      if (next < places) continue;
      switch (next >> 3) {
        case act.openBehindBlank:
          this.blanksAtQuotes = true;
          this.#quoteLine = this.#line;
          break;
        case act.open:
          this.#quoteLine = this.#line;
          break;
        case act.blankBehindQuote:
          this.blanksAtQuotes = true;
          break;
        case act.quotedFeed:
          this.inside.lf = true;
          this.#line++;
          this.#inside++;
          break;
        case act.quotedReturn:
          this.#line++;
          this.#inside++;
          break;
        case act.delimiter:
          this.#delimiters++;
          delimited = i;
          break;
        case act.wrong:
          throw this.#openQuote();
        case act.again:
          if (now === place.quoted) this.inside.cr = true;
          else this.ends.cr = true;
          i--;
          break;
        case act.feedAfterReturn:
          if (now === place.quoted) this.inside.crlf = true;
          else {
            this.ends.crlf = true;
            from = i + 1;
          }
          break;
        default:
          if (next >> 3 === act.feed) this.ends.lf = true;
          this.#line++;
          this.#lastDelimited = delimited === i - 1;
          this.#endRecord(i - from);
          from = i + 1;
      }
    }
    this.#place = now;
    this.#length = slice.length - from;
    this.#lastDelimited = delimited === slice.length - 1;
  }

  /** A record of so many bytes has ended, and the next one begins on the line that is counted now. */
  #endRecord(length: number): void {
    if (length > longestRecord) throw this.#tooLong();
    if (length > 0 || this.#columns === 1) {
      if (this.#strict) this.#checkColumns();
      this.records++;
    }
    this.#recordLine = this.#line;
    this.#insideAbove = this.#inside;
    this.#length = 0;
    this.#delimiters = 0;
    this.#lastDelimited = false;
  }

  /** One delimiter more at the very end of a line is no value. */
  #checkColumns(): void {
    const found = this.#delimiters + 1;
    const line = this.#recordLine;
    if (found === this.#columns || (found === this.#columns + 1 && this.#lastDelimited)) return;
    throw new CliError(tableTexts.raggedRow(this.#path, { row: line - this.#insideAbove, line }, found, this.#columns));
  }

  #openQuote(): CliError {
    return new CliError(tableTexts.unclosedQuote(this.#path, this.#quoteLine));
  }

  #tooLong(): CliError {
    return new CliError(tableTexts.lineTooLong(this.#path, this.#recordLine));
  }
}
