// Where a table's cells come from: the DuckDB expression that scans a file, and its columns with their names.
import type { DuckDBConnection } from "@duckdb/node-api";
import { countDelimited, countJson, findRagged } from "./census.ts";
import { findDelimiter, firstRecords } from "./delimited.ts";
import { CliError, tableTexts } from "./errors.ts";
import { type Head, readHead } from "./head.ts";
import type { Budget } from "./memory.ts";
import { longestRecord } from "./recordCounter.ts";
import type { WatchedFile } from "./watchedFile.ts";

/** More columns than this are refused. */
export const mostColumns = 5000;

/** One column as SQL sees it. */
export interface Field {
  /** The name as the file has it. */
  readonly name: string;
  /** A quoted identifier, or an expression over one. */
  readonly sql: string;
  /** What the values are before they are looked at: text still has to be recognised. */
  readonly type: "text" | "number" | "boolean" | "date";
}

export interface Source {
  /** The path that the user gave, for messages. */
  readonly path: string;
  /** What follows FROM; $1 is the file. */
  readonly from: string;
  /** The value of $1. */
  readonly file: string;
  readonly fields: readonly Field[];
  readonly notes: readonly string[];
  /** How many rows the file has by a count of its own: every scan must give as many. */
  readonly rows: number;
  /** Whether texts may hold what DuckDB alone takes for numbers: 1_000 and +-1. */
  readonly oddNumbers: boolean;
  readonly budget: Budget;
  /** Looks at the file once more for what a scan may have stumbled over, and throws it with its line. */
  findMistake(): Promise<void>;
}

/** Finds a file's kind, its columns and its number of rows. `file` is its path as DuckDB takes it. */
export async function openSource(
  connection: DuckDBConnection,
  watched: WatchedFile,
  file: string,
  budget: Budget,
): Promise<Source> {
  const head = await readHead(watched);
  const place = { watched, path: watched.path, file, budget, connection };
  const source =
    head.format === "delimited"
      ? await delimitedSource(place, head)
      : head.format === "json"
        ? await jsonSource(place, head)
        : await parquetSource(place);
  if (source.fields.length === 0) throw new CliError(tableTexts.noColumns(source.path));
  return source;
}

interface Place {
  readonly watched: WatchedFile;
  readonly path: string;
  readonly file: string;
  readonly budget: Budget;
  readonly connection: DuckDBConnection;
}

async function delimitedSource({ watched, path, file, budget }: Place, head: Head): Promise<Source> {
  const delimiter = /\.(tsv|tab)(\.gz)?$/i.test(path) ? "\t" : findDelimiter(head.text);
  const { records, closed } = firstRecords(head.text, delimiter, 2);
  const header = records[0];
  if (header === undefined || !closed) throw new CliError(tableTexts.unclosedQuote(path, 1));
  refuseTooMany(path, header.length);
  if (records.length === 1 && !head.whole) throw new CliError(tableTexts.headerTooLong(path));
  const { names, notes } = checkedNames(
    path,
    header.map((name) => name.trim()),
  );
  const { rows, mixed, oddNumbers } = await countDelimited(watched, head.gzip, delimiter, names.length, budget);
  const columns = names.map((_, i) => `'c${i}': 'VARCHAR'`).join(", ");
  const options = [
    "auto_detect = false",
    "header = true",
    `delim = '${delimiter}'`,
    `quote = '"'`,
    `escape = '"'`,
    "hive_partitioning = false",
    `max_line_size = ${longestRecord}`,
    `compression = '${head.gzip ? "gzip" : "none"}'`,
    // Strict parsing knows one kind of line end only. Lenient parsing is sure of its lines in one thread only.
    `strict_mode = ${!mixed}`,
    `parallel = ${!mixed}`,
  ];
  return {
    path,
    file,
    from: `read_csv($1, ${options.join(", ")}, columns = {${columns}})`,
    fields: names.map((name, i) => ({ name, sql: `c${i}`, type: "text" })),
    notes,
    rows,
    oddNumbers,
    budget,
    findMistake: () => findRagged(watched, head.gzip, delimiter, names.length),
  };
}

async function jsonSource(place: Place, head: Head): Promise<Source> {
  const { path, watched, budget } = place;
  const counted = await countJson(watched, head.gzip, budget);
  const options = `hive_partitioning = false, compression = '${head.gzip ? "gzip" : "uncompressed"}'`;
  const from = `read_json($1, sample_size = -1, ${options})`;
  const described = await describe(place, from);
  const complaint = counted.complaint();
  if (complaint !== null) throw new CliError(tableTexts.malformedJson(path, complaint));
  if (!/^\s*(\[\s*)?\{/.test(head.text)) throw new CliError(tableTexts.jsonNotRecords(path));
  // DuckDB calls the key "" by the letter C and its place.
  const names = described.map(([name], i) => (counted.emptyKey && name === `C${i}` ? "" : name!));
  const checked = checkedNames(path, names);
  // In JSON a date is a text, which is looked at like that of any other text file.
  const types = described.map(([, type]) => (/^(DATE|TIME|UUID)/.test(type!) ? "VARCHAR" : type!));
  // Once the types are known DuckDB need not look for them again at every scan, but it finds a key by its own name only.
  const known = types.some(isFlat) && !names.includes("") && !renamed(names);
  const listed = names.flatMap((name, i) => (isFlat(types[i]!) ? [`${literal(name)}: ${literal(types[i]!)}`] : []));
  const scanned = known ? `read_json($1, columns = {${listed.join(", ")}}, ${options})` : from;
  return { ...typedSource(place, scanned, checked, types, known), rows: counted.records };
}

async function parquetSource(place: Place): Promise<Source> {
  // Its bytes are looked at for their checksum alone.
  for await (const _ of place.watched.blocks());
  const from = "read_parquet($1, hive_partitioning = false)";
  const types = (await describe(place, from)).map(([, type]) => type!);
  const names = parquetNames(await rowsOf(place, "SELECT name, coalesce(num_children, 0) FROM parquet_schema($1)"));
  const [footer] = await rowsOf(place, "SELECT num_rows FROM parquet_file_metadata($1)");
  return { ...typedSource(place, from, checkedNames(place.path, names), types, false), rows: Number(footer![0]) };
}

async function describe(place: Place, from: string): Promise<string[][]> {
  const described = await rowsOf(place, `DESCRIBE SELECT * FROM ${from}`);
  refuseTooMany(place.path, described.length);
  return described;
}

/** Columns that have types of their own, called by their places; `flatOnly` if `from` gives no others than flat ones. */
function typedSource(
  { path, file, budget }: Place,
  from: string,
  { names, notes }: ReturnType<typeof checkedNames>,
  types: readonly string[],
  flatOnly: boolean,
): Omit<Source, "rows"> {
  const flat = names.flatMap((_, i) => (isFlat(types[i]!) ? [i] : []));
  const given = flatOnly ? flat : names.map((_, i) => i);
  const nested = names.flatMap((name, i) =>
    isFlat(types[i]!)
      ? []
      : [`${name}: holds lists, objects or bytes and is left out (write its parts as columns of their own)`],
  );
  return {
    path,
    file,
    from: `${from} AS t(${given.map((i) => `c${i}`).join(", ")})`,
    fields: flat.map((i) => typedField(names[i]!, `c${i}`, types[i]!)),
    notes: [...notes, ...nested],
    oddNumbers: true,
    budget,
    findMistake: async () => {},
  };
}

/** DuckDB calls a JSON column of mixed types JSON. */
function isFlat(type: string): boolean {
  return /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\)|BOOLEAN|DATE|TIME.*|VARCHAR|ENUM.*|UUID|INTERVAL|JSON)$/.test(
    type,
  );
}

function typedField(name: string, sql: string, type: string): Field {
  if (type === "JSON") return { name, sql: `(${sql} ->> '$')`, type: "text" };
  if (type === "BOOLEAN") return { name, sql: `CAST(${sql} AS VARCHAR)`, type: "boolean" };
  if (/^(DATE|TIMESTAMP.*)$/.test(type)) return { name, sql, type: "date" };
  if (/INT(EGER)?$|^(FLOAT|DOUBLE|DECIMAL)/.test(type)) return { name, sql: `CAST(${sql} AS DOUBLE)`, type: "number" };
  return { name, sql: `CAST(${sql} AS VARCHAR)`, type: "text" };
}

/** A text as an SQL literal. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Whether DuckDB may have put a number behind a name because another differs from it in capitals only. */
function renamed(names: readonly string[]): boolean {
  const all = new Set(names.map((name) => name.toLowerCase()));
  return names.some((name) => all.has(name.replace(/_\d+$/, "").toLowerCase()) && /_\d+$/.test(name));
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

function refuseTooMany(path: string, columns: number): void {
  if (columns > mostColumns) throw new CliError(tableTexts.tooManyColumns(path, columns, mostColumns));
}

function checkedNames(path: string, given: readonly string[]): { names: string[]; notes: string[] } {
  const notes: string[] = [];
  const names = given.map((name, i) => {
    if (name !== "") return name;
    notes.push(`column ${i + 1} has no name and is called "column ${i + 1}"`);
    return `column ${i + 1}`;
  });
  const first = new Map<string, number>();
  names.forEach((name, i) => {
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
function plain(message: string): string {
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
  if (key !== undefined)
    return new CliError(
      tableTexts.malformedJson(path, `in ${where} the key "${key.slice(0, 60)}" twice in one object`),
    );
  const json = /Malformed JSON in file ".*", (.*?)(\. Try .*)?\.?\s*(\n|$)/.exec(message)?.[1];
  // DuckDB counts one line too many.
  const placed = json?.replace(/ in line (\d+):/, (_, line: string) => ` in line ${Number(line) - 1}:`);
  if (placed !== undefined) return new CliError(tableTexts.malformedJson(path, placed));
  return new CliError(tableTexts.unreadable(path, plain(message)));
}
