// Cross entropy: the surprisal itself.
import { defineLoss } from "./define.ts";

/**
 * Cross entropy: how surprised the model is by the label.
 *
 *     loss = -log pt
 *
 * A coin-flip guess costs log 2 = 0.693; at pt = 0.01 the loss is 4.6. With log-probabilities as inputs it is the
 * negative log likelihood.
 *
 * @returns a loss for `evaluate`; it has no parameters
 * @throws InputError if a parameter is given
 * Source: Good (1952), Rational Decisions, section 8.
 */
export const crossEntropy = /* @__PURE__ */ defineLoss({
  name: "crossEntropy",
  title: "Cross entropy",
  summary: "How surprised the model is by the label: -log of the probability that it gave to it.",
  whenToUse:
    "The first choice, always: what it learns are probabilities, and with a threshold chosen for your costs it is hard to beat, also on imbalanced data. Leave it only for a difference that was measured.",
  source: "I. J. Good, Rational Decisions, Journal of the Royal Statistical Society B 14 (1952), section 8",
  formula: ({ neg }, { logPt }) => neg(logPt),
});
