// The kernels of one back end, each made when it is first needed and kept.
import { type FormulaGraph, graphOperations, type Node } from "../../formula/graph.ts";
import { nodesOf } from "../../formula/nodes.ts";
import { graphsOf, type Loss, type LossDefinition } from "../../losses/define.ts";
import { encodeModule } from "./assembler/encoder.ts";
import { instantiate } from "./engine.ts";
import { bound, largestParameter, parameterSymbols } from "./formula.ts";
import type { Heap } from "./heap.ts";
import { type Kernel, type KernelFormula, partsOf } from "./kernel.ts";
import { isMultiplied } from "./mathematics/power.ts";
import type { Ranges } from "./ranges.ts";
import { sigmoidKernel } from "./sigmoid.ts";
import { orderOf, type SigmoidVariant } from "./sigmoidElements.ts";
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

/** A kernel with its module, not yet placed on the heap. */
interface Compiled extends Pick<ReadyKernel, "run" | "bytes"> {
  readonly kernel: Kernel;
}

/** Makes the kernels of losses and keeps them. */
export class Kernels {
  private readonly known = new WeakMap<LossDefinition, Map<string, ReadyKernel | null>>();

  constructor(
    private readonly heap: Heap,
    private readonly fused: boolean,
  ) {}

  /** The kernel of a loss for a kind of batch; null where its formula is too long, or too short, to be one. */
  of({ definition }: Loss, loss: KernelLoss, variant: Variant): ReadyKernel | null {
    const key = `${loss.key}${keyOf(variant)}`;
    const kernels = this.known.get(definition) ?? new Map<string, ReadyKernel | null>();
    const known = kernels.get(key);
    if (known !== undefined) return known;
    const compiled = this.compiled(definition, loss, variant);
    const kernel = compiled && this.ready(compiled);
    kernels.set(key, kernel);
    this.known.set(definition, kernels);
    return kernel;
  }

  /** A kernel as the engine takes it; null where it is too much for the engine, by its own limits. */
  private compiled(definition: LossDefinition, loss: KernelLoss, variant: Variant): Compiled | null {
    const formula = formulaOf(definition, loss);
    if (isTooLong(formula, variant) || isConstant(formula)) return null;
    try {
      const kernel = makeKernel(formula, variant, this.fused);
      const bytes = encodeModule([kernel.function], this.heap.kind);
      return { kernel, bytes, run: instantiate(bytes, this.heap.memory).run };
    } catch (error) {
      if (isLimitOfEngine(error)) return null;
      throw error;
    }
  }

  private ready({ kernel: { constants }, bytes, run }: Compiled): ReadyKernel {
    const { heap } = this;
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

/** Each operation takes some thirty locals of a kernel, of which engines allow 50,000. */
const mostNodes = 2000;
/** A kernel is written by recursion, for which this much is certain to be room. */
const mostLevels = 200;

/** Whether the parts of a formula that a kernel would compute are more than it can have. */
function isTooLong({ positive, negative }: KernelFormula, variant: Variant): boolean {
  const order = variant.activation === "softmax" ? variant.order : orderOf(variant);
  const nodes = nodesOf(...[positive, negative].flatMap((graph) => partsOf(graph, order)));
  const levels = new Map<string, number>();
  for (const node of nodes) {
    const below = node.kind === "operation" ? node.operands.map(({ key }) => levels.get(key) as number) : [];
    levels.set(node.key, 1 + Math.max(0, ...below));
  }
  return nodes.length > mostNodes || Math.max(...levels.values()) > mostLevels;
}

/** Whether a value has no view: then it does not show the NaN of a logit, by which kernels notice that there is one. */
function isConstant({ positive, negative }: KernelFormula): boolean {
  return [positive, negative].some(({ value }) => !nodesOf(value).some(({ kind }) => kind === "view"));
}

/** Whether an error means that an engine refuses a module as too large, or has no memory for it. */
function isLimitOfEngine(error: unknown): boolean {
  return error instanceof RangeError || (error instanceof Error && error.name === "CompileError");
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
function multipliesErrors(graph: Node): boolean {
  return nodesOf(graph).some((node) => {
    if (node.kind !== "operation" || node.name !== "pow") return false;
    const [, exponent] = node.operands;
    return exponent.kind === "constant" && Math.abs(exponent.value) > 2;
  });
}
