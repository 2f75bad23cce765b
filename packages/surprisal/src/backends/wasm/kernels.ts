// The kernels of one back end, each made when it is first needed and kept.
import { nodesOf } from "../../formula/nodes.ts";
import type { Loss, LossDefinition } from "../../losses/define.ts";
import type { Target } from "./assembler/code.ts";
import { encodeModule } from "./assembler/encoder.ts";
import { formulaOf, type KernelFormula } from "./formula/kernelFormula.ts";
import type { KernelLoss } from "./formula/parameters.ts";
import { partsOf } from "./formula/parts.ts";
import type { Kernel } from "./kernel/kernel.ts";
import type { Heap } from "./memory/heap.ts";
import { instantiate, isRefusal } from "./memory/webAssembly.ts";
import { sigmoidKernel } from "./sigmoid/kernel.ts";
import { orderOf, type SigmoidVariant } from "./sigmoid/variant.ts";
import { narrowKernel } from "./softmax/narrow.ts";
import type { SoftmaxVariant } from "./softmax/variant.ts";
import { wideKernel } from "./softmax/wide.ts";

/** For which batches a kernel is made. */
export type Variant = SigmoidVariant | SoftmaxVariant;

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
    private readonly target: Target,
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
      const kernel = makeKernel(formula, variant, this.target);
      const bytes = encodeModule([kernel.function], this.heap.kind);
      return { kernel, bytes, run: instantiate(bytes, this.heap.memory).run };
    } catch (error) {
      if (isRefusal(error)) return null;
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

function keyOf(variant: Variant): string {
  if (variant.activation === "softmax") {
    const { order, classes, weights, losses } = variant;
    return `softmax${classes}${order}${weights}${losses}`;
  }
  const { labels, labelType, weights, gradient, curvature, elements } = variant;
  return [labels, labelType, weights, gradient, curvature, elements].join();
}

/** Makes a kernel. */
export function makeKernel(formula: KernelFormula, variant: Variant, target: Target): Kernel {
  if (variant.activation === "sigmoid") return sigmoidKernel(formula, variant, target);
  const { classes } = variant;
  return classes === null ? wideKernel(formula, variant, target) : narrowKernel(formula, variant, classes, target);
}
