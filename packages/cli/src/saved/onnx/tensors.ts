// Numbers as tensors of a file, and back: little-endian bytes.
import { type ElementType, elementTypes, type GraphProto, type TensorProto } from "./schema.ts";

/** All names inside a graph begin with it; no input does. */
export const innerPrefix = "surprisal/";

type NumberType = Exclude<ElementType, "string" | "float">;

/** How an element is laid out. */
const layouts: { readonly [T in NumberType]: readonly [size: number, write: Write] } = {
  double: [8, (view, at, value) => view.setFloat64(at, value, true)],
  int64: [8, (view, at, value) => view.setBigInt64(at, BigInt(value), true)],
  uint8: [1, (view, at, value) => view.setUint8(at, value)],
};

type Write = (view: DataView, at: number, value: number) => void;

/** Numbers as the bytes of a tensor. */
export function bytesOf(type: NumberType, values: readonly number[]): Uint8Array {
  const [size, write] = layouts[type];
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  values.forEach((value, k) => {
    write(view, k * size, value);
  });
  return bytes;
}

/** A list of numbers as the setting of a node. */
export function listOf(type: NumberType, values: readonly number[]): TensorProto {
  return { name: "", dataType: elementTypes[type], dims: [values.length], rawData: bytesOf(type, values) };
}

/** The numbers of a float64 tensor; null where it is none. */
export function doublesOf(tensor: TensorProto | undefined): Float64Array | null {
  if (tensor?.rawData === undefined || tensor.dataType !== elementTypes.double) return null;
  const { buffer, byteOffset, byteLength } = tensor.rawData;
  const view = new DataView(buffer, byteOffset, byteLength);
  return Float64Array.from({ length: Math.floor(byteLength / 8) }, (_, k) => view.getFloat64(8 * k, true));
}

/** The numbers of the float64 constant of that name; null where the graph has none. */
export function constantOf({ initializer = [] }: Partial<GraphProto>, name: string): Float64Array | null {
  return doublesOf(initializer.find((each) => each.name === innerPrefix + name));
}
