// Reading a source's columns out of DuckDB chunk by chunk into typed arrays.
import { type DuckDBConnection, type DuckDBResult, type DuckDBVector, ResultReturnType } from "@duckdb/node-api";
import { CliError, tableTexts } from "../errors.ts";
import { Dictionary } from "./dictionary.ts";
import { fastSql, mark } from "./fastReading.ts";
import type { Field } from "./field.ts";
import { Looked } from "./looked.ts";
import type { DateReading, NumberReading } from "./reading.ts";
import { sharedFloat64, sharedInt32 } from "./shared.ts";
import { readingError, type Source } from "./source.ts";
import { daysOf, literal } from "./sql.ts";

/** A column as numbers with NaN for missing, and what was met on the way. */
export interface RawNumbers {
  readonly kind: "number";
  readonly values: Float64Array;
  readonly looked: Looked;
}

/** A column as numbered texts with -1 for no text. */
export interface RawTexts {
  readonly kind: "text";
  readonly codes: Int32Array;
  readonly texts: readonly string[];
}

/** A column as it was read. */
export type Raw = RawNumbers | RawTexts;

/** One column to read: its texts, its own numbers (or moments), or what its texts mean. */
export interface Wanted {
  readonly field: Field;
  readonly how: "texts" | "numbers" | NumberReading | DateReading;
}

/** The first cells of some fields as texts, to find how they can be read. */
export async function sampleTexts(
  connection: DuckDBConnection,
  source: Source,
  fields: readonly Field[],
): Promise<(string | null)[][]> {
  if (fields.length === 0) return [];
  const rows = Math.min(500, Math.max(20, Math.floor(20_000 / fields.length)));
  const columns = fields.map(({ sql }) => sql).join(", ");
  try {
    const reader = await connection.runAndReadAll(`SELECT ${columns} FROM ${source.from} LIMIT ${rows}`, [source.file]);
    return reader.getColumns().map((column) => column.map((cell) => (cell === null ? null : String(cell))));
  } catch (error) {
    await source.findMistake();
    throw readingError(source, error);
  }
}

/** How many bytes a row of the wanted columns takes. */
export function bytesPerRow(wanted: readonly Wanted[]): number {
  return wanted.reduce((sum, { how }) => sum + (how === "texts" ? 4 : 8), 0);
}

/**
 * One scan of the file: every given field as it is wanted, every row of the file once; and a second one of the cells
 * that DuckDB could not read.
 *
 * @throws CliError if the scan fails, at whatever row, or gives another number of rows than the file has
 */
export async function scan(connection: DuckDBConnection, source: Source, wanted: readonly Wanted[]): Promise<Raw[]> {
  source.budget.takeRows(source.rows, bytesPerRow(wanted), source.fields.length);
  const expressions: string[] = [];
  const readers = wanted.map(({ field, how }): ColumnReader => {
    const at = expressions.length;
    if (how === "texts") {
      expressions.push(`hash(${field.sql})`, field.sql);
      return textReader(at, field.name, source);
    }
    const text = textOf(field, how);
    const fast = how === "numbers" ? typedSql(field) : fastSql(text, how, source);
    expressions.push(fast ?? text);
    const looked = new Looked(how === "numbers" ? null : how);
    if (fast === null) return cellByCell(at, source, looked);
    if (how === "numbers" || how.as === "number" || how.order === "ymd") return numberReader(at, source, looked);
    // Of the other orders DuckDB reads some writings only: the texts come along, for those that it does not.
    expressions.push(text);
    return besideTexts(at, source, looked);
  });
  await readRows(connection, source, expressions, readers);
  const again = readers.flatMap((reader, k) =>
    reader.marked?.() ? [{ reader, sql: textOf(wanted[k]!.field, wanted[k]!.how) }] : [],
  );
  if (again.length > 0) {
    const second = again.map(({ reader }, k) => reader.again!(k));
    await readRows(
      connection,
      source,
      again.map(({ sql }) => sql),
      second,
    );
  }
  return readers.map((reader) => reader.finish());
}

/** The text of a field's values; a number among texts needs no unit and no other decimal mark to be one. */
function textOf({ type, sql, exact, isNumber }: Field, how: Wanted["how"]): string {
  const text = type === "text" ? sql : exact;
  if (isNumber === undefined || typeof how === "string" || how.as !== "number") return text;
  const { decimal, prefix, suffix } = how;
  if (decimal === "." && prefix === "" && suffix === "") return text;
  const written = decimal === "," ? `replace(${exact}, '.', ',')` : exact;
  return `CASE WHEN ${isNumber} THEN ${literal(prefix)} || ${written} || ${literal(suffix)} ELSE ${text} END`;
}

/** Hands all rows of some expressions to their readers. */
async function readRows(
  connection: DuckDBConnection,
  source: Source,
  expressions: readonly string[],
  readers: readonly Pick<ColumnReader, "take">[],
): Promise<void> {
  const sql = `SELECT ${expressions.join(", ")} FROM ${source.from}`;
  let rows = 0;
  try {
    const result = await connection.stream(sql, [source.file]);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) break;
      rows += chunk.rowCount;
      if (rows > source.rows) break;
      const from = rows - chunk.rowCount;
      for (const reader of readers) reader.take((column) => chunk.getColumnVector(column), from, chunk.rowCount);
    }
    if (hasFailed(result) || rows !== source.rows) {
      await source.findMistake();
      await repeatInOneThread(connection, sql, [source.file]);
      throw new CliError(tableTexts.miscounted(source.path, rows, source.rows));
    }
  } catch (error) {
    throw readingError(source, error);
  }
}

/** Whether a stream ended by an error: it gives no more chunks then, as at its end, and only this tells them apart. */
function hasFailed(result: DuckDBResult): boolean {
  return result.returnType === ResultReturnType.INVALID;
}

/** A stream does not say what its error was; this does, unless it does not come again. */
async function repeatInOneThread(
  connection: DuckDBConnection,
  sql: string,
  values: Parameters<DuckDBConnection["run"]>[1],
): Promise<void> {
  await connection.run("SET threads = 1");
  // Something has to be made of every value, or DuckDB would not look at them.
  await connection.run(`SELECT bit_xor(hash(COLUMNS(*))) FROM (${sql})`, values);
}

function typedSql(field: Field): string {
  const value = field.type === "date" ? `CASE WHEN isfinite(${field.sql}) THEN ${daysOf(field.sql)} END` : field.sql;
  return `coalesce(${value}, 'nan'::DOUBLE)`;
}

interface ColumnReader {
  take(vector: (column: number) => DuckDBVector, from: number, rows: number): void;
  /** Whether there are cells that DuckDB could not read. */
  marked?(): boolean;
  /** What takes the texts of all cells, in the column `at`, and reads those. */
  again?(at: number): Pick<ColumnReader, "take">;
  finish(): Raw;
}

function numberReader(at: number, source: Source, looked: Looked): ColumnReader {
  const column = sharedFloat64(source.rows);
  let marked = false;
  return {
    take(vector, from, rows) {
      const values = itemsOf(vector(at), Float64Array) ?? Float64Array.from(cellsOf(vector(at), rows), Number);
      for (let i = 0; i < rows && !marked; i++) marked = values[i] === mark || values[i] === -mark;
      column.set(values, from);
    },
    marked: () => marked,
    again: (at) => ({
      take(vector, from, rows) {
        let texts: DuckDBVector | null = null;
        for (let i = 0; i < rows; i++) {
          if (column[from + i] !== mark && column[from + i] !== -mark) continue;
          texts ??= vector(at);
          column[from + i] = looked.value(texts.getItem(i), from + i, column[from + i]!);
        }
      },
    }),
    finish: () => ({ kind: "number", values: column, looked }),
  };
}

/** Reads itself what DuckDB marks, in the same scan: the texts stand in the column behind. */
function besideTexts(at: number, source: Source, looked: Looked): ColumnReader {
  const column = sharedFloat64(source.rows);
  return {
    take(vector, from, rows) {
      const values = itemsOf(vector(at), Float64Array) ?? Float64Array.from(cellsOf(vector(at), rows), Number);
      let texts: DuckDBVector | null = null;
      for (let i = 0; i < rows; i++) {
        if (values[i] !== mark) column[from + i] = values[i]!;
        else {
          texts ??= vector(at + 1);
          column[from + i] = looked.value(texts.getItem(i), from + i, mark);
        }
      }
    },
    finish: () => ({ kind: "number", values: column, looked }),
  };
}

/** Reads what DuckDB has no expression for. */
function cellByCell(at: number, source: Source, looked: Looked): ColumnReader {
  const column = sharedFloat64(source.rows);
  return {
    take(vector, from, rows) {
      const texts = vector(at);
      for (let i = 0; i < rows; i++) column[from + i] = looked.value(texts.getItem(i), from + i, mark);
    },
    finish: () => ({ kind: "number", values: column, looked }),
  };
}

function textReader(at: number, name: string, source: Source): ColumnReader {
  const codes = sharedInt32(source.rows);
  const dictionary = new Dictionary();
  return {
    take(vector, from, rows) {
      const words =
        itemsOf(vector(at), BigUint64Array) ?? BigUint64Array.from(cellsOf(vector(at), rows), (x) => BigInt(String(x)));
      const halves = new Uint32Array(words.buffer, words.byteOffset, 2 * rows);
      let texts: DuckDBVector | null = null;
      for (let i = 0; i < rows; i++) {
        codes[from + i] = dictionary.code(halves[2 * i]!, halves[2 * i + 1]!, () => {
          texts ??= vector(at + 1);
          const item = texts.getItem(i);
          const text = item === null ? null : String(item);
          if (text?.includes("\0")) throw new CliError(tableTexts.nulInText(source.path, name, from + i + 1));
          if (text !== null) source.budget.takeText(text.length);
          return text;
        });
      }
    },
    finish: () => ({ kind: "text", codes, texts: dictionary.texts }),
  };
}

/** The typed array inside a vector without NULLs; reading item by item asks a mask of BigInts, many times slower. */
function itemsOf<A>(vector: DuckDBVector, type: abstract new (...args: never) => A): A | null {
  const held = "items" in vector ? vector.items : null;
  return held instanceof type ? held : null;
}

function cellsOf(vector: DuckDBVector, rows: number): unknown[] {
  return Array.from({ length: rows }, (_, i) => vector.getItem(i));
}
