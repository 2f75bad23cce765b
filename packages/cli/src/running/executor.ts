// Who computes: what an executor is given, what it tells, and what it brings.

import type { FinalFit } from "../selection/final.ts";
import type { FoldResult } from "../selection/fold.ts";
import type { Plan } from "../selection/plan.ts";
import type { Data } from "../task/task.ts";

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

/** Which family of the plan to train on all rows. */
export interface FinalTask {
  readonly family: number;
}

/** What happens while folds run. */
export interface FoldEvents {
  /** Called for each finished fold. */
  finished(result: FoldResult): void;
  /** Called once if networks must be trained without kernels, with the reason in words. */
  slowed?(reason: string): void;
  /** Aborted by Ctrl-C: running work is given up, finished folds count. */
  readonly signal: AbortSignal;
}

/** What the threads brought. */
export interface Finished {
  /** The finished folds, in the order of the tasks; fewer than tasks if aborted. */
  readonly folds: readonly FoldResult[];
  /** The model that was asked for; null if aborted, or if none was. */
  readonly final: FinalFit | null;
}
