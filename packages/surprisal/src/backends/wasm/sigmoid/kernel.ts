// The kernel of the sigmoid: one pass over logits and labels, four at a time, for any formula.
import { Code, type Local, type Target } from "../assembler/code.ts";
import { f32x4, f64, i32, i32x4, type V128, v128 } from "../assembler/instructions.ts";
import type { KernelFormula } from "../formula/kernelFormula.ts";
import { hasChoice, isSurprisal, partsOf } from "../formula/parts.ts";
import { largestLogit, watchedOf } from "../formula/ranges.ts";
import { type Kernel, kernelParameters } from "../kernel/kernel.ts";
import { addToTotal, nanIf, sumOfLanes } from "../kernel/totals.ts";
import { firstLanes, storeLanes } from "../kernel/vectors.ts";
import { exponentialOfMinus } from "../mathematics/exponential.ts";
import { logarithmOfOnePlus } from "../mathematics/logarithm.ts";
import { type Element, type Labelled, readLabels } from "./elements.ts";
import { bytesOfLabels, type Place, type Pointers, placeAt, pointerTo, signsOfRound, unusualBits } from "./places.ts";
import { hasPointer, orderOf, type PointerName, type SigmoidVariant, sigmoidPointers } from "./variant.ts";
import type { SigmoidViews } from "./views.ts";

/** How many vectors a round of the loop takes, in lockstep: alone, each would wait for its own long chain. */
const vectorsPerRound = 4;
/** How many vectors are summed in float32 before the sum goes on in float64. */
const vectorsPerSum = 64;
const bytesPerVector = 16;
/** Of the largest finite float32. */
const bitsOfLargest = 0x7f7fffff;

/** Leaves of a vector the lanes that count. */
type Only = (each: V128) => V128;

/** What is done to each vector of a round, before the next stage does something to each. */
interface Stage {
  readonly usesLabels: boolean;
  readonly body: (at: Place, only: Only, store: (name: PointerName, value: V128) => void) => void;
}

/** Makes the kernel of a loss for one kind of batch. */
export function sigmoidKernel(formula: KernelFormula, variant: SigmoidVariant, target: Target): Kernel {
  const code = new Code("run", target);
  const { count } = kernelParameters(code);
  const parameters = sigmoidPointers.map((name) => [name, code.parameter(name, "i32")] as const);
  const pointers: Pointers = new Map(parameters.filter(([name]) => hasPointer(name, variant)));
  const logits = pointerTo(pointers, "logits");
  const total = code.local("total", "v128");
  const unusual = code.local("unusual", "v128");
  const largest = code.local("largest", "v128");
  // A choice hides that a logit is none; every other operation passes it on to the sum.
  const isHiding = [formula.positive, formula.negative].some(({ value }) => hasChoice(value));
  const watched = [formula.positive, formula.negative].map((graph) =>
    watchedOf(partsOf(graph, orderOf(variant)), formula.ranges),
  );
  const watchesLogits = watched.some(({ logits }) => logits);
  /** Becomes NaN where a derivative is none. */
  const undefinedDerivatives = watched.some(({ derivatives }) => derivatives) ? code.local("undefined", "v128") : null;
  const product = isSummedAsProduct(formula, variant) ? productSum(code, total) : null;
  const sum = product ?? plainSum(code, total);

  const magnitudeOf = (logits: V128) => code.keep(v128.and(logits, code.bits(0x7fffffff)), "magnitude");
  const labelsAt = (at: Place, only: Only): Labelled => {
    const label = readLabels(code, at, variant);
    if (label.unusual !== null) code.set(unusual, v128.or(unusual, only(label.unusual)));
    return label;
  };
  const everything: Stage = {
    usesLabels: true,
    body(at, only, store) {
      const label = labelsAt(at, only);
      // What the end of a vector needs of its logit is little; the rest of it is used up at once.
      const magnitude = magnitudeOf(label.x);
      product?.addPositivePart(label.x, only);
      if (isHiding || watchesLogits) code.set(largest, i32x4.max(largest, only(magnitude)));
      const element = label.element(formula, magnitude, product === null ? "values" : "product");
      // One after the other, so that each is out of the registers before the next is in.
      sum.add(element, only);
      if (variant.elements) store("elements", element.value());
      const storeDerivative = (name: PointerName, value: V128) => {
        if (undefinedDerivatives === null) return store(name, value);
        const derivative = code.keep(value, name);
        store(name, derivative);
        const isNone = only(f32x4.sub(derivative, derivative));
        code.set(undefinedDerivatives, f32x4.add(undefinedDerivatives, isNone));
      };
      if (element.slope !== null) storeDerivative("gradient", element.slope());
      if (element.curvature !== null) storeDerivative("curvature", element.curvature());
    },
  };
  // A sum of cross entropies needs its labels only for the positive parts.
  const apart = ({ multiply, addPositivePart }: ProductSum): readonly Stage[] => [
    {
      usesLabels: false,
      body(at, only) {
        const odds = exponentialOfMinus(code, magnitudeOf(at.load("logits")), "plain");
        multiply({ odds: () => odds, onePlusOdds: () => f32x4.add(odds, code.number(1)) }, only);
      },
    },
    { usesLabels: true, body: (at, only) => addPositivePart(labelsAt(at, only).x, only) },
  ];
  // Without a multiply-add, as in Node 20, whose compiler moves what is only summed to the end of a round, the logits
  // would leave the registers until then.
  const stages = product !== null && orderOf(variant) === 0 && !code.fused ? apart(product) : [everything];

  const advance = (vectors: number) => {
    for (const [name, pointer] of pointers) {
      const bytes = vectors * (name === "labels" ? bytesOfLabels(variant.labelType) : bytesPerVector);
      code.set(pointer, i32.add(pointer, i32.constant(bytes)));
    }
  };

  const end = code.local("end", "i32");
  const rest = code.keep(i32.and(count, i32.constant(4 * vectorsPerRound - 1)), "rest");
  const fullEnd = code.keep(i32.add(logits, i32.shiftLeft(i32.sub(count, rest), i32.constant(2))), "fullEnd");
  code.while(i32.less(logits, fullEnd), () => {
    code.set(end, i32.add(logits, i32.constant(vectorsPerSum * bytesPerVector)));
    code.set(end, i32.select(end, fullEnd, i32.less(end, fullEnd)));
    code.loop(() => {
      for (const { usesLabels, body } of stages) {
        const signs = usesLabels ? signsOfRound(code, pointers, variant, unusual) : [];
        code.sideBySide(vectorsPerRound, (k) =>
          body(
            placeAt(pointers, k, signs[k] ?? null),
            (each) => each,
            (name, value) => code.do(v128.store(pointerTo(pointers, name), value, bytesPerVector * k)),
          ),
        );
      }
      advance(vectorsPerRound);
      return i32.less(logits, end);
    });
    sum.flush();
  });
  // The last few, of which the last vector may not be full.
  const left = code.local("left", "i32");
  code.while(i32.greater(rest, i32.constant(0)), () => {
    code.set(left, i32.select(rest, i32.constant(4), i32.less(rest, i32.constant(4))));
    const mask = firstLanes(code, left);
    for (const { body } of stages) {
      body(
        placeAt(pointers, 0, null),
        (each) => v128.and(each, mask),
        (name, value) => storeLanes(code, pointerTo(pointers, name), code.keep(value, "last"), left),
      );
    }
    sum.flush();
    advance(1);
    code.set(rest, i32.sub(rest, left));
  });
  const isBeyond = i32x4.less(watchesLogits ? code.number(largestLogit) : code.bits(bitsOfLargest), largest);
  if (undefinedDerivatives !== null) addToTotal(code, total, undefinedDerivatives);
  const isUnusual = v128.and(unusual, code.bits(unusualBits(variant)));
  code.return(f64.add(sumOfLanes(total), nanIf(v128.any(v128.or(isUnusual, isBeyond)))));
  return { function: code.finish("f64"), constants: code.constantValues };
}

/** How the losses of the elements are summed. */
interface Sum {
  readonly add: (element: Element, only: Only) => void;
  /** Ends a run of `vectorsPerSum` vectors. */
  readonly flush: () => void;
}

function plainSum(code: Code, total: Local<"v128">): Sum {
  const partial = code.local("partial", "v128");
  return {
    add({ summand }, only) {
      const [first, second] = summand();
      const isProduct = second !== undefined;
      code.set(
        partial,
        isProduct ? code.multiplyAdd(only(first), only(second), partial) : f32x4.add(partial, only(first)),
      );
    },
    flush() {
      addToTotal(code, total, partial);
      code.set(partial, code.number(0));
    },
  };
}

/** Whether there is nothing to do but to add cross entropies. */
function isSummedAsProduct({ positive }: KernelFormula, { labels, weights, elements }: SigmoidVariant): boolean {
  return isSurprisal(positive) && labels === "hard" && weights === "none" && !elements;
}

/** The parts of cross entropy, max(x, 0) + log(1 + e^-|x|). */
interface ProductSum extends Sum {
  readonly addPositivePart: (x: V128, only: Only) => void;
  readonly multiply: (views: Pick<SigmoidViews, "odds" | "onePlusOdds">, only: Only) => void;
}

/**
 * Adds up cross entropies: what the logarithm is to be taken of is multiplied first, one logarithm for a run of many.
 * (1 + q)(1 + e) - 1 = q (1 + e) + e keeps the digits of losses that are tiny.
 */
function productSum(code: Code, total: Local<"v128">): ProductSum {
  const partial = code.local("partial", "v128");
  const product = code.local("product", "v128");
  const zero = code.number(0);
  const multiply: ProductSum["multiply"] = ({ odds, onePlusOdds }, only) =>
    code.set(product, only(code.multiplyAdd(product, onePlusOdds(), odds())));
  return {
    addPositivePart: (x, only) => code.set(partial, f32x4.add(partial, only(f32x4.pmax(x, zero)))),
    multiply,
    add: ({ views }, only) => multiply(views, only),
    flush() {
      addToTotal(code, total, code.keep(f32x4.add(partial, logarithmOfOnePlus(code, product)), "run"));
      code.set(partial, zero);
      code.set(product, zero);
    },
  };
}
