// Where a table's cells come from: the DuckDB expression that scans a file, and its columns with their names.
import type { DuckDBConnection } from "@duckdb/node-api";
import { CliError, detailTexts, tableTexts } from "../errors.ts";
import { fileNotes, type Note } from "../notes.ts";
import { countDelimited, countJson, findRagged } from "./census.ts";
import { findDelimiter, firstRecords } from "./delimited.ts";
import { type Field, isFlat, type OwnColumn, typedField, withoutTimes } from "./field.ts";
import { type Head, readHead } from "./head.ts";
import type { Budget } from "./memory.ts";
import { longestRecord } from "./recordCounter.ts";
import { literal } from "./sql.ts";
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
  readonly notes: readonly Note[];
  /** How many rows the file has by a count of its own: every scan must give as many. */
  readonly rows: number;
  /** Whether texts may hold what DuckDB alone takes for numbers: 1_000 and +-1. */
  readonly oddNumbers: boolean;
  /** What parts the values of a delimited text; null in other formats. */
  readonly delimiter: string | null;
  readonly budget: Budget;
  /** Looks at the file once more for what a scan may have stumbled over, and throws it with its line. */
  findMistake(): Promise<void>;
  /** @throws CliError if the file is not what it was when it was opened */
  verify(): Promise<void>;
}

/**
 * Finds a file's kind, its columns and its number of rows. `file` is its path as DuckDB takes it.
 * @param only the columns that are asked for, all if left out; nothing is refused because of another one
 */
export async function openSource(
  connection: DuckDBConnection,
  watched: WatchedFile,
  file: string,
  budget: Budget,
  only?: readonly string[],
): Promise<Source> {
  const head = await readHead(watched);
  const place = { watched, path: watched.path, file, budget, connection, only };
  const source =
    head.format === "delimited"
      ? await delimitedSource(place, head)
      : head.format === "json"
        ? await jsonSource(place, head)
        : await parquetSource(place);
  if (source.fields.length === 0 && (only === undefined || source.own.length === 0))
    throw new CliError(tableTexts.noColumns(source.path));
  return source;
}

interface Place {
  readonly watched: WatchedFile;
  readonly path: string;
  readonly file: string;
  readonly budget: Budget;
  readonly connection: DuckDBConnection;
  readonly only: readonly string[] | undefined;
}

/** Whether a column with this name is asked for. */
function isAsked({ only }: Pick<Place, "only">, name: string): boolean {
  return only === undefined || only.includes(name);
}

async function delimitedSource(place: Place, head: Head): Promise<Source> {
  const { watched, path, file, budget } = place;
  const delimiter = /\.(tsv|tab)(\.gz)?$/i.test(path) ? "\t" : findDelimiter(head.text);
  const { records, closed } = firstRecords(head.text, delimiter, 2);
  const header = records[0];
  if (header === undefined || !closed) throw new CliError(tableTexts.unclosedQuote(path, 1));
  refuseTooMany(place, header.length);
  if (records.length === 1 && !head.whole) throw new CliError(tableTexts.headerTooLong(path));
  const { names, notes } = namesOf(
    place,
    header.map((name) => name.trim()),
  );
  const form = { gzip: head.gzip, delimiter, columns: names.length };
  const { rows, mixed, oddNumbers } = await countDelimited(watched, form, budget);
  const columns = names.map((_, i) => `${literal(`c${i}`)}: ${literal("VARCHAR")}`).join(", ");
  const options = [
    "auto_detect = false",
    "header = true",
    `delim = ${literal(delimiter)}`,
    `quote = ${literal('"')}`,
    `escape = ${literal('"')}`,
    // An empty cell is no value, "" an empty text: both are missing, but a copy of the file keeps them apart.
    "allow_quoted_nulls = false",
    "hive_partitioning = false",
    `max_line_size = ${longestRecord}`,
    `compression = ${literal(head.gzip ? "gzip" : "none")}`,
    // Strict parsing knows one kind of line end only. Lenient parsing is sure of its lines in one thread only.
    `strict_mode = ${!mixed}`,
    `parallel = ${!mixed}`,
  ];
  return {
    path,
    file,
    from: `read_csv($1, ${options.join(", ")}, columns = {${columns}})`,
    fields: names
      .map((name, i): Field => ({ name, sql: `c${i}`, type: "text", exact: `c${i}`, wide: true, typed: false }))
      .filter(({ name }) => isAsked(place, name)),
    own: header.map((name, i) => ({ name, called: names[i]!, sql: `c${i}`, type: "VARCHAR", json: false })),
    notes,
    rows,
    oddNumbers,
    delimiter,
    budget,
    findMistake: () => findRagged(watched, form),
    verify: () => watched.verify(),
  };
}

async function jsonSource(place: Place, head: Head): Promise<Source> {
  const { path, watched, budget } = place;
  const counted = await countJson(watched, head.gzip, budget);
  const options = `hive_partitioning = false, compression = ${literal(head.gzip ? "gzip" : "uncompressed")}`;
  const from = `read_json($1, sample_size = -1, ${options})`;
  const described = await describe(place, from);
  const complaint = counted.complaint();
  if (complaint !== null) throw new CliError(tableTexts.malformedJson(path, complaint));
  if (!/^\s*(\[\s*)?\{/.test(head.text)) throw new CliError(tableTexts.jsonNotRecords(path));
  // DuckDB calls the key "" by the letter C and its place.
  const given = described.map(([name], i) => (counted.emptyKey && name === `C${i}` ? "" : name!));
  const names = mayBeRenamed(given) ? await keysOf(place, options, given) : given;
  const types = described.map(([, type]) => withoutTimes(type!));
  // Once the types are known DuckDB need not look for them again at each scan, but it finds a key by its own name only.
  const known = !given.includes("") && !mayBeRenamed(given);
  // As JSON a fraction or a nested value keeps how it is written.
  const raw = types.map((type) => !known || !/^(VARCHAR|BOOLEAN|U?(BIG|HUGE)INT)$/.test(type));
  const listed = names.map((name, i) => `${literal(name)}: ${literal(raw[i] ? "JSON" : types[i]!)}`);
  const scanned = known
    ? `read_json($1, columns = {${listed.join(", ")}}, ${options})`
    : `read_json($1, sample_size = -1, maximum_depth = 1, ${options})`;
  return { ...typedSource(place, scanned, names, types, raw), rows: counted.records };
}

async function parquetSource(place: Place): Promise<Source> {
  // Its bytes are looked at for their checksum alone.
  for await (const _ of place.watched.blocks());
  const from = "read_parquet($1, hive_partitioning = false)";
  const types = (await describe(place, from)).map(([, type]) => type!);
  const names = parquetNames(await rowsOf(place, "SELECT name, coalesce(num_children, 0) FROM parquet_schema($1)"));
  const [footer] = await rowsOf(place, "SELECT num_rows FROM parquet_file_metadata($1)");
  const raw = types.map(() => false);
  return { ...typedSource(place, from, names, types, raw), rows: Number(footer![0]) };
}

async function describe(place: Place, from: string): Promise<string[][]> {
  const described = await rowsOf(place, `DESCRIBE SELECT * FROM ${from}`);
  refuseTooMany(place, described.length);
  return described;
}

/** Columns that have types of their own, called by their places; `raw` are those which `from` gives as JSON. */
function typedSource(
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
    delimiter: null,
    budget,
    findMistake: async () => {},
    verify: () => watched.verify(),
  };
}

/** Whether DuckDB may have put a number behind a name because another differs from it in capitals only. */
function mayBeRenamed(names: readonly string[]): boolean {
  const all = new Set(names.map((name) => name.toLowerCase()));
  return names.some((name) => all.has(name.replace(/_\d+$/, "").toLowerCase()) && /_\d+$/.test(name));
}

/** The keys of JSON behind the names that DuckDB gives them: `a` and `A` become `a` and `A_1`. */
async function keysOf(place: Place, options: string, given: readonly string[]): Promise<string[]> {
  const keys = `SELECT DISTINCT unnest(json_keys(json)) FROM read_json_objects($1, ${options})`;
  const left = new Set((await rowsOf(place, keys)).map(([key]) => key!));
  for (const name of given) left.delete(name);
  return given.map((name) => {
    const key = /^(.*)_\d+$/s.exec(name)?.[1];
    return key !== undefined && left.delete(key) ? key : name;
  });
}

/** The names of a Parquet file's top-level columns, which DuckDB would make different where only capitals differ. */
function parquetNames(schema: readonly string[][]): string[] {
  const names: string[] = [];
  // The root comes first; below a column come as many as it has children, and theirs.
  let inside = 0;
  for (const [name, children] of schema.slice(1)) {
    if (inside === 0) names.push(name!);
    else inside--;
    inside += Number(children);
  }
  return names;
}

function refuseTooMany({ path, only }: Place, columns: number): void {
  if (only === undefined && columns > mostColumns)
    throw new CliError(tableTexts.tooManyColumns(path, columns, mostColumns));
}

/** Names that differ; a column without one is called by its place. */
function namesOf(place: Place, given: readonly string[]): { names: readonly string[]; notes: readonly Note[] } {
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

async function rowsOf(place: Place, sql: string): Promise<string[][]> {
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
  if (counts) return new CliError(tableTexts.raggedRow(path, line, Number(counts[2]), Number(counts[1])));
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
