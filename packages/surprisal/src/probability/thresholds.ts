// From true probabilities to decisions: the best threshold, by formula.
import { isArray, type NumberArray } from "../batch/arrays.ts";
import { checkedFraction, checkedOptions, checkedWeights } from "../batch/shape.ts";
import { decisionTexts, fail, texts } from "../errors.ts";
import { exponentOf, scaledBy } from "../formula/powersOfTwo.ts";

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
    if (!(Number.isFinite(cost) && cost >= 0)) fail(where, decisionTexts.costNotValid(name, cost));
  }
  if (falseAlarm === 0 && miss === 0) fail(where, decisionTexts.costsZero());
  const unit = exponentOf(Math.max(falseAlarm, miss)); // so that the sum is never beyond every number
  const [a, b] = [scaledBy(falseAlarm, -unit), scaledBy(miss, -unit)];
  return a / (a + b);
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
  return checkedFraction("balancedAccuracyThreshold", prevalence, (found) =>
    decisionTexts.thresholdRange("prevalence", found),
  );
}

/**
 * The threshold with the best expected F1 on examples with these probabilities, and that F1.
 *
 *     threshold = F1* / 2
 *
 * It is never above 0.5, and falls as positives get rare or hard to tell.
 *
 * @param probabilities true probabilities, `[N]`; labels are not needed
 * @param exampleWeights a weight >= 0 per example, `[N]`: as if each were there so many times
 * @returns the threshold, and the F1 of the expected counts at it
 * @throws InputError if there are none, or one is outside 0 to 1
 * Source: Lipton et al. (2014), Optimal Thresholding of Classifiers to Maximize F1 Measure, theorem 1.
 */
export function f1Threshold(
  probabilities: NumberArray,
  exampleWeights?: NumberArray,
): { threshold: number; f1: number } {
  const sorted = fromTheMostProbable("f1Threshold", probabilities, exampleWeights);
  const positives = expectedPositives(sorted);
  let best = 0;
  for (const { taken, found } of cuts(sorted)) best = Math.max(best, (2 * found) / (taken + positives));
  return { threshold: best / 2, f1: best };
}

/** A threshold, and what is to be expected of the decisions that it makes. */
export interface OperatingPoint {
  readonly threshold: number;
  /** The share of those called positive that are: the mean of their probabilities; 1 where none is called. */
  readonly precision: number;
  /**
   * The share of the positives that are called: their sum over the sum of all probabilities; 1 where none is expected.
   */
  readonly recall: number;
}

/**
 * The highest threshold that finds at least this share of the positives, and the precision that this costs.
 *
 *     recall(t) = sum of p[n] >= t / sum of p[n]
 *
 * Among probabilities .9, .6, .3 and .2 two positives are expected; a recall of .75 takes the first two, which hold
 * 1.5.
 *
 * @param probabilities true probabilities, `[N]`; labels are not needed
 * @param recall the least expected recall, from 0 to 1
 * @param exampleWeights a weight >= 0 per example, `[N]`: as if each were there so many times
 * @throws InputError if there are no probabilities, or one of the numbers is outside 0 to 1
 */
export function recallThreshold(
  probabilities: NumberArray,
  recall: number,
  exampleWeights?: NumberArray,
): OperatingPoint {
  const where = "recallThreshold";
  const wanted = checkedFraction(where, recall, (found) => decisionTexts.thresholdRange("recall", found));
  const sorted = fromTheMostProbable(where, probabilities, exampleWeights);
  const enough = wanted * expectedPositives(sorted) * roundingBelow;
  return pointOf(
    sorted,
    first(cuts(sorted), ({ found }) => found >= enough),
  );
}

/**
 * The lowest threshold at which at least this share of the positive answers is right, and the recall that is left.
 *
 *     precision(t) = mean of p[n] >= t
 *
 * It mostly lies below the precision asked for, since the surer examples make up for the doubtful ones: of .9, .6, .3
 * and .2 a precision of .75 takes the first two. Where not even the most probable example is so sure, it is 1.
 *
 * @param probabilities true probabilities, `[N]`; labels are not needed
 * @param precision the least expected precision, from 0 to 1
 * @param exampleWeights a weight >= 0 per example, `[N]`: as if each were there so many times
 * @throws InputError if there are no probabilities, or one of the numbers is outside 0 to 1
 */
export function precisionThreshold(
  probabilities: NumberArray,
  precision: number,
  exampleWeights?: NumberArray,
): OperatingPoint {
  const where = "precisionThreshold";
  const wanted = checkedFraction(where, precision, (found) => decisionTexts.thresholdRange("precision", found));
  const sorted = fromTheMostProbable(where, probabilities, exampleWeights);
  let lowest: Cut = { threshold: 1, taken: 0, found: 0 };
  for (const cut of cuts(sorted)) {
    if (cut.found < wanted * cut.taken * roundingBelow) break; // from here on the mean only falls
    lowest = cut;
  }
  return pointOf(sorted, lowest);
}

/**
 * The threshold that calls the most probable share of the examples positive, and what is to be expected of these.
 *
 *     threshold = the k-th largest p[n],   k = share N
 *
 * Where 100 of 5,000 customers can be called, the share is .02. Of equal probabilities all are called or none; at least
 * one example is called.
 *
 * @param probabilities true probabilities, `[N]`; labels are not needed
 * @param share the share to call positive, from 0 to 1
 * @param exampleWeights a weight >= 0 per example, `[N]`: the share is then one of their sum
 * @throws InputError if there are no probabilities, or one of the numbers is outside 0 to 1
 */
export function topThreshold(probabilities: NumberArray, share: number, exampleWeights?: NumberArray): OperatingPoint {
  const where = "topThreshold";
  const wanted = checkedFraction(where, share, (found) => decisionTexts.thresholdRange("share", found));
  const sorted = fromTheMostProbable(where, probabilities, exampleWeights);
  const { weights } = sorted;
  const enough =
    weights === null
      ? Math.round(wanted * sorted.values.length)
      : wanted * weights.reduce((sum, weight) => sum + weight, 0) * roundingBelow;
  return pointOf(
    sorted,
    first(cuts(sorted), ({ taken }) => taken >= enough),
  );
}

/** Probabilities from the largest, with what each counts; null where each counts once. */
interface Sorted {
  readonly values: Float64Array;
  readonly weights: Float64Array | null;
}

/** What a threshold takes: how many examples, and how many positives are to be expected among them. */
interface Cut {
  readonly threshold: number;
  readonly taken: number;
  readonly found: number;
}

/** So that a sum of equal numbers does not miss its aim by its last digit. */
const roundingBelow = 1 - 1e-12;

function fromTheMostProbable(where: string, probabilities: NumberArray, exampleWeights?: NumberArray): Sorted {
  if (!isArray(probabilities)) fail(where, texts.notAnArray("probabilities", probabilities, "an array of numbers"));
  if (probabilities.length === 0) fail(where, decisionTexts.probabilitiesEmpty());
  const checked = Float64Array.from(probabilities as ArrayLike<number>, (p, n) =>
    checkedFraction(where, p, (found) => decisionTexts.thresholdRange(`probabilities[${n}]`, found)),
  );
  if (exampleWeights === undefined) return { values: checked.sort().reverse(), weights: null };
  const { length } = checked;
  const needed = `one per example is needed (${length})`;
  const weights = checkedWeights(where, "exampleWeights", exampleWeights, [length], needed);
  const order = Array.from(checked.keys())
    .filter((n) => weights[n] > 0)
    .sort((a, b) => checked[b] - checked[a]);
  return { values: Float64Array.from(order, (n) => checked[n]), weights: Float64Array.from(order, (n) => weights[n]) };
}

function expectedPositives({ values, weights }: Sorted): number {
  return values.reduce((sum, p, n) => sum + (weights === null ? p : weights[n] * p), 0);
}

/** A cut at each distinct probability, from the largest to the smallest, which takes all. */
function* cuts({ values, weights }: Sorted): Generator<Cut, void> {
  let taken = 0;
  let found = 0;
  for (let n = 0; n < values.length; n++) {
    const threshold = values[n];
    const weight = weights === null ? 1 : weights[n];
    taken += weight;
    found += weight * threshold;
    if (values[n + 1] !== threshold) yield { threshold, taken, found };
  }
}

/** The first cut that is enough; the last if none is. */
function first(all: Iterable<Cut>, isEnough: (cut: Cut) => boolean): Cut {
  let last: Cut = { threshold: 1, taken: 0, found: 0 };
  for (const cut of all) {
    last = cut;
    if (isEnough(cut)) break;
  }
  return last;
}

function pointOf(sorted: Sorted, { threshold, taken, found }: Cut): OperatingPoint {
  const positives = expectedPositives(sorted);
  return {
    threshold,
    precision: taken === 0 ? 1 : found / taken,
    recall: positives === 0 ? 1 : Math.min(1, found / positives),
  };
}
