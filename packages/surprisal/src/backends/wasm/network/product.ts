// The kernel of a matrix product: every row of the result is a weighted sum of the rows of the right matrix.
//
// A block of sums stays in registers. Two rows by 16 columns are twice as fast as one row by 32, which loads more than
// it adds. The terms of a sum are added one by one in their order, whatever the block, so that the bits are always the
// same.
import { Code, type Local, type Target } from "../assembler/code.ts";
import { f32x4, type I32, i32, type V128, v128 } from "../assembler/instructions.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { storeLanes } from "../kernel/vectors.ts";

/** What a product begins with and what becomes of its sums. */
export interface ProductVariant {
  /** Whether the sums of a column begin with a bias, else with 0. */
  readonly bias: boolean;
  /** Left as they are, cut off below 0, or 0 where another matrix is not above 0. */
  readonly end: "plain" | "relu" | "masked";
}

const bytesPerVector = 16;
/** Rows (a power of two) and vectors of the blocks, for wide columns first: eight sums each, or what is left. */
const blockShapes = [
  [2, 4],
  [4, 2],
  [4, 1],
] as const;

type Store = (address: I32, sum: V128, offset: number) => void;

/**
 * out[r, c] = bias[c] + sum over k of left[r, k] right[k, c]
 *
 * The numbers of `left` are `leftRow` bytes apart from row to row and `leftStep` from k to k, so that it may be read
 * transposed; `right`, `out` and `mask` have `columns` numbers in a row, one row after the other. There is at least one
 * row, step and column.
 */
export function productKernel(name: string, variant: ProductVariant, target: Target): Kernel {
  const code = new Code(name, target);
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
  const block = (blockRows: number, vectors: number, store: Store) => {
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

  /** Blocks of so many rows, for as long as `outAt` is below `end`. */
  const down = (blockRows: number, vectors: number, end: I32, store: Store) =>
    code.while(i32.less(outAt, end), () => {
      block(blockRows, vectors, store);
      add(leftAt, i32.mul(leftRow, i32.constant(blockRows)));
      add(outAt, i32.mul(rowBytes, i32.constant(blockRows)));
    });

  /** All rows of some columns. */
  const strip = ([blockRows, vectors]: readonly [number, number], store: Store) => {
    code.set(leftAt, left);
    code.set(outAt, i32.add(out, column));
    const end = code.keep(i32.add(outAt, i32.mul(rows, rowBytes)), "end");
    const singleRows = i32.mul(i32.and(rows, i32.constant(blockRows - 1)), rowBytes);
    down(blockRows, vectors, code.keep(i32.sub(end, singleRows), "blocksEnd"), store);
    down(1, vectors, end, store);
    add(column, i32.constant(vectors * bytesPerVector));
  };

  for (const shape of blockShapes) {
    const last = i32.constant(shape[1] * bytesPerVector - 1);
    code.while(i32.less(i32.add(column, last), rowBytes), () =>
      strip(shape, (address, sum, offset) => code.do(v128.store(address, sum, offset))),
    );
  }
  const rest = code.keep(i32.and(columns, i32.constant(3)), "rest");
  code.if(rest, () => strip([4, 1], (address, sum) => storeLanes(code, address, sum, rest)));
  return { function: code.finish(null), constants: code.constantValues };
}
