// What a comparison of a large table takes at its peak, and what it leaves in its journal, of one checkout beside
// another.
//
// Run: npm run bench:memory -- [BASE_CHECKOUT] [--rows 1000000] [--models mlp] [--inputs csv,parquet] [--epochs 2]
//      [--folder DIR] [--keep]
//
// Both checkouts have to be built. Comparisons are those of `compare --fast --jobs 2`, one after the other. The peak
// is the most memory that the process ever held at once (VmHWM of Linux); the one that was called, which waits, holds
// 44 MB more.
// --keep keeps what was found in bench/results/tool, from which docs/performance.md is written.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import { keepMemory, type MemoryFound, type MemoryResults, memorySection, type Taken } from "../page/memory.ts";
import { writePage } from "../page/page.ts";
import { readResults, thisRun } from "../results.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: "string", default: "1000000" },
    models: { type: "string", default: "mlp" },
    inputs: { type: "string", default: "csv,parquet" },
    epochs: { type: "string", default: "2" },
    keep: { type: "boolean", default: false },
    folder: { type: "string", default: join(tmpdir(), "surprisal-memory") },
  },
});
const rows = Number(values.rows);
const inputs = values.inputs.split(",");
const childFile = fileURLToPath(new URL("memoryChild.mjs", import.meta.url));
const here = fileURLToPath(new URL("../../", import.meta.url));
const checkouts = [...positionals.slice(0, 1), here].map((path) => resolve(path));

const tables = await makeTables(values.folder);
const found: MemoryFound[] = [];
for (const model of values.models.split(",")) {
  for (const [k, table] of tables.entries()) {
    const taken: Taken[] = [];
    for (const checkout of checkouts) taken.push(await compare(checkout, table, model));
    const megabytes = Math.round(statSync(table).size / 2 ** 20);
    found.push({ comparison: `${model}, ${inputs[k]} of ${megabytes} MB`, taken });
  }
}
const { node, machine } = thisRun();
const results: MemoryResults = { node, machine, rows, epochs: Number(values.epochs), found };
console.log(memorySection(results));
if (values.keep) {
  keepMemory(results);
  writeFileSync(join(here, "docs/performance.md"), writePage(readResults()));
}

/** Runs a comparison, and watches it. */
async function compare(checkout: string, table: string, model: string): Promise<Taken> {
  const output = join(values.folder, "output");
  rmSync(output, { recursive: true, force: true });
  const start = performance.now();
  const call = [childFile, checkout, table, model, output, values.epochs];
  const child = spawn(process.execPath, call, { stdio: ["ignore", "inherit", "inherit"] });
  const peak = await watched(child);
  const seconds = (performance.now() - start) / 1000;
  const journal = readdirSync(output).filter((name) => name.includes(".journal."));
  const bytes = journal.reduce((sum, name) => sum + statSync(join(output, name)).size, 0);
  return { peakMegabytes: peak / 2 ** 10, journalMegabytes: bytes / 2 ** 20, seconds };
}

/** The kilobytes that a process held at most. */
function watched(child: ChildProcess): Promise<number> {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid!));
  }, 20);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(timer);
      if (code === 0) resolve(peak);
      else reject(new Error(`the comparison ended with exit code ${code}`));
    });
  });
}

/** Nothing once it has ended. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Makes the tables where they are not there yet: 26 numbers, 4 categories, and a label that 3 % of the rows have. */
async function makeTables(folder: string): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const wanted = inputs.map((end) => join(folder, `large${rows}.${end}`));
  if (wanted.every((each) => existsSync(each))) return wanted;
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  // Numbers that hang on nothing but row and column, in [0, 1).
  const random = (k: number) => `(hash(i * 64 + ${k}) / 18446744073709551616.0)`;
  const numbers = Array.from({ length: 26 }, (_, k) => {
    const value = [
      `round(${random(k)} * 1000, 3)`,
      `(${random(k)} * 100000)::INT`,
      `round(${random(k)} - 0.5, 5)`,
      `round(exp(4 * ${random(k)}), 2)`,
    ][k % 4]!;
    return `${k === 6 ? `CASE WHEN ${random(33)} < 0.05 THEN NULL ELSE ${value} END` : value} AS number${k}`;
  });
  const categories = [2, 3, 4, 6].map(
    (levels, k) => `'level ' || floor(${random(40 + k)} * ${levels})::INT AS category${k}`,
  );
  const odds = `exp(3 * (${random(0)} + ${random(1)} - ${random(2)}) + floor(${random(43)} * 6) / 2 - 7)`;
  const label = `CASE WHEN ${random(50)} < ${odds} / (1 + ${odds}) THEN 'yes' ELSE 'no' END AS label`;
  const columns = [...numbers, ...categories, label].join(", ");
  for (const path of wanted) await connection.run(`COPY (SELECT ${columns} FROM range(${rows}) t(i)) TO '${path}'`);
  connection.closeSync();
  return wanted;
}
