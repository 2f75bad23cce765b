// Models in pairs: each more elaborate one against each simpler one, and the one that the certain differences lead to.
import { compareFolds, holm } from "../scores/statistics.ts";
import type { ModelComparison } from "./result.ts";
import type { Certainty } from "./verdict.ts";

/** A pair of models, by their places in the list, and the second minus the first. */
export interface Pair {
  readonly simple: number;
  readonly elaborate: number;
  readonly comparison: ModelComparison;
}

/** Compares all pairs by their oriented scores in the same folds, with Holm's correction over the pairs. */
export function comparePairs(scores: readonly (readonly number[])[], testShare: number, band: number): readonly Pair[] {
  const pairs = scores.flatMap((elaborate, k) =>
    scores.slice(0, k).map((simple, j) => {
      const differences = elaborate.map((score, fold) => score - simple[fold]);
      return { simple: j, elaborate: k, comparison: compareFolds(differences, testShare, band) };
    }),
  );
  const corrected = holm(pairs.map(({ comparison: { p } }) => p));
  return pairs.map(({ comparison, ...pair }, k) => ({
    ...pair,
    comparison: { ...comparison, corrected: corrected[k] },
  }));
}

/** One model minus another, whichever is the simpler. */
export function between(pairs: readonly Pair[], challenger: number, incumbent: number): ModelComparison {
  const [simple, elaborate] = [Math.min(challenger, incumbent), Math.max(challenger, incumbent)];
  const { comparison } = pairs.find((pair) => pair.simple === simple && pair.elaborate === elaborate)!;
  return challenger > incumbent ? comparison : mirrored(comparison);
}

/** The other way round. */
export function mirrored({ mean, low, high, better, worse, ...rest }: ModelComparison): ModelComparison {
  return { ...rest, mean: 0 - mean, low: 0 - high, high: 0 - low, better: worse, worse: better };
}

/** Whether a difference is as sure as a recommendation takes. */
export function isCertain({ better, corrected }: ModelComparison, { ranking, certainty }: Certainty): boolean {
  return ranking && better >= certainty && corrected <= 0.05;
}

/**
 * The model to use: the simplest, unless a more elaborate one is surely better; that one, unless a yet more elaborate
 * one is surely better than it; and so on. So each step from the simplest is as sure as leaving cross entropy is.
 */
export function chooseModel(count: number, pairs: readonly Pair[], certainty: Certainty): number {
  let chosen = 0;
  for (let next = 1; next < count; next++) if (isCertain(between(pairs, next, chosen), certainty)) chosen = next;
  return chosen;
}
