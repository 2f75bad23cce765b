// Undoing a loss: the probabilities that weights and focusing have bent.
import { namedViews, type ViewArray } from "../activations/margin.ts";
import { sigmoid, sigmoidViews } from "../activations/sigmoid.ts";
import { SoftmaxRow } from "../activations/softmax.ts";
import { type Alpha, alphaWeights, negativeWeight, positiveWeight } from "../batch/alpha.ts";
import type { FloatArray, NumberArray } from "../batch/arrays.ts";
import { checkInputs } from "../batch/inputs.ts";
import { checkedAdjustment } from "../batch/problem.ts";
import { fillRow } from "../batch/rows.ts";
import {
  type Activation,
  activations,
  checkedChoice,
  checkedFraction,
  checkedLogits,
  checkedOptions,
  shapeOf,
} from "../batch/shape.ts";
import { decisionTexts, fail, texts } from "../errors.ts";
import { dual, dualViews } from "../formula/dual.ts";
import { logarithmicViews, logarithms, toLogarithm } from "../formula/logarithms.ts";
import type { Formula } from "../formula/operations.ts";
import type { Program } from "../formula/program.ts";
import { checkedLoss, checkParameterLengths, type Loss, parametersPerClass, programsOf } from "../losses/define.ts";

/** How a model was trained, as far as its outputs are bent by it. */
export interface TrueProbabilitiesOptions {
  readonly activation: Activation;
  /** The number of columns. Sigmoid: 1 if left out. */
  readonly classes?: number | undefined;
  /** The alpha that the model was trained with. */
  readonly alpha?: Alpha | undefined;
  /** The logit adjustment that the model was trained with. */
  readonly logitAdjustment?: NumberArray | undefined;
  /** The label smoothing that the model was trained with, less than 1. */
  readonly labelSmoothing?: number | undefined;
}

const withSlopes = dual(logarithms);

/** How hard a loss pulls its target up: the logarithm of -d phi / d margin; -Infinity where it is flat. */
class Pull {
  /** Filled with the views of the target before `log` is asked. */
  readonly views: ViewArray;

  constructor(
    private readonly formula: Formula,
    private readonly program: Program,
  ) {
    this.views = program.registers;
  }

  log(parameters: Readonly<Record<string, number>>): number {
    const { program, formula } = this;
    program.setParameters(parameters);
    program.run();
    if (program.slope < -1e-280) return Math.log(-program.slope);
    // Where the slope underflows, its logarithm is still exact in the reading over logarithms.
    const views = dualViews(logarithms, logarithmicViews(namedViews(this.views)));
    const { slope } = formula(withSlopes, views, parameters);
    const { sign, log } = toLogarithm(slope ?? 0);
    return sign < 0 ? log : Number.NEGATIVE_INFINITY;
  }
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
 * Label smoothing s bends eta before: the loss then pulls to eta (1 - s) + s / C (sigmoid: s / 2), which never falls
 * below s / C. What a model shows beyond that counts as 0, and the others of its row share the 1: trained with s = 0.1
 * and two classes, 5 % and less mean 0, 95 % and more mean 1.
 *
 * @param loss the loss that the model was trained with
 * @param logits what the model puts out, row-major `[N, classes]`
 * @param options the activation, alpha, logit adjustment and label smoothing of the training
 * @returns probabilities, `[N * classes]`
 * @throws InputError for a wrong shape, a class with weight 0 or a smoothing of 1, of which the model was told nothing
 * Source: Charoenphakdee et al. (2021), On Focal Loss for Class-Posterior Probability Estimation, theorem 11, for equal
 * weights; with weights and for any loss it follows from setting the gradient of the expected loss to 0.
 */
export function trueProbabilities(
  loss: Loss,
  logits: FloatArray | readonly number[],
  options: TrueProbabilitiesOptions,
): Float64Array {
  const where = `trueProbabilities of ${checkedLoss("trueProbabilities", loss).name}`;
  const known = ["activation", "classes", "alpha", "logitAdjustment", "labelSmoothing"];
  checkedOptions(where, options, known, '{ activation: "softmax", classes: 3 }');
  const activation = checkedChoice(where, "activation", options.activation, activations);
  const values = checkedLogits(where, logits);
  const shape = shapeOf(where, values, activation, options.classes);
  const { classes, examples } = shape;
  const alpha = alphaWeights(where, options.alpha, shape);
  const weighted = alpha === null ? 0 : Math.max(alpha.positive.length, alpha.negative.length);
  for (let c = 0; c < weighted; c++) {
    const column = classes > 1 ? ` of column ${c}` : "";
    if (positiveWeight(alpha, c) === 0)
      fail(where, decisionTexts.alphaZero(activation === "softmax" ? `class ${c}` : `label 1${column}`));
    if (negativeWeight(alpha, c) === 0) fail(where, decisionTexts.alphaZero(`label 0${column}`));
  }
  checkInputs(where, { ...shape, logits: values, inputs: "logits" });
  const adjustment = checkedAdjustment(where, options.logitAdjustment, classes);
  const smoothing = checkedFraction(where, options.labelSmoothing ?? 0, texts.labelSmoothingRange);
  if (smoothing === 1) fail(where, decisionTexts.smoothingWhole());
  checkParameterLengths(loss, classes);
  if (examples === 0) return new Float64Array(0); // of any number of classes, for none of which anything is made
  const parameters = parametersPerClass(loss, classes);
  const { formula, negativeFormula = formula } = loss.definition;
  const programs = programsOf(loss, 1);
  const up = new Pull(formula, programs.positive);
  const down = new Pull(negativeFormula, programs.negative);
  const logPositive = Float64Array.from({ length: classes }, (_, c) => Math.log(positiveWeight(alpha, c)));
  const logNegative = Float64Array.from({ length: classes }, (_, c) => Math.log(negativeWeight(alpha, c)));
  const out = new Float64Array(values.length);

  if (activation === "sigmoid") {
    const z = new Float64Array(classes);
    for (let n = 0; n < examples; n++) {
      fillRow(z, values, n, (logit) => logit, adjustment);
      for (let j = 0; j < classes; j++) {
        out[n * classes + j] = Math.min(1, unsmoothed(truthOfLabel(n, j, z[j]), smoothing, 2));
      }
    }
    return out;
  }
  const row = new SoftmaxRow(classes);
  const truth = new Float64Array(classes);
  for (let n = 0; n < examples; n++) {
    fillRow(row.logits, values, n, (logit) => logit, adjustment);
    const sound = row.prepare();
    if (sound) {
      for (let i = 0; i < classes; i++) truth[i] = logTruthOfClass(n, i);
      row.logits.set(truth);
      if (!row.prepare()) fail(where, decisionTexts.lossFlat(n));
    }
    let sum = 0;
    for (let j = 0; j < classes; j++) {
      truth[j] = sound ? unsmoothed(row.probability(j), smoothing, classes) : Number.NaN;
      sum += truth[j];
    }
    for (let j = 0; j < classes; j++) out[n * classes + j] = smoothing === 0 ? truth[j] : truth[j] / sum;
  }
  return out;

  function truthOfLabel(example: number, label: number, logit: number): number {
    if (Number.isNaN(logit) || Math.abs(logit) === Number.POSITIVE_INFINITY) return sigmoid(logit);
    sigmoidViews(up.views, logit);
    const pullUp = logPositive[label] + up.log(parameters[label]);
    sigmoidViews(down.views, -logit);
    const pullDown = logNegative[label] + down.log(parameters[label]);
    if (pullUp === pullDown && pullUp === Number.NEGATIVE_INFINITY) fail(where, decisionTexts.lossFlat(example));
    return sigmoid(pullDown - pullUp);
  }

  /** log(q / (alpha f)) with f = pull / (1 - q) */
  function logTruthOfClass(example: number, i: number): number {
    row.views(i, up.views);
    const { logPt, logOneMinusPt } = namedViews(up.views);
    if (logPt === Number.NEGATIVE_INFINITY) return logPt; // a class that cannot happen
    if (logOneMinusPt === Number.NEGATIVE_INFINITY) return 0; // the only class that can
    const pull = up.log(parameters[i]);
    if (pull === Number.NEGATIVE_INFINITY) fail(where, decisionTexts.lossFlat(example));
    return logPt + logOneMinusPt - logPositive[i] - pull;
  }
}

/** The share of a class before labels were smoothed over so many; 0 where the smoothed one is less than can be. */
function unsmoothed(share: number, smoothing: number, classes: number): number {
  return smoothing === 0 ? share : Math.max(0, (share - smoothing / classes) / (1 - smoothing));
}
