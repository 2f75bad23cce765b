// The softmax kernel for few classes: four rows side by side, one per lane, turned by 90 degrees on the way in and out.
import { Code, type Local } from "./assembler/code.ts";
import { f32x4, type I32, i32, i32x4, type V128, v128 } from "./assembler/instructions.ts";
import { bitsOf, distanceIn, firstPower, fits, isFiniteTop, powersFor } from "./frames.ts";
import { isSurprisal, type Kernel, type KernelFormula } from "./kernel.ts";
import { exponentialIn, frameOf } from "./mathematics/exponential.ts";
import { endRows, plainSum, productSum, type SoftmaxVariant, softmaxParameters } from "./softmaxEnd.ts";
import { firstLanes, forEachVector, nan, storeLanes, sumOfLanes } from "./sums.ts";

const lanes = [0, 1, 2, 3] as const;
const two = i32.constant(2);
const bytesPerVector = 16;
/** After so many rows a product of losses is not continued, so that its rounding errors stay small. */
const rowsPerLogarithm = 128;

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

  const impossible = code.number(Number.NEGATIVE_INFINITY);
  /** Copies the rows into columns, each target replaced by a class that cannot happen: it is left out of all sums. */
  const takeIn = () => {
    turnIn(code, places, scratch, classes);
    for (const k of lanes) {
      // As a whole vector: one that is read after only a part was written makes the processor wait.
      const column = code.keep(i32.add(scratch, i32.shiftLeft(ofTarget[k], two)), "column");
      const kept = lanes.map((lane) => (lane === k ? 4 : lane)) as [number, number, number, number];
      code.do(v128.store(column, v128.shuffle(kept, v128.load(column), impossible)));
    }
  };
  const isProduct = isSurprisal(formula.positive) && !variant.losses && !variant.weights;
  const isDue = i32.isZero(i32.and(first, i32.constant(rowsPerLogarithm - 1)));
  const lossSum = isProduct ? productSum(code, formula, total, isDue) : plainSum(code, formula, total);
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

    takeIn();
    code.set(power, guess);
    code.set(tried, i32.constant(0));
    code.loop(() => {
      const frame = frameOf(code, power, formula.isCareful);
      code.set(others, code.number(0));
      forEachColumn(code, scratch, classes, (address, offset) => {
        const term = exponentialIn(code, v128.load(address, offset), frame);
        if (variant.order > 0) code.do(v128.store(address, term, offset));
        code.set(others, f32x4.add(others, term));
      });
      code.set(targetTerm, exponentialIn(code, target, frame));
      const unfit = i32.isZero(i32x4.all(fits(code, others, targetTerm)));
      code.set(again, i32.and(unfit, i32.isZero(tried)));
      code.if(again, () => {
        code.set(tried, i32.constant(1));
        takeIn();
        const largest = code.keep(impossible, "largest");
        forEachColumn(code, scratch, classes, (address, offset) =>
          code.set(largest, f32x4.max(largest, v128.load(address, offset))),
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
    const rowsHere = { sums: { target: targetTerm, others, distance }, valid, weight };
    const ended = endRows(code, formula, variant, rowsHere, lossSum, total);
    if (variant.losses && ended.loss !== null) {
      const { loss } = ended;
      const place = code.keep(i32.add(losses, i32.shiftLeft(first, two)), "place");
      code.if(
        isWhole,
        () => code.do(v128.store(place, loss)),
        () => storeLanes(code, place, loss, left),
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
  lossSum.end();
  code.return(sumOfLanes(total));
  return { function: code.finish("f64"), constants: code.constantValues };
}

/** Copies four rows into an array of their columns. */
function turnIn(code: Code, rows: readonly I32[], columns: I32, classes: I32): void {
  const column = code.keep(columns, "column");
  const places = rows.map((row) => code.keep(row, "place"));
  const put = (k: number, value: V128) => code.do(v128.store(column, value, bytesPerVector * k));
  alongColumns(code, classes, places, [[column, bytesPerVector]], {
    four() {
      const [a, b, c, d] = places.map((place) => code.keep(v128.load(place), "row"));
      const [ab, cd] = [pairs(code, a, b), pairs(code, c, d)];
      for (const k of lanes) put(k, joined(k, ab, cd));
    },
    two() {
      const halves = (a: I32, b: I32) => code.keep(v128.loadHalf(1, b, v128.loadFirstHalf(a)), "halves");
      const [a, b, c, d] = places;
      const [ab, cd] = [halves(a, b), halves(c, d)];
      put(0, v128.shuffle([0, 2, 4, 6], ab, cd));
      put(1, v128.shuffle([1, 3, 5, 7], ab, cd));
    },
    one: () => put(0, gathered(code, places)),
  });
}

/** Runs along columns. */
function forEachColumn(code: Code, columns: I32, classes: I32, body: (address: I32, offset: number) => void): void {
  const address = code.keep(columns, "column");
  const end = code.keep(i32.add(address, i32.shiftLeft(classes, i32.constant(4))), "end");
  forEachVector(code, [address], end, (offset) => body(address, offset));
}

/** Copies columns into four rows, each number multiplied by its row's factor. */
function turnOut(code: Code, columns: I32, rows: readonly I32[], classes: I32, factor: V128): void {
  const column = code.keep(columns, "column");
  const places = rows.map((row) => code.keep(row, "place"));
  const scaled = (k: number) => code.keep(f32x4.mul(v128.load(column, bytesPerVector * k), factor), "scaled");
  alongColumns(code, classes, places, [[column, bytesPerVector]], {
    four() {
      const [a, b, c, d] = lanes.map(scaled);
      const [left, right] = [pairs(code, a, b), pairs(code, c, d)];
      places.forEach((place, row) => {
        code.do(v128.store(place, joined(row, left, right)));
      });
    },
    two() {
      const both = pairs(code, scaled(0), scaled(1));
      places.forEach((place, row) => {
        code.do(v128.storeHalf(row % 2, place, both[row >> 1]));
      });
    },
    one() {
      const only = scaled(0);
      for (const k of lanes) code.do(v128.storeLane(k, places[k], only));
    },
  });
}

/**
 * Lets pointers run along columns: four at a time, then what remains.
 *
 * @param places of rows, 4 bytes per column
 * @param pointers others that run along, each by its step per column
 */
function alongColumns(
  code: Code,
  classes: I32,
  places: readonly Local<"i32">[],
  pointers: readonly (readonly [Local<"i32">, number])[],
  body: Readonly<Record<"four" | "two" | "one", () => void>>,
): void {
  const steps = [...places.map((place) => [place, 4] as const), ...pointers];
  const forward = (columns: number) => steps.map(([pointer, step]) => [pointer, columns * step] as const);
  const end = code.keep(i32.add(places[0], i32.shiftLeft(i32.and(classes, i32.constant(-4)), two)), "end");
  code.if(i32.less(places[0], end), () => code.advance(forward(4), end, body.four));
  code.if(i32.and(classes, two), () => {
    body.two();
    for (const [pointer, step] of forward(2)) code.set(pointer, i32.add(pointer, i32.constant(step)));
  });
  code.if(i32.and(classes, i32.constant(1)), body.one);
}

/** a0 b0 a1 b1, and a2 b2 a3 b3. */
function pairs(code: Code, a: V128, b: V128): readonly [V128, V128] {
  const low = code.keep(v128.shuffle([0, 4, 1, 5], a, b), "pairs");
  return [low, code.keep(v128.shuffle([2, 6, 3, 7], a, b), "pairs")];
}

/** One of the four vectors that two lists of pairs make, as columns of what was rows. */
function joined(k: number, left: readonly V128[], right: readonly V128[]): V128 {
  return v128.shuffle(k % 2 === 0 ? [0, 1, 4, 5] : [2, 3, 6, 7], left[k >> 1], right[k >> 1]);
}

/** The 32-bit numbers at four addresses. */
function gathered(code: Code, addresses: readonly I32[]): V128 {
  const [first, ...others] = addresses;
  return code.keep(
    others.reduce<V128>((vector, address, k) => v128.loadLane(k + 1, address, vector), v128.loadFirst(first)),
    "gathered",
  );
}
