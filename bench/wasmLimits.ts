// Loops that do nothing but read, copy, scale or take exponentials, from the assembler that makes our kernels.
import { Code, type Local } from "../packages/surprisal/src/backends/wasm/assembler/code.ts";
import { encodeModule } from "../packages/surprisal/src/backends/wasm/assembler/encoder.ts";
import { f32x4, i32, type V128, v128 } from "../packages/surprisal/src/backends/wasm/assembler/instructions.ts";
import { exponentialOfMinus } from "../packages/surprisal/src/backends/wasm/mathematics/exponential.ts";

const vectorBytes = 16;
/** Vectors per round: as many as make memory busy; more exponentials at once would not fit into the registers. */
const unrolled = { memory: 4, exp: 2 };

/** The kernels of the limits; each goes over `bytes` bytes. */
export interface LimitKernels {
  read(bytes: number): void;
  copy(bytes: number): void;
  inPlace(bytes: number): void;
  exp(bytes: number): void;
}

/** Makes the kernels, with two areas of memory of the given size. */
export function makeLimitKernels(fused: boolean, areaBytes: number): LimitKernels {
  const codes = {
    read: loop(fused, (code, { from }, sums) => {
      for (const [k, sum] of sums.entries()) code.set(sum, f32x4.add(sum, v128.load(from, k * vectorBytes)));
    }),
    copy: loop(fused, (code, { from, to }, sums) => {
      for (const k of sums.keys()) code.do(v128.store(to, scaled(code, from, k), k * vectorBytes));
    }),
    inPlace: loop(fused, (code, { from }, sums) => {
      for (const k of sums.keys()) code.do(v128.store(from, scaled(code, from, k), k * vectorBytes));
    }),
    exp: loop(
      fused,
      (code, { from }, sums) => {
        code.sideBySide(sums.length, (k) => {
          const power = exponentialOfMinus(code, v128.load(from, k * vectorBytes), "plain");
          code.set(sums[k], f32x4.add(sums[k], power));
        });
      },
      unrolled.exp,
    ),
  };
  const constantsBytes = 65_536;
  const pages = (constantsBytes + 2 * areaBytes) / 65_536;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const compiled = Object.entries(codes).map(([name, code], index) => {
    const constants = 1024 * index;
    const words = new Uint32Array(memory.buffer, constants, code.constantValues.length);
    words.set(code.constantValues.map((value) => ("bits" in value ? value.bits : 0)));
    const module = new WebAssembly.Module(encodeModule([code.finish("f32")], { shared: false, maximum: pages }));
    const { run } = new WebAssembly.Instance(module, { heap: { memory } }).exports as {
      run(constants: number, from: number, to: number, end: number): number;
    };
    const from = constantsBytes;
    return [name, (bytes: number) => run(constants, from, from + areaBytes, from + bytes)];
  });
  new Float32Array(memory.buffer, constantsBytes).fill(1.25);
  return Object.fromEntries(compiled) as unknown as LimitKernels;
}

interface Pointers {
  readonly from: Local<"i32">;
  readonly to: Local<"i32">;
}

function loop(
  fused: boolean,
  body: (code: Code, pointers: Pointers, sums: readonly Local<"v128">[]) => void,
  vectors = unrolled.memory,
): Code {
  const code = new Code("run", { fused });
  const from = code.parameter("from", "i32");
  const to = code.parameter("to", "i32");
  const end = code.parameter("end", "i32");
  const sums = Array.from({ length: vectors }, (_, k) => code.local(`sum${k}`, "v128"));
  const step = i32.constant(vectors * vectorBytes);
  code.loop(() => {
    body(code, { from, to }, sums);
    code.set(to, i32.add(to, step));
    code.set(from, i32.add(from, step));
    return i32.less(from, end);
  });
  code.return(
    f32x4.lane(
      0,
      sums.reduce<V128>((sum, each) => f32x4.add(sum, each), code.number(0)),
    ),
  );
  return code;
}

const scaled = (code: Code, from: Local<"i32">, k: number) =>
  f32x4.mul(v128.load(from, k * vectorBytes), code.number(1.000001));
