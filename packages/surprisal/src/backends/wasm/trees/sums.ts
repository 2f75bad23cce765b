// Kernels that go along a histogram: one takes another from it, one makes it 0.
//
// An engine's own `fill` takes four times as long in memory that threads may share.
import { Code } from "../assembler/code.ts";
import { f64, f64x2, i32, v128 } from "../assembler/instructions.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { forEachVector } from "../kernel/vectors.ts";

/** from[k] -= other[k], for float64, two at a time, and the last one by itself where they are an odd number. */
export function subtractKernel(name: string): Kernel {
  const code = new Code(name, { fused: false });
  const from = code.parameter("from", "i32");
  const other = code.parameter("other", "i32");
  const end = code.parameter("end", "i32");
  const difference = (offset: number) => f64x2.sub(v128.load(from, offset), v128.load(other, offset));
  const pairsEnd = code.keep(i32.sub(end, i32.and(i32.sub(end, from), i32.constant(8))), "pairsEnd");
  forEachVector(code, [from, other], pairsEnd, (offset) => code.do(v128.store(from, difference(offset), offset)));
  code.if(i32.less(from, end), () => code.do(v128.storeHalf(0, from, difference(0))));
  return { function: code.finish(null), constants: code.constantValues };
}

/** Makes pairs of float64 0. */
export function zeroKernel(name: string): Kernel {
  const code = new Code(name, { fused: false });
  const into = code.parameter("into", "i32");
  const end = code.parameter("end", "i32");
  const zero = code.keep(f64x2.splat(f64.constant(0)), "zero");
  forEachVector(code, [into], end, (offset) => code.do(v128.store(into, zero, offset)));
  return { function: code.finish(null), constants: code.constantValues };
}
