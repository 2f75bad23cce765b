// The softmax kernel for few classes: four rows side by side, one per lane, turned by 90 degrees on the way in and out.
import { Code } from "./assembler/code.ts";
import { f32, f32x4, type I32, i32, i32x4, type V128, v128 } from "./assembler/instructions.ts";
import { bitsOf, distanceIn, firstPower, fits, isFiniteTop, powersFor } from "./frames.ts";
import type { Kernel, KernelFormula } from "./kernel.ts";
import { exponentialIn, frameOf } from "./mathematics/exponential.ts";
import { endRows, type SoftmaxVariant, softmaxParameters } from "./softmaxEnd.ts";
import { firstLanes, forEachVector, nan, sumOfLanes } from "./sums.ts";

const lanes = [0, 1, 2, 3] as const;
const bytesPerVector = 16;

/** How many bytes of scratch a narrow kernel needs: logits and terms of four rows, turned, and their losses. */
export function narrowScratch(classes: number): number {
  return 2 * bytesPerVector * classes + bytesPerVector;
}

/** Makes the kernel of a loss for batches of this shape. */
export function narrowKernel(formula: KernelFormula, variant: SoftmaxVariant, fused: boolean): Kernel {
  const code = new Code("run", fused);
  const { logits, labels, gradient, losses, weights, scratch, rows, classes } = softmaxParameters(code);
  const rowBytes = code.keep(i32.shiftLeft(classes, i32.constant(2)), "rowBytes");
  const columnBytes = code.keep(i32.shiftLeft(classes, i32.constant(4)), "columnBytes");
  const terms = code.keep(i32.add(scratch, columnBytes), "terms");
  const lossLanes = code.keep(i32.add(terms, columnBytes), "lossLanes");
  const last = code.keep(i32.sub(rows, i32.constant(1)), "last");
  const classesBits = code.keep(bitsOf(classes), "classesBits");
  const total = code.local("total", "v128");
  const guess = code.local("guess", "v128");
  const power = code.local("power", "v128");
  const first = code.local("first", "i32");
  const perRow = lanes.map((k) => ({
    number: code.local(`row${k}`, "i32"),
    label: code.local(`label${k}`, "i32"),
    place: code.local(`place${k}`, "i32"),
  }));
  const target = code.local("target", "v128");
  const targetTerm = code.local("targetTerm", "v128");
  const others = code.local("others", "v128");
  const tried = code.local("tried", "i32");
  const again = code.local("again", "i32");

  code.set(guess, code.number(firstPower));
  code.while(i32.less(first, rows), () => {
    // After the last row it is repeated: written twice, counted once.
    perRow.forEach(({ number, label, place }, k) => {
      code.set(number, i32.add(first, i32.constant(k)));
      code.set(number, i32.select(number, last, i32.less(number, last)));
      code.set(label, i32.load(i32.add(labels, i32.shiftLeft(number, i32.constant(2)))));
      code.if(i32.isZero(i32.less(label, classes)), () => code.return(nan));
      code.set(place, i32.add(logits, i32.mul(number, rowBytes)));
    });
    const places = perRow.map(({ place }) => place);
    const elementOf = (array: I32) => (k: number) => i32.add(array, i32.shiftLeft(perRow[k].number, i32.constant(2)));
    const ofTarget = ({ label, place }: (typeof perRow)[number]) =>
      i32.add(place, i32.shiftLeft(label, i32.constant(2)));
    code.set(target, gathered(code, perRow.map(ofTarget)));
    turnIn(code, places, scratch, classes);
    // The target is left out of what follows: its place holds a class that cannot happen.
    perRow.forEach(({ label }, k) => {
      const address = i32.add(scratch, i32.shiftLeft(label, i32.constant(4)));
      code.do(f32.store(address, f32.constant(Number.NEGATIVE_INFINITY), 4 * k));
    });

    code.set(power, guess);
    code.set(tried, i32.constant(0));
    code.loop(() => {
      const frame = frameOf(code, power, formula.isCareful);
      code.set(others, code.number(0));
      forEachColumn(code, scratch, terms, classes, (column, term) => {
        const each = exponentialIn(code, v128.load(column.address, column.offset), frame);
        code.do(v128.store(term.address, each, term.offset));
        code.set(others, f32x4.add(others, each));
      });
      code.set(targetTerm, exponentialIn(code, target, frame));
      const unfit = i32.isZero(i32x4.all(fits(code, others, targetTerm)));
      code.set(again, i32.and(unfit, i32.isZero(tried)));
      code.if(again, () => {
        code.set(tried, i32.constant(1));
        const largest = code.keep(code.number(Number.NEGATIVE_INFINITY), "largest");
        forEachColumn(code, scratch, scratch, classes, (column) =>
          code.set(largest, f32x4.max(largest, v128.load(column.address, column.offset))),
        );
        const top = f32x4.max(largest, target);
        code.if(i32.isZero(i32x4.all(isFiniteTop(code, top))), () => code.return(nan));
        const chosen = powersFor(code, largest, target, classesBits);
        code.set(power, chosen.power);
        code.set(guess, chosen.guess);
      });
      return again;
    });

    const distance = distanceIn(code, target, power);
    const valid = firstLanes(code, i32.sub(rows, first));
    const weight = variant.weights ? gathered(code, lanes.map(elementOf(weights))) : null;
    const rowGradient = endRows(
      code,
      formula,
      variant,
      { target: targetTerm, others, distance },
      { valid, weight, total, losses: variant.losses ? lossLanes : null },
    );
    if (variant.losses) {
      const address = elementOf(losses);
      for (const k of lanes) code.do(f32.store(address(k), f32.load(lossLanes, 4 * k)));
    }
    if (rowGradient !== null) {
      for (const { number, place } of perRow) code.set(place, i32.add(gradient, i32.mul(number, rowBytes)));
      turnOut(code, terms, places, classes, rowGradient.perTerm);
      for (const k of lanes) code.do(v128.storeLane(k, ofTarget(perRow[k]), rowGradient.own));
    }
    code.set(first, i32.add(first, i32.constant(4)));
  });
  code.return(sumOfLanes(total));
  return { function: code.finish("f64"), constants: code.constantValues };
}

/** Runs along the columns of two arrays of turned rows. */
function forEachColumn(code: Code, from: I32, to: I32, classes: I32, body: (from: Column, to: Column) => void): void {
  const source = code.keep(from, "column");
  const target = code.keep(to, "column");
  const end = code.keep(i32.add(source, i32.shiftLeft(classes, i32.constant(4))), "end");
  forEachVector(code, [source, target], end, (offset) =>
    body({ address: source, offset }, { address: target, offset }),
  );
}

/** Where a column is. */
interface Column {
  readonly address: I32;
  readonly offset: number;
}

/** Four vectors as columns instead of rows. */
function turned(code: Code, rows: readonly V128[]): readonly V128[] {
  const [a, b, c, d] = rows.map((row) => code.keep(row, "row"));
  const lowAB = code.keep(v128.shuffle([0, 4, 1, 5], a, b), "pair");
  const highAB = code.keep(v128.shuffle([2, 6, 3, 7], a, b), "pair");
  const lowCD = code.keep(v128.shuffle([0, 4, 1, 5], c, d), "pair");
  const highCD = code.keep(v128.shuffle([2, 6, 3, 7], c, d), "pair");
  return [
    v128.shuffle([0, 1, 4, 5], lowAB, lowCD),
    v128.shuffle([2, 3, 6, 7], lowAB, lowCD),
    v128.shuffle([0, 1, 4, 5], highAB, highCD),
    v128.shuffle([2, 3, 6, 7], highAB, highCD),
  ];
}

/** Runs along four rows and an array of their columns: four columns at a time, then one. */
function alongColumns(
  code: Code,
  columns: I32,
  rows: readonly I32[],
  classes: I32,
  four: (column: I32, rows: readonly I32[]) => void,
  one: (column: I32, rows: readonly I32[]) => void,
): void {
  const column = code.keep(columns, "column");
  const places = rows.map((row) => code.keep(row, "place"));
  const shift = i32.constant(4);
  const fullEnd = code.keep(i32.add(column, i32.shiftLeft(i32.and(classes, i32.constant(-4)), shift)), "fullEnd");
  const end = code.keep(i32.add(column, i32.shiftLeft(classes, shift)), "end");
  const pointers = (count: number) =>
    [[column, bytesPerVector * count] as const, ...places.map((place) => [place, 4 * count] as const)] as const;
  code.if(i32.less(column, fullEnd), () => code.advance(pointers(4), fullEnd, () => four(column, places)));
  code.if(i32.less(column, end), () => code.advance(pointers(1), end, () => one(column, places)));
}

/** Copies four rows into an array of their columns. */
function turnIn(code: Code, rows: readonly I32[], columns: I32, classes: I32): void {
  const four = (column: I32, places: readonly I32[]) => {
    const vectors = places.map((place) => v128.load(place));
    for (const [k, each] of turned(code, vectors).entries()) code.do(v128.store(column, each, bytesPerVector * k));
  };
  const one = (column: I32, places: readonly I32[]) => code.do(v128.store(column, gathered(code, places)));
  alongColumns(code, columns, rows, classes, four, one);
}

/** Copies columns into four rows, each number multiplied by its row's factor. */
function turnOut(code: Code, columns: I32, rows: readonly I32[], classes: I32, factor: V128): void {
  const scaled = (column: I32, k: number) => f32x4.mul(v128.load(column, bytesPerVector * k), factor);
  const four = (column: I32, places: readonly I32[]) => {
    const vectors = lanes.map((k) => scaled(column, k));
    for (const [k, each] of turned(code, vectors).entries()) code.do(v128.store(places[k], each));
  };
  const one = (column: I32, places: readonly I32[]) => {
    const each = code.keep(scaled(column, 0), "column");
    for (const k of lanes) code.do(v128.storeLane(k, places[k], each));
  };
  alongColumns(code, columns, rows, classes, four, one);
}

/** The 32-bit numbers at four addresses. */
function gathered(code: Code, addresses: readonly I32[]): V128 {
  const [first, ...others] = addresses;
  return code.keep(
    others.reduce<V128>((vector, address, k) => v128.loadLane(k + 1, address, vector), v128.loadFirst(first)),
    "gathered",
  );
}
