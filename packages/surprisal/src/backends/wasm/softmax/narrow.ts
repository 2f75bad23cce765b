// The softmax kernel for few classes: block after block of rows, in stages that each do one thing to a whole block.
//
// Terms need no rows, so they are computed as if all logits were one row, in one frame. Then the targets are taken out,
// and four rows at a time are summed and ended. Stages keep apart what would wait for each other: a processor does not
// find the next exponential behind the last division of a row. And they leave little to be looked at in between.
import { Code, type Target } from "../assembler/code.ts";
import { f32, f32x4, type I32, i32, i32x4, type V128, v128 } from "../assembler/instructions.ts";
import type { KernelFormula } from "../formula/kernelFormula.ts";
import { hasPower, isSurprisal, partsOf } from "../formula/parts.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { addToTotal, nan, sumOfLanes } from "../kernel/totals.ts";
import { firstLanes, forEachVector, storeFirst } from "../kernel/vectors.ts";
import { exponentialIn } from "../mathematics/exponential.ts";
import { type Care, frameOf, runInFrame } from "../mathematics/frame.ts";
import { endRows, type RowCurvature, type RowGradient } from "./end.ts";
import { bitsThatFit, distanceIn, firstPower, frameForRow, isFiniteTop } from "./frames.ts";
import { plainSum, productSum } from "./lossSum.ts";
import { RowCode } from "./rowCode.ts";
import { type SoftmaxVariant, softmaxParameters } from "./variant.ts";

const two = i32.constant(2);
const bytesPerVector = 16;
/** About how many numbers a block has: they stay in the first level of the cache. */
const numbersPerBlock = 1024;
/** Nor has it more rows than this, so that a product of their losses does not gather rounding errors. */
const mostRows = 128;

const rowsPerBlock = (classes: number) =>
  Math.min(mostRows, Math.max(4, 4 * Math.floor(numbersPerBlock / classes / 4)));

/** What a block keeps of each row beside its terms: a vector for four of them, one list behind the other. */
const lists = ["target", "others", "power", "origin"] as const;
type ListName = (typeof lists)[number];

/** How many bytes of scratch a narrow kernel needs: lists, then the terms, with room for a vector that is not full. */
export function narrowScratch(classes: number): number {
  return 4 * rowsPerBlock(classes) * (lists.length + classes) + bytesPerVector;
}

/** Makes the kernel of a loss for batches with so many classes. */
export function narrowKernel(formula: KernelFormula, variant: SoftmaxVariant, classes: number, target: Target): Kernel {
  const code = new Code("run", target);
  const { logits, labels, gradient, losses, weights, curvature, scratch, rows } = softmaxParameters(code, variant);
  const rowBytes = 4 * classes;
  const listBytes = 4 * rowsPerBlock(classes);
  const row = new RowCode(code, classes);
  const total = code.local("total", "v128");
  const undefinedSlopes = code.local("undefined", "v128");
  const guess = code.local("guess", "v128");
  /** Whether a logit was outside a frame. */
  const isClosed = code.local("isClosed", "i32");
  /** How many rows are done, how many this block has, and in a stage, how many are left. */
  const done = code.local("done", "i32");
  const count = code.local("count", "i32");
  const left = code.local("left", "i32");
  /** Where four rows have their numbers: each list and array is so far behind one of these, or is at it. */
  const atList = code.local("atList", "i32");
  const atRow = code.local("atRow", "i32");
  const atTerms = code.local("atTerms", "i32");
  /** By how much logits, gradients and curvatures are behind the terms. */
  const toLogits = code.local("toLogits", "i32");
  const toGradient = code.local("toGradient", "i32");
  const toCurvature = code.local("toCurvature", "i32");

  const listOffset = (name: ListName, k = 0) => lists.indexOf(name) * listBytes + 4 * k;
  const get = (name: ListName) => v128.load(atList, listOffset(name));
  const put = (name: ListName, value: V128) => code.do(v128.store(atList, value, listOffset(name)));
  /** Where the target of row k is, less the k rows before it. */
  const targetOf = (rows: I32, k: number) => i32.add(rows, i32.shiftLeft(i32.load(perRow(labels), 4 * k), two));
  const perRow = (array: I32) => i32.add(array, atRow);
  const isLast = i32.isZero(i32.greater(left, i32.constant(3)));
  const isThere = (k: number) => i32.greater(left, i32.constant(k));
  /** Does something with each of four rows that is there. */
  const forEachThere = (body: (k: number) => void) => {
    body(0);
    for (const k of [1, 2, 3]) code.if(isThere(k), () => body(k));
  };
  /** Ones in the lanes that have a row; only the last four of a batch may have fewer. */
  const valid = code.local("valid", "v128");
  const forEachGroup = (body: () => void) => {
    code.set(left, count);
    code.set(atList, scratch);
    code.set(atRow, i32.shiftLeft(done, two));
    code.set(atTerms, termsStart);
    code.loop(() => {
      body();
      code.set(atList, i32.add(atList, i32.constant(bytesPerVector)));
      code.set(atRow, i32.add(atRow, i32.constant(bytesPerVector)));
      code.set(atTerms, i32.add(atTerms, i32.constant(4 * rowBytes)));
      code.set(left, i32.sub(left, i32.constant(4)));
      return i32.positive(left);
    });
  };

  const termsStart = code.keep(i32.add(scratch, i32.constant(lists.length * listBytes)), "termsStart");
  const care = careOfTerms(formula, variant);
  const isProduct = isSurprisal(formula.positive) && !variant.losses && !variant.weights;
  const lossSum = isProduct ? productSum(code, formula, total) : plainSum(code, formula, total, variant.order);
  const most = i32.constant(rowsPerBlock(classes));
  code.set(guess, code.number(firstPower));
  code.while(i32.less(done, rows), () => {
    code.set(count, i32.sub(rows, done));
    code.set(count, i32.select(count, most, i32.less(count, most)));
    const start = i32.mul(done, i32.constant(rowBytes));
    code.set(toLogits, i32.sub(i32.add(logits, start), termsStart));
    if (gradient !== null) code.set(toGradient, i32.sub(i32.add(gradient, start), termsStart));
    if (curvature !== null) code.set(toCurvature, i32.sub(i32.add(curvature, start), termsStart));
    computeTerms();
    checkLabels();
    forEachGroup(takeTargets);
    sumRows();
    code.set(valid, v128.not(code.bits(0)));
    forEachGroup(endGroup);
    lossSum.end();
    code.set(done, i32.add(done, count));
  });
  addToTotal(code, total, undefinedSlopes);
  code.return(sumOfLanes(total));
  return { function: code.finish("f64"), constants: code.constantValues };

  /** Computes the terms of a block; those above its frame, like those far below, are cut off. */
  function computeTerms(): void {
    const frame = frameOf(code, guess, care);
    const bytes = i32.and(i32.add(i32.mul(count, i32.constant(rowBytes)), i32.constant(15)), i32.constant(-16));
    const end = code.keep(i32.add(i32.add(termsStart, toLogits), bytes), "end");
    const from = code.local("from", "i32");
    const to = code.local("to", "i32");
    const begin = () => {
      code.set(from, i32.add(termsStart, toLogits));
      code.set(to, termsStart);
    };
    runInFrame(code, frame, { power: guess, isClosed, begin }, (within) =>
      forEachVector(code, [from, to], end, (offset) =>
        code.do(v128.store(to, exponentialIn(code, v128.load(from, offset), within), offset)),
      ),
    );
  }

  function checkLabels(): void {
    const largest = code.keep(code.bits(0), "largest");
    const place = code.keep(i32.add(labels, i32.shiftLeft(done, two)), "place");
    const end = i32.add(place, i32.shiftLeft(i32.and(count, i32.constant(-4)), two));
    forEachVector(code, [place], code.keep(end, "end"), (offset) =>
      code.set(largest, i32x4.max(largest, v128.load(place, offset))),
    );
    const rest = firstLanes(code, i32.and(count, i32.constant(3)));
    code.set(largest, i32x4.max(largest, v128.and(v128.load(place), rest)));
    code.if(i32.isZero(i32x4.all(i32x4.less(largest, code.bits(classes)))), () => code.return(nan));
  }

  /** Moves the terms of targets to their list; the sums of rows are then those over the other classes. */
  function takeTargets(): void {
    forEachThere((k) => {
      const place = code.keep(targetOf(atTerms, k), "place");
      code.do(f32.store(atList, f32.load(place, k * rowBytes), listOffset("target", k)));
      code.do(f32.store(place, f32.constant(0), k * rowBytes));
    });
  }

  /** Sums rows, and those again whose numbers have no room in the frame of the block. */
  function sumRows(): void {
    const bounds = bitsThatFit(code);
    forEachGroup(() => {
      const others = code.keep(row.sums(atTerms), "others");
      const target = code.keep(get("target"), "target");
      code.if(isLast, () => {
        code.set(valid, firstLanes(code, left));
        for (const each of [others, target]) code.set(each, v128.select(each, code.number(1), valid));
      });
      put("others", others);
      put("power", guess);
      put("origin", code.number(0));
      bounds.note(others, target);
    });
    code.if(bounds.isBroken(), () => {
      forEachGroup(() => {
        const group = bitsThatFit(code);
        group.note(get("others"), get("target"));
        code.if(group.isBroken(), () => {
          reframe();
          put("others", row.sums(atTerms));
        });
      });
    });
  }

  /** Computes four rows again, each in a frame of its own. Rarely needed, so it is short rather than fast. */
  function reframe(): void {
    const rowTerms = code.keep(atTerms, "rowTerms");
    const k = code.keep(i32.constant(0), "k");
    const here = code.keep(i32.select(i32.constant(4), left, isThere(3)), "here");
    code.loop(() => {
      const quarter = code.keep(i32.shiftLeft(k, two), "quarter");
      const rowLogits = code.keep(i32.add(rowTerms, toLogits), "rowLogits");
      const ofTarget = code.keep(i32.load(i32.add(perRow(labels), quarter)), "ofTarget");
      const target = code.keep(v128.loadSplat(i32.add(rowLogits, i32.shiftLeft(ofTarget, two))), "target");
      const largest = row.largestOther(rowLogits, ofTarget);
      code.if(i32.isZero(i32x4.all(isFiniteTop(code, f32x4.max(largest, target)))), () => code.return(nan));
      const bits = code.number(32 - Math.clz32(classes));
      const { origin, power } = frameForRow(code, largest, target, bits, guess);
      const frame = frameOf(code, power, care);
      row.forEach([rowLogits, rowTerms], ([from, to], offset, numbers) => {
        const term = exponentialIn(code, f32x4.sub(v128.load(from, offset), origin), frame);
        storeFirst(code, numbers, to, term, offset);
      });
      const place = code.keep(i32.add(rowTerms, i32.shiftLeft(ofTarget, two)), "place");
      const inList = code.keep(i32.add(atList, quarter), "inList");
      code.do(f32.store(inList, f32.load(place), listOffset("target")));
      code.do(f32.store(place, f32.constant(0)));
      code.do(v128.storeLane(0, inList, power, listOffset("power")));
      code.do(v128.storeLane(0, inList, origin, listOffset("origin")));
      code.set(rowTerms, i32.add(rowTerms, i32.constant(rowBytes)));
      code.set(k, i32.add(k, i32.constant(1)));
      return i32.less(k, here);
    });
  }

  /** From sums to losses and gradients. */
  function endGroup(): void {
    code.if(isLast, () => code.set(valid, firstLanes(code, left)));
    const weight = weights !== null ? code.keep(v128.load(perRow(weights)), "weight") : null;
    const [target, others] = [code.keep(get("target"), "target"), code.keep(get("others"), "others")];
    const distance = () => distanceIn(code, f32x4.sub(targetLogits(), get("origin")), get("power"));
    const sums = { target, others, distance };
    const ended = endRows(
      code,
      formula,
      { sums, valid, weight },
      { order: variant.order, sum: lossSum, undefinedSlopes },
    );
    if (losses !== null && ended.loss !== null) {
      const { loss } = ended;
      const place = code.keep(perRow(losses), "place");
      forEachThere((k) => code.do(v128.storeLane(k, place, loss, 4 * k)));
    }
    if (ended.gradient !== null) writeGradient(ended.gradient);
    if (ended.curvature !== null) writeCurvature(ended.curvature);
  }

  function targetLogits(): V128 {
    const from = code.keep(i32.add(atTerms, toLogits), "from");
    const found = code.keep(code.bits(0), "logits");
    forEachThere((k) => code.set(found, v128.loadLane(k, targetOf(from, k), found, k * rowBytes)));
    return found;
  }

  /** That of row k of four in all lanes. */
  function ofRow(each: V128, k: number): V128 {
    return code.keep(v128.shuffle([k, k, k, k], each, each), "factor");
  }

  function writeCurvature({ own, minusSlope, others }: RowCurvature): void {
    const to = code.keep(i32.add(atTerms, toCurvature), "to");
    forEachThere((k) => {
      const [bend, slope, sum] = [own, minusSlope, others].map((each) => ofRow(each, k));
      const parts = row.partsOf(i32.add(atTerms, i32.constant(k * rowBytes)), sum);
      row.forEach([atTerms, to], ([from, to], inRow, numbers) => {
        const offset = k * rowBytes + inRow;
        const { share, rest } = parts(v128.load(from, offset));
        const inside = code.multiplyAdd(share, bend, f32x4.mul(slope, rest));
        storeFirst(code, numbers, to, code.keep(f32x4.mul(share, inside), "bent"), offset);
      });
      code.do(v128.storeLane(k, targetOf(to, k), own, k * rowBytes));
    });
  }

  function writeGradient({ own, perTerm, share }: RowGradient): void {
    const to = code.keep(i32.add(atTerms, toGradient), "to");
    forEachThere((k) => {
      const factor = ofRow(perTerm, k);
      const first = share === null ? null : ofRow(share, k);
      row.forEach([atTerms, to], ([from, to], inRow, numbers) => {
        const offset = k * rowBytes + inRow;
        const term = v128.load(from, offset);
        const scaled = code.keep(f32x4.mul(first === null ? term : f32x4.mul(term, first), factor), "scaled");
        storeFirst(code, numbers, to, scaled, offset);
      });
      code.do(v128.storeLane(k, targetOf(to, k), own, k * rowBytes));
    });
  }
}

/**
 * How exact the terms must be. A gradient shows each error, a sum of cross entropies only their average; other formulas
 * multiply errors, but a power by logarithm has larger ones of its own.
 */
function careOfTerms({ positive, isCareful }: KernelFormula, { order }: SoftmaxVariant): Care {
  if (isCareful) return "thorough";
  if (isSurprisal(positive)) return order === 0 ? "plain" : "careful";
  return partsOf(positive, order).some(hasPower) ? "plain" : "careful";
}
