// Which arrays of a call share memory, whatever their types: an output must not overwrite what is still to be read.
import type { FloatArray } from "./arrays.ts";

/**
 * Whether writing to one array may change the other. Of shared memory there may be several buffers, which nothing tells
 * apart from others; there the same range of bytes is taken for the same memory.
 */
export function mayOverlap(a: unknown, b: unknown): boolean {
  if (!ArrayBuffer.isView(a) || !ArrayBuffer.isView(b)) return false;
  if (a.byteOffset >= b.byteOffset + b.byteLength || b.byteOffset >= a.byteOffset + a.byteLength) return false;
  return a.buffer === b.buffer || !(a.buffer instanceof ArrayBuffer || b.buffer instanceof ArrayBuffer);
}

/** The arrays that a caller wants to have written. */
export interface Written {
  readonly gradient: FloatArray | null;
  readonly curvature: FloatArray | null;
}

/** Runs with outputs apart from all inputs, and copies to where it is wanted what would have overlapped one. */
export function runApart<O extends Written, R>(outputs: O, inputs: readonly unknown[], run: (outputs: O) => R): R {
  const { gradient, curvature } = outputs;
  if (!inputs.some((input) => mayOverlap(gradient, input) || mayOverlap(curvature, input))) return run(outputs);
  const written = { ...outputs, gradient: gradient?.slice() ?? null, curvature: curvature?.slice() ?? null };
  const result = run(written);
  gradient?.set(written.gradient as FloatArray);
  curvature?.set(written.curvature as FloatArray);
  return result;
}
