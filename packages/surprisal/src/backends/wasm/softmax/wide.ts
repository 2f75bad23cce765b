// The softmax kernel for many classes: row after row, each read once, and its gradient scaled while it is in the cache.
import { Code, type Local, type Target } from "../assembler/code.ts";
import { f32, f32x4, f64, type I32, i32, i32x4, type V128, v128 } from "../assembler/instructions.ts";
import type { KernelFormula } from "../formula/kernelFormula.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { addToTotal, nan, sumOfLanes } from "../kernel/totals.ts";
import { firstLanes, forEachVector, laneNumbers, storeLanes } from "../kernel/vectors.ts";
import { besideSum, exponentialIn } from "../mathematics/exponential.ts";
import { frameOf, runInFrame } from "../mathematics/frame.ts";
import { endRows, type RowGradient } from "./end.ts";
import { bitsOf, distanceIn, firstPower, frameForRow, isFiniteTop, isUnfit } from "./frames.ts";
import { plainSum } from "./lossSum.ts";
import { type SoftmaxVariant, softmaxParameters } from "./variant.ts";

const bytesPerVector = 16;
/** How many bytes of terms are summed in float32 before the sum goes on in float64. */
const bytesPerSum = 128 * bytesPerVector;
/** Rows are ended four at a time if so many of them stay in the first level of the cache. */
const largestGrouped = 2048;

/** What the rows of a group leave in the scratch area, a vector each. */
const slots = {
  target: 0,
  power: 16,
  others: 32,
  lost: 48,
  weight: 64,
  losses: 80,
  own: 96,
  perTerm: 112,
  share: 128,
} as const;
/** How many bytes of scratch a wide kernel needs. */
export const wideScratch = 144;

/** Makes the kernel of a loss for batches of this shape. */
export function wideKernel(formula: KernelFormula, variant: SoftmaxVariant, target: Target): Kernel {
  const code = new Code("run", target);
  const { logits, labels, gradient, losses, weights, scratch, rows, classes } = softmaxParameters(code, variant);
  const two = i32.constant(2);
  const rowBytes = code.keep(i32.shiftLeft(classes, two), "rowBytes");
  const rest = code.keep(i32.and(classes, i32.constant(3)), "rest");
  const fullBytes = code.keep(i32.shiftLeft(i32.sub(classes, rest), two), "fullBytes");
  const classesBits = code.keep(bitsOf(classes), "classesBits");
  const isGrouped = i32.isZero(i32.greater(classes, i32.constant(largestGrouped)));
  const groupSize = code.keep(i32.select(i32.constant(4), i32.constant(1), isGrouped), "groupSize");
  const columns = laneNumbers(code);
  const total = code.local("total", "v128");
  const undefinedSlopes = code.local("undefined", "v128");
  const guess = code.local("guess", "v128");
  /** Whether a logit was outside a frame. */
  const isClosed = code.local("isClosed", "i32");
  const group = code.local("group", "i32");
  const inGroup = code.local("inGroup", "i32");
  const row = code.local("row", "i32");
  const slot = code.local("slot", "i32");
  const label = code.local("label", "i32");
  const from = code.local("from", "i32");
  const to = code.local("to", "i32");
  const last = {
    target: code.local("targetTerm", "v128"),
    others: code.local("others", "v128"),
    lost: code.local("lost", "v128"),
  };

  /** Goes through the rows of a group; `slot` is where each has its number in a vector. */
  const forEachRow = (body: () => void) => {
    code.set(row, group);
    code.set(slot, scratch);
    code.set(from, i32.add(logits, i32.mul(row, rowBytes)));
    if (gradient !== null) code.set(to, i32.add(gradient, i32.mul(row, rowBytes)));
    code.loop(() => {
      code.set(label, i32.load(i32.add(labels, i32.shiftLeft(row, two))));
      body();
      code.set(slot, i32.add(slot, i32.constant(4)));
      code.set(from, i32.add(from, rowBytes));
      if (gradient !== null) code.set(to, i32.add(to, rowBytes));
      code.set(row, i32.add(row, i32.constant(1)));
      return i32.less(row, i32.add(group, inGroup));
    });
  };

  // The errors of many terms average out, unless one is nearly all of a row; then a power shows them.
  const care = formula.isCareful ? "careful" : "plain";
  const lossSum = plainSum(code, formula, total, variant.order);
  code.set(guess, code.number(firstPower));
  code.while(i32.less(group, rows), () => {
    code.set(inGroup, i32.sub(rows, group));
    code.set(inGroup, i32.select(inGroup, groupSize, i32.less(inGroup, groupSize)));
    forEachRow(() => {
      code.if(i32.isZero(i32.less(label, classes)), () => code.return(nan));
      const target = code.keep(v128.loadSplat(i32.add(from, i32.shiftLeft(label, two))), "target");
      const power = code.keep(guess, "power");
      const origin = code.keep(code.number(0), "origin");
      const tried = code.keep(i32.constant(0), "tried");
      const again = code.local("again", "i32");
      code.loop(() => {
        sumRow(power, origin);
        code.set(again, i32.and(isUnfit(code, last.others, last.target), i32.isZero(tried)));
        code.if(again, () => {
          code.set(tried, i32.constant(1));
          const largest = code.keep(f32x4.splat(largestOther(code, from, label, rowBytes)), "largest");
          code.if(i32.isZero(i32x4.all(isFiniteTop(code, f32x4.max(largest, target)))), () => code.return(nan));
          const chosen = frameForRow(code, largest, target, classesBits, guess);
          code.set(power, chosen.power);
          code.set(origin, chosen.origin);
        });
        return again;
      });
      const kept: readonly (readonly [number, V128])[] = [
        [slots.target, f32x4.sub(target, origin)],
        [slots.power, power],
        [slots.others, last.others],
        [slots.lost, last.lost],
      ];
      for (const [offset, value] of kept) code.do(v128.storeLane(0, slot, value, offset));
      if (weights !== null) {
        code.do(f32.store(slot, f32.load(i32.add(weights, i32.shiftLeft(row, two))), slots.weight));
      }
    });

    const of = (offset: number) => code.keep(v128.load(scratch, offset), "slots");
    const [target, power] = [of(slots.target), of(slots.power)];
    // On the term of the target all depends, and there is but one: it is computed anew.
    const ratio = besideSum(code, target, power, of(slots.others), of(slots.lost));
    const groupRows = {
      sums: {
        target: code.keep(ratio.exponential, "targetTerm"),
        others: code.keep(ratio.sum, "others"),
        distance: () => distanceIn(code, target, power),
      },
      valid: firstLanes(code, inGroup),
      weight: variant.weights ? of(slots.weight) : null,
    };
    const end = { order: variant.order, sum: lossSum, undefinedSlopes };
    const { loss, gradient: rowGradient } = endRows(code, formula, groupRows, end);
    if (variant.losses && loss !== null) code.do(v128.store(scratch, loss, slots.losses));
    if (rowGradient !== null) {
      code.do(v128.store(scratch, rowGradient.own, slots.own));
      code.do(v128.store(scratch, rowGradient.perTerm, slots.perTerm));
      if (rowGradient.share !== null) code.do(v128.store(scratch, rowGradient.share, slots.share));
    }
    if (rowGradient !== null || variant.losses) {
      forEachRow(() => {
        if (losses !== null) {
          code.do(f32.store(i32.add(losses, i32.shiftLeft(row, two)), f32.load(slot, slots.losses)));
        }
        if (rowGradient !== null) scaleRow(rowGradient);
      });
    }
    code.set(group, i32.add(group, inGroup));
  });
  addToTotal(code, total, undefinedSlopes);
  code.return(sumOfLanes(total));

  /**
   * Sums the terms of a row in a frame, the target's apart, and leaves them in the gradient. Where there is an origin,
   * each vector goes the way of the target's.
   */
  function sumRow(power: Local<"v128">, origin: Local<"v128">): void {
    const frame = frameOf(code, power, care);
    const isMoved = code.keep(v128.any(origin), "isMoved");
    const sum = code.keep(code.number(0), "sum");
    const partial = code.local("partial", "v128");
    code.set(last.target, code.number(0));
    const place = code.keep(from, "place");
    const out = code.keep(to, "out");
    const end = code.local("end", "i32");
    const fullEnd = code.keep(i32.add(from, fullBytes), "fullEnd");
    const allEnd = code.keep(i32.add(from, rowBytes), "allEnd");
    const blockOfTarget = code.keep(
      i32.add(from, i32.shiftLeft(i32.and(label, i32.constant(-4)), two)),
      "blockOfTarget",
    );
    const pointers = gradient !== null ? [place, out] : [place];
    code.loop(() => {
      const starts = pointers.map((each) => code.keep(each, "start"));
      code.set(end, i32.add(place, i32.constant(bytesPerSum)));
      code.set(end, i32.select(end, fullEnd, i32.less(end, fullEnd)));
      code.if(i32.isZero(i32.greater(place, blockOfTarget)), () =>
        code.set(end, i32.select(end, blockOfTarget, i32.less(end, blockOfTarget))),
      );
      code.set(end, i32.select(place, end, isMoved));
      const begin = () => {
        code.set(partial, code.number(0));
        for (const [k, each] of pointers.entries()) code.set(each, starts[k]);
      };
      runInFrame(code, frame, { power, isClosed, begin }, (within) =>
        forEachVector(code, pointers, end, (offset) => {
          const term = exponentialIn(code, v128.load(place, offset), within);
          if (gradient !== null) code.do(v128.store(out, term, offset));
          code.set(partial, f32x4.add(partial, term));
        }),
      );
      const isLast = i32.and(i32.equal(place, fullEnd), i32.less(fullEnd, allEnd));
      code.if(i32.or(i32.or(i32.equal(place, blockOfTarget), isLast), isMoved), () => {
        const first = i32.sub(classes, i32.shiftRight(i32.sub(allEnd, place), two));
        const column = code.keep(i32x4.add(columns, i32x4.splat(first)), "column");
        const term = exponentialIn(code, f32x4.sub(v128.load(place), origin), frame);
        const isTarget = code.keep(i32x4.equal(column, i32x4.splat(label)), "isTarget");
        const isOther = v128.andNot(i32x4.less(column, i32x4.splat(classes)), isTarget);
        code.set(partial, f32x4.add(partial, v128.and(term, isOther)));
        code.set(last.target, v128.or(last.target, v128.and(term, isTarget)));
        if (gradient !== null) {
          code.if(
            i32.less(place, fullEnd),
            () => code.do(v128.store(out, term)),
            () => storeLanes(code, out, term, rest),
          );
        }
        for (const each of pointers) code.set(each, i32.add(each, i32.constant(bytesPerVector)));
      });
      addToTotal(code, sum, partial);
      return i32.less(place, allEnd);
    });
    const exact = code.keep(sumOfLanes(sum), "exact");
    const rounded = code.keep(f32.fromF64(exact), "rounded");
    code.set(last.others, f32x4.splat(rounded));
    code.set(last.lost, f32x4.splat(f32.fromF64(f64.sub(exact, f64.fromF32(rounded)))));
    // One lane has the target's term, the others 0.
    const pairs = code.keep(f32x4.add(last.target, v128.shuffle([2, 3, 0, 1], last.target, last.target)), "pairs");
    code.set(last.target, f32x4.add(pairs, v128.shuffle([1, 0, 3, 2], pairs, pairs)));
  }

  /** Makes the gradient of a row from its terms. */
  function scaleRow(rowGradient: RowGradient): void {
    const factor = code.keep(v128.loadSplat(slot, slots.perTerm), "factor");
    const share = rowGradient.share !== null ? code.keep(v128.loadSplat(slot, slots.share), "share") : null;
    const scaled = (terms: V128) => f32x4.mul(share === null ? terms : f32x4.mul(terms, share), factor);
    const place = code.keep(to, "place");
    const fullEnd = code.keep(i32.add(to, fullBytes), "fullEnd");
    const allEnd = code.keep(i32.add(to, rowBytes), "allEnd");
    forEachVector(code, [place], fullEnd, (offset) =>
      code.do(v128.store(place, scaled(v128.load(place, offset)), offset)),
    );
    code.while(i32.less(place, allEnd), () => {
      code.do(v128.storeLane(0, place, scaled(v128.loadSplat(place))));
      code.set(place, i32.add(place, i32.constant(4)));
    });
    code.do(f32.store(i32.add(to, i32.shiftLeft(label, two)), f32.load(slot, slots.own)));
  }
  return { function: code.finish("f64"), constants: code.constantValues };
}

/** The largest logit of a row without that of the target; NaN if one is NaN. Rarely needed, so it may be slow. */
function largestOther(code: Code, row: I32, label: I32, rowBytes: I32): Local<"f32"> {
  const largest = code.keep(f32.constant(Number.NEGATIVE_INFINITY), "largest");
  const place = code.keep(row, "place");
  const ofTarget = code.keep(i32.add(row, i32.shiftLeft(label, i32.constant(2))), "ofTarget");
  const end = code.keep(i32.add(row, rowBytes), "end");
  code.advance([[place, 4]], end, () =>
    code.if(i32.sub(place, ofTarget), () => code.set(largest, f32.max(largest, f32.load(place)))),
  );
  return largest;
}
