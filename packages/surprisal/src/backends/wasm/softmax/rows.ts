// Four rows whose terms are summed, and the formula of a loss for them.
import type { Code } from "../assembler/code.ts";
import type { V128 } from "../assembler/instructions.ts";
import { FormulaCode } from "../formula/formulaCode.ts";
import type { KernelFormula } from "../formula/kernelFormula.ts";
import { hasView, partsOf } from "../formula/parts.ts";
import type { SoftmaxVariant } from "./variant.ts";
import { type SoftmaxSums, softmaxViews } from "./views.ts";

/** Four rows, one per lane, whose terms are summed. */
export interface SummedRows {
  readonly sums: SoftmaxSums;
  /** Ones in the lanes that count. */
  readonly valid: V128;
  readonly weight: V128 | null;
}

/** The formula of a loss for these rows. */
export function formulaFor(
  code: Code,
  { positive, ranges, isCareful }: KernelFormula,
  order: SoftmaxVariant["order"],
  { sums }: SummedRows,
) {
  const hasLogarithm = partsOf(positive, order).some((part) => hasView(part, "logOneMinusPt"));
  return new FormulaCode(code, softmaxViews(code, sums, { isCareful, hasLogarithm }), ranges);
}
