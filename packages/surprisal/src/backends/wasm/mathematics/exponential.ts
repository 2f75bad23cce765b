// e^x and e^x - 1 for four float32 at once.
//
// x = n log 2 + r with n whole and |r| at most 0.3466; then e^x = 2^n e^r, where e^r is a polynomial. Adding 1.5 * 2^23
// to a number rounds it to a whole one and leaves that in its lowest bits, from where it is shifted into an exponent.
import { float32Bits } from "../assembler/bytes.ts";
import type { Code, Local } from "../assembler/code.ts";
import { f32x4, type I32, i32, i32x4, type V128, v128 } from "../assembler/instructions.ts";
import { polynomial } from "./polynomial.ts";

const { LN2, LOG2E } = Math;
const roundingShift = 1.5 * 2 ** 23;
const exponentBias = 127;
const mantissaBits = i32.constant(23);

/** e^r on |r| <= log(2) / 2: the best polynomial that begins with 1 + r; relative error 1.1e-7, and 4e-9 with a term more. */
const plainPolynomial = [1, 1, 0.4999922215938568, 0.16667120158672333, 0.0418914258480072, 0.008312382735311985];
/** The best that begins with 1; relative error 0.9e-7. It takes a register more, as 1 and -1 do, but not 1 and 1. */
const freePolynomial = [
  1, 0.9999997062251187, 0.4999914766333869, 0.16667638312401306, 0.04189818430463274, 0.008290269725927571,
];
const carefulPolynomial = [
  1, 1, 0.4999999403953552, 0.1666651964187622, 0.04166840761899948, 0.008368921466171741, 0.0013814173871651292,
];

/** (e^r - 1) / r on the same interval; relative error 1.7e-8. */
const relativeGrowthPolynomial = [
  1, 0.4999999701976776, 0.16666541993618011, 0.04166720435023308, 0.008366713300347328, 0.001388248521834612,
];

/**
 * In which power of two exponentials are counted: those of a frame are e^x 2^-G.
 *
 * Terms of one sum share a frame, so that G cancels in their ratios. A difference x - maximum would be rounded, by up to
 * 4e-6 for |x| near 80, and the exponential would lose as much; n log 2 is subtracted without loss.
 */
export interface Frame {
  /** roundingShift + 127 - G. */
  readonly shift: V128;
  /** Null in a frame that is open. */
  readonly limits: Limits | null;
  readonly seen?: Local<"v128">; // of an open frame
  readonly care: Care;
}

/** A frame whose numbers are not clamped. */
interface OpenFrame extends Frame {
  readonly limits: null;
  /** Gathers the bits of all of them, from which `isOutside` tells whether one was outside. */
  readonly seen: Local<"v128">;
}

/** What x is clamped to. */
interface Limits {
  /** Up to here e^x 2^-G counts as 0: (G - 127) log 2. */
  readonly low: V128;
  /** From here on it stays at 2^126: (G + 126) log 2. */
  readonly high: V128;
}

/**
 * How much is spent on an exponential. Plain: its polynomial is off by up to 1.1e-7. Careful: a term more, so that it is
 * off by little more than its roundings up to |x| = 20, and by 2e-7 at 80 where a multiply-add is used. Thorough: that is
 * made up for, and only the last rounding is left.
 */
export type Care = "plain" | "careful" | "thorough";

/** The frame with G = 0. Above 128 log 2 = 88.7 the exponential is infinite. */
function frameOfAll(code: Code) {
  const shift = code.number(roundingShift + exponentBias);
  const [low, high] = [-exponentBias, exponentBias + 1].map((n) => code.number(n * LN2));
  return { shift, limits: { low, high }, care: "thorough" } satisfies Frame;
}

/** The frame of a whole number G in each lane. */
export function frameOf(code: Code, power: V128, care: Care): Frame {
  const bound = (n: number) => code.keep(f32x4.mul(f32x4.add(power, code.number(n)), code.number(LN2)), "bound");
  return {
    care,
    shift: code.keep(f32x4.sub(code.number(roundingShift + exponentBias), power), "shift"),
    limits: { low: bound(-exponentBias), high: bound(exponentBias - 1) },
  };
}

/**
 * The same frame for numbers that are hardly ever outside: clamping each would take time, so their bits are gathered. If
 * one was outside, `isOutside` tells, and what came out is void.
 */
function openFrame(code: Code, frame: Frame): OpenFrame {
  return { ...frame, limits: null, seen: code.keep(code.bits(0), "seen") };
}

/** Whether a number was outside an open frame, or NaN. */
function isOutside(code: Code, { seen }: OpenFrame): I32 {
  // What is in the frame was shifted to roundingShift + 0 to 255, and no other number has just those bits.
  return v128.any(v128.andNot(seen, code.bits(float32Bits(roundingShift) + 255)));
}

/**
 * Runs a body in an open frame; if a number was outside, once more in the frame as it is, and so from then on: where one
 * class is masked, there will be more.
 *
 * @param isClosed remembers that one was
 * @param begin what is to be done before each run
 */
export function runInFrame(
  code: Code,
  frame: Frame,
  isClosed: Local<"i32">,
  begin: () => void,
  body: (within: Frame) => void,
): void {
  const isVoid = code.local("isVoid", "i32");
  code.loop(() => {
    begin();
    const open = openFrame(code, frame);
    code.if(
      isClosed,
      () => body(frame),
      () => body(open),
    );
    code.set(isVoid, isOutside(code, open));
    code.set(isClosed, i32.or(isClosed, isVoid));
    return isVoid;
  });
}

/** What x is reduced to. */
interface Reduced {
  /** x - n log 2, or of e^-x, x + n log 2. */
  readonly rest: V128;
  /** The bits of n and what was added to it, shifted to where a float32 has its exponent. */
  readonly exponent: V128;
}

/** Reduces x, or where the sign is -1, reduces -x without turning it. */
function reduced(code: Code, x: V128, shift: V128, sign: 1 | -1, care: Care, seen?: Local<"v128">): Reduced {
  const add = (a: V128, b: V128, c: V128) => code[sign > 0 ? "multiplyAdd" : "multiplySubtract"](a, b, c);
  const shifted = code.keep(add(x, code.number(LOG2E), shift), "shifted");
  if (seen !== undefined) code.set(seen, v128.or(seen, shifted));
  const whole = code.keep(f32x4.sub(shifted, shift), "whole");
  const takeWhole = (part: number, from: V128) =>
    code[sign > 0 ? "multiplySubtract" : "multiplyAdd"](whole, code.number(part), from);
  const parts = code.fused ? roundedParts.slice(0, care === "thorough" ? 2 : 1) : exactParts;
  const rest = code.keep(
    parts.reduce((from, part) => takeWhole(part, from), x),
    "rest",
  );
  return { rest, exponent: i32x4.shiftLeft(shifted, mantissaBits) };
}

/** log 2 as a float32 is too large by 1.9e-9; at x = -80 that costs 2e-7, if it is not made up for. */
const roundedParts = [LN2, LN2 - Math.fround(LN2)];
/** Where a product is rounded: the first part of log 2 is so short that n times it is exact. */
const exactParts = [0.693359375, LN2 - 0.693359375];

/**
 * The polynomial of e^r, or of e^-r.
 *
 * Without a multiply-add, 1 + r + r^2 (c2 + c3 r + r^2 (...)) takes as many steps as Horner's rule, and fewer of them wait
 * for each other; with it, it would take one more.
 */
function exponentialOfRest(code: Code, r: V128, sign: 1 | -1, care: Care): V128 {
  const plain = code.fused && sign < 0 ? freePolynomial : plainPolynomial;
  const coefficients = (care === "plain" ? plain : carefulPolynomial).map((each, k) => sign ** k * each);
  if (code.fused) return polynomial(code, r, coefficients);
  const square = code.keep(f32x4.mul(r, r), "square");
  const addRest = f32x4[sign > 0 ? "add" : "sub"];
  const higher = () => f32x4.mul(inPairs(code, r, square, coefficients.slice(2)), square);
  if (care === "thorough") {
    const growth = code.keep(addRest(higher(), r), "growth");
    return code.keep(f32x4.add(growth, code.number(1)), "sum"); // rounded but once near 1
  }
  const linear = code.keep(addRest(code.number(1), r), "linear");
  return code.keep(f32x4.add(higher(), linear), "sum");
}

/** A polynomial in r as one in its square: c0 + c1 r + r^2 (c2 + c3 r + r^2 (...)). */
function inPairs(code: Code, r: V128, square: V128, [even, odd, ...higher]: readonly number[]): V128 {
  if (odd === undefined) return code.number(even);
  const pair = code.keep(code.multiplyAdd(code.number(odd), r, code.number(even)), "pair");
  if (higher.length === 0) return pair;
  return code.keep(code.multiplyAdd(inPairs(code, r, square, higher), square, pair), "pairs");
}

/** A number within the limits of a frame; NaN stays NaN. */
function clamped(code: Code, x: V128, { limits }: Pick<Frame, "limits">): Local<"v128"> {
  return code.keep(limits === null ? x : f32x4.pmax(f32x4.pmin(x, limits.high), limits.low), "x");
}

/**
 * e^x 2^-G in a frame. NaN stays NaN; an exact 0 where x is at the lower end of the frame or -Infinity.
 *
 * @param correction a small number to be added to x, for exponents that are known beyond float32
 */
export function exponentialIn(code: Code, x: V128, frame: Frame, correction: V128 | null = null): Local<"v128"> {
  const { shift, care, seen } = frame;
  const { rest, exponent } = reduced(code, clamped(code, x, frame), shift, 1, care, seen);
  const power = code.keep(exponent, "power");
  const whole = correction === null ? rest : code.keep(f32x4.add(rest, correction), "rest");
  return code.keep(f32x4.mul(exponentialOfRest(code, whole, 1, care), power), "exponential");
}

/** Two numbers of which only the ratio counts. */
interface Ratio {
  readonly exponential: V128;
  readonly sum: V128;
}

/**
 * e^x 2^-G beside a sum of plain or careful exponentials of the same frame. Their ratio is nearly as exact as the sum: what
 * is the same in both cancels, and what the last rounding of the exponential adds is added to the sum, too.
 *
 * @param sum above 0, and what it lost when it was rounded
 */
export function besideSum(code: Code, x: V128, power: V128, sum: V128, lostOfSum: V128): Ratio {
  const frame = frameOf(code, power, "thorough");
  const { rest, exponent } = reduced(code, clamped(code, x, frame), frame.shift, 1, "thorough");
  const corrected = code.keep(code.fused ? withErrorOf(code, sum, power, rest) : rest, "corrected");
  const growth = code.keep(f32x4.mul(corrected, polynomial(code, corrected, relativeGrowthPolynomial)), "growth");
  const grown = code.keep(f32x4.add(growth, code.number(1)), "grown");
  const lost = f32x4.div(f32x4.sub(growth, f32x4.sub(grown, code.number(1))), grown);
  return {
    exponential: f32x4.mul(grown, exponent),
    sum: f32x4.add(sum, code.multiplySubtract(lost, sum, lostOfSum)),
  };
}

/** Lets a rest be wrong as those of the largest terms of a sum are, of which log 2 was subtracted in one part. */
function withErrorOf(code: Code, sum: V128, power: V128, rest: V128): V128 {
  const exponent = f32x4.fromInts(i32x4.shiftRight(sum, mantissaBits));
  const whole = f32x4.add(exponent, f32x4.sub(power, code.number(exponentBias)));
  return code.multiplyAdd(whole, code.number(LN2 - Math.fround(LN2)), rest);
}

/**
 * From here on e^-x counts as 0: just below 127 log 2, so that the exponent becomes 0, and what is left in the mantissa,
 * less than 1e-43, too.
 */
const largestMinus = 88.02968;

/**
 * e^-x of x from 0 on; below 2^-126 it may be anything down to 0. NaN stays NaN.
 *
 * The power of two is added to the bits of the exponent: a multiplication less, of which a processor does fewer at once.
 */
export function exponentialOfMinus(code: Code, x: V128, care: Care): Local<"v128"> {
  const near = code.keep(f32x4.pmin(x, code.number(largestMinus)), "x");
  const { rest, exponent } = reduced(code, near, code.number(roundingShift), -1, care);
  return code.keep(i32x4.add(exponentialOfRest(code, rest, -1, care), exponent), "exponential");
}

/** e^(correction - x) of x from 0 on, for x that is known beyond float32; an exact 0 below 2^-126. */
export function exponentialOfLongMinus(code: Code, x: V128, correction: V128): Local<"v128"> {
  const near = code.keep(f32x4.pmin(x, code.number(exponentBias * LN2)), "x");
  const { rest, exponent } = reduced(code, near, code.number(roundingShift + exponentBias), -1, "plain");
  const corrected = code.keep(f32x4.sub(rest, correction), "corrected");
  return code.keep(f32x4.mul(exponentialOfRest(code, corrected, -1, "plain"), exponent), "exponential");
}

/** e^x of any x: 0 below -88, infinite above 88.4. */
export function exponential(code: Code, x: V128, correction: V128 | null = null): Local<"v128"> {
  return exponentialIn(code, x, frameOfAll(code), correction);
}

/** e^x - 1 with all digits near 0; at most 2.4e38. */
export function exponentialMinusOne(code: Code, x: V128): Local<"v128"> {
  const { shift, limits } = frameOfAll(code);
  const near = clamped(code, x, { limits: { ...limits, high: code.number(exponentBias * LN2) } });
  const { rest, exponent } = reduced(code, near, shift, 1, "thorough");
  const power = code.keep(exponent, "power");
  const growth = code.keep(f32x4.mul(rest, polynomial(code, rest, relativeGrowthPolynomial)), "growth");
  // 2^n (1 + growth) - 1, where n = 0 leaves the growth as it is.
  return code.keep(code.multiplyAdd(power, growth, f32x4.sub(power, code.number(1))), "minusOne");
}
