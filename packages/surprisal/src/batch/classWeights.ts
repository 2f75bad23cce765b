// Weights from counts: what a rare class should weigh, and the adjustment of logits by the prior.
import { decisionTexts, fail, texts } from "../errors.ts";
import { exponentOf, scaledBy } from "../formula/powersOfTwo.ts";
import { isArray, type NumberArray } from "./arrays.ts";
import { type Activation, activations, checkedChoice, checkedNumbers, checkedOptions } from "./shape.ts";

/** How a weight follows from the count of a class. */
export const weightSchemes = ["inverse", "inverse-sqrt", "effective-number"] as const;
/** How a weight follows from the count of a class. */
export type WeightScheme = (typeof weightSchemes)[number];

/** Options of {@link classWeights}. */
export interface ClassWeightOptions {
  /**
   * - "inverse" (default): 1 / n; scikit-learn's `class_weight="balanced"`.
   * - "inverse-sqrt": 1 / sqrt(n), half way to no weights.
   * - "effective-number": (1 - beta) / (1 - beta^n), which saturates at large counts.
   */
  readonly scheme?: WeightScheme;
  /** For "effective-number": from 0 (no weights) towards 1 (inverse). Default 0.999. */
  readonly beta?: number;
  /** What a class without examples weighs: an error (default), 0, or as much as the heaviest class. */
  readonly emptyClass?: "error" | "zero" | "largest";
}

/**
 * One weight per class from its number of training examples, so that rare classes count more.
 *
 *     w_c proportional to 1 / n_c, scaled so that the mean over the examples, sum(n_c w_c) / sum(n_c), is 1
 *
 * With counts 900 and 100 the inverse weights are 0.56 and 5: each class then has the same total.
 *
 * @param counts the number of examples per class, `[classes]`
 * @returns the weights, `[classes]`, for the option `alpha` with softmax
 * @throws InputError if a count is negative or not finite, or 0 without a policy
 * Source: King and Zeng (2001) for inverse frequency; Cui et al. (2019), equation 2, for the effective number.
 */
export function classWeights(counts: NumberArray, options: ClassWeightOptions = {}): Float64Array {
  const where = "classWeights";
  checkedOptions(where, options, ["scheme", "beta", "emptyClass"], '{ scheme: "inverse" }');
  const emptyClass = checkedChoice(where, "emptyClass", options.emptyClass ?? "error", ["error", "zero", "largest"]);
  const weights = rawWeights(where, counts, options, emptyClass);
  const unit = unitOf(counts);
  let total = 0;
  let weighted = 0;
  for (let c = 0; c < weights.length; c++) {
    const count = scaledBy(counts[c], -unit);
    total += count;
    weighted += count * weights[c];
  }
  return weights.map((weight, c) => finite(where, c, counts[c], weight * (total / weighted)));
}

/** About the exponent of the largest count: sums of counts in units of 2^unit are of ordinary size. */
function unitOf(counts: NumberArray): number {
  let largest = 0;
  for (let c = 0; c < counts.length; c++) largest = Math.max(largest, counts[c]);
  return 2 * Math.floor(exponentOf(largest) / 2); // even, so that roots of counts keep their digits
}

function finite(where: string, c: number, count: number, weight: number): number {
  return Number.isFinite(weight) ? weight : fail(where, decisionTexts.countTooSmall(c, count));
}

function rawWeights(
  where: string,
  counts: NumberArray,
  { scheme, beta = 0.999 }: ClassWeightOptions,
  emptyClass: "error" | "zero" | "largest",
): Float64Array {
  const kind = checkedChoice(where, "scheme", scheme ?? "inverse", weightSchemes);
  if (typeof beta !== "number" || !(beta >= 0 && beta < 1)) fail(where, decisionTexts.betaRange(beta));
  if (!isArray(counts)) fail(where, texts.notAnArray("counts", counts, "an array of numbers"));
  const weights = new Float64Array(counts.length);
  for (let c = 0; c < counts.length; c++) {
    const count: unknown = counts[c];
    const valid = typeof count === "number" && count >= 0 && count < Number.POSITIVE_INFINITY;
    if (!valid) fail(where, decisionTexts.countNotValid(c, count));
  }
  const unit = kind === "effective-number" ? 0 : unitOf(counts);
  let largest = 0;
  for (let c = 0; c < counts.length; c++) {
    if (counts[c] === 0) continue;
    weights[c] = finite(where, c, counts[c], weightOf(kind, scaledBy(counts[c], -unit), beta));
    largest = Math.max(largest, weights[c]);
  }
  if (largest === 0) fail(where, decisionTexts.countsEmpty());
  for (let c = 0; c < counts.length; c++) {
    if (counts[c] !== 0) continue;
    if (emptyClass === "error") fail(where, decisionTexts.countZero(c));
    weights[c] = emptyClass === "largest" ? largest : 0;
  }
  return weights;
}

function weightOf(scheme: WeightScheme, count: number, beta: number): number {
  switch (scheme) {
    case "inverse":
      return 1 / count;
    case "inverse-sqrt":
      return 1 / Math.sqrt(count);
    case "effective-number":
      return beta === 0 ? 1 : (1 - beta) / -Math.expm1(count * Math.log(beta));
    default:
      return scheme satisfies never;
  }
}

/**
 * The alpha of a binary problem from the counts of its labels: label 1 weighs alpha, label 0 weighs 1 - alpha.
 *
 *     alpha = w_1 / (w_0 + w_1),   for inverse frequency n_0 / (n_0 + n_1)
 *
 * With 900 negatives and 100 positives alpha is 0.9.
 *
 * @param counts the number of examples with label 0 and with label 1
 * @returns alpha, from 0 to 1, for the option `alpha` with sigmoid
 * @throws InputError unless there are two counts, each more than 0
 * Source: Lin et al. (2017), section 3.1.
 */
export function binaryAlpha(counts: NumberArray, options: Omit<ClassWeightOptions, "emptyClass"> = {}): number {
  const where = "binaryAlpha";
  checkedOptions(where, options, ["scheme", "beta"], '{ scheme: "inverse" }');
  if (isArray(counts) && counts.length !== 2) fail(where, decisionTexts.countsNotTwo(counts.length));
  const [negative, positive] = rawWeights(where, counts, options, "zero").map((weight, label) => {
    return weight === 0 ? fail(where, decisionTexts.countOfLabelZero(label)) : weight;
  });
  return positive / (negative + positive);
}

/** Options of {@link logitAdjustment}. */
export interface LogitAdjustmentOptions {
  /** How much of the prior is taken out. Default 1, which optimises balanced accuracy. */
  readonly tau?: number;
  /** Default "softmax". */
  readonly activation?: Activation;
}

/**
 * What to add to the logits in training, so that the model's own logits leave the prior out.
 *
 *     softmax: tau log prior_c        sigmoid: tau log(prior_c / (1 - prior_c))
 *
 * With a prior of 1 % an example of that class has to win by 4.6 more than without.
 *
 * @param prior the frequency of each class (softmax) or of label 1 in each column (sigmoid), `[classes]`
 * @returns one number per class, for the option `logitAdjustment`
 * @throws InputError if a prior is not between 0 and 1
 * Source: Menon et al. (2021), Long-Tail Learning via Logit Adjustment, equation 10.
 */
export function logitAdjustment(prior: NumberArray, options: LogitAdjustmentOptions = {}): Float64Array {
  const where = "logitAdjustment";
  const { tau = 1 } = checkedOptions(where, options, ["tau", "activation"], "{ tau: 1 }");
  const activation = checkedChoice(where, "activation", options.activation ?? "softmax", activations);
  if (!Number.isFinite(tau)) fail(where, decisionTexts.tauNotNumber(tau));
  return Float64Array.from(checkedNumbers(where, "prior", prior), (p, c) => {
    const valid = p > 0 && (activation === "sigmoid" ? p < 1 : p <= 1);
    if (!valid)
      fail(where, decisionTexts.priorRange(`prior[${c}]`, p, activation === "sigmoid" ? "less than 1" : "at most 1"));
    return tau * (activation === "sigmoid" ? Math.log(p) - Math.log1p(-p) : Math.log(p));
  });
}
