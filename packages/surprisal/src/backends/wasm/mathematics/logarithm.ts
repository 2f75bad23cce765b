// log x and log(1 + x) for four float32 at once.
//
// x = 2^k (1 + f) with 1 + f from sqrt(1/2) to sqrt(2); log x = k log 2 + log(1 + f), the latter f times a polynomial.
import { float32Bits } from "../assembler/bytes.ts";
import type { Code, Local } from "../assembler/code.ts";
import { f32x4, i32, i32x4, type V128, v128 } from "../assembler/instructions.ts";
import type { Care } from "./frame.ts";
import { polynomial } from "./polynomial.ts";

const mantissaBits = i32.constant(23);

/** log(1 + f) / f on [sqrt(1/2) - 1, sqrt(2) - 1]; relative error 3.5e-8. */
const overSqrt = [
  1, -0.49999991059303284, 0.33333951234817505, -0.25001755356788635, 0.19962070882320404, -0.16570505499839783,
  0.14917977154254913, -0.1430753916501999, 0.08734855055809021,
];

/** log(1 + x) / x on [0, 1]; relative error 2.2e-7, and 3.9e-8 with a term more. */
const plainOverUnit = [
  1, -0.4999818034626635, 0.3328406374694821, -0.2453686569947817, 0.17847206723231107, -0.10902288650727752,
  0.04498662306380245, -0.008778949671731123,
];
const carefulOverUnit = [
  1, -0.49999648332595825, 0.3332132399082184, -0.24857163429260254, 0.191536545753479, -0.13753803074359894,
  0.07920453697443008, -0.030065791681408882, 0.005364824552088976,
];

/** 2 artanh(t) / t as a polynomial in t^2, for t from 0 to 1/3; relative error 5e-9. */
const twiceArtanh = [2, 0.666664183139801, 0.4002152681350708, 0.28001803159713745, 0.280119925737381];

/** log x for positive, finite x that are not subnormal. */
export function logarithmOfNormal(code: Code, x: V128): Local<"v128"> {
  const above = i32x4.sub(x, code.bits(float32Bits(Math.SQRT1_2)));
  const exponent = code.keep(i32x4.shiftRight(above, mantissaBits), "exponent");
  const mantissa = i32x4.sub(x, i32x4.shiftLeft(exponent, mantissaBits));
  const excess = code.keep(f32x4.sub(mantissa, code.number(1)), "excess");
  const ofMantissa = code.keep(f32x4.mul(excess, polynomial(code, excess, overSqrt)), "ofMantissa");
  return code.keep(code.multiplyAdd(f32x4.fromInts(exponent), code.number(Math.LN2), ofMantissa), "logarithm");
}

/** log x of any x: -Infinity at 0 and below 1.2e-38, NaN for what is negative. */
export function logarithm(code: Code, x: V128): Local<"v128"> {
  const value = code.keep(x, "x");
  const isTiny = f32x4.lt(value, code.number(2 ** -126));
  const ofTiny = v128.select(
    code.number(Number.NaN),
    code.number(Number.NEGATIVE_INFINITY),
    f32x4.lt(value, code.number(0)),
  );
  const small = v128.select(ofTiny, logarithmOfNormal(code, value), isTiny);
  // Infinity, and a NaN, are their own logarithms.
  const isOrdinary = f32x4.lt(value, code.number(Number.POSITIVE_INFINITY));
  return code.keep(v128.select(small, value, isOrdinary), "logarithm");
}

/**
 * log(1 + x) as a product of two factors, for x from 0 to 1.
 *
 * As 2 artanh(t) with t = x / (2 + x) it takes half as many terms, but a division more: that pays where a multiply-add
 * is two instructions.
 */
export function logarithmOfOnePlusFraction(code: Code, x: V128, care: Care): readonly [V128, V128] {
  if (code.fused) return [x, polynomial(code, x, care === "plain" ? plainOverUnit : carefulOverUnit)];
  const t = code.keep(f32x4.div(x, f32x4.add(x, code.number(2))), "t");
  return [t, polynomial(code, code.keep(f32x4.mul(t, t), "square"), twiceArtanh)];
}

/** log(1 + x) for finite x of at least 0. */
export function logarithmOfOnePlus(code: Code, x: V128): Local<"v128"> {
  const value = code.keep(x, "x");
  const sum = code.keep(f32x4.add(value, code.number(1)), "sum");
  // What rounding took from 1 + x is, for small x, most of x: it goes to the logarithm directly.
  const lost = f32x4.sub(value, f32x4.sub(sum, code.number(1)));
  const correction = code.keep(v128.and(lost, f32x4.lt(value, code.number(1))), "lost");
  return code.keep(f32x4.add(logarithmOfNormal(code, sum), correction), "logarithm");
}

/** log(1 + x) of any x: -Infinity at -1, NaN below. */
export function generalLogarithmOfOnePlus(code: Code, x: V128): Local<"v128"> {
  const value = code.keep(x, "x");
  const sum = code.keep(f32x4.add(value, code.number(1)), "sum");
  const lost = f32x4.div(f32x4.sub(value, f32x4.sub(sum, code.number(1))), sum);
  const isSmall = f32x4.lt(f32x4.abs(value), code.number(1));
  const correction = code.keep(v128.and(lost, isSmall), "lost");
  return code.keep(f32x4.add(logarithm(code, sum), correction), "logarithm");
}
