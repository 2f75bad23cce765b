// docs/performance.md, written from the numbers of all kept runs: every sentence follows from the tables beside it.
import { tolerance } from "../agreement.ts";
import type { Instructions } from "../cases.ts";
import { certainties } from "../confident.ts";
import { duration, error, table, times } from "../markdown.ts";
import type { Results } from "../results.ts";
import { boundTable, rateTable } from "./bounds.ts";
import { goalSection } from "./goals.ts";
import { memorySection, readMemory } from "./memory.ts";
import { differences, ratioTable } from "./ratios.ts";

/** The page as Markdown. */
export function writePage(all: readonly Results[]): string {
  const memory = readMemory();
  return `# Performance

Written by \`npm run bench\` from what it measured; do not edit by hand. It runs with whatever peers are installed:
PyTorch by \`apt-get install python3-torch\`, TF.js and jax-js by \`npm install --prefix bench\`, the C++ kernels where there is
a g++; ONNX Runtime comes with \`npm ci\`.

**How.** One thread each, float32, random logits. First every contender's loss and gradient are compared with the
float64 reference: ours must agree to a relative ${error(tolerance.ours)} (the gradient: of its largest entry), peers that are off by more than ${error(tolerance.peers)} are marked. Then all
contenders of a case run in turn, round after round, and what counts is the CPU time of their process. A number says how
many times as fast as the contender we are: the median over the rounds of the ratio within a round. Below 1 we lose.
Data are where the contender likes them best, outside the timing: ours on the WASM heap, one-hot labels for TF.js. "PyTorch"
is the strong one: glibc's thresholds are raised by environment variables, so that it reuses the memory of its results;
"as installed" it asks the system for fresh pages each time. Labels are class indices (softmax) or bytes of 0 and 1 (sigmoid);
what a library wants instead it has been given beforehand.

${[...all.map(runSection), ...(memory === null ? [] : [memorySection(memory)])].join("\n\n")}
`;
}

function runSection(results: Results): string {
  const { node, v8, machine, contenders = [], notRun = [] } = results;
  const versions = contenders.filter(({ version }) => version !== "").map(({ name, version }) => `${name} ${version}`);
  const best: Instructions = contenders.some(({ id }) => id === "relaxed") ? "relaxed" : "plain";
  const title = { relaxed: "relaxed SIMD", plain: "SIMD" };
  return [
    `## Node ${node.slice(1)}`,
    `V8 ${v8} on ${machine}. ${versions.join("; ")}.`,
    notRun.length === 0 ? "" : notRun.map(({ name, reason }) => `Not run: ${name}: ${reason}.`).join("\n"),
    `### Times as fast, with ${title[best]}`,
    ratioTable(results, best),
    differences(results),
    best === "relaxed" ? `### Times as fast, with plain SIMD\n\n${ratioTable(results, "plain")}` : "",
    "### Goals",
    goalSection(results, best),
    "### What bounds it",
    rateTable(results),
    `Traffic is what must go through memory at least: logits and labels read, the gradient written. Exponentials are those of
the formula. "Other arithmetic" is neither: logarithms, divisions, the formula itself, turning rows into lanes.`,
    boundTable(results, best),
    duelSection(results),
    smallSection(results),
    confidentSection(results),
    trainerSection(results),
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}

function duelSection({ duels }: Results): string {
  if (duels === undefined) return "";
  const rows = duels.map(({ title, ratio, goal }) => [
    title,
    times(ratio),
    goal === null ? "" : times(goal),
    goal === null ? "" : ratio >= goal ? "met" : "MISSED",
  ]);
  return `### Ours beside ours

How many times as fast as the second the first is. Two threads are timed by the clock on the wall, the shortest time
against the shortest, and still suffer from whoever else uses the machine.

${table(["first : second", "times as fast", "goal", ""], rows)}`;
}

function smallSection({ small, start }: Results): string {
  if (small === undefined || start === undefined) return "";
  const rows = small.map(({ examples, heap, plain, reference }) => [
    `${examples} × 10`,
    duration(heap),
    duration(plain),
    duration(reference),
    times(reference / heap),
    times(reference / plain),
  ]);
  const breakEven = (of: "heap" | "plain") =>
    small.find((_, k) => small.slice(k).every((each) => each[of] <= each.reference))?.examples ?? "beyond the table";
  const total = start.create + start.compile;
  return `### Small batches

One \`evaluate\` with gradient, softmax cross entropy over ten classes. WASM is no slower than the reference from a
batch of ${breakEven("heap")} on where the arrays live on its heap, and from ${breakEven("plain")} on where they are copied.

${table(["batch", "WASM, heap", "WASM, plain arrays", "reference", "heap : reference", "plain : reference"], rows)}

Creating the back end takes ${duration(start.create)}, the first evaluation of a new loss, with its compilation, ${duration(start.compile)}: together
${duration(total)}, where 5 ms is the goal: ${total < 5e-3 ? "met" : "MISSED"}.`;
}

function confidentSection({ confident }: Results): string {
  if (confident === undefined) return "";
  const rows = confident.map(({ activation, name, errors }) => [
    activation,
    name,
    ...errors.map((each, k) => (certainties[k] > largestNormal ? "–" : error(each))),
  ]);
  return `### Confident targets

The relative error of the gradient of cross entropy at a target whose logit is z above the other class. 1 means that the
gradient is gone: this example can no longer be unlearned. At z = 100 it is below the smallest float32, and 0 for all.

${table(["activation", "contender", ...certainties.map((z) => `z = ${z}`)], rows, 2)}`;
}

/** Above this logit the gradient is no normal float32 number. */
const largestNormal = 87;

function trainerSection({ trainer }: Results): string {
  if (trainer === undefined) return "";
  const { trainers, setting, notRun } = trainer;
  const ours = trainers.find(({ id }) => id === "ours")?.rowsPerSecond ?? Number.NaN;
  const fastest = Math.max(...trainers.filter(({ id }) => id !== "ours").map(({ rowsPerSecond }) => rowsPerSecond));
  const rows = trainers.map(({ name, version, rowsPerSecond, loss }) => [
    `${name} ${version}`.trim(),
    rowsPerSecond.toLocaleString("en-US"),
    times(ours / rowsPerSecond),
    loss.toFixed(4),
  ]);
  const goal = Number.isFinite(fastest)
    ? `${times(ours / fastest)} times the faster peer, where 5 is the goal: ${ours >= 5 * fastest ? "met" : "MISSED"}.`
    : "";
  return `### The trainer of the command-line tool

${[`Epochs of ${setting}.`, goal, ...notRun.map(({ name, reason }) => `Not run: ${name}: ${reason}.`)].filter(Boolean).join(" ")}

${table(["trainer", "rows per CPU second", "ours : it", "mean loss of the last epoch"], rows)}`;
}
