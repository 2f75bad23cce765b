// From what a caller gave (logits, probabilities or log-probabilities) to logits.
import type { NumberArray } from "./arrays.ts";
import type { Inputs } from "./problem.ts";
import type { Activation } from "./shape.ts";

/** A function that gives the logit of a number of the caller's. */
export type ToLogit = (value: number) => number;

/**
 * How the caller's numbers become logits.
 *
 * For softmax the logarithm of a probability is a logit. For sigmoid it is log p - log(1 - p), each without
 * cancellation: log(1 - e^x) is log(-expm1(x)) for x near 0, log1p(-e^x) elsewhere.
 */
export function toLogit(activation: Activation, inputs: Inputs): ToLogit {
  if (inputs === "logits") return (logit) => logit;
  if (activation === "softmax") return inputs === "probabilities" ? Math.log : (logP) => logP;
  if (inputs === "probabilities") return (p) => Math.log(p) - Math.log1p(-p);
  return (logP) => logP - (logP > -Math.LN2 ? Math.log(-Math.expm1(logP)) : Math.log1p(-Math.exp(logP)));
}

/** Fills `row` with the logits of example n, adjusted. */
export function fillRow(
  row: Float64Array,
  values: NumberArray,
  n: number,
  convert: ToLogit,
  adjustment: NumberArray | null,
): void {
  const classes = row.length;
  for (let j = 0; j < classes; j++)
    row[j] = convert(values[n * classes + j]) + (adjustment === null ? 0 : adjustment[j]);
}
