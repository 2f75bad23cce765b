// The plain reading: a formula over numbers, to step through in a debugger.
import type { Operations } from "./operations.ts";

/** a b in the algebra of the losses: 0 times infinity is 0, because 0 log 0 = 0; NaN stays NaN. */
function times(a: number, b: number): number {
  const product = a * b;
  return Number.isNaN(product) && !Number.isNaN(a) && !Number.isNaN(b) ? 0 : product;
}

/** The operations on plain float64 numbers. */
export const numbers: Operations<number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: times,
  div: (a, b) => a / b,
  neg: (a) => -a,
  pow: (base, exponent) => base ** exponent,
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  expm1: Math.expm1,
  ifPositive: (test, yes, no) => (test > 0 ? yes : no),
};
