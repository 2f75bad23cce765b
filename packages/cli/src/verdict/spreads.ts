// Scores over the outer folds: their means, and how sure these are.
import type { Scores } from "../scores/scores.ts";
import { compareFolds } from "../scores/statistics.ts";

/** A score over the outer folds: its mean, and how far a fold is from it. */
export interface Spread {
  readonly mean: number;
  /** Half the width of the 95 % interval of the mean, corrected for the overlap of training rows. */
  readonly margin: number;
}

/** The scores of {@link Scores}, each over the outer folds. */
export type Spreads = { readonly [score in keyof Scores]: Spread };

/** The spread of each score. */
export function spreads(all: readonly Scores[], testShare: number): Spreads {
  const names = Object.keys(all[0]) as (keyof Scores)[];
  const entries = names.map((name): [keyof Scores, Spread] => {
    const values = all.map((scores) => scores[name]);
    const { mean: middle, high } = compareFolds(values, testShare, 0);
    return [name, { mean: middle, margin: high - middle }];
  });
  return Object.fromEntries(entries) as Spreads;
}
