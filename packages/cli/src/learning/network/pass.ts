// A batch on its way through the layers of a network, on the heap: forward to the logits, slopes back to every weight.
import type { WasmBackend } from "surprisal/wasm";
import type { TrainingHeap } from "../heap.ts";
import type { Layers } from "../layers.ts";

/** The numbers of all layers, one after the other in a single array: parameters, or something of each of them. */
export class Parameters {
  readonly values: Float32Array;
  /** The weights of all layers, and then their biases: views. */
  readonly weights: Float32Array;
  readonly biases: Float32Array;
  readonly layers: readonly { readonly weights: Float32Array; readonly bias: Float32Array }[];

  /** @param sizes the width of the features, of each hidden layer, and of the logits */
  constructor(
    private readonly backend: WasmBackend,
    readonly sizes: readonly number[],
  ) {
    const outputs = sizes.slice(1);
    const lengths = outputs.map((width, l) => sizes[l] * width);
    const weightCount = lengths.reduce((sum, length) => sum + length, 0);
    this.values = backend.float32(outputs.reduce((sum, width) => sum + width, weightCount));
    this.weights = this.values.subarray(0, weightCount);
    this.biases = this.values.subarray(weightCount);
    const starts = (each: readonly number[]) => each.map((_, l) => each.slice(0, l).reduce((sum, n) => sum + n, 0));
    const weightStarts = starts(lengths);
    const biasStarts = starts(outputs);
    this.layers = outputs.map((width, l) => ({
      weights: this.weights.subarray(weightStarts[l], weightStarts[l] + lengths[l]),
      bias: this.biases.subarray(biasStarts[l], biasStarts[l] + width),
    }));
  }

  /** The numbers as a model of relu layers: a copy. */
  model(): Layers {
    const last = this.layers.length - 1;
    const layers = this.layers.map(({ weights, bias }, l) => ({
      inputs: this.sizes[l],
      outputs: this.sizes[l + 1],
      weights: Float64Array.from(weights),
      bias: Float64Array.from(bias),
      activation: l === last ? ("identity" as const) : ("relu" as const),
    }));
    return { kind: "layers", layers };
  }

  free(): void {
    this.backend.free(this.values);
  }
}

/** The buffers of a batch. */
export class Pass {
  /** What each layer but the last gives, and the slopes with respect to that. */
  private readonly hidden: readonly { readonly outputs: Float32Array; readonly slopes: Float32Array }[];

  /** @param capacity the most rows of a batch */
  constructor(
    private readonly heap: TrainingHeap,
    private readonly parameters: Parameters,
    private readonly capacity: number,
  ) {
    this.hidden = parameters.sizes.slice(1, -1).map((width) => ({
      outputs: heap.backend.float32(capacity * width),
      slopes: heap.backend.float32(capacity * width),
    }));
  }

  /** Fills `logits` with those of the rows in `input`, as many as fit into the buffers at a time. */
  forward(input: Float32Array, logits: Float32Array): void {
    const { sizes } = this.parameters;
    const [width, outputs] = [sizes[0], sizes[sizes.length - 1]];
    const rows = logits.length / outputs;
    if (rows <= this.capacity) {
      this.forwardBatch(input, logits, rows);
      return;
    }
    for (let from = 0; from < rows; from += this.capacity) {
      const to = Math.min(from + this.capacity, rows);
      const batch = input.subarray(from * width, to * width);
      this.forwardBatch(batch, logits.subarray(from * outputs, to * outputs), to - from);
    }
  }

  private forwardBatch(input: Float32Array, logits: Float32Array, rows: number): void {
    const { layers } = this.parameters;
    layers.forEach(({ weights, bias }, l) => {
      const relu = l < this.hidden.length;
      const output = relu ? this.hidden[l].outputs : logits;
      this.heap.kernels.layer({
        input: l === 0 ? input : this.hidden[l - 1].outputs,
        weights,
        bias,
        output,
        rows,
        relu,
      });
    });
  }

  /** Fills the gradients from d loss / d logits of the batch that went forward last. */
  backward(input: Float32Array, logitSlopes: Float32Array, gradient: Parameters): void {
    const { layers, sizes } = this.parameters;
    const rows = logitSlopes.length / sizes[sizes.length - 1];
    for (let l = layers.length - 1; l >= 0; l--) {
      const slopes = l === this.hidden.length ? logitSlopes : this.hidden[l].slopes;
      const given = l === 0 ? input : this.hidden[l - 1].outputs;
      this.heap.kernels.weightGradient({ input: given, slopes, ...gradient.layers[l], rows });
      if (l === 0) return;
      const { weights } = layers[l];
      const into = this.hidden[l - 1].slopes;
      this.heap.kernels.inputGradient({ slopes, weights, input: given, gradient: into, rows, inputs: sizes[l] });
    }
  }

  free(): void {
    for (const { outputs, slopes } of this.hidden) {
      this.heap.backend.free(outputs);
      this.heap.backend.free(slopes);
    }
  }
}
