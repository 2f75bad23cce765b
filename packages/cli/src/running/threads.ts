// The outer folds on worker threads: in any order, with results that do not depend on it.

import { setMaxListeners } from "node:events";
import { fileURLToPath } from "node:url";
import { Tinypool } from "tinypool";
import type { FinalFit } from "../selection/final.ts";
import type { FoldResult } from "../selection/fold.ts";
import type { Column } from "../table/table.ts";
import type { FinalTask, Finished, FoldEvents, FoldTask, WorkerStart } from "./executor.ts";
import { unpackError } from "./transfer.ts";
import type { Outcome } from "./worker.ts";

/** Typed arrays on shared memory, which threads see without a copy. */
function shared<A extends Int32Array | Float64Array>(array: A): A {
  if (array.buffer instanceof SharedArrayBuffer) return array;
  const buffer = new SharedArrayBuffer(array.byteLength);
  const copy = new (array.constructor as new (buffer: SharedArrayBuffer) => A)(buffer);
  copy.set(array);
  return copy;
}

function sharedColumn(column: Column): Column {
  return column.kind === "number"
    ? { ...column, values: shared(column.values) }
    : { ...column, codes: shared(column.codes) };
}

/** Puts the data of a comparison on shared memory; what is there already stays. */
export function share({ plan, data, repeats, groups }: WorkerStart): WorkerStart {
  const target = { ...data.target, rows: shared(data.target.rows), labels: shared(data.target.labels) };
  return {
    plan,
    data: { columns: data.columns.map(sharedColumn), target },
    repeats: repeats.map(shared),
    groups: groups && shared(groups),
  };
}

/**
 * Runs folds on so many threads, and beside the last of them, where a thread would be idle, a model on all rows.
 *
 * @param final the family of the plan to train on all rows; null for none
 */
export async function runFolds(
  start: WorkerStart,
  tasks: readonly FoldTask[],
  final: FinalTask | null,
  jobs: number,
  { finished, slowed, signal }: FoldEvents,
): Promise<Finished> {
  const all = [...tasks, ...(final === null ? [] : [final])];
  if (all.length === 0) return { folds: [], final: null };
  setMaxListeners(0, signal); // every waiting task listens to it
  const threads = Math.min(jobs, all.length);
  const pool = new Tinypool({
    filename: fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url)),
    minThreads: threads,
    maxThreads: threads,
    workerData: share(start),
    isolateWorkers: false,
  });
  let isSlow = false;
  /** What a thread makes of a task; null once aborted. */
  const run = async <R>(task: FoldTask | FinalTask): Promise<R | null> => {
    let outcome: Outcome;
    try {
      outcome = await pool.run(task, { signal });
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
    if ("error" in outcome) throw unpackError(outcome.error);
    if (outcome.obstacle !== null && !isSlow) slowed?.(outcome.obstacle);
    isSlow ||= outcome.obstacle !== null;
    return outcome.result as R;
  };
  try {
    const folds = tasks.map(async (task) => {
      const result = await run<FoldResult>(task);
      if (result !== null) finished(result);
      return result;
    });
    const model = final === null ? null : run<FinalFit>(final);
    const [results, fit] = await Promise.all([Promise.all(folds), model]); // together: a fault of one is told once
    return { folds: results.filter((result) => result !== null), final: fit };
  } finally {
    await pool.destroy();
  }
}
