// What a small network of relu layers needs besides its loss: products of matrices, steps of Adam, batches.
import type { Target } from "../assembler/code.ts";
import { encodeModule } from "../assembler/encoder.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Heap } from "../memory/heap.ts";
import type { Scratch } from "../memory/scratch.ts";
import { type Exports, instantiate } from "../memory/webAssembly.ts";
import { adamKernel } from "./adam.ts";
import { gatherKernel, transposeKernel } from "./moves.ts";
import { productKernel } from "./product.ts";

/**
 * The kernels of a small network, on float32 arrays of the heap.
 *
 * Matrices are row-major: a batch is `[rows, inputs]`, weights are `[inputs, outputs]`. The sizes follow from the
 * lengths of `weights` and `bias`; arrays of a batch may be longer than `rows` needs. No output may overlap another
 * array of its call. Terms are added in the order of their index, so a back end made with `relaxed: false` gives the
 * same bits on every machine.
 */
export interface NetworkKernels {
  /** output[n, h] = bias[h] + sum over i of input[n, i] weights[i, h]; with `relu` what is below 0 becomes 0. */
  layer(
    arrays: Readonly<Record<"input" | "weights" | "bias" | "output", Float32Array>> & {
      readonly rows: number;
      readonly relu: boolean;
    },
  ): void;
  /** weights[i, h] = sum over n of input[n, i] slopes[n, h]; bias[h] = sum over n of slopes[n, h]. */
  weightGradient(
    arrays: Readonly<Record<"input" | "slopes" | "weights" | "bias", Float32Array>> & { readonly rows: number },
  ): void;
  /**
   * gradient[n, i] = sum over h of slopes[n, h] weights[i, h], and 0 where input[n, i], which came out of a relu, is
   * not above 0.
   */
  inputGradient(
    arrays: Readonly<Record<"slopes" | "weights" | "input" | "gradient", Float32Array>> & {
      readonly rows: number;
      readonly inputs: number;
    },
  ): void;
  /**
   * One step of Adam: slope = gradient + l2 value; first = .9 first + .1 slope; second = .999 second + .001 slope^2;
   * value -= rate first / (sqrt(second) + 1e-8). The corrections for the moments' start belong into `rate`.
   *
   * Source: Kingma and Ba (2015), Adam: A Method for Stochastic Optimization, section 2.
   */
  adam(
    arrays: Readonly<Record<"values" | "gradient" | "first" | "second", Float32Array>>,
    options: { readonly rate: number; readonly l2: number },
  ): void;
  /** into[n, i] = matrix[indices[n], i]: rows of a matrix as a batch, or labels. */
  gather<A extends Float32Array | Int32Array>(matrix: A, indices: Int32Array, into: A): void;
}

const bytesEach = 4;

/** Where kernels are made: a heap, memory for the length of a call, and for what. */
export interface KernelPlace {
  readonly heap: Heap;
  readonly scratch: Scratch;
  readonly target: Target;
}

/** One matrix product: the addresses of its arrays, and its sizes. */
interface ProductCall {
  /** The matrix on the left, with the bytes from row to row and from one factor of a sum to the next. */
  readonly left: { readonly address: number; readonly row: number; readonly step: number };
  readonly right: number;
  readonly out: number;
  readonly rows: number;
  /** How many factors a sum has. */
  readonly steps: number;
  readonly columns: number;
  /** What sums begin with, and where they become 0, if the kernel has that. */
  readonly bias?: number;
  readonly mask?: number;
}

/** The kernels on a heap, compiled when they are first needed. What they are given is checked before. */
export class HeapKernels implements NetworkKernels {
  private readonly scratch: Scratch;
  private readonly kernels: Exports;
  /** Where the constants of each kernel are. */
  private readonly constants: Readonly<Record<string, number>>;
  /** The address of a 1. */
  private readonly one: number;

  constructor({ heap, scratch, target }: KernelPlace) {
    this.scratch = scratch;
    const kernels = allKernels(target);
    this.kernels = instantiate(
      encodeModule(
        kernels.map((each) => each.function),
        heap.kind,
      ),
      heap.memory,
    );
    const lists = kernels.map(({ constants }) => constants);
    // One block for all: it is there, or nothing has changed.
    const block = heap.allocate(bytesEach * lists.reduce((sum, { length }) => sum + length, 1)) / bytesEach;
    heap.float32s[block] = 1;
    this.one = block * bytesEach;
    let next = block + 1;
    this.constants = Object.fromEntries(
      lists.map((constants, k) => {
        const address = next * bytesEach;
        for (const each of constants) {
          if ("bits" in each) heap.int32s[next] = each.bits;
          next++;
        }
        return [kernels[k].function.name, address];
      }),
    );
  }

  layer({ input, weights, bias, output, rows, relu }: Parameters<NetworkKernels["layer"]>[0]): void {
    const columns = bias.length;
    const steps = weights.length / columns;
    this.multiply(relu ? "layerWithRelu" : "layer", {
      left: { address: input.byteOffset, row: bytesEach * steps, step: bytesEach },
      right: weights.byteOffset,
      out: output.byteOffset,
      ...{ rows, steps, columns },
      bias: bias.byteOffset,
    });
  }

  weightGradient({ input, slopes, weights, bias, rows }: Parameters<NetworkKernels["weightGradient"]>[0]): void {
    const columns = bias.length;
    const inputs = weights.length / columns;
    const right = slopes.byteOffset;
    this.multiply("product", {
      // Down the columns of the input: it is transposed.
      left: { address: input.byteOffset, row: bytesEach, step: bytesEach * inputs },
      right,
      out: weights.byteOffset,
      ...{ rows: inputs, steps: rows, columns },
    });
    this.multiply("product", {
      left: { address: this.one, row: 0, step: 0 },
      right,
      out: bias.byteOffset,
      ...{ rows: 1, steps: rows, columns },
    });
  }

  inputGradient(arrays: Parameters<NetworkKernels["inputGradient"]>[0]): void {
    const { slopes, weights, input, gradient, rows, inputs } = arrays;
    const outputs = weights.length / inputs;
    try {
      const transposed = this.scratch.take(weights.byteLength);
      this.kernels.transpose(this.constants.transpose, weights.byteOffset, transposed, inputs, outputs);
      this.multiply("maskedProduct", {
        left: { address: slopes.byteOffset, row: bytesEach * outputs, step: bytesEach },
        right: transposed,
        out: gradient.byteOffset,
        ...{ rows, steps: outputs, columns: inputs },
        mask: input.byteOffset,
      });
    } finally {
      this.scratch.reset();
    }
  }

  adam(arrays: Parameters<NetworkKernels["adam"]>[0], { rate, l2 }: Parameters<NetworkKernels["adam"]>[1]): void {
    const { values, gradient, first, second } = arrays;
    const { length } = values;
    const [a, b, c, d] = [values.byteOffset, gradient.byteOffset, first.byteOffset, second.byteOffset];
    this.kernels.adam(this.constants.adam, a, b, c, d, length, rate, l2);
  }

  gather<A extends Float32Array | Int32Array>(matrix: A, indices: Int32Array, into: A): void {
    const columns = into.length / indices.length;
    const { byteOffset } = matrix;
    const { gather } = this.constants;
    this.kernels.gather(gather, byteOffset, indices.byteOffset, into.byteOffset, indices.length, columns);
  }

  private multiply(name: "product" | "layer" | "layerWithRelu" | "maskedProduct", call: ProductCall): void {
    const { left, right, out, rows, steps, columns, bias = 0, mask = 0 } = call;
    const { address, row, step } = left;
    // As the kernel lists its parameters.
    this.kernels[name](this.constants[name], address, row, step, right, out, rows, steps, columns, bias, mask);
  }
}

/** All kernels, each under the name of its function. */
function allKernels(target: Target): readonly Kernel[] {
  return [
    productKernel("product", { bias: false, end: "plain" }, target),
    productKernel("layer", { bias: true, end: "plain" }, target),
    productKernel("layerWithRelu", { bias: true, end: "relu" }, target),
    productKernel("maskedProduct", { bias: false, end: "masked" }, target),
    adamKernel("adam", target),
    gatherKernel("gather"),
    transposeKernel("transpose"),
  ];
}
