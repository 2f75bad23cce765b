// From bytes to columns: every format gives the same table, each cell means what it says, the rest is refused.

import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CliError } from "../src/errors.ts";
import { missingSpellings } from "../src/table/missing.ts";
import { type ReadOptions, readTable } from "../src/table/read.ts";
import type { Column, Table } from "../src/table/table.ts";
import { textsOf } from "./columns.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "surprisal-table-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(name: string, content: string | Uint8Array, options?: ReadOptions): Promise<Table> {
  const path = join(folder, name);
  await writeFile(path, content);
  return readTable(path, options);
}

async function refusal(name: string, content: string | Uint8Array): Promise<string> {
  const error: unknown = await read(name, content).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CliError);
  return (error as CliError).message;
}

function cells(column: Column): (number | string | null)[] {
  return column.kind === "number"
    ? [...column.values].map((value) => (Number.isNaN(value) ? null : value))
    : [...column.codes].map((code) => (code === -1 ? null : column.levels[code]!));
}

const named = (table: Table, name: string): Column => table.columns.find((column) => column.name === name)!;

const rows = [
  { age: 31, city: "Ulm", member: true, since: "2021-03-04", churn: "no" },
  { age: 45.5, city: "Köln, Süd", member: false, since: "2020-12-31", churn: "yes" },
  { age: null, city: null, member: null, since: null, churn: "no" },
  { age: -2e3, city: 'say "hi"', member: true, since: "1969-12-31", churn: "no" },
];
const quotedCell = (cell: unknown): string =>
  cell === null ? "" : /[",\n\t;|]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell);
const text = (delimiter: string, end = "\n"): string =>
  [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row).map(quotedCell))]
    .map((line) => line.join(delimiter))
    .join(end) + end;

describe("every format gives the same table", () => {
  const json = JSON.stringify(rows);
  const files: [string, string | Uint8Array][] = [
    ["a.csv", text(",")],
    ["crlf.csv", text(",", "\r\n")],
    ["bom.csv", `\ufeff${text(",")}`],
    ["mixed line ends.csv", text(",").replace("\n", "\r\n")],
    ["semicolon.csv", text(";")],
    ["bar.txt", text("|")],
    ["tab.tsv", text("\t")],
    ["a.csv.gz", gzipSync(text(","))],
    ["gzip without its ending.csv", gzipSync(text(","))],
    ["a.json", json],
    ["a.json.gz", gzipSync(json)],
    ["a.jsonl", rows.map((row) => JSON.stringify(row)).join("\n")],
    ["odd [1] name*?.csv", text(",")],
    ["json without its ending", json],
  ];
  test.each(files)("%s", async (name, content) => {
    const table = await read(name, content);
    expect(table.rows).toBe(4);
    expect(textsOf(table.notes)).toEqual([]);
    expect(table.columns.map(({ name, kind }) => [name, kind])).toEqual([
      ["age", "number"],
      ["city", "category"],
      ["member", "category"],
      ["since", "number"],
      ["churn", "category"],
    ]);
    expect(cells(named(table, "age"))).toEqual([31, 45.5, null, -2000]);
    expect(cells(named(table, "city"))).toEqual(["Ulm", "Köln, Süd", null, 'say "hi"']);
    expect(cells(named(table, "member"))).toEqual(["true", "false", null, "true"]);
    expect(named(table, "since")).toMatchObject({ from: "date" });
    expect(cells(named(table, "since"))).toEqual([18690, 18627, null, -1]);
    expect(named(table, "churn")).toMatchObject({ levels: ["no", "yes"] });
  });

  test("Parquet, with its own types, and nested columns left out", async () => {
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const path = join(folder, "a.parquet");
    await connection.run(
      `COPY (SELECT 1::TINYINT AS i, 2.5::DECIMAL(9, 2) AS d, true AS b, DATE '1970-01-11' AS day,
        TIMESTAMPTZ '1970-01-02 12:00:00+00' AS at, 'x' AS t, {'a': 1} AS s, 'nan'::DOUBLE AS n
        UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
       TO '${path.replaceAll("'", "''")}'`,
    );
    const table = await readTable(path);
    expect(Object.fromEntries(table.columns.map((column) => [column.name, cells(column)]))).toEqual({
      i: [1, null],
      d: [2.5, null],
      b: ["true", null],
      day: [10, null],
      at: [1.5, null],
      t: ["x", null],
      n: [null, null],
    });
    expect(textsOf(table.notes)).toEqual([expect.stringMatching(/^s: holds lists, objects or bytes/)]);
  });
});

describe("what a cell means", () => {
  test("every spelling of missing is missing, in numbers, texts and dates, in capitals and between blanks", async () => {
    for (const spelling of [...missingSpellings, ...missingSpellings.map((each) => ` ${each.toUpperCase()} `)]) {
      const table = await read(
        "na.csv",
        `n,t,d,x\n1,a,2020-01-01,1\n${spelling},${spelling},${spelling},1\n3,b,2020-01-03,1\n`,
      );
      expect(cells(named(table, "n"))).toEqual([1, null, 3]);
      expect(cells(named(table, "t"))).toEqual(["a", null, "b"]);
      expect(cells(named(table, "d"))).toEqual([18262, null, 18264]);
    }
  });

  test("numbers with two values stay numbers, blanks around values are dropped, a column without values is a number", async () => {
    const table = await read("few.csv", "flag,word,none\n0, yes,\n1,yes ,NA\n0,no,?\n");
    expect(named(table, "flag").kind).toBe("number");
    expect(named(table, "word")).toMatchObject({ levels: ["no", "yes"] });
    expect(cells(named(table, "none"))).toEqual([null, null, null]);
  });

  test("a text among numbers is a gap, and a note names its row, also far below the sample", async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => (i === 2500 ? "many,1" : `${i % 7},1`));
    const table = await read("mixed.csv", `x,y\n${lines.join("\n")}\n`);
    expect(cells(named(table, "x"))).toEqual(lines.map((line, i) => (i === 2500 ? null : Number(line.split(",")[0]))));
    expect(textsOf(table.notes)).toEqual([expect.stringMatching(/^x: row 2501 holds "many", which is no number/)]);
  });

  test("many texts among numbers make a category, and a note names the first", async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => (i >= 2500 ? `many ${i % 3},1` : `${i % 7},1`));
    const table = await read("mixed.csv", `x,y\n${lines.join("\n")}\n`);
    expect(named(table, "x")).toMatchObject({ kind: "category" });
    expect(textsOf(table.notes)).toEqual([expect.stringMatching(/^x: row 2501 holds "many 1" among numbers/)]);
  });

  test("what only DuckDB takes for a number is a text, also far below the sample", async () => {
    for (const odd of ["1_000", "+-1", "0.1_2"]) {
      const lines = Array.from({ length: 3000 }, (_, i) => (i === 2500 ? `${odd},1` : `${i % 7},1`));
      for (const [name, content] of [
        ["odd.csv", `x,y\n${lines.join("\n")}\n`],
        ["odd.jsonl", lines.map((line) => `{"x":"${line.slice(0, -2)}","y":1}`).join("\n")],
      ] as const) {
        const asked = { kinds: [{ column: "x", value: "number" }] } as const;
        const table = await read(name, content, { asked });
        expect(cells(named(table, "x"))[2500]).toBe(null);
        expect(textsOf(table.notes)).toEqual([expect.stringContaining(`x: row 2501 holds "${odd}"`)]);
      }
    }
  });

  test("mixed types in JSON keep each value's text", async () => {
    const table = await read("mixed.json", '[{"a": 1, "b": 1}, {"a": "x", "b": "2"}, {"a": true}]');
    expect(cells(named(table, "a"))).toEqual(["1", "x", "true"]);
    expect(cells(named(table, "b"))).toEqual([1, 2, null]);
  });

  test("dates in the orders of the world, and a decimal comma, are read and noted", async () => {
    const table = await read(
      "dates.csv",
      "g;u;e;c;t\n02.01.1970;01/31/1970;31/01/1970;1,5;1970-01-02T12:00:00Z\n03.01.1970;12/31/1970;01/12/1970;2;1970-01-03 06:00\n",
    );
    expect(cells(named(table, "g"))).toEqual([1, 2]);
    expect(cells(named(table, "u"))).toEqual([30, 364]);
    expect(cells(named(table, "e"))).toEqual([30, 334]);
    expect(cells(named(table, "c"))).toEqual([1.5, 2]);
    expect(cells(named(table, "t"))).toEqual([1.5, 2.25]);
    expect(table.notes).toHaveLength(4);
  });

  test("hostile names and texts go through unharmed", async () => {
    const name = '"; DROP TABLE x; --';
    const markup = "<script>alert(1)</script>";
    for (const [file, content] of [
      ["hostile.csv", `"${name.replaceAll('"', '""')}",y\n${markup},1\n"'; --",2\n`],
      [
        "hostile.json",
        JSON.stringify([
          { [name]: markup, y: 1 },
          { [name]: "'; --", y: 2 },
        ]),
      ],
    ] as const) {
      const table = await read(file, content);
      expect(table.columns[0]!.name).toBe(name);
      expect(cells(table.columns[0]!)).toEqual([markup, "'; --"]);
    }
  });

  test("infinite numbers are refused with their column and row, or are missing in a column that is dropped", async () => {
    const content = "a,b\n1,2\n3,4\ninf,5\n";
    expect(await refusal("inf.csv", content)).toMatch(/column "a" is infinite in row 3.*--drop a/);
    expect(await refusal("large.csv", "a,b\n1,2\n1e999,4\n")).toMatch(/column "a" is infinite in row 2/);
    expect(cells(named(await read("inf.csv", content, { drop: ["a"] }), "a"))).toEqual([1, 3, null]);
  });

  test("an infinite number in Parquet is refused with its row, also far down", async () => {
    const instance = await DuckDBInstance.create(":memory:");
    const path = join(folder, "inf.parquet");
    await (await instance.connect()).run(
      `COPY (SELECT 1 AS a, CASE WHEN i = 5000 THEN 'inf'::DOUBLE ELSE i END AS b FROM range(1, 9000) t(i)) TO '${path.replaceAll("'", "''")}'`,
    );
    await expect(readTable(path)).rejects.toThrow(/column "b" is infinite in row 5000/);
  });

  test("keys of JSON keep their quotes, and keys that differ in capitals keep their values", async () => {
    const table = await read(
      "keys.json",
      JSON.stringify([
        { "it's": 1, a: 1, A: "x" },
        { "it's": 2, a: 2, A: "y" },
      ]),
    );
    expect(table.columns.map(cells)).toEqual([
      [1, 2],
      [1, 2],
      ["x", "y"],
    ]);
    expect(table.columns[0]!.name).toBe("it's");
  });

  test("names that differ in capitals are different, a column without a name gets one", async () => {
    const table = await read("capitals.csv", ",a,A\n1,2,3\n");
    expect(table.columns.map(({ name }) => name)).toEqual(["column 1", "a", "A"]);
    expect(table.notes[0].text).toMatch(/column 1 has no name/);
  });

  test("any table of numbers and texts comes back as it was written, in its order", async () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "B", "é", "漢", " ", ",", '"', "\n", ";", "'", "0") });
    const row = fc.tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), cell);
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (given) => {
        const quote = (each: string): string => `"${each.replaceAll('"', '""')}"`;
        const lines = given.map(([number, word]) => `${number},${quote(`w${word}w`)}`);
        const table = await read("any.csv", `n,w\n${lines.join("\n")}\n`);
        expect(cells(table.columns[0]!)).toEqual(given.map(([number]) => number + 0));
        expect(cells(table.columns[1]!)).toEqual(given.map(([, word]) => `w${word}w`));
      }),
      { numRuns: 25 },
    );
  });

  test("a long table keeps its order and its levels", async () => {
    const lines = Array.from(
      { length: 150_000 },
      (_, i) =>
        `${i},${createHash("md5")
          .update(String(i % 5000))
          .digest("hex")}`,
    );
    const table = await read("long.csv", `i,h\n${lines.join("\n")}\n`);
    expect(table.rows).toBe(150_000);
    const [i, h] = table.columns;
    expect(i!.kind === "number" && i.values.every((value, row) => value === row)).toBe(true);
    expect(h!.kind === "category" && h.levels.length).toBe(5000);
    const found = cells(h!);
    expect(found.every((each, row) => `${row},${each}` === lines[row])).toBe(true);
  });
});
