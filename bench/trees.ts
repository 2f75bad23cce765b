// The kernels of boosted trees beside plain loops that do the same, on one thread: writes the table in docs/wasm.md.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkedKernels } from "../packages/surprisal/src/backends/wasm/trees/checks.ts";
import { plainKernels } from "../packages/surprisal/src/backends/wasm/trees/plain.ts";
import { type TreeKernels, treeKernels } from "../packages/surprisal/src/trees.ts";
import { wasm as shared } from "../packages/surprisal/src/wasm.ts";
import { replaceGenerated } from "../scripts/docs/regions.ts";
import { thisRun } from "./results.ts";

const wasm = shared.create({ relaxed: false });
const kernels = treeKernels(wasm);
const plain = checkedKernels(() => ({ kernels: plainKernels, heap: null }));
const binCount = 256;

/** Each loop runs so often, by turns with the other, and its shortest time counts: others may use the machine. */
const rounds = 25;

/** Whole numbers below a limit, always the same. */
let state = 1;
function random(limit: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return Math.floor(((state >>> 8) / 2 ** 24) * limit);
}

/** A table of bins, and every so manieth of its rows as a node. */
function node(count: number, width: number, each: number) {
  const bins = wasm.uint8(count * width);
  for (let k = 0; k < bins.length; k++) bins[k] = random(binCount - 1);
  const column = wasm.uint8(count);
  for (let n = 0; n < count; n++) column[n] = bins[n * width + width - 1];
  const starts = wasm.int32(width + 1);
  for (let f = 0; f <= width; f++) starts[f] = f * binCount;
  const [gradient, curvature] = [wasm.float32(count), wasm.float32(count)];
  for (let n = 0; n < count; n++) [gradient[n], curvature[n]] = [random(1000) / 1000 - 0.5, random(1000) / 4000];
  const chosen = Array.from({ length: count }, (_, n) => n).filter(() => random(each) === 0);
  const rows = wasm.int32(chosen.length);
  rows.set(chosen);
  const [into, other] = [wasm.float64(2 * width * binCount), wasm.float64(2 * width * binCount)];
  const features = wasm.int32(width);
  for (let f = 0; f < width; f++) features[f] = f;
  const goesLeft = wasm.uint8(256).fill(1, 0, 128);
  const [gains, cuts] = [wasm.float64(3 * width), wasm.int32(width)];
  const total = { gradient: 1, curvature: rows.length / 8, l2: 1, least: 1 };
  const histogram = { bins, starts, gradient, curvature, outputs: 1, output: 0, rows, into };
  const search = { histogram: into, starts, features, into: gains, cuts, ...total };
  const arrays = [bins, column, starts, gradient, curvature, rows, into, other, features, goesLeft, gains, cuts];
  return {
    cells: rows.length * width,
    tasks: {
      histogram: (of: TreeKernels) => of.histogram(histogram),
      bestCuts: (of: TreeKernels) => of.bestCuts(search),
      subtract: (of: TreeKernels) => of.subtract({ from: other, other: into }),
      partition: (of: TreeKernels) => of.partition({ bins, width, feature: width - 1, goesLeft, rows }),
      "partition, the feature by itself": (of: TreeKernels) =>
        of.partition({ bins: column, width: 1, feature: 0, goesLeft, rows }),
      addToRows: (of: TreeKernels) => of.addToRows({ logits: gradient, outputs: 1, output: 0, rows, value: 1e-6 }),
    },
    units: {
      histogram: rows.length * width,
      bestCuts: width * binCount,
      subtract: width * binCount,
      partition: rows.length,
      "partition, the feature by itself": rows.length,
      addToRows: rows.length,
    },
    reset: () => rows.set(chosen),
    free: () => {
      for (const array of arrays) wasm.free(array);
    },
  };
}

const units = {
  histogram: "cell",
  bestCuts: "bin",
  subtract: "bin",
  partition: "row",
  "partition, the feature by itself": "row",
  addToRows: "row",
} as const;

const lines = ["| rows × features | | nanoseconds a | kernel | plain loop | times |", "|---|---|---|---:|---:|---:|"];
const nodes = [
  [1_000_000, 30, 1],
  [1_000_000, 30, 32],
  [40_000, 30, 1],
  [4_000, 19, 1],
] as const;
for (const [count, width, each] of nodes) {
  const here = node(count, width, each);
  for (const name of Object.keys(units) as (keyof typeof units)[]) {
    const [fast, slow] = [kernels, plain].map((of) => () => here.tasks[name](of));
    let [ours, theirs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let round = 0; round < rounds; round++) {
      here.reset();
      ours = Math.min(ours, millisecondsOf(fast));
      here.reset();
      theirs = Math.min(theirs, millisecondsOf(slow));
    }
    const perUnit = (milliseconds: number) => ((milliseconds * 1e6) / here.units[name]).toFixed(2);
    const which = each === 1 ? "" : `, each ${each}nd row`;
    const size = `${count.toLocaleString("en")} × ${width}${which}`;
    lines.push(
      `| ${size} | \`${name}\` | ${units[name]} | ${perUnit(ours)} | ${perUnit(theirs)} | ${(theirs / ours).toFixed(1)} |`,
    );
    console.log(lines.at(-1));
  }
  here.free();
}

const { machine, node: version } = thisRun();
const path = join(dirname(fileURLToPath(import.meta.url)), "../docs/wasm.md");
const table = [...lines, "", `Node ${version}, ${machine}, shortest of ${rounds} runs.`].join("\n");
writeFileSync(path, replaceGenerated(path, readFileSync(path, "utf8"), { trees: table }));

function millisecondsOf(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}
