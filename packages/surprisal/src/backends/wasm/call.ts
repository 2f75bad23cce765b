// From a problem to a kernel call: which variant, and where on the heap its arrays are.

import type { NumberArray } from "../../batch/arrays.ts";
import { exampleWeight, isIgnored } from "../../batch/labels.ts";
import type { Problem } from "../../batch/problem.ts";
import type { Outputs } from "../backend.ts";
import type { Heap, Scratch } from "./heap.ts";
import type { Variant } from "./kernels.ts";
import { type SigmoidVariant, sigmoidPointers, sigmoidSymbols } from "./sigmoid.ts";
import { softmaxPointers, softmaxSymbols } from "./softmaxEnd.ts";
import { narrowScratch } from "./softmaxNarrow.ts";
import { wideScratch } from "./softmaxWide.ts";

/** A kernel call that is ready but for the kernel. */
export interface Call {
  readonly variant: Variant;
  readonly classes: number;
  /** Rows (softmax) or elements (sigmoid). */
  readonly count: number;
  /** How many of them one run of the kernel takes. */
  readonly countPerRun: number;
  readonly scratchBytes: number;
  /** The address of each array, and by how much it moves for each row or element. */
  readonly pointers: readonly number[];
  readonly strides: readonly number[];
  readonly symbols: Readonly<Record<string, number>>;
  /** Copies what was written to the scratch area to where the caller wants it. */
  readonly finish: () => void;
}

/** Up to how many classes four rows are taken side by side. */
const largestNarrow = 40;
/** About how many numbers a run takes: the first of them are computed by code that V8 has not optimised yet. */
const numbersPerRun = 65536;
/** For a copy of less, a loop is faster than `set`. */
const smallCopy = 256;

/** Places the arrays of problems on a heap. */
export class Caller {
  constructor(
    private readonly heap: Heap,
    private readonly scratch: Scratch,
  ) {}

  /**
   * Prepares the call for a problem.
   *
   * @returns null where the problem is one for the reference, or its labels are not valid
   */
  prepare(problem: Problem, scale: number, outputs: Outputs, areLabelsSoft: boolean): Call | null {
    const { inputs, logitAdjustment, labelSmoothing, examples } = problem;
    if (inputs !== "logits" || logitAdjustment !== null || labelSmoothing !== 0 || examples === 0) return null;
    return problem.activation === "softmax"
      ? this.softmax(problem, scale, outputs)
      : this.sigmoid(problem, scale, outputs, areLabelsSoft);
  }

  private softmax(problem: Problem, scale: number, outputs: Outputs): Call | null {
    const { examples, classes, labelsAreIndices } = problem;
    if (!labelsAreIndices || outputs.curvature !== null) return null;
    const hasWeights = !isPlain(problem) || !allEqual(problem.alpha.positive, 1);
    const weights = hasWeights ? this.rowWeights(problem) : { labels: this.indices(problem.labels), weights: 0 };
    if (weights?.labels == null) return null;
    const gradient = this.output(outputs.gradient, [problem.logits, problem.labels]);
    const losses = this.output(outputs.perExample, []);
    const isNarrow = classes <= largestNarrow;
    const addresses = {
      logits: this.float32s(problem.logits),
      labels: weights.labels,
      gradient: gradient.address,
      losses: losses.address,
      weights: weights.weights,
    };
    const rowBytes = 4 * classes;
    const strides = { logits: rowBytes, labels: 4, gradient: rowBytes, losses: 4, weights: 4 };
    return {
      variant: {
        activation: "softmax",
        order: outputs.gradient === null ? 0 : 1,
        shape: isNarrow ? "narrow" : "wide",
        weights: hasWeights,
        losses: outputs.perExample !== null,
      },
      classes,
      count: examples,
      countPerRun: Math.max(4, 4 * Math.round(numbersPerRun / classes / 4)),
      scratchBytes: isNarrow ? narrowScratch(classes) : wideScratch,
      pointers: softmaxPointers.map((name) => addresses[name]),
      strides: softmaxPointers.map((name) => strides[name]),
      symbols: { [softmaxSymbols.scale]: scale },
      finish() {
        gradient.finish();
        losses.finish();
      },
    };
  }

  private sigmoid(problem: Problem, scale: number, outputs: Outputs, areLabelsSoft: boolean): Call | null {
    const { examples, classes, labels, logits, alpha } = problem;
    const count = examples * classes;
    const isUniform =
      isPlain(problem) && allEqual(alpha.positive, alpha.positive[0]) && allEqual(alpha.negative, alpha.negative[0]);
    const [positive, negative] = [alpha.positive[0], alpha.negative[0]];
    const weights = !isUniform ? "byElement" : positive === 1 && negative === 1 ? "none" : "byLabel";
    const placedLabels = this.labels(labels, problem);
    if (placedLabels === null) return null;
    const placedWeights = weights === "byElement" ? this.elementWeights(problem) : { positive: 0, negative: 0 };
    const read = [logits, labels];
    const gradient = this.output(outputs.gradient, read);
    const curvature = this.output(outputs.curvature, read);
    const elements = this.output(outputs.elements, []);
    const { perExample } = outputs;
    const float32s = () => this.heap.float32s;
    const addresses = {
      logits: this.float32s(logits),
      labels: placedLabels.address,
      gradient: gradient.address,
      curvature: curvature.address,
      elements: elements.address,
      ...placedWeights,
    };
    return {
      variant: {
        activation: "sigmoid",
        order: outputs.curvature !== null ? 2 : outputs.gradient !== null ? 1 : 0,
        labels: areLabelsSoft ? "soft" : "hard",
        labelType: placedLabels.type,
        weights,
        elements: outputs.elements !== null,
      },
      classes,
      count,
      countPerRun: numbersPerRun,
      scratchBytes: 0,
      pointers: sigmoidPointers.map((name) => addresses[name]),
      strides: sigmoidPointers.map((name) => (name === "labels" && placedLabels.type === "uint8" ? 1 : 4)),
      symbols: {
        [sigmoidSymbols.scale]: scale,
        [sigmoidSymbols.minusScale]: -scale,
        [sigmoidSymbols.positive]: positive,
        [sigmoidSymbols.negative]: negative,
      },
      finish() {
        gradient.finish();
        curvature.finish();
        elements.finish();
        if (perExample !== null) sumRows(float32s(), elements.address / 4, classes, perExample);
      },
    };
  }

  /** The address of numbers as float32; those that are none, or not on the heap, are copied. */
  private float32s(values: NumberArray): number {
    if (values instanceof Float32Array && this.heap.owns(values)) return values.byteOffset;
    const address = this.scratch.take(4 * values.length);
    copy(values, 0, this.heap.float32s, address / 4, values.length);
    return address;
  }

  /** The address of class indices as int32, or null where one is none. */
  private indices(values: NumberArray): number | null {
    if (values instanceof Int32Array && this.heap.owns(values)) return values.byteOffset;
    const address = this.scratch.take(4 * values.length);
    const { int32s } = this.heap;
    const from = address / 4;
    for (let k = 0; k < values.length; k++) {
      const value = values[k];
      int32s[from + k] = value;
      if (int32s[from + k] !== value) return null;
    }
    return address;
  }

  /** The address of the labels of a sigmoid, and their type. Ignored ones, which may be anything, become 0. */
  private labels(labels: NumberArray, problem: Problem): { address: number; type: SigmoidVariant["labelType"] } | null {
    const { heap } = this;
    if (problem.ignoreLabel === null && problem.mask === null) {
      if (labels instanceof Float32Array && heap.owns(labels)) return { address: labels.byteOffset, type: "float32" };
      if (labels instanceof Int32Array && heap.owns(labels)) return { address: labels.byteOffset, type: "int32" };
      if (labels instanceof Uint8Array && heap.owns(labels)) return { address: labels.byteOffset, type: "uint8" };
      if (labels instanceof Uint8Array) {
        const address = this.scratch.take(labels.length);
        copy(labels, 0, heap.uint8s, address, labels.length);
        return { address, type: "uint8" };
      }
      return { address: this.float32s(labels), type: "float32" };
    }
    const address = this.scratch.take(4 * labels.length);
    for (let k = 0; k < labels.length; k++) {
      const isOut = isIgnored(problem, Math.floor(k / problem.classes), k);
      heap.float32s[address / 4 + k] = isOut ? 0 : labels[k];
    }
    return { address, type: "float32" };
  }

  /** The weights of the rows, and their labels, of which ignored ones become 0. */
  private rowWeights(problem: Problem): { labels: number; weights: number } | null {
    const { examples, classes, labels, alpha } = problem;
    const places = { labels: this.scratch.take(4 * examples), weights: this.scratch.take(4 * examples) };
    const { int32s, float32s } = this.heap;
    for (let n = 0; n < examples; n++) {
      const isOut = isIgnored(problem, n, n);
      const label = isOut ? 0 : labels[n];
      if (!(Number.isInteger(label) && label >= 0 && label < classes)) return null;
      int32s[places.labels / 4 + n] = label;
      float32s[places.weights / 4 + n] = isOut ? 0 : exampleWeight(problem, n, n) * alpha.positive[label];
    }
    return places;
  }

  /** The weights of each element, for label 1 and for label 0. */
  private elementWeights(problem: Problem): { positive: number; negative: number } {
    const { examples, classes, alpha } = problem;
    const bytes = 4 * examples * classes;
    const places = { positive: this.scratch.take(bytes), negative: this.scratch.take(bytes) };
    const { float32s } = this.heap;
    for (let n = 0; n < examples; n++) {
      for (let j = 0; j < classes; j++) {
        const index = n * classes + j;
        const weight = isIgnored(problem, n, index) ? 0 : exampleWeight(problem, n, index);
        float32s[places.positive / 4 + index] = weight * alpha.positive[j];
        float32s[places.negative / 4 + index] = weight * alpha.negative[j];
      }
    }
    return places;
  }

  /** Where a kernel writes an output: in place where it is on the heap and overwrites nothing that is read. */
  private output(
    array: Float32Array | Float64Array | null,
    read: readonly unknown[],
  ): { readonly address: number; readonly finish: () => void } {
    if (array === null) return { address: 0, finish() {} };
    const { heap } = this;
    const isFree = !read.some((other) => ArrayBuffer.isView(other) && overlaps(heap, array, other));
    if (array instanceof Float32Array && heap.owns(array) && isFree) {
      return { address: array.byteOffset, finish() {} };
    }
    const address = this.scratch.take(4 * array.length);
    return { address, finish: () => copy(heap.float32s, address / 4, array, 0, array.length) };
  }
}

/** Whether no example has a weight of its own, and none is left out. */
function isPlain({ exampleWeights, mask, ignoreLabel }: Problem): boolean {
  return exampleWeights === null && mask === null && ignoreLabel === null;
}

function allEqual(values: Float64Array, wanted: number): boolean {
  for (let k = 0; k < values.length; k++) if (values[k] !== wanted) return false;
  return true;
}

function overlaps(heap: Heap, a: ArrayBufferView, b: ArrayBufferView): boolean {
  if (!heap.owns(a) || !heap.owns(b)) return false;
  return a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength;
}

type Numbers = Float32Array | Float64Array | Uint8Array;

function copy(source: NumberArray, from: number, target: Numbers, to: number, length: number): void {
  if (length < smallCopy || !ArrayBuffer.isView(source)) {
    for (let k = 0; k < length; k++) target[to + k] = source[from + k];
  } else target.set((source as Float32Array).subarray(from, from + length), to);
}

/** Fills `into` with the sums of rows. */
function sumRows(values: Float32Array, from: number, classes: number, into: Float64Array): void {
  for (let n = 0; n < into.length; n++) {
    let sum = 0;
    for (let j = 0; j < classes; j++) sum += values[from + n * classes + j];
    into[n] = sum;
  }
}
