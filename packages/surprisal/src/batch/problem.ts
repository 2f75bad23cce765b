// The door: a caller's batch and options, checked once and brought into the one form that back ends work on.
import { count, fail, isRecord, texts } from "../errors.ts";
import { type Alpha, type AlphaWeights, alphaWeights } from "./alpha.ts";
import { type FloatArray, isArray, isFloatArray, type LabelArray, type NumberArray } from "./arrays.ts";
import { denominatorOf, type Reduction, reductions, type Totals } from "./reduction.ts";
import {
  type Activation,
  activations,
  checkedChoice,
  checkedFraction,
  checkedLogits,
  checkedWeights,
  type Shape,
  shapeOf,
} from "./shape.ts";
import { type Weights, weightsInUnits } from "./weights.ts";

/** What a model put out for some examples, and what was right. */
export interface Batch {
  /** Row-major `[N, classes]`; or probabilities or log-probabilities, if the option `inputs` says so. */
  readonly logits: FloatArray | readonly number[];
  /**
   * Softmax: class indices (an integer array of length N) or probabilities (length N * classes).
   * Sigmoid: one value from 0 to 1 per logit.
   */
  readonly labels: LabelArray;
  /**
   * The number of columns of the logits. Sigmoid: 1 if left out. Softmax with class indices: follows from the lengths.
   */
  readonly classes?: number;
}

/** What the numbers in `logits` are. */
export const inputKinds = ["logits", "probabilities", "log-probabilities"] as const;
/** What the numbers in `logits` are. */
export type Inputs = (typeof inputKinds)[number];

/** The options that say what a batch means; each is a step of its own, independent of the loss. */
export interface ProblemOptions {
  /** Softmax for one of C classes; sigmoid for a binary answer or any of C labels. */
  readonly activation: Activation;
  /** The weight of classes; see {@link Alpha}. */
  readonly alpha?: Alpha | undefined;
  /**
   * A weight >= 0 per example; for sigmoid also one per logit, `[N * classes]`. Any size is right: with reduction
   * "weighted-mean" a common factor cancels exactly. Where weights are not from 1e-12 to 1e12 (of the largest, with
   * "weighted-mean"), the reference takes the batch, whichever back end was asked.
   */
  readonly exampleWeights?: NumberArray | undefined;
  /** Softmax: examples with this class index do not count. Sigmoid: single labels with this value do not count. */
  readonly ignoreLabel?: number | undefined;
  /** 0 where an example does not count, else 1, `[N]`; for sigmoid also one per label, `[N * classes]`. */
  readonly mask?: NumberArray | undefined;
  /** s from 0 to 1: labels become y (1 - s) + s / classes (softmax) or y (1 - s) + s / 2 (sigmoid). Default 0. */
  readonly labelSmoothing?: number | undefined;
  /** Added to the logits of each row: one number per class, for example from `logitAdjustment(prior)`. */
  readonly logitAdjustment?: NumberArray | undefined;
  /**
   * What the numbers in `logits` are. Default "logits". With softmax, probabilities are divided by the sum of their
   * row, which must be 1 to within 0.001.
   */
  readonly inputs?: Inputs | undefined;
  /**
   * - "mean" (default): the sum divided by the number of counted examples; the C labels of an example are summed.
   * - "sum", or "none": no division.
   * - "weighted-mean": divided by the sum of the weights, alpha times example weight, of the counted labels.
   * - "element-mean" (sigmoid): divided by the number of counted labels.
   */
  readonly reduction?: Reduction | undefined;
}

/** A batch whose shapes and options are checked; what its numbers are, logits and labels, nobody has looked at yet. */
export interface Problem extends Shape, Weights {
  readonly logits: FloatArray;
  readonly inputs: Inputs;
  /** Class indices `[N]`, or a value from 0 to 1 per logit. */
  readonly labels: NumberArray;
  readonly labelsAreIndices: boolean;
  readonly ignoreLabel: number | null;
  readonly mask: NumberArray | null;
  readonly labelSmoothing: number;
  /** Null: every weight is 1. */
  readonly alpha: AlphaWeights | null;
  readonly exampleWeights: NumberArray | null;
  readonly logitAdjustment: NumberArray | null;
  readonly reduction: Reduction;
}

const parts: readonly string[] = ["logits", "labels", "classes"] satisfies readonly (keyof Batch)[];

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
 * Checks the shapes of a batch and its options; not the numbers in it, of which there may be millions.
 *
 * @param where what the messages begin with: the name of the loss
 * @throws InputError for every wrong length, range or combination, naming the place
 */
export function makeProblem(where: string, batch: Batch, options: ProblemOptions): Problem {
  if (!isRecord(batch)) fail(where, texts.batchMissing(batch));
  for (const name of Object.keys(batch)) if (!parts.includes(name)) fail(where, texts.batchUnknown(name, parts));
  const activation = checkedChoice(where, "activation", options.activation, activations);
  const inputs = checkedChoice(where, "inputs", options.inputs ?? "logits", inputKinds);
  const reduction = checkedChoice(where, "reduction", options.reduction ?? "mean", reductions);
  if (reduction === "element-mean" && activation !== "sigmoid") fail(where, texts.elementMeanNeedsSigmoid());
  const logits = checkedLogits(where, batch.logits);
  const labels = checkedLabels(where, batch.labels);
  const shape = shapeOf(where, logits, activation, columnsOf(where, logits, labels, batch, options));
  const { examples, classes } = shape;
  const labelsAreIndices = areIndices(where, shape, logits, batch.labels);

  const alpha = alphaWeights(where, options.alpha, shape);
  const ofExamples = weightsOrNull(where, "exampleWeights", options.exampleWeights, shape);
  const weights = weightsInUnits(alpha, ofExamples, activation, reduction);
  const ignoreLabel = options.ignoreLabel ?? null;
  if (ignoreLabel !== null) {
    if (!Number.isInteger(ignoreLabel)) fail(where, texts.ignoreLabelNotNumber(ignoreLabel));
    if (activation === "softmax" && !labelsAreIndices) fail(where, texts.ignoreLabelNeedsIndices());
  }
  return {
    activation,
    examples,
    classes,
    logits,
    inputs,
    labels,
    labelsAreIndices,
    ignoreLabel,
    mask: weightsOrNull(where, "mask", options.mask, shape),
    labelSmoothing: checkedFraction(where, options.labelSmoothing ?? 0, texts.labelSmoothingRange),
    alpha: weights.alpha,
    exampleWeights: weights.exampleWeights,
    weightUnit: weights.weightUnit,
    areWeightsExtreme: weights.areWeightsExtreme,
    logitAdjustment: checkedAdjustment(where, options.logitAdjustment, classes),
    reduction,
  };
}

/** Checks weights of examples, or of single logits. */
function weightsOrNull(
  where: string,
  name: "mask" | "exampleWeights",
  weights: NumberArray | undefined,
  { activation, examples, classes }: Shape,
): NumberArray | null {
  if (weights === undefined) return null;
  const expected = `one per example is needed (${examples})`;
  if (activation === "softmax" || classes === 1) return checkedWeights(where, name, weights, [examples], expected);
  const logits = examples * classes;
  return checkedWeights(where, name, weights, [examples, logits], `${expected}, or one per logit (${logits})`);
}

/** The totals, where they follow from the shape alone; else null, and the labels must be counted. */
export function totalsOfShape({ examples, classes, reduction, ignoreLabel, mask }: Problem): Totals | null {
  if (ignoreLabel !== null || mask !== null || reduction === "weighted-mean") return null;
  return { counted: examples, denominator: denominatorOf(reduction, examples, examples * classes, 0), unit: 0 };
}

function checkedLabels(where: string, labels: unknown): NumberArray {
  if (!isArray(labels)) fail(where, texts.notAnArray("labels", labels, "an array of numbers"));
  if (labels instanceof BigInt64Array || labels instanceof BigUint64Array) return Float64Array.from(labels, Number);
  return labels as NumberArray;
}

/** The number of columns, as it was given, or as it follows from the lengths; still to be checked. */
function columnsOf(where: string, logits: FloatArray, labels: NumberArray, batch: Batch, options: ProblemOptions) {
  const { classes } = batch;
  const { activation, alpha, logitAdjustment } = options;
  if (activation === "sigmoid" || classes !== undefined) return classes;
  if (logits.length === 0 && labels.length === 0) {
    // An empty batch has any number of columns: that of what is given per class.
    const perClass: readonly unknown[] = [alpha, logitAdjustment];
    return perClass.find(isArray)?.length ?? 2;
  }
  if (labels.length === logits.length) fail(where, texts.classesNeeded());
  const columns = labels.length === 0 ? 0 : logits.length / labels.length;
  if (!Number.isInteger(columns) || columns < 2) fail(where, texts.classesNotPlain(logits.length, labels.length));
  return columns;
}

/** Whether labels are class indices, one per example; else there is one per logit. */
function areIndices(where: string, { activation, examples }: Shape, logits: FloatArray, given: LabelArray): boolean {
  const { length } = given;
  const isSoftmax = activation === "softmax";
  if (isSoftmax && length === examples) {
    if (!isFloatArray(given)) return true;
    if (examples > 0) fail(where, texts.labelsNotIntegers(given.constructor.name, length));
  }
  if (length !== logits.length) {
    const indices = length === examples ? '; for class indices take the activation "softmax"' : "";
    const needed = isSoftmax
      ? `softmax needs ${count(examples, "class index", "class indices")}, or ${logits.length} probabilities`
      : `sigmoid needs one per logit (${logits.length})${indices}`;
    fail(where, texts.labelsLength(length, needed));
  }
  return false;
}

/** Checks a logit adjustment: one finite number per class, or null for none. */
export function checkedAdjustment(
  where: string,
  adjustment: NumberArray | undefined,
  classes: number,
): NumberArray | null {
  if (adjustment === undefined) return null;
  if (!isArray(adjustment)) fail(where, texts.notAnArray("logitAdjustment", adjustment, "an array of numbers"));
  if (adjustment.length !== classes) {
    fail(where, texts.lengthOf("logitAdjustment", adjustment.length, `one per class is needed (${classes})`));
  }
  for (let j = 0; j < classes; j++) {
    if (!Number.isFinite(adjustment[j])) fail(where, texts.logitAdjustmentNotFinite(j, adjustment[j]));
  }
  return adjustment;
}
