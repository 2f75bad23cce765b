// What boosted trees need besides a loss: histograms of gradients, and rows dealt out by the bins of a feature.
import { encodeModule } from "../assembler/encoder.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Heap } from "../memory/heap.ts";
import type { Scratch } from "../memory/scratch.ts";
import { type Exports, instantiate } from "../memory/webAssembly.ts";
import { cutsKernel } from "./cuts.ts";
import {
  bytesOfPair,
  bytesOfVector,
  columnsTogether,
  gatherKernel,
  mostVectors,
  rowsOfTile,
  sumKernel,
} from "./histogram.ts";
import { addKernel, copyKernel, largestKernel, partitionKernel } from "./rows.ts";
import { subtractKernel, zeroKernel } from "./sums.ts";

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
   * What `into` held is overwritten; with NaN where a bin is none of its feature's, which is an error.
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
   * The best cut of each of some features whose bins are in order, the last of them that of missing cells: those up to
   * one go left, the others right, and the missing ones to the side where that is better. Its gain is
   *
   *     G^2 / (H + l2) on the left  +  G^2 / (H + l2) on the right
   *
   * with the sums of gradient and curvature on a side. Of equal cuts the first is best, that with the missing cells on
   * the right first. Where the feature k of the list has no cut that leaves `least` curvature on both sides, `cuts[k]`
   * is -1 and its gain -Infinity.
   */
  bestCuts(arrays: {
    /** As `histogram` writes it. */
    readonly histogram: Float64Array;
    /** `[width + 1]`, as there. */
    readonly starts: Int32Array;
    /** The features that are looked at. */
    readonly features: Int32Array;
    /** The sums over the rows of the node. */
    readonly gradient: number;
    readonly curvature: number;
    readonly l2: number;
    readonly least: number;
    /** `[features, 3]`: the gain, and the sums of gradient and curvature on the left. */
    readonly into: Float64Array;
    /** `[features]`: twice the last bin that goes left, and 1 more where missing cells do. */
    readonly cuts: Int32Array;
  }): void;
  /**
   * Deals the rows of a node out to its children, in place: first those that go left, then the others, each in the
   * order in which they were. Of a large table it is faster on a copy of the bins of just that feature, with a width
   * of 1.
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

/** The same before their checks: what is found on the way only is given back. */
export interface UncheckedKernels extends Omit<TreeKernels, "histogram"> {
  /** Whether all bins are of their features; else what `into` holds is void. */
  histogram(arrays: Parameters<TreeKernels["histogram"]>[0]): boolean;
  /** The largest of some row numbers, as unsigned ones; 0 of none. */
  largest(rows: Int32Array): number;
}

/** Where kernels are made: a heap, and memory for the length of a call. */
export interface KernelPlace {
  readonly heap: Heap;
  readonly scratch: Scratch;
}

/** The features whose bins a tile has. */
const columnsOfTile = mostVectors * bytesOfVector;

/** Some rows of a node and some features. */
interface TilePlace {
  /** The addresses of what is gathered, and of the largest bins. */
  readonly tile: number;
  readonly pairs: number;
  readonly limits: number;
  /** From where to where the row numbers are. */
  readonly begin: number;
  readonly end: number;
  /** The first feature. */
  readonly column: number;
}

/** After so many rows a kernel returns: only between calls does an engine change to code that it has optimised. */
const rowsPerRun = 8192;

/** The kernels on a heap. What they are given is checked before. */
export class HeapKernels implements UncheckedKernels {
  private readonly heap: Heap;
  private readonly scratch: Scratch;
  private readonly kernels: Exports;

  constructor({ heap, scratch }: KernelPlace) {
    this.heap = heap;
    this.scratch = scratch;
    // They have no constants, and so their first parameter, where these would be, is 0.
    const functions = allKernels().map((each) => each.function);
    this.kernels = instantiate(encodeModule(functions, heap.kind), heap.memory);
  }

  histogram(arrays: Parameters<TreeKernels["histogram"]>[0]): boolean {
    const { starts, rows, into } = arrays;
    const width = starts.length - 1;
    const { scratch } = this;
    this.kernels.zero(0, into.byteOffset, into.byteOffset + bytesOfPair * starts[width]);
    try {
      const tile = scratch.take(rowsOfTile * mostVectors * bytesOfVector);
      const pairs = scratch.take(rowsOfTile * bytesOfPair);
      const limits = this.limitsOf(starts);
      const end = rows.byteOffset + rows.byteLength;
      for (let begin = rows.byteOffset; begin < end; begin += 4 * rowsOfTile) {
        const some = { tile, pairs, limits, begin, end: Math.min(end, begin + 4 * rowsOfTile) };
        for (let column = 0; column < width; column += columnsOfTile) {
          if (!this.sumTile(arrays, { ...some, column })) return false;
        }
      }
      return true;
    } finally {
      scratch.reset();
    }
  }

  /** Adds some rows to the sums of some features; false if a bin is none of its feature's, then nothing is added. */
  private sumTile(arrays: Parameters<TreeKernels["histogram"]>[0], at: TilePlace): boolean {
    const { bins, starts, gradient, curvature, outputs, output, into } = arrays;
    const { tile, pairs, limits, begin, end, column } = at;
    const width = starts.length - 1;
    const columns = Math.min(columnsOfTile, width - column);
    const vectors = Math.ceil(columns / bytesOfVector);
    const first = 4 * output;
    const isWrong = this.kernels[`gather${vectors}`](
      0,
      bins.byteOffset + column,
      width,
      limits + column,
      gradient.byteOffset + first,
      curvature.byteOffset + first,
      4 * outputs,
      begin,
      end,
      tile,
      pairs,
    );
    if (isWrong) return false;
    const rowBytes = vectors * bytesOfVector;
    const pairsEnd = pairs + ((end - begin) / 4) * bytesOfPair;
    let done = 0;
    for (const side of columnsTogether) {
      const sum = this.kernels[`sum${side}`];
      for (; done + side <= columns; done += side) {
        sum(0, tile + done, rowBytes, pairs, pairsEnd, starts.byteOffset + 4 * (column + done), into.byteOffset);
      }
    }
    return true;
  }

  /** The address of the largest bin of each feature, a byte each, with 255 behind them. */
  private limitsOf(starts: Int32Array): number {
    const width = starts.length - 1;
    const address = this.scratch.take(width + bytesOfVector);
    const { uint8s } = this.heap;
    for (let f = 0; f < width; f++) uint8s[address + f] = starts[f + 1] - starts[f] - 1;
    uint8s.fill(mostBins - 1, address + width, address + width + bytesOfVector);
    return address;
  }

  subtract({ from, other }: Parameters<TreeKernels["subtract"]>[0]): void {
    this.kernels.subtract(0, from.byteOffset, other.byteOffset, from.byteOffset + from.byteLength);
  }

  bestCuts(arrays: Parameters<TreeKernels["bestCuts"]>[0]): void {
    const { histogram, starts, features, into, cuts, gradient, curvature, l2, least } = arrays;
    const end = features.byteOffset + features.byteLength;
    const places = [histogram, starts, features].map(({ byteOffset }) => byteOffset);
    const numbers = [gradient, curvature, l2, least];
    this.kernels.bestCuts(0, ...places, end, into.byteOffset, cuts.byteOffset, ...numbers);
  }

  partition({ bins, width, feature, goesLeft, rows }: Parameters<TreeKernels["partition"]>[0]): number {
    const { scratch } = this;
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
      this.kernels.copy(0, right, right + rows.byteLength - bytesLeft, leftEnd);
      return bytesLeft / 4;
    } finally {
      scratch.reset();
    }
  }

  addToRows({ logits, outputs, output, rows, value }: Parameters<TreeKernels["addToRows"]>[0]): void {
    const at = logits.byteOffset + 4 * output;
    this.kernels.addToRows(0, at, 4 * outputs, rows.byteOffset, rows.byteOffset + rows.byteLength, value);
  }

  largest(rows: Int32Array): number {
    return this.kernels.largest(0, rows.byteOffset, rows.byteOffset + rows.byteLength) >>> 0;
  }
}

/** All kernels, each under the name of its function. */
function allKernels(): readonly Kernel[] {
  return [
    ...Array.from({ length: mostVectors }, (_, v) => gatherKernel(`gather${v + 1}`, v + 1)),
    ...columnsTogether.map((columns) => sumKernel(`sum${columns}`, columns)),
    subtractKernel("subtract"),
    zeroKernel("zero"),
    cutsKernel("bestCuts"),
    partitionKernel("partition"),
    addKernel("addToRows"),
    largestKernel("largest"),
    copyKernel("copy"),
  ];
}
