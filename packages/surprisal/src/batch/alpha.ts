// Alpha: what each class weighs, in the three forms that users bring it.
import { fail, isRecord, texts } from "../errors.ts";
import { isArray, type NumberArray } from "./arrays.ts";
import { type Activation, checkedFraction, checkedOptions, checkedWeight, checkedWeights } from "./shape.ts";

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
 * @throws InputError if the form does not fit the activation, a length is wrong or a weight is out of range
 */
export function alphaWeights(
  where: string,
  alpha: Alpha | undefined,
  activation: Activation,
  classes: number,
): AlphaWeights | null {
  if (alpha === undefined || alpha === null) return null;
  const positive = new Float64Array(classes).fill(1);
  const negative = new Float64Array(classes).fill(1);
  if (activation === "softmax") {
    if (isRecord(alpha)) fail(where, texts.alphaPairNeedsSigmoid(classes));
    if (!isArray(alpha)) fail(where, texts.alphaNeedsList(alpha, classes));
    positive.set(checkedWeights(where, "alpha", alpha, [classes], `one per class is needed (${classes})`));
    return { positive, negative };
  }
  if (isRecord(alpha)) {
    checkedOptions(`${where}: alpha`, alpha, ["positive", "negative"], "");
    spread(where, "alpha.positive", alpha.positive, positive);
    spread(where, "alpha.negative", alpha.negative, negative);
    return { positive, negative };
  }
  if (isArray(alpha) && alpha.length !== classes) {
    fail(
      where,
      texts.lengthOf("alpha", alpha.length, `a plain number is needed, or a list with one per column (${classes})`),
    );
  }
  for (let label = 0; label < classes; label++) {
    const name = isArray(alpha) ? `alpha[${label}]` : "alpha";
    const share = checkedFraction(where, isArray(alpha) ? alpha[label] : alpha, (found) =>
      texts.alphaRange(name, found),
    );
    positive[label] = share;
    negative[label] = 1 - share;
  }
  return { positive, negative };
}

function spread(where: string, name: string, weight: number | NumberArray, into: Float64Array): void {
  if (isArray(weight))
    into.set(checkedWeights(where, name, weight, [into.length], `one per column is needed (${into.length})`));
  else into.fill(checkedWeight(where, name, weight));
}
