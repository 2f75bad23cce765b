// What a worker thread does: one outer fold after the other, on data that is shared and not copied.
import { workerData } from "node:worker_threads";
import type { Plan } from "./plan.ts";
import { type FoldResult, runFold } from "./procedure.ts";
import type { Data } from "./training.ts";

/** What every worker is given at its start. */
export interface WorkerStart {
  readonly plan: Plan;
  readonly data: Data;
  readonly repeats: readonly Int32Array[];
  readonly groups: Int32Array | null;
}

/** Which outer fold to run. */
export interface FoldTask {
  readonly repeat: number;
  readonly fold: number;
}

/** Runs one outer fold in this thread. */
export default function work({ repeat, fold }: FoldTask): FoldResult {
  const { plan, data, repeats, groups } = (workerData as readonly [unknown, WorkerStart])[1];
  return runFold(plan, data, repeats[repeat], groups, repeat, fold);
}
