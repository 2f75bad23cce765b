// Reading the records of a delimited text letter by letter: the one place that knows what a cell is, with its line.

const [tab, lineFeed, carriageReturn, space, quote, mark] = [9, 10, 13, 32, 34, 0xfeff];

/** How a line ends. */
export type LineEnd = "" | "\n" | "\r" | "\r\n";

/** A record as it was found. */
export interface TextRecord {
  /** The cells without their quotes. */
  readonly cells: readonly string[];
  /** Which of them stood in quotes. */
  readonly quoted: readonly boolean[];
  /** Whether nothing stands behind the last delimiter. */
  readonly open: boolean;
  /** Where it begins and where the next one does. */
  readonly from: number;
  readonly to: number;
  readonly end: LineEnd;
  /** Line breaks inside of its cells. */
  readonly breaks: number;
}

/** What is wrong with a record: a quote that is not closed where it should be, so many lines below its beginning. */
export interface OpenQuote {
  readonly below: number;
}

/** A record, what is wrong with it, or null where the text ends before it does. */
export type Found = TextRecord | OpenQuote | null;

/** Whether a letter is a blank that parts values where runs of blanks do. */
function isBlank(code: number): boolean {
  return code === space || code === tab;
}

/**
 * The record that begins at a place.
 *
 * A quote is ", written twice inside of a quoted value; blanks may stand around quotes; lines end in LF, CR or CRLF. A
 * delimiter of " " means runs of blanks. A byte-order mark before a record is what joining files has left.
 *
 * @param last whether nothing follows the text
 */
export function recordAt(text: string, from: number, delimiter: string, last: boolean): Found {
  const blanks = delimiter === " ";
  const parting = blanks ? -1 : delimiter.charCodeAt(0);
  const wide = delimiter.length - 1;
  const isParting = (code: number, at: number) =>
    blanks ? isBlank(code) : code === parting && (wide === 0 || text.startsWith(delimiter, at));
  const cells: string[] = [];
  const quoted: boolean[] = [];
  let breaks = 0;
  let open = false;
  let at = text.charCodeAt(from) === mark ? from + 1 : from;
  for (;;) {
    let begin = at;
    if (blanks) while (isBlank(text.charCodeAt(at))) begin = ++at;
    else while (text.charCodeAt(at) === space) at++;
    if (at >= text.length && !last) return null;
    const ended = at >= text.length || text.charCodeAt(at) === lineFeed || text.charCodeAt(at) === carriageReturn;
    if (blanks && ended) break;
    if (text.charCodeAt(at) === quote) {
      let cell = "";
      let inside = at + 1;
      for (;;) {
        const close = text.indexOf('"', inside);
        if (close === -1) return last ? { below: breaks } : null;
        if (text.charCodeAt(close + 1) === quote) {
          cell += text.slice(inside, close + 1);
          inside = close + 2;
          continue;
        }
        cell += text.slice(inside, close);
        at = close + 1;
        break;
      }
      while (text.charCodeAt(at) === space) at++;
      if (at >= text.length && !last) return null;
      const code = text.charCodeAt(at);
      if (at < text.length && code !== lineFeed && code !== carriageReturn && !isParting(code, at)) {
        // Behind a run of blanks the next value may begin at once.
        if (!(blanks && isBlank(text.charCodeAt(at - 1)))) return { below: breaks };
      }
      breaks += lineBreaks(cell);
      cells.push(cell);
      quoted.push(true);
    } else {
      if (!blanks) at = begin;
      for (; at < text.length; at++) {
        const code = text.charCodeAt(at);
        if (code === lineFeed || code === carriageReturn || isParting(code, at)) break;
      }
      if (at >= text.length && !last) return null;
      cells.push(text.slice(begin, at));
      quoted.push(false);
    }
    if (at < text.length && (isParting(text.charCodeAt(at), at) || (blanks && isBlank(text.charCodeAt(at - 1))))) {
      if (!blanks) at += delimiter.length;
      open = !blanks && (at >= text.length || text[at] === "\n" || text[at] === "\r");
      continue;
    }
    break;
  }
  const code = text.charCodeAt(at);
  if (code === carriageReturn && at + 1 >= text.length && !last) return null;
  const end: LineEnd =
    at >= text.length ? "" : code === lineFeed ? "\n" : text.charCodeAt(at + 1) === lineFeed ? "\r\n" : "\r";
  return { cells, quoted, open, from, to: at + end.length, end, breaks };
}

/** How many lines end inside of a text. */
export function lineBreaks(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === lineFeed || (code === carriageReturn && text.charCodeAt(at + 1) !== lineFeed)) count++;
  }
  return count;
}

/** A record with the line on which it begins. */
export interface PlacedRecord extends TextRecord {
  readonly line: number;
}

/** The first records of a text; `closed` is false if a quote in the first of them is open or the text ended in it. */
export function firstRecords(
  text: string,
  delimiter: string,
  { most, whole, line = 1 }: { readonly most: number; readonly whole: boolean; readonly line?: number },
): { readonly records: readonly PlacedRecord[]; readonly closed: boolean } {
  const records: PlacedRecord[] = [];
  let at = 0;
  let now = line;
  while (at < text.length && records.length < most) {
    const found = recordAt(text, at, delimiter, whole);
    if (found === null || !("cells" in found)) break;
    records.push({ ...found, line: now });
    now += found.breaks + 1;
    at = found.to;
  }
  return { records, closed: records.length > 0 };
}
