// What every kind of table file has in common on its way into DuckDB: its place, its names, and what may go wrong.
import type { DuckDBConnection } from "@duckdb/node-api";
import { CliError, detailTexts, tableTexts } from "../errors.ts";
import { fileNotes, type Note } from "../notes.ts";
import { type Field, isFlat, type OwnColumn, typedField } from "./field.ts";
import type { FileOptions } from "./fileOptions.ts";
import type { Budget } from "./memory.ts";
import type { WatchedFile } from "./watchedFile.ts";

/** More columns than this are refused. */
export const mostColumns = 5000;

export interface Source {
  /** The path that the user gave, for messages. */
  readonly path: string;
  /** What follows FROM; $1 is the file. */
  readonly from: string;
  /** The value of $1. */
  readonly file: string;
  readonly fields: readonly Field[];
  /** All columns, in their order. */
  readonly own: readonly OwnColumn[];
  /** Those of them that a prediction hands through; all if left out. */
  readonly kept?: readonly OwnColumn[];
  readonly notes: readonly Note[];
  /** How many rows the file has by a count of its own: every scan must give as many. */
  readonly rows: number;
  /** Whether texts may hold what DuckDB alone takes for numbers: 1_000 and +-1. */
  readonly oddNumbers: boolean;
  /** Whether texts may begin or end with blanks that stood in quotes. */
  readonly padded: boolean;
  /** What parts the values of a delimited text; null in other formats. */
  readonly delimiter: string | null;
  readonly budget: Budget;
  /** Looks at the file once more for what a scan may have stumbled over, and throws it with its line. */
  findMistake(): Promise<void>;
  /** @throws CliError if the file is not what it was when it was opened */
  verify(): Promise<void>;
}

/** How a source is opened. */
export interface SourceOptions {
  /** The columns that are asked for, all if left out; nothing is refused because of another one. */
  readonly only?: readonly string[] | undefined;
  /** What the caller knows of the file. */
  readonly options: FileOptions;
  /** Takes a file that was made of the one at hand and has to be closed. */
  readonly keep: (made: WatchedFile) => void;
}

/** A file that is being opened. */
export interface Place extends SourceOptions {
  readonly watched: WatchedFile;
  readonly path: string;
  readonly file: string;
  readonly budget: Budget;
  readonly connection: DuckDBConnection;
}

/** A file that was made of the one at hand, in its place. */
export function madePlace(place: Place, made: WatchedFile): Place {
  place.keep(made);
  return { ...place, watched: made, file: made.place.replace(/[*?[]/g, "[$&]") };
}

/** Whether a column with this name is asked for. */
export function isAsked({ only }: Pick<Place, "only">, name: string): boolean {
  return only === undefined || only.includes(name);
}

export async function describe(place: Place, from: string): Promise<string[][]> {
  const described = await rowsOf(place, `DESCRIBE SELECT * FROM ${from}`);
  refuseTooMany(place, described.length);
  return described;
}

/** Columns that have types of their own, called by their places; `raw` are those which `from` gives as JSON. */
export function typedSource(
  place: Place,
  from: string,
  original: readonly string[],
  types: readonly string[],
  raw: readonly boolean[],
): Omit<Source, "rows"> {
  const { path, file, budget, watched } = place;
  const { names, notes } = namesOf(place, original);
  const own = original.map(
    (name, i): OwnColumn => ({ name, called: names[i]!, sql: `c${i}`, type: types[i]!, json: raw[i]! }),
  );
  const nested = own.filter(({ type }) => !isFlat(type)).map(({ called }) => fileNotes.nestedColumn(called));
  return {
    path,
    file,
    from: `${from} AS t(${own.map(({ sql }) => sql).join(", ")})`,
    fields: own.filter(({ called, type }) => isFlat(type) && isAsked(place, called)).map(typedField),
    own,
    notes: [...notes, ...nested],
    oddNumbers: true,
    padded: false,
    delimiter: null,
    budget,
    findMistake: async () => {},
    verify: () => watched.verify(),
  };
}

export function refuseTooMany({ path, only }: Place, columns: number): void {
  if (only === undefined && columns > mostColumns)
    throw new CliError(tableTexts.tooManyColumns(path, columns, mostColumns));
}

/** Names that differ; a column without one is called by its place. */
export function namesOf(place: Place, given: readonly string[]): { names: readonly string[]; notes: readonly Note[] } {
  const { path } = place;
  const names = given.map((name, i) => (name === "" ? `column ${i + 1}` : name));
  const notes = given.flatMap((name, i) => (name === "" ? [fileNotes.unnamedColumn(i + 1)] : []));
  const first = new Map<string, number>();
  names.forEach((name, i) => {
    if (!isAsked(place, name)) return;
    if (name.includes("\0")) throw new CliError(tableTexts.nulInName(path, name));
    const before = first.get(name);
    if (before !== undefined) throw new CliError(tableTexts.duplicateColumn(path, name, before + 1, i + 1));
    first.set(name, i);
  });
  return { names, notes };
}

export async function rowsOf(place: Place, sql: string): Promise<string[][]> {
  try {
    const reader = await place.connection.runAndReadAll(sql, [place.file]);
    return reader.getRows().map((row) => row.map(String));
  } catch (error) {
    throw readingError(place, error);
  }
}

/** The first line of a message of DuckDB without its class and the file's path, which the text names already. */
function shorten(message: string): string {
  const line = message.split("\n")[0]!.replace(/^([A-Z]\w* )+Error: /, "");
  return line
    .replace(/\s*(in )?file '[^']*'/i, "")
    .trim()
    .slice(0, 160);
}

/** Turns DuckDB's message into one that says what to do. */
export function readingError({ path, budget }: { path: string; budget: Budget }, error: unknown): Error {
  if (error instanceof CliError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/^Out of Memory Error|failed to allocate/i.test(message)) return budget.engineFull();
  const line = Number(/CSV Error on Line: (\d+)/.exec(message)?.[1] ?? 1);
  const counts = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message);
  if (counts)
    return new CliError(tableTexts.raggedRow(path, { row: line, line }, Number(counts[2]), Number(counts[1])));
  if (/unterminated quote/.test(message)) return new CliError(tableTexts.unclosedQuote(path, line));
  if (/Maximum line size/i.test(message)) return new CliError(tableTexts.lineTooLong(path, line));
  if (/not utf-8|invalid unicode/i.test(message)) return new CliError(tableTexts.notUtf8(path, line));
  const [, where, key] = / in (\S+ \d+): Object .* has duplicate key "(.*)"/s.exec(message) ?? [];
  if (key !== undefined) return new CliError(tableTexts.malformedJson(path, detailTexts.keyTwice(where!, key)));
  const json = /Malformed JSON in file ".*", (.*?)(\. Try .*)?\.?\s*(\n|$)/.exec(message)?.[1];
  // DuckDB counts one line too many.
  const placed = json?.replace(/ in line (\d+):/, (_, line: string) => ` in line ${Number(line) - 1}:`);
  if (placed !== undefined) return new CliError(tableTexts.malformedJson(path, placed));
  return new CliError(tableTexts.unreadable(path, shorten(message)));
}
