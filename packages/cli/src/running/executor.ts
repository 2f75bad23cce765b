// Who computes: what an executor is given, what it tells, and what it brings.
import type { Folds } from "../folds/assignment.ts";
import type { EngineName } from "../learning/engines.ts";
import type { FinalFit } from "../selection/final.ts";
import type { FoldPlace, FoldResult } from "../selection/fold.ts";
import type { Study } from "../selection/study.ts";

/** Something that runs the folds of studies, on threads or elsewhere; results do not depend on where. */
export interface Executor {
  run(work: Work, events: FoldEvents): Promise<Finished>;
}

/** What is to be computed. */
export interface Work {
  /** One for each model, on the same task and folds. */
  readonly studies: readonly Study<Folds>[];
  readonly folds: readonly FoldTask[];
  /** The model to train on all rows, if one is asked for. */
  readonly final: FinalTask | null;
}

/** An outer fold of a model. */
export interface FoldTask extends FoldPlace {
  readonly model: EngineName;
}

/** Which family of a model's plan to train on all rows. */
export interface FinalTask {
  readonly model: EngineName;
  readonly family: number;
}

/** What happens while folds run. */
export interface FoldEvents {
  /** Called for each finished fold. */
  finished(result: FoldResult): void;
  /** Called once if training is slow where it runs, with the reason in words. */
  slowed?(reason: string): void;
  /** Aborted by Ctrl-C: running work is given up, finished folds count. */
  readonly signal: AbortSignal;
}

/** What an executor brought. */
export interface Finished {
  /** The finished folds, in the order of the work; fewer than asked for if aborted. */
  readonly folds: readonly FoldResult[];
  /** The model that was asked for; null if aborted, or if none was. */
  readonly final: FinalFit | null;
}
