// Poly-1: cross entropy with the weight of its first polynomial term changed.
import { crossEntropy } from "./crossEntropy.ts";
import { defineLoss } from "./define.ts";

/**
 * Poly-1 loss: cross entropy plus epsilon times the probability that was missed.
 *
 *     loss = -log pt + epsilon (1 - pt)
 *
 * -log pt is the sum of (1 - pt)^k / k; epsilon changes the weight of k = 1, the term that leads near pt = 1: with
 * epsilon = 1 the pull on easy examples doubles. Towards epsilon = -1 both terms cancel as pt nears 1, and digits go
 * with them: the relative error grows as 1 / (1 + epsilon).
 *
 * @param parameters `epsilon >= -1`, default 1
 * @returns a loss for `evaluate`
 * @throws InputError if epsilon is below -1 or not finite
 * Source: Leng et al. (2022), PolyLoss, equation 5.
 */
export const poly1 = /* @__PURE__ */ defineLoss({
  name: "poly1",
  title: "Poly-1 loss",
  summary: "Cross entropy with the weight of its leading polynomial term, 1 - pt, changed by epsilon.",
  whenToUse:
    "One more knob beside cross entropy: epsilon > 0 pulls easy examples harder, epsilon < 0 less, as focal does, but without changing the order of magnitude. Reported gains are small; measure them.",
  source:
    "Z. Leng et al., PolyLoss: A Polynomial Expansion Perspective of Classification Loss Functions, ICLR 2022, equation 5",
  parameters: {
    epsilon: {
      default: 1,
      min: -1,
      grid: [-0.5, 1, 2],
      symbol: "\\varepsilon",
      meaning: "added weight of the term 1 - pt",
    },
  },
  formula: ({ sub, mul }, { logPt, oneMinusPt }, { epsilon }) => sub(mul(epsilon, oneMinusPt), logPt),
  identities: [{ parameters: { epsilon: 0 }, equals: () => crossEntropy() }],
});
