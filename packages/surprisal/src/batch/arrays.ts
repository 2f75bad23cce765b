// The arrays that a batch is made of.

/** Logits, and outputs that a caller owns. */
export type FloatArray = Float32Array | Float64Array;

/** Class indices, 0/1 labels or probabilities: any typed array or plain array of numbers. */
export type LabelArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | FloatArray
  | readonly number[];

/** Any list of numbers. */
export type NumberArray = ArrayLike<number>;

/** Whether a value is a plain array or a typed array. */
export function isArray(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** Whether a value is a typed array of floats. */
export function isFloatArray(value: unknown): value is FloatArray {
  return value instanceof Float32Array || value instanceof Float64Array;
}
