// Polynomials of four float32 at once.
import type { Code, Local } from "../assembler/code.ts";
import { f32x4, type V128 } from "../assembler/instructions.ts";

/** Up to this many coefficients go one after the other. */
const shortChain = 7;

/**
 * c0 + c1 x + c2 x^2 + ...
 *
 * Long ones are halved (Estrin's scheme): a chain of ten dependent steps would leave the processor waiting, though it
 * works on several vectors at once.
 *
 * @param coefficients from the constant term on
 */
export function polynomial(code: Code, x: V128, coefficients: readonly number[]): Local<"v128"> {
  const numbers = coefficients.map((each) => code.number(each));
  const value = coefficients.length <= shortChain ? chain(code, x, numbers) : pairs(code, x, numbers);
  return value as Local<"v128">;
}

/** Horner's rule. */
function chain(code: Code, x: V128, coefficients: readonly V128[]): V128 {
  const [highest, ...lower] = [...coefficients].reverse();
  return lower.reduce((sum, each) => code.keep(code.multiplyAdd(sum, x, each), "sum"), highest);
}

/** Joins neighbours, c0 + c1 x, to a polynomial in x^2 of half the length. */
function pairs(code: Code, x: V128, coefficients: readonly V128[]): V128 {
  if (coefficients.length === 1) return coefficients[0];
  const joined: V128[] = [];
  for (let k = 0; k < coefficients.length; k += 2) {
    const [low, high] = [coefficients[k], coefficients[k + 1]];
    joined.push(high === undefined ? low : code.keep(code.multiplyAdd(high, x, low), "pair"));
  }
  if (joined.length === 1) return joined[0];
  return pairs(code, code.keep(f32x4.mul(x, x), "square"), joined);
}
