// What DuckDB reads fast it reads as a cell is read by itself; what it cannot read it marks.
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { expect, it } from "vitest";
import { fastSql, mark } from "../src/table/fastReading.ts";
import { cellReader, type DateReading, type NumberReading, readingWords } from "../src/table/reading.ts";
import { plainDates, plainNumbers } from "./columns.ts";

const digit = fc.constantFrom(..."0123456789");
const digits = fc.string({ unit: digit, minLength: 1, maxLength: 4 });
const two = fc.integer({ min: 0, max: 61 }).map((n) => String(n).padStart(2, "0"));
const numberLike = fc
  .array(
    fc.oneof(digits, fc.constantFrom(".", ",", "-", "+", "e", "E", " ", "'", "_", "(", ")", "inf", "nan", "x", "$")),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((parts) => parts.join(""));
const separator = fc.constantFrom("-", "-", "-", "/", ".", " ");
const clock = fc
  .tuple(fc.constantFrom("T", " ", " "), two, two, fc.option(two), fc.option(digits))
  .map(([t, h, m, s, f]) => {
    const seconds = s === null ? "" : `:${s}${f === null ? "" : `.${f}`}`;
    return `${t}${h}:${m}${seconds}`;
  });
const zone = fc.constantFrom("", "", "Z", "+02", "+02:00", "-0530", " UTC", "+2", "z");
const dateLike = fc
  .tuple(
    fc.constantFrom("2020", "1970", "1969", "0099", "20", "12020"),
    separator,
    two,
    fc.option(separator),
    two,
    fc.option(clock),
    zone,
  )
  .map(([y, a, m, b, d, time, z]) => `${y}${a}${m}${b ?? a}${d}${time === null ? "" : time + z}`);
const yearLast = fc
  .tuple(
    fc.constantFrom("1", "01", "12", "13", "31", "031", "-1", " 1"),
    fc.constantFrom("/", ".", "-"),
    fc.constantFrom("1", "02", "12", "13", "31", "Jan", "+2", " 2"),
    fc.option(fc.constantFrom("/", ".", "-")),
    fc.constantFrom("2020", "1970", "20", "0099", "12020", "-020", "+020", " 020", "020", "2020 12:00"),
  )
  .map(([a, mark, b, other, year]) => `${a}${mark}${b}${other ?? mark}${year}`);
const words = fc.constantFrom(
  "",
  " ",
  "NA",
  "none",
  "epoch",
  "infinity",
  "today",
  "now",
  "2020-W05",
  "2020-01-01 (BC)",
  "  20-01-01",
  "-020-01-01",
  "2020-01-01 ",
  "1e999",
  "0x1F",
  "1e5",
  "00",
  "007",
  "0:",
  "1.",
  ".5",
  "+-1",
  "1_0",
);

const readings: readonly (NumberReading | DateReading)[] = [
  plainNumbers,
  { ...plainNumbers, decimal: "," },
  plainDates,
  { ...plainDates, order: "dmy" },
  { ...plainDates, order: "mdy" },
];

it.each(readings.map((reading) => [readingWords(reading), reading] as const))("%s", async (_, reading) => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run("SET TimeZone = 'UTC'");
  const cells = fc.sample(fc.oneof(numberLike, dateLike, yearLast, words), { numRuns: 20_000, seed: 5 });
  await connection.run("CREATE TABLE cells (k INTEGER, x VARCHAR)");
  const appender = await connection.createAppender("cells");
  cells.forEach((cell, at) => {
    appender.appendInteger(at);
    appender.appendVarchar(cell);
    appender.endRow();
  });
  appender.closeSync();
  const sql = fastSql("x", reading, { oddNumbers: true })!;
  const found = (await connection.runAndReadAll(`SELECT ${sql} FROM cells ORDER BY k`)).getColumns()[0]!.map(Number);
  const numberIn = cellReader(reading);
  let read = 0;
  cells.forEach((cell, at) => {
    if (found[at] === mark || found[at] === -mark) return;
    read++;
    expect([cell, numberIn(cell)]).toEqual([cell, found[at]]);
  });
  expect(read).toBeGreaterThan(1000);
});
