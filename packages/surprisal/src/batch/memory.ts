// Which arrays of a call share memory, whatever their types: an output must not overwrite what is still to be read.
import { fail, isRecord, texts } from "../errors.ts";
import type { FloatArray } from "./arrays.ts";
import type { Problem, ProblemOptions } from "./problem.ts";

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

/**
 * Checks that outputs do not overlap each other.
 *
 * @throws InputError where they do
 */
export function checkApart(where: string, { gradient, curvature }: Written): void {
  if (gradient === null || curvature === null) return;
  if (gradient === curvature) fail(where, texts.outputsShared());
  if (mayOverlap(gradient, curvature)) fail(where, texts.memoryShared("gradient", "curvature"));
}

/** Whether a problem has arrays beside its logits and labels; of most there is nothing more to ask. */
export function hasMoreArrays({ exampleWeights, mask, logitAdjustment, alpha }: Problem): boolean {
  return exampleWeights !== null || mask !== null || logitAdjustment !== null || alpha !== null;
}

/** Whether an output overlaps one of them. Not asked: alpha and the parameters of a loss, of which there are copies. */
export function overlapMore(
  { gradient, curvature }: Written,
  { exampleWeights, mask, logitAdjustment }: Problem,
): boolean {
  return [exampleWeights, mask, logitAdjustment].some(
    (input) => mayOverlap(gradient, input) || mayOverlap(curvature, input),
  );
}

/** Whether an output overlaps the logits or the labels. */
export function overlapBatch({ gradient, curvature }: Written, { logits, labels }: Pick<Problem, "logits" | "labels">) {
  return [logits, labels].some((input) => mayOverlap(gradient, input) || mayOverlap(curvature, input));
}

/** The same outputs, with arrays of their own to be written first. */
export function apart<O extends Written>(outputs: O): O {
  return { ...outputs, gradient: emptyLike(outputs.gradient), curvature: emptyLike(outputs.curvature) };
}

/** Copies outputs that were written apart to where they are wanted. */
export function putBack(written: Written, outputs: Written): void {
  if (written.gradient !== null) outputs.gradient?.set(written.gradient);
  if (written.curvature !== null) outputs.curvature?.set(written.curvature);
}

function emptyLike(array: FloatArray | null): FloatArray | null {
  if (array === null) return null;
  return array instanceof Float32Array ? new Float32Array(array.length) : new Float64Array(array.length);
}

/** What knows which of its memory is in use. */
interface Owner {
  isFreed?(array: ArrayBufferView): boolean;
}

/**
 * Checks that no array among the options was freed.
 *
 * @throws InputError with the name of the first that was
 */
export function checkFreedOptions(where: string, owner: Owner, options: ProblemOptions): void {
  const { exampleWeights, mask, logitAdjustment, alpha } = options;
  checkFreed(where, owner, { exampleWeights, mask, logitAdjustment });
  if (alpha === undefined || typeof alpha === "number") return;
  checkFreed(where, owner, { alpha });
  if (isRecord(alpha)) checkFreed(where, owner, { "alpha.positive": alpha.positive, "alpha.negative": alpha.negative });
}

/** The same for arrays by name. */
export function checkFreed(where: string, owner: Owner, arrays: Readonly<Record<string, unknown>>): void {
  for (const name in arrays) {
    const array = arrays[name];
    if (ArrayBuffer.isView(array) && owner.isFreed?.(array)) fail(where, texts.arrayFreed(name));
  }
}
