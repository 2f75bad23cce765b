// How a delimited text is laid out: what stands above the names, what parts values, and whether there are names.
import { CliError, tableTexts } from "../errors.ts";
import { fileNotes, type Note } from "../notes.ts";
import type { FileOptions } from "./fileOptions.ts";
import type { Head } from "./head.ts";
import { firstRecords, type PlacedRecord } from "./records.ts";
import { looksLikeNames, looksLikeValues } from "./valueLike.ts";

/** The delimiters that are tried first; a quote is always ", written twice inside a quoted value. */
const usual = [",", "\t", ";", "|"] as const;
/** Those that are tried where none of these parts anything. */
const odd = ["\x01", "^", "~", ":", " "] as const;
const words: Readonly<Record<string, string>> = { " ": "blanks", "\x01": "the control character 1 (Hive)" };

/** So many records are looked at. */
const looked = 60;
/** More lines than this are not taken for titles. */
const mostTitles = 30;

export interface Layout {
  /** One letter; " " means runs of blanks. */
  readonly delimiter: string;
  /** The cells that name the columns, as they stand in the file; null where no line does. */
  readonly header: readonly string[] | null;
  readonly columns: number;
  /** Whether the first value of each row has no name, as R writes the names of rows. */
  readonly rowNames: boolean;
  /** Where in the text the names begin, or the rows where there are no names. */
  readonly at: number;
  readonly line: number;
  /** The lines above, without their ends. */
  readonly above: readonly string[];
  /** Whether lines that begin with # may stand between the rows. */
  readonly comments: boolean;
  readonly notes: readonly Note[];
}

/** What is known before the records are looked at. */
interface Start {
  readonly at: number;
  readonly line: number;
  readonly delimiter: string | undefined;
  /** The last line above that begins with #, which may hold the names. */
  readonly comment: { readonly at: number; readonly line: number } | null;
}

/**
 * Finds the layout of a text by its head.
 *
 * @param asked the names that somebody will look for: a line that has one of them is the line of names
 */
export function findLayout(
  { path, head }: { readonly path: string; readonly head: Head },
  options: FileOptions,
  asked: readonly string[] | undefined,
): Layout {
  const { text, whole } = head;
  const start = startOf(path, text, options);
  const rest = text.slice(start.at);
  const given = start.delimiter ?? (/\.(tsv|tab)(\.gz)?$/i.test(path) ? "\t" : undefined);
  const free = options.header === undefined && options.skip === undefined;
  let found =
    given === undefined ? delimited(rest, whole, free) : withTitles(recordsBy(rest, given, whole), given, free);
  let origin = start;
  if (start.comment !== null && options.header !== false) {
    // # may begin the line of names itself.
    const line = text.slice(start.comment.at);
    const [names, first] = firstRecords(line, found.delimiter, { most: 2, whole }).records;
    const same = names !== undefined && names.cells.length === found.columns && found.columns > 1 && found.skip === 0;
    if (
      same &&
      (/^#\S/.test(line) || looksLikeValues(first!.cells, recordsBy(rest, found.delimiter, whole).slice(1)))
    ) {
      origin = { ...start, ...start.comment };
      found = { ...found, records: [names, ...found.records] };
    }
  }
  const [top] = found.records;
  if (top === undefined) throw new CliError(tableTexts.unclosedQuote(path, origin.line));
  const first = found.records[found.skip]!;
  const at = origin.at + first.from;
  const line = origin.line + first.line - 1;
  const above = text
    .slice(0, at)
    .split(/\r\n|\r|\n/)
    .slice(0, line - 1);
  const hasNames = options.header !== false;
  const rows = found.records.slice(found.skip + 1).filter(({ cells }) => cells.length === found.columns);
  const isAsked = asked?.some((name) => first.cells.some((cell) => cell.trim() === name)) === true;
  const odder = given === undefined && !usual.some((each) => each === found.delimiter);
  const valued = hasNames && options.header === undefined && !isAsked && looksLikeValues(first.cells, rows);
  return {
    delimiter: found.delimiter,
    header: hasNames ? first.cells : null,
    columns: hasNames && !found.rowNames ? first.cells.length : found.columns,
    rowNames: hasNames && found.rowNames,
    at,
    line,
    above,
    comments: above.some((each) => each.startsWith("#")),
    notes: [
      ...(odder ? [fileNotes.delimiterFound(words[found.delimiter] ?? JSON.stringify(found.delimiter))] : []),
      ...(above.length === 0
        ? []
        : [
            fileNotes.skippedLines(
              above.map((_, k) => k + 1),
              exampleOf(above),
            ),
          ]),
      ...(hasNames ? [] : [fileNotes.noHeader(found.columns)]),
      ...(hasNames && found.rowNames ? [fileNotes.rowNames(rowNamesName(first.cells))] : []),
      ...(valued ? [fileNotes.valuesAsNames(first.cells.find((cell) => cell.trim() !== "")!.trim())] : []),
    ],
  };
}

/** What the column of R's names of rows is called. */
export function rowNamesName(header: readonly string[]): string {
  let name = "row names";
  while (header.some((each) => each.trim() === name)) name += " of R";
  return name;
}

function exampleOf(lines: readonly string[]): string {
  if (/^"?sep=/i.test(lines[0] ?? "")) return lines[0]!.trim();
  return (
    lines
      .find((line) => /[^\s,;|]/.test(line))
      ?.replace(/[,;|\t]+$/, "")
      .trim() ?? ""
  );
}

/** The delimiter of a text whose first line holds names. */
export const findDelimiter = (text: string): string => delimited(text, true, false).delimiter;

/** Passes what is asked to be skipped, or else blank lines, Excel's `sep=;` and lines that begin with #. */
function startOf(path: string, text: string, { skip, delimiter }: FileOptions): Start {
  const ends = /\r\n|\r|\n|$/g;
  const lineEnd = (from: number) => {
    ends.lastIndex = from;
    const end = ends.exec(text)!;
    return { line: text.slice(from, end.index), next: end.index + end[0].length };
  };
  let at = 0;
  let line = 1;
  if (skip !== undefined) {
    for (; line <= skip; line++) {
      at = lineEnd(at).next;
      if (at >= text.length) throw new CliError(tableTexts.skippedAll(path, skip, line));
    }
    return { at, line, delimiter, comment: null };
  }
  let separator = delimiter;
  let comment: Start["comment"] = null;
  while (at < text.length) {
    const { line: words, next } = lineEnd(at);
    const sep = line === 1 ? /^"?sep=(.)"?\1*$/iu.exec(words)?.[1] : undefined;
    if (words.startsWith("#")) comment = { at, line };
    else if (sep !== undefined) separator ??= sep;
    else if (!/^[\s,;|]*$/.test(words)) break;
    if (next >= text.length) break; // the last line is not skipped: something must hold the names
    at = next;
    line++;
  }
  return { at, line, delimiter: separator, comment: comment !== null && comment.line === line - 1 ? comment : null };
}

/** Records by a delimiter, how many values most of them have, and how many of them stand above the names. */
interface Records {
  readonly delimiter: string;
  readonly records: readonly PlacedRecord[];
  readonly columns: number;
  readonly skip: number;
  readonly rowNames: boolean;
}

function recordsBy(text: string, delimiter: string, whole: boolean): readonly PlacedRecord[] {
  return firstRecords(text, delimiter, { most: looked, whole }).records;
}

const isBlankLine = ({ cells, quoted }: PlacedRecord) =>
  cells.length <= 1 && (cells[0] ?? "").trim() === "" && !quoted[0];

/**
 * The delimiter that cuts most of the first records into as many fields as the first line; of equals the most. Where
 * the first line is not like the others, it may be a title.
 */
function delimited(text: string, whole: boolean, free: boolean): Records {
  let best: Records = { delimiter: ",", records: recordsBy(text, ",", whole), columns: 1, skip: 0, rowNames: false };
  best = { ...best, columns: best.records[0]?.cells.length ?? 1 };
  let bestScore = 0;
  for (const delimiter of usual) {
    const records = recordsBy(text, delimiter, whole);
    const fields = records[0]?.cells.length ?? 1;
    if (fields < 2) continue;
    const rows = records.filter((record) => !isBlankLine(record));
    const agreeing = rows.filter(({ cells }) => cells.length === fields).length / rows.length;
    const score = agreeing + fields * 1e-7;
    if (score > bestScore) {
      best = { delimiter, records, columns: fields, skip: 0, rowNames: false };
      bestScore = score;
    }
  }
  if (!free) return bestScore > 0 ? best : (oddDelimiter(text, whole) ?? best);
  if (bestScore >= 0.5) return withTitles(best.records, best.delimiter, true);
  let titled: Records | null = null;
  let most = 0;
  for (const delimiter of usual) {
    const found = withTitles(recordsBy(text, delimiter, whole), delimiter, true);
    if (found.skip === 0 && !found.rowNames) continue;
    const below = found.records.slice(found.skip + 1).filter((record) => !isBlankLine(record));
    const share = below.filter(({ cells }) => cells.length === found.columns).length / below.length;
    const score = share + found.columns * 1e-7;
    if (share >= 0.8 && score > most) {
      titled = found;
      most = score;
    }
  }
  return titled ?? (bestScore > 0 ? best : (oddDelimiter(text, whole) ?? best));
}

/** A delimiter that is seldom meant: it must part every line alike. */
function oddDelimiter(text: string, whole: boolean): Records | null {
  for (const delimiter of odd) {
    const records = recordsBy(text, delimiter, whole);
    const rows = records.filter((record) => !isBlankLine(record));
    const columns = rows[1]?.cells.length ?? 0;
    if (columns < 2 || !rows.slice(1).every(({ cells }) => cells.length === columns)) continue;
    if (rows[0]!.cells.length === columns) return { delimiter, records, columns, skip: 0, rowNames: false };
    const found = withTitles(records, delimiter, true);
    if (found.rowNames) return found;
  }
  return null;
}

/** Looks for titles above the names, and for R's names of rows; `free`: nobody has said where the names stand. */
function withTitles(records: readonly PlacedRecord[], delimiter: string, free: boolean): Records {
  const columns = usualCount(records.slice(1)) ?? records[0]?.cells.length ?? 1;
  const own = records[0]?.cells.length ?? 1;
  const plain = { delimiter, records, columns: own, skip: 0, rowNames: false };
  const filled = (record: PlacedRecord) => record.cells.filter((cell) => cell.trim() !== "").length;
  const titles = records.findIndex(({ cells }) => cells.length === columns);
  const rowsFrom = (from: number) => records.slice(from).filter(({ cells }) => cells.length === columns);
  if (columns < 2) return plain;
  if (isRowNames(records, columns)) return { ...plain, columns, rowNames: true };
  if (!free) return plain;
  if (own !== columns) {
    if (titles <= 0 || titles > mostTitles || rowsFrom(titles).length < 3) return plain;
    const last = titles - 1;
    if (isRowNames(records.slice(last), columns)) return { ...plain, columns, skip: last, rowNames: true };
    return { ...plain, columns, skip: skipUnfilled(records, titles, columns) };
  }
  // As many delimiters as the rows have, but a title only.
  if (filled(records[0]!) > 1) return plain;
  const skip = skipUnfilled(records, 0, columns);
  if (skip === 0) return plain;
  const [names, ...rows] = rowsFrom(skip);
  return columns > 2 || looksLikeNames(names!.cells, rows) ? { ...plain, columns, skip } : plain;
}

/** The first record from one on that could hold names: most of its cells are filled and all differ. */
function skipUnfilled(records: readonly PlacedRecord[], from: number, columns: number): number {
  for (let k = from; k < Math.min(records.length - 1, mostTitles); k++) {
    const { cells } = records[k]!;
    const filled = cells.map((cell) => cell.trim()).filter((cell) => cell !== "");
    if (cells.length === columns && filled.length >= columns - 1 && filled.length > 1) {
      return new Set(filled).size === filled.length ? k : from;
    }
  }
  return from;
}

/** Whether the first record names all but the first value of the others, whose first values all differ. */
function isRowNames([names, ...rows]: readonly PlacedRecord[], columns: number): boolean {
  if (names === undefined || names.cells.length !== columns - 1 || columns < 3) return false;
  const like = rows.filter(({ cells }) => cells.length === columns);
  const first = like.map(({ cells }) => cells[0]!.trim());
  return (
    like.length >= 2 &&
    like.length >= 0.9 * rows.length &&
    names.cells.every((name) => name.trim() !== "") &&
    like.some(({ open }) => !open) &&
    first.every((cell) => cell !== "") &&
    new Set(first).size === first.length &&
    !looksLikeNames(like[0]!.cells, like.slice(1))
  );
}

/** The number of values that most records have, if most of them have more than one. */
function usualCount(records: readonly PlacedRecord[]): number | null {
  const counts = new Map<number, number>();
  for (const record of records) {
    if (!isBlankLine(record)) counts.set(record.cells.length, (counts.get(record.cells.length) ?? 0) + 1);
  }
  const [best] = [...counts].sort(([a, x], [b, y]) => y - x || b - a);
  return best === undefined || best[0] < 2 ? null : best[0];
}
