// The mean loss of a linear model as a function of its parameters, and its curvature: what is the same in float32 and
// in float64.
import { type Activation, type EvaluateOptions, evaluate, type Loss } from "surprisal";
import type { Features } from "../features.ts";
import type { ClassWeighting } from "../weights.ts";
import { Curvature } from "./curvature.ts";

/** What a model of some outputs is fitted to. */
export interface Labelled {
  readonly loss: Loss;
  readonly activation: Activation;
  readonly outputs: number;
  /** Per row 0/1, or the class index. */
  readonly labels: Int32Array;
  /** What each row counts, in units of the mean row; null where each counts once. */
  readonly weights: Float64Array | null;
  readonly alpha: ClassWeighting | undefined;
  readonly constantLogits: Float64Array;
}

/** The mean loss over all rows; parameters are `[width + 1, outputs]`, the last row being the bias. */
export interface MeanLoss {
  /** How many of the parameters are weights, which come first. */
  readonly weights: number;
  /** The loss at `x`; writes its gradient. */
  evaluate(x: Float64Array, gradient: Float64Array): number;
  /** The curvature at the place that was evaluated last, if all logits are equal there, or else. */
  curvature(isConstant: boolean): Curvature;
  /** Whether it is all of the curvature, as that of one sigmoid is. */
  readonly isCurvatureExact: boolean;
  /** How many evaluations a curvature takes; infinite where it would take too much memory. */
  readonly curvaturePrice: number;
  /** The relative error of a loss. */
  readonly rounding: number;
}

/** More numbers than this a curvature is not given: 64 MB. */
const mostNumbers = 8e6;

/** Where at least this share of the features is not 0, a Gram matrix is made by the kernel of products. */
export const denseShare = 1 / 2;

/**
 * How many evaluations a curvature takes, with the step that follows from each. In nanoseconds as measured on one
 * machine, but never by a clock: the same features always give the same models.
 */
export function priceOf({ rows, width }: Features, nonzeros: number, outputs: number, inFloat32: boolean): number {
  const inputs = width + 1;
  if (inputs * inputs * outputs > mostNumbers) return Number.POSITIVE_INFINITY;
  const isDense = inFloat32 && nonzeros >= denseShare * rows * width;
  const gram = isDense ? 0.25 * rows * inputs * inputs : rows * width + (0.8 * nonzeros * nonzeros) / rows;
  const factors = (outputs * inputs ** 3) / 6;
  const bends = 12 * rows * outputs;
  const step = outputs * inputs * (inputs + 40);
  const evaluation = inFloat32
    ? 10_000 + 0.5 * rows * width * outputs + 3 * rows * outputs
    : 2.2 * nonzeros * outputs + 150 * rows * outputs;
  return (gram + factors + bends) / (evaluation + step);
}

/** What `evaluate` takes, as it is here. */
export interface LabelledLogits {
  readonly logits: Float32Array | Float64Array;
  readonly labels: Int32Array;
  readonly classes: number;
}

/** How far the logits of each row bend the loss, summed over the outputs, and how that is shared between them. */
export interface Bends {
  readonly rows: Float64Array;
  readonly shares: Float64Array;
}

/** No row counts less than this share of the mean. */
const least = 1e-4;

/** The bends at some logits; `options` are those with which the loss is evaluated there. */
export function bendsOf(labelled: Labelled, batch: LabelledLogits, options: EvaluateOptions): Bends {
  if (labelled.activation === "softmax") return softmaxBends(labelled, batch.logits);
  return sigmoidBends(evaluate(labelled.loss, batch, { ...options, curvature: true }).curvature);
}

/** The bends of one sigmoid, from d^2 loss / d logit^2; where a loss bends down, as focal may, it hardly counts. */
function sigmoidBends(curvature: Float32Array | Float64Array): Bends {
  const rows = new Float64Array(curvature.length);
  for (let n = 0; n < rows.length; n++) rows[n] = Math.max(curvature[n] * rows.length, 0);
  return { rows: floored(rows), shares: Float64Array.of(1) };
}

/** The bends of softmax, as if the loss were cross entropy: of row n its weight times diag p - p p'. */
function softmaxBends({ outputs, labels, weights, alpha }: Labelled, logits: Float32Array | Float64Array): Bends {
  const rows = new Float64Array(labels.length);
  const shares = new Float64Array(outputs * outputs);
  const ofClass: readonly number[] | null = Array.isArray(alpha) ? alpha : null;
  const p = new Float64Array(outputs);
  for (let n = 0; n < rows.length; n++) {
    const from = n * outputs;
    let largest = logits[from];
    for (let k = 1; k < outputs; k++) if (logits[from + k] > largest) largest = logits[from + k];
    let sum = 0;
    for (let k = 0; k < outputs; k++) {
      p[k] = Math.exp(logits[from + k] - largest);
      sum += p[k];
    }
    let weight = weights === null ? 1 : weights[n];
    if (ofClass !== null) weight *= ofClass[labels[n]];
    let bend = 0;
    for (let a = 0; a < outputs; a++) {
      p[a] /= sum;
      const scaled = weight * p[a];
      const row = a * outputs;
      shares[row + a] += scaled;
      bend += scaled * (1 - p[a]);
      if (p[a] > 1e-8) for (let b = 0; b <= a; b++) shares[row + b] -= scaled * p[b];
    }
    rows[n] = bend;
  }
  for (let a = 0; a < outputs; a++) for (let b = 0; b < a; b++) shares[b * outputs + a] = shares[a * outputs + b];
  let trace = 0;
  for (let a = 0; a < outputs; a++) trace += shares[a * outputs + a];
  for (let k = 0; k < shares.length; k++) shares[k] /= trace || 1;
  return { rows: floored(rows), shares };
}

function floored(rows: Float64Array): Float64Array {
  let sum = 0;
  for (let n = 0; n < rows.length; n++) sum += rows[n];
  const smallest = least * (sum / rows.length) || 1e-12;
  for (let n = 0; n < rows.length; n++) rows[n] = Math.max(rows[n], smallest);
  return rows;
}

/** Where all rows count the same, one Gram matrix is that of every loss, strength and label. */
const plainGrams = new WeakMap<Float32Array, Float64Array>();

/** A curvature from bends; `gramOf` makes the Gram matrix of rows that count so much, with a constant behind them. */
export function curvatureOf(
  { values, rows, width }: Features,
  { rows: bends, shares }: Bends,
  gramOf: (bends: Float64Array | null) => Float64Array,
  isShared: boolean,
): Curvature {
  const outputs = Math.sqrt(shares.length);
  if (!isShared) return new Curvature(width + 1, outputs, scaled(gramOf(bends), 1 / rows), shares);
  const plain = plainGrams.get(values) ?? scaled(gramOf(null), 1 / rows);
  plainGrams.set(values, plain);
  let mean = 0;
  for (let n = 0; n < rows; n++) mean += bends[n] / rows;
  return new Curvature(width + 1, outputs, scaled(Float64Array.from(plain), mean), shares);
}

function scaled(matrix: Float64Array, factor: number): Float64Array {
  for (let k = 0; k < matrix.length; k++) matrix[k] *= factor;
  return matrix;
}

/** sum over n of bends[n] x_n x_n', where a 1 stands behind the features of each row; skips the zeros of the rows. */
export function sparseGram({ rows, width, values }: Features, bends: Float64Array | null): Float64Array {
  const inputs = width + 1;
  const gram = new Float64Array(inputs * inputs);
  const places = new Int32Array(inputs);
  const entries = new Float64Array(inputs);
  for (let n = 0; n < rows; n++) {
    let count = 0;
    for (let i = 0, at = n * width; i < width; i++) {
      const value = values[at + i];
      if (value === 0) continue;
      places[count] = i;
      entries[count++] = value;
    }
    places[count] = width;
    entries[count++] = 1;
    const bend = bends === null ? 1 : bends[n];
    for (let a = 0; a < count; a++) {
      const factor = bend * entries[a];
      const row = places[a] * inputs;
      for (let b = 0; b <= a; b++) gram[row + places[b]] += factor * entries[b];
    }
  }
  for (let i = 0; i < inputs; i++) for (let j = i + 1; j < inputs; j++) gram[i * inputs + j] = gram[j * inputs + i];
  return gram;
}
