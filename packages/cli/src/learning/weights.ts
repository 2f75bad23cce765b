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

/**
 * The weights that the classes have in training, from their counts among `rows` (positions among the kept rows), with
 * mean 1 over these rows; undefined for "none". A class of which no row is seen weighs as much as the heaviest.
 */
export function weightsFor(
  scheme: "none" | WeightScheme,
  { kind, outputs, labels }: Pick<Target, "kind" | "outputs" | "labels">,
  rows: Positions,
): ClassWeighting | undefined {
  if (scheme === "none") return undefined;
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
