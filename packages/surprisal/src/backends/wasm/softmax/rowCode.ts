// Code that goes along short rows of one length, known when a kernel is made.
import type { Code } from "../assembler/code.ts";
import { f32x4, type I32, i32, type V128, v128 } from "../assembler/instructions.ts";
import { forEachVector } from "../kernel/vectors.ts";

const lanes = [0, 1, 2, 3] as const;
const two = i32.constant(2);
const bytesPerVector = 16;
/** Rows of up to so many vectors are written out; longer ones are loops. */
const longestWritten = 4;

/** Code that goes along rows of so many numbers. */
export class RowCode {
  private readonly wholeVectors: number;
  private readonly rest: number;

  constructor(
    private readonly code: Code,
    private readonly classes: number,
  ) {
    this.wholeVectors = classes >> 2;
    this.rest = classes & 3;
  }

  /**
   * Goes along a row, vector by vector; of the last only the first `count` numbers belong to it.
   *
   * @param places of rows; the body gets places and an offset to be added to them
   */
  forEach(places: readonly I32[], body: (places: readonly I32[], offset: number, count: number) => void): void {
    this.forEachWhole(places, (moving, offset) => body(moving, offset, 4));
    if (this.rest > 0) body(places, bytesPerVector * this.wholeVectors, this.rest);
  }

  private forEachWhole(places: readonly I32[], body: (places: readonly I32[], offset: number) => void): void {
    const { code, wholeVectors } = this;
    if (wholeVectors <= longestWritten) {
      code.sideBySide(wholeVectors, (k) => body(places, bytesPerVector * k));
    } else {
      const moving = places.map((each) => code.keep(each, "moving"));
      const end = code.keep(i32.add(moving[0], i32.constant(bytesPerVector * wholeVectors)), "end");
      forEachVector(code, moving, end, (offset) => body(moving, offset));
    }
  }

  /** The sums of four rows that lie one behind the other, one per lane. */
  sums(rows: I32): V128 {
    const { code } = this;
    // What is not a whole vector comes first, as the start of each sum.
    const partial = lanes.map((k) => {
      const offset = 4 * this.classes * k + bytesPerVector * this.wholeVectors;
      return code.keep(this.rest > 0 ? this.firstOf(this.rest, rows, offset) : code.number(0), "partial");
    });
    this.forEachWhole([rows], ([row], offset) => {
      partial.forEach((sum, k) => {
        code.set(sum, f32x4.add(sum, v128.load(row, 4 * this.classes * k + offset)));
      });
    });
    const [ab, cd] = [this.added(partial[0], partial[1]), this.added(partial[2], partial[3])];
    return f32x4.add(v128.shuffle([0, 1, 4, 5], ab, cd), v128.shuffle([2, 3, 6, 7], ab, cd));
  }

  /** a0 + a2, b0 + b2, a1 + a3, b1 + b3. */
  private added(a: V128, b: V128): V128 {
    const [left, right] = [this.code.keep(a, "row"), this.code.keep(b, "row")];
    const sum = f32x4.add(v128.shuffle([0, 4, 1, 5], left, right), v128.shuffle([2, 6, 3, 7], left, right));
    return this.code.keep(sum, "pairs");
  }

  /** The first numbers at an address, the others 0. */
  private firstOf(count: number, address: I32, offset: number): V128 {
    if (count === 1) return v128.loadFirst(address, offset);
    if (count === 2) return v128.loadFirstHalf(address, offset);
    const whole = v128.load(address, offset);
    return count === 4 ? whole : v128.shuffle([0, 1, 2, 7], whole, this.code.number(0));
  }

  /**
   * What share of a row's sum, which is in all lanes, terms have, and what share the others have. This is 1 less the
   * first, but for a term of more than half: there it comes from a sum of the others, so that it keeps its digits.
   */
  partsOf(terms: I32, sum: V128): (term: V128) => { readonly share: V128; readonly rest: V128 } {
    const { code } = this;
    const half = code.keep(f32x4.mul(sum, code.number(0.5)), "half");
    const small = code.keep(code.number(0), "small");
    this.forEach([terms], ([at], offset, count) => {
      const some = code.keep(this.firstOf(count, at, offset), "some");
      code.set(small, f32x4.add(small, v128.and(some, f32x4.le(some, half))));
    });
    for (const order of [
      [2, 3, 0, 1],
      [1, 0, 3, 2],
    ] as const) {
      code.set(small, f32x4.add(small, v128.shuffle(order, small, small)));
    }
    const ofSmall = code.keep(f32x4.div(small, sum), "ofSmall");
    return (term) => {
      const kept = code.keep(term, "term");
      const share = code.keep(f32x4.div(kept, sum), "share");
      const rest = v128.select(ofSmall, f32x4.sub(code.number(1), share), f32x4.gt(kept, half));
      return { share, rest: code.keep(rest, "rest") };
    };
  }

  /** The largest number of a row without that of one column, in all lanes; NaN if one is NaN. */
  largestOther(row: I32, column: I32): V128 {
    const { code } = this;
    const largest = code.keep(code.number(Number.NEGATIVE_INFINITY), "largest");
    const each = code.local("each", "i32");
    code.set(each, i32.constant(0));
    code.loop(() => {
      const value = v128.loadSplat(i32.add(row, i32.shiftLeft(each, two)));
      code.if(i32.sub(each, column), () => code.set(largest, f32x4.max(largest, value)));
      code.set(each, i32.add(each, i32.constant(1)));
      return i32.less(each, i32.constant(this.classes));
    });
    return largest;
  }
}
