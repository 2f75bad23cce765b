// The kernel of a histogram: one pass over some rows for a few features side by side.
import { Code } from "../assembler/code.ts";
import { f64x2, i32, v128 } from "../assembler/instructions.ts";
import type { Kernel } from "../kernel/kernel.ts";

/** How many features a pass takes, the most first. Their bins stay in the nearest cache. */
export const columnsTogether = [8, 4, 2, 1] as const;

/** Adds the slopes of rows to the pair of sums of each bin, for so many features that lie side by side. */
export function histogramKernel(name: string, columns: number): Kernel {
  const code = new Code(name, { fused: false });
  const bins = code.parameter("bins", "i32");
  const width = code.parameter("width", "i32");
  const gradient = code.parameter("gradient", "i32");
  const curvature = code.parameter("curvature", "i32");
  const slopeBytes = code.parameter("slopeBytes", "i32");
  const rows = code.parameter("rows", "i32");
  const end = code.parameter("end", "i32");
  const starts = code.parameter("starts", "i32");
  const into = code.parameter("into", "i32");
  const pairBytes = i32.constant(4); // as a shift: 16
  const bases = Array.from({ length: columns }, (_, k) =>
    code.keep(i32.add(into, i32.shiftLeft(i32.load(starts, 4 * k), pairBytes)), "base"),
  );
  code.advance([[rows, 4]], end, () => {
    const row = code.keep(i32.load(rows), "row");
    const slope = code.keep(i32.mul(row, slopeBytes), "slope");
    const gradientFirst = v128.loadFirst(i32.add(gradient, slope));
    const both = v128.loadLane(1, i32.add(curvature, slope), gradientFirst);
    const pair = code.keep(f64x2.fromLow(both), "pair");
    const at = code.keep(i32.add(bins, i32.mul(row, width)), "at");
    bases.forEach((base, k) => {
      const cell = code.keep(i32.add(base, i32.shiftLeft(i32.loadByte(at, k), pairBytes)), "cell");
      code.do(v128.store(cell, f64x2.add(v128.load(cell), pair)));
    });
  });
  return { function: code.finish(null), constants: code.constantValues };
}
