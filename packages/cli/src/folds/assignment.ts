// A finished assignment of rows to folds: what it is, the hash that identifies it, and what makes it unusable.
import { createHash } from "node:crypto";
import { type Positions, positionsWhere } from "../task/positions.ts";
import type { Target } from "../task/target.ts";

/** Which rows each fold tests. */
export interface Folds {
  /** Folds per repeat. */
  readonly count: number;
  /** Per repeat: the fold of each kept row, from 0; in time also a negative number, see `blockOf`. */
  readonly repeats: readonly Int32Array[];
  /** See `hashFolds`. */
  readonly hash: string;
  /** Whether a fold trains on earlier rows only; else on the rows of all other folds. */
  readonly inTime?: boolean;
}

/**
 * The block of a row in time, from 0. Fold k tests block k + 1, and a row that it tests has the number k; a row that no
 * fold tests, because it is in the first block or its group was learnt from before, has ~block.
 */
export const blockOf = (number: number) => (number < 0 ? ~number : number + 1);

/** The rows that a fold trains on and those that it tests. */
export function sidesOf(folds: Folds, repeat: number, fold: number, rows: Positions): Record<Side, Positions> {
  const numbers = folds.repeats[repeat];
  return {
    train: positionsWhere(rows, (position) =>
      folds.inTime ? blockOf(numbers[position]) <= fold : numbers[position] !== fold,
    ),
    test: positionsWhere(rows, (position) => numbers[position] === fold),
  };
}

type Side = "train" | "test";

/**
 * How many rows are tested for each that is trained on, as the corrected test needs it (Nadeau and Bengio 2003). In
 * time the training rows grow from fold to fold: the mean of the folds' shares, which is more than the share of their
 * sums and so errs on the careful side. That theirs were random splits makes it a rule of thumb there.
 */
export function testShareOf(folds: Folds): number {
  if (!folds.inTime) return 1 / (folds.count - 1);
  return sizesInTime(folds).reduce((sum, { trained, tested }) => sum + tested / trained / folds.count, 0);
}

/** The rows that a fold trains on, in time the mean of the folds. */
export function trainedRowsOf(folds: Folds): number {
  if (!folds.inTime) return folds.repeats[0].length * (1 - 1 / folds.count);
  return sizesInTime(folds).reduce((sum, { trained }) => sum + trained / folds.count, 0);
}

/** Of each fold in time how many rows it trains on and tests. */
function sizesInTime({ count, repeats: [numbers] }: Folds): readonly Record<"trained" | "tested", number>[] {
  const sizes = Array.from({ length: count }, () => ({ trained: 0, tested: 0 }));
  for (const number of numbers) {
    if (number >= 0) sizes[number].tested++;
    for (let fold = blockOf(number); fold < count; fold++) sizes[fold].trained++;
  }
  return sizes;
}

/** The rows that some fold tests: all but those that are only trained on, in time. */
export function testedPositions({ repeats: [numbers] }: Folds, rows: Positions): Positions {
  return positionsWhere(rows, (position) => numbers[position] >= 0);
}

/**
 * The first 12 hexadecimal digits of the SHA-256 of the folds as CSV without a header: a line for each kept row, with
 * its fold in every repeat (in time a negative number where it is only trained on). Other programs can recompute it,
 * and so show that they used the same folds.
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
