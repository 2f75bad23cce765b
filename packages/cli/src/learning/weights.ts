// The weights of classes in training, from how often each occurs.

import { classWeights, type WeightScheme } from "surprisal";
import type { Positions } from "../task/positions.ts";
import type { Target } from "../task/target.ts";

/**
 * The weights of classes, as surprisal's `alpha` takes them: one per class (softmax), or those of label 1 and label 0,
 * each one number (binary) or one per label column (multi-label).
 */
export type ClassWeighting =
  | readonly number[]
  | { readonly positive: number | readonly number[]; readonly negative: number | readonly number[] };

/** What each label counts; none where each counts once. */
interface Counting {
  readonly weights?: Float64Array | null;
}

/**
 * The weights that the classes have in training, from their counts among `rows` (positions among the kept rows), with
 * mean 1 over these rows; undefined for "none". A class of which no row is seen weighs as much as the heaviest.
 */
export function weightsFor(
  scheme: "none" | WeightScheme,
  { kind, outputs, labels, weights: given = null }: Pick<Target, "kind" | "outputs" | "labels"> & Counting,
  rows: Positions,
): ClassWeighting | undefined {
  if (scheme === "none") return undefined;
  if (given !== null) return weightedFor(scheme, { kind, outputs, labels, weights: given }, rows);
  const weights = (counts: Float64Array) => Array.from(classWeights(counts, { scheme, emptyClass: "largest" }));
  if (kind === "multiclass") {
    const counts = new Float64Array(outputs);
    for (const row of rows) counts[labels[row]]++;
    return weights(counts);
  }
  const pairs = Array.from({ length: outputs }, (_, j) => {
    let positives = 0;
    for (const row of rows) positives += labels[row * outputs + j];
    return weights(Float64Array.of(rows.length - positives, positives));
  });
  if (kind === "binary") return { positive: pairs[0][1], negative: pairs[0][0] };
  return { positive: pairs.map(([, positive]) => positive), negative: pairs.map(([negative]) => negative) };
}

/**
 * The same of rows that count by weights: a class counts the sum of its weights, in units of the mean weight, so that
 * the unit of the weights changes nothing; a label counts the rows that have it.
 */
function weightedFor(
  scheme: WeightScheme,
  { kind, outputs, labels, weights }: Pick<Target, "kind" | "outputs" | "labels"> & { readonly weights: Float64Array },
  rows: Positions,
): ClassWeighting {
  const ofClasses = (sums: Float64Array, count: number) => {
    const unit = sums.reduce((sum, each) => sum + each, 0) / count;
    const counts = sums.map((sum) => sum / unit);
    return Array.from(classWeights(counts, { scheme, emptyClass: "largest" }));
  };
  if (kind === "multiclass") {
    const sums = new Float64Array(outputs);
    for (const row of rows) sums[labels[row]] += weights[row];
    return ofClasses(sums, rows.length);
  }
  const pairs = Array.from({ length: outputs }, (_, j) => {
    const sums = new Float64Array(2);
    let known = 0;
    for (const row of rows) {
      const at = row * outputs + j;
      if (weights[at] === 0) continue;
      sums[labels[at]] += weights[at];
      known++;
    }
    return known === 0 ? [1, 1] : ofClasses(sums, known);
  });
  if (kind === "binary") return { positive: pairs[0][1], negative: pairs[0][0] };
  return { positive: pairs.map(([, positive]) => positive), negative: pairs.map(([negative]) => negative) };
}
