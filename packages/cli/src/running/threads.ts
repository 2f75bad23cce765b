// The executor of this machine: worker threads, in any order, with results that do not depend on it.
import { setMaxListeners } from "node:events";
import { fileURLToPath } from "node:url";
import { Tinypool } from "tinypool";
import type { Folds } from "../folds/assignment.ts";
import type { FinalFit } from "../selection/final.ts";
import type { FoldResult } from "../selection/fold.ts";
import type { Study } from "../selection/study.ts";
import { shared } from "../table/shared.ts";
import type { Column } from "../table/table.ts";
import type { Executor, FinalTask, Finished, FoldEvents, FoldTask, Work } from "./executor.ts";
import { unpackError } from "./transfer.ts";
import type { Outcome } from "./worker.ts";

/**
 * What a thread has for objects that soon are none any more, a quarter of what engines give: nearly all that it holds
 * are large arrays, which stand elsewhere.
 */
const youngMegabytes = 12;

/** An executor of so many threads; where there is less to do, fewer are started. */
export function threads(count: number): Executor {
  const known = new WeakMap<readonly Study<Folds>[], readonly Study<Folds>[]>();
  const shareOnce = (studies: readonly Study<Folds>[]) => {
    const here = known.get(studies) ?? shareAll(studies);
    known.set(studies, here);
    return here;
  };
  return { run: (work, events) => runOnThreads(count, { ...work, studies: shareOnce(work.studies) }, events) };
}

/** Folds first, and beside the last of them, where a thread would be idle, the model on all rows; on shared memory. */
async function runOnThreads(count: number, work: Work, { finished, slowed, signal }: FoldEvents): Promise<Finished> {
  const tasks = work.folds.length + Number(work.final !== null);
  if (tasks === 0) return { folds: [], final: null };
  setMaxListeners(0, signal); // every waiting task listens to it
  const started = Math.min(count, tasks);
  const pool = new Tinypool({
    filename: fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url)),
    minThreads: started,
    maxThreads: started,
    workerData: work.studies,
    isolateWorkers: false,
    resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
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
    const folds = work.folds.map(async (place) => {
      const result = await run<FoldResult>(place);
      if (result !== null) finished(result);
      return result;
    });
    const model = work.final === null ? null : run<FinalFit>(work.final);
    const [results, final] = await Promise.all([Promise.all(folds), model]); // together: a fault of one is told once
    return { folds: results.filter((result) => result !== null), final };
  } finally {
    await pool.destroy();
  }
}

/** The table, which studies have in common, is shared once. */
function shareAll(studies: readonly Study<Folds>[]): readonly Study<Folds>[] {
  const first = share(studies[0]);
  return studies.map(({ plan }) => ({ ...first, plan }));
}

/** What training needs of a study, on shared memory, where the columns that were read are already. */
function share({ plan, task, folds, groups, time }: Study<Folds>): Study<Folds> {
  const { rows, labels, weights } = task.target;
  const target = { ...task.target, rows: shared(rows), labels: shared(labels), weights: weights && shared(weights) };
  return {
    plan,
    task: { columns: task.columns.map(sharedColumn), target },
    folds: { ...folds, repeats: folds.repeats.map(shared) },
    groups: groups && shared(groups),
    time: time && shared(time),
  };
}

function sharedColumn(column: Column): Column {
  return column.kind === "number"
    ? { ...column, values: shared(column.values) }
    : { ...column, codes: shared(column.codes) };
}
