// What ends four rows of softmax: from their sums to losses, and to the factors that make gradients of their terms.
import type { Code, Local } from "./assembler/code.ts";
import { f32x4, type V128, v128 } from "./assembler/instructions.ts";
import { FormulaCode } from "./formula.ts";
import { callSymbols, type KernelFormula, kernelParameters, partsOf } from "./kernel.ts";
import { addToTotal } from "./sums.ts";
import { type SoftmaxSums, softmaxViews } from "./views.ts";

/** For which batches a softmax kernel is made; labels are class indices, as int32. */
export interface SoftmaxVariant {
  readonly activation: "softmax";
  readonly order: 0 | 1;
  /** Four rows side by side, for few classes; or one after the other. */
  readonly shape: "narrow" | "wide";
  /** Whether each row has a weight. */
  readonly weights: boolean;
  /** Whether the loss of each row is written. */
  readonly losses: boolean;
}

/** The parameters of a softmax kernel. */
export function softmaxParameters(code: Code) {
  const { scratch, classes, count: rows } = kernelParameters(code);
  const pointer = (name: string) => code.parameter(name, "i32");
  const [logits, labels, gradient, losses, weights] = softmaxPointers.map(pointer);
  return { scratch, classes, rows, logits, labels, gradient, losses, weights };
}

/** The arrays that a softmax kernel works on, in the order of its parameters. */
export const softmaxPointers = ["logits", "labels", "gradient", "losses", "weights"] as const;

/** What the gradient of a row is made of. */
export interface RowGradient {
  /** d loss / d logit of the target. */
  readonly own: V128;
  /** d loss / d logit of another class, divided by its term. */
  readonly perTerm: V128;
}

/** Four rows, ended. */
export interface EndedRows {
  readonly loss: V128;
  readonly gradient: RowGradient | null;
}

/**
 * Computes the losses of four rows, one per lane, adds those that are valid to the total, and gives what makes their
 * gradients: the margin grows with the target's logit by 1, and falls with another by its share of the others' sum.
 */
export function endRows(
  code: Code,
  { positive, ranges }: KernelFormula,
  { order }: SoftmaxVariant,
  sums: SoftmaxSums,
  rows: {
    readonly valid: V128;
    readonly weight: V128 | null;
    readonly total: Local<"v128">;
  },
): EndedRows {
  const compute = new FormulaCode(code, softmaxViews(code, sums), ranges);
  const [value, slope] = partsOf(positive, order);
  const weighted = (each: V128) => (rows.weight === null ? each : f32x4.mul(each, rows.weight));
  const loss = code.keep(weighted(compute.value(value)), "loss");
  addToTotal(code, rows.total, code.keep(v128.and(loss, rows.valid), "valid"));
  if (slope === undefined) return { loss, gradient: null };
  const own = code.keep(f32x4.mul(weighted(compute.value(slope)), code.symbol(callSymbols.scale)), "own");
  // Where no other class is possible, nothing flows to others.
  const possible = f32x4.gt(sums.others, code.number(0));
  const perTerm = code.keep(v128.and(f32x4.div(f32x4.neg(own), sums.others), possible), "perTerm");
  // An undefined slope must not hide behind a loss that is defined.
  addToTotal(code, rows.total, code.keep(v128.and(f32x4.sub(own, own), rows.valid), "undefined"));
  return { loss, gradient: { own, perTerm } };
}
