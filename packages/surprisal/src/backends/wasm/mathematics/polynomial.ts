// Polynomials of four float32 at once.
import type { Code, Local } from "../assembler/code.ts";
import type { V128 } from "../assembler/instructions.ts";

/**
 * c0 + c1 x + c2 x^2 + ... by Horner's rule, which takes the fewest steps. That each waits for the one before costs
 * little, as kernels work on several vectors at once, or share a core with others who use the gaps.
 *
 * @param coefficients from the constant term on
 */
export function polynomial(code: Code, x: V128, coefficients: readonly number[]): Local<"v128"> {
  const [highest, ...lower] = coefficients.map((each) => code.number(each)).reverse();
  const sum = lower.reduce((above, each) => code.keep(code.multiplyAdd(above, x, each), "sum"), highest);
  return sum as Local<"v128">;
}
