// Focal loss: cross entropy that fades for easy examples.
import { crossEntropy } from "./crossEntropy.ts";
import { defineLoss } from "./define.ts";

/**
 * Focal loss: cross entropy times a factor that fades as the example becomes easy.
 *
 *     loss = -(1 - pt)^gamma log pt
 *
 * At pt = 0.9 and gamma = 2 an example counts 100 times less than with cross entropy; gamma = 0 is cross entropy.
 * With `alpha` (an option of `evaluate`) it is the alpha-balanced focal loss.
 *
 * @param parameters `gamma >= 0`, default 2: one number, or one per class (softmax) or label column (sigmoid)
 * @returns a loss for `evaluate`
 * @throws InputError if gamma is negative, not finite, or has the wrong length
 * Source: Lin et al. (2017), Focal Loss for Dense Object Detection, equations 4 and 5.
 */
export const focal = /* @__PURE__ */ defineLoss({
  name: "focal",
  title: "Focal loss",
  summary: "Cross entropy times a factor that fades as an example becomes easy, so that hard examples lead.",
  whenToUse:
    "Very many easy examples that drown the hard ones (dense detection), or as a regulariser that keeps a network from overconfidence (gamma 1 to 2). What it outputs is not a probability: undo it with trueProbabilities. It does not by itself correct class imbalance; for ranking and for probabilities cross entropy is often as good.",
  source: "T.-Y. Lin et al., Focal Loss for Dense Object Detection, ICCV 2017, equations 4 and 5",
  parameters: {
    gamma: {
      default: 2,
      min: 0,
      grid: [0.5, 1, 2, 3, 5],
      perClass: true,
      symbol: "\\gamma",
      meaning: "how fast easy examples fade",
    },
  },
  formula: ({ neg, mul, pow }, { logPt, oneMinusPt }, { gamma }) => neg(mul(pow(oneMinusPt, gamma), logPt)),
  identities: [{ parameters: { gamma: 0 }, equals: () => crossEntropy() }],
});
