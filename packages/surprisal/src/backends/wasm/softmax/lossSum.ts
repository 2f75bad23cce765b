// How the losses of rows are added up: one by one, or cross entropies as the logarithm of a product.
import type { Code, Local } from "../assembler/code.ts";
import { f32x4, i32, i32x4, type V128, v128 } from "../assembler/instructions.ts";
import type { FormulaCode } from "../formula/formulaCode.ts";
import type { KernelFormula } from "../formula/kernelFormula.ts";
import { hasView } from "../formula/parts.ts";
import { hidesOverflow, largestLogit } from "../formula/ranges.ts";
import { addToTotal } from "../kernel/totals.ts";
import { logarithmOfOnePlus } from "../mathematics/logarithm.ts";
import { formulaFor, type SummedRows } from "./rows.ts";
import type { SoftmaxVariant } from "./variant.ts";

/** What becomes of the losses of rows. */
export interface LossSum {
  /** Adds the losses of four rows, and gives them if they are at hand. */
  add(rows: SummedRows, compute: FormulaCode): V128 | null;
  /** Adds what is left, so that the next block begins anew. */
  end(): void;
}

/** Adds up the losses of rows, each computed, weighted, and added in float64. */
export function plainSum(
  code: Code,
  formula: KernelFormula,
  total: Local<"v128">,
  order: SoftmaxVariant["order"],
): LossSum {
  const { value, slope, curvature } = formula.positive;
  const logarithms = (["logPt", "logOneMinusPt"] as const).filter((name) => hasView(value, name));
  const isWatched =
    logarithms.length > 0 && hidesOverflow(order === 2 ? [value, slope, curvature] : [value, slope], formula.ranges);
  return {
    add({ valid, weight }, compute) {
      const plain = weighted(compute.value(value), weight);
      // What may have overflowed unseen is made NaN, so that the batch goes to the reference.
      const loss = isWatched
        ? code.keep(v128.or(plain, compute.isBeyond(largestLogit, logarithms)), "loss")
        : code.keep(plain, "loss");
      addToTotal(code, total, code.keep(v128.and(loss, valid), "valid"));
      return loss;
    },
    end() {},
  };
}

/** The product of a lane goes up to here; then its logarithm is taken. */
const largestProduct = 2 ** 60;

/**
 * Adds up -log pt = log(1 + others / target) as the logarithm of a product, q + 1, which starts at 1: most groups of
 * rows then need no logarithm. In the form q e + e + q tiny losses keep their digits.
 */
export function productSum(code: Code, formula: KernelFormula, total: Local<"v128">): LossSum {
  const q = code.local("q", "v128");
  const plain = plainSum(code, formula, total, 1);
  const end = () => {
    addToTotal(code, total, logarithmOfOnePlus(code, q));
    code.set(q, code.number(0));
  };
  return {
    add(rows) {
      const { target, others } = rows.sums;
      const e = code.keep(v128.and(f32x4.div(others, target), rows.valid), "e");
      const next = code.keep(f32x4.add(code.multiplyAdd(q, e, e), q), "next");
      // Also where e has no room in float32, and 0 e is NaN.
      const isLarge = i32.isZero(i32x4.all(f32x4.le(next, code.number(largestProduct))));
      code.if(
        isLarge,
        () => {
          end();
          plain.add(rows, formulaFor(code, formula, 0, rows)); // its own: what is computed here is not known outside
        },
        () => code.set(q, next),
      );
      return null;
    },
    end,
  };
}

export const weighted = (each: V128, weight: V128 | null) => (weight === null ? each : f32x4.mul(each, weight));
