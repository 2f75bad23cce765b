// The views of four targets under the sigmoid, each computed only if a formula asks for it, and once.
import type { Code } from "../assembler/code.ts";
import { f32x4, i32, i32x4, type V128, v128 } from "../assembler/instructions.ts";
import { once, type ViewSource } from "../formula/views.ts";
import { exponentialOfMinus } from "../mathematics/exponential.ts";
import type { Care } from "../mathematics/frame.ts";
import { logarithmOfOnePlusFraction } from "../mathematics/logarithm.ts";

/** What a sigmoid kernel shares between the views of an element. */
export interface SigmoidViews extends ViewSource {
  /** e^-|margin|, the smaller of pt and 1 - pt divided by the larger. */
  readonly odds: () => V128;
  readonly onePlusOdds: () => V128;
}

/** What a kernel knows of its formula before it asks for views. */
export interface ViewNeeds {
  /** How exact the odds must be. */
  readonly care: Care;
  /** As in `KernelFormula`. */
  readonly isCareful: boolean;
  /** Whether it has both pt and 1 - pt, which then share a division. */
  readonly needsBoth: boolean;
}

/** The views of a target under the sigmoid, from its negated margin x = log((1 - pt) / pt). */
export function sigmoidViews(
  code: Code,
  x: V128,
  magnitude: V128,
  { care, isCareful, needsBoth }: ViewNeeds,
): SigmoidViews {
  const one = code.number(1);
  const odds = once(code, () => exponentialOfMinus(code, magnitude, care), "odds");
  let near: readonly [V128, V128] | null = null;
  // max(x, 0) + log(1 + e)
  const costOf = (positivePart: () => V128) => {
    near ??= logarithmOfOnePlusFraction(code, odds(), care);
    return code.multiplyAdd(...near, positivePart());
  };
  const onePlusOdds = once(code, () => f32x4.add(odds(), one), "onePlusOdds");
  const isLikely = once(code, () => i32x4.shiftRight(x, i32.constant(31)), "isLikely");
  // The shares of the two labels are q = e / (1 + e) and 1 - q; as e - e q, where e is small, q loses hardly more than
  // the last rounding.
  const quotient = once(code, () => f32x4.div(odds(), onePlusOdds()), "quotient");
  const smaller = isCareful ? once(code, () => code.multiplySubtract(odds(), quotient(), odds()), "smaller") : quotient;
  const larger = once(code, () => f32x4.sub(one, quotient()), "larger");
  const difference = once(code, () => v128.andNot(v128.xor(larger(), smaller()), isLikely()), "difference");
  const isJoint = needsBoth || isCareful;
  // Of 1 and the odds, which are at most 1, the larger belongs to the likelier label.
  const shareOf = (oneIfLikelier: V128) => f32x4.div(i32x4.max(odds(), oneIfLikelier), onePlusOdds());
  return {
    odds,
    onePlusOdds,
    pt: once(code, () => (isJoint ? v128.xor(larger(), difference()) : shareOf(v128.and(one, isLikely()))), "pt"),
    oneMinusPt: once(
      code,
      () => (isJoint ? v128.xor(smaller(), difference()) : shareOf(v128.andNot(one, isLikely()))),
      "oneMinusPt",
    ),
    minusLogPt: once(code, () => costOf(() => v128.andNot(x, isLikely())), "minusLogPt"),
    minusLogOneMinusPt: once(code, () => costOf(() => v128.and(magnitude, isLikely())), "minusLogOneMinusPt"),
  };
}
