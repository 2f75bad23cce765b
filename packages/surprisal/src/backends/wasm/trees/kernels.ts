// What boosted trees need besides a loss: histograms of gradients, and rows dealt out by the bins of a feature.
import { encodeModule } from "../assembler/encoder.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Heap } from "../memory/heap.ts";
import type { Scratch } from "../memory/scratch.ts";
import { type Exports, instantiate } from "../memory/webAssembly.ts";
import { columnsTogether, histogramKernel } from "./histogram.ts";
import { addKernel, largestKernel, partitionKernel } from "./rows.ts";
import { subtractKernel } from "./subtract.ts";

/** How many bins a feature has at most. */
export const mostBins = 256;

/**
 * The kernels of boosted trees, on arrays of the heap.
 *
 * `bins` is row-major, `[rows, width]`: the bin of each feature in each row. A node of a tree has some of the rows:
 * their numbers, part of a permutation of all. Slopes are as `evaluate` writes them, `[rows, outputs]`; a tree is grown
 * for one of the outputs. Sums are taken in float64 in the order of the row numbers given, so kernels and plain loops
 * give the same bits on every machine.
 */
export interface TreeKernels {
  /**
   * Sums of the slopes of a node's rows in each bin of each feature:
   *
   *     into[2 (starts[f] + b)]     = sum of gradient[n, output]  over the rows n whose bin of feature f is b
   *     into[2 (starts[f] + b) + 1] = sum of curvature[n, output]
   *
   * What `into` held is overwritten.
   */
  histogram(arrays: {
    /** `[rows, width]`; the bins of feature f are from 0 to starts[f + 1] - starts[f] - 1. */
    readonly bins: Uint8Array;
    /** `[width + 1]`: where the bins of each feature begin in a histogram, and how many there are of all. */
    readonly starts: Int32Array;
    /** `[rows, outputs]` */
    readonly gradient: Float32Array;
    /** `[rows, outputs]` */
    readonly curvature: Float32Array;
    readonly outputs: number;
    /** Of which output, from 0. */
    readonly output: number;
    /** The row numbers of the node. */
    readonly rows: Int32Array;
    /** `[starts[width], 2]` */
    readonly into: Float64Array;
  }): void;
  /** from[k] -= other[k]: the histogram of a node without one of its children is that of the other. */
  subtract(arrays: Readonly<Record<"from" | "other", Float64Array>>): void;
  /**
   * Deals the rows of a node out to its children, in place: first those that go left, then the others, each in the
   * order in which they were.
   *
   * @returns how many go left
   */
  partition(arrays: {
    /** `[rows, width]` */
    readonly bins: Uint8Array;
    readonly width: number;
    /** By which feature, from 0. */
    readonly feature: number;
    /** `[256]`: not 0 for the bins that go left. */
    readonly goesLeft: Uint8Array;
    /** The row numbers of the node. */
    readonly rows: Int32Array;
  }): number;
  /** logits[n, output] += value for the rows n of a leaf. */
  addToRows(arrays: {
    /** `[rows, outputs]` */
    readonly logits: Float32Array;
    readonly outputs: number;
    readonly output: number;
    readonly rows: Int32Array;
    readonly value: number;
  }): void;
}

/** Where kernels are made: a heap, and memory for the length of a call. */
export interface KernelPlace {
  readonly heap: Heap;
  readonly scratch: Scratch;
}

/** After so many rows a kernel returns: only between calls does an engine change to code that it has optimised. */
const rowsPerRun = 8192;

/** The kernels on a heap. What they are given is checked before. */
export class HeapKernels implements TreeKernels {
  private readonly heap: Heap;
  private readonly scratch: Scratch;
  private readonly kernels: Exports;

  constructor({ heap, scratch }: KernelPlace) {
    this.heap = heap;
    this.scratch = scratch;
    const functions = allKernels().map((each) => each.function);
    this.kernels = instantiate(encodeModule(functions, heap.kind), heap.memory);
  }

  histogram(arrays: Parameters<TreeKernels["histogram"]>[0]): void {
    const { bins, starts, gradient, curvature, outputs, output, rows, into } = arrays;
    const width = starts.length - 1;
    into.fill(0, 0, 2 * starts[width]);
    const first = 4 * output;
    for (let from = 0; from < rows.length; from += rowsPerRun) {
      const begin = rows.byteOffset + 4 * from;
      const end = begin + 4 * Math.min(rowsPerRun, rows.length - from);
      let column = 0;
      for (const columns of columnsTogether) {
        for (; column + columns <= width; column += columns) {
          this.kernels[`histogram${columns}`](
            0,
            bins.byteOffset + column,
            width,
            gradient.byteOffset + first,
            curvature.byteOffset + first,
            4 * outputs,
            begin,
            end,
            starts.byteOffset + 4 * column,
            into.byteOffset,
          );
        }
      }
    }
  }

  subtract({ from, other }: Parameters<TreeKernels["subtract"]>[0]): void {
    this.kernels.subtract(0, from.byteOffset, other.byteOffset, from.byteOffset + from.byteLength);
  }

  partition({ bins, width, feature, goesLeft, rows }: Parameters<TreeKernels["partition"]>[0]): number {
    const { heap, scratch } = this;
    try {
      const right = scratch.take(rows.byteLength);
      let leftEnd = rows.byteOffset;
      for (let from = 0; from < rows.length; from += rowsPerRun) {
        const begin = rows.byteOffset + 4 * from;
        const end = begin + 4 * Math.min(rowsPerRun, rows.length - from);
        const rightEnd = right + (begin - leftEnd);
        leftEnd = this.kernels.partition(
          ...[0, bins.byteOffset + feature, width, goesLeft.byteOffset, begin, end, leftEnd, rightEnd],
        );
      }
      const bytesLeft = leftEnd - rows.byteOffset;
      heap.uint8s.copyWithin(leftEnd, right, right + rows.byteLength - bytesLeft);
      return bytesLeft / 4;
    } finally {
      scratch.reset();
    }
  }

  addToRows({ logits, outputs, output, rows, value }: Parameters<TreeKernels["addToRows"]>[0]): void {
    const at = logits.byteOffset + 4 * output;
    this.kernels.addToRows(0, at, 4 * outputs, rows.byteOffset, rows.byteOffset + rows.byteLength, value);
  }

  /** The largest of some row numbers, as unsigned ones; 0 of none. */
  largest(rows: Int32Array): number {
    return this.kernels.largest(0, rows.byteOffset, rows.byteOffset + rows.byteLength) >>> 0;
  }
}

/** All kernels, each under the name of its function. */
function allKernels(): readonly Kernel[] {
  return [
    ...columnsTogether.map((columns) => histogramKernel(`histogram${columns}`, columns)),
    subtractKernel("subtract"),
    partitionKernel("partition"),
    addKernel("addToRows"),
    largestKernel("largest"),
  ];
}
