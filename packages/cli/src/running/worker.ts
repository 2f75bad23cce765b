// What a worker thread does: one outer fold after the other, or a last model, on data that is shared and not copied.
import { Tinypool } from "tinypool";
import type { Folds } from "../folds/assignment.ts";
import { engineNamed } from "../learning/engines.ts";
import { type FinalFit, fitFinal } from "../selection/final.ts";
import { type FoldResult, runFold } from "../selection/fold.ts";
import { type Study, studyOf } from "../selection/study.ts";
import type { FinalTask, FoldTask } from "./executor.ts";
import { type PackedError, packError } from "./transfer.ts";

/** What a task came to: an error is handed over as data, for a copy of it would lose its class. */
export type Outcome =
  | { readonly result: FoldResult | FinalFit /** Why it was slow, in words. */; readonly obstacle: string | null }
  | { readonly error: PackedError };

/** Does one task in this thread. */
export default function work(task: FoldTask | FinalTask): Outcome {
  try {
    const study = studyOf(Tinypool.workerData as readonly Study<Folds>[], task.model);
    const result = "family" in task ? fitFinal(study, study.plan.families[task.family]) : runFold(study, task);
    return { result, obstacle: engineNamed(study.plan.model).obstacle() };
  } catch (error) {
    return { error: packError(error) };
  }
}
