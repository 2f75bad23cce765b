// The user's own columns, handed through to another file as they are: the SQL that gives each, and its name there.
import type { DuckDBConnection } from "@duckdb/node-api";
import { CliError, tableTexts } from "../errors.ts";
import { type Note, predictionNotes } from "../notes.ts";
import { nearestName } from "../words/names.ts";
import { fitsPattern } from "../words/patterns.ts";
import type { OwnColumn } from "./field.ts";
import { readingError, type Source } from "./source.ts";
import { asText, jsonText, literal } from "./sql.ts";

/** A column on its way out. */
export interface Handed {
  readonly name: string;
  readonly sql: string;
  /** Whether its cells are texts that a spreadsheet may take for formulas. */
  readonly text: boolean;
}

/** Columns on their way out, and what could not stay as it was. */
export interface HandedColumns {
  readonly columns: readonly Handed[];
  readonly notes: readonly Note[];
}

/**
 * The source, of which only these columns are handed through; * in a name stands for any letters, and `none` alone for
 * no column, unless one is called so.
 *
 * @throws CliError for a name that fits none
 */
export function keepColumns(source: Source, wanted: readonly string[]): Source {
  const names = source.own.map(({ called }) => called);
  if (wanted.length === 1 && wanted[0] === "none" && !names.includes("none")) return { ...source, kept: [] };
  const kept = new Set<string>();
  for (const name of wanted) {
    const found = names.includes(name) ? [name] : names.filter((each) => fitsPattern(name, each, "*"));
    if (found.length === 0) {
      throw new CliError(tableTexts.unknownColumn("--columns", name, nearestName(name, names), names));
    }
    for (const each of found) kept.add(each);
  }
  return { ...source, kept: source.own.filter(({ called }) => kept.has(called)) };
}

/** The columns that are handed through. */
export function keptOf({ own, kept }: Source): readonly OwnColumn[] {
  return kept ?? own;
}

/** A number of each row from all of its cells: if it is the same in two scans, so is the row. */
export function rowKey({ own }: Source): string {
  return `CAST(hash(${own.map(({ sql }) => sql).join(", ")}) >> 11 AS DOUBLE)`;
}

/** The columns as a delimited text has them: from such a text and from JSON as written there, else by their value. */
export function asTexts(source: Source): HandedColumns {
  const columns = keptOf(source).map(({ name, sql, type, json }) => ({
    name: withoutNul(name),
    sql: json ? jsonText(sql) : type === "VARCHAR" ? sql : asText(sql),
    text: /^(VARCHAR|JSON|BLOB|ENUM.*)$/.test(type),
  }));
  return { columns, notes: [] };
}

/** The columns with their types, for Parquet, which wants names that differ in more than capitals. */
export async function asTyped(connection: DuckDBConnection, source: Source): Promise<HandedColumns> {
  const notes: Note[] = [];
  const long = await withLongNumbers(connection, source);
  const taken = new Set<string>();
  const columns = keptOf(source).map((column, k) => {
    const plain = withoutNul(column.name);
    const name = freeName(plain === "" ? `column ${k + 1}` : plain, taken);
    if (name !== column.name) notes.push(predictionNotes.renamed(k + 1, column.name, name));
    if (long.has(column)) notes.push(predictionNotes.writtenAsText(column.name));
    return { name, sql: long.has(column) ? writtenSql(column) : typedSql(column), text: false };
  });
  return { columns, notes };
}

/** The columns as texts of JSON, in which names differ in capitals, too. */
export function asJson(source: Source): HandedColumns {
  const taken = new Set<string>();
  const notes: Note[] = [];
  const columns = keptOf(source).map((column, k) => {
    const wanted = withoutNul(column.name);
    let name = wanted;
    for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`;
    taken.add(name);
    if (name !== column.name) notes.push(predictionNotes.renamedKey(k + 1, column.name, name));
    return { name, sql: jsonValueSql(column), text: false };
  });
  return { columns, notes };
}

/** A value as JSON has it: numbers with the digits that they have, moments as texts. */
function jsonValueSql({ sql, type, json }: OwnColumn): string {
  const plain = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL.*|BOOLEAN)$/.test(type);
  if (json) return finiteSql(asText(sql));
  if (plain) return asText(sql);
  if (/^(FLOAT|DOUBLE)$/.test(type)) return finiteSql(asText(sql));
  const isNested = /[[(]/.test(type) && !/^(DECIMAL|ENUM)/.test(type);
  return asText(`to_json(${isNested || type === "JSON" ? sql : asText(sql)})`);
}

/** JSON has no number that is infinite or none. */
function finiteSql(number: string): string {
  return `CASE WHEN lower(${number}) = 'nan' THEN NULL WHEN lower(${number}) IN ('inf', '-inf', 'infinity', '-infinity') THEN '"' || ${number} || '"' ELSE ${number} END`;
}

/** A row as the text of an object, of columns whose values are JSON. */
export function jsonRowSql(columns: readonly { readonly name: string; readonly sql: string }[]): string {
  const members = columns.map(({ name, sql }) => `${literal(`${JSON.stringify(name)}: `)} || coalesce(${sql}, 'null')`);
  return `'{' || array_to_string([${members.join(", ")}], ', ') || '}'`;
}

/** A cell as a CSV file has it, in quotes where it needs them: also where it begins or ends with a blank. */
export function csvCellSql(text: string): string {
  const inQuotes = `'"' || replace(${text}, '"', '""') || '"'`;
  return `CASE WHEN regexp_matches(${text}, ${literal('^$|^\\s|\\s$|[",\\r\\n]')}) THEN ${inQuotes} ELSE ${text} END`;
}

/** Takes a name, with a number behind it if there is one that differs in capitals only. */
export function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let k = 2; taken.has(name.toLowerCase()); k++) name = `${wanted}_${k}`;
  taken.add(name.toLowerCase());
  return name;
}

/** A name as both formats can have it: neither knows a null character in one. */
export function withoutNul(name: string): string {
  return name.replaceAll("\u0000", "\u2400");
}

/** A value as it is written in the file. */
function writtenSql({ sql, json }: OwnColumn): string {
  return json ? jsonText(sql) : asText(sql);
}

function typedSql({ sql, type, json }: OwnColumn): string {
  // Parquet has no whole numbers of 128 bits; DuckDB would write float64.
  if (type === "HUGEINT") return `CAST(${json ? jsonText(sql) : sql} AS DECIMAL(38, 0))`;
  if (!json || type === "JSON") return sql;
  // A plain value is read from its text, a nested one from JSON.
  return /[[(]/.test(type) ? `CAST(${sql} AS ${type})` : `CAST(${jsonText(sql)} AS ${type})`;
}

/** The columns with numbers that no type of Parquet holds in full; they are written as they stand in the file. */
async function withLongNumbers(connection: DuckDBConnection, source: Source): Promise<ReadonlySet<OwnColumn>> {
  const suspects = keptOf(source).filter(({ type, json }) => type === "HUGEINT" || (json && type.includes("DOUBLE")));
  if (suspects.length === 0) return new Set();
  const tests = suspects.map(({ sql, type, json }) =>
    type === "HUGEINT"
      ? `TRY_CAST(${json ? jsonText(sql) : sql} AS DECIMAL(38, 0)) IS NULL AND ${sql} IS NOT NULL`
      : type === "DOUBLE"
        ? isLongDoubleSql(jsonText(sql))
        : `regexp_matches(${asText(sql)}, '(^|[^0-9.])[0-9]{16}')`,
  );
  try {
    const found = await connection.runAndReadAll(
      `SELECT ${tests.map((test) => `coalesce(bool_or(${test}), false)`).join(", ")} FROM ${source.from}`,
      [source.file],
    );
    const [row] = found.getRows();
    return new Set(suspects.filter((_, k) => row![k] === true));
  } catch (error) {
    throw readingError(source, error);
  }
}

/** Whether a text is a whole number that a float64 does not hold. */
function isLongDoubleSql(text: string): string {
  const [exact, read] = [`TRY_CAST(${text} AS DECIMAL(38, 0))`, `CAST(TRY_CAST(${text} AS DOUBLE) AS DECIMAL(38, 0))`];
  return `regexp_full_match(${text}, '-?[0-9]{16,}') AND (length(${text}) > 37 OR ${exact} <> ${read})`;
}
