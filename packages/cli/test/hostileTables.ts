// Random tables of cells that programs like to change, in every format that is read.
import { DuckDBInstance } from "@duckdb/node-api";
import type { Random } from "../src/random.ts";

/** Texts that look like numbers, dates, formulas, missing values, or break a line, a cell or a statement. */
export const hostileTexts: readonly string[] = [
  ..."123456789012345678 1234567890123456789 9007199254740993 -9223372036854775808 01000 0 1 1.0 1.10 1.40 0.50".split(
    " ",
  ),
  ..."+05:30 +1 -3.5 1e5 1E400 -0 .5 5. 0x1F 1_000 1,5 25/12/2020 2020-01-01 01.02.2020 12:30 3-2 00 -1,234.50".split(
    " ",
  ),
  ..."NA N/A nan null None - -- ? . #N/A true True FALSE inf -Infinity 1e-320 0.1234567890123456789012".split(" "),
  ..."=1+1 +cmd|'/c'!A1 -2+3 @SUM(A1) '=1 =\"x\" ＝1".split(" "),
  "",
  " ",
  " 7 ",
  "7 ",
  "\t",
  "\t=1",
  "a,b",
  "a;b|c\td",
  'say "hi"',
  '"',
  '""',
  "two\nlines",
  "two\r\nlines",
  "\n",
  "\r=1",
  "O'Brien; DROP TABLE t; --",
  "$1 $2 {x} %s \\ \\n",
  "漢字 🦊 é\u0301 \u202e",
  "x\ufeffy",
  "x".repeat(300),
];

/** Names of columns; none is a name of the model's columns. */
const hostileNames = [
  "id",
  "",
  " padded ",
  "a,b",
  'the "name"',
  "two\nlines",
  "=1+1",
  "prediction",
  "PREDICTION",
  "probability_yes",
  "key",
  "predicted",
  "added0",
  "c1",
  "$2",
  "'; --",
  "漢 🦊",
  "column 2",
  "1",
  "\\*?[x]",
];

export interface HostileColumn {
  readonly name: string;
  /** The cell of each row: as text, or what the format has in its place. */
  readonly cells: readonly (string | null)[];
}

export function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.integer(from.length)]!;
}

/** Columns that the model does not know, around those that it needs, in a random order. */
export function hostileColumns(
  random: Random,
  rows: number,
  own: readonly HostileColumn[],
  cell: () => string | null,
  repeats: boolean,
): HostileColumn[] {
  const names = [...hostileNames];
  const others = Array.from({ length: 1 + random.integer(7) }, (): HostileColumn => {
    const name = names[random.integer(names.length)]!;
    if (!repeats) names.splice(names.indexOf(name), 1);
    return { name, cells: Array.from({ length: rows }, cell) };
  });
  const all = [...own, ...others];
  return Array.from(random.shuffle(Int32Array.from(all.keys())), (k) => all[k]!);
}

/** A delimited text; cells are quoted where they must be, and at random elsewhere. */
export function delimited(
  random: Random,
  columns: readonly HostileColumn[],
  rows: readonly number[],
  delimiter: string,
  lineEnd: string,
): string {
  const cell = (text: string | null): string => {
    if (text === null) return "";
    const must = text === "" || /["\r\n]/.test(text) || text.includes(delimiter);
    return must || random.next() < 0.2 ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const header = columns.map(({ name }) => (name === "" ? "" : cell(name)));
  const lines = rows.map((row) => columns.map(({ cells }) => cell(cells[row]!)));
  return [header, ...lines].map((line) => line.join(delimiter) + lineEnd).join("");
}

/** JSON, one object a row; cells are JSON already. */
export function json(columns: readonly HostileColumn[], rows: readonly number[], lines: boolean): string {
  const objects = rows.map(
    (row) =>
      `{${columns
        .filter(({ cells }) => cells[row] !== null)
        .map(({ name, cells }) => `${JSON.stringify(name)}: ${cells[row]}`)
        .join(", ")}}`,
  );
  return lines ? `${objects.join("\n")}\n` : `[${objects.join(",\n")}]`;
}

const textSql = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Types of Parquet with values at their ends, as SQL. */
export const typedValues: Readonly<Record<string, readonly string[]>> = {
  BIGINT: ["9223372036854775807", "-9223372036854775808", "9007199254740993", "0"],
  UBIGINT: ["18446744073709551615", "1"],
  INTEGER: ["-2147483648", "7"],
  "DECIMAL(38,10)": ["1234567890123456789012345678.0123456789", "-0.0000000001", "1.1000000000"],
  "DECIMAL(18,2)": ["1234567890123456.78", "1.10", "0.00"],
  DOUBLE: ["'nan'", "'inf'", "'-inf'", "-0.0", "0.1", "5e-324", "1.7976931348623157e308", "1.0"],
  FLOAT: ["0.1", "16777216", "'nan'"],
  BOOLEAN: ["true", "false"],
  DATE: ["'2020-02-29'", "'0001-01-01'", "'infinity'"],
  TIMESTAMP: ["'2020-01-01 00:00:00.000001'", "'1969-12-31 23:59:59.999999'"],
  TIMESTAMPTZ: ["'2020-01-01 00:00:00+05:30'", "'1900-01-01 00:00:00.000001+00'"],
  TIMESTAMP_NS: ["'2020-01-01 00:00:00.123456789'"],
  TIME: ["'12:34:56.789012'"],
  UUID: ["'6d3d7f8e-0c0b-4e52-9a4c-2f1a6f0e9b11'"],
  BLOB: ["'\\x00\\xFFab'", "''"],
  "BIGINT[]": ["[9007199254740993, NULL]", "[]"],
  "VARCHAR[]": ["['a, b', '', NULL, 'it''s']"],
  'STRUCT("a b" BIGINT, s VARCHAR[])': ["{'a b': 9007199254740993, 's': ['x']}", "{'a b': NULL, 's': NULL}"],
  "MAP(VARCHAR, DECIMAL(9,2))": ["MAP {'k': 1.10}"],
  VARCHAR: [...hostileTexts.map(textSql), "'a' || chr(0) || 'b'"],
};

/** Writes columns of SQL values as Parquet. */
export async function writeParquet(
  path: string,
  columns: readonly (HostileColumn & { readonly type: string })[],
  rows: readonly number[],
): Promise<void> {
  const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const lines = rows.map((row) =>
    columns
      .map(({ cells, type, name }) => `CAST(${cells[row] ?? "NULL"} AS ${type}) AS ${identifier(name)}`)
      .join(", "),
  );
  await ask(`COPY (${lines.map((line) => `SELECT ${line}`).join(" UNION ALL ")}) TO ${textSql(path)} (FORMAT parquet)`);
}

/** What DuckDB says. */
export async function ask(sql: string) {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    return await connection.runAndReadAll(sql);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
