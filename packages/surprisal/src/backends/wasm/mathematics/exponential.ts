// e^x and e^x - 1 for four float32 at once.
//
// x = n log 2 + r with n whole and |r| at most 0.3466; then e^x = 2^n e^r, where e^r is a polynomial. Adding 1.5 * 2^23
// to a number rounds it to a whole one and leaves that in its lowest bits, from where it is shifted into an exponent.
import type { Code, Local } from "../assembler/code.ts";
import { f32x4, i32, i32x4, type V128, v128 } from "../assembler/instructions.ts";
import {
  type Care,
  exponentBias,
  type Frame,
  frameOf,
  type Limits,
  type Opening,
  openUnit,
  roundingShift,
} from "./frame.ts";
import { polynomial } from "./polynomial.ts";

const { LN2, LOG2E } = Math;
const mantissaBits = i32.constant(23);

/**
 * e^r on |r| <= log(2) / 2: the best polynomial that begins with 1 + r; relative error 1.1e-7, and 4e-9 with a term
 * more.
 */
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

/** The frame with G = 0. Above 128 log 2 = 88.7 the exponential is infinite. */
function frameOfAll(code: Code) {
  const shift = code.number(roundingShift + exponentBias);
  const [low, high] = [-exponentBias, exponentBias + 1].map((n) => code.number(n * LN2));
  return { shift, limits: { low, high }, care: "thorough", open: null } satisfies Frame;
}

/** What x is reduced to. */
interface Reduced {
  /** x - n log 2, or of e^-x, x + n log 2. */
  readonly rest: V128;
  /** The bits of n and what was added to it, shifted to where a float32 has its exponent. */
  readonly exponent: V128;
}

/** Reduces x, or where the sign is -1, reduces -x without turning it. */
function reduced(code: Code, x: V128, shift: V128, sign: 1 | -1, care: Care): Reduced {
  const add = (a: V128, b: V128, c: V128) => code[sign > 0 ? "multiplyAdd" : "multiplySubtract"](a, b, c);
  const shifted = code.keep(add(x, code.number(LOG2E), shift), "shifted");
  const whole = code.keep(f32x4.sub(shifted, shift), "whole");
  const rest = code.keep(withoutWhole(code, x, whole, { sign, care }), "rest");
  return { rest, exponent: i32x4.shiftLeft(shifted, mantissaBits) };
}

/** How a whole multiple of log 2 is taken away. */
interface Taking {
  readonly care: Care;
  /** -1 where it is added instead. */
  readonly sign?: 1 | -1;
  /** In which it is counted. */
  readonly unit?: number;
}

/** x - n log 2. */
function withoutWhole(code: Code, x: V128, whole: V128, { care, sign = 1, unit = 1 }: Taking): V128 {
  const parts = code.fused ? roundedParts.slice(0, care === "thorough" ? 2 : 1) : exactParts;
  const take = sign > 0 ? "multiplySubtract" : "multiplyAdd";
  return parts.reduce((from, part) => code[take](whole, code.number(part / unit), from), x);
}

/** log 2 as a float32 is too large by 1.9e-9; at x = -80 that costs 2e-7, if it is not made up for. */
const roundedParts = [LN2, LN2 - Math.fround(LN2)];
/** Where a product is rounded: the first part of log 2 is so short that n times it is exact. */
const exactParts = [0.693359375, LN2 - 0.693359375];

/**
 * The polynomial of e^r, or of e^-r; or its negative, if `outer` is -1.
 *
 * Without a multiply-add, 1 + r + r^2 (c2 + c3 r + r^2 (...)) takes as many steps as Horner's rule, and fewer of them
 * wait for each other; with it, it would take one more.
 */
function exponentialOfRest(code: Code, r: V128, sign: 1 | -1, care: Care, outer: 1 | -1 = 1): V128 {
  const plain = code.fused && sign < 0 ? freePolynomial : plainPolynomial;
  const coefficients = (care === "plain" ? plain : carefulPolynomial).map((each, k) => outer * sign ** k * each);
  if (code.fused) return polynomial(code, r, coefficients);
  const square = code.keep(f32x4.mul(r, r), "square");
  const addRest = f32x4[outer * sign > 0 ? "add" : "sub"];
  const higher = () => f32x4.mul(inPairs(code, r, square, coefficients.slice(2)), square);
  if (care === "thorough") {
    const growth = code.keep(addRest(higher(), r), "growth");
    return code.keep(f32x4.add(growth, code.number(outer)), "sum"); // rounded but once near 1
  }
  const linear = code.keep(addRest(code.number(outer), r), "linear");
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
function clamped(code: Code, x: V128, { limits }: { readonly limits: Limits }): Local<"v128"> {
  return code.keep(f32x4.pmax(f32x4.pmin(x, limits.high), limits.low), "x");
}

/**
 * e^x 2^-G in a frame. NaN stays NaN; an exact 0 where x is at the lower end of the frame or -Infinity.
 *
 * @param correction a small number to be added to x, for exponents that are known beyond float32
 */
export function exponentialIn(code: Code, x: V128, frame: Frame, correction: V128 | null = null): Local<"v128"> {
  const { shift, care, open } = frame;
  if (open !== null) return exponentialInOpen(code, x, open, care);
  const { rest, exponent } = reduced(code, clamped(code, x, frame), shift, 1, care);
  const power = code.keep(exponent, "power");
  const whole = correction === null ? rest : code.keep(f32x4.add(rest, correction), "rest");
  return code.keep(f32x4.mul(exponentialOfRest(code, whole, 1, care), power), "exponential");
}

/**
 * The same in an open frame. The last 256 float32 end in bits that make the power negative, so the polynomial is, too.
 */
function exponentialInOpen(code: Code, x: V128, { shift, seen }: Opening, care: Care): Local<"v128"> {
  const value = code.keep(x, "x");
  const shifted = code.keep(code.multiplyAdd(value, code.number(LOG2E * openUnit), shift), "shifted");
  code.set(seen, v128.and(seen, shifted));
  const inUnits = code.keep(f32x4.sub(shifted, shift), "whole");
  // The second of the rounded parts would be subnormal in these units, which is slow.
  const isInUnits = !(code.fused && care === "thorough");
  const whole = isInUnits ? inUnits : code.keep(f32x4.mul(inUnits, code.number(1 / openUnit)), "whole");
  const rest = code.keep(withoutWhole(code, value, whole, { care, unit: isInUnits ? openUnit : 1 }), "rest");
  const power = code.keep(i32x4.shiftLeft(shifted, mantissaBits), "power");
  return code.keep(f32x4.mul(exponentialOfRest(code, rest, 1, care, -1), power), "exponential");
}

/** Two numbers of which only the ratio counts. */
interface Ratio {
  readonly exponential: V128;
  readonly sum: V128;
}

/**
 * e^x 2^-G beside a sum of plain or careful exponentials of the same frame. Their ratio is nearly as exact as the sum:
 * what is the same in both cancels, and what the last rounding of the exponential adds is added to the sum, too.
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
 * From here on e^-x counts as 0: just below 127 log 2, so that the exponent becomes 0, and what is left in the
 * mantissa, less than 1e-43, too.
 */
const largestMinus = 88.02968;

/**
 * e^-x of x from 0 on; below 2^-126 it may be anything down to 0. NaN stays NaN.
 *
 * The power of two is added to the bits of the exponent: a multiplication less, of which a processor does fewer at
 * once.
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
