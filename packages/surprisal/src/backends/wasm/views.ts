// The views of four targets at once, each computed only if a formula asks for it, and once.
import type { ViewName } from "../../formula/operations.ts";
import type { Code, Local } from "./assembler/code.ts";
import { f32x4, i32, i32x4, type V128, v128 } from "./assembler/instructions.ts";
import { exponentialOfMinus } from "./mathematics/exponential.ts";
import { type Care, largestTerm } from "./mathematics/frame.ts";
import { logarithmOfNormal, logarithmOfOnePlusFraction } from "./mathematics/logarithm.ts";

/** How the views of a target are obtained; the logarithms come negated, which is how they arise. */
export interface ViewSource {
  readonly pt: () => V128;
  readonly oneMinusPt: () => V128;
  readonly minusLogPt: () => V128;
  readonly minusLogOneMinusPt: () => V128;
}

/** The view of a name. */
export function viewOf(source: ViewSource, name: ViewName): V128 {
  switch (name) {
    case "pt":
      return source.pt();
    case "oneMinusPt":
      return source.oneMinusPt();
    case "logPt":
      return f32x4.neg(source.minusLogPt());
    case "logOneMinusPt":
      return f32x4.neg(source.minusLogOneMinusPt());
    default:
      return name satisfies never;
  }
}

/** The views of the opposite label. */
export function opposite({ pt, oneMinusPt, minusLogPt, minusLogOneMinusPt }: ViewSource): ViewSource {
  return { pt: oneMinusPt, oneMinusPt: pt, minusLogPt: minusLogOneMinusPt, minusLogOneMinusPt: minusLogPt };
}

/** Remembers what a computation gave. */
function once(code: Code, compute: () => V128, name: string): () => V128 {
  let known: Local<"v128"> | null = null;
  return () => {
    known ??= code.keep(compute(), name);
    return known;
  };
}

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
  /** Whether it raises something to so high a power that the last bits of a view would show. */
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
  // The shares of the two labels are q = e / (1 + e) and 1 - q; as e - e q, where e is small, q loses hardly more than the
  // last rounding.
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

/** The sums of a softmax row in a frame of power G: what its views are made of. One row per lane. */
export interface SoftmaxSums {
  /** e^z 2^-G of the target. */
  readonly target: V128;
  /** The sum of e^z 2^-G over all other classes; never the total minus the target's. */
  readonly others: V128;
  /** z - G log 2 of the target: its logarithm in the frame, also where `target` has no room for it. */
  readonly distance: () => V128;
}

/**
 * The views of the targets of four rows under softmax.
 *
 * @param isCareful as in `ViewNeeds`
 * @param hasLogarithm whether the formula has log(1 - pt)
 */
export function softmaxViews(
  code: Code,
  { target, others: allOthers, distance: distanceOf }: SoftmaxSums,
  isCareful: boolean,
  hasLogarithm: boolean,
): ViewSource {
  const distance = once(code, distanceOf, "distance");
  const one = code.number(1);
  // Beyond its frame a target leaves a last trace of the others, which a logarithm of 1e38 would bring back.
  const isWithin = f32x4.lt(target, code.number(largestTerm));
  const others = hasLogarithm ? code.keep(v128.and(allOthers, isWithin), "others") : allOthers;
  const total = once(code, () => f32x4.add(target, others), "total");
  /** What rounding took from the total, as a share of it. */
  const lostShare = once(
    code,
    () => {
      const [larger, smaller] = [f32x4.pmax(target, others), f32x4.pmin(target, others)];
      return f32x4.div(f32x4.sub(smaller, f32x4.sub(total(), larger)), total());
    },
    "lostShare",
  );
  const shareOf = (part: V128) => {
    const share = f32x4.div(part, total());
    if (!isCareful) return share;
    const kept = code.keep(share, "share");
    return code.multiplySubtract(kept, lostShare(), kept);
  };
  // log(1 + a / b) is log + correction. Where a / b has no room in float32, log is that of what is given instead.
  const logOfRatio = (a: V128, b: V128, instead: V128) => {
    const isBeyond = code.keep(f32x4.gt(f32x4.mul(a, code.number(2 ** -60)), b), "isBeyond");
    const ratio = code.keep(f32x4.div(a, b), "ratio");
    const sum = code.keep(f32x4.add(ratio, one), "sum");
    const lost = f32x4.sub(ratio, f32x4.sub(sum, one));
    const correction = code.keep(v128.and(lost, f32x4.lt(ratio, one)), "lost");
    return { isBeyond, correction, log: logarithmOfNormal(code, v128.select(instead, sum, isBeyond)) };
  };
  return {
    pt: once(code, () => shareOf(target), "pt"),
    oneMinusPt: once(code, () => shareOf(others), "oneMinusPt"),
    // Where the others are beyond the target, log(others / target) is log others - log target.
    minusLogPt: once(
      code,
      () => {
        const { isBeyond, correction, log } = logOfRatio(others, target, others);
        return f32x4.sub(f32x4.add(log, correction), v128.and(distance(), isBeyond));
      },
      "minusLogPt",
    ),
    // Where the target is beyond the frame, log(e^z 2^-G) is the distance itself.
    minusLogOneMinusPt: once(
      code,
      () => {
        const { isBeyond, correction, log } = logOfRatio(target, allOthers, allOthers);
        const cost = v128.select(f32x4.sub(distance(), log), f32x4.add(log, correction), isBeyond);
        return v128.select(code.number(Number.POSITIVE_INFINITY), cost, f32x4.eq(allOthers, code.number(0)));
      },
      "minusLogOneMinusPt",
    ),
  };
}
