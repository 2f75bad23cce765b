// A batch on its way through the layers: forward to the logits, and the slopes back to every weight.
import type { Layer, TrainingSet } from "./model.ts";
import { Nonzeros } from "./nonzeros.ts";

/** The gradient of one layer, in the shapes of its weights and bias. */
export interface LayerGradient {
  readonly weights: Float64Array;
  readonly bias: Float64Array;
}

/** The buffers of a batch for some layers, whose weights may change between passes. Every layer but the last is relu. */
export class Pass {
  /** What each layer is given. */
  private readonly inputs: readonly Nonzeros[];
  /** What each layer gives, before its activation; on the way back the slopes with respect to that. */
  private readonly outputs: readonly Float64Array[];
  private readonly slopes: readonly Float64Array[];

  /**
   * @param layers from features to logits
   * @param capacity the most rows of a batch
   */
  constructor(
    private readonly layers: readonly Layer[],
    capacity: number,
  ) {
    this.inputs = layers.map((layer) => new Nonzeros(capacity, layer.inputs));
    this.outputs = layers.map((layer) => new Float64Array(capacity * layer.outputs));
    this.slopes = layers.slice(0, -1).map((layer) => new Float64Array(capacity * layer.outputs));
  }

  /** The logits of the rows `order[from]` to `order[to - 1]`: a view that the next pass overwrites. */
  forward(set: TrainingSet, order: Int32Array, from: number, to: number): Float64Array {
    const { layers, inputs, outputs } = this;
    inputs[0].gather(set.values, order, from, to);
    layers.forEach((layer, l) => {
      if (l > 0) inputs[l].gatherRelu(outputs[l - 1], to - from);
      inputs[l].product(layer.weights, layer.bias, layer.outputs, outputs[l]);
    });
    const last = layers.length - 1;
    return outputs[last].subarray(0, (to - from) * layers[last].outputs);
  }

  /** The gradients of the layers, from d loss / d logits of the rows that went forward last. */
  backward(logitSlopes: Float64Array, gradients: readonly LayerGradient[]): void {
    const { layers, inputs, slopes } = this;
    for (let l = layers.length - 1; l >= 0; l--) {
      const { weights, outputs } = layers[l];
      const own = l === layers.length - 1 ? logitSlopes : slopes[l];
      gradients[l].weights.fill(0);
      inputs[l].transpose();
      inputs[l].addTransposedProduct(own, outputs, gradients[l].weights);
      columnSums(own, inputs[l].rows, gradients[l].bias);
      if (l > 0) inputs[l].maskedProduct(own, weights, outputs, slopes[l - 1]);
    }
  }
}

/** The sums of the columns of the first `rows` rows. */
export function columnSums(matrix: Float64Array, rows: number, into: Float64Array): void {
  const width = into.length;
  into.fill(0);
  for (let n = 0; n < rows; n++) for (let j = 0; j < width; j++) into[j] += matrix[n * width + j];
}
