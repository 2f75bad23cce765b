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

/** Rows of each class, or with each label. */
export function classCounts({ kind, outputs, classes, labels }: Target): readonly number[] {
  const counts = new Array<number>(classes.length).fill(0);
  labels.forEach((label, index) => {
    if (kind !== "multilabel") counts[label]++;
    else counts[index % outputs] += label;
  });
  return counts;
}
