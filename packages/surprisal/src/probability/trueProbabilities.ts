// Undoing a loss: the probabilities that weights and focusing have bent.
import { emptyViews, namedViews, type ViewArray } from "../activations/margin.ts";
import { sigmoid, sigmoidViews } from "../activations/sigmoid.ts";
import { SoftmaxRow } from "../activations/softmax.ts";
import { type Alpha, alphaWeights } from "../batch/alpha.ts";
import type { FloatArray, NumberArray } from "../batch/arrays.ts";
import { checkInputs } from "../batch/inputs.ts";
import { checkedAdjustment } from "../batch/problem.ts";
import { fillRow } from "../batch/rows.ts";
import { type Activation, activations, checkedChoice, checkedLogits, checkedOptions, shapeOf } from "../batch/shape.ts";
import { fail, texts } from "../errors.ts";
import { dual, dualViews } from "../formula/dual.ts";
import { logarithmicViews, logarithms, toLogarithm } from "../formula/logarithms.ts";
import type { Formula } from "../formula/operations.ts";
import { checkedLoss, type Loss, parametersPerClass } from "../losses/define.ts";

/** How a model was trained, as far as its outputs are bent by it. */
export interface TrueProbabilitiesOptions {
  readonly activation: Activation;
  /** The number of columns. Sigmoid: 1 if left out. */
  readonly classes?: number | undefined;
  /** The alpha that the model was trained with. */
  readonly alpha?: Alpha | undefined;
  /** The logit adjustment that the model was trained with. */
  readonly logitAdjustment?: NumberArray | undefined;
}

const withSlopes = dual(logarithms);

/**
 * The logarithm of -d phi / d margin, with which a loss phi pulls its target up; -Infinity where the loss is flat.
 * In logarithms, so that it is exact where the slope itself underflows.
 */
function logPull(formula: Formula, views: ViewArray, parameters: Readonly<Record<string, number>>): number {
  const { slope } = formula(withSlopes, dualViews(logarithms, logarithmicViews(namedViews(views))), parameters);
  const { sign, log } = toLogarithm(slope ?? 0);
  return sign < 0 ? log : Number.NEGATIVE_INFINITY;
}

/**
 * The probabilities that a model trained with this loss believes in.
 *
 * Weights and focusing bend what a model puts out: trained with focal, gamma 2, an ideal model shows 19 % where the
 * truth is 2 %. At the minimum of the expected loss the bend is known exactly, for every loss, from its slope:
 *
 *     softmax: eta_i proportional to q_i / (alpha_i f(q_i)),   f(q) = -q d phi / d q
 *     sigmoid: eta / (1 - eta) = alpha_0 pull_0 / (alpha_1 pull_1),   pull = -d phi / d margin
 *
 * @param loss the loss that the model was trained with
 * @param logits what the model puts out, row-major `[N, classes]`
 * @param options the activation, alpha and logit adjustment of the training
 * @returns probabilities, `[N * classes]`
 * @throws InputError for a wrong shape, or a class with weight 0, about which the model was told nothing
 * Source: Charoenphakdee et al. (2021), On Focal Loss for Class-Posterior Probability Estimation, theorem 11, for equal
 * weights; with weights and for any loss it follows from setting the gradient of the expected loss to 0.
 */
export function trueProbabilities(
  loss: Loss,
  logits: FloatArray | readonly number[],
  options: TrueProbabilitiesOptions,
): Float64Array {
  const where = `trueProbabilities of ${checkedLoss("trueProbabilities", loss).name}`;
  const known = ["activation", "classes", "alpha", "logitAdjustment"];
  checkedOptions(where, options, known, '{ activation: "softmax", classes: 3 }');
  const activation = checkedChoice(where, "activation", options.activation, activations);
  const values = checkedLogits(where, logits);
  const shape = shapeOf(where, values, activation, options.classes);
  const { classes, examples } = shape;
  const { positive, negative } = alphaWeights(where, options.alpha, shape);
  for (let c = 0; c < classes; c++) {
    const column = classes > 1 ? ` of column ${c}` : "";
    if (positive[c] === 0) fail(where, texts.alphaZero(activation === "softmax" ? `class ${c}` : `label 1${column}`));
    if (negative[c] === 0) fail(where, texts.alphaZero(`label 0${column}`));
  }
  checkInputs(where, { ...shape, logits: values, inputs: "logits" });
  const adjustment = checkedAdjustment(where, options.logitAdjustment, classes);
  const parameters = parametersPerClass(loss, classes);
  const { formula, negativeFormula = formula } = loss.definition;
  const views = emptyViews();
  const out = new Float64Array(values.length);

  const row = activation === "softmax" ? new SoftmaxRow(classes) : null;
  const z = row?.logits ?? new Float64Array(classes);
  for (let n = 0; n < examples; n++) {
    fillRow(z, values, n, (logit) => logit, adjustment);
    if (row === null) {
      for (let j = 0; j < classes; j++) {
        if (Math.abs(z[j]) === Number.POSITIVE_INFINITY) {
          out[n * classes + j] = z[j] > 0 ? 1 : 0;
          continue;
        }
        sigmoidViews(views, z[j]);
        const up = Math.log(positive[j]) + logPull(formula, views, parameters[j]);
        sigmoidViews(views, -z[j]);
        const down = Math.log(negative[j]) + logPull(negativeFormula, views, parameters[j]);
        if (up === down && up === Number.NEGATIVE_INFINITY) fail(where, texts.lossFlat(n));
        out[n * classes + j] = Number.isNaN(z[j]) ? Number.NaN : sigmoid(down - up);
      }
      continue;
    }
    if (!row.prepare()) {
      out.fill(Number.NaN, n * classes, (n + 1) * classes);
      continue;
    }
    // log(q / (alpha f)) with f = pull / (1 - q)
    const logTruth = z.map((_, i) => {
      row.views(i, views);
      const { logPt, logOneMinusPt } = namedViews(views);
      if (logPt === Number.NEGATIVE_INFINITY) return logPt; // a class that cannot happen
      if (logOneMinusPt === Number.NEGATIVE_INFINITY) return 0; // the only class that can
      const pull = logPull(formula, views, parameters[i]);
      if (pull === Number.NEGATIVE_INFINITY) fail(where, texts.lossFlat(n));
      return logPt + logOneMinusPt - Math.log(positive[i]) - pull;
    });
    z.set(logTruth);
    if (!row.prepare()) fail(where, texts.lossFlat(n));
    for (let j = 0; j < classes; j++) out[n * classes + j] = row.probability(j);
  }
  return out;
}
