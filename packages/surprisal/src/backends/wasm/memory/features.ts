// What the JavaScript engine can do, found out by running tiny modules.
import { Code, type Target } from "../assembler/code.ts";
import { encodeModule } from "../assembler/encoder.ts";
import { f32, f32x4, f64, type V128 } from "../assembler/instructions.ts";
import { instantiate } from "./webAssembly.ts";

/** What the JavaScript engine can do for the WASM back end. */
export interface Features {
  /** Whether it has 128-bit vectors; without them the back end runs the reference. */
  readonly simd: boolean;
  /** Whether it has a multiply-add that rounds once, by relaxed SIMD. */
  readonly relaxedSimd: boolean;
  /** Whether memory can be shared between threads. */
  readonly threads: boolean;
}

/** Finds out what the engine can do. */
export function detectFeatures(): Features {
  return {
    simd: runs({ fused: false }, () => f32x4.mul(splat(2), splat(3))) === 6,
    relaxedSimd: roundsOnce(),
    threads: typeof SharedArrayBuffer !== "undefined" && typeof Atomics !== "undefined",
  };
}

/** (1 + e)(1 - e) - 1 is -e^2 if it is rounded once, and 0 if the product is rounded first. */
function roundsOnce(): boolean {
  const e = 2 ** -20;
  return runs({ fused: true }, (code) => code.multiplyAdd(splat(1 + e), splat(1 - e), splat(-1))) === -(e ** 2);
}

const splat = (value: number): V128 => f32x4.splat(f32.constant(value));

/** What lane 0 of an expression is; null where the engine does not know an instruction or forbids compiling. */
function runs(target: Target, expression: (code: Code) => V128): number | null {
  try {
    const code = new Code("run", target);
    code.return(f64.fromF32(f32x4.lane(0, expression(code))));
    return instantiate(encodeModule([code.finish("f64")], null), null).run(0);
  } catch {
    return null;
  }
}
