// Sigmoid: one probability per logit. The margin of a label 1 is the logit, that of a label 0 its negative.
import { fillViews, type ViewArray } from "./margin.ts";

/** Fills the views of a label 1 at this logit; for a label 0 pass the negative logit. */
export function sigmoidViews(views: ViewArray, margin: number): void {
  fillViews(views, margin, Math.exp(-Math.abs(margin)));
}

/**
 * The sigmoid of a logit, 1 / (1 + e^-z), with full relative accuracy in both tails.
 *
 * sigmoid(0) = 0.5, sigmoid(4.6) = 0.99.
 */
export function sigmoid(logit: number): number {
  const odds = Math.exp(-Math.abs(logit));
  return (logit < 0 ? odds : 1) / (1 + odds);
}

/** The logarithm of the sigmoid, -log(1 + e^-z), finite where the sigmoid itself underflows. */
export function logSigmoid(logit: number): number {
  return Math.min(logit, 0) - Math.log1p(Math.exp(-Math.abs(logit)));
}
