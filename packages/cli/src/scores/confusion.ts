// Decisions counted against the truth: confusion matrices, and recall, balanced accuracy and F1 from them.

import type { Target } from "../task/target.ts";
import { wilsonInterval } from "./calibration.ts";
import { meanOfKnown } from "./statistics.ts";

/** `[truth][decision]`, row-major by class; binary: [[true negatives, false alarms], [misses, hits]]. */
export type Confusion = readonly (readonly number[])[];

/** One column of a problem as a binary problem: the labels are 0 and 1. */
export interface Column01 {
  readonly labels: Int32Array;
  readonly probabilities: Float64Array;
  /** What each row counts; none where each counts once. */
  readonly weights?: Float64Array | null;
}

/** Labels, what is believed of them, and what each counts, in the shape of `labels`; none where each counts once. */
export interface Told {
  readonly labels: Int32Array;
  /** `[rows, outputs]` */
  readonly probabilities: Float64Array;
  readonly weights?: Float64Array | null;
}

/**
 * One output as a binary problem: the class against the rest, the label (of the rows that have it), or for one output
 * the problem itself.
 */
export function oneVersusRest(
  { kind, outputs }: Pick<Target, "kind" | "outputs">,
  { labels, probabilities, weights = null }: Told,
  output: number,
): Column01 {
  if (kind === "binary") return { labels, probabilities, weights };
  const rows = probabilities.length / outputs;
  if (kind === "multilabel" && weights !== null) {
    const places = Array.from({ length: rows }, (_, row) => row * outputs + output).filter((at) => weights[at] > 0);
    const counts = Float64Array.from(places, (at) => weights[at]);
    return {
      labels: Int32Array.from(places, (at) => labels[at]),
      probabilities: Float64Array.from(places, (at) => probabilities[at]),
      weights: counts.every((weight) => weight === 1) ? null : counts,
    };
  }
  const column: Column01 = { labels: new Int32Array(rows), probabilities: new Float64Array(rows), weights };
  for (let row = 0; row < rows; row++) {
    const at = row * outputs + output;
    column.labels[row] = kind === "multiclass" ? Number(labels[row] === output) : labels[at];
    column.probabilities[row] = probabilities[at];
  }
  return column;
}

/** Counts the decisions of a binary problem: positive from the threshold on. */
export function binaryConfusion({ labels, probabilities, weights = null }: Column01, threshold = 0.5): Confusion {
  const counts = [
    [0, 0],
    [0, 0],
  ];
  for (let row = 0; row < labels.length; row++) {
    counts[labels[row]][Number(probabilities[row] >= threshold)] += weights === null ? 1 : weights[row];
  }
  return counts;
}

/** Counts the decisions for the class with the largest probability (the first of equal ones). */
export function multiclassConfusion({ labels, probabilities, weights = null }: Told, classes: number): Confusion {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let row = 0; row < labels.length; row++) {
    counts[labels[row]][largest(probabilities, row, classes)] += weights === null ? 1 : weights[row];
  }
  return counts;
}

/** The class with the largest probability in a row; of equal ones the first. */
export function largest(probabilities: Float64Array, row: number, classes: number): number {
  let best = 0;
  for (let k = 1; k < classes; k++) {
    if (probabilities[row * classes + k] > probabilities[row * classes + best]) best = k;
  }
  return best;
}

/** How much of a class is found. */
export interface ClassRecall {
  readonly rows: number;
  readonly found: number;
  /** NaN for a class without rows. */
  readonly recall: number;
  /** The ends of the 95 % interval (Wilson). */
  readonly low: number;
  readonly high: number;
}

/**
 * The recall of each class.
 *
 * @param effective of rows that count by weights: for each class the number of rows of equal weight that would tell as
 *   much, to which the interval belongs; null where each counts once
 */
export function classRecalls(confusion: Confusion, effective: readonly number[] | null = null): readonly ClassRecall[] {
  return confusion.map((decisions, truth) => {
    const rows = total(decisions);
    const found = decisions[truth];
    const of = effective === null || rows === 0 ? rows : effective[truth];
    const interval = of === rows ? wilsonInterval(found, rows) : wilsonInterval((found / rows) * of, of);
    return { rows, found, recall: found / rows, ...interval };
  });
}

/** The mean recall of the classes that have rows. */
export function balancedAccuracy(confusion: Confusion): number {
  return meanOfKnown(classRecalls(confusion).map(({ recall }) => recall));
}

/** F1 of a class: 2 hits / (rows + decisions); 0 where it is never hit, NaN where it neither occurs nor is decided. */
export function f1(confusion: Confusion, label: number): number {
  const rows = total(confusion[label]);
  const decided = total(confusion.map((decisions) => decisions[label]));
  return (2 * confusion[label][label]) / (rows + decided);
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
