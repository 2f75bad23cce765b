// What training makes small: a loss of surprisal on the labels of a training set, with its class weights.

import { type Activation, evaluate, type Loss } from "surprisal";
import { minimise } from "./lbfgs.ts";
import type { ClassWeighting } from "./weights.ts";

/** What training makes small: a loss with its weights, on the labels of a training set. */
export interface Objective {
  readonly loss: Loss;
  readonly activation: Activation;
  readonly outputs: number;
  /** Per row of the training set: 0/1 or the class index; multi-label: `[rows, outputs]` of 0/1. */
  readonly labels: Int32Array;
  /** What each label counts, in the shape of `labels`: in units of the mean row; null where each counts once. */
  readonly weights: Float64Array | null;
  readonly alpha?: ClassWeighting | undefined;
  /**
   * The mean loss over `rows` (positions in the training set) at these logits, `[rows.length, outputs]`, each label
   * times its weight; writes d mean / d logits into `gradient` if given. In float64, by the reference.
   */
  evaluate(logits: Float64Array, rows: Int32Array, gradient: Float64Array | null): number;
  /** The logits of the best constant model, with which the output bias starts. */
  readonly constantLogits: Float64Array;
}

/** What an objective is made of. */
export interface ObjectiveParts {
  readonly loss: Loss;
  readonly activation: Activation;
  /** 1 for a binary target; the number of classes, or of labels. */
  readonly outputs: number;
  /** Per row of the training set: 0/1 or the class index; multi-label: `[rows, outputs]` of 0/1. */
  readonly labels: Int32Array;
  /** What each label counts, in the shape of `labels`, in any unit; 0 where a row lacks a label, which may be -1. */
  readonly weights?: Float64Array | null | undefined;
  readonly alpha?: ClassWeighting | undefined;
  /** The rows that are trained on, from which the best constant follows. Default: all. */
  readonly rows?: Int32Array | undefined;
}

/**
 * The mean of a loss over rows of a training set, as a function of their logits.
 *
 *     sum over n and j of w_nj loss_nj / sum over n of w_n,   w_nj = w_n, or 0 where row n lacks label j
 *
 * So the unit of the weights changes nothing, a penalty holds against as much as without weights, and a label that some
 * rows lack is learnt as from the others alone, with the same belief in small weights.
 */
export function makeObjective(parts: ObjectiveParts): Objective {
  const { loss, activation, outputs, alpha, rows } = parts;
  const weights =
    parts.weights == null ? null : inMeanRows(parts.weights, activation === "softmax" ? 1 : outputs, rows);
  const labels = weights === null ? parts.labels : parts.labels.map((label) => Math.max(label, 0));
  const columns = activation === "softmax" ? 1 : outputs;
  const batches = new Map<number, Int32Array>(); // `evaluate` takes labels of exact length: one array for each length
  const weightsOf = (positions: Int32Array) => {
    if (weights === null) return undefined;
    const batch = new Float64Array(positions.length * columns);
    for (let n = 0; n < positions.length; n++) {
      const row = positions[n] * columns;
      for (let j = 0; j < columns; j++) batch[n * columns + j] = weights[row + j];
    }
    return batch;
  };
  return {
    loss,
    activation,
    outputs,
    labels,
    weights,
    alpha,
    evaluate(logits, positions, gradient) {
      let batch = batches.get(positions.length);
      if (batch === undefined) {
        batch = new Int32Array(positions.length * columns);
        batches.set(positions.length, batch);
      }
      for (let n = 0, at = 0; n < positions.length; n++) {
        const row = positions[n] * columns;
        for (let j = 0; j < columns; j++) batch[at++] = labels[row + j];
      }
      const options = { activation, alpha, exampleWeights: weightsOf(positions), gradient: gradient ?? false };
      return evaluate(loss, { logits, labels: batch, classes: outputs }, options).loss;
    },
    constantLogits: bestConstant(
      loss,
      activation,
      alpha,
      weights === null
        ? shares(activation, outputs, labels, rows)
        : weightedShares(activation, outputs, { labels, weights }, rows),
    ),
  };
}

/** Weights in units of the mean row; a row counts what the heaviest of its labels does. */
function inMeanRows(weights: Float64Array, columns: number, rows: Int32Array | undefined): Float64Array {
  const count = rows?.length ?? weights.length / columns;
  let sum = 0;
  for (let n = 0; n < count; n++) {
    const row = (rows?.[n] ?? n) * columns;
    let heaviest = 0;
    for (let j = 0; j < columns; j++) heaviest = Math.max(heaviest, weights[row + j]);
    sum += heaviest;
  }
  const mean = sum / count;
  return weights.map((weight) => weight / mean);
}

/** The shares by weight, each output's among the rows that have it. What is not seen counts as half a row of these. */
function weightedShares(
  activation: Activation,
  outputs: number,
  { labels, weights }: { readonly labels: Int32Array; readonly weights: Float64Array },
  rows: Int32Array | undefined,
) {
  const columns = activation === "softmax" ? 1 : outputs;
  const count = rows?.length ?? labels.length / columns;
  const sums = new Float64Array(outputs);
  const all = new Float64Array(columns);
  const known = new Float64Array(columns);
  for (let n = 0; n < count; n++) {
    const row = (rows?.[n] ?? n) * columns;
    for (let j = 0; j < columns; j++) {
      if (activation === "softmax") sums[labels[row]] += weights[row];
      else sums[j] += weights[row + j] * labels[row + j];
      all[j] += weights[row + j];
      known[j] += Number(weights[row + j] > 0);
    }
  }
  if (activation === "softmax") {
    const seen = sums.map((each) => Math.max(each, 0.5));
    const total = seen.reduce((sum, each) => sum + each, 0);
    return seen.map((each) => each / total);
  }
  return sums.map((each, j) => {
    if (known[j] === 0) return 0.5;
    const half = all[j] / known[j] / 2;
    return Math.min(Math.max(each, half), all[j] - half) / all[j];
  });
}

/** The mean label of each output. A class of which no row is seen counts as half a row, so that it stays possible. */
function shares(activation: Activation, outputs: number, labels: Int32Array, rows: Int32Array | undefined) {
  const columns = activation === "softmax" ? 1 : outputs;
  const count = rows?.length ?? labels.length / columns;
  const counts = new Float64Array(outputs);
  for (let n = 0; n < count; n++) {
    const row = (rows?.[n] ?? n) * columns;
    if (activation === "softmax") counts[labels[row]]++;
    else for (let j = 0; j < outputs; j++) counts[j] += labels[row + j];
  }
  const most = activation === "softmax" ? count : count - 0.5;
  const seen = counts.map((each) => Math.min(Math.max(each, 0.5), most));
  const total = activation === "softmax" ? seen.reduce((sum, each) => sum + each, 0) : count;
  return seen.map((each) => each / total);
}

/** Losses that saturate have their best constant at infinity; there, nothing would ever be learned. */
const largestConstant = 15;

/** The logits of the best constant: the minimum of the loss of one row whose soft labels are the shares. */
function bestConstant(loss: Loss, activation: Activation, alpha: ClassWeighting | undefined, labels: Float64Array) {
  const classes = labels.length;
  const lossAt = (logits: Float64Array, gradient: Float64Array) =>
    evaluate(loss, { logits, labels, classes }, { activation, alpha, gradient }).loss;
  const gradient = new Float64Array(classes);
  if (activation === "sigmoid") {
    const low = new Float64Array(classes).fill(-largestConstant);
    const high = new Float64Array(classes).fill(largestConstant);
    for (let halving = 0; halving < 60; halving++) {
      const middle = low.map((each, j) => (each + high[j]) / 2);
      lossAt(middle, gradient);
      for (let j = 0; j < classes; j++) (gradient[j] > 0 ? high : low)[j] = middle[j];
    }
    return low.map((each, j) => (each + high[j]) / 2);
  }
  // In units in which rare classes bend the loss as much as common ones. The start is right for cross entropy.
  const weights = labels.map((share, c) => share * (isList(alpha) ? alpha[c] : 1));
  const units = weights.map((weight) => 1 / Math.sqrt(Math.max(weight, 1e-12)));
  const start = weights.map((weight, c) => Math.log(Math.max(weight, 1e-12)) / units[c]);
  const scaled = (x: Float64Array, slopes: Float64Array) => {
    const value = lossAt(
      x.map((each, c) => each * units[c]),
      slopes,
    );
    for (let c = 0; c < classes; c++) slopes[c] *= units[c];
    return value;
  };
  const { x } = minimise(scaled, start, { tolerance: 1e-14, maxIterations: 500 });
  const logits = x.map((each, c) => each * units[c]);
  const mean = logits.reduce((sum, each) => sum + each, 0) / classes;
  return logits.map((each) => Math.min(Math.max(each - mean, -largestConstant), largestConstant));
}

function isList(alpha: ClassWeighting | undefined): alpha is readonly number[] {
  return Array.isArray(alpha);
}
