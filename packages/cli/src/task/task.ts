// The task: the columns that are features, the target that is told from them, and the labels of its rows.
import type { Column } from "../table/table.ts";
import type { Positions } from "./positions.ts";
import type { Target } from "./target.ts";

/** Feature columns, and what is to be told from them. */
export interface Task {
  readonly columns: readonly Column[];
  readonly target: Target;
}

/** The labels of some of the kept rows. */
export function labelsOf({ kind, outputs, labels }: Target, positions: Positions): Int32Array {
  if (kind !== "multilabel") return positions.map((position) => labels[position]);
  const out = new Int32Array(positions.length * outputs);
  positions.forEach((position, n) => {
    out.set(labels.subarray(position * outputs, (position + 1) * outputs), n * outputs);
  });
  return out;
}

/** What these labels count, in the same shape; null where each counts once. */
export function weightsOf({ kind, outputs, weights }: Target, positions: Positions): Float64Array | null {
  if (weights === null) return null;
  const width = kind === "multilabel" ? outputs : 1;
  const out = new Float64Array(positions.length * width);
  positions.forEach((position, n) => {
    out.set(weights.subarray(position * width, (position + 1) * width), n * width);
  });
  return out;
}

/** What some rows count, whatever labels they lack; null where each counts once. */
export function rowWeightsOf(target: Target, positions: Positions): Float64Array | null {
  const weights = weightsOf(target, positions);
  if (weights === null || target.kind !== "multilabel") return weights;
  const ofRows = new Float64Array(positions.length);
  weights.forEach((weight, at) => {
    const row = Math.floor(at / target.outputs);
    ofRows[row] = Math.max(ofRows[row], weight);
  });
  return ofRows.every((weight) => weight === 1) ? null : ofRows;
}

/** What some rows count together; where each counts once, how many they are. */
export function amountOf(target: Target, positions: Positions): number {
  return rowWeightsOf(target, positions)?.reduce((sum, each) => sum + each, 0) ?? positions.length;
}

/** Rows of each class, or with each label. */
export function classCounts({ kind, outputs, classes, labels }: Target): readonly number[] {
  const counts = new Array<number>(classes.length).fill(0);
  labels.forEach((label, index) => {
    if (kind !== "multilabel") counts[label]++;
    else if (label === 1) counts[index % outputs]++;
  });
  return counts;
}

/** Of each class, or label, the rows in which one knows whether they have it. */
export function knownRows({ kind, outputs, classes, rows, labels }: Target): readonly number[] {
  const known = new Array<number>(classes.length).fill(rows.length);
  if (kind !== "multilabel") return known;
  labels.forEach((label, index) => {
    if (label === -1) known[index % outputs]--;
  });
  return known;
}

/** The share that each class, or label, has of what the rows count in which one knows it. */
export function classShares(target: Target): readonly number[] {
  const { kind, outputs, labels, weights } = target;
  if (weights === null) {
    const known = knownRows(target);
    return classCounts(target).map((count, k) => count / known[k]);
  }
  const sums = weightsByClass(target).map((each) => each.reduce((sum, weight) => sum + weight, 0));
  if (kind !== "multilabel") {
    const all = sums.reduce((sum, each) => sum + each, 0);
    return sums.map((each) => each / all);
  }
  const all = new Array<number>(outputs).fill(0);
  labels.forEach((_, index) => {
    all[index % outputs] += weights[index];
  });
  return sums.map((each, k) => each / all[k]);
}

/** The weights of the rows of each class, or with each label. */
export function weightsByClass({ kind, outputs, classes, labels, weights }: Target): readonly (readonly number[])[] {
  const found = classes.map((): number[] => []);
  labels.forEach((label, index) => {
    const weight = weights === null ? 1 : weights[index];
    if (kind !== "multilabel") found[label].push(weight);
    else if (label === 1) found[index % outputs].push(weight);
  });
  return found;
}
