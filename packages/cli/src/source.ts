// Where a table's cells come from: the DuckDB expression that scans a file, and its columns with their names.
import { resolve } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { findDelimiter, firstRecords } from "./delimited.ts";
import { CliError, tableTexts } from "./errors.ts";
import { type Head, readHead } from "./head.ts";

/** More columns than this are refused. */
export const mostColumns = 5000;

/** One column as SQL sees it. */
export interface Field {
  /** The name as the file has it. */
  readonly name: string;
  /** A quoted identifier, or an expression over one. */
  readonly sql: string;
  /** What the values are before they are looked at: text still has to be recognised. */
  readonly type: "text" | "number" | "boolean" | "date" | "exact";
  /** The text of a value, exact in every digit. */
  readonly exact: string;
  /** Whether a number can have more digits than a float64 keeps. */
  readonly wide: boolean;
}

/** One column of the file as it is, whether or not it can be learnt from. */
export interface OwnColumn {
  /** The name as the file has it, blanks included; in a delimited text names may repeat or be empty. */
  readonly name: string;
  /** The name that stands for it in messages and as a `Field`. */
  readonly called: string;
  readonly sql: string;
  /** The type that DuckDB sees in the values. */
  readonly type: string;
  /** Whether `sql` gives JSON, of which the values are that type. */
  readonly json: boolean;
}

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
  readonly notes: readonly string[];
}

/** A name as an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * Finds a file's kind and its columns.
 * @param only the columns that are asked for, all if left out; nothing is refused because of another one
 */
export async function openSource(
  connection: DuckDBConnection,
  path: string,
  only?: readonly string[],
): Promise<Source> {
  const head = await readHead(path);
  const file = globEscaped(resolve(path));
  const source =
    head.format === "delimited"
      ? delimitedSource(path, file, head, only)
      : await typedSource(connection, path, file, head, only);
  if (source.fields.length === 0 && (only === undefined || source.own.length === 0))
    throw new CliError(tableTexts.noColumns(path));
  return source;
}

/** DuckDB reads * and ? in a path as patterns; a bracket makes them plain. */
function globEscaped(path: string): string {
  return /[*?]/.test(path) ? path.replace(/[*?[]/g, (letter) => `[${letter}]`) : path;
}

function delimitedSource(path: string, file: string, head: Head, only?: readonly string[]): Source {
  const delimiter = /\.(tsv|tab)(\.gz)?$/i.test(path) ? "\t" : findDelimiter(head.text);
  const { records, closed } = firstRecords(head.text, delimiter, 2);
  const header = records[0];
  if (header === undefined || !closed) throw new CliError(tableTexts.unclosedQuote(path, 1));
  if (only === undefined) refuseTooMany(path, header.length);
  if (records.length === 1 && !head.whole) throw new CliError(tableTexts.headerTooLong(path));
  const { names, notes } = checkedNames(
    path,
    header.map((name) => name.trim()),
    only,
  );
  const columns = names.map((_, i) => `'c${i}': 'VARCHAR'`).join(", ");
  const options = [
    "auto_detect = false",
    "header = true",
    `delim = '${delimiter}'`,
    `quote = '"'`,
    `escape = '"'`,
    // An empty cell is no value, "" an empty text: both are missing, but a copy of the file keeps them apart.
    "allow_quoted_nulls = false",
    "hive_partitioning = false",
    `compression = '${head.gzip ? "gzip" : "none"}'`,
    // Strict parsing knows one kind of line end only.
    `strict_mode = ${!mixedLineEnds(head.text)}`,
  ];
  return {
    path,
    file,
    from: `read_csv($1, ${options.join(", ")}, columns = {${columns}})`,
    fields: chosen(
      names.map((name, i) => ({ name, sql: `c${i}`, type: "text", exact: `c${i}`, wide: true })),
      only,
    ),
    own: header.map((name, i) => ({ name, called: names[i]!, sql: `c${i}`, type: "VARCHAR", json: false })),
    notes,
  };
}

function chosen(fields: readonly Field[], only?: readonly string[]): readonly Field[] {
  return only === undefined ? fields : fields.filter(({ name }) => only.includes(name));
}

function mixedLineEnds(text: string): boolean {
  return /\r\n/.test(text) && /(^|[^\r])\n/.test(text);
}

async function typedSource(
  connection: DuckDBConnection,
  path: string,
  file: string,
  head: Head,
  only?: readonly string[],
): Promise<Source> {
  const json = head.format === "json";
  const options = `hive_partitioning = false, compression = '${head.gzip ? "gzip" : "uncompressed"}'`;
  const from = json ? `read_json($1, sample_size = -1, ${options})` : "read_parquet($1, hive_partitioning = false)";
  const described = await rowsOf(connection, path, `DESCRIBE SELECT * FROM ${from}`, file);
  if (only === undefined) refuseTooMany(path, described.length);
  const original = json ? described.map(([name]) => name!) : await parquetNames(connection, path, file);
  if (json && !/^\s*(\[\s*)?\{/.test(head.text)) throw new CliError(tableTexts.jsonNotRecords(path));
  const { names, notes } = checkedNames(path, original, only);
  // Once the types are known DuckDB need not look for them again at every scan, but it finds a key by its own name only.
  const known = json && !renamed(described.map(([column]) => column!));
  const fields: Field[] = [];
  const left: string[] = [];
  const own = described.map(([column, found], i): OwnColumn => {
    const name = names[i]!;
    const sql = identifier(column!);
    const type = json ? withoutTimes(found!) : found!;
    // DuckDB calls a JSON column of mixed types JSON. As JSON a fraction or a nested value keeps how it is written.
    const raw = type === "JSON" || (json && !(known && /^(VARCHAR|BOOLEAN|U?(BIG|HUGE)INT)$/.test(type)));
    const exact = raw ? `(${sql} ->> '$')` : `CAST(${sql} AS VARCHAR)`;
    if (type === "JSON") fields.push({ name, sql: exact, type: "text", exact, wide: true });
    else if (/^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\))$/.test(type)) {
      const float = !raw && /^(FLOAT|DOUBLE)$/.test(type);
      const digits = float ? `regexp_replace(${exact}, '\\.0$', '')` : exact;
      fields.push({
        name,
        sql: `CAST(${raw ? exact : sql} AS DOUBLE)`,
        type: "number",
        exact: digits,
        wide: raw || /HUGE|BIG|DECIMAL/.test(type),
      });
    } else if (type === "BOOLEAN") fields.push({ name, sql: exact, type: "boolean", exact, wide: false });
    else if (/^(DATE|TIMESTAMP.*)$/.test(type)) fields.push({ name, sql, type: "date", exact, wide: false });
    else if (/^(VARCHAR|ENUM.*|UUID|TIME.*|INTERVAL)$/.test(type)) {
      fields.push({ name, sql: exact, type: "text", exact, wide: true });
    } else left.push(name);
    return { name: original[i]!, called: name, sql, type, json: json && raw };
  });
  const nested = left.map(
    (name) => `${name}: holds lists, objects or bytes and is left out (write its parts as columns of their own)`,
  );
  const types = own.map(({ type, json }, i) => `${literal(described[i]![0]!)}: ${literal(json ? "JSON" : type)}`);
  const scanned = known
    ? `read_json($1, columns = {${types.join(", ")}}, ${options})`
    : from.replace("sample_size", "maximum_depth = 1, sample_size");
  return { path, file, from: scanned, fields: chosen(fields, only), own, notes: [...notes, ...nested] };
}

/** A type of JSON values: a text that looks like a date or a name is a text, also inside lists and objects. */
function withoutTimes(type: string): string {
  return type.replace(/"(?:[^"]|"")*"|\b(?:DATE|TIMESTAMP(?:_\w+)?(?: WITH TIME ZONE)?|TIME|UUID)\b/g, (word) =>
    word.startsWith('"') ? word : "VARCHAR",
  );
}

/** A text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Whether DuckDB may have put a number behind a name because another differs from it in capitals only. */
function renamed(names: readonly string[]): boolean {
  const all = new Set(names.map((name) => name.toLowerCase()));
  return names.some((name) => all.has(name.replace(/_\d+$/, "").toLowerCase()) && /_\d+$/.test(name));
}

/** The names of a Parquet file's top-level columns, which DuckDB would make different where only capitals differ. */
async function parquetNames(connection: DuckDBConnection, path: string, file: string): Promise<string[]> {
  const rows = await rowsOf(connection, path, "SELECT name, coalesce(num_children, 0) FROM parquet_schema($1)", file);
  const names: string[] = [];
  let at = 1;
  const skip = (): void => {
    for (let children = Number(rows[at++]?.[1] ?? 0); children > 0; children--) skip();
  };
  while (at < rows.length) {
    names.push(rows[at]![0]!);
    skip();
  }
  return names;
}

function refuseTooMany(path: string, columns: number): void {
  if (columns > mostColumns) throw new CliError(tableTexts.tooManyColumns(path, columns, mostColumns));
}

function checkedNames(
  path: string,
  given: readonly string[],
  only?: readonly string[],
): { names: string[]; notes: string[] } {
  const notes: string[] = [];
  const names = given.map((name, i) => {
    if (name !== "") return name;
    notes.push(`column ${i + 1} has no name and is called "column ${i + 1}"`);
    return `column ${i + 1}`;
  });
  const first = new Map<string, number>();
  names.forEach((name, i) => {
    const before = first.get(name);
    if (before !== undefined && (only?.includes(name) ?? true))
      throw new CliError(tableTexts.duplicateColumn(path, name, before + 1, i + 1));
    first.set(name, i);
  });
  return { names, notes };
}

async function rowsOf(connection: DuckDBConnection, path: string, sql: string, file: string): Promise<string[][]> {
  try {
    const reader = await connection.runAndReadAll(sql, [file]);
    return reader.getRows().map((row) => row.map(String));
  } catch (error) {
    throw readingError(path, error);
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
export function readingError(path: string, error: unknown): Error {
  if (error instanceof CliError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const line = Number(/CSV Error on Line: (\d+)/.exec(message)?.[1] ?? 1);
  const counts = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message);
  if (counts) return new CliError(tableTexts.raggedRow(path, line, Number(counts[2]), Number(counts[1])));
  if (/unterminated quote/.test(message)) return new CliError(tableTexts.unclosedQuote(path, line));
  if (/Maximum line size/i.test(message)) return new CliError(tableTexts.lineTooLong(path, line));
  if (/not utf-8|invalid unicode/i.test(message)) return new CliError(tableTexts.notUtf8(path, line));
  const key = /duplicate key "(.*)"/.exec(message)?.[1];
  if (key !== undefined)
    return new CliError(tableTexts.malformedJson(path, `the key "${key.slice(0, 60)}" twice in one object`));
  const json = /Malformed JSON in file ".*", (.*?)\.?\s*(\n|$)/.exec(message)?.[1];
  if (json !== undefined) return new CliError(tableTexts.malformedJson(path, json));
  return new CliError(tableTexts.unreadable(path, plain(message)));
}
