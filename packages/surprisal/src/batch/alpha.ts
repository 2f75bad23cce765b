// Alpha: what each class weighs, in the three forms that users bring it.
import { fail, isRecord, texts } from "../errors.ts";
import { isArray, type NumberArray } from "./arrays.ts";
import { checkedFraction, checkedOptions, checkedWeight, checkedWeights, type Shape } from "./shape.ts";

/**
 * The weight of classes.
 *
 * - softmax: one weight per class.
 * - sigmoid: a number a from 0 to 1 (label 1 weighs a, label 0 weighs 1 - a), or one such number per label column.
 * - sigmoid: `{ positive, negative }`, the two weights themselves, each one number or one per label column; PyTorch's
 *   `pos_weight` w is `{ positive: w, negative: 1 }`.
 */
export type Alpha =
  | number
  | NumberArray
  | { readonly positive: number | NumberArray; readonly negative: number | NumberArray };

/** The weights that an alpha means. */
export interface AlphaWeights {
  /** By class: of the class as the target (softmax), of label 1 (sigmoid). */
  readonly positive: Float64Array;
  /** By label column: of label 0 (sigmoid); for softmax without meaning. */
  readonly negative: Float64Array;
}

/** The weight of a class as the target, or of label 1. */
export function positiveWeight(alpha: AlphaWeights | null, column: number): number {
  return alpha === null ? 1 : alpha.positive[column];
}

/** The weight of label 0. */
export function negativeWeight(alpha: AlphaWeights | null, column: number): number {
  return alpha === null ? 1 : alpha.negative[column];
}

/**
 * Checks alpha and spreads it over the classes; null without alpha, where every weight is 1.
 *
 * Of an empty batch, which may have any number of classes, one number is spread over none of them.
 *
 * @throws InputError if the form does not fit the activation, a length is wrong or a weight is out of range
 */
export function alphaWeights(
  where: string,
  alpha: Alpha | undefined,
  { activation, classes, examples }: Shape,
): AlphaWeights | null {
  if (alpha === undefined || alpha === null) return null;
  if (activation === "softmax") {
    if (isRecord(alpha)) fail(where, texts.alphaPairNeedsSigmoid(classes));
    if (!isArray(alpha)) fail(where, texts.alphaNeedsList(alpha, classes));
    const weights = checkedWeights(where, "alpha", alpha, [classes], `one per class is needed (${classes})`);
    return { positive: Float64Array.from(weights), negative: new Float64Array(classes).fill(1) };
  }
  const columns = examples === 0 ? 1 : classes;
  if (isRecord(alpha)) {
    checkedOptions(`${where}: alpha`, alpha, ["positive", "negative"], "");
    const spread = (name: string, weight: number | NumberArray) =>
      isArray(weight)
        ? Float64Array.from(checkedWeights(where, name, weight, [classes], `one per column is needed (${classes})`))
        : new Float64Array(columns).fill(checkedWeight(where, name, weight));
    return { positive: spread("alpha.positive", alpha.positive), negative: spread("alpha.negative", alpha.negative) };
  }
  if (isArray(alpha) && alpha.length !== classes) {
    fail(
      where,
      texts.lengthOf("alpha", alpha.length, `a plain number is needed, or a list with one per column (${classes})`),
    );
  }
  const positive = new Float64Array(isArray(alpha) ? classes : columns);
  for (let label = 0; label < positive.length; label++) {
    const name = isArray(alpha) ? `alpha[${label}]` : "alpha";
    positive[label] = checkedFraction(where, isArray(alpha) ? alpha[label] : alpha, (found) =>
      texts.alphaRange(name, found),
    );
  }
  return { positive, negative: positive.map((share) => 1 - share) };
}
