// Reading a source's columns out of DuckDB chunk by chunk into typed arrays.
import { type DuckDBConnection, type DuckDBVector, listValue } from "@duckdb/node-api";
import { Dictionary } from "./dictionary.ts";
import { missingSpellings } from "./missing.ts";
import { type Reading, readingSql } from "./readings.ts";
import { type Field, readingError, type Source } from "./source.ts";

/** A column as it was read: numbers with NaN for missing, or numbered texts with -1 for no text. */
export type Raw =
  | {
      readonly kind: "number";
      readonly values: Float64Array /** The first row that is infinite or did not fit, or -1. */;
      readonly odd: number;
    }
  | { readonly kind: "text"; readonly codes: Int32Array; readonly texts: readonly string[] };

/** The first block of a column holds so many rows, each later one twice as many up to the last figure. */
const firstBlock = 2048;
const largestBlock = 65_536;

/** Collects numbers in blocks and joins them once their count is known, so that memory is never doubled. */
class Blocks<A extends Float64Array | Int32Array> {
  readonly #make: (length: number) => A;
  readonly #full: A[] = [];
  #last: A;
  #filled = 0;

  constructor(make: (length: number) => A) {
    this.#make = make;
    this.#last = make(firstBlock);
  }

  /** Takes over all of a part. */
  append(part: A): void {
    let from = 0;
    while (from < part.length) {
      if (this.#filled === this.#last.length) {
        this.#full.push(this.#last);
        this.#last = this.#make(Math.min(largestBlock, 2 * this.#last.length));
        this.#filled = 0;
      }
      const to = Math.min(part.length, from + this.#last.length - this.#filled);
      this.#last.set(part.subarray(from, to), this.#filled);
      this.#filled += to - from;
      from = to;
    }
  }

  join(): A {
    const parts = [...this.#full, this.#last.subarray(0, this.#filled) as A];
    const joined = this.#make(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      joined.set(part, at);
      at += part.length;
    }
    this.#full.length = 0;
    return joined;
  }
}

/** The first cells of every field as text, to find how it can be read. */
export async function sampleTexts(connection: DuckDBConnection, source: Source): Promise<(string | null)[][]> {
  const rows = Math.min(500, Math.max(20, Math.floor(20_000 / source.fields.length)));
  const columns = source.fields.map(({ sql, type }) => (type === "text" ? sql : "NULL::VARCHAR")).join(", ");
  try {
    const reader = await connection.runAndReadAll(`SELECT ${columns} FROM ${source.from} LIMIT ${rows}`, [source.file]);
    return reader.getColumns().map((column) => column.map((cell) => (cell === null ? null : String(cell))));
  } catch (error) {
    throw readingError(source.path, error);
  }
}

/** One scan of the file: every given field in its reading. */
export async function scan(
  connection: DuckDBConnection,
  source: Source,
  wanted: readonly { readonly field: Field; readonly reading: Reading }[],
): Promise<Raw[]> {
  const expressions: string[] = [];
  const readers = wanted.map(({ field, reading }) => {
    const at = expressions.length;
    if (reading === "text") {
      expressions.push(`hash(${field.sql})`, field.sql);
      return textReader(at);
    }
    expressions.push(field.type === "text" ? readingSql(field.sql, reading) : typedSql(field));
    return numberReader(at);
  });
  const sql = `SELECT ${expressions.join(", ")} FROM ${source.from}`;
  // Not seen from the text of the query: a column may be called $2.
  const needsSpellings = wanted.some(({ field, reading }) => reading !== "text" && field.type === "text");
  try {
    const result = await connection.stream(sql, [
      source.file,
      ...(needsSpellings ? [listValue([...missingSpellings])] : []),
    ]);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) break;
      for (const reader of readers) reader.take((column) => chunk.getColumnVector(column), chunk.rowCount);
    }
  } catch (error) {
    throw readingError(source.path, error);
  }
  return readers.map((reader) => reader.finish());
}

function typedSql(field: Field): string {
  const value =
    field.type === "date"
      ? `CASE WHEN isfinite(${field.sql}) THEN epoch_us(${field.sql}) / 86400000000.0 END`
      : field.sql;
  return `coalesce(${value}, 'nan'::DOUBLE)`;
}

interface ColumnReader {
  take(vector: (column: number) => DuckDBVector, rows: number): void;
  finish(): Raw;
}

function numberReader(at: number): ColumnReader {
  const blocks = new Blocks((length) => new Float64Array(length));
  let odd = -1;
  let row = 0;
  return {
    take(vector, rows) {
      const values = items(vector(at), Float64Array) ?? Float64Array.from(each(vector(at), rows), Number);
      for (let i = 0; i < rows && odd === -1; i++) {
        if (values[i] === Infinity || values[i] === -Infinity) odd = row + i;
      }
      blocks.append(values);
      row += rows;
    },
    finish: () => ({ kind: "number", values: blocks.join(), odd }),
  };
}

function textReader(at: number): ColumnReader {
  const blocks = new Blocks((length) => new Int32Array(length));
  const dictionary = new Dictionary();
  return {
    take(vector, rows) {
      const words =
        items(vector(at), BigUint64Array) ?? BigUint64Array.from(each(vector(at), rows), (x) => BigInt(String(x)));
      const halves = new Uint32Array(words.buffer, words.byteOffset, 2 * rows);
      const codes = new Int32Array(rows);
      let texts: DuckDBVector | null = null;
      for (let i = 0; i < rows; i++) {
        codes[i] = dictionary.code(halves[2 * i]!, halves[2 * i + 1]!, () => {
          texts ??= vector(at + 1);
          const text = texts.getItem(i);
          return text === null ? null : String(text);
        });
      }
      blocks.append(codes);
    },
    finish: () => ({ kind: "text", codes: blocks.join(), texts: dictionary.texts }),
  };
}

/** The typed array inside a vector without NULLs; reading item by item asks a bit mask of BigInts, many times slower. */
function items<A>(vector: DuckDBVector, type: abstract new (...args: never) => A): A | null {
  const held = "items" in vector ? vector.items : null;
  return held instanceof type ? held : null;
}

function each(vector: DuckDBVector, rows: number): unknown[] {
  return Array.from({ length: rows }, (_, i) => vector.getItem(i));
}
