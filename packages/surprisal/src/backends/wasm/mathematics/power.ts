// Powers of four float32 at once: by multiplication where the exponent is a small whole number, else by logarithm.
import type { Code, Local } from "../assembler/code.ts";
import { f32x4, type V128, v128 } from "../assembler/instructions.ts";
import { exponential, exponentialOfLongMinus } from "./exponential.ts";
import { logarithm } from "./logarithm.ts";

/** Whether a power is computed by multiplication. */
export function isMultiplied(exponent: number): boolean {
  return Number.isInteger(exponent) && Math.abs(exponent) <= 8;
}

/** x^n for a small whole number n, by squaring; x^0 = 1. */
export function wholePower(code: Code, x: V128, exponent: number): V128 {
  if (exponent === 0) return code.number(1);
  if (exponent < 0) return code.keep(f32x4.div(code.number(1), wholePower(code, x, -exponent)), "power");
  if (exponent === 1) return x;
  const half = wholePower(code, x, Math.floor(exponent / 2));
  const square = code.keep(f32x4.mul(half, half), "power");
  return exponent % 2 === 0 ? square : code.keep(f32x4.mul(square, x), "power");
}

/** x^y for x of at least 0; x^0 = 1. Its relative error grows as |y log x|, by 1.2e-7 for each 1. */
export function power(code: Code, x: V128, y: V128): Local<"v128"> {
  const exponent = code.keep(guardedProduct(code, y, logarithm(code, x)), "exponent");
  return exponential(code, exponent);
}

/** a b, where 0 times infinity is 0. */
export function guardedProduct(code: Code, a: V128, b: V128): V128 {
  const left = code.keep(a, "left");
  const right = code.keep(b, "right");
  const product = code.keep(f32x4.mul(left, right), "product");
  // NaN from two numbers that are none themselves can only be 0 times infinity.
  const isNew = v128.and(f32x4.ne(product, product), v128.and(f32x4.eq(left, left), f32x4.eq(right, right)));
  return code.keep(v128.andNot(product, isNew), "product");
}

/** A factor known to twice the digits of float32. */
export interface Precise {
  /** Rounded to 12 bits, so that its product with another of 12 bits is exact. */
  readonly high: V128;
  /** What is left, as float32; null where nothing is. */
  readonly low: V128 | null;
}

/** An exponent, and whether it is at least 0 for certain. */
export interface Exponent extends Precise {
  readonly isPositive: boolean;
}

/**
 * e^(-y M), the power y of something whose negated logarithm M, at least 0, is known: no logarithm is computed.
 *
 * The product is taken to more digits than float32 has, because e^x turns an error in x into a relative one: with x
 * near -87 a product that is merely rounded would cost 5e-6.
 */
export function powerByLogarithm(code: Code, y: Exponent, minusLogarithm: V128): Local<"v128"> {
  const base = code.keep(minusLogarithm, "base");
  const { product, rest } = code.fused ? roundedProduct(code, y, base) : splitProduct(code, y, base);
  if (y.isPositive) return exponentialOfLongMinus(code, product, rest);
  return exponential(code, code.keep(v128.xor(product, code.bits(signBit)), "exponent"), rest);
}

const signBit = 0x80000000;

/** A product beyond float32: it is `product` - `rest`. */
interface LongProduct {
  readonly product: V128;
  readonly rest: V128;
}

/** What rounding took from a product is what a multiply-add leaves that rounds once. */
function roundedProduct(code: Code, { high, low }: Precise, base: V128): LongProduct {
  const product = code.keep(f32x4.mul(high, base), "product");
  const rounding = code.keep(code.multiplySubtract(high, base, product), "rounding");
  return { product, rest: low === null ? rounding : code.keep(code.multiplySubtract(low, base, rounding), "rest") };
}

/** The product of two parts of 12 bits is exact. */
function splitProduct(code: Code, { high, low }: Precise, base: V128): LongProduct {
  const baseHigh = code.keep(v128.and(base, code.bits(0xfffff000)), "baseHigh");
  const product = code.keep(f32x4.mul(high, baseHigh), "product");
  const minusBaseLow = code.keep(f32x4.sub(baseHigh, base), "minusBaseLow");
  const ofLow = f32x4.mul(high, minusBaseLow);
  return { product, rest: code.keep(low === null ? ofLow : code.multiplySubtract(low, base, ofLow), "rest") };
}
