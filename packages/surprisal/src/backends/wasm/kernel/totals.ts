// Parts of kernels that sum: totals in float64, and the NaN by which a kernel says that its numbers are void.
import type { Code, Local } from "../assembler/code.ts";
import { type F64, f64, f64x2, type I32, type V128, v128 } from "../assembler/instructions.ts";

/** Adds a vector of four float32 to a total of two float64. */
export function addToTotal(code: Code, total: Local<"v128">, partial: V128): void {
  const upper = v128.shuffle([2, 3, 2, 3], partial, partial);
  code.set(total, f64x2.add(total, f64x2.add(f64x2.fromLow(partial), f64x2.fromLow(upper))));
}

/** The sum of two float64 lanes. */
export function sumOfLanes(total: V128): F64 {
  return f64.add(f64x2.lane(0, total), f64x2.lane(1, total));
}

/** NaN where the condition holds, else 0. */
export function nanIf(condition: I32): F64 {
  return f64.select(nan, f64.constant(0), condition);
}

/** What a kernel gives where a number is none that it was made for. */
export const nan: F64 = f64.constant(Number.NaN);
