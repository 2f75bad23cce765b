// The numbers that a model put out: checked once, row by row.
import { fail, texts } from "../errors.ts";
import type { FloatArray } from "./arrays.ts";
import type { Inputs } from "./problem.ts";
import type { Shape } from "./shape.ts";

/** Rows of logits, or of what stands in their place. */
export interface InputValues extends Shape {
  readonly logits: FloatArray;
  readonly inputs: Inputs;
}

/**
 * Checks the numbers in `logits`, except those of examples that are left out. NaN passes: it comes out as NaN.
 *
 * @throws InputError for a logit of Infinity or a row of -Infinity (softmax), and for numbers that are no probabilities
 */
export function checkInputs(
  where: string,
  values: InputValues,
  isLeftOut = (_example: number, _index: number) => false,
): void {
  const { activation, examples, classes, logits, inputs } = values;
  for (let n = 0; n < examples; n++) {
    if (activation === "softmax" && isLeftOut(n, n)) continue;
    let sum = 0;
    let possible = false;
    for (let index = n * classes; index < (n + 1) * classes; index++) {
      const value = logits[index];
      if (activation === "sigmoid" && isLeftOut(n, index)) continue;
      if (inputs === "probabilities" && (value < 0 || value > 1)) fail(where, texts.probabilityRange(index, value));
      if (inputs === "log-probabilities" && value > 0) fail(where, texts.logProbabilityRange(index, value));
      if (activation !== "softmax") continue;
      if (value === Number.POSITIVE_INFINITY) fail(where, texts.logitInfinite(index));
      if (value !== Number.NEGATIVE_INFINITY) possible = true;
      if (inputs !== "logits") sum += inputs === "probabilities" ? value : Math.exp(value);
    }
    if (activation !== "softmax") continue;
    if (inputs !== "logits" && Math.abs(sum - 1) > 1e-3) fail(where, texts.probabilityRowSum(n, sum));
    if (!possible) fail(where, texts.logitRowImpossible(n));
  }
}
