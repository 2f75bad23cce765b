// What a trained model is, what it is trained on, and what training makes small.
import { Pass } from "./pass.ts";

/** One layer: `activation(x W + b)`. */
export interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** `[inputs, outputs]`, row-major. */
  readonly weights: Float64Array;
  readonly bias: Float64Array;
  readonly activation: "relu" | "identity";
}

/** Layers from features to logits; a linear model has one. */
export interface Model {
  readonly layers: readonly Layer[];
}

/** Prepared features, `[rows, width]`, row-major. */
export interface TrainingSet {
  readonly rows: number;
  readonly width: number;
  readonly values: Float32Array;
}

/** What training makes small: a loss with its weights, on the labels of a training set. */
export interface Objective {
  readonly outputs: number;
  /**
   * The mean loss over `rows` (positions in the training set) at these logits, `[rows.length, outputs]`; writes
   * d mean / d logits into `gradient` if given.
   */
  evaluate(logits: Float64Array, rows: Int32Array, gradient: Float64Array | null): number;
  /** The logits of the best constant model, with which the output bias starts. */
  readonly constantLogits: Float64Array;
}

const rowsAtOnce = 64;

/** The logits of a model for every row of a set, `[rows, outputs]`. */
export function predictLogits({ layers }: Model, set: TrainingSet): Float64Array {
  const pass = new Pass(layers, rowsAtOnce);
  const outputs = layers[layers.length - 1].outputs;
  const order = Int32Array.from({ length: set.rows }, (_, row) => row);
  const logits = new Float64Array(set.rows * outputs);
  for (let from = 0; from < set.rows; from += rowsAtOnce) {
    logits.set(pass.forward(set, order, from, Math.min(from + rowsAtOnce, set.rows)), from * outputs);
  }
  return logits;
}
