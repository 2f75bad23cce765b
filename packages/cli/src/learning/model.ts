// What a trained model is, what it is trained on, and what it answers.
import { Nonzeros } from "./nonzeros.ts";

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

const rowsAtOnce = 64;

/** The logits of a model for every row of a set, `[rows, outputs]`, in float64. */
export function predictLogits({ layers }: Model, set: TrainingSet): Float64Array {
  const inputs = layers.map((layer) => new Nonzeros(rowsAtOnce, layer.inputs));
  const outputs = layers.map((layer) => new Float64Array(rowsAtOnce * layer.outputs));
  const last = layers.length - 1;
  const classes = layers[last].outputs;
  const order = Int32Array.from({ length: set.rows }, (_, row) => row);
  const logits = new Float64Array(set.rows * classes);
  for (let from = 0; from < set.rows; from += rowsAtOnce) {
    const to = Math.min(from + rowsAtOnce, set.rows);
    inputs[0].gather(set.values, order, from, to);
    layers.forEach((layer, l) => {
      if (l > 0) inputs[l].gatherRelu(outputs[l - 1], to - from);
      inputs[l].product(layer.weights, layer.bias, layer.outputs, outputs[l]);
    });
    logits.set(outputs[last].subarray(0, (to - from) * classes), from * classes);
  }
  return logits;
}
