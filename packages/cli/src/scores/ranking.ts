// How well probabilities rank: average precision and ROC-AUC, both from one walk down the distinct probabilities.
import type { Column01 } from "./confusion.ts";

/** A column of labels with the probabilities for it, each split into those of the positives and of the negatives. */
export interface Ranked {
  /** The probabilities of the positives, from the largest. */
  readonly positives: Float64Array;
  /** The probabilities of the negatives, from the largest. */
  readonly negatives: Float64Array;
  /** What the first, the first two, and so on count together, of positives and of negatives; null: once each. */
  readonly sums: { readonly positives: Float64Array; readonly negatives: Float64Array } | null;
}

/** Sorts; native sorting of plain numbers is many times faster than sorting rows by a comparison. */
export function rank({ labels, probabilities, weights = null }: Column01): Ranked {
  if (weights !== null) return rankWeighted(labels, probabilities, weights);
  return {
    sums: null,
    positives: probabilities
      .filter((_, row) => labels[row] === 1)
      .sort()
      .reverse(),
    negatives: probabilities
      .filter((_, row) => labels[row] !== 1)
      .sort()
      .reverse(),
  };
}

function rankWeighted(labels: Int32Array, probabilities: Float64Array, weights: Float64Array): Ranked {
  const sorted = (isPositive: boolean) => {
    const rows = Array.from(labels.keys()).filter((row) => (labels[row] === 1) === isPositive);
    rows.sort((a, b) => probabilities[b] - probabilities[a]);
    let sum = 0;
    const sums = Float64Array.from(rows, (row) => {
      sum += weights[row];
      return sum;
    });
    return { probabilities: Float64Array.from(rows, (row) => probabilities[row]), sums };
  };
  const [positives, negatives] = [sorted(true), sorted(false)];
  return {
    positives: positives.probabilities,
    negatives: negatives.probabilities,
    sums: { positives: positives.sums, negatives: negatives.sums },
  };
}

/** What all positives, and all negatives, count. */
export function totalsOf({ positives, negatives, sums }: Ranked): {
  readonly positives: number;
  readonly negatives: number;
} {
  if (sums === null) return { positives: positives.length, negatives: negatives.length };
  return { positives: sums.positives.at(-1) ?? 0, negatives: sums.negatives.at(-1) ?? 0 };
}

/** Calls `visit` for each distinct probability from the largest, with what positives and negatives up to it count. */
export function walk(
  { positives, negatives, sums }: Ranked,
  visit: (threshold: number, truePositives: number, falsePositives: number) => void,
): void {
  let hits = 0;
  let alarms = 0;
  while (hits < positives.length || alarms < negatives.length) {
    const threshold = Math.max(positives[hits] ?? -1, negatives[alarms] ?? -1);
    while (hits < positives.length && positives[hits] >= threshold) hits++;
    while (alarms < negatives.length && negatives[alarms] >= threshold) alarms++;
    if (sums === null) visit(threshold, hits, alarms);
    else visit(threshold, sums.positives[hits - 1] ?? 0, sums.negatives[alarms - 1] ?? 0);
  }
}

/** The sum over the distinct probabilities of (recall gained) x precision; NaN without positives. */
export function averagePrecision(ranked: Ranked): number {
  const all = totalsOf(ranked).positives;
  let sum = 0;
  let before = 0;
  walk(ranked, (_, hits, alarms) => {
    sum += ((hits - before) / all) * (hits / (hits + alarms));
    before = hits;
  });
  return all === 0 ? Number.NaN : sum;
}

/** The share of pairs (positive, negative) whose positive has the larger probability, equal ones counted half. */
export function rocAuc(ranked: Ranked): number {
  let pairs = 0;
  let hitsBefore = 0;
  let alarmsBefore = 0;
  walk(ranked, (_, hits, alarms) => {
    pairs += (alarms - alarmsBefore) * (hitsBefore + (hits - hitsBefore) / 2);
    hitsBefore = hits;
    alarmsBefore = alarms;
  });
  const { positives, negatives } = totalsOf(ranked);
  return pairs / (positives * negatives); // 0 / 0 is NaN: undefined with one class
}
