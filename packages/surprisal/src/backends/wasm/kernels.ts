// The kernels of one back end, each made when it is first needed and kept.
import { type FormulaGraph, graphOperations, type Node } from "../../formula/graph.ts";
import { graphsOf, type Loss, type LossDefinition } from "../../losses/define.ts";
import { encodeModule } from "./assembler/encoder.ts";
import { instantiate } from "./engine.ts";
import { bound, largestParameter, parameterSymbols, type Ranges } from "./formula.ts";
import type { Heap } from "./heap.ts";
import type { Kernel, KernelFormula } from "./kernel.ts";
import { isMultiplied } from "./mathematics/power.ts";
import { sigmoidKernel } from "./sigmoid.ts";
import type { SigmoidVariant } from "./sigmoidElements.ts";
import type { SoftmaxVariant } from "./softmaxEnd.ts";
import { narrowKernel } from "./softmaxNarrow.ts";
import { wideKernel } from "./softmaxWide.ts";

/** For which batches a kernel is made. */
export type Variant = SigmoidVariant | SoftmaxVariant;

/** A loss as its kernels see it. */
export interface KernelLoss {
  /** Whole parameters, put into the formula. */
  readonly whole: Readonly<Record<string, number>>;
  /** The others, by the symbols under which kernels know them. */
  readonly symbols: Readonly<Record<string, number>>;
  /** Those of them that 12 bits hold, for which a power takes fewer steps. */
  readonly short: readonly string[];
  /** Tells apart the formulas of one definition. */
  readonly key: string;
}

/** Divides the parameters of a loss into those that are put into the formula and those that are filled in; null where
 * a list of them, or a very large one, is a case for the reference. */
export function kernelLoss(loss: Loss): KernelLoss | null {
  const whole: Record<string, number> = {};
  const symbols: Record<string, number> = {};
  const short: string[] = [];
  for (const [name, value] of Object.entries(loss.parameters)) {
    if (typeof value !== "number" || Math.abs(value) > largestParameter) return null;
    if (isMultiplied(value)) {
      whole[name] = value;
      continue;
    }
    const high = toTwelveBits(value);
    if (high === value) short.push(name);
    symbols[parameterSymbols.whole(name)] = value;
    symbols[parameterSymbols.high(name)] = high;
    symbols[parameterSymbols.low(name)] = value - high;
  }
  return { whole, symbols, short, key: JSON.stringify([whole, short]) };
}

/** The number rounded to 12 bits. */
function toTwelveBits(value: number): number {
  if (value === 0) return 0;
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 11);
  return Math.round(value / unit) * unit;
}

/** A kernel that is ready to run. */
export interface ReadyKernel {
  /** Takes the constants, what `kernelParameters` names, and the pointers. */
  readonly run: (...values: readonly number[]) => number;
  /** Where its constants are on the heap. */
  readonly constants: number;
  /** Where the numbers are that change from call to call, as indices into the heap's float32s. */
  readonly symbols: readonly (readonly [name: string, index: number])[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Makes the kernels of losses and keeps them. */
export class Kernels {
  private readonly known = new WeakMap<LossDefinition, Map<string, ReadyKernel>>();

  constructor(
    private readonly heap: Heap,
    private readonly fused: boolean,
  ) {}

  /** The kernel of a loss for a kind of batch. */
  of({ definition }: Loss, loss: KernelLoss, variant: Variant): ReadyKernel {
    const key = `${loss.key}${keyOf(variant)}`;
    const kernels = this.known.get(definition) ?? new Map<string, ReadyKernel>();
    const known = kernels.get(key);
    if (known !== undefined) return known;
    const kernel = this.ready(makeKernel(formulaOf(definition, loss), variant, this.fused));
    kernels.set(key, kernel);
    this.known.set(definition, kernels);
    return kernel;
  }

  private ready({ function: compiled, constants }: Kernel): ReadyKernel {
    const { heap } = this;
    const bytes = encodeModule([compiled], heap.kind);
    const { run } = instantiate(bytes, heap.memory);
    const address = heap.allocate(4 * constants.length);
    const symbols: [string, number][] = [];
    constants.forEach((constant, k) => {
      const index = address / 4 + k;
      if ("bits" in constant) heap.int32s[index] = constant.bits;
      else symbols.push([constant.name, index]);
    });
    return { run, constants: address, symbols, bytes };
  }
}

function keyOf(variant: Variant): string {
  if (variant.activation === "softmax") {
    const { order, classes, weights, losses } = variant;
    return `softmax${classes}${order}${weights}${losses}`;
  }
  const { labels, labelType, weights, gradient, curvature, elements } = variant;
  return [labels, labelType, weights, gradient, curvature, elements].join();
}

/** Makes a kernel. */
export function makeKernel(formula: KernelFormula, variant: Variant, fused: boolean): Kernel {
  if (variant.activation === "sigmoid") return sigmoidKernel(formula, variant, fused);
  const { classes } = variant;
  return classes === null ? wideKernel(formula, variant, fused) : narrowKernel(formula, variant, classes, fused);
}

/** The formulas of a loss with some parameters put in, and the ranges of the others. */
export function formulaOf(
  definition: LossDefinition,
  { whole, short }: Pick<KernelLoss, "whole" | "short">,
): KernelFormula {
  const graphs = graphsOf(definition);
  const operations = graphOperations();
  const put = ({ value, slope, curvature }: FormulaGraph): FormulaGraph => ({
    value: bound(value, whole, operations),
    slope: bound(slope, whole, operations),
    curvature: bound(curvature, whole, operations),
  });
  const positive = put(graphs.positive);
  const ranges: Ranges = Object.fromEntries(
    Object.entries(definition.parameters ?? {}).map(([name, { min, max }]) => [
      name,
      { low: min ?? -largestParameter, high: max ?? largestParameter, isShort: short.includes(name) },
    ]),
  );
  const negative = graphs.negative === graphs.positive ? positive : put(graphs.negative);
  const parts = [positive, negative].flatMap(({ value, slope, curvature }) => [value, slope, curvature]);
  return { positive, negative, ranges, isCareful: parts.some(multipliesErrors) };
}

/** Whether a graph has a whole power of more than 2: x^n has n times the relative error of x. */
function multipliesErrors(node: Node): boolean {
  if (node.kind !== "operation") return false;
  const [, exponent] = node.operands;
  const isHigh = node.name === "pow" && exponent.kind === "constant" && Math.abs(exponent.value) > 2;
  return isHigh || node.operands.some(multipliesErrors);
}
