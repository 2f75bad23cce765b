// Reading a source's columns out of DuckDB chunk by chunk into typed arrays.
import {
  type DuckDBConnection,
  type DuckDBResult,
  type DuckDBVector,
  listValue,
  ResultReturnType,
} from "@duckdb/node-api";
import { CliError, tableTexts } from "../errors.ts";
import { Dictionary } from "./dictionary.ts";
import type { Field } from "./field.ts";
import { missingSpellings } from "./missing.ts";
import { type Reading, readingSql } from "./readings.ts";
import { readingError, type Source } from "./source.ts";
import { daysOf } from "./sql.ts";

/** A column as it was read: numbers with NaN for missing, or numbered texts with -1 for no text. */
export type Raw =
  | {
      readonly kind: "number";
      readonly values: Float64Array /** The first row that is infinite or did not fit, or -1. */;
      readonly odd: number;
    }
  | { readonly kind: "text"; readonly codes: Int32Array; readonly texts: readonly string[] };

/** One column to read, and how. */
export interface Wanted {
  readonly field: Field;
  readonly reading: Reading;
}

/** The first cells of every field as text, to find how it can be read. */
export async function sampleTexts(connection: DuckDBConnection, source: Source): Promise<(string | null)[][]> {
  const rows = Math.min(500, Math.max(20, Math.floor(20_000 / source.fields.length)));
  const columns = source.fields.map(({ sql, type }) => (type === "text" ? sql : "NULL::VARCHAR")).join(", ");
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
  return wanted.reduce((sum, { reading }) => sum + (reading === "text" ? 4 : 8), 0);
}

/**
 * One scan of the file: every given field in its reading, every row of the file once.
 *
 * @throws CliError if the scan fails, at whatever row, or gives another number of rows than the file has
 */
export async function scan(connection: DuckDBConnection, source: Source, wanted: readonly Wanted[]): Promise<Raw[]> {
  source.budget.takeRows(source.rows, bytesPerRow(wanted), source.fields.length);
  const expressions: string[] = [];
  const readers = wanted.map(({ field, reading }) => {
    const at = expressions.length;
    if (reading === "text") {
      expressions.push(`hash(${field.sql})`, field.sql);
      return textReader(at, field.name, source);
    }
    expressions.push(field.type === "text" ? readingSql(field.sql, reading, source) : typedSql(field));
    return numberReader(at, source);
  });
  const sql = `SELECT ${expressions.join(", ")} FROM ${source.from}`;
  // Not seen from the text of the query: a column may be called $2.
  const spellings = wanted.some(({ field, reading }) => field.type === "text" && reading !== "text");
  const values = [source.file, ...(spellings ? [listValue([...missingSpellings])] : [])];
  let rows = 0;
  try {
    const result = await connection.stream(sql, values);
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
      await repeatInOneThread(connection, sql, values);
      throw new CliError(tableTexts.miscounted(source.path, rows, source.rows));
    }
  } catch (error) {
    throw readingError(source, error);
  }
  return readers.map((reader) => reader.finish());
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
  finish(): Raw;
}

function numberReader(at: number, source: Source): ColumnReader {
  const column = new Float64Array(source.rows);
  let odd = -1;
  return {
    take(vector, from, rows) {
      const values = itemsOf(vector(at), Float64Array) ?? Float64Array.from(cellsOf(vector(at), rows), Number);
      for (let i = 0; i < rows && odd === -1; i++) {
        if (values[i] === Infinity || values[i] === -Infinity) odd = from + i;
      }
      column.set(values, from);
    },
    finish: () => ({ kind: "number", values: column, odd }),
  };
}

function textReader(at: number, name: string, source: Source): ColumnReader {
  const codes = new Int32Array(source.rows);
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
