// Targets made from plain labels, for tests of what is dealt and counted.

import { Random } from "../src/random.ts";
import type { Target } from "../src/task/target.ts";
import { allRows } from "./columns.ts";
import { binaryTarget } from "./simulation.ts";

/** Rows of several classes. */
export function classTarget(labels: readonly number[], classes: readonly string[]): Target {
  const base = binaryTarget(Int32Array.from(labels));
  return { ...base, kind: "multiclass", activation: "softmax", classes, outputs: classes.length };
}

/** Rows of several labels. */
export function labelTarget(labels: readonly (readonly number[])[], names: readonly string[]): Target {
  const rows = allRows(labels.length);
  const base = binaryTarget(Int32Array.from(labels.flat()));
  return { ...base, kind: "multilabel", classes: names, columns: names, outputs: names.length, rows };
}

/** How often each value from 0 on occurs. */
export function tally(values: Iterable<number>, count: number): number[] {
  const counts = new Array<number>(count).fill(0);
  for (const value of values) counts[value]++;
  return counts;
}

/** Classes drawn with these shares. */
export const draw = (rows: number, shares: readonly number[], seed: string) => {
  const random = new Random(seed);
  return Array.from({ length: rows }, () => {
    let u = random.next();
    const found = shares.findIndex((share) => {
      u -= share;
      return u < 0;
    });
    return found < 0 ? shares.length - 1 : found;
  });
};
