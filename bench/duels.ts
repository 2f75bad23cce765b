// Ours beside ours: pairs whose ratio is the point, timed in turn.
import { defineLoss, reference } from "surprisal";
import { wasm } from "surprisal/wasm";
import { type Case, cases, makeCase, type Pass, passes } from "./cases.ts";
import type { Kernels } from "./contender.ts";
import { type Heap, heapKernels, lossOf, plainKernels } from "./contenders/surprisal.ts";
import { type Data, makeData } from "./data.ts";
import { type Effort, interleave, type Runner, shortestOf, speedup } from "./rounds.ts";

/** One pair, measured. */
export interface Duel {
  readonly title: string;
  /** How many times as fast as the second the first is. */
  readonly ratio: number;
  readonly goal: number | null;
}

type Side = (task: Case, data: Data) => Kernels;

interface Pair {
  readonly title: string;
  readonly task: Case;
  readonly pass: Pass;
  readonly first: Side;
  readonly second: Side;
  readonly goal: number | null;
  /**
   * Two threads save time, not work: the clock on the wall instead of CPU seconds. Whoever else uses the machine takes
   * from two threads twice, so that medians would tell of the neighbours; the shortest times of both are compared.
   */
  readonly clock?: "wall";
}

/** Focal loss as a user would define it; the library does not know that it has one like it. */
const homemade = defineLoss({
  name: "homemade",
  parameters: { power: { default: 2, min: 0 } },
  formula: ({ neg, mul, pow }, { logPt, oneMinusPt }, { power }) => neg(mul(pow(oneMinusPt, power), logPt)),
});

const named = (name: string): Case => cases.find((task) => task.name === name)!;
const onHeap =
  (heap: Heap): Side =>
  (task, data) =>
    heapKernels(heap, task, data);
const defined: Side = (task, data) => heapKernels(wasm, task, data, homemade({ power: task.gamma }));
const crossEntropy: Side = (task, data) => heapKernels(wasm, task, data, lossOf({ gamma: 0 }));
const copied: Side = (task, data) => plainKernels(wasm, task, data);
const byReference: Side = (task, data) => plainKernels(reference, task, data);

function pairs(): readonly Pair[] {
  const two = wasm.create({ threads: 2 });
  const ours = onHeap(wasm);
  const few = makeCase("softmax", 0, "32 × 10");
  const threads = (name: string, pass: Pass, goal: number): Pair => ({
    title: `two threads : one, ${name}, ${pass}`,
    ...{ task: named(name), pass, first: onHeap(two), second: ours, goal, clock: "wall" },
  });
  type Sides = readonly [first: Side, second: Side];
  const versus = (title: string, task: Case, pass: Pass, [first, second]: Sides, goal: number | null): Pair => ({
    title: `${title}, ${task.name}, ${pass}`,
    ...{ task, pass, first, second, goal },
  });
  const sigmoidFocal = named("sigmoid focal, gamma 2, 1e6");
  const anyFocal = named("sigmoid focal, gamma 1.5, 1e6");
  const softmaxFocal = named("softmax focal, gamma 1.5, 8192 × 1000");
  return [
    versus("a user's loss : the built-in one", sigmoidFocal, "gradient", [defined, ours], 1 / 1.2),
    versus("a user's loss : the built-in one", anyFocal, "gradient", [defined, ours], 1 / 1.2),
    versus("a user's loss : the built-in one", softmaxFocal, "gradient", [defined, ours], 1 / 1.2),
    // Gamma 3 takes a more exact exponential.
    ...[softmaxFocal, makeCase("softmax", 2, "8192 × 1000"), makeCase("softmax", 3, "8192 × 1000")].flatMap((task) =>
      passes.map((pass) => versus("focal : cross entropy", task, pass, [ours, crossEntropy], 1 / 1.1)),
    ),
    threads("softmax CE 65536 × 10", "gradient", 1.8),
    threads("sigmoid CE 1e6", "gradient", 1.8),
    threads("softmax CE 256 × 128256", "gradient", 1.4),
    threads("sigmoid CE 1e7", "gradient", 1.4),
    versus("WASM : reference", few, "gradient", [ours, byReference], 1),
    versus("WASM with plain arrays : reference", few, "gradient", [copied, byReference], 1),
    versus("plain arrays : arrays on the heap", named("softmax CE 8192 × 1000"), "gradient", [copied, ours], null),
  ];
}

/** Measures every pair. */
export async function measureDuels(effort: Effort, report: (duel: Duel) => void): Promise<void> {
  for (const { title, task, pass, first, second, goal, clock } of pairs()) {
    const data = makeData(task);
    const sides = { first: first(task, data), second: second(task, data) };
    const runners = Object.entries(sides).map(([id, kernels]) => runner(id, kernels, pass, clock));
    const samples = await interleave(runners, effort);
    for (const kernels of Object.values(sides)) kernels.release?.();
    const ratio =
      clock === "wall"
        ? shortestOf(samples, "second") / shortestOf(samples, "first")
        : speedup(samples, "first", "second");
    report({ title, goal, ratio });
  }
}

/** A runner of kernels in this process. */
export function runner(id: string, kernels: Kernels, pass: Pass, clock: "cpu" | "wall" = "cpu"): Runner {
  const run = kernels.run[pass]!;
  return {
    id,
    async time(repeats) {
      const start = performance.now();
      const before = process.cpuUsage();
      for (let k = 0; k < repeats; k++) run();
      const { user, system } = process.cpuUsage(before);
      return (clock === "wall" ? (performance.now() - start) / 1e3 : (user + system) / 1e6) / repeats;
    },
  };
}
