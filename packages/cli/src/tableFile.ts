// A table written as CSV or Parquet by DuckDB.
import {
  BIGINT,
  DATE,
  DOUBLE,
  DuckDBDataChunk,
  DuckDBDateValue,
  DuckDBInstance,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
  TIMESTAMP,
  VARCHAR,
} from "@duckdb/node-api";
import { writeAtomically } from "./atomicFile.ts";
import { CliError, fileTexts } from "./errors.ts";
import type { Column, Table } from "./table.ts";

const formats = { ".csv": "FORMAT csv, HEADER", ".parquet": "FORMAT parquet" } as const;

/** How a column is stored: its type, and the value of a row. */
interface Stored {
  readonly type: DuckDBType;
  value(row: number): DuckDBValue;
}

/** DuckDB takes rows in blocks of this size. */
const blockRows = 2048;

/** Whether predictions can be written to a path with this ending; else an error says which can. */
export function checkTablePath(path: string): void {
  formatOf(path);
}

/**
 * Writes a table; a file of that name is replaced only once the new one is whole.
 *
 * @param path ends in .csv or .parquet
 * @throws CliError for another ending, or if the place cannot be written to
 */
export async function writeTable(path: string, table: Table): Promise<void> {
  const format = formatOf(path);
  await writeAtomically(path, (temporary) => copyTo(temporary, format, table));
}

function formatOf(path: string): string {
  const ending = Object.keys(formats).find((each) => path.toLowerCase().endsWith(each));
  if (ending === undefined) throw new CliError(fileTexts.outputFormat(path));
  return formats[ending as keyof typeof formats];
}

async function copyTo(path: string, format: string, { columns, rows }: Table): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const stored = columns.map(storage);
    // Plain names inside, so that any two names of a table can stand beside each other.
    const inner = columns.map((_, k) => `c${k}`);
    await connection.run(`CREATE TABLE t (${inner.map((name, k) => `${name} ${stored[k].type}`).join(", ")})`);
    const appender = await connection.createAppender("t");
    for (let from = 0; from < rows; from += blockRows) {
      const length = Math.min(blockRows, rows - from);
      const chunk = DuckDBDataChunk.create(
        stored.map(({ type }) => type),
        length,
      );
      stored.forEach(({ value }, k) => {
        chunk.setColumnValues(
          k,
          Array.from({ length }, (_, row) => value(from + row)),
        );
      });
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
    const names = columns.map(({ name }, k) => `${inner[k]} AS ${identifier(name)}`);
    await connection.run(`COPY (SELECT ${names.join(", ")} FROM t) TO ${text(path)} (${format})`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** Whole numbers are stored as such, dates as dates, missing values as NULL. */
function storage(column: Column): Stored {
  if (column.kind === "category") {
    const { codes, levels } = column;
    return { type: VARCHAR, value: (row) => (codes[row] < 0 ? null : levels[codes[row]]) };
  }
  const { values, from } = column;
  const whole = values.every((value) => Number.isNaN(value) || Number.isSafeInteger(value));
  const each = (make: (value: number) => DuckDBValue) => (row: number) =>
    Number.isNaN(values[row]) ? null : make(values[row]);
  if (from === "date") {
    return whole
      ? { type: DATE, value: each((days) => new DuckDBDateValue(days)) }
      : { type: TIMESTAMP, value: each((days) => new DuckDBTimestampValue(BigInt(Math.round(days * 86_400_000_000)))) };
  }
  return whole ? { type: BIGINT, value: each(BigInt) } : { type: DOUBLE, value: each((value) => value) };
}
