// How good probabilities are: proper scores, ranking, calibration, decisions at 0.5. Conventions as in scikit-learn.

import type { Target } from "../task/target.ts";
import { type Bins, binEvents, calibrationError, errorIfCalibrated } from "./calibration.ts";
import {
  balancedAccuracy,
  binaryConfusion,
  type Column01,
  type Confusion,
  f1,
  largest,
  multiclassConfusion,
  oneVersusRest,
  type Told,
} from "./confusion.ts";
import { averagePrecision, rank, rocAuc } from "./ranking.ts";
import { meanOfKnown } from "./statistics.ts";

/** The scores of probabilities. A score that the labels leave undefined (no positive among them) is NaN. */
export interface Scores {
  /** Mean -log of the probability (at least 1e-15) of what happened; multi-label: the mean over the labels. */
  readonly logLoss: number;
  /**
   * Binary: mean squared error of the positive's probability; multi-class: summed over the classes (twice that for
   * two); multi-label: the mean over the labels.
   */
  readonly brier: number;
  /** The sum of (recall gained) x precision; of several classes or labels the mean over those that occur. */
  readonly averagePrecision: number;
  /** The chance that a positive ranks above a negative; means as for average precision. */
  readonly rocAuc: number;
  /**
   * Expected calibration error in 15 bins: binary of the positive's probability, multi-class of the largest,
   * multi-label of all, pooled.
   */
  readonly ece: number;
  /** What `ece` would be by chance if the probabilities were true. */
  readonly eceIfCalibrated: number;
  /** The mean recall at 0.5, or of the largest probability; multi-label: the mean over the labels. */
  readonly balancedAccuracy: number;
  /** Of the positive at 0.5; multi-class and multi-label: the mean over the classes. */
  readonly f1: number;
}

const tiny = 1e-15;

/**
 * Scores probabilities, row-major `[rows, outputs]`; binary: of the positive class.
 *
 * Rows that count by weights are scored as if each stood there so many times; a label, over the rows that have it.
 *
 * @param weights what each label counts, 0 for one that its row lacks; null where each counts once
 * @throws RangeError for lengths that do not fit, or a value outside [0, 1]
 */
export function scores(
  target: Pick<Target, "kind" | "outputs">,
  labels: Int32Array,
  probabilities: Float64Array,
  weights: Float64Array | null = null,
): Scores {
  checkShape(target, labels, probabilities);
  const told = { labels, probabilities, weights };
  const columns = Array.from({ length: target.outputs }, (_, output) =>
    scoreColumn(oneVersusRest(target, told, output)),
  );
  const averaged = (pick: (column: ColumnScores) => number) => meanOfKnown(columns.map(pick));
  const ranking = {
    averagePrecision: averaged((each) => each.averagePrecision),
    rocAuc: averaged((each) => each.rocAuc),
  };
  if (target.kind === "multiclass") {
    const confusion = multiclassConfusion(told, target.outputs);
    return {
      logLoss: logLoss(target, labels, probabilities, weights),
      brier: columns.reduce((sum, { brier }) => sum + brier, 0),
      ...ranking,
      ...calibration(binDecisions(told, target.outputs)),
      balancedAccuracy: balancedAccuracy(confusion),
      f1: meanOfKnown(confusion.map((_, label) => f1(confusion, label))),
    };
  }
  return {
    logLoss: logLoss(target, labels, probabilities, weights),
    brier: averaged((each) => each.brier),
    ...ranking,
    ...calibration(binEvents(labels, probabilities, weights)),
    balancedAccuracy: averaged(({ confusion }) => balancedAccuracy(confusion)),
    f1: averaged(({ confusion, brier }) => (Number.isNaN(brier) ? brier : f1(confusion, 1) || 0)), // of no row: none
  };
}

interface ColumnScores {
  readonly brier: number;
  readonly averagePrecision: number;
  readonly rocAuc: number;
  readonly confusion: Confusion;
}

function scoreColumn(column: Column01): ColumnScores {
  const { labels, probabilities, weights = null } = column;
  let brier = 0;
  for (let row = 0; row < labels.length; row++) {
    const square = (probabilities[row] - labels[row]) ** 2;
    brier += weights === null ? square : weights[row] * square;
  }
  const ranked = rank(column);
  return {
    brier: brier / amount(weights, labels.length),
    averagePrecision: averagePrecision(ranked),
    rocAuc: rocAuc(ranked),
    confusion: binaryConfusion(column),
  };
}

/** The log loss alone, for those who ask after every epoch; the same as in {@link scores}. */
export function logLoss(
  { kind, outputs: classes }: Pick<Target, "kind" | "outputs">,
  labels: Int32Array,
  probabilities: Float64Array,
  weights: Float64Array | null = null,
): number {
  if (weights !== null) return weightedLogLoss({ kind, outputs: classes }, { labels, probabilities, weights });
  let sum = 0;
  if (kind !== "multiclass") {
    for (let at = 0; at < labels.length; at++) {
      const p = clip(probabilities[at]);
      sum -= labels[at] === 1 ? Math.log(p) : Math.log1p(-p);
    }
    return sum / labels.length;
  }
  for (let row = 0; row < labels.length; row++) {
    let rowSum = 0;
    for (let k = 0; k < classes; k++) rowSum += clip(probabilities[row * classes + k]);
    sum -= Math.log(clip(probabilities[row * classes + labels[row]]) / rowSum);
  }
  return sum / labels.length;
}

/** Weights, all of labels that count; null counts each once. */
function amount(weights: Float64Array | null, rows: number): number {
  return weights === null ? rows : weights.reduce((sum, weight) => sum + weight, 0);
}

/** The log loss of labels that count by weights; of several labels the mean of those that some row has. */
function weightedLogLoss(
  { kind, outputs }: Pick<Target, "kind" | "outputs">,
  { labels, probabilities, weights }: Told & { readonly weights: Float64Array },
): number {
  const columns = kind === "multilabel" ? outputs : 1;
  const sums = new Float64Array(columns);
  const all = new Float64Array(columns);
  for (let at = 0; at < labels.length; at++) {
    const weight = weights[at];
    if (weight === 0) continue;
    let surprisal: number;
    if (kind === "multiclass") {
      let rowSum = 0;
      for (let k = 0; k < outputs; k++) rowSum += clip(probabilities[at * outputs + k]);
      surprisal = -Math.log(clip(probabilities[at * outputs + labels[at]]) / rowSum);
    } else {
      const p = clip(probabilities[at]);
      surprisal = labels[at] === 1 ? -Math.log(p) : -Math.log1p(-p);
    }
    sums[at % columns] += weight * surprisal;
    all[at % columns] += weight;
  }
  return meanOfKnown(Array.from(sums, (sum, k) => sum / all[k]));
}

/** The event of a row is that the class with the largest probability is the true one. */
function binDecisions({ labels, probabilities, weights = null }: Told, classes: number): Bins {
  const decisions = labels.map((_, row) => largest(probabilities, row, classes));
  const confidences = Float64Array.from(decisions, (decision, row) => probabilities[row * classes + decision]);
  return binEvents(
    decisions.map((decision, row) => Number(decision === labels[row])),
    confidences,
    weights,
  );
}

function calibration(bins: Bins): Pick<Scores, "ece" | "eceIfCalibrated"> {
  return { ece: calibrationError(bins), eceIfCalibrated: errorIfCalibrated(bins) };
}

function clip(p: number): number {
  return Math.min(Math.max(p, tiny), 1 - tiny);
}

function checkShape({ kind, outputs }: Pick<Target, "kind" | "outputs">, labels: Int32Array, p: Float64Array): void {
  const rows = p.length / outputs;
  const expected = kind === "multilabel" ? p.length : rows;
  if (p.length === 0 || labels.length !== expected) {
    throw new RangeError(`scores: ${labels.length} labels and ${p.length} probabilities do not fit ${outputs} outputs`);
  }
  const wrong = p.findIndex((each) => !(each >= 0 && each <= 1));
  if (wrong >= 0) throw new RangeError(`scores: probabilities[${wrong}] is ${p[wrong]}, but must be from 0 to 1`);
}
