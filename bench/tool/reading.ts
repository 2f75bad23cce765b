// What reading a large plain table takes, CSV and Parquet: CPU seconds and peak memory, of one checkout beside another.
//
// Run: npm run bench:reading -- [BASE_CHECKOUT] [--rows 1000000] [--rounds 5] [--folder DIR]
//
// Both checkouts have to be built. They read in turns, each time in a process of its own, since a machine that is busy
// now may be idle a minute later; what is printed is the median of the rounds.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, statSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import { median } from "../averages.ts";
import { table as markdownTable } from "../markdown.ts";

/** What a child says of one reading. */
interface Reading {
  readonly rows: number;
  readonly columns: number;
  readonly numbers: number;
  readonly cpuSeconds: number;
  readonly seconds: number;
  readonly peakMegabytes: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "5" },
    folder: { type: "string", default: join(tmpdir(), "surprisal-reading") },
  },
});
const rows = Number(values.rows);
const child = fileURLToPath(new URL("readingChild.mjs", import.meta.url));
const here = fileURLToPath(new URL("../../", import.meta.url));
const checkouts = [...positionals.slice(0, 1), here].map((path) => resolve(path));

const tables = await makeTables(values.folder);
const found: string[][] = [];
for (const table of tables) {
  const readings = checkouts.map((): Reading[] => []);
  for (let round = 0; round < Number(values.rounds); round++) {
    checkouts.forEach((checkout, k) => {
      readings[k]!.push(read(checkout, table));
    });
  }
  const of = (k: number, what: keyof Reading) => median(readings[k]!.map((each) => each[what]));
  const base = 0;
  const last = checkouts.length - 1;
  const name = table.split(".").at(-1)!;
  const megabytes = (statSync(table).size / 2 ** 20).toFixed(0);
  const { columns, numbers } = readings[last]![0]!;
  for (const [what, digits] of [
    ["cpuSeconds", 2],
    ["seconds", 2],
    ["peakMegabytes", 0],
  ] as const) {
    found.push([
      `${name}, ${megabytes} MB, ${columns} columns (${numbers} numbers)`,
      what,
      ...checkouts.map((_, k) => of(k, what).toFixed(digits)),
      (of(last, what) / of(base, what)).toFixed(3),
    ]);
  }
}
const processor = cpus()[0]?.model ?? "unknown processor";
console.log(
  `Node ${process.version}, ${cpus().length} × ${processor}, ${rows} rows, median of ${values.rounds} rounds.\n`,
);
console.log(markdownTable(["table", "", ...checkouts, "ratio"], found));

function read(checkout: string, table: string): Reading {
  return JSON.parse(execFileSync(process.execPath, [child, checkout, table], { encoding: "utf8" })) as Reading;
}

/** Makes the tables where they are not there yet: 20 numbers, 5 categories, 3 dates and 2 ids. */
async function makeTables(folder: string): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const path = (end: string) => join(folder, `plain${rows}.${end}`);
  const wanted = ["csv", "parquet"].map(path);
  if (wanted.every((each) => existsSync(each))) return wanted;
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  // Numbers that hang on nothing but row and column, in [0, 1).
  const random = (k: number) => `(hash(i * 64 + ${k}) / 18446744073709551616.0)`;
  const numbers = Array.from({ length: 20 }, (_, k) => {
    const value = [
      `round(${random(k)} * 1000, 3)`,
      `(${random(k)} * 100000)::INT`,
      `CASE WHEN ${random(k + 32)} < 0.05 THEN NULL ELSE round(${random(k)} - 0.5, 5) END`,
      `round(exp(20 * ${random(k)}) / 1000, 2)`,
    ][k % 4]!;
    return `${value} AS number${k}`;
  });
  const categories = [3, 8, 20, 60, 400].map(
    (levels, k) => `'level ' || floor(${random(20 + k)} * ${levels})::INT AS category${k}`,
  );
  const day = (k: number) => `(DATE '2010-01-01' + (${random(k)} * 4000)::INT)`;
  const dates = (text: boolean) => [
    `${day(25)} AS day`,
    `${day(26)} + to_seconds((${random(27)} * 86400)::INT) AS moment`,
    `${text ? `strftime(${day(28)}, '%d/%m/%Y')` : day(28)} AS british`,
  ];
  const ids = ["1000000 + i AS account_id", "'K' || (hash(i) % 1000000000000) AS key"];
  for (const [k, text] of [true, false].entries()) {
    const columns = [...ids, ...numbers, ...categories, ...dates(text)].join(", ");
    await connection.run(`COPY (SELECT ${columns} FROM range(${rows}) t(i)) TO '${wanted[k]}'`);
  }
  connection.closeSync();
  return wanted;
}
