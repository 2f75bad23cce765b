// The softmax kernel for few classes: four rows side by side, one per lane, turned by 90 degrees on the way in and out.
import { Code, type Local } from "./assembler/code.ts";
import { f32x4, type I32, i32, i32x4, type V128, v128 } from "./assembler/instructions.ts";
import { bitsOf, distanceIn, firstPower, fits, isFiniteTop, powersFor } from "./frames.ts";
import type { Kernel, KernelFormula } from "./kernel.ts";
import { exponentialIn, frameOf } from "./mathematics/exponential.ts";
import { endRows, type SoftmaxVariant, softmaxParameters } from "./softmaxEnd.ts";
import { firstLanes, nan, storeLanes, sumOfLanes } from "./sums.ts";

const lanes = [0, 1, 2, 3] as const;
const two = i32.constant(2);
const bytesPerVector = 16;

/** How many bytes of scratch a narrow kernel needs: the terms of four rows, turned. */
export function narrowScratch(classes: number): number {
  return bytesPerVector * classes;
}

/** Makes the kernel of a loss for batches of this shape. */
export function narrowKernel(formula: KernelFormula, variant: SoftmaxVariant, fused: boolean): Kernel {
  const code = new Code("run", fused);
  const { logits, labels, gradient, losses, weights, scratch, rows, classes } = softmaxParameters(code);
  const rowBytes = code.keep(i32.shiftLeft(classes, two), "rowBytes");
  const classesBits = code.keep(bitsOf(classes), "classesBits");
  const allClasses = code.keep(i32x4.splat(classes), "allClasses");
  const valid = code.keep(v128.not(code.bits(0)), "valid");
  const total = code.local("total", "v128");
  const guess = code.local("guess", "v128");
  const power = code.local("power", "v128");
  const first = code.local("first", "i32");
  const left = code.keep(rows, "left");
  const isWhole = code.local("isWhole", "i32");
  const label = code.local("label", "v128");
  const steps = lanes.map((k) => code.keep(rowBytes, `step${k}`));
  const places = lanes.map((k) => code.local(`place${k}`, "i32"));
  const ofTarget = lanes.map((k) => code.local(`ofTarget${k}`, "i32"));
  const targetTerm = code.local("targetTerm", "v128");
  const others = code.local("others", "v128");
  const tried = code.local("tried", "i32");
  const again = code.local("again", "i32");

  /** Finds the four rows in an array. */
  const setPlaces = (array: I32) => {
    code.set(places[0], i32.add(array, i32.mul(first, rowBytes)));
    for (const k of [1, 2, 3]) code.set(places[k], i32.add(places[k - 1], steps[k]));
  };
  const isThere = (k: number) => i32.greater(left, i32.constant(k));
  /** The numbers of the four rows in an array with one for each. */
  const perRow = (array: I32, into: Local<"v128">) => {
    const place = code.keep(i32.add(array, i32.shiftLeft(first, two)), "place");
    code.set(into, v128.load(place));
    code.if(i32.isZero(isWhole), () => {
      for (const k of [1, 2, 3]) {
        code.set(place, i32.add(place, i32.select(i32.constant(4), i32.constant(0), isThere(k))));
        code.set(into, v128.loadLane(k, place, into));
      }
    });
    return into;
  };

  code.set(guess, code.number(firstPower));
  code.while(left, () => {
    code.set(isWhole, isThere(3));
    // After the last row it is repeated: written twice, counted once.
    code.if(i32.isZero(isWhole), () => {
      code.set(valid, firstLanes(code, left));
      for (const k of [1, 2, 3]) code.set(steps[k], i32.select(rowBytes, i32.constant(0), isThere(k)));
    });
    perRow(labels, label);
    code.if(i32.isZero(i32x4.all(i32x4.less(label, allClasses))), () => code.return(nan));
    setPlaces(logits);
    for (const k of lanes) code.set(ofTarget[k], i32.shiftLeft(i32x4.lane(k, label), two));
    const target = gathered(
      code,
      lanes.map((k) => i32.add(places[k], ofTarget[k])),
    );

    code.set(power, guess);
    code.set(tried, i32.constant(0));
    code.loop(() => {
      const frame = frameOf(code, power, formula.isCareful);
      const term = code.keep(scratch, "term");
      code.set(others, code.number(0));
      forEachColumn(code, places, classes, label, [[term, bytesPerVector]], (column, isTarget, k) => {
        const each = exponentialIn(code, column, frame);
        if (variant.order > 0) code.do(v128.store(term, each, bytesPerVector * k));
        // The target is left out.
        code.set(others, f32x4.add(others, v128.andNot(each, isTarget)));
      });
      code.set(targetTerm, exponentialIn(code, target, frame));
      const unfit = i32.isZero(i32x4.all(fits(code, others, targetTerm)));
      code.set(again, i32.and(unfit, i32.isZero(tried)));
      code.if(again, () => {
        code.set(tried, i32.constant(1));
        const impossible = code.number(Number.NEGATIVE_INFINITY);
        const largest = code.keep(impossible, "largest");
        forEachColumn(code, places, classes, label, [], (column, isTarget) =>
          code.set(largest, f32x4.max(largest, v128.select(impossible, column, isTarget))),
        );
        const top = f32x4.max(largest, target);
        code.if(i32.isZero(i32x4.all(isFiniteTop(code, top))), () => code.return(nan));
        const chosen = powersFor(code, largest, target, classesBits);
        code.set(power, chosen.power);
        code.set(guess, chosen.guess);
      });
      return again;
    });

    const weight = variant.weights ? perRow(weights, code.local("weight", "v128")) : null;
    const distance = distanceIn(code, target, power);
    const ended = endRows(code, formula, variant, { target: targetTerm, others, distance }, { valid, weight, total });
    if (variant.losses) {
      const place = code.keep(i32.add(losses, i32.shiftLeft(first, two)), "place");
      code.if(
        isWhole,
        () => code.do(v128.store(place, ended.loss)),
        () => storeLanes(code, place, ended.loss, left),
      );
    }
    if (ended.gradient !== null) {
      setPlaces(gradient);
      turnOut(code, scratch, places, classes, ended.gradient.perTerm);
      for (const k of lanes) code.do(v128.storeLane(k, i32.add(places[k], ofTarget[k]), ended.gradient.own));
    }
    code.set(first, i32.add(first, i32.constant(4)));
    code.set(left, i32.select(i32.sub(left, i32.constant(4)), i32.constant(0), i32.greater(left, i32.constant(4))));
  });
  code.return(sumOfLanes(total));
  return { function: code.finish("f64"), constants: code.constantValues };
}

/**
 * Runs along the columns of four rows.
 *
 * @param rows where the rows begin; whole vectors are read, beyond the ends of rows, too
 * @param pointers run along, each by its step per column
 * @param body gets a column, ones where it is the target's, and by how many columns it lies behind the pointers
 */
function forEachColumn(
  code: Code,
  rows: readonly I32[],
  classes: I32,
  label: V128,
  pointers: readonly (readonly [Local<"i32">, number])[],
  body: (column: V128, isTarget: V128, k: number) => void,
): void {
  const places = rows.map((row) => code.keep(row, "place"));
  const ahead = code.keep(label, "ahead");
  const one = (column: V128, k: number) => body(column, i32x4.equal(ahead, code.bits(k)), k);
  const load = () => places.map((place) => code.keep(v128.load(place), "row"));
  alongColumns(
    code,
    places[0],
    classes,
    [...places.map((place) => [place, 4] as const), ...pointers],
    () => {
      const vectors = load();
      [...firstTwo(code, vectors), ...lastTwo(code, vectors)].forEach(one);
      code.set(ahead, i32x4.sub(ahead, code.bits(4)));
    },
    (rest) => {
      const vectors = load();
      const [first, second] = firstTwo(code, vectors);
      one(first, 0);
      code.if(i32.greater(rest, i32.constant(1)), () => one(second, 1));
      code.if(i32.greater(rest, i32.constant(2)), () => one(lastTwo(code, vectors)[0], 2));
    },
  );
}

/** Copies columns into four rows, each number multiplied by its row's factor. */
function turnOut(code: Code, columns: I32, rows: readonly I32[], classes: I32, factor: V128): void {
  const column = code.keep(columns, "column");
  const places = rows.map((row) => code.keep(row, "place"));
  const scaled = (k: number) => code.keep(f32x4.mul(v128.load(column, bytesPerVector * k), factor), "scaled");
  alongColumns(
    code,
    places[0],
    classes,
    [...places.map((place) => [place, 4] as const), [column, bytesPerVector]],
    () => {
      const vectors = lanes.map(scaled);
      [...firstTwo(code, vectors), ...lastTwo(code, vectors)].forEach((row, k) => {
        code.do(v128.store(places[k], row));
      });
    },
    (rest) => {
      const [first, second] = [scaled(0), scaled(1)];
      const storeLast = (vector: V128, offset: number) => {
        for (const k of lanes) code.do(v128.storeLane(k, places[k], vector, offset));
      };
      code.if(
        i32.equal(rest, i32.constant(1)),
        () => storeLast(first, 0),
        () => {
          for (const [k, pair] of [lowPairs(code, first, second), highPairs(code, first, second)].entries()) {
            for (const half of [0, 1]) code.do(v128.storeHalf(half, places[2 * k + half], pair));
          }
        },
      );
      code.if(i32.equal(rest, i32.constant(3)), () => storeLast(scaled(2), 8));
    },
  );
}

/** Lets pointers run along columns, each by its step per column: four at a time, then the one to three that remain. */
function alongColumns(
  code: Code,
  place: I32,
  classes: I32,
  pointers: readonly (readonly [Local<"i32">, number])[],
  four: () => void,
  last: (rest: I32) => void,
): void {
  const end = code.keep(i32.add(place, i32.shiftLeft(i32.and(classes, i32.constant(-4)), two)), "end");
  const rest = code.keep(i32.and(classes, i32.constant(3)), "rest");
  const steps = pointers.map(([pointer, step]) => [pointer, 4 * step] as const);
  code.if(i32.less(place, end), () => code.advance(steps, end, four));
  code.if(rest, () => last(rest));
}

/** a0 b0 a1 b1 */
const lowPairs = (code: Code, a: V128, b: V128) => code.keep(v128.shuffle([0, 4, 1, 5], a, b), "pairs");
/** a2 b2 a3 b3 */
const highPairs = (code: Code, a: V128, b: V128) => code.keep(v128.shuffle([2, 6, 3, 7], a, b), "pairs");

/** Of four vectors as columns instead of rows, the first two. */
function firstTwo(code: Code, [a, b, c, d]: readonly V128[]): readonly [V128, V128] {
  return joined(lowPairs(code, a, b), lowPairs(code, c, d));
}

/** The same, the last two. */
function lastTwo(code: Code, [a, b, c, d]: readonly V128[]): readonly [V128, V128] {
  return joined(highPairs(code, a, b), highPairs(code, c, d));
}

const joined = (ab: V128, cd: V128) =>
  [v128.shuffle([0, 1, 4, 5], ab, cd), v128.shuffle([2, 3, 6, 7], ab, cd)] as const;

/** The 32-bit numbers at four addresses. */
function gathered(code: Code, addresses: readonly I32[]): V128 {
  const [first, ...others] = addresses;
  return code.keep(
    others.reduce<V128>((vector, address, k) => v128.loadLane(k + 1, address, vector), v128.loadFirst(first)),
    "gathered",
  );
}
