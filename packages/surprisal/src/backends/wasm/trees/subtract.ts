// The kernel that takes one histogram from another.
import { Code } from "../assembler/code.ts";
import { f64x2, i32, v128 } from "../assembler/instructions.ts";
import type { Kernel } from "../kernel/kernel.ts";

/** from[k] -= other[k], for float64, two at a time, and the last one by itself where they are an odd number. */
export function subtractKernel(name: string): Kernel {
  const code = new Code(name, { fused: false });
  const from = code.parameter("from", "i32");
  const other = code.parameter("other", "i32");
  const end = code.parameter("end", "i32");
  const pairsEnd = code.keep(i32.sub(end, i32.and(i32.sub(end, from), i32.constant(8))), "pairsEnd");
  const difference = f64x2.sub(v128.load(from), v128.load(other));
  code.while(i32.less(from, pairsEnd), () => {
    code.do(v128.store(from, difference));
    for (const each of [from, other]) code.set(each, i32.add(each, i32.constant(16)));
  });
  code.if(i32.less(from, end), () => code.do(v128.storeHalf(0, from, difference)));
  return { function: code.finish(null), constants: code.constantValues };
}
