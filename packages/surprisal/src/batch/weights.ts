// Weights of every size: a common factor cancels from a weighted mean exactly, and no product of weights overflows or
// underflows on the way to a result that can be represented.
import { exponentOf, product } from "../formula/powersOfTwo.ts";
import type { AlphaWeights } from "./alpha.ts";
import type { NumberArray } from "./arrays.ts";
import type { Reduction } from "./reduction.ts";
import type { Activation } from "./shape.ts";

/** The sum of products of numbers, in units of 2^unit. */
export function sumOfProducts(products: readonly (readonly number[])[]): {
  readonly weights: number;
  readonly unit: number;
} {
  const sizeOf = (factors: readonly number[]) => factors.reduce((size, factor) => size + exponentOf(factor), 0);
  const terms = products.filter((factors) => !factors.includes(0));
  if (terms.length === 0) return { weights: 0, unit: 0 };
  const unit = terms.reduce((most, factors) => Math.max(most, sizeOf(factors)), Number.NEGATIVE_INFINITY);
  return { weights: terms.reduce((sum, factors) => sum + product(-unit, ...factors), 0), unit };
}

/** The weights of a batch, in a unit of their own. */
export interface Weights {
  readonly alpha: AlphaWeights | null;
  readonly exampleWeights: NumberArray | null;
  /** Products of weights are meant in units of 2^unit. */
  readonly weightUnit: number;
  /**
   * Whether weights are so large, so small or so unequal that their products need care: those are as they were given,
   * `weightUnit` is still to be applied, and the reference takes the batch, whichever back end was asked.
   */
  readonly areWeightsExtreme: boolean;
}

/** Weights from 2^-40 to 2^40 (1e-12 to 1e12) are ordinary: products of two stay far within float32. */
const ordinary = 40;

/**
 * Weights as back ends take them.
 *
 * @param alpha the weights of classes; they may be overwritten
 * @param reduction where it is "weighted-mean", a common factor cancels: then the largest weights are brought to about
 *   1, by a power of two, which changes no digit
 */
export function weightsInUnits(
  alpha: AlphaWeights | null,
  exampleWeights: NumberArray | null,
  activation: Activation,
  reduction: Reduction,
): Weights {
  if (alpha === null && exampleWeights === null) return none;
  const isMean = reduction === "weighted-mean";
  // For softmax the weights of label 0 are without meaning.
  const ofClasses = rangeOf(alpha?.positive, activation === "softmax" ? undefined : alpha?.negative);
  const ofExamples = rangeOf(exampleWeights ?? undefined);
  const alphaUnit = isMean ? exponentOf(ofClasses.largest) : 0;
  const exampleUnit = isMean ? exponentOf(ofExamples.largest) : 0;
  if (isExtreme(ofClasses, alphaUnit) || isExtreme(ofExamples, exampleUnit)) {
    return { alpha, exampleWeights, weightUnit: 0, areWeightsExtreme: true };
  }
  if (alpha !== null && alphaUnit !== 0) {
    divide(alpha.positive, alphaUnit, alpha.positive);
    divide(alpha.negative, alphaUnit, alpha.negative);
  }
  const divided =
    exampleWeights && exampleUnit !== 0
      ? divide(exampleWeights, exampleUnit, new Float64Array(exampleWeights.length))
      : exampleWeights;
  return { alpha, exampleWeights: divided, weightUnit: alphaUnit + exampleUnit, areWeightsExtreme: false };
}

const none: Weights = { alpha: null, exampleWeights: null, weightUnit: 0, areWeightsExtreme: false };

interface Range {
  /** Of those that are more than 0. */
  readonly smallest: number;
  readonly largest: number;
}

/** The range of the numbers in up to two lists; from 1 to 1 where there are none but 0. */
function rangeOf(values: NumberArray = [], others: NumberArray = []): Range {
  let smallest = Number.POSITIVE_INFINITY;
  let largest = 0;
  const length = values.length + others.length;
  for (let k = 0; k < length; k++) {
    const value = k < values.length ? values[k] : others[k - values.length];
    if (value > largest) largest = value;
    if (value < smallest && value > 0) smallest = value;
  }
  return largest === 0 ? { smallest: 1, largest: 1 } : { smallest, largest };
}

function isExtreme({ smallest, largest }: Range, unit: number): boolean {
  return exponentOf(smallest) - unit < -ordinary || exponentOf(largest) - unit >= ordinary;
}

/** Divides weights by 2^unit. */
function divide(values: NumberArray, unit: number, into: Float64Array): Float64Array {
  // Both factors are powers of two that float64 has.
  const half = 2 ** -Math.trunc(unit / 2);
  const rest = 2 ** -(unit - Math.trunc(unit / 2));
  for (let k = 0; k < into.length; k++) into[k] = values[k] * half * rest;
  return into;
}
