// The outer folds on worker threads: in any order, with results that do not depend on it.
import { setMaxListeners } from "node:events";
import { fileURLToPath } from "node:url";
import { Tinypool } from "tinypool";
import type { FoldResult } from "./procedure.ts";
import type { Column } from "./table.ts";
import type { FoldTask, WorkerStart } from "./worker.ts";

/** Typed arrays on shared memory, which threads see without a copy. */
function shared<A extends Int32Array | Float64Array>(array: A): A {
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

/** Puts the data of a comparison on shared memory. */
export function share({ plan, data, repeats, groups }: WorkerStart): WorkerStart {
  const target = { ...data.target, rows: shared(data.target.rows), labels: shared(data.target.labels) };
  return {
    plan,
    data: { columns: data.columns.map(sharedColumn), target },
    repeats: repeats.map(shared),
    groups: groups && shared(groups),
  };
}

/** What happens while folds run. */
export interface FoldEvents {
  /** Called for each finished fold. */
  finished(result: FoldResult): void;
  /** Aborted by Ctrl-C: running folds are given up, finished ones count. */
  readonly signal: AbortSignal;
}

/**
 * Runs the tasks on so many threads.
 *
 * @returns the results of the finished folds, in the order of the tasks; fewer than tasks if aborted
 */
export async function runFolds(
  start: WorkerStart,
  tasks: readonly FoldTask[],
  jobs: number,
  { finished, signal }: FoldEvents,
): Promise<readonly FoldResult[]> {
  if (tasks.length === 0) return [];
  setMaxListeners(0, signal); // every waiting task listens to it
  const threads = Math.min(jobs, tasks.length);
  const pool = new Tinypool({
    filename: fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url)),
    minThreads: threads,
    maxThreads: threads,
    workerData: share(start),
    isolateWorkers: false,
  });
  try {
    const results = await Promise.all(
      tasks.map(async (task): Promise<FoldResult | null> => {
        try {
          const result = (await pool.run(task, { signal })) as FoldResult;
          finished(result);
          return result;
        } catch (error) {
          if (signal.aborted) return null;
          throw error;
        }
      }),
    );
    return results.filter((result) => result !== null);
  } finally {
    await pool.destroy();
  }
}
