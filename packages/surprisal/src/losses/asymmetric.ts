// Asymmetric loss: focal with its own gamma for each label, and easy negatives dropped altogether.
import { defineLoss } from "./define.ts";
import { focal } from "./focal.ts";

/**
 * Asymmetric loss: label 0 fades faster than label 1, and a label 0 predicted below the margin costs nothing.
 *
 *     label 1: loss = -(1 - p)^gammaPositive log p
 *     label 0: loss = -pm^gammaNegative log(1 - pm),   pm = max(p - margin, 0)
 *
 * With the defaults a negative at p = 0.1 costs 330,000 times less than with cross entropy. For softmax only the
 * formula of label 1 applies: a class that is not the target has no term of its own. Beside the margin digits go with
 * the difference p - margin: what is left is exact to the digits of the loss without a margin.
 *
 * @param parameters `gammaPositive >= 0` (default 1), `gammaNegative >= 0` (default 4), `margin` from 0 to 1 (0.05)
 * @returns a loss for `evaluate`
 * @throws InputError if a parameter is outside its range
 * Source: Ridnik et al. (2021), Asymmetric Loss for Multi-Label Classification, equations 5 and 7.
 */
export const asymmetric = /* @__PURE__ */ defineLoss({
  name: "asymmetric",
  title: "Asymmetric loss",
  summary: "Focal loss with its own gamma for label 1 and label 0, and a margin below which label 0 costs nothing.",
  whenToUse:
    "Multi-label problems with many labels of which few are true per example, and with true labels that were overlooked. Below the margin the loss is flat, so probabilities under it cannot be recovered.",
  source: "T. Ridnik et al., Asymmetric Loss For Multi-Label Classification, ICCV 2021, equations 5 and 7",
  parameters: {
    gammaPositive: {
      default: 1,
      min: 0,
      perClass: true,
      symbol: "\\gamma_+",
      meaning: "how fast easy examples with label 1 fade",
    },
    gammaNegative: {
      default: 4,
      min: 0,
      grid: [2, 4],
      perClass: true,
      symbol: "\\gamma_-",
      meaning: "how fast easy examples with label 0 fade",
    },
    margin: {
      default: 0.05,
      min: 0,
      max: 1,
      grid: [0, 0.05],
      symbol: "m",
      meaning: "a label 0 with p below it costs nothing",
    },
  },
  formula: ({ neg, mul, pow }, { logPt, oneMinusPt }, { gammaPositive }) =>
    neg(mul(pow(oneMinusPt, gammaPositive), logPt)),
  // For a label 0, pt = 1 - p. Without a margin it is focal of the views, exact in both tails.
  negativeFormula: ({ neg, sub, add, mul, pow, log, ifPositive }, views, { gammaNegative, margin }) => {
    const { logPt, pt, oneMinusPt } = views;
    const shifted = sub(oneMinusPt, margin);
    const above = neg(mul(pow(shifted, gammaNegative), log(add(pt, margin))));
    return ifPositive(margin, ifPositive(shifted, above, 0), neg(mul(pow(oneMinusPt, gammaNegative), logPt)));
  },
  identities: [{ parameters: { gammaPositive: 2, gammaNegative: 2, margin: 0 }, equals: () => focal({ gamma: 2 }) }],
});
