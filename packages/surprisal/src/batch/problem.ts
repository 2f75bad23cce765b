// The door: a caller's batch and options, checked once and brought into the one form that back ends work on.
import { fail, texts } from "../errors.ts";
import { type Alpha, type AlphaWeights, alphaWeights } from "./alpha.ts";
import { type FloatArray, isArray, type LabelArray, type NumberArray } from "./arrays.ts";
import {
  type Activation,
  activations,
  checkedChoice,
  checkedClasses,
  checkedFraction,
  checkedLogits,
  checkedOptions,
  checkedWeights,
  type Shape,
} from "./shape.ts";

/** What a model put out for some examples, and what was right. */
export interface Batch {
  /** Row-major `[N, classes]`; or probabilities or log-probabilities, if the option `inputs` says so. */
  readonly logits: FloatArray | readonly number[];
  /**
   * Softmax: class indices (an integer array of length N) or probabilities (length N * classes).
   * Sigmoid: one value from 0 to 1 per logit.
   */
  readonly labels: LabelArray;
  /** The number of columns of the logits. Sigmoid: 1 if left out. Softmax with class indices: follows from the lengths. */
  readonly classes?: number;
}

/** What the numbers in `logits` are. */
export const inputKinds = ["logits", "probabilities", "log-probabilities"] as const;
/** What the numbers in `logits` are. */
export type Inputs = (typeof inputKinds)[number];

/** How the losses of the examples become one number. */
export const reductions = ["mean", "sum", "none", "weighted-mean", "element-mean"] as const;
/** How the losses of the examples become one number; see `EvaluateOptions.reduction`. */
export type Reduction = (typeof reductions)[number];

/** The options that say what a batch means; each is a step of its own, independent of the loss. */
export interface ProblemOptions {
  /** Softmax for one of C classes; sigmoid for a binary answer or any of C labels. */
  readonly activation: Activation;
  /** The weight of classes; see {@link Alpha}. */
  readonly alpha?: Alpha | undefined;
  /** A weight >= 0 per example; for sigmoid also one per logit, `[N * classes]`. */
  readonly exampleWeights?: NumberArray | undefined;
  /** Softmax: examples with this class index do not count. Sigmoid: single labels with this value do not count. */
  readonly ignoreLabel?: number | undefined;
  /** Sigmoid: `[N * classes]`, 0 where a label does not count. */
  readonly mask?: NumberArray | undefined;
  /** s from 0 to 1: labels become y (1 - s) + s / classes (softmax) or y (1 - s) + s / 2 (sigmoid). Default 0. */
  readonly labelSmoothing?: number | undefined;
  /** Added to the logits of each row: one number per class, for example from `logitAdjustment(prior)`. */
  readonly logitAdjustment?: NumberArray | undefined;
  /** What the numbers in `logits` are. Default "logits". */
  readonly inputs?: Inputs | undefined;
  /**
   * - "mean" (default): the sum divided by the number of counted examples; the C labels of an example are summed.
   * - "sum", or "none": no division.
   * - "weighted-mean": divided by the sum of the weights, alpha times example weight, of the counted labels.
   * - "element-mean" (sigmoid): divided by the number of counted labels.
   */
  readonly reduction?: Reduction | undefined;
}

/** A checked batch, ready for a back end. */
export interface Problem extends Shape {
  readonly logits: FloatArray;
  readonly inputs: Inputs;
  /** Class indices `[N]`, or a value from 0 to 1 per logit. */
  readonly labels: NumberArray;
  readonly labelsAreIndices: boolean;
  readonly ignoreLabel: number | null;
  readonly mask: NumberArray | null;
  readonly labelSmoothing: number;
  readonly alpha: AlphaWeights;
  readonly exampleWeights: NumberArray | null;
  readonly logitAdjustment: NumberArray | null;
  readonly reduction: Reduction;
  /** What the sum is divided by; 1 for "sum" and "none". */
  readonly denominator: number;
  /** The number of examples that are not ignored. */
  readonly counted: number;
}

/** The names of the options that make a problem. */
export const problemOptionNames = [
  "activation",
  "alpha",
  "exampleWeights",
  "ignoreLabel",
  "mask",
  "labelSmoothing",
  "logitAdjustment",
  "inputs",
  "reduction",
] as const satisfies readonly (keyof ProblemOptions)[];

/**
 * Checks a batch and its options.
 *
 * @param where what the messages begin with: the name of the loss
 * @throws InputError for every wrong length, range or combination, naming the place
 */
export function makeProblem(where: string, batch: Batch, options: ProblemOptions): Problem {
  if (batch === null || typeof batch !== "object") fail(where, texts.batchMissing(batch));
  checkedOptions(where, batch, ["logits", "labels", "classes"], "{ logits, labels, classes }");
  const activation = checkedChoice(where, "activation", options.activation, activations);
  const inputs = checkedChoice(where, "inputs", options.inputs ?? "logits", inputKinds);
  const reduction = checkedChoice(where, "reduction", options.reduction ?? "mean", reductions);
  if (reduction === "element-mean" && activation !== "sigmoid") fail(where, texts.elementMeanNeedsSigmoid());
  const logits = checkedLogits(where, batch.logits);
  const labels = checkedLabels(where, batch.labels);
  const { labelsAreIndices, ...shape } = shapeOfBatch(where, activation, logits, batch, labels);
  const { examples, classes } = shape;

  const ignoreLabel = options.ignoreLabel ?? null;
  if (ignoreLabel !== null) {
    if (!Number.isInteger(ignoreLabel)) fail(where, texts.ignoreLabelNotNumber(ignoreLabel));
    if (activation === "softmax" && !labelsAreIndices) fail(where, texts.ignoreLabelNeedsIndices());
  }
  if (options.mask !== undefined && activation !== "sigmoid") fail(where, texts.maskNeedsSigmoid());
  const perLogit = `there are ${logits.length} logits`;
  const perExample = `there are ${examples} examples`;
  const weightLengths = activation === "sigmoid" ? [examples, logits.length] : [examples];
  const problem = {
    ...shape,
    logits,
    inputs,
    labels,
    labelsAreIndices,
    ignoreLabel,
    mask: options.mask === undefined ? null : checkedWeights(where, "mask", options.mask, [logits.length], perLogit),
    labelSmoothing: checkedFraction(where, options.labelSmoothing ?? 0, texts.labelSmoothingRange),
    alpha: alphaWeights(where, options.alpha, shape),
    exampleWeights:
      options.exampleWeights === undefined
        ? null
        : checkedWeights(where, "exampleWeights", options.exampleWeights, weightLengths, perExample),
    logitAdjustment: checkedAdjustment(where, options.logitAdjustment, classes),
    reduction,
  };
  const { counted, denominator } = countLabels(where, problem);
  checkInputs(where, problem);
  return { ...problem, counted, denominator };
}

function checkedLabels(where: string, labels: unknown): NumberArray {
  if (!isArray(labels)) fail(where, texts.notAnArray("labels", labels, "an array of numbers"));
  if (labels instanceof BigInt64Array || labels instanceof BigUint64Array) return Float64Array.from(labels, Number);
  return labels as NumberArray;
}

function shapeOfBatch(
  where: string,
  activation: Activation,
  logits: FloatArray,
  { labels: given, classes }: Batch,
  labels: NumberArray,
): Shape & { readonly labelsAreIndices: boolean } {
  if (activation === "sigmoid") {
    const columns = checkedClasses(where, activation, classes ?? 1);
    const examples = logits.length / columns;
    if (!Number.isInteger(examples)) fail(where, texts.logitsNotRows(logits.length, columns));
    if (labels.length !== logits.length) {
      fail(where, texts.labelsLength(labels.length, `sigmoid needs one per logit (${logits.length})`));
    }
    return { activation, examples, classes: columns, labelsAreIndices: false };
  }
  const isFloat = given instanceof Float32Array || given instanceof Float64Array;
  if (classes === undefined) {
    if (isFloat || labels.length === logits.length) fail(where, texts.classesNeeded());
    const columns = labels.length === 0 ? 0 : logits.length / labels.length;
    if (!Number.isInteger(columns) || columns < 2) fail(where, texts.classesNotPlain(logits.length, labels.length));
    return { activation, examples: labels.length, classes: columns, labelsAreIndices: true };
  }
  const columns = checkedClasses(where, activation, classes);
  const examples = logits.length / columns;
  if (!Number.isInteger(examples)) fail(where, texts.logitsNotRows(logits.length, columns));
  if (labels.length === examples && examples > 0) {
    if (isFloat) fail(where, texts.labelsNotIntegers(given.constructor.name, examples));
    return { activation, examples, classes: columns, labelsAreIndices: true };
  }
  if (labels.length !== logits.length) {
    const expected = `expected are ${examples} class indices, or ${logits.length} probabilities`;
    fail(where, texts.labelsLength(labels.length, expected));
  }
  return { activation, examples, classes: columns, labelsAreIndices: false };
}

function checkedAdjustment(where: string, adjustment: NumberArray | undefined, classes: number): NumberArray | null {
  if (adjustment === undefined) return null;
  if (!isArray(adjustment)) fail(where, texts.notAnArray("logitAdjustment", adjustment, "an array of numbers"));
  if (adjustment.length !== classes) {
    fail(where, texts.lengthOf("logitAdjustment", adjustment.length, `there are ${classes} classes`));
  }
  for (let j = 0; j < classes; j++) {
    if (!Number.isFinite(adjustment[j])) fail(where, texts.logitAdjustmentNotFinite(j, adjustment[j]));
  }
  return adjustment;
}

type Uncounted = Omit<Problem, "counted" | "denominator">;

/** Whether a label does not count; `index` is that of the example (class indices) or of the logit. */
export function isIgnored({ ignoreLabel, mask, labels }: Uncounted, index: number): boolean {
  return (ignoreLabel !== null && labels[index] === ignoreLabel) || (mask !== null && mask[index] === 0);
}

/** The weight of an example; for sigmoid of the logit at `index`, without alpha. */
export function exampleWeight({ exampleWeights, examples }: Uncounted, example: number, index: number): number {
  if (exampleWeights === null) return 1;
  return exampleWeights.length === examples ? exampleWeights[example] : exampleWeights[index];
}

/** Checks the labels and counts what the reductions divide by, in one pass. */
function countLabels(where: string, problem: Uncounted): { counted: number; denominator: number } {
  const { activation, examples, classes, labels, labelsAreIndices, alpha, reduction } = problem;
  let counted = 0;
  let countedLabels = 0;
  let weights = 0;
  for (let n = 0; n < examples; n++) {
    if (labelsAreIndices) {
      if (isIgnored(problem, n)) continue;
      const label = labels[n];
      if (!(Number.isInteger(label) && label >= 0 && label < classes)) fail(where, texts.labelRange(n, label, classes));
      counted++;
      weights += exampleWeight(problem, n, n) * alpha.positive[label];
      continue;
    }
    let sum = 0;
    let countedHere = 0;
    for (let j = 0; j < classes; j++) {
      const index = n * classes + j;
      if (isIgnored(problem, index)) continue;
      const label = labels[index];
      if (!(label >= 0 && label <= 1)) fail(where, texts.labelNotProbability(index, label));
      sum += label;
      countedHere++;
      const others = activation === "sigmoid" ? (1 - label) * alpha.negative[j] : 0;
      weights += exampleWeight(problem, n, index) * (label * alpha.positive[j] + others);
    }
    if (activation === "softmax" && Math.abs(sum - 1) > 1e-3) fail(where, texts.labelRowSum(n, sum));
    countedLabels += countedHere;
    if (countedHere > 0) counted++;
  }
  return { counted, denominator: denominatorOf(reduction, counted, countedLabels, weights) };
}

function denominatorOf(reduction: Reduction, examples: number, labels: number, weights: number): number {
  switch (reduction) {
    case "mean":
      return examples;
    case "sum":
    case "none":
      return 1;
    case "weighted-mean":
      return weights;
    case "element-mean":
      return labels;
    default:
      return reduction satisfies never;
  }
}

/** Checks the numbers in `logits`, except those of ignored examples. NaN passes: it comes out as NaN. */
function checkInputs(where: string, problem: Uncounted): void {
  const { activation, examples, classes, logits, inputs, labelsAreIndices } = problem;
  for (let n = 0; n < examples; n++) {
    if (labelsAreIndices && isIgnored(problem, n)) continue;
    let sum = 0;
    let possible = false;
    for (let index = n * classes; index < (n + 1) * classes; index++) {
      const value = logits[index];
      if (inputs === "probabilities" && (value < 0 || value > 1)) fail(where, texts.probabilityRange(index, value));
      if (inputs === "log-probabilities" && value > 0) fail(where, texts.logProbabilityRange(index, value));
      if (activation !== "softmax") continue;
      if (value === Number.POSITIVE_INFINITY) fail(where, texts.logitInfinite(index));
      if (value !== Number.NEGATIVE_INFINITY) possible = true;
      if (inputs !== "logits") sum += inputs === "probabilities" ? value : Math.exp(value);
    }
    if (activation !== "softmax") continue;
    if (inputs !== "logits" && Math.abs(sum - 1) > 1e-3) fail(where, texts.probabilityRowSum(n, sum));
    if (!possible) fail(where, texts.logitRowImpossible(n));
  }
}
