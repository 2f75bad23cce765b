// Generalized cross entropy: between cross entropy and absolute error, for labels that may be wrong.
import { defineLoss } from "./define.ts";

/**
 * Generalized cross entropy: bounded, so that a wrong label cannot pull without limit.
 *
 *     loss = (1 - pt^q) / q
 *
 * q towards 0 is cross entropy, q = 1 the absolute error 1 - pt. With q = 0.7 a label that the model holds for
 * impossible costs at most 1.43, where cross entropy grows without bound.
 *
 * @param parameters `0 < q <= 1`, default 0.7
 * @returns a loss for `evaluate`
 * @throws InputError if q is outside its range
 * Source: Zhang and Sabuncu (2018), Generalized Cross Entropy Loss, equation 6.
 */
export const generalizedCrossEntropy = /* @__PURE__ */ defineLoss({
  name: "generalizedCrossEntropy",
  title: "Generalized cross entropy",
  summary: "A bounded loss between cross entropy (q near 0) and absolute error (q = 1), for labels that may be wrong.",
  whenToUse:
    "Noisy labels: a wrong label that contradicts a confident model is given up instead of learned. On clean labels it trains more slowly than cross entropy and gains nothing.",
  source:
    "Z. Zhang, M. Sabuncu, Generalized Cross Entropy Loss for Training Deep Neural Networks with Noisy Labels, NeurIPS 2018, equation 6",
  parameters: {
    q: {
      default: 0.7,
      min: 1e-6,
      max: 1,
      grid: [0.3, 0.5, 0.7],
      meaning: "from cross entropy (near 0) to absolute error (1)",
    },
  },
  // 1 - pt^q = -expm1(q log pt) keeps every digit near pt = 1, where 1 - pow(pt, q) keeps none.
  formula: ({ neg, mul, div, expm1 }, { logPt }, { q }) => neg(div(expm1(mul(q, logPt)), q)),
  identities: [{ parameters: { q: 1 }, equals: () => absoluteError() }],
});

/** The absolute error 1 - pt: the end of the family at q = 1. */
const absoluteError = /* @__PURE__ */ defineLoss({
  name: "absoluteError",
  formula: ({ mul }, { oneMinusPt }) => mul(1, oneMinusPt),
});
