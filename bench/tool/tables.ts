// How good the models are on public tables, beside others on the same folds: writes docs/benchmarks.md.
//
// Run: npm run bench:tool -- FOLDER [--cache DIR] [--only linear,mlp,trees,linearLosses,mlpLosses,treesLosses]
// [--tables a,b]
//                                   [--again a,b --python python3]: the CPU time of tuned peers once more, here and now
//
// What is finished stays in the cache, so that a run can be broken off; --only none writes the page from it. After a
// change to the models, take another cache. What the page is made from is kept in bench/results/tool.
import { writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readAgain, timeAgain } from "./again.ts";
import { keepBenchmarks } from "./benchmarks.ts";
import { benchmarkPage } from "./page.ts";
import { readPeers } from "./peers.ts";
import { type Kind, kinds, type Run, runTable } from "./runs.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cache: { type: "string", default: join(tmpdir(), "surprisal-benchmarks") },
    only: { type: "string", default: Object.keys(kinds).join(",") },
    tables: { type: "string" },
    again: { type: "string" },
    python: { type: "string", default: "python3" },
  },
});
const folder = positionals[0];
if (folder === undefined) throw new Error("tables: no folder given, expected the one that holds manifest.json");

const { tables, ...others } = readPeers(folder);
const wanted = values.tables?.split(",");
const bySize = [...tables].sort((a, b) => a.rows * a.features - b.rows * b.features);
const page = fileURLToPath(new URL("../../docs/benchmarks.md", import.meta.url));
const machine = `Node ${process.version} on ${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}.`;

for (const kind of values.only.split(",").filter((name): name is Kind => name in kinds)) {
  for (const table of bySize.filter(({ name }) => wanted === undefined || wanted.includes(name))) {
    const run = (await runTable(folder, table, kind, values.cache, true)) as Run;
    const { logLoss } = run.families[0].undone;
    console.log(
      `${kind.padEnd(12)} ${table.name.padEnd(18)} log loss ${logLoss.toFixed(4)}, ${run.cpuSeconds.toFixed(1)} CPU seconds`,
    );
  }
}

if (values.again !== undefined) {
  const asked = values.again.split(",");
  timeAgain(
    folder,
    tables.filter(({ name }) => asked.includes(name)),
    values.python,
    values.cache,
  );
}
const runs: Record<string, Record<Kind, Run | null>> = {};
for (const table of tables) {
  const kept = await Promise.all(
    Object.keys(kinds).map(async (kind) => [kind, await runTable(folder, table, kind as Kind, values.cache, false)]),
  );
  runs[table.name] = Object.fromEntries(kept) as Record<Kind, Run | null>;
}
const benchmarks = { tables, ...others, again: readAgain(values.cache), runs, machine };
keepBenchmarks(benchmarks);
writeFileSync(page, benchmarkPage(benchmarks));
console.log(`wrote ${page}`);
