// Which power of two the terms of a softmax row are counted in, and when a first guess at it will not do.
//
// The largest logit need not be known beforehand: any power serves with which no term overflows and none that counts is
// lost. A row is first tried with that of the rows before it; only if its sum shows that it does not fit, its largest
// logits are sought. So most rows are read once.
import type { Code, Local } from "../assembler/code.ts";
import { f32, f32x4, type I32, i32, i32x4, type V128, v128 } from "../assembler/instructions.ts";

/** Sums of at least 1 and at most this fit their frame: no term was cut off above, none that matters below. */
const largestSum = 2 ** 44;
/** Below this the sum over the others may have lost terms; then the frame is chosen for them, unless there are none. */
export const smallestOthers = 2 ** -100;
/** A frame begins this many powers below the largest term, so that other rows have room on both sides. */
const headroom = 20;

/**
 * The power of a frame goes up to here, for logits up to 2839. In larger ones a float32 has no room for all that is
 * rounded: at 2^22 a power and the exponent of a term would come out wrong.
 */
const largestPower = 2 ** 12;

/** The power that a kernel begins with: for rows whose largest logit is between -13 and 16. */
export const firstPower = -headroom;

/**
 * Whether some row does not fit: by the largest and the smallest sum, and the smallest of the others. As bits of
 * positive numbers they have the order of integers, in which NaN is the largest.
 */
function isBeyond(code: Code, largest: V128, smallest: V128, smallestOther: V128): I32 {
  const isSmall = i32x4.less(smallest, code.number(1));
  const hasLost = i32x4.less(smallestOther, code.number(smallestOthers));
  return v128.any(v128.or(v128.or(isSmall, hasLost), i32x4.less(code.number(largestSum), largest)));
}

/** Whether a row does not fit its frame. */
export function isUnfit(code: Code, others: V128, target: V128): I32 {
  const sum = code.keep(f32x4.add(others, target), "sum");
  return isBeyond(code, sum, sum, others);
}

/** Notes sums of rows, and tells whether one does not fit. */
export function bitsThatFit(code: Code) {
  const largest = code.keep(code.number(1), "largest");
  const smallest = code.keep(code.number(1), "smallest");
  const smallestOther = code.keep(code.number(smallestOthers), "smallestOther");
  return {
    note(others: V128, target: V128): void {
      const sum = code.keep(f32x4.add(others, target), "sum");
      code.set(largest, i32x4.max(largest, sum));
      code.set(smallest, i32x4.min(smallest, sum));
      code.set(smallestOther, i32x4.min(smallestOther, others));
    },
    isBroken: () => isBeyond(code, largest, smallest, smallestOther),
  };
}

/** The frame of a row whose largest logits are known. */
export interface RowFrame {
  /**
   * What is subtracted from each logit first: 0, unless the others' largest is so large that frames would be inexact.
   * Then it is that one. Near it differences of float32 are exact; what is far from it needs no more than their last
   * rounding, as its term is 0, or that of a target beyond the frame.
   */
  readonly origin: Local<"v128">;
  readonly power: Local<"v128">;
}

/**
 * Chooses the frame of a row by the largest logit among the others and the target's, which are not both -Infinity.
 *
 * Where the target is ahead, all that is small is made of the others: the frame is theirs, with their sum at most 1.4,
 * and the target's term may reach the upper end, 2^126, where 1 - pt is below 1.2e-38.
 *
 * @param bitsOfClasses log2 of the number of classes, rounded up
 * @param guess the guess at the frames of other rows, which becomes a better one
 */
export function frameForRow(
  code: Code,
  others: V128,
  target: V128,
  bitsOfClasses: V128,
  guess: Local<"v128">,
): RowFrame {
  const exponentOf = (z: V128) => f32x4.nearest(f32x4.mul(z, code.number(Math.LOG2E)));
  const isPossible = code.keep(f32x4.gt(others, code.number(Number.NEGATIVE_INFINITY)), "isPossible");
  const base = code.keep(v128.select(others, target, isPossible), "base");
  const isLarge = f32x4.gt(f32x4.abs(base), code.number(largestPower * Math.LN2));
  const origin = code.keep(v128.and(base, isLarge), "origin");
  const [other, own] = [others, target].map((each) => code.keep(f32x4.sub(each, origin), "fromOrigin"));
  const below = code.keep(f32x4.sub(exponentOf(f32x4.pmax(other, own)), code.number(headroom)), "below");
  const isAhead = v128.and(f32x4.ge(own, other), isPossible);
  const ofOthers = f32x4.add(exponentOf(other), bitsOfClasses);
  const power = code.keep(v128.select(ofOthers, below, isAhead), "power");
  const isGuess = v128.and(f32x4.eq(origin, code.number(0)), f32x4.le(f32x4.abs(below), code.number(largestPower)));
  code.set(guess, v128.select(below, guess, isGuess));
  return { origin, power };
}

/** log2 of a number of classes, rounded up, in all lanes. */
export function bitsOf(classes: I32): V128 {
  return f32x4.splat(f32.fromI32(i32.sub(i32.constant(32), i32.leadingZeros(classes))));
}

/** Ones where the largest logit of a row is finite; NaN is passed on by f32x4.max. */
export function isFiniteTop(code: Code, top: V128): V128 {
  return f32x4.lt(f32x4.abs(top), code.number(Number.POSITIVE_INFINITY));
}

/** z - G log 2, with log 2 split in two so that little is lost for large G. */
export function distanceIn(code: Code, z: V128, power: V128): V128 {
  const high = 0.693359375;
  const almost = f32x4.sub(z, f32x4.mul(power, code.number(high)));
  return code.keep(f32x4.sub(almost, f32x4.mul(power, code.number(Math.LN2 - high))), "distance");
}
