// How long our linear model takes beside scikit-learn's LogisticRegressionCV, in one run: writes docs/linear.md.
//
// Run: npm run bench:linear -- FOLDER [--tables a,b] [--rounds 3]
//
// FOLDER holds manifest.json, the tables and folds/. Python with scikit-learn and pandas is $PYTHON, or python3 on the
// PATH. Both take turns, each in a process of its own, on one thread: a machine that is busy now may be idle a minute
// later. What the page is made from is kept in bench/results/tool.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { mean, median } from "../averages.ts";
import { type Duel, keepLinear, linearPage } from "./linearPage.ts";
import { readPeers } from "./peers.ts";

/** What either side says of a table. */
interface Said {
  readonly cpuSeconds: number;
  readonly logLosses: readonly number[];
  readonly version?: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { tables: { type: "string" }, rounds: { type: "string", default: "3" } },
});
const folder = positionals[0];
if (folder === undefined) throw new Error("linear: no folder given, expected the one that holds manifest.json");
const python = process.env.PYTHON ?? "python3";
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const root = here("../../");
const env = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };
const run = (program: string, args: readonly string[], input = "") =>
  execFileSync(program, args, { encoding: "utf8", cwd: root, env, input, maxBuffer: 2 ** 28 });

try {
  run(python, ["-c", "import sklearn, pandas"]);
} catch {
  console.log(`not run: ${python} has no scikit-learn and pandas; name one that has in the variable PYTHON`);
  process.exit(0);
}

const wanted = values.tables?.split(",");
const machine = `Node ${process.version} on ${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}`;
for (const { name } of readPeers(folder).tables.filter((each) => wanted?.includes(each.name) ?? true)) {
  const rounds = Array.from({ length: Number(values.rounds) }, () => {
    const printed = run(python, [here("linear.py"), folder, name]);
    const theirs = JSON.parse(printed) as Said;
    const child = ["--import", "tsx", here("linearChild.ts"), folder, name];
    const ours = JSON.parse(run(process.execPath, child, printed)) as Said;
    return { ours, theirs };
  });
  const duel: Duel = {
    name,
    rounds: rounds.length,
    ours: median(rounds.map(({ ours }) => ours.cpuSeconds)),
    theirs: median(rounds.map(({ theirs }) => theirs.cpuSeconds)),
    ratio: median(rounds.map(({ ours, theirs }) => ours.cpuSeconds / theirs.cpuSeconds)),
    ourLogLoss: mean(rounds[0]!.ours.logLosses),
    theirLogLoss: mean(rounds[0]!.theirs.logLosses),
  };
  // Each table is kept at once, so that a run can be broken off.
  const kept = keepLinear(duel, { version: rounds[0]!.theirs.version ?? "", machine });
  writeFileSync(here("../../docs/linear.md"), linearPage(kept));
  console.log(`${name.padEnd(18)} ${duel.ours.toFixed(2)} s : ${duel.theirs.toFixed(2)} s, ${duel.ratio.toFixed(2)}`);
}
