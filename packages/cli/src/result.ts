// The result of a comparison: every number that is printed, drawn or saved, as plain JSON.
import type { Candidate } from "./candidates.ts";
import type { ClassRecall, Confusion, PrecisionRecallCurve, ReliabilityDiagram, ThresholdCurve } from "./curves.ts";
import type { Scores } from "./metrics.ts";
import type { Metric } from "./plan.ts";
import type { Comparison } from "./statistics.ts";
import type { Verdict } from "./verdict.ts";

/** A score over the outer folds: its mean, and how far a fold is from it. */
export interface Spread {
  readonly mean: number;
  /** Half the width of the 95 % interval of the mean, corrected for the overlap of training rows. */
  readonly margin: number;
}

/** The scores of {@link Scores}, each over the outer folds. */
export type Spreads = { readonly [score in keyof Scores]: Spread };

/** A threshold, where it comes from, and what it gives on rows that did not choose it. */
export interface ThresholdChoice {
  /** What it is best for: "F1", "balanced accuracy", "costs 1 : 5". */
  readonly goal: string;
  /** By formula from the undone probabilities. */
  readonly byFormula: number;
  /** By search over the other folds, the mean of the folds. */
  readonly bySearch: number;
  /** The goal at the formula's threshold, and at the searched one (cross-fitted). */
  readonly atFormula: number;
  readonly atSearch: number;
  /** Whether the two differ so much that calibration must be off. */
  readonly disagree: boolean;
}

/** The curves of one class, label or binary problem, from the first repeat's outer rows. */
export interface OutputCurves {
  readonly name: string;
  readonly precisionRecall: PrecisionRecallCurve;
  readonly reliabilityUndone: ReliabilityDiagram;
  readonly reliabilityShown: ReliabilityDiagram;
  readonly thresholds: ThresholdCurve;
}

/** One family of losses. */
export interface FamilyResult {
  readonly id: string;
  readonly title: string;
  /** What to expect on new data, settings chosen inside the training rows (nested). */
  readonly expected: Spreads;
  /** The same of the probabilities as the model shows them, before the undo. */
  readonly shown: Spreads;
  /** The selection score of the best setting on the rows that chose it: it flatters. */
  readonly bestOfGrid: number;
  /** The selection score of each outer fold, repeat after repeat. */
  readonly perFold: readonly number[];
  /** Each setting: its mean selection score on the inner rows, and how often it was chosen. */
  readonly grid: readonly {
    readonly candidate: Candidate;
    readonly words: string;
    readonly score: number;
    readonly chosen: number;
  }[];
  /** Against cross entropy, of the oriented selection score (negative is better); null for cross entropy itself. */
  readonly comparison: (Comparison & { readonly corrected: number }) | null;
  readonly curves: readonly OutputCurves[];
  readonly thresholds: readonly ThresholdChoice[];
  /** Decisions at the recommended threshold (binary) or for the largest output (multi-class); empty for multi-label. */
  readonly confusion: Confusion;
  readonly recalls: readonly ClassRecall[];
}

/** Everything a comparison found, and how. */
export interface Result {
  readonly surprisal: string;
  readonly command: string;
  readonly verdict: Verdict;
  readonly table: {
    readonly source: string;
    readonly rows: number;
    readonly numbers: number;
    readonly categories: number;
    readonly missing: number;
  };
  readonly target: {
    readonly kind: "binary" | "multiclass" | "multilabel";
    readonly columns: readonly string[];
    readonly classes: readonly string[];
    /** Rows of each class, or with each label. */
    readonly counts: readonly number[];
    readonly rows: number;
  };
  /** What was done to the table without being asked, each with the flag that changes it. */
  readonly notes: readonly string[];
  readonly plan: {
    readonly model: string;
    readonly metric: Metric;
    readonly folds: number;
    readonly repeats: number;
    readonly foldHash: string;
    readonly seed: number;
    readonly pace: string;
    readonly settings: number;
    /** Folds that finished; fewer than folds times repeats after Ctrl-C. */
    readonly finished: number;
    readonly fits: number;
  };
  readonly prior: Spreads;
  /** Cross entropy first. */
  readonly families: readonly FamilyResult[];
  readonly saved: readonly string[];
}
