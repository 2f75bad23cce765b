// From a problem to a kernel call: which variant, and where on the heap its arrays are.
//
// This runs for every batch, also of 64 rows, so it makes few objects.
import { negativeWeight, positiveWeight } from "../../batch/alpha.ts";
import type { FloatArray, NumberArray } from "../../batch/arrays.ts";
import { exampleWeight, isIgnored } from "../../batch/labels.ts";
import type { Problem } from "../../batch/problem.ts";
import type { Loss } from "../../losses/define.ts";
import type { Outputs } from "../backend.ts";
import type { Variant } from "./kernels.ts";
import type { Heap } from "./memory/heap.ts";
import type { Scratch } from "./memory/scratch.ts";
import type { SigmoidVariant } from "./sigmoid/variant.ts";
import { SoftLabels } from "./softLabels.ts";
import { narrowScratch } from "./softmax/narrow.ts";
import { wideScratch } from "./softmax/wide.ts";

/** A kernel call that is ready but for the kernel. */
export interface Call {
  readonly variant: Variant;
  readonly classes: number;
  /** Rows (softmax) or elements (sigmoid). */
  readonly count: number;
  /** How many of them one run of the kernel takes. */
  readonly countPerRun: number;
  readonly scratchBytes: number;
  /**
   * The address of each array, in the order of the kernel's parameters, and by how much it moves per row or element.
   */
  readonly pointers: readonly number[];
  readonly strides: readonly number[];
  readonly scale: number;
  /** The weights of label 1 and label 0, where they are the same for all elements. */
  readonly weightOfOne: number;
  readonly weightOfZero: number;
}

/** Up to how many classes four rows are taken side by side. */
const largestNarrow = 128;
/** About how many numbers a run takes: the first of them are computed by code that V8 has not optimised yet. */
const numbersPerRun = 65536;
/** For a copy of less, a loop is faster than `set`. */
const smallCopy = 256;

/** Places the arrays of problems on a heap. */
export class Caller {
  /** Outputs that are to be copied to where the caller wants them: the address of each, and the array. */
  private readonly pending: [address: number, array: FloatArray][] = [];
  private perExample: { address: number; classes: number; array: Float64Array } | null = null;
  private readonly softLabels: SoftLabels;

  constructor(
    private readonly heap: Heap,
    private readonly scratch: Scratch,
  ) {
    this.softLabels = new SoftLabels(heap);
  }

  /**
   * Prepares the call for a problem.
   *
   * @returns null where the problem is one for the reference, or its labels are not valid
   */
  prepare(loss: Loss, problem: Problem, scale: number, outputs: Outputs): Call | null {
    const { inputs, logitAdjustment, labelSmoothing, examples } = problem;
    this.pending.length = 0;
    this.perExample = null;
    if (inputs !== "logits" || logitAdjustment !== null || labelSmoothing !== 0 || examples === 0) return null;
    return problem.activation === "softmax"
      ? this.softmax(problem, scale, outputs)
      : this.sigmoid(loss, problem, scale, outputs);
  }

  /**
   * The call for soft labels in place of one that was refused because they did not look soft; null where they are not.
   */
  forSoftLabels(call: Call): Call | null {
    const { variant, count, pointers } = call;
    if (variant.activation !== "sigmoid" || variant.labels === "soft" || variant.labelType !== "float32") return null;
    return this.softLabels.wereMissed(pointers[1], count) ? { ...call, variant: { ...variant, labels: "soft" } } : null;
  }

  /** Copies what was written to the scratch area to where the caller wants it. */
  finish(): void {
    const { float32s } = this.heap;
    for (const [address, array] of this.pending) copy(float32s, address / 4, array, 0, array.length);
    if (this.perExample === null) return;
    const { address, classes, array } = this.perExample;
    sumRows(float32s, address / 4, classes, array);
  }

  private softmax(problem: Problem, scale: number, outputs: Outputs): Call | null {
    const { examples, classes, labelsAreIndices, logits } = problem;
    const isNarrow = classes <= largestNarrow;
    if (!labelsAreIndices || (outputs.curvature !== null && !isNarrow)) return null;
    const hasWeights = problem.alpha !== null || !isPlain(problem);
    const labels = hasWeights ? this.scratch.take(4 * examples) : this.indices(problem.labels);
    const weights = hasWeights ? this.scratch.take(4 * examples) : 0;
    if (labels === null || (hasWeights && !this.fillRowWeights(problem, labels, weights))) return null;
    const order = outputs.curvature !== null ? 2 : outputs.gradient !== null ? 1 : 0;
    // A kernel that writes the curvature writes the gradient, too, wanted or not.
    const aside = order === 2 && outputs.gradient === null ? this.scratch.take(4 * examples * classes) : 0;
    const gradient = aside || this.output(outputs.gradient, logits, problem.labels);
    const curvature = this.output(outputs.curvature, logits, problem.labels);
    const losses = this.output(outputs.perExample, logits, problem.labels);
    const rowBytes = 4 * classes;
    return {
      variant: {
        activation: "softmax",
        order,
        classes: isNarrow ? classes : null,
        weights: hasWeights,
        losses: outputs.perExample !== null,
      },
      classes,
      count: examples,
      countPerRun: Math.max(4, 4 * Math.round(numbersPerRun / classes / 4)),
      scratchBytes: isNarrow ? narrowScratch(classes) : wideScratch,
      pointers: [this.float32s(logits), labels, gradient, losses, weights, curvature], // as in softmaxPointers
      strides: [rowBytes, 4, rowBytes, 4, 4, rowBytes],
      scale,
      weightOfOne: 1,
      weightOfZero: 1,
    };
  }

  private sigmoid(loss: Loss, problem: Problem, scale: number, outputs: Outputs): Call {
    const { examples, classes, labels, logits, alpha } = problem;
    const count = examples * classes;
    const isUniform = isPlain(problem) && (alpha === null || (allEqual(alpha.positive) && allEqual(alpha.negative)));
    const weightOfOne = positiveWeight(alpha, 0);
    const weightOfZero = negativeWeight(alpha, 0);
    const weights = !isUniform ? "byElement" : weightOfOne === 1 && weightOfZero === 1 ? "none" : "byLabel";
    const labelType = this.labelType(problem);
    const labelsAddress = this.labels(problem, labelType);
    const areSoft =
      loss.definition.negativeFormula !== undefined ||
      (labelType === "float32" && this.softLabels.areExpected(labelsAddress, count));
    const positive = weights === "byElement" ? this.scratch.take(4 * count) : 0;
    const negative = weights === "byElement" ? this.scratch.take(4 * count) : 0;
    if (weights === "byElement") this.fillElementWeights(problem, positive, negative);
    const gradient = this.output(outputs.gradient, logits, labels);
    const curvature = this.output(outputs.curvature, logits, labels);
    // Losses of examples are sums of those of elements, also where nobody asked for these.
    const writesElements = outputs.elements !== null || outputs.perExample !== null;
    const elements =
      outputs.elements === null && writesElements
        ? this.scratch.take(4 * count)
        : this.output(outputs.elements, logits, labels);
    if (outputs.perExample !== null) {
      this.perExample = { address: elements, classes, array: outputs.perExample };
    }
    return {
      variant: {
        activation: "sigmoid",
        labels: areSoft ? "soft" : "hard",
        labelType,
        weights,
        gradient: outputs.gradient !== null,
        curvature: outputs.curvature !== null,
        elements: writesElements,
      },
      classes,
      count,
      countPerRun: numbersPerRun,
      scratchBytes: 0,
      // As in sigmoidPointers.
      pointers: [this.float32s(logits), labelsAddress, gradient, curvature, elements, positive, negative],
      strides: [4, labelType === "uint8" ? 1 : 4, 4, 4, 4, 4, 4],
      scale,
      weightOfOne,
      weightOfZero,
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

  /** The type in which a kernel reads the labels of a sigmoid. */
  private labelType(problem: Problem): SigmoidVariant["labelType"] {
    const { labels } = problem;
    if (problem.ignoreLabel !== null || problem.mask !== null) return "float32";
    if (labels instanceof Uint8Array) return "uint8";
    return labels instanceof Int32Array && this.heap.owns(labels) ? "int32" : "float32";
  }

  /** The address of the labels of a sigmoid. Ignored ones, which may be anything, become 0. */
  private labels(problem: Problem, type: SigmoidVariant["labelType"]): number {
    const { labels, classes } = problem;
    const { heap } = this;
    if (type === "int32") return (labels as Int32Array).byteOffset;
    if (type === "uint8") {
      const bytes = labels as Uint8Array;
      if (heap.owns(bytes)) return bytes.byteOffset;
      const address = this.scratch.take(bytes.length);
      copy(bytes, 0, heap.uint8s, address, bytes.length);
      return address;
    }
    if (problem.ignoreLabel === null && problem.mask === null) return this.float32s(labels);
    const address = this.scratch.take(4 * labels.length);
    for (let k = 0; k < labels.length; k++) {
      const isOut = isIgnored(problem, Math.floor(k / classes), k);
      heap.float32s[address / 4 + k] = isOut ? 0 : labels[k];
    }
    return address;
  }

  /** Fills in the weights of rows, and their labels, of which ignored ones become 0; false where a label is none. */
  private fillRowWeights(problem: Problem, labelsAddress: number, weightsAddress: number): boolean {
    const { examples, classes, labels, alpha } = problem;
    const { int32s, float32s } = this.heap;
    for (let n = 0; n < examples; n++) {
      const isOut = isIgnored(problem, n, n);
      const label = isOut ? 0 : labels[n];
      if (!(Number.isInteger(label) && label >= 0 && label < classes)) return false;
      int32s[labelsAddress / 4 + n] = label;
      float32s[weightsAddress / 4 + n] = isOut ? 0 : exampleWeight(problem, n, n) * positiveWeight(alpha, label);
    }
    return true;
  }

  /** Fills in the weights of each element, for label 1 and for label 0. */
  private fillElementWeights(problem: Problem, positive: number, negative: number): void {
    const { examples, classes, alpha } = problem;
    const { float32s } = this.heap;
    for (let n = 0; n < examples; n++) {
      for (let j = 0; j < classes; j++) {
        const index = n * classes + j;
        const weight = isIgnored(problem, n, index) ? 0 : exampleWeight(problem, n, index);
        float32s[positive / 4 + index] = weight * positiveWeight(alpha, j);
        float32s[negative / 4 + index] = weight * negativeWeight(alpha, j);
      }
    }
  }

  /** Where a kernel writes an output: in place where it is on the heap and overwrites nothing that is read. */
  private output(array: FloatArray | null, logits: FloatArray, labels: NumberArray): number {
    if (array === null) return 0;
    const { heap } = this;
    if (array instanceof Float32Array && heap.owns(array)) {
      const overwrites = overlaps(heap, array, logits) || (ArrayBuffer.isView(labels) && overlaps(heap, array, labels));
      if (!overwrites) return array.byteOffset;
    }
    const address = this.scratch.take(4 * array.length);
    this.pending.push([address, array]);
    return address;
  }
}

/** Whether no example has a weight of its own, and none is left out. */
function isPlain({ exampleWeights, mask, ignoreLabel }: Problem): boolean {
  return exampleWeights === null && mask === null && ignoreLabel === null;
}

function allEqual(values: Float64Array): boolean {
  for (let k = 1; k < values.length; k++) if (values[k] !== values[0]) return false;
  return true;
}

/** Whether arrays overlap, of which the first lies on the heap. */
function overlaps(heap: Heap, a: ArrayBufferView, b: ArrayBufferView): boolean {
  if (!heap.owns(b)) return false;
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
