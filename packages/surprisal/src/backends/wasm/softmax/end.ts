// What ends four rows of softmax: from their sums to losses, and to the factors that make gradients of their terms.
import type { Code, Local } from "../assembler/code.ts";
import { f32x4, type V128, v128 } from "../assembler/instructions.ts";
import type { KernelFormula } from "../formula/kernelFormula.ts";
import { isSurprisal, signedBy } from "../formula/parts.ts";
import { mayVanish } from "../formula/ranges.ts";
import { callSymbols } from "../kernel/kernel.ts";
import { smallestOthers } from "./frames.ts";
import { type LossSum, weighted } from "./lossSum.ts";
import { formulaFor, type SummedRows } from "./rows.ts";
import type { SoftmaxVariant } from "./variant.ts";

/** What the gradient of a row is made of. */
export interface RowGradient {
  /** d loss / d logit of the target. */
  readonly own: V128;
  /** d loss / d logit of another class, divided by its term; or by its share of the others, if that is not null. */
  readonly perTerm: V128;
  /**
   * By what a term is multiplied first, so that slopes keep their digits down to 1e-37; null where none is so small.
   */
  readonly share: V128 | null;
}

/**
 * What the curvature of a row is made of. The margin falls with another class's logit by its share s of the others'
 * sum, and bends by -s (1 - s), so that the curvature of the loss is there
 *
 *     s (curvature s - slope (1 - s))
 */
export interface RowCurvature {
  /** d^2 loss / d logit^2 of the target: the curvature along the margin. */
  readonly own: V128;
  readonly minusSlope: V128;
  readonly others: V128;
}

/** Four rows, ended. */
export interface EndedRows {
  readonly loss: V128 | null;
  readonly gradient: RowGradient | null;
  readonly curvature: RowCurvature | null;
}

/** What is the same for all rows of a kernel. */
export interface RowsEnd extends Pick<SoftmaxVariant, "order"> {
  readonly sum: LossSum;
  /** Becomes NaN where a slope is none: it must not hide behind a loss that is defined. */
  readonly undefinedSlopes: Local<"v128">;
}

/**
 * Adds the losses of four rows, one per lane, and gives what makes their gradients: the margin grows with the target's
 * logit by 1, and falls with another by its share of the others' sum.
 */
export function endRows(
  code: Code,
  formula: KernelFormula,
  rows: SummedRows,
  { order, sum, undefinedSlopes }: RowsEnd,
): EndedRows {
  const { sums, valid, weight } = rows;
  const compute = formulaFor(code, formula, order, rows);
  const loss = sum.add(rows, compute);
  if (order === 0) return { loss, gradient: null, curvature: null };
  const [part, plus, minus] = signedBy(formula.positive.slope, callSymbols.scale, callSymbols.minusScale);
  const slope = code.keep(weighted(compute.value(part), weight), "slope");
  const own = code.keep(f32x4.mul(slope, code.symbol(plus)), "own");
  // Where no other class is possible, nothing flows to others, and their terms are 0.
  const others = code.keep(f32x4.pmax(sums.others, code.number(smallestOthers)), "others");
  const ofOthers = f32x4.mul(slope, code.symbol(minus));
  const isApart = mayVanish(formula.positive.slope, formula.ranges);
  const perTerm = code.keep(isApart ? ofOthers : f32x4.div(ofOthers, others), "perTerm");
  const share = isApart ? code.keep(f32x4.div(code.number(1), others), "share") : null;
  const curvature = order === 2 ? { own: bendOf(), minusSlope: code.keep(f32x4.neg(own), "minusSlope"), others } : null;
  // That of cross entropy is undefined only where the loss is, too, and so is its share of the others.
  if (!isSurprisal(formula.positive)) {
    const gradients = f32x4.add(own, perTerm);
    const both = code.keep(curvature === null ? gradients : f32x4.add(gradients, curvature.own), "both");
    code.set(undefinedSlopes, f32x4.add(undefinedSlopes, v128.and(f32x4.sub(both, both), valid)));
  }
  return { loss, gradient: { own, perTerm, share }, curvature };

  function bendOf(): V128 {
    const [bend, plusScale] = signedBy(formula.positive.curvature, callSymbols.scale, callSymbols.minusScale);
    return code.keep(f32x4.mul(weighted(compute.value(bend), weight), code.symbol(plusScale)), "bend");
  }
}
