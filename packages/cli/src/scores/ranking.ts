// How well probabilities rank: average precision and ROC-AUC, both from one walk down the distinct probabilities.

/** A column of labels with the probabilities for it, each split into those of the positives and of the negatives. */
export interface Ranked {
  /** The probabilities of the positives, from the largest. */
  readonly positives: Float64Array;
  /** The probabilities of the negatives, from the largest. */
  readonly negatives: Float64Array;
}

/** Sorts; native sorting of plain numbers is many times faster than sorting rows by a comparison. */
export function rank(labels: Int32Array, probabilities: Float64Array): Ranked {
  return {
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

/** Calls `visit` for each distinct probability from the largest, with how many positives and negatives reach it. */
export function walk(
  { positives, negatives }: Ranked,
  visit: (threshold: number, truePositives: number, falsePositives: number) => void,
): void {
  let hits = 0;
  let alarms = 0;
  while (hits < positives.length || alarms < negatives.length) {
    const threshold = Math.max(positives[hits] ?? -1, negatives[alarms] ?? -1);
    while (hits < positives.length && positives[hits] >= threshold) hits++;
    while (alarms < negatives.length && negatives[alarms] >= threshold) alarms++;
    visit(threshold, hits, alarms);
  }
}

/** The sum over the distinct probabilities of (recall gained) x precision; NaN without positives. */
export function averagePrecision(ranked: Ranked): number {
  const all = ranked.positives.length;
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
  return pairs / (ranked.positives.length * ranked.negatives.length); // 0 / 0 is NaN: undefined with one class
}
