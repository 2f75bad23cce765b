// Small batches: from how many rows on is WASM worth it? And what does the first evaluation cost?
import { defineLoss, evaluate, reference } from "surprisal";
import { wasm } from "surprisal/wasm";
import { median } from "./averages.ts";
import { makeCase } from "./cases.ts";
import { heapKernels, plainKernels } from "./contenders/surprisal.ts";
import { makeData } from "./data.ts";
import { runner } from "./duels.ts";
import { type Effort, interleave, secondsOf } from "./rounds.ts";

/** Seconds of one evaluation with gradient, by batch size. */
export interface SmallBatch {
  readonly examples: number;
  readonly heap: number;
  readonly plain: number;
  readonly reference: number;
}

const sizes = [1, 2, 4, 8, 16, 32, 64, 256, 1024];

/** Softmax cross entropy over ten classes, with gradient. */
export async function measureSmall(effort: Effort): Promise<readonly SmallBatch[]> {
  const found: SmallBatch[] = [];
  for (const examples of sizes) {
    const task = makeCase("softmax", 0, `${examples} × 10`);
    const data = makeData(task);
    const onHeap = heapKernels(wasm, task, data);
    const samples = await interleave(
      [
        runner("heap", onHeap, "gradient"),
        runner("plain", plainKernels(wasm, task, data), "gradient"),
        runner("reference", plainKernels(reference, task, data), "gradient"),
      ],
      { ...effort, seconds: effort.seconds / 4 },
    );
    onHeap.release?.();
    const [heap, plain, own] = ["heap", "plain", "reference"].map((id) => secondsOf(samples, id));
    found.push({ examples, heap, plain, reference: own });
  }
  return found;
}

/** Seconds, by the clock on the wall. */
export interface Start {
  readonly create: number;
  readonly compile: number;
}

/** The median of making a back end, and of the first evaluation of a loss that it has never seen. */
export function measureStart(times: number): Start {
  const creations: number[] = [];
  const compilations: number[] = [];
  for (let k = 0; k < times; k++) {
    // Each time another formula, so that nothing is remembered.
    const loss = defineLoss({
      name: `fresh${k}`,
      formula: ({ mul }, { logPt, oneMinusPt }) => mul(-k - 1, mul(logPt, oneMinusPt)),
    })();
    const start = performance.now();
    const backend = wasm.create({ threads: 1 });
    const created = performance.now();
    const logits = backend.float32(32);
    const labels = backend.uint8(32);
    evaluate(loss, { logits, labels }, { activation: "sigmoid", gradient: backend.float32(32), backend });
    compilations.push((performance.now() - created) / 1e3);
    creations.push((created - start) / 1e3);
  }
  return { create: median(creations), compile: median(compilations) };
}
