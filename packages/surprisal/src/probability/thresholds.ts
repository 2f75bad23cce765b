// From true probabilities to decisions: the best threshold, by formula.
import { isArray, type NumberArray } from "../batch/arrays.ts";
import { checkedFraction, checkedOptions } from "../batch/shape.ts";
import { fail, texts } from "../errors.ts";

/** What the two errors cost, in any unit. */
export interface ErrorCosts {
  /** The cost of calling a negative positive. */
  readonly falseAlarm: number;
  /** The cost of calling a positive negative. */
  readonly miss: number;
}

/**
 * The threshold with the least expected cost.
 *
 *     threshold = falseAlarm / (falseAlarm + miss)
 *
 * If a miss costs 5 false alarms it is 0.17; with equal costs 0.5, which maximises accuracy.
 *
 * @returns the probability from which on "positive" is the cheaper answer
 * @throws InputError if a cost is negative, or both are 0
 * Source: Elkan (2001), The Foundations of Cost-Sensitive Learning, equation 2.
 */
export function costThreshold(costs: ErrorCosts): number {
  const where = "costThreshold";
  const { falseAlarm, miss } = checkedOptions(where, costs, ["falseAlarm", "miss"], "{ falseAlarm: 1, miss: 5 }");
  for (const [name, cost] of Object.entries({ falseAlarm, miss })) {
    if (!(Number.isFinite(cost) && cost >= 0)) fail(where, texts.costNotValid(name, cost));
  }
  if (falseAlarm === 0 && miss === 0) fail(where, texts.costsZero());
  return falseAlarm / (falseAlarm + miss);
}

/**
 * The threshold with the best expected balanced accuracy, the mean of the recalls of both classes: the prevalence.
 *
 * Where 14 % are positive it is 0.14; a threshold of 0.5 on true probabilities would find few of them.
 *
 * @param prevalence the share of positives, from 0 to 1
 * @throws InputError if the prevalence is not between 0 and 1
 * Source: Menon et al. (2013), On the Statistical Consistency of Algorithms for Binary Classification under Class
 * Imbalance, section 3.
 */
export function balancedAccuracyThreshold(prevalence: number): number {
  return checkedFraction("balancedAccuracyThreshold", prevalence, (found) => texts.thresholdRange("prevalence", found));
}

/**
 * The threshold with the best expected F1 on examples with these probabilities, and that F1.
 *
 *     threshold = F1* / 2
 *
 * It is never above 0.5, and falls as positives get rare or hard to tell.
 *
 * @param probabilities true probabilities, `[N]`; labels are not needed
 * @returns the threshold, and the F1 of the expected counts at it
 * @throws InputError if there are none, or one is outside 0 to 1
 * Source: Lipton et al. (2014), Optimal Thresholding of Classifiers to Maximize F1 Measure, theorem 1.
 */
export function f1Threshold(probabilities: NumberArray): { threshold: number; f1: number } {
  const where = "f1Threshold";
  if (!isArray(probabilities)) fail(where, texts.notAnArray("probabilities", probabilities, "an array of numbers"));
  if (probabilities.length === 0) fail(where, texts.probabilitiesEmpty());
  const sorted = Float64Array.from(probabilities as ArrayLike<number>, (p, n) =>
    checkedFraction(where, p, (found) => texts.thresholdRange(`probabilities[${n}]`, found)),
  ).sort();
  const positives = sorted.reduce((sum, p) => sum + p, 0);
  let best = 0;
  let found = 0;
  for (let taken = 1; taken <= sorted.length; taken++) {
    found += sorted[sorted.length - taken];
    best = Math.max(best, (2 * found) / (taken + positives));
  }
  return { threshold: best / 2, f1: best };
}
