// A finished assignment of rows to folds: what it is, the hash that identifies it, and what makes it unusable.
import { createHash } from "node:crypto";
import type { Target } from "../task/target.ts";

/** Which rows each fold tests. */
export interface Folds {
  /** Folds per repeat. */
  readonly count: number;
  /** Per repeat: the fold of each kept row, from 0. */
  readonly repeats: readonly Int32Array[];
  /** See `hashFolds`. */
  readonly hash: string;
}

/**
 * The first 12 hexadecimal digits of the SHA-256 of the folds as CSV without a header: a line for each kept row, with
 * its fold in every repeat. Other programs can recompute it, and so show that they used the same folds.
 */
export function hashFolds(repeats: readonly Int32Array[]): string {
  const hash = createHash("sha256");
  const rows = repeats[0]?.length ?? 0;
  const block = 10_000;
  for (let begin = 0; begin < rows; begin += block) {
    let lines = "";
    for (let row = begin; row < Math.min(begin + block, rows); row++) {
      lines += `${repeats.map((folds) => folds[row]).join(",")}\n`;
    }
    hash.update(lines);
  }
  return hash.digest("hex").slice(0, 12);
}

/** A class (or a label's 0 or 1) whose rows are all in one fold, so that training without that fold cannot learn it. */
export function classInOneFold(target: Target, folds: Int32Array): { name: string; fold: number } | null {
  const { kind, outputs, classes, labels } = target;
  const multilabel = kind === "multilabel";
  // Per class the fold it was seen in, -1 before it is seen, -2 once it is in two. Multi-label: 0 and 1 of each label.
  const seen = new Int32Array(multilabel ? 2 * outputs : classes.length).fill(-1);
  const see = (each: number, fold: number) => {
    seen[each] = seen[each] === -1 || seen[each] === fold ? fold : -2;
  };
  folds.forEach((fold, row) => {
    if (!multilabel) see(labels[row], fold);
    else {
      for (let label = 0; label < outputs; label++) {
        const value = labels[row * outputs + label];
        if (value !== -1) see(2 * label + value, fold);
      }
    }
  });
  const lonely = seen.findIndex((fold) => fold >= 0);
  if (lonely < 0) return null;
  const name = multilabel ? `${classes[lonely >> 1]} = ${lonely & 1}` : classes[lonely];
  return { name, fold: seen[lonely] };
}
