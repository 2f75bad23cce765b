// The kernel of the sigmoid: one pass over logits and labels, four at a time, for any formula.
import type { Order } from "../../formula/program.ts";
import { Code, type Local } from "./assembler/code.ts";
import { f32x4, f64, type I32, i32, i32x4, type V128, v128 } from "./assembler/instructions.ts";
import { FormulaCode } from "./formula.ts";
import { callSymbols, isSurprisal, type Kernel, type KernelFormula, kernelParameters, partsOf } from "./kernel.ts";
import { logarithmOfOnePlus } from "./mathematics/logarithm.ts";
import { addToTotal, firstLanes, nanIf, notFinite, storeLanes, sumOfLanes } from "./sums.ts";
import { opposite, type SigmoidViews, sigmoidViews } from "./views.ts";

/** For which batches a sigmoid kernel is made. */
export interface SigmoidVariant {
  readonly activation: "sigmoid";
  readonly order: Order;
  /** Labels that are 0 or 1 and nothing else, for losses with one formula; or any value from 0 to 1. */
  readonly labels: "hard" | "soft";
  readonly labelType: "float32" | "int32" | "uint8";
  /** No weights, one for label 1 and one for label 0, or both for each element. */
  readonly weights: "none" | "byLabel" | "byElement";
  /** Whether the loss of each element is written. */
  readonly elements: boolean;
}

/** The arrays that a sigmoid kernel works on, in the order of its parameters. */
export const sigmoidPointers = [
  "logits",
  "labels",
  "gradient",
  "curvature",
  "elements",
  "positive",
  "negative",
] as const;
type Pointers = Readonly<Record<(typeof sigmoidPointers)[number], Local<"i32">>>;

/** How many vectors are summed in float32 before the sum goes on in float64. */
const vectorsPerSum = 16;
const bytesPerVector = 16;
const signBit = 0x80000000;
const bitsOfOne = 0x3f800000;

/** Makes the kernel of a loss for one kind of batch. */
export function sigmoidKernel(formula: KernelFormula, variant: SigmoidVariant, fused: boolean): Kernel {
  const code = new Code("run", fused);
  const { count } = kernelParameters(code);
  const pointers = Object.fromEntries(
    sigmoidPointers.map((name) => [name, code.parameter(name, "i32")]),
  ) as unknown as Pointers;
  const total = code.local("total", "v128");
  const unusual = code.local("unusual", "v128");
  const sum = sumFor(code, formula, variant, total);

  const vector = (only: (each: V128) => V128, store: (address: I32, value: V128) => void) => {
    const label = variant.labels === "hard" ? hardLabel(code, pointers, variant) : softLabel(code, pointers, variant);
    const element = label.element(formula, sum.isProduct);
    sum.add(only, element);
    code.set(unusual, v128.or(unusual, only(label.unusual)));
    // A formula may hide what an undefined logit does; a product shows it.
    if (!sum.isProduct) code.set(unusual, v128.or(unusual, only(notFinite(code, label.x))));
    if (element.slope !== null) store(pointers.gradient, element.slope);
    if (element.curvature !== null) store(pointers.curvature, element.curvature);
    if (variant.elements) store(pointers.elements, element.value);
  };
  const advance = () => {
    const steps: readonly (readonly [Local<"i32">, boolean, number])[] = [
      [pointers.logits, true, bytesPerVector],
      [pointers.labels, true, variant.labelType === "uint8" ? 4 : bytesPerVector],
      [pointers.gradient, variant.order >= 1, bytesPerVector],
      [pointers.curvature, variant.order >= 2, bytesPerVector],
      [pointers.elements, variant.elements, bytesPerVector],
      [pointers.positive, variant.weights === "byElement", bytesPerVector],
      [pointers.negative, variant.weights === "byElement", bytesPerVector],
    ];
    for (const [pointer, used, bytes] of steps) if (used) code.set(pointer, i32.add(pointer, i32.constant(bytes)));
  };

  const end = code.local("end", "i32");
  const rest = code.keep(i32.and(count, i32.constant(3)), "rest");
  const fullEnd = code.keep(i32.add(pointers.logits, i32.shiftLeft(i32.sub(count, rest), i32.constant(2))), "fullEnd");
  code.while(i32.less(pointers.logits, fullEnd), () => {
    code.set(end, i32.add(pointers.logits, i32.constant(vectorsPerSum * bytesPerVector)));
    code.set(end, i32.select(end, fullEnd, i32.less(end, fullEnd)));
    code.loop(() => {
      vector(
        (each) => each,
        (address, value) => code.do(v128.store(address, value)),
      );
      advance();
      return i32.less(pointers.logits, end);
    });
    sum.flush();
  });
  code.if(rest, () => {
    const mask = firstLanes(code, rest);
    vector(
      (each) => v128.and(each, mask),
      (address, value) => storeLanes(code, address, code.keep(value, "last"), rest),
    );
    sum.flush();
  });
  code.return(f64.add(sumOfLanes(total), nanIf(v128.any(unusual))));
  return { function: code.finish("f64"), constants: code.constantValues };
}

/** Four elements: losses, and their derivatives with respect to the logits. */
interface Element {
  readonly value: V128;
  readonly slope: V128 | null;
  readonly curvature: V128 | null;
  /** The negated margin, and the views, of elements that are summed as a product. */
  readonly x: V128;
  readonly views: SigmoidViews | null;
}

/** Four labels with their logits, and how they make elements. */
interface Labelled {
  readonly x: V128;
  /** Not 0 where a label is none that the kernel was made for. */
  readonly unusual: V128;
  readonly element: (formula: KernelFormula, isProduct: boolean) => Element;
}

/** Labels 0 and 1 with one formula: a single margin, whose sign is the label's. */
function hardLabel(code: Code, pointers: Pointers, { labelType, weights, order }: SigmoidVariant): Labelled {
  const label = code.keep(loadLabels(pointers.labels, labelType), "label");
  const one = code.bits(labelType === "float32" ? bitsOfOne : 1);
  const isOne = code.keep(i32x4.equal(label, one), "isOne");
  const sign = code.keep(v128.and(isOne, code.bits(signBit)), "sign");
  const x = code.keep(v128.xor(v128.load(pointers.logits), sign), "x");
  const { positive: onOne, negative: onZero } = weightsFor(code, pointers, weights);
  const weight = onOne === null || onZero === null ? null : code.keep(v128.select(onOne, onZero, isOne), "weight");
  const weighted = (each: V128) => (weight === null ? each : code.keep(f32x4.mul(each, weight), "weighted"));
  return {
    x,
    unusual: v128.xor(label, v128.and(isOne, one)),
    element({ positive, ranges, ...needs }, isProduct) {
      const views = sigmoidViews(code, x, needs);
      const compute = new FormulaCode(code, views, ranges);
      const [, slope, curvature] = partsOf(positive, order);
      const { scale, minusScale } = callSymbols;
      // The margin of a label 0 is the negated logit: there the slope changes its sign, once more for -scale.
      const derivative = (symbol: string, part: typeof slope) =>
        f32x4.mul(weighted(compute.value(part)), code.symbol(symbol));
      return {
        value: isProduct ? x : weighted(compute.value(positive.value)),
        slope: slope === undefined ? null : v128.xor(derivative(minusScale, slope), sign),
        curvature: curvature === undefined ? null : derivative(scale, curvature),
        x,
        views: isProduct ? views : null,
      };
    },
  };
}

/** Labels from 0 to 1, or a formula for each label: the sum of both, each by its share. */
function softLabel(code: Code, pointers: Pointers, { labelType, weights, order }: SigmoidVariant): Labelled {
  const one = code.number(1);
  const loaded = loadLabels(pointers.labels, labelType);
  const label = code.keep(labelType === "float32" ? loaded : f32x4.fromInts(loaded), "label");
  const x = code.keep(f32x4.neg(v128.load(pointers.logits)), "x");
  const isValid = v128.and(f32x4.ge(label, code.number(0)), f32x4.le(label, one));
  const given = weightsFor(code, pointers, weights);
  const share = (part: V128, weight: V128 | null) =>
    code.keep(weight === null ? part : f32x4.mul(part, weight), "share");
  return {
    x,
    unusual: v128.not(isValid),
    element({ positive, negative, ranges, ...needs }) {
      const ofOne = share(label, given.positive);
      const ofZero = share(f32x4.sub(one, label), given.negative);
      const views = sigmoidViews(code, x, needs);
      const computeOne = new FormulaCode(code, views, ranges);
      const computeZero = new FormulaCode(code, opposite(views), ranges);
      const partsOfZero = partsOf(negative, order);
      const [value, slope, curvature] = partsOf(positive, order).map((part, derivative) => {
        const one = f32x4.mul(ofOne, computeOne.value(part));
        const zero = f32x4.mul(ofZero, computeZero.value(partsOfZero[derivative]));
        return code.keep(derivative === 1 ? f32x4.sub(one, zero) : f32x4.add(one, zero), "mixed");
      });
      const scaled = (each: V128 | undefined) =>
        each === undefined ? null : f32x4.mul(each, code.symbol(callSymbols.scale));
      return { value, slope: scaled(slope), curvature: scaled(curvature), x, views: null };
    },
  };
}

function loadLabels(address: I32, type: SigmoidVariant["labelType"]): V128 {
  return type === "uint8" ? i32x4.fromShorts(i32x4.fromBytes(v128.loadFirst(address))) : v128.load(address);
}

function weightsFor(code: Code, pointers: Pointers, weights: SigmoidVariant["weights"]) {
  switch (weights) {
    case "none":
      return { positive: null, negative: null };
    case "byLabel":
      return { positive: code.symbol(callSymbols.weightOfOne), negative: code.symbol(callSymbols.weightOfZero) };
    case "byElement":
      return { positive: v128.load(pointers.positive), negative: v128.load(pointers.negative) };
    default:
      return weights satisfies never;
  }
}

/** How the losses of the elements are summed. */
interface Sum {
  /** Whether elements come as odds. */
  readonly isProduct: boolean;
  readonly add: (only: (each: V128) => V128, element: Element) => void;
  /** Ends a run of `vectorsPerSum` vectors. */
  readonly flush: () => void;
}

/**
 * Losses are added. Those of cross entropy, max(x, 0) + log(1 + e^-|x|), are multiplied before the logarithm is taken:
 * one for a run of many. (1 + q)(1 + e) - 1 = q (1 + e) + e keeps the digits of losses that are tiny.
 */
function sumFor(code: Code, { positive }: KernelFormula, variant: SigmoidVariant, total: Local<"v128">): Sum {
  const partial = code.local("partial", "v128");
  const zero = code.number(0);
  if (variant.labels === "soft" || variant.weights !== "none" || variant.elements || !isSurprisal(positive)) {
    return {
      isProduct: false,
      add: (only, { value }) => code.set(partial, f32x4.add(partial, only(value))),
      flush() {
        addToTotal(code, total, partial);
        code.set(partial, zero);
      },
    };
  }
  const product = code.local("product", "v128");
  return {
    isProduct: true,
    add(only, { x, views }) {
      const { odds, onePlusOdds } = views as SigmoidViews;
      code.set(product, only(code.multiplyAdd(product, onePlusOdds(), odds())));
      code.set(partial, f32x4.add(partial, only(f32x4.pmax(x, zero))));
    },
    flush() {
      addToTotal(code, total, code.keep(f32x4.add(partial, logarithmOfOnePlus(code, product)), "run"));
      code.set(partial, zero);
      code.set(product, zero);
    },
  };
}
