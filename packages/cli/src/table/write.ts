// A prediction written as CSV, Parquet or JSON, beside the columns of its table; DuckDB copies those.
import {
  DOUBLE,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBVector,
  INTEGER,
  listValue,
} from "@duckdb/node-api";
import { writeAtomically } from "../disk/atomicFile.ts";
import { CliError, fileTexts, tableTexts } from "../errors.ts";
import type { Note } from "../notes.ts";
import { csvCell } from "../words/csv.ts";
import { neutralise, neutraliseSql } from "./formulas.ts";
import {
  asJson,
  asTexts,
  asTyped,
  csvCellSql,
  freeName,
  type HandedColumns,
  jsonRowSql,
  rowKey,
  withoutNul,
} from "./ownColumns.ts";
import { readingError, type Source } from "./source.ts";
import { asText, identifier, literal } from "./sql.ts";

/** A column that is added to the user's own. */
export interface Added {
  /** A name that the table has already gets a number. */
  readonly name: string;
  /** A number, a whole number, or the position of a text in `texts`. */
  readonly as: "number" | "whole" | "text";
  value(row: number): number;
}

/** What is written. */
export interface Prediction {
  readonly source: Source;
  /** The key of every row when it was read, see `rowKey`. */
  readonly keys: Float64Array;
  readonly added: readonly Added[];
  readonly texts: readonly string[];
  /** Whether a CSV file gets an apostrophe before what a spreadsheet takes for a formula. */
  readonly neutralise: boolean;
}

/** DuckDB takes rows in blocks of this size. */
const blockRows = 2048;

/** What a prediction can be written as. */
export type OutputFormat = "csv" | "parquet" | "json" | "jsonl";

/** The format that a path asks for; an error says which there are. */
export function formatOf(path: string): OutputFormat {
  const [ending] = /(?<=\.)(csv|parquet|jsonl|json)$/i.exec(path) ?? [];
  if (ending === undefined) throw new CliError(fileTexts.outputFormat(path));
  return ending.toLowerCase() as OutputFormat;
}

/**
 * Writes the table's own columns and the added ones; a file of that name is replaced only once the new one is whole.
 * Each row is written only if all of its cells are those for which the prediction was made.
 *
 * @returns what could not stay as it was
 * @throws CliError for an ending that {@link formatOf} does not know, an unwritable place, a table that changed
 */
export async function writePrediction(
  connection: DuckDBConnection,
  path: string,
  prediction: Prediction,
): Promise<readonly Note[]> {
  const { source, keys, added } = prediction;
  const format = formatOf(path);
  const json = format === "json" || format === "jsonl";
  const handed = format === "csv" ? asTexts(source) : json ? asJson(source) : await asTyped(connection, source);
  const predicted = await inDatabase(connection, prediction);
  const { select, options, texts } =
    format === "csv"
      ? csvCopy(handed, predicted, prediction)
      : json
        ? jsonCopy(handed, predicted, prediction, format)
        : parquetCopy(handed, predicted, prediction);
  const parameters = [source.file, ...(added.some(({ as }) => as === "text") ? [listValue([...texts])] : [])];
  await writeAtomically(path, async (temporary) => {
    const copy = `COPY (SELECT ${select} FROM ${source.from} POSITIONAL JOIN ${predicted.table})
      TO ${literal(temporary)} (${options})`;
    const done = await connection.runAndReadAll(copy, parameters).catch((error: unknown) => {
      throw copyError(source, temporary, error);
    });
    if (Number(done.getRows()[0]?.[0]) !== keys.length) throw new CliError(tableTexts.reordered(source.path));
    await source.verify();
  });
  return handed.notes;
}

/** What DuckDB writes, and how. */
interface Copy {
  readonly select: string;
  readonly options: string;
  readonly texts: readonly string[];
}

type Predicted = Awaited<ReturnType<typeof inDatabase>>;

/** The names of all columns; one that is added gives way. */
function namesOf({ columns }: HandedColumns, { added }: Prediction): readonly string[] {
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()));
  return [...columns.map(({ name }) => name), ...added.map(({ name }) => freeName(withoutNul(name), taken))];
}

function csvCopy(handed: HandedColumns, predicted: Predicted, prediction: Prediction): Copy {
  const { source, added, neutralise: neutral } = prediction;
  const own = handed.columns.map(({ sql, text }) => (neutral && text ? neutraliseSql(sql) : sql));
  const names = namesOf(handed, prediction).map((name) => (neutral ? neutralise(name) : name));
  const texts = neutral ? prediction.texts.map(neutralise) : prediction.texts;
  const isText = [...handed.columns.map(({ text }) => text), ...added.map(({ as }) => as === "text")];
  // DuckDB puts no quotes around a cell because of its blanks: where that matters all quotes are ours.
  const cells = [...own, ...predicted.columns].map((sql, k) => (source.padded && isText[k] ? csvCellSql(sql!) : sql));
  // Names in a CSV file may repeat or be empty, which DuckDB does not know: the header is ours.
  const header = `${names.map(csvCell).join(",")}\n`;
  const quotes = source.padded ? ", QUOTE '', ESCAPE ''" : "";
  return {
    select: cells.map((sql, k) => `${sql} AS ${identifier(`c${k}`)}`).join(", "),
    options: `FORMAT csv, HEADER false, PREFIX ${literal(header)}, SUFFIX ${literal("\n")}${quotes}`,
    texts,
  };
}

function parquetCopy(handed: HandedColumns, predicted: Predicted, prediction: Prediction): Copy {
  const names = namesOf(handed, prediction);
  const all = [...handed.columns.map(({ sql }) => sql), ...predicted.columns];
  return {
    select: all.map((sql, k) => `${sql} AS ${identifier(names[k]!)}`).join(", "),
    options: `FORMAT parquet, ROW_GROUP_SIZE ${rowsPerGroup(all.length)}`,
    texts: prediction.texts,
  };
}

/** How DuckDB writes a text as it is. */
const asItIs = "FORMAT csv, HEADER false, QUOTE '', ESCAPE ''";

/** One object on each line, as a text that DuckDB writes as it is. */
function jsonCopy(handed: HandedColumns, predicted: Predicted, prediction: Prediction, format: "json" | "jsonl"): Copy {
  const { added, keys, texts } = prediction;
  const names = namesOf(handed, prediction);
  const values = predicted.columns.map((sql, k) => asText(added[k]!.as === "text" ? `to_json(${sql})` : sql!));
  const all = [...handed.columns.map(({ sql }) => sql), ...values].map((sql, k) => ({ name: names[k]!, sql }));
  const last = `CASE WHEN ${predicted.table}.rowid = ${keys.length - 1} THEN '' ELSE ',' END`;
  const record = format === "json" ? `${jsonRowSql(all)} || ${last}` : jsonRowSql(all);
  const around = format === "json" ? [`PREFIX ${literal("[\n")}`, `SUFFIX ${literal("\n]\n")}`] : [];
  return { select: `${record} AS record`, options: [asItIs, ...around].join(", "), texts };
}

/** Puts the added columns into DuckDB; the SQL of each, of which the first looks whether its row is still the same. */
async function inDatabase(connection: DuckDBConnection, { source, keys, added }: Prediction) {
  const taken = new Set(source.own.map(({ sql }) => sql.toLowerCase()));
  const free = (wanted: string) => identifier(freeName(wanted, taken));
  const name = freeName("predicted", taken);
  const table = identifier(name);
  const key = free("key");
  const columns = added.map((_, k) => free(`added${k}`));
  const types = [DOUBLE, ...added.map(({ as }) => (as === "number" ? DOUBLE : INTEGER))];
  // Not only reading takes memory: these rows, whole, and what DuckDB takes for its blocks of them.
  const bytes = 2 * keys.length * (8 + 8 * added.length);
  source.budget.takeRows(keys.length, 2 * (8 + 8 * added.length), source.own.length);
  await connection.run(`SET memory_limit = ${literal(`${Math.floor((source.budget.engine + bytes) / 1e6)}MB`)}`);
  await connection.run(
    `CREATE TEMP TABLE ${table} (${[key, ...columns].map((column, k) => `${column} ${types[k]}`).join(", ")})`,
  );
  const appender = await connection.createAppender(name);
  const values = [(row: number) => keys[row], ...added.map(({ value }) => value)];
  for (let from = 0; from < keys.length; from += blockRows) {
    const length = Math.min(blockRows, keys.length - from);
    const chunk = DuckDBDataChunk.create(types, length);
    values.forEach((value, k) => {
      const vector = chunk.getColumnVector(k);
      const items = itemsOf(vector);
      for (let i = 0; i < length; i++) items[i] = value(from + i);
      vector.flush();
    });
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
  const shown = added.map(({ as }, k) =>
    as === "number" ? columns[k] : as === "whole" ? `CAST(${columns[k]} AS BIGINT)` : `$2[${columns[k]} + 1]`,
  );
  const [first, ...others] = shown;
  const same = `CASE WHEN ${rowKey(source)} = ${key} THEN ${first} ELSE error(${literal(changedMark)}) END`;
  return { table, columns: [same, ...others] };
}

/** The typed array inside a vector; setting item by item keeps a bit mask of BigInts, many times slower. */
function itemsOf(vector: DuckDBVector): Float64Array | Int32Array {
  const held = "items" in vector ? vector.items : null;
  if (held instanceof Float64Array || held instanceof Int32Array) return held;
  throw new TypeError(`a column of ${vector.type} has no numbers`);
}

const changedMark = "surprisal: another row";

/** DuckDB holds a group of rows in memory: fewer where there are many columns. */
function rowsPerGroup(columns: number): number {
  return Math.max(blockRows, Math.min(122_880, Math.floor(4_000_000 / columns)));
}

/** Whose fault it was: the table's, or the place's, of which `writeAtomically` tells. */
function copyError(source: Source, temporary: string, error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes(changedMark)) return new CliError(tableTexts.reordered(source.path));
  const ofPlace = message.includes(temporary) || /no space left|file too large|could not write/i.test(message);
  return ofPlace ? error : readingError(source, error);
}
