// What a small network of relu layers needs besides its loss: products of matrices, steps of Adam, batches.
import { encodeModule } from "../assembler/encoder.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Heap } from "../memory/heap.ts";
import type { Scratch } from "../memory/scratch.ts";
import { type Exports, instantiate } from "../memory/webAssembly.ts";
import { adamKernel } from "./adam.ts";
import { gatherKernel, transposeKernel } from "./moves.ts";
import { productKernel } from "./product.ts";

/**
 * Products of small matrices for the training of a network, on float32 arrays of the heap.
 *
 * Matrices are row-major: a batch is `[rows, inputs]`, weights are `[inputs, outputs]`. The sizes follow from the
 * lengths of `weights` and `bias`; arrays of a batch may be longer than `rows` needs. No output may overlap another array
 * of its call. Terms are added in the order of
 * their index, so a back end made with `relaxed: false` gives the same bits on every machine.
 */
export interface Products {
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
   * gradient[n, i] = sum over h of slopes[n, h] weights[i, h], and 0 where input[n, i], which came out of a relu, is not
   * above 0.
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

/** The products as kernels on a heap, compiled when they are first needed. What they are given is checked before. */
export class KernelProducts implements Products {
  private readonly kernels: Exports;
  /** Where the constants of each kernel are. */
  private readonly constants: Readonly<Record<string, number>>;
  /** The address of a 1. */
  private readonly one: number;

  constructor(
    heap: Heap,
    private readonly scratch: Scratch,
    fused: boolean,
  ) {
    const kernels = productKernels(fused);
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

  layer({ input, weights, bias, output, rows, relu }: Parameters<Products["layer"]>[0]): void {
    const outputs = bias.length;
    const inputs = weights.length / outputs;
    const kernel = relu ? "layerWithRelu" : "layer";
    const [row, step] = [bytesEach * inputs, bytesEach];
    this.product(kernel, input.byteOffset, row, step, weights, output, rows, inputs, outputs, bias.byteOffset, 0);
  }

  weightGradient({ input, slopes, weights, bias, rows }: Parameters<Products["weightGradient"]>[0]): void {
    const outputs = bias.length;
    const inputs = weights.length / outputs;
    const step = bytesEach * inputs; // down the columns of the input: it is transposed
    this.product("product", input.byteOffset, bytesEach, step, slopes, weights, inputs, rows, outputs, 0, 0);
    this.product("product", this.one, 0, 0, slopes, bias, 1, rows, outputs, 0, 0);
  }

  inputGradient({ slopes, weights, input, gradient, rows, inputs }: Parameters<Products["inputGradient"]>[0]): void {
    const outputs = weights.length / inputs;
    try {
      const transposed = this.scratch.take(weights.byteLength);
      this.kernels.transpose(this.constants.transpose, weights.byteOffset, transposed, inputs, outputs);
      const [row, step] = [bytesEach * outputs, bytesEach];
      const right = { byteOffset: transposed };
      const { byteOffset: left } = slopes;
      this.product("maskedProduct", left, row, step, right, gradient, rows, outputs, inputs, 0, input.byteOffset);
    } finally {
      this.scratch.reset();
    }
  }

  adam(arrays: Parameters<Products["adam"]>[0], { rate, l2 }: Parameters<Products["adam"]>[1]): void {
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

  private product(
    kernel: "product" | "layer" | "layerWithRelu" | "maskedProduct",
    left: number,
    leftRow: number,
    leftStep: number,
    right: { readonly byteOffset: number },
    out: Float32Array,
    rows: number,
    steps: number,
    columns: number,
    bias: number,
    mask: number,
  ): void {
    const constants = this.constants[kernel];
    const { byteOffset: from } = right;
    this.kernels[kernel](constants, left, leftRow, leftStep, from, out.byteOffset, rows, steps, columns, bias, mask);
  }
}

/** All kernels, each under the name of its function. */
export function productKernels(fused: boolean): readonly Kernel[] {
  return [
    productKernel("product", { bias: false, end: "plain" }, fused),
    productKernel("layer", { bias: true, end: "plain" }, fused),
    productKernel("layerWithRelu", { bias: true, end: "relu" }, fused),
    productKernel("maskedProduct", { bias: false, end: "masked" }, fused),
    adamKernel("adam", fused),
    gatherKernel("gather"),
    transposeKernel("transpose"),
  ];
}
