// The views of the targets of four rows under softmax, each computed only if a formula asks for it, and once.
import type { Code } from "../assembler/code.ts";
import { f32x4, type V128, v128 } from "../assembler/instructions.ts";
import { once, type ViewSource } from "../formula/views.ts";
import { largestTerm } from "../mathematics/frame.ts";
import { logarithmOfNormal } from "../mathematics/logarithm.ts";

/** The sums of a softmax row in a frame of power G: what its views are made of. One row per lane. */
export interface SoftmaxSums {
  /** e^z 2^-G of the target. */
  readonly target: V128;
  /** The sum of e^z 2^-G over all other classes; never the total minus the target's. */
  readonly others: V128;
  /** z - G log 2 of the target: its logarithm in the frame, also where `target` has no room for it. */
  readonly distance: () => V128;
}

/** What a kernel knows of its formula before it asks for views. */
export interface SoftmaxNeeds {
  /** As in `KernelFormula`. */
  readonly isCareful: boolean;
  /** Whether it has log(1 - pt). */
  readonly hasLogarithm: boolean;
}

/**
 * The views of the targets of four rows under softmax.
 */
export function softmaxViews(
  code: Code,
  { target, others: allOthers, distance: distanceOf }: SoftmaxSums,
  { isCareful, hasLogarithm }: SoftmaxNeeds,
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
