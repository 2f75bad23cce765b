// A model of layers: what a linear model and a network are once they are trained.
import type { Features } from "./features.ts";
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
export interface Layers {
  readonly kind: "layers";
  readonly layers: readonly Layer[];
}

const rowsAtOnce = 64;

/** The logits of every row, `[rows, outputs]`, in float64. */
export function predictLayers({ layers }: Layers, features: Features): Float64Array {
  const inputs = layers.map((layer) => new Nonzeros(rowsAtOnce, layer.inputs));
  const outputs = layers.map((layer) => new Float64Array(rowsAtOnce * layer.outputs));
  const last = layers.length - 1;
  const classes = layers[last].outputs;
  const order = Int32Array.from({ length: features.rows }, (_, row) => row);
  const logits = new Float64Array(features.rows * classes);
  for (let from = 0; from < features.rows; from += rowsAtOnce) {
    const to = Math.min(from + rowsAtOnce, features.rows);
    inputs[0].gather(features.values, order, from, to);
    layers.forEach((layer, l) => {
      if (l > 0) inputs[l].gatherRelu(outputs[l - 1], to - from);
      inputs[l].product(layer.weights, layer.bias, layer.outputs, outputs[l]);
    });
    logits.set(outputs[last].subarray(0, (to - from) * classes), from * classes);
  }
  return logits;
}
