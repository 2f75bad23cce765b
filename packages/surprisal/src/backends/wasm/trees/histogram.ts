// The kernels of a histogram: some rows at a time, their bins and slopes are gathered side by side, then summed for a
// few features after another.
//
// The rows of a node lie anywhere in memory. Gathering does so little for each that the processor fetches many at once;
// summing then finds everything near.
import { Code } from "../assembler/code.ts";
import { f64, f64x2, i8x16, i32, v128 } from "../assembler/instructions.ts";
import type { Kernel } from "../kernel/kernel.ts";

/** How many features are summed side by side, the most first: their sums stay in the nearest cache. */
export const columnsTogether = [8, 4, 2, 1] as const;
/** How many rows are gathered before they are summed. */
export const rowsOfTile = 2048;
/** How many vectors of bins of a row are gathered at most. */
export const mostVectors = 4;
export const bytesOfVector = 16;
/** A sum of the gradient and one of the curvature, each a float64. */
export const bytesOfPair = 16;

/**
 * Copies so many vectors of bins of each row to `tile`, one row behind the other, and the row's slopes to `pairs`.
 *
 * Gives 1 if a bin is larger than that of its feature in `limits`, else 0; a vector may reach beyond a row, where the
 * limits are 255.
 */
export function gatherKernel(name: string, vectors: number): Kernel {
  const code = new Code(name, { fused: false });
  const bins = code.parameter("bins", "i32");
  const width = code.parameter("width", "i32");
  const limits = code.parameter("limits", "i32");
  const gradient = code.parameter("gradient", "i32");
  const curvature = code.parameter("curvature", "i32");
  const slopeBytes = code.parameter("slopeBytes", "i32");
  const rows = code.parameter("rows", "i32");
  const end = code.parameter("end", "i32");
  const tile = code.parameter("tile", "i32");
  const pairs = code.parameter("pairs", "i32");
  const offsets = Array.from({ length: vectors }, (_, v) => v * bytesOfVector);
  const most = offsets.map((offset) => code.keep(v128.load(limits, offset), "most"));
  const tooLarge = code.keep(f64x2.splat(f64.constant(0)), "tooLarge");
  const moving = [
    [rows, 4],
    [tile, vectors * bytesOfVector],
    [pairs, bytesOfPair],
  ] as const;
  code.advance(moving, end, () => {
    const row = code.keep(i32.load(rows), "row");
    const slope = code.keep(i32.mul(row, slopeBytes), "slope");
    const first = v128.loadFirst(i32.add(gradient, slope));
    const both = v128.loadLane(1, i32.add(curvature, slope), first);
    code.do(v128.store(pairs, f64x2.fromLow(both)));
    const at = code.keep(i32.add(bins, i32.mul(row, width)), "at");
    offsets.forEach((offset, v) => {
      const found = code.keep(v128.load(at, offset), "found");
      code.set(tooLarge, v128.or(tooLarge, i8x16.subOrZero(found, most[v])));
      code.do(v128.store(tile, found, offset));
    });
  });
  code.return(v128.any(tooLarge));
  return { function: code.finish("i32"), constants: code.constantValues };
}

/** Adds the pairs of gathered rows to the sums of their bins, for so many features side by side. */
export function sumKernel(name: string, columns: number): Kernel {
  const code = new Code(name, { fused: false });
  const tile = code.parameter("tile", "i32");
  const rowBytes = code.parameter("rowBytes", "i32");
  const pairs = code.parameter("pairs", "i32");
  const end = code.parameter("end", "i32");
  const starts = code.parameter("starts", "i32");
  const into = code.parameter("into", "i32");
  const timesPair = i32.constant(Math.log2(bytesOfPair));
  const bases = Array.from({ length: columns }, (_, k) =>
    code.keep(i32.add(into, i32.shiftLeft(i32.load(starts, 4 * k), timesPair)), "base"),
  );
  code.advance([[pairs, bytesOfPair]], end, () => {
    const pair = code.keep(v128.load(pairs), "pair");
    bases.forEach((base, k) => {
      const sums = code.keep(i32.add(base, i32.shiftLeft(i32.loadByte(tile, k), timesPair)), "sums");
      code.do(v128.store(sums, f64x2.add(v128.load(sums), pair)));
    });
    code.set(tile, i32.add(tile, rowBytes));
  });
  return { function: code.finish(null), constants: code.constantValues };
}
