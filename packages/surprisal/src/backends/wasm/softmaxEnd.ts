// What ends four rows of softmax: from their sums to losses, and to the factors that make gradients of their terms.
import type { Code, Local } from "./assembler/code.ts";
import { f32x4, i32, i32x4, type V128, v128 } from "./assembler/instructions.ts";
import { FormulaCode } from "./formula.ts";
import { smallestOthers } from "./frames.ts";
import {
  callSymbols,
  hasView,
  isSurprisal,
  type KernelFormula,
  kernelParameters,
  partsOf,
  signedBy,
} from "./kernel.ts";
import { logarithmOfOnePlus } from "./mathematics/logarithm.ts";
import { hidesOverflow, largestLogit, mayVanish } from "./ranges.ts";
import { addToTotal } from "./sums.ts";
import { type SoftmaxSums, softmaxViews } from "./views.ts";

/** For which batches a softmax kernel is made; labels are class indices, as int32. */
export interface SoftmaxVariant {
  readonly activation: "softmax";
  readonly order: 0 | 1;
  /** How many classes there are, if they are so few that a kernel is made for just them; else null. */
  readonly classes: number | null;
  /** Whether each row has a weight. */
  readonly weights: boolean;
  /** Whether the loss of each row is written. */
  readonly losses: boolean;
}

/** The parameters of a softmax kernel; what it does not work on is null, so that nothing can be stored there. */
export function softmaxParameters(code: Code, variant: SoftmaxVariant) {
  const { scratch, classes, count: rows } = kernelParameters(code);
  const pointer = (name: string) => code.parameter(name, "i32");
  const [logits, labels, gradient, losses, weights] = softmaxPointers.map(pointer);
  return {
    ...{ scratch, classes, rows, logits, labels },
    gradient: variant.order > 0 ? gradient : null,
    losses: variant.losses ? losses : null,
    weights: variant.weights ? weights : null,
  };
}

/** The arrays that a softmax kernel works on, in the order of its parameters. */
export const softmaxPointers = ["logits", "labels", "gradient", "losses", "weights"] as const;

/** What the gradient of a row is made of. */
export interface RowGradient {
  /** d loss / d logit of the target. */
  readonly own: V128;
  /** d loss / d logit of another class, divided by its term; or by its share of the others, if that is not null. */
  readonly perTerm: V128;
  /** By what a term is multiplied first, so that slopes keep their digits down to 1e-37; null where none is so small. */
  readonly share: V128 | null;
}

/** Four rows, one per lane, whose terms are summed. */
export interface SummedRows {
  readonly sums: SoftmaxSums;
  /** Ones in the lanes that count. */
  readonly valid: V128;
  readonly weight: V128 | null;
}

/** The formula of a loss for these rows. */
function formulaFor(code: Code, { positive, ranges, isCareful }: KernelFormula, order: 0 | 1, { sums }: SummedRows) {
  const hasLogarithm = partsOf(positive, order).some((part) => hasView(part, "logOneMinusPt"));
  return new FormulaCode(code, softmaxViews(code, sums, isCareful, hasLogarithm), ranges);
}

/** What becomes of the losses of rows. */
export interface LossSum {
  /** Adds the losses of four rows, and gives them if they are at hand. */
  add(rows: SummedRows, compute: FormulaCode): V128 | null;
  /** Adds what is left, so that the next block begins anew. */
  end(): void;
}

/** Adds up the losses of rows, each computed, weighted, and added in float64. */
export function plainSum(code: Code, formula: KernelFormula, total: Local<"v128">): LossSum {
  const { value, slope } = formula.positive;
  const logarithms = (["logPt", "logOneMinusPt"] as const).filter((name) => hasView(value, name));
  const isWatched = logarithms.length > 0 && hidesOverflow([value, slope], formula.ranges);
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
  const plain = plainSum(code, formula, total);
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

const weighted = (each: V128, weight: V128 | null) => (weight === null ? each : f32x4.mul(each, weight));

/** Four rows, ended. */
export interface EndedRows {
  readonly loss: V128 | null;
  readonly gradient: RowGradient | null;
}

/**
 * Adds the losses of four rows, one per lane, and gives what makes their gradients: the margin grows with the target's
 * logit by 1, and falls with another by its share of the others' sum.
 *
 * @param undefinedSlopes becomes NaN where a slope is none: it must not hide behind a loss that is defined
 */
export function endRows(
  code: Code,
  formula: KernelFormula,
  { order }: SoftmaxVariant,
  rows: SummedRows,
  sum: LossSum,
  undefinedSlopes: Local<"v128">,
): EndedRows {
  const { sums, valid, weight } = rows;
  const compute = formulaFor(code, formula, order, rows);
  const loss = sum.add(rows, compute);
  if (order === 0) return { loss, gradient: null };
  const [part, plus, minus] = signedBy(formula.positive.slope, callSymbols.scale, callSymbols.minusScale);
  const slope = code.keep(weighted(compute.value(part), weight), "slope");
  const own = code.keep(f32x4.mul(slope, code.symbol(plus)), "own");
  // Where no other class is possible, nothing flows to others, and their terms are 0.
  const others = f32x4.pmax(sums.others, code.number(smallestOthers));
  const ofOthers = f32x4.mul(slope, code.symbol(minus));
  const isApart = mayVanish(formula.positive.slope, formula.ranges);
  const perTerm = code.keep(isApart ? ofOthers : f32x4.div(ofOthers, others), "perTerm");
  const share = isApart ? code.keep(f32x4.div(code.number(1), others), "share") : null;
  // That of cross entropy is undefined only where the loss is, too, and so is its share of the others.
  if (!isSurprisal(formula.positive)) {
    const both = code.keep(f32x4.add(own, perTerm), "both");
    code.set(undefinedSlopes, f32x4.add(undefinedSlopes, v128.and(f32x4.sub(both, both), valid)));
  }
  return { loss, gradient: { own, perTerm, share } };
}
