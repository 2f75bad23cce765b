// The result of a comparison: every number that is printed, drawn or saved, as plain JSON.

import type { Told } from "../checks/telling.ts";
import type { EnginePlan } from "../learning/engine.ts";
import type { EngineName } from "../learning/engines.ts";
import type { ClassRecall, Confusion } from "../scores/confusion.ts";
import type { PrecisionRecallCurve, ReliabilityDiagram, ThresholdCurve } from "../scores/curves.ts";
import type { Metric } from "../scores/metric.ts";
import type { Scores } from "../scores/scores.ts";
import type { Comparison } from "../scores/statistics.ts";
import type { Candidate } from "../selection/families.ts";
import type { Dropped } from "../task/features.ts";
import type { Weight } from "../task/weights.ts";
import type { GoalsAsked } from "./goals.ts";
import type { Spreads } from "./spreads.ts";
import type { ThresholdChoice } from "./thresholds.ts";
import type { Verdict } from "./verdict.ts";

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
  /** The selection score of each outer fold, in the order of the result's `folds`. */
  readonly perFold: readonly number[];
  /** Which setting of `grid` each outer fold has chosen. */
  readonly chosenPerFold: readonly number[];
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
  /** The first is the one that decides, and that the model keeps; none where the problem is not binary. */
  readonly thresholds: readonly ThresholdChoice[];
  /** Decisions at the recommended threshold (binary) or for the largest output (multi-class); empty for multi-label. */
  readonly confusion: Confusion;
  readonly recalls: readonly ClassRecall[];
}

/** A column that became features. */
export interface Feature {
  readonly name: string;
  readonly as: "number" | "date" | "category";
  /** How its cells are read, in words. */
  readonly reading: string;
  readonly missing: number;
  /** What stands for a missing value in the final model; the folds learn their own. Null for a category. */
  readonly fill: number | null;
  /** The value minus the first, divided by the second; null for a category. */
  readonly scaling: readonly [center: number, scale: number] | null;
  /** Different texts of a category, and how many of them have a feature of their own; null for a number. */
  readonly levels: { readonly all: number; readonly own: number } | null;
}

/** Folds in time: later rows test earlier ones. */
export interface TimeDisclosure {
  /** The column that tells the order. */
  readonly column: string;
  /** Of about equally many rows. Each but the first tests what is learnt from all before it. */
  readonly blocks: readonly { readonly from: string; readonly to: string; readonly rows: number }[];
  /** Rows that some fold tests; of each class, or with each label. */
  readonly tested: number;
  readonly testedCounts: readonly number[];
  /** Rows that are only learnt from: of the first block, and of groups that occur in an earlier one. */
  readonly neverTested: number;
  /** Rows tested for each that is trained on, the mean of the folds: what the corrected test takes. */
  readonly testShare: number;
}

/** A score with its 95 % interval over the rows. */
export interface ScoreRange {
  readonly score: number;
  readonly low: number;
  readonly high: number;
}

/** What the final model came to on a hold-out, which had no part in any choice. */
export interface TestResult {
  readonly source: string;
  /** The rows that have a label, and how many have none. */
  readonly rows: number;
  readonly unlabelled: number;
  /** How many of these rows are in the training table, too: they flatter. */
  readonly known: number;
  /** The family of the model. */
  readonly family: string;
  /** The threshold of the model; null where there is not one. */
  readonly threshold: number | null;
  readonly scores: Readonly<Record<"logLoss" | "brier" | "averagePrecision" | "rocAuc", ScoreRange>>;
  /** The scores of cross entropy, where another family is recommended and its model was trained. */
  readonly reference: Scores | null;
  /** The scores of the class shares of the training table. */
  readonly prior: Scores;
  /** Decisions at the threshold (binary) or for the largest output (multi-class); empty for multi-label. */
  readonly confusion: Confusion;
  readonly recalls: readonly ClassRecall[];
}

/** An outer fold that finished. */
export interface FoldDisclosure {
  readonly repeat: number;
  readonly fold: number;
  /** The rows that it tested, and those that it was trained on. */
  readonly rows: number;
  readonly trained: number;
  /** The L2 that was chosen inside its training rows, as a share of a loss's pull at its best constant. */
  readonly strength: number;
  /** The leaves of a tree that were chosen there; null where there are no trees. */
  readonly leaves: number | null;
  readonly fits: number;
}

/** A difference between two models, with its p-value after Holm's correction over all pairs of models. */
export type ModelComparison = Comparison & { readonly corrected: number };

/** A model that was compared, alone or with others. */
export interface ModelResult {
  /** As on the command line. */
  readonly name: EngineName;
  /** In words: "small network". */
  readonly words: string;
  readonly training: EnginePlan;
  /** The model and its training in words. */
  readonly trainingWords: string;
  readonly fits: number;
  /** What is said of its losses. */
  readonly verdict: Verdict;
  /** Cross entropy first. */
  readonly families: readonly Pick<FamilyResult, "id" | "title" | "expected" | "perFold" | "comparison">[];
  readonly prior: Spreads;
  /**
   * Its recommended loss against that of the model to use, of the oriented selection score (negative is better); null
   * for that model itself.
   */
  readonly comparison: ModelComparison | null;
  /** In how many outer folds it had the best score of all models on the inner rows. */
  readonly chosen: number;
}

/** What is said of the models. */
export interface ModelVerdict {
  /** "one": there was nothing to compare. */
  readonly kind: Verdict["kind"] | "one";
  /** The model to use. */
  readonly recommended: EngineName;
  /** One sentence. */
  readonly headline: string;
  /** Why, in one or two sentences; empty where there is nothing to say. */
  readonly reason: string;
  /** Where the choice of the model surely gains more than that of the loss: how much each gains, and the sentence. */
  readonly matters: { readonly model: number; readonly loss: number; readonly text: string } | null;
  /** A difference of the selection score up to this is practically none. */
  readonly band: number;
  /**
   * What to expect on new data where the model is chosen, too (nested): in each outer fold by the inner rows, which
   * have no part in the score.
   */
  readonly expected: Spreads;
  /** Which of `models` each outer fold has chosen so. */
  readonly chosenPerFold: readonly number[];
  /** Models of which too few folds finished, which happens after Ctrl-C only; they are not in `models`. */
  readonly missing: readonly EngineName[];
}

/**
 * Everything a comparison found, and how; of several models that of the one to use. The same run gives the same
 * bytes: there are no times and no dates in it.
 */
export interface Result {
  /** Of the tool, of Node and of the libraries. */
  readonly versions: Readonly<Record<string, string>>;
  /** The command that repeats it, without flags that change no number: --jobs, --resume, --json. */
  readonly command: string;
  readonly verdict: Verdict;
  readonly table: {
    readonly source: string;
    readonly rows: number;
    readonly numbers: number;
    readonly categories: number;
    readonly missing: number;
    /** Rows with the features of another row, and whether they were kept in one fold with it. */
    readonly copies: { readonly rows: number; readonly together: boolean };
  };
  readonly target: {
    readonly kind: "binary" | "multiclass" | "multilabel";
    readonly columns: readonly string[];
    readonly classes: readonly string[];
    /** Rows of each class, or with each label. */
    readonly counts: readonly number[];
    /** Rows with a label; the others are left out. */
    readonly rows: number;
    /** The rows that have each label, where some lack one and are masked there; else null. */
    readonly known: readonly number[] | null;
    /** The share of each class, or label, among the rows that have it, by what these count. */
    readonly shares: readonly number[];
  };
  /** The column by which rows count; null where each counts once. Sums of rows are then sums of weights. */
  readonly weight: Weight | null;
  /** How columns became features, and which did not. */
  readonly features: readonly Feature[];
  readonly dropped: readonly Dropped[];
  /** What was done to the table without being asked, each with the flag that changes it. */
  readonly notes: readonly Told[];
  readonly plan: EnginePlan & {
    readonly model: EngineName;
    readonly metric: Metric;
    /** A difference of the metric up to this is practically none. */
    readonly band: number;
    readonly folds: number;
    readonly repeats: number;
    readonly foldHash: string;
    /** Null where folds are dealt by chance, or are other people's. */
    readonly time: TimeDisclosure | null;
    readonly seed: number;
    readonly pace: string;
    readonly settings: number;
    /** Folds that finished; fewer than folds times repeats after Ctrl-C. */
    readonly finished: number;
    readonly fits: number;
  };
  /** What thresholds were asked for. */
  readonly goals: GoalsAsked;
  readonly folds: readonly FoldDisclosure[];
  readonly prior: Spreads;
  /** Cross entropy first. */
  readonly families: readonly FamilyResult[];
  /** Each model that was compared, the simplest first; all else in this result is of the one to use. */
  readonly models: readonly ModelResult[];
  readonly modelVerdict: ModelVerdict;
  /** Null where no hold-out was given, or its model was not trained, which happens after Ctrl-C only. */
  readonly test: TestResult | null;
  readonly saved: readonly string[];
}

/** The model among the saved files; null where none was trained, which happens after Ctrl-C only. */
export function modelOf({ saved }: Pick<Result, "saved">): string | null {
  return saved.find((path) => path.endsWith(".onnx")) ?? null;
}

/** The family that all others are held against. */
export function referenceOf({ families }: Pick<Result, "families">): FamilyResult {
  return families[0];
}

/** The family to use. */
export function recommendedOf({ families, verdict }: Pick<Result, "families" | "verdict">): FamilyResult {
  return families.find(({ id }) => id === verdict.recommended) ?? referenceOf({ families });
}

/** The model to use; all in the result that is of one model is of this one. */
export function usedModelOf({ models, modelVerdict }: Pick<Result, "models" | "modelVerdict">): ModelResult {
  return models.find(({ name }) => name === modelVerdict.recommended) ?? models[0];
}

/** Whether the inner rows of every fold chose the model to use: then to expect of it includes its choice. */
export function isChosenInside(result: Pick<Result, "models" | "modelVerdict">): boolean {
  return usedModelOf(result).chosen === result.modelVerdict.chosenPerFold.length;
}

/** How many outer folds were planned, and whether all of them finished. */
export function progressOf({ plan, modelVerdict }: Pick<Result, "plan" | "modelVerdict">): Done {
  const planned = plan.folds * plan.repeats;
  return { planned, whole: plan.finished === planned && modelVerdict.missing.length === 0 };
}

interface Done {
  readonly planned: number;
  /** Of every model. */
  readonly whole: boolean;
}
