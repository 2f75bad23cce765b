// Kernels that move numbers and compute nothing: rows of a matrix into a batch, and a matrix transposed.
import { Code } from "../assembler/code.ts";
import { f32, i32, v128 } from "../assembler/instructions.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { storeLanes } from "../kernel/vectors.ts";

/** into[n, i] = matrix[indices[n], i], for numbers of 32 bits whatever they mean. */
export function gatherKernel(name: string): Kernel {
  const code = new Code(name, { fused: false });
  const matrix = code.parameter("matrix", "i32");
  const indices = code.parameter("indices", "i32");
  const into = code.parameter("into", "i32");
  const rows = code.parameter("rows", "i32");
  const columns = code.parameter("columns", "i32");
  const four = i32.constant(4);
  const rowBytes = code.keep(i32.mul(columns, four), "rowBytes");
  const rest = code.keep(i32.and(columns, i32.constant(3)), "rest");
  const vectorBytes = code.keep(i32.and(rowBytes, i32.constant(-16)), "vectorBytes");
  const end = code.keep(i32.add(indices, i32.mul(rows, four)), "end");
  code.advance([[indices, 4]], end, () => {
    const from = code.keep(i32.add(matrix, i32.mul(i32.load(indices), rowBytes)), "from");
    const vectorEnd = code.keep(i32.add(from, vectorBytes), "vectorEnd");
    const to = code.keep(into, "to");
    code.while(i32.less(from, vectorEnd), () => {
      code.do(v128.store(to, v128.load(from)));
      for (const each of [from, to]) code.set(each, i32.add(each, i32.constant(16)));
    });
    code.if(rest, () => storeLanes(code, to, code.keep(v128.load(from), "last"), rest));
    code.set(into, i32.add(into, rowBytes));
  });
  return { function: code.finish(null), constants: code.constantValues };
}

/** into[j, i] = matrix[i, j] */
export function transposeKernel(name: string): Kernel {
  const code = new Code(name, { fused: false });
  const matrix = code.parameter("matrix", "i32");
  const into = code.parameter("into", "i32");
  const rows = code.parameter("rows", "i32");
  const columns = code.parameter("columns", "i32");
  const four = i32.constant(4);
  const rowBytes = code.keep(i32.mul(columns, four), "rowBytes");
  const columnBytes = code.keep(i32.mul(rows, four), "columnBytes");
  const end = code.keep(i32.add(matrix, i32.mul(rows, rowBytes)), "end");
  code.loop(() => {
    const to = code.keep(into, "to");
    const rowEnd = code.keep(i32.add(matrix, rowBytes), "rowEnd");
    code.advance([[matrix, 4]], rowEnd, () => {
      code.do(f32.store(to, f32.load(matrix)));
      code.set(to, i32.add(to, columnBytes));
    });
    code.set(into, i32.add(into, four));
    return i32.less(matrix, end);
  });
  return { function: code.finish(null), constants: code.constantValues };
}
