// What a threshold may be chosen for: each goal with its formula, what is sought in labels, and what is measured.
import {
  balancedAccuracyThreshold,
  costThreshold,
  f1Threshold,
  precisionThreshold,
  recallThreshold,
  topThreshold,
} from "surprisal";
import { CliError, commandTexts } from "../errors.ts";
import type { Column01, Confusion } from "../scores/confusion.ts";
import type { Costs } from "../scores/curves.ts";
import { meanOf } from "../scores/statistics.ts";
import { allPositions } from "../task/positions.ts";
import type { Target } from "../task/target.ts";
import { amountOf } from "../task/task.ts";
import { counted, exactPercent } from "../words/text.ts";

/** What the user asked a threshold for; null where nothing was asked. */
export interface GoalsAsked {
  readonly costs: Costs | null;
  /** The least recall, and the least precision, from 0 to 1. */
  readonly recall: number | null;
  readonly precision: number | null;
  /** How many of the table's rows are to be flagged, or which share of them. */
  readonly top: { readonly rows: number } | { readonly share: number } | null;
}

/** Nothing but what is always told: F1 and balanced accuracy. */
export const nothingAsked: GoalsAsked = { costs: null, recall: null, precision: null, top: null };

/** The kinds of goals. */
export type GoalKind = "F1" | "balanced accuracy" | "costs" | "recall" | "precision" | "top";

/** A goal, as functions of true probabilities and of decisions that were counted (or, as fractions, are expected). */
export interface Goal {
  readonly kind: GoalKind;
  /** In words: "F1", "costs 1 : 5", "recall ≥ .9". */
  readonly goal: string;
  /** The threshold from undone probabilities; of the labels at most their share is used. */
  readonly formula: (column: Column01) => number;
  /** What a search over thresholds makes as large as it can; -Infinity where the goal is missed. */
  readonly sought: (confusion: Confusion) => number;
  /** What the goal is about, in its own unit. */
  readonly measured: (confusion: Confusion) => number;
  /** Where the measure is a share: of how many, how many; its promise can then be held against an interval. */
  readonly share?: (confusion: Confusion) => { readonly found: number; readonly of: number };
}

/**
 * The goals of a run: those asked for first, of which the first decides; then F1 and balanced accuracy.
 *
 * @param rows what all rows count together
 * @param areWeighted whether some count more than others, so that there are no whole numbers of rows
 */
export function goalsOf(asked: GoalsAsked, rows: number, areWeighted = false): readonly Goal[] {
  return [
    ...(asked.costs === null ? [] : [leastCost(asked.costs)]),
    ...(asked.recall === null ? [] : [leastRecall(asked.recall)]),
    ...(asked.precision === null ? [] : [leastPrecision(asked.precision)]),
    ...(asked.top === null ? [] : [mostProbable(asked.top, rows, areWeighted)]),
    bestF1,
    bestBalancedAccuracy,
  ];
}

/** @throws CliError where decisions do not hang on one threshold, or more rows are asked for than there are */
export function checkGoals(asked: GoalsAsked, target: Target): void {
  const { kind, columns } = target;
  const flags = [
    ...(asked.costs === null ? [] : ["--miss-costs, --false-alarm-costs"]),
    ...(asked.recall === null ? [] : ["--recall"]),
    ...(asked.precision === null ? [] : ["--precision"]),
    ...(asked.top === null ? [] : ["--top"]),
  ];
  if (flags.length === 0) return;
  if (kind === "multiclass") throw new CliError(commandTexts.goalsOfMany(flags, columns[0]));
  if (kind === "multilabel") throw new CliError(commandTexts.goalsOfLabels(flags, columns.length));
  const rows = amountOf(target, allPositions(target));
  if (asked.top !== null && "rows" in asked.top && asked.top.rows > rows)
    throw new CliError(commandTexts.topOfFewer(asked.top.rows, rows));
}

/** As `f1` and `balancedAccuracy` of confusion.ts, for two classes: a search asks at every probability. */
const f1 = ([[, alarms], [misses, hits]]: Confusion) => (hits === 0 ? 0 : (2 * hits) / (2 * hits + misses + alarms));
const balancedAccuracy = ([[right, alarms], [misses, hits]]: Confusion) => {
  if (right + alarms === 0) return hits / (hits + misses);
  if (hits + misses === 0) return right / (right + alarms);
  return (hits / (hits + misses) + right / (right + alarms)) / 2;
};

/** The share of the positives, each counted by its weight. */
function share(labels: Int32Array, weights: Float64Array): number {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return Math.min(1, weights.reduce((all, weight, row) => all + weight * labels[row], 0) / sum);
}

const bestF1: Goal = {
  kind: "F1",
  goal: "F1",
  formula: ({ probabilities, weights }) => f1Threshold(probabilities, weights ?? undefined).threshold,
  sought: f1,
  measured: f1,
};

const bestBalancedAccuracy: Goal = {
  kind: "balanced accuracy",
  goal: "balanced accuracy",
  formula: ({ labels, weights }) =>
    balancedAccuracyThreshold(weights == null ? meanOf(labels) : share(labels, weights)),
  sought: balancedAccuracy,
  measured: balancedAccuracy,
};

function leastCost({ miss, falseAlarm }: Costs): Goal {
  const perRow = ([[right, alarms], [misses, hits]]: Confusion) =>
    (miss * misses + falseAlarm * alarms) / (right + alarms + misses + hits);
  return {
    kind: "costs",
    goal: `costs ${falseAlarm} : ${miss}`,
    formula: () => costThreshold({ miss, falseAlarm }),
    sought: (confusion) => -perRow(confusion),
    measured: perRow,
  };
}

function leastRecall(least: number): Goal {
  const share = ([, [misses, hits]]: Confusion) => ({ found: hits, of: hits + misses });
  return {
    kind: "recall",
    goal: `recall ≥ ${short(least)}`,
    formula: ({ probabilities, weights }) => recallThreshold(probabilities, least, weights ?? undefined).threshold,
    sought: (confusion) => (ratio(share(confusion)) >= least ? -flaggedIn(confusion) : Number.NEGATIVE_INFINITY),
    measured: (confusion) => ratio(share(confusion)),
    share,
  };
}

const rightOfFlagged = ([[, alarms], [, hits]]: Confusion) => ({ found: hits, of: hits + alarms });

function leastPrecision(least: number): Goal {
  return {
    kind: "precision",
    goal: `precision ≥ ${short(least)}`,
    formula: ({ probabilities, weights }) => precisionThreshold(probabilities, least, weights ?? undefined).threshold,
    sought: (confusion) =>
      ratio(rightOfFlagged(confusion)) >= least ? rightOfFlagged(confusion).found : Number.NEGATIVE_INFINITY,
    measured: (confusion) => ratio(rightOfFlagged(confusion)),
    share: rightOfFlagged,
  };
}

function mostProbable(top: NonNullable<GoalsAsked["top"]>, rows: number, areWeighted: boolean): Goal {
  const share = "share" in top ? top.share : top.rows / rows;
  const enough = ([[right, alarms], [misses, hits]]: Confusion) => {
    const wanted = share * (right + alarms + misses + hits);
    const flagged = hits + alarms;
    return areWeighted ? flagged > 0 && flagged >= wanted * (1 - 1e-12) : flagged >= Math.max(1, Math.round(wanted));
  };
  return {
    kind: "top",
    goal: "share" in top ? `top ${exactPercent(share)}` : `top ${counted(top.rows, "row")}`,
    formula: ({ probabilities, weights }) => topThreshold(probabilities, share, weights ?? undefined).threshold,
    sought: (confusion) => (enough(confusion) ? -flaggedIn(confusion) : Number.NEGATIVE_INFINITY),
    measured: (confusion) => ratio(rightOfFlagged(confusion)),
    share: rightOfFlagged,
  };
}

/** How many rows are taken as positive. */
export function flaggedIn([[, alarms], [, hits]]: Confusion): number {
  return hits + alarms;
}

/** Nothing among nothing is complete: where no row is flagged, no flag is wrong. */
function ratio({ found, of }: { readonly found: number; readonly of: number }): number {
  return of === 0 ? 1 : found / of;
}

const short = (value: number) => String(value).replace(/^0\./, ".");

/** A cost with three digits. */
export function cost(value: number): string {
  return short(Number(value.toPrecision(3)));
}
