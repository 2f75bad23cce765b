// Is a difference between two losses real? The corrected resampled t-test, said as probabilities.
import jstat from "jstat";
import { CliError, foldTexts } from "../errors.ts";

/** What the fold differences say about challenger minus incumbent; negative is better. */
export interface Comparison {
  readonly mean: number;
  /** The ends of the 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** The probabilities that the challenger is better, practically the same, worse; they add up to 1. */
  readonly better: number;
  readonly same: number;
  readonly worse: number;
  /** Two-sided, of no difference at all. */
  readonly p: number;
}

/**
 * Compares by the score differences d of J folds (Nadeau & Bengio 2003, eq. 12; Corani & Benavoli 2015, eq. 8).
 *
 * `t = mean(d) / sqrt((1/J + testShare) s^2)` with J - 1 degrees of freedom. Without `testShare` (n_test / n_train, 1/4
 * in 5 folds) the test takes folds for independent, though they share most of their training rows, and calls a
 * difference that is not there in 40 % of the cases. The posterior of the difference is Student's t with that scale
 * around the mean; `same` is its mass from -band to band. If all differences are equal, all mass is at the mean.
 * Folds without a score (NaN) are left out.
 * @throws CliError where fewer than 2 folds have a score
 */
export function compareFolds(differences: readonly number[], testShare: number, band: number): Comparison {
  const d = differences.filter((each) => Number.isFinite(each));
  if (d.length < 2) throw new CliError(foldTexts.noScores(d.length));
  if (d.every((each) => each === d[0])) return certainComparison(d[0], band);
  const mean = meanOf(d);
  const scale = correctedError(d, testShare);
  if (scale === 0) return certainComparison(mean, band); // differences of 1e-170, whose squares underflow
  const freedom = d.length - 1;
  const below = distribution((-band - mean) / scale, freedom);
  const above = distribution((mean - band) / scale, freedom);
  // jstat's values are good to 2e-8: around a band without width they reach past 1.
  const all = Math.max(1, below + above);
  const [better, worse] = [below / all, above / all];
  const half = jstat.studentt.inv(0.975, freedom) * scale;
  return {
    mean,
    low: mean - half,
    high: mean + half,
    better,
    same: Math.max(0, 1 - better - worse),
    worse,
    p: Math.min(1, 2 * distribution(-Math.abs(mean) / scale, freedom)),
  };
}

/** The standard error of a mean of differences between folds that share training rows; NaN of a single one. */
export function correctedError(differences: readonly number[], testShare: number): number {
  const count = differences.length;
  const mean = meanOf(differences);
  const variance = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (count - 1);
  return Math.sqrt((1 / count + testShare) * variance);
}

/** The mean; NaN of none. */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k];
  return sum / values.length;
}

/** The mean of what is a number: folds without a score, such as those without a positive, are left out. */
export function meanOfKnown(values: readonly number[]): number {
  return meanOf(values.filter(Number.isFinite));
}

function certainComparison(mean: number, band: number): Comparison {
  const better = Number(mean < -band);
  const worse = Number(mean > band);
  return { mean, low: mean, high: mean, better, same: 1 - better - worse, worse, p: mean === 0 ? 1 : 0 };
}

/** Student's t up to x. Beyond 1e100 jstat's squares would overflow; nothing is left there. */
function distribution(x: number, freedom: number): number {
  if (Math.abs(x) > 1e100) return x < 0 ? 0 : 1;
  return jstat.studentt.cdf(x, freedom);
}

/** Holm's correction (1979) for several tests: the i-th smallest of m p-values times m - i + 1, never decreasing. */
export function holm(pValues: readonly number[]): number[] {
  const order = [...pValues.keys()].sort((a, b) => pValues[a] - pValues[b]);
  const corrected = new Array<number>(pValues.length);
  let largest = 0;
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[index]));
    corrected[index] = largest;
  });
  return corrected;
}
