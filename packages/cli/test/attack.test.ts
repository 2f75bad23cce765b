// Damaged tables: either an error with a way out, or exactly what an independent reading of the damaged bytes gives.
// SURPRISAL_ATTACK=long does a hundred times as much and prints its counts.
import { readFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, describe, expect, it } from "vitest";
import { attackTime, isLong, recordCounts } from "../../surprisal/test/attack/counts.ts";
import { CliError } from "../src/errors.ts";
import { Random } from "../src/random.ts";
import { findDelimiter } from "../src/table/layout.ts";
import { isMissing } from "../src/table/missing.ts";
import { toNumber } from "../src/table/quantities.ts";
import { readTable } from "../src/table/read.ts";
import type { Column, Table } from "../src/table/table.ts";
import { damage } from "./damage.ts";
import { type Reading, Refused, readDelimited, readJson } from "./strictReaders.ts";
import { scratch } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

/** Errors that a sound reading may get, too: about names, sizes and infinite numbers, which damage can make. */
const alsoOfSound =
  /infinite|both named|no column|column names but no rows|is empty|no rows; expected|first line does not end|longer than a line|not a GZIP stream|carriage return/;

interface Subject {
  readonly name: string;
  readonly ending: string;
  readonly good: Buffer;
  readonly attacks: number;
  /** Whether every table that the strict reader takes must be taken. */
  readonly complete: boolean;
  read(bytes: Buffer): Reading;
}

const random = new Random("tables");
const words = ["red", "gre en", "blue", "", "NA", "Köln", "漢字", "x,y", 'say "no"', "two\nlines", " blanks "];
const cells = (count: number): (string | number)[][] =>
  Array.from({ length: count }, (_, n) => [
    n,
    (random.next() * 1000 - 500).toFixed(random.integer(5)),
    words[random.integer(words.length)]!,
    words[random.integer(3)]!,
    random.next() < 0.3 ? "yes" : "no",
  ]);
const header = ["id", "x", "word", "colour", "answer"];
const quoted = (cell: string | number): string =>
  /[",;\t\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell);
const delimited = (rows: readonly (string | number)[][], delimiter: string, end: string): Buffer =>
  Buffer.from([header, ...rows].map((row) => row.map(quoted).join(delimiter) + end).join(""));
const objects = (rows: readonly (string | number)[][]): string[] =>
  rows.map((row) =>
    JSON.stringify(Object.fromEntries(header.map((name, k) => [name, k === 1 ? Number(row[k]) : row[k]]))),
  );

/** So wide that its rows do not fit the buffers between DuckDB and its reader. */
const wide = (): Buffer => {
  const names = Array.from({ length: 150 }, (_, k) => `c${k}`);
  const rows = Array.from({ length: 20_000 }, (_, n) =>
    names.map((_, k) => (k % 50 === 3 ? `w${n % 9}` : (n * k) % 997)),
  );
  return Buffer.from(`${[names, ...rows].map((row) => row.join(",")).join("\n")}\n`);
};

const csvRead = (bytes: Buffer): Reading => {
  const body = bytes.subarray(0, 3).equals(Buffer.of(0xef, 0xbb, 0xbf)) ? bytes.subarray(3) : bytes;
  return readDelimited(body, findDelimiter(new TextDecoder().decode(body.subarray(0, 4 * 1024 * 1024))));
};
const unzipped = (read: (bytes: Buffer) => Reading) => (bytes: Buffer) => {
  try {
    return read(bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes);
  } catch (error) {
    throw error instanceof Refused ? error : new Refused("gzip");
  }
};
const times = isLong ? 100 : 1;
const subjects: readonly Subject[] = [
  {
    name: "CSV",
    ending: ".csv",
    good: delimited(cells(60), ",", "\n"),
    attacks: 60 * times,
    complete: true,
    read: csvRead,
  },
  {
    name: "CSV of Windows",
    ending: ".csv",
    good: delimited(cells(60), ";", "\r\n"),
    attacks: 30 * times,
    complete: true,
    read: csvRead,
  },
  {
    name: "zipped CSV",
    ending: ".csv.gz",
    good: gzipSync(delimited(cells(300), ",", "\n")),
    attacks: 20 * times,
    complete: true,
    read: unzipped(csvRead),
  },
  {
    name: "JSON lines",
    ending: ".jsonl",
    good: Buffer.from(objects(cells(60)).join("\n")),
    attacks: 40 * times,
    complete: false,
    read: readJson,
  },
  {
    name: "a JSON list",
    ending: ".json",
    good: Buffer.from(JSON.stringify(objects(cells(60)).map((each) => JSON.parse(each)))),
    attacks: 40 * times,
    complete: false,
    read: readJson,
  },
  {
    name: "zipped JSON lines",
    ending: ".jsonl.gz",
    good: gzipSync(objects(cells(300)).join("\n")),
    attacks: 10 * times,
    complete: false,
    read: unzipped(readJson),
  },
  { name: "a wide CSV", ending: ".csv", good: wide(), attacks: isLong ? 150 : 3, complete: true, read: csvRead },
];

describe("a damaged table", () => {
  it.each(subjects.map((subject) => [subject.name, subject] as const))(
    "of %s is refused, or read as its bytes are",
    async (name, { ending, good, attacks, complete, read }) => {
      const counts = { refused: 0, read: 0 };
      for (let attack = 0; attack < attacks; attack++) {
        const { bytes, what } = damage(good, new Random(`${name} ${attack}`));
        const about = `attack ${attack} (${what})`;
        const path = place.write(`damaged${ending}`, bytes);
        const found = await readTable(path).catch((error: unknown) => error);
        const expected = await Promise.resolve(bytes)
          .then(read)
          .catch((error: unknown) => error);
        if (expected instanceof Error && !(expected instanceof Refused)) throw expected;
        if (found instanceof Error) {
          counts.refused++;
          expect(found, `${about}: ${found.stack}`).toBeInstanceOf(CliError);
          if (complete && !(expected instanceof Error)) expect(found.message, about).toMatch(alsoOfSound);
          continue;
        }
        counts.read++;
        // What damage has made a title, names of rows or names again is told.
        if ((found as Table).notes.some(({ code }) => /^(skippedLines|rowNames|namesAgain)$/.test(code))) continue;
        expect(expected, about).not.toBeInstanceOf(Error);
        const difference = compared(found as Table, expected as Reading, ending.startsWith(".csv"));
        expect(difference, about).toBe(null);
      }
      recordCounts(`a damaged table: ${name}`, { refused: counts.refused, "read as its bytes are": counts.read });
    },
    attackTime,
  );

  it("of Parquet is refused, or read as DuckDB reads it at once and in one thread", async () => {
    const counts = { refused: 0, read: 0 };
    const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
    const connection = await instance.connect();
    const goods: Buffer[] = [];
    for (const [rows, options] of [
      [300, "COMPRESSION zstd"],
      [5000, "COMPRESSION snappy, ROW_GROUP_SIZE 2048"],
      [3000, "COMPRESSION uncompressed"],
    ] as const) {
      const path = place.path("good.parquet");
      await connection.run(
        `COPY (SELECT i AS id, CASE WHEN i % 7 > 0 THEN i * 1.5 END AS x, 'w' || (i % 11) AS word,
          ${Array.from({ length: 20 }, (_, k) => `(i * ${k + 3}) % 1009 AS c${k}`).join(", ")}
          FROM range(${rows}) t(i)) TO '${path}' (FORMAT parquet, ${options})`,
      );
      goods.push(readFileSync(path));
    }
    for (let attack = 0; attack < 20 * times; attack++) {
      const { bytes, what } = damage(goods[attack % goods.length]!, new Random(`Parquet ${attack}`));
      const about = `attack ${attack} (${what})`;
      const path = place.write("damaged.parquet", bytes);
      const found = await readTable(path).catch((error: unknown) => error);
      if (found instanceof Error) {
        counts.refused++;
        expect(found, `${about}: ${found.stack}`).toBeInstanceOf(CliError);
        continue;
      }
      counts.read++;
      const reader = await connection.runAndReadAll(`SELECT * FROM read_parquet('${path}')`);
      const rows = reader.getRows().map((row) => row.map((cell) => (cell === null ? null : String(cell))));
      const table = found as Table;
      expect(compared(table, { names: table.columns.map(({ name }) => name), rows }, false), about).toBe(null);
    }
    connection.closeSync();
    instance.closeSync();
    recordCounts("a damaged table: Parquet", { refused: counts.refused, "read as its bytes are": counts.read });
  }, 3_600_000);
});

/** The first difference between a table and what its bytes say, or null. */
function compared(table: Table, { names, rows }: Reading, all: boolean): string | null {
  if (table.rows !== rows.length) return `${table.rows} rows, but there are ${rows.length}`;
  if (all && table.columns.length !== names.length) return `${table.columns.length} columns of ${names.length}`;
  for (const [k, column] of table.columns.entries()) {
    // Of names that differ in capitals DuckDB changes one, and a column without a name gets one.
    const at = all ? k : names.indexOf(column.name);
    if (at === -1) continue;
    for (let row = 0; row < rows.length; row++) {
      const cell = rows[row]![at];
      if (cell instanceof Map) continue;
      const text = cell === null ? "" : typeof cell === "object" ? (cell as { plain: string }).plain : String(cell);
      const difference = differs(column, row, text);
      if (difference !== null) return `row ${row + 1} of ${column.name}: ${difference}`;
    }
  }
  return null;
}

function differs(column: Column, row: number, text: string): string | null {
  if (column.kind === "number") {
    const value = column.values[row]!;
    const expected = isMissing(text) ? Number.NaN : toNumber(text.trim());
    // DuckDB makes float64 of a DECIMAL with an error in the last place.
    const close = Math.abs(value - expected) <= 1e-15 * Math.abs(expected);
    const dated = column.from === "date" && !isMissing(text);
    return dated || close || Object.is(value + 0, expected + 0)
      ? null
      : `${value}, but there is ${JSON.stringify(text)}`;
  }
  const found = column.codes[row] === -1 ? null : column.levels[column.codes[row]!]!;
  if (found === undefined) return "a code without a level";
  const same =
    found === null
      ? isMissing(text)
      : found === text.trim() || found === text.trim().toLowerCase() || Number(found) === Number(text);
  return same ? null : `${JSON.stringify(found)}, but there is ${JSON.stringify(text)}`;
}
