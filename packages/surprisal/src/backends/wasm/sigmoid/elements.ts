// Four elements of a sigmoid batch: from labels and logits to losses and their derivatives.
import type { Node } from "../../../formula/graph.ts";
import type { Code } from "../assembler/code.ts";
import { f32x4, i32, i32x4, type V128, v128 } from "../assembler/instructions.ts";
import { FormulaCode } from "../formula/formulaCode.ts";
import type { KernelFormula } from "../formula/kernelFormula.ts";
import { hasPower, hasView, isSurprisal, signedBy } from "../formula/parts.ts";
import { opposite, viewOf } from "../formula/views.ts";
import { callSymbols } from "../kernel/kernel.ts";
import type { Care } from "../mathematics/frame.ts";
import type { Place } from "./places.ts";
import { nodesIn, partsFor, type SigmoidVariant } from "./variant.ts";
import { type SigmoidViews, sigmoidViews, type ViewNeeds } from "./views.ts";

const signBit = 0x80000000;
const bitsOfOne = 0x3f800000;

/** Four elements: losses, and their derivatives with respect to the logits. */
export interface Element {
  readonly value: () => V128;
  /** The value, or two factors of it. */
  readonly summand: () => readonly [V128] | readonly [V128, V128];
  readonly slope: (() => V128) | null;
  readonly curvature: (() => V128) | null;
  readonly views: SigmoidViews;
}

/** Four labels with their logits, and how they make elements. */
export interface Labelled {
  readonly x: V128;
  /** Not 0 where a label is none that the kernel was made for. */
  readonly unusual: V128 | null;
  /** @param sum how the losses are added up: as values, or by the odds, whose product becomes one logarithm */
  readonly element: (formula: KernelFormula, magnitude: V128, sum: "values" | "product") => Element;
}

/** The labels of a vector. */
export function readLabels(code: Code, at: Place, variant: SigmoidVariant): Labelled {
  return variant.labels === "hard" ? hardLabel(code, at, variant) : softLabel(code, at, variant);
}

/** Labels 0 and 1 with one formula: a single margin, whose sign is the label's. */
function hardLabel(code: Code, at: Place, variant: SigmoidVariant): Labelled {
  const { labelType, weights } = variant;
  const { sign, unusual } = hardSign(code, at, labelType);
  const x = code.keep(v128.xor(at.load("logits"), sign), "x");
  const { positive: onOne, negative: onZero } = weightsFor(code, at, weights);
  const isOne = i32x4.shiftRight(sign, i32.constant(31));
  const weight = onOne === null || onZero === null ? null : code.keep(v128.select(onOne, onZero, isOne), "weight");
  const weighted = (each: V128) => (weight === null ? each : code.keep(f32x4.mul(each, weight), "weighted"));
  return {
    x,
    unusual,
    element(formula, magnitude, sum) {
      const { positive, ranges } = formula;
      const views = sigmoidViews(code, x, magnitude, needsFor(code, formula, variant));
      const { value, slope, curvature } = partsFor(positive, variant);
      takeLogarithms(views, sum === "product" ? [slope, curvature] : [value, slope, curvature]);
      const compute = new FormulaCode(code, views, ranges);
      const { scale, minusScale } = callSymbols;
      const derivative = (part: Node, symbol: string) => f32x4.mul(weighted(compute.value(part)), code.symbol(symbol));
      // The margin of a label 0 is the negated logit: there the slope changes its sign, once more for -scale.
      const signed = (part: Node) => {
        const [inner, symbol] = signedBy(part, minusScale, scale);
        return derivative(inner, symbol);
      };
      return {
        value: () => weighted(compute.value(value)),
        summand: () => (weight === null ? compute.summand(value) : [compute.value(value), weight]),
        slope: slope === null ? null : () => v128.xor(signed(slope), sign),
        curvature: curvature === null ? null : () => derivative(curvature, scale),
        views,
      };
    },
  };
}

/**
 * Computes the logarithms that these parts need, before anything else is at hand: they are long, and what waits for
 * their end would have to leave the registers.
 */
function takeLogarithms(views: SigmoidViews, parts: readonly (Node | null)[]): void {
  for (const name of ["logPt", "logOneMinusPt"] as const) {
    if (parts.some((part) => part !== null && hasView(part, name))) viewOf(views, name);
  }
}

/** Labels 0 and 1 as sign bits, and what is not 0 in them if they are something else; null where that is known. */
function hardSign(code: Code, at: Place, labelType: SigmoidVariant["labelType"]) {
  if (at.sign !== null) return { sign: at.sign, unusual: null };
  const label = code.keep(at.loadLabels(labelType), "label");
  if (labelType !== "float32") {
    return { sign: code.keep(i32x4.shiftLeft(label, i32.constant(31)), "sign"), unusual: label };
  }
  const isOne = code.keep(i32x4.equal(label, code.bits(bitsOfOne)), "isOne");
  // What is not 1 must be 0.
  return { sign: code.keep(v128.and(isOne, code.bits(signBit)), "sign"), unusual: v128.andNot(label, isOne) };
}

/** Labels from 0 to 1, or a formula for each label: the sum of both, each by its share. */
function softLabel(code: Code, at: Place, variant: SigmoidVariant): Labelled {
  const { labelType, weights } = variant;
  const one = code.number(1);
  const loaded = at.loadLabels(labelType);
  const label = code.keep(labelType === "float32" ? loaded : f32x4.fromInts(loaded), "label");
  const x = code.keep(f32x4.neg(at.load("logits")), "x");
  const isValid = v128.and(f32x4.ge(label, code.number(0)), f32x4.le(label, one));
  const given = weightsFor(code, at, weights);
  const share = (part: V128, weight: V128 | null) =>
    code.keep(weight === null ? part : f32x4.mul(part, weight), "share");
  return {
    x,
    unusual: v128.not(isValid),
    element(formula, magnitude) {
      const { positive, negative, ranges } = formula;
      const ofOne = share(label, given.positive);
      const ofZero = share(f32x4.sub(one, label), given.negative);
      const views = sigmoidViews(code, x, magnitude, needsFor(code, formula, variant));
      const computeOne = new FormulaCode(code, views, ranges);
      const computeZero = new FormulaCode(code, opposite(views), ranges);
      const onOne = partsFor(positive, variant);
      const onZero = partsFor(negative, variant);
      const mixed = (forOne: Node, forZero: Node, add: "multiplyAdd" | "multiplySubtract") => {
        const first = f32x4.mul(ofOne, computeOne.value(forOne));
        return code.keep(code[add](ofZero, computeZero.value(forZero), first), "mixed");
      };
      const scaled = (each: V128 | null) =>
        each === null ? null : () => f32x4.mul(each, code.symbol(callSymbols.scale));
      const value = mixed(onOne.value, onZero.value, "multiplyAdd");
      // The margin of a label 0 is the negated logit: there the slope changes its sign.
      const slope = onOne.slope && onZero.slope && mixed(onOne.slope, onZero.slope, "multiplySubtract");
      const curvature = onOne.curvature && onZero.curvature && mixed(onOne.curvature, onZero.curvature, "multiplyAdd");
      return { value: () => value, summand: () => [value], slope: scaled(slope), curvature: scaled(curvature), views };
    },
  };
}

/** What the views of a kernel must offer. A curvature has differences that cancel where it changes its sign. */
function needsFor(code: Code, formula: KernelFormula, variant: SigmoidVariant): ViewNeeds {
  const parts = nodesIn(partsFor(formula.positive, variant));
  const hasBoth = (["pt", "oneMinusPt"] as const).every((name) => parts.some((part) => hasView(part, name)));
  return {
    care: careOfOdds(code, formula, variant),
    isCareful: formula.isCareful || variant.curvature,
    needsBoth: hasBoth || variant.labels === "soft",
  };
}

/**
 * How exact the odds must be. A sum of losses shows only the average of their errors. The gradient of cross entropy is
 * the odds and little else, and each is the largest of its row. A power by logarithm has larger errors of its own.
 * Other formulas multiply errors, and between two labels slopes cancel: with hard labels, and where a multiply-add
 * saves it most roundings, a plain exponential will do.
 */
function careOfOdds({ fused }: Code, { positive, isCareful }: KernelFormula, variant: SigmoidVariant): Care {
  if (isCareful || variant.curvature) return "thorough";
  if (!variant.gradient) return "plain";
  if (isSurprisal(positive)) return "thorough";
  if (nodesIn(partsFor(positive, variant)).some(hasPower)) return "plain";
  return fused && variant.labels === "hard" ? "plain" : "careful";
}

function weightsFor(code: Code, at: Place, weights: SigmoidVariant["weights"]) {
  switch (weights) {
    case "none":
      return { positive: null, negative: null };
    case "byLabel":
      return { positive: code.symbol(callSymbols.weightOfOne), negative: code.symbol(callSymbols.weightOfZero) };
    case "byElement":
      return { positive: at.load("positive"), negative: at.load("negative") };
    default:
      return weights satisfies never;
  }
}
