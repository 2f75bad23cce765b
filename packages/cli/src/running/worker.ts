// What a worker thread does: one outer fold after the other, or a last model, on data that is shared and not copied.

import { workerData } from "node:worker_threads";
import { obstacle } from "../learning/network/heap.ts";
import { type FinalFit, fitFinal } from "../selection/final.ts";
import { type FoldResult, runFold } from "../selection/fold.ts";
import type { FinalTask, FoldTask, WorkerStart } from "./executor.ts";
import { type PackedError, packError } from "./transfer.ts";

/** What a task came to: an error is handed over as data, for a copy of it would lose its class. */
export type Outcome =
  | { readonly result: FoldResult | FinalFit /** Why it was slow, in words. */; readonly obstacle: string | null }
  | { readonly error: PackedError };

/** Does one task in this thread. */
export default function work(task: FoldTask | FinalTask): Outcome {
  try {
    const { plan } = startOf();
    return { result: resultOf(task), obstacle: plan.model === "mlp" ? obstacle() : null };
  } catch (error) {
    return { error: packError(error) };
  }
}

function resultOf(task: FoldTask | FinalTask): FoldResult | FinalFit {
  const { plan, data, repeats, groups } = startOf();
  if ("family" in task) return fitFinal(plan, data, groups, plan.families[task.family]);
  return runFold(plan, data, repeats[task.repeat], groups, task.repeat, task.fold);
}

function startOf(): WorkerStart {
  return (workerData as readonly [unknown, WorkerStart])[1];
}
