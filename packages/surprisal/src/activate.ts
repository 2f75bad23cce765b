// From logits to probabilities, their logarithms, their derivative, and to decisions.
import { logSigmoid, sigmoid } from "./activations/sigmoid.ts";
import { SoftmaxRow } from "./activations/softmax.ts";
import { type FloatArray, isArray, type NumberArray } from "./batch/arrays.ts";
import { checkInputs } from "./batch/inputs.ts";
import { fillRow } from "./batch/rows.ts";
import {
  type Activation,
  activations,
  checkedChoice,
  checkedFraction,
  checkedLogits,
  checkedNumbers,
  checkedOptions,
  shapeOf,
} from "./batch/shape.ts";
import { decisionTexts, fail, texts } from "./errors.ts";

/** Options of {@link activate} and its kin. */
export interface ActivateOptions {
  readonly activation: Activation;
  /** The number of columns. Sigmoid: 1 if left out. */
  readonly classes?: number | undefined;
}

/**
 * Probabilities from logits.
 *
 *     softmax: p_j = e^(z_j) / sum_k e^(z_k)        sigmoid: p = 1 / (1 + e^-z)
 *
 * Logits 0 and 2.2 under softmax give 10 % and 90 %.
 *
 * @param logits row-major `[N, classes]`
 * @returns probabilities, `[N * classes]`, each with full relative accuracy; a row with NaN is NaN
 * @throws InputError for a wrong shape, a logit of Infinity or a row of -Infinity only (softmax)
 */
export function activate(logits: FloatArray | readonly number[], options: ActivateOptions): Float64Array {
  return mapRows("activate", logits, options, sigmoid, (row, j) => row.probability(j));
}

/**
 * Log-probabilities from logits: log softmax or log sigmoid, finite for every finite logit.
 *
 * At logit -1000 the probability is 0 in float64, its logarithm -1000.
 *
 * @param logits row-major `[N, classes]`
 * @returns log-probabilities, `[N * classes]`
 * @throws InputError as {@link activate}
 */
export function logActivate(logits: FloatArray | readonly number[], options: ActivateOptions): Float64Array {
  return mapRows("logActivate", logits, options, logSigmoid, (row, j) => row.logProbability(j));
}

/**
 * The gradient with respect to the logits of something whose gradient with respect to the probabilities is known.
 *
 *     softmax: p_j (u_j - sum_k p_k u_k)        sigmoid: p (1 - p) u
 *
 * The slope of the sigmoid is largest, 1/4, at p = 0.5.
 *
 * @param upstream the gradient with respect to the probabilities, `[N * classes]`
 * @returns the gradient with respect to the logits, `[N * classes]`
 * @throws InputError as {@link activate}, or for a wrong length of `upstream`
 */
export function activateGradient(
  logits: FloatArray | readonly number[],
  upstream: NumberArray,
  options: ActivateOptions,
): Float64Array {
  const where = "activateGradient";
  const p = mapRows(where, logits, options, sigmoid, (row, j) => row.probability(j));
  checkedNumbers(where, "upstream", upstream);
  if (upstream.length !== p.length) fail(where, texts.outputLength("upstream", upstream.length, p.length));
  if (options.activation === "sigmoid") return p.map((each, k) => each * sigmoid(-logits[k]) * upstream[k]);
  const classes = options.classes ?? p.length;
  return p.map((each, k) => {
    const start = k - (k % classes);
    let gradient = 0;
    for (let j = start; j < start + classes; j++) gradient += p[j] * (upstream[k] - upstream[j]);
    return each * gradient;
  });
}

function mapRows(
  where: string,
  given: unknown,
  options: ActivateOptions,
  ofLogit: (logit: number) => number,
  ofClass: (row: SoftmaxRow, j: number) => number,
): Float64Array {
  checkedOptions(where, options, ["activation", "classes"], '{ activation: "softmax", classes: 3 }');
  const activation = checkedChoice(where, "activation", options.activation, activations);
  const logits = checkedLogits(where, given);
  const shape = shapeOf(where, logits, activation, options.classes);
  checkInputs(where, { ...shape, logits, inputs: "logits" });
  if (activation === "sigmoid") return Float64Array.from(logits, ofLogit);
  const { examples, classes } = shape;
  const out = new Float64Array(logits.length);
  if (examples === 0) return out; // of any number of classes, for which no row is made
  const row = new SoftmaxRow(classes);
  for (let n = 0; n < examples; n++) {
    fillRow(row.logits, logits, n, (logit) => logit, null);
    const sound = row.prepare();
    for (let j = 0; j < classes; j++) out[n * classes + j] = sound ? ofClass(row, j) : Number.NaN;
  }
  return out;
}

/** Options of {@link decide}. */
export interface DecideOptions extends ActivateOptions {
  /**
   * Sigmoid: at or above it the answer is 1; one number, or one per label column. Default 0.5.
   * Softmax with two classes: at or above it class 1 is taken; without it the larger.
   */
  readonly threshold?: number | NumberArray | undefined;
}

/**
 * Decisions from probabilities: 0 or 1 per label (sigmoid), or the class with the largest probability (softmax).
 *
 * 0.5 is right only where both errors cost the same; for other costs see {@link costThreshold}.
 *
 * @param probabilities row-major `[N, classes]`, each from 0 to 1
 * @returns sigmoid: 0 or 1, `[N * classes]`; softmax: a class index per example, `[N]`, the first where several tie
 * @throws InputError for a wrong shape or threshold, or a probability outside 0 to 1
 */
export function decide(probabilities: FloatArray | readonly number[], options: DecideOptions): Int32Array {
  const where = "decide";
  checkedOptions(where, options, ["activation", "classes", "threshold"], '{ activation: "softmax", classes: 3 }');
  const activation = checkedChoice(where, "activation", options.activation, activations);
  const p = checkedLogits(where, probabilities, "probabilities");
  const { examples, classes } = shapeOf(where, p, activation, options.classes, "probabilities");
  for (let k = 0; k < p.length; k++) {
    checkedFraction(where, p[k], (found) => decisionTexts.thresholdRange(`probabilities[${k}]`, found));
  }
  const { threshold } = options;
  if (activation === "sigmoid") {
    const thresholds = checkedThresholds(where, threshold ?? 0.5, classes, examples);
    return Int32Array.from(p, (each, k) => Number(each >= thresholds[k % classes]));
  }
  if (threshold !== undefined) {
    if (classes !== 2) fail(where, decisionTexts.thresholdNeedsTwo(classes));
    const [least] = checkedThresholds(where, threshold, 1, examples);
    return Int32Array.from({ length: examples }, (_, n) => Number(p[2 * n + 1] >= least));
  }
  return Int32Array.from({ length: examples }, (_, n) => {
    let best = 0;
    for (let j = 1; j < classes; j++) if (p[n * classes + j] > p[n * classes + best]) best = j;
    return best;
  });
}

function checkedThresholds(
  where: string,
  threshold: number | NumberArray,
  count: number,
  examples: number,
): Float64Array {
  if (isArray(threshold) && threshold.length !== count) {
    const expected = `a plain number is needed${count === 1 ? "" : `, or a list with one per column (${count})`}`;
    fail(where, texts.lengthOf("threshold", threshold.length, expected));
  }
  // Nothing is made for each column of an empty batch.
  const columns = examples === 0 && !isArray(threshold) ? 1 : count;
  return Float64Array.from({ length: columns }, (_, j) => {
    const [name, value] = isArray(threshold) ? [`threshold[${j}]`, threshold[j]] : ["threshold", threshold];
    return checkedFraction(where, value, (found) => decisionTexts.thresholdRange(name, found));
  });
}
