// e^x and e^x - 1 for four float32 at once.
//
// x = n log 2 + r with n whole and |r| at most 0.3466; then e^x = 2^n e^r, where e^r is a polynomial. Adding 1.5 * 2^23
// to a number rounds it to a whole one and leaves that in its lowest bits, from where it is shifted into an exponent.
import type { Code, Local } from "../assembler/code.ts";
import { f32x4, i32, i32x4, type V128 } from "../assembler/instructions.ts";
import { polynomial } from "./polynomial.ts";

const { LN2, LOG2E } = Math;
const roundingShift = 1.5 * 2 ** 23;
const exponentBias = 127;
const mantissaBits = i32.constant(23);

/** e^r on |r| <= log(2) / 2: the best polynomial that begins with 1 + r; relative error 1.1e-7, and 4e-9 with a term more. */
const exponentialPolynomial = [1, 1, 0.4999922215938568, 0.16667120158672333, 0.0418914258480072, 0.008312382735311985];

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
  /** Up to here e^x 2^-G counts as 0: (G - 127) log 2. Null: no x of use is below. */
  readonly low: V128 | null;
  /** Beyond, it stays at 2^126: (G + 126) log 2. Null: no x is above. */
  readonly high: V128 | null;
  /** Whether a term more is spent, for formulas that multiply the error. */
  readonly isCareful: boolean;
}

/** The frame with G = 0, for exponents that are at most 0. */
export function frameOfFractions(code: Code, isCareful: boolean): Frame {
  const shift = code.number(roundingShift + exponentBias);
  return { shift, low: code.number(-exponentBias * LN2), high: null, isCareful };
}

/** The frame with G = 0 for exponents of any size. Above 128 log 2 = 88.7 the exponential is infinite. */
function frameOfAll(code: Code): Frame {
  return { ...frameOfFractions(code, true), high: code.number((exponentBias + 1) * LN2) };
}

/** The frame of a whole number G in each lane. */
export function frameOf(code: Code, power: V128, isCareful: boolean): Frame {
  return {
    isCareful,
    shift: code.keep(f32x4.sub(code.number(roundingShift + exponentBias), power), "shift"),
    low: code.keep(f32x4.mul(f32x4.sub(power, code.number(exponentBias)), code.number(LN2)), "low"),
    high: code.keep(f32x4.mul(f32x4.add(power, code.number(exponentBias - 1)), code.number(LN2)), "high"),
  };
}

/** What x is reduced to. */
interface Reduced {
  /** x - n log 2. */
  readonly rest: V128;
  /** 2^(n - G). */
  readonly power: V128;
}

function reduced(code: Code, x: V128, { shift, low, high, isCareful }: Frame, correction: V128 | null = null): Reduced {
  const above = high === null ? x : f32x4.pmin(x, high);
  const clamped = code.keep(low === null ? above : f32x4.pmax(above, low), "x");
  const shifted = code.keep(code.multiplyAdd(clamped, code.number(LOG2E), shift), "shifted");
  const whole = code.keep(f32x4.sub(shifted, shift), "whole");
  const rest = code.keep(withoutWhole(code, clamped, whole, isCareful), "rest");
  return {
    rest: correction === null ? rest : code.keep(f32x4.add(rest, correction), "rest"),
    power: code.keep(i32x4.shiftLeft(shifted, mantissaBits), "power"),
  };
}

/** x - n log 2. Where a product is rounded, log 2 is split in two, the first part so short that n times it is exact. */
function withoutWhole(code: Code, x: V128, whole: V128, isCareful: boolean): V128 {
  if (code.fused) {
    const rest = code.multiplySubtract(whole, code.number(LN2), x);
    // As float32, log 2 is too large by 1.9e-9; at x = -80 that costs 2e-7.
    return isCareful ? code.multiplySubtract(whole, code.number(LN2 - Math.fround(LN2)), rest) : rest;
  }
  const high = 0.693359375;
  const almost = f32x4.sub(x, f32x4.mul(whole, code.number(high)));
  return f32x4.sub(almost, f32x4.mul(whole, code.number(LN2 - high)));
}

/**
 * e^x 2^-G in a frame. NaN stays NaN; an exact 0 where x is at the lower end of the frame or -Infinity.
 *
 * @param correction a small number to be added to x, for exponents that are known beyond float32
 */
export function exponentialIn(code: Code, x: V128, frame: Frame, correction: V128 | null = null): Local<"v128"> {
  const { rest, power } = reduced(code, x, frame, correction);
  const coefficients = frame.isCareful ? carefulPolynomial : exponentialPolynomial;
  return code.keep(f32x4.mul(polynomial(code, rest, coefficients), power), "exponential");
}

/**
 * From here on e^-x counts as 0: just below 127 log 2, so that the exponent becomes 0, and what is left in the mantissa,
 * less than 1e-43, too.
 */
const largestMinus = 88.02968;

/**
 * e^-x of x from 0 on. Below 2^-126 it may be anything down to 0, and of NaN it is 0, too.
 *
 * The power of two is added to the bits of the exponent: a multiplication less, of which a processor does fewer at once.
 */
export function exponentialOfMinus(code: Code, x: V128, isCareful: boolean): Local<"v128"> {
  const near = code.keep(i32x4.min(x, code.number(largestMinus)), "x");
  const shift = code.number(roundingShift);
  const shifted = code.keep(code.multiplySubtract(near, code.number(LOG2E), shift), "shifted");
  const whole = code.keep(f32x4.sub(shifted, shift), "whole");
  const rest = code.keep(plusWhole(code, near, whole, isCareful), "rest");
  const coefficients = isCareful ? carefulPolynomial : exponentialPolynomial;
  const mirrored = coefficients.map((each, k) => (k % 2 === 0 ? each : -each));
  const exponent = i32x4.shiftLeft(shifted, mantissaBits);
  return code.keep(i32x4.add(polynomial(code, rest, mirrored), exponent), "exponential");
}

/** x + n log 2, as in `withoutWhole`. */
function plusWhole(code: Code, x: V128, whole: V128, isCareful: boolean): V128 {
  if (code.fused) {
    const sum = code.multiplyAdd(whole, code.number(LN2), x);
    return isCareful ? code.multiplyAdd(whole, code.number(LN2 - Math.fround(LN2)), sum) : sum;
  }
  const high = 0.693359375;
  const almost = f32x4.add(x, f32x4.mul(whole, code.number(high)));
  return f32x4.add(almost, f32x4.mul(whole, code.number(LN2 - high)));
}

/** e^x of any x: 0 below -88, infinite above 88.4. */
export function exponential(code: Code, x: V128, correction: V128 | null = null): Local<"v128"> {
  return exponentialIn(code, x, frameOfAll(code), correction);
}

/** e^x - 1 with all digits near 0; at most 2.4e38. */
export function exponentialMinusOne(code: Code, x: V128): Local<"v128"> {
  const frame = { ...frameOfAll(code), high: code.number(exponentBias * LN2) };
  const { rest, power } = reduced(code, x, frame);
  const growth = code.keep(f32x4.mul(rest, polynomial(code, rest, relativeGrowthPolynomial)), "growth");
  // 2^n (1 + growth) - 1, where n = 0 leaves the growth as it is.
  return code.keep(code.multiplyAdd(power, growth, f32x4.sub(power, code.number(1))), "minusOne");
}
