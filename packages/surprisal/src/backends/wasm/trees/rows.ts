// Kernels that go along row numbers: they deal them out, look for the largest, and add to the numbers of rows.
import { Code } from "../assembler/code.ts";
import { f32, i32, i32x4, v128 } from "../assembler/instructions.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { forEachVector } from "../kernel/vectors.ts";

/**
 * Writes the row numbers from `rows` to `end` that go left to `left`, which may be where they are or before, and the
 * others to `right`. Gives the end of the left ones.
 *
 * Every number is written to both sides, and only one side moves on: a branch would be guessed wrongly half of the
 * time.
 */
export function partitionKernel(name: string): Kernel {
  const code = new Code(name, { fused: false });
  const bins = code.parameter("bins", "i32");
  const width = code.parameter("width", "i32");
  const goesLeft = code.parameter("goesLeft", "i32");
  const rows = code.parameter("rows", "i32");
  const end = code.parameter("end", "i32");
  const left = code.parameter("left", "i32");
  const right = code.parameter("right", "i32");
  const four = i32.constant(4);
  code.while(i32.less(rows, end), () => {
    const row = code.keep(i32.load(rows), "row");
    const bin = i32.loadByte(i32.add(bins, i32.mul(row, width)));
    const step = code.keep(i32.select(four, i32.constant(0), i32.loadByte(i32.add(goesLeft, bin))), "step");
    code.do(i32.store(left, row));
    code.do(i32.store(right, row));
    code.set(left, i32.add(left, step));
    code.set(right, i32.sub(i32.add(right, four), step));
    code.set(rows, i32.add(rows, four));
  });
  code.return(left);
  return { function: code.finish("i32"), constants: code.constantValues };
}

/** Copies row numbers, which do not overlap where they go. */
export function copyKernel(name: string): Kernel {
  const code = new Code(name, { fused: false });
  const rows = code.parameter("rows", "i32");
  const end = code.parameter("end", "i32");
  const to = code.parameter("to", "i32");
  const vectorsEnd = code.keep(i32.add(rows, i32.and(i32.sub(end, rows), i32.constant(-16))), "vectorsEnd");
  forEachVector(code, [rows, to], vectorsEnd, (offset) => code.do(v128.store(to, v128.load(rows, offset), offset)));
  code.while(i32.less(rows, end), () => {
    code.do(i32.store(to, i32.load(rows)));
    for (const each of [rows, to]) code.set(each, i32.add(each, i32.constant(4)));
  });
  return { function: code.finish(null), constants: code.constantValues };
}

/** Adds a number to the float32 of each row. */
export function addKernel(name: string): Kernel {
  const code = new Code(name, { fused: false });
  const numbers = code.parameter("numbers", "i32");
  const rowBytes = code.parameter("rowBytes", "i32");
  const rows = code.parameter("rows", "i32");
  const end = code.parameter("end", "i32");
  const value = code.parameter("value", "f32");
  code.while(i32.less(rows, end), () => {
    const at = code.keep(i32.add(numbers, i32.mul(i32.load(rows), rowBytes)), "at");
    code.do(f32.store(at, f32.add(f32.load(at), value)));
    code.set(rows, i32.add(rows, i32.constant(4)));
  });
  return { function: code.finish(null), constants: code.constantValues };
}

/** The largest of row numbers, as unsigned ones: a negative number is larger than any row. */
export function largestKernel(name: string): Kernel {
  const code = new Code(name, { fused: false });
  const rows = code.parameter("rows", "i32");
  const end = code.parameter("end", "i32");
  const most = code.keep(i32x4.splat(i32.constant(0)), "most");
  const vectorsEnd = code.keep(i32.add(rows, i32.and(i32.sub(end, rows), i32.constant(-16))), "vectorsEnd");
  code.while(i32.less(rows, vectorsEnd), () => {
    code.set(most, i32x4.max(most, v128.load(rows)));
    code.set(rows, i32.add(rows, i32.constant(16)));
  });
  code.while(i32.less(rows, end), () => {
    code.set(most, i32x4.max(most, v128.loadFirst(rows)));
    code.set(rows, i32.add(rows, i32.constant(4)));
  });
  for (const lanes of [
    [2, 3, 0, 1],
    [1, 0, 3, 2],
  ] as const) {
    code.set(most, i32x4.max(most, v128.shuffle(lanes, most, most)));
  }
  code.return(i32x4.lane(0, most));
  return { function: code.finish("i32"), constants: code.constantValues };
}
