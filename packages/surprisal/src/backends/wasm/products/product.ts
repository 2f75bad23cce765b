// The kernel of a matrix product: every row of the result is a weighted sum of the rows of the right matrix.
//
// Sums stay in registers: of one row 32 columns at a time, of the columns that are left four rows by four. The terms of
// a sum are added one by one in their order, whatever the shape, so that the same numbers give the same bits.
import { Code, type Local } from "../assembler/code.ts";
import { f32x4, type I32, i32, type V128, v128 } from "../assembler/instructions.ts";
import type { Kernel } from "../kernel.ts";
import { storeLanes } from "../sums.ts";

/** What a product begins with and what becomes of its sums. */
export interface ProductVariant {
  /** Whether the sums of a column begin with a bias, else with 0. */
  readonly bias: boolean;
  /** Left as they are, cut off below 0, or 0 where another matrix is not above 0. */
  readonly end: "plain" | "relu" | "masked";
}

const bytesPerVector = 16;
const vectorsAtOnce = 8;
const rowsAtOnce = 4;
const wideBytes = vectorsAtOnce * bytesPerVector;

/**
 * out[r, c] = bias[c] + sum over k of left[r, k] right[k, c]
 *
 * The numbers of `left` are `leftRow` bytes apart from row to row and `leftStep` from k to k, so that it may be read
 * transposed; `right`, `out` and `mask` have `columns` numbers in a row, one row after the other. There is at least one
 * row, step and column.
 */
export function productKernel(name: string, variant: ProductVariant, fused: boolean): Kernel {
  const code = new Code(name, fused);
  const left = code.parameter("left", "i32");
  const leftRow = code.parameter("leftRow", "i32");
  const leftStep = code.parameter("leftStep", "i32");
  const right = code.parameter("right", "i32");
  const out = code.parameter("out", "i32");
  const rows = code.parameter("rows", "i32");
  const steps = code.parameter("steps", "i32");
  const columns = code.parameter("columns", "i32");
  const bias = code.parameter("bias", "i32");
  const mask = code.parameter("mask", "i32");

  const zero = code.number(0);
  const rowBytes = code.keep(i32.shiftLeft(columns, i32.constant(2)), "rowBytes");
  const rightBytes = code.keep(i32.mul(steps, rowBytes), "rightBytes");
  const maskFromOut = code.keep(i32.sub(mask, out), "maskFromOut");
  const column = code.local("column", "i32");
  const leftAt = code.local("leftAt", "i32");
  const outAt = code.local("outAt", "i32");

  const add = (local: Local<"i32">, bytes: I32) => code.set(local, i32.add(local, bytes));

  /** The sums of a block of the result, of so many rows and vectors, whose first number is at `outAt`. */
  const block = (blockRows: number, vectors: number, store: (address: I32, sum: V128, offset: number) => void) => {
    const sums = Array.from({ length: blockRows }, (_, r) =>
      Array.from({ length: vectors }, (_, v) => code.local(`sum${r}_${v}_${blockRows}x${vectors}`, "v128")),
    );
    const offsets = sums[0].map((_, v) => v * bytesPerVector);
    const biasAt = code.keep(i32.add(bias, column), "biasAt");
    for (const row of sums) {
      row.forEach((sum, v) => {
        code.set(sum, variant.bias ? v128.load(biasAt, offsets[v]) : zero);
      });
    }
    const at = code.keep(i32.add(right, column), "at");
    const end = code.keep(i32.add(at, rightBytes), "end");
    const lefts = [code.keep(leftAt, "left")];
    while (lefts.length < blockRows) lefts.push(code.keep(i32.add(lefts[lefts.length - 1], leftRow), "left"));
    code.loop(() => {
      const factors = lefts.map((each) => code.keep(v128.loadSplat(each), "factor"));
      offsets.forEach((offset, v) => {
        const loaded = code.keep(v128.load(at, offset), "right");
        factors.forEach((factor, r) => {
          code.set(sums[r][v], code.multiplyAdd(factor, loaded, sums[r][v]));
        });
      });
      for (const each of lefts) add(each, leftStep);
      add(at, rowBytes);
      return i32.less(at, end);
    });
    const target = code.keep(outAt, "target");
    for (const row of sums) {
      row.forEach((sum, v) => {
        store(target, code.keep(ended(sum, target, offsets[v]), "ended"), offsets[v]);
      });
      add(target, rowBytes);
    }
  };

  const ended = (sum: V128, target: I32, offset: number): V128 => {
    switch (variant.end) {
      case "plain":
        return sum;
      case "relu":
        return f32x4.pmax(sum, zero);
      case "masked": // a NaN in the mask lets the sum through: it is not to vanish
        return v128.andNot(sum, f32x4.le(v128.load(i32.add(target, maskFromOut), offset), zero));
      default:
        return variant.end satisfies never;
    }
  };

  /** Blocks of so many rows, for as long as there are that many above `outEnd`. */
  const down = (blockRows: number, outEnd: I32, body: () => void) =>
    code.while(i32.less(outAt, outEnd), () => {
      body();
      add(leftAt, i32.mul(leftRow, i32.constant(blockRows)));
      add(outAt, i32.mul(rowBytes, i32.constant(blockRows)));
    });
  const fromTheTop = () => {
    code.set(leftAt, left);
    code.set(outAt, i32.add(out, column));
    return code.keep(i32.add(outAt, i32.mul(rows, rowBytes)), "outEnd");
  };

  const wide = code.keep(i32.and(rowBytes, i32.constant(-wideBytes)), "wide");
  code.while(i32.less(column, wide), () => {
    const outEnd = fromTheTop();
    down(1, outEnd, () => block(1, vectorsAtOnce, (address, sum, offset) => code.do(v128.store(address, sum, offset))));
    add(column, i32.constant(wideBytes));
  });
  code.while(i32.less(column, rowBytes), () => {
    const rest = code.keep(i32.shiftRight(i32.sub(rowBytes, column), i32.constant(2)), "rest");
    const store = (address: I32, sum: V128) =>
      code.if(
        i32.less(rest, i32.constant(4)),
        () => storeLanes(code, address, sum, rest),
        () => code.do(v128.store(address, sum)),
      );
    const outEnd = fromTheTop();
    const single = i32.mul(i32.and(rows, i32.constant(rowsAtOnce - 1)), rowBytes);
    const fourEnd = code.keep(i32.sub(outEnd, single), "fourEnd");
    down(rowsAtOnce, fourEnd, () => block(rowsAtOnce, 1, store));
    down(1, outEnd, () => block(1, 1, store));
    add(column, i32.constant(bytesPerVector));
  });
  return { function: code.finish(null), constants: code.constantValues };
}
