// The part of ONNX's file format that a model needs, as a table of fields. Their numbers are those of onnx.proto.
import { decode, encode, type Field, type Message } from "./protobuf.ts";

/** The types of tensor elements, as ONNX numbers them. */
export const elementTypes = { float: 1, uint8: 2, int64: 7, string: 8, double: 11 } as const;
/** A type of tensor elements. */
export type ElementType = keyof typeof elementTypes;

/** The types of attributes, as ONNX numbers them. */
export const attributeTypes = { int: 2, tensor: 4, ints: 7, strings: 8 } as const;

/** A tensor with its values: numbers as little-endian bytes, strings as UTF-8. */
export interface TensorProto {
  readonly name: string;
  readonly dataType: number;
  readonly dims: readonly number[];
  readonly rawData?: Uint8Array;
  readonly stringData?: readonly Uint8Array[];
}
/** A setting of a node. */
export interface AttributeProto {
  readonly name: string;
  readonly type: number;
  readonly i?: number;
  readonly t?: TensorProto;
  readonly ints?: readonly number[];
  readonly strings?: readonly Uint8Array[];
}
/** One operation. */
export interface NodeProto {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  readonly opType: string;
  readonly domain?: string;
  readonly attribute?: readonly AttributeProto[];
}
/** One dimension: a number, or a symbol such as N. */
export type DimensionProto = { readonly dimValue: number } | { readonly dimParam: string };
/** An input or output with its type. */
export interface ValueInfoProto {
  readonly name: string;
  readonly type: {
    readonly tensorType: { readonly elemType: number; readonly shape: { readonly dim: readonly DimensionProto[] } };
  };
  readonly docString?: string;
}
/** Nodes in the order in which they run, with their constants, inputs and outputs. */
export interface GraphProto {
  readonly name: string;
  readonly node: readonly NodeProto[];
  readonly initializer: readonly TensorProto[];
  readonly input: readonly ValueInfoProto[];
  readonly output: readonly ValueInfoProto[];
}
/** A whole file. */
export interface ModelProto {
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly docString: string;
  readonly graph: GraphProto;
  readonly opsetImport: readonly { readonly domain: string; readonly version: number }[];
  readonly metadataProps: readonly { readonly key: string; readonly value: string }[];
}

const field = (type: Field["type"], id: number): Field => ({ type, id });
const list = (type: Field["type"], id: number): Field => ({ type, id, repeated: true });

const dimension: Message = { dimValue: field("int64", 1), dimParam: field("string", 2) };
const tensorShape: Message = { dim: list(dimension, 1) };
const tensorType: Message = { elemType: field("int32", 1), shape: field(tensorShape, 2) };
const valueInfo: Message = {
  name: field("string", 1),
  type: field({ tensorType: field(tensorType, 1) }, 2),
  docString: field("string", 3),
};
const tensor: Message = {
  dims: list("int64", 1),
  dataType: field("int32", 2),
  stringData: list("bytes", 6),
  name: field("string", 8),
  rawData: field("bytes", 9),
};
const attribute: Message = {
  name: field("string", 1),
  i: field("int64", 3),
  t: field(tensor, 5),
  ints: list("int64", 8),
  strings: list("bytes", 9),
  type: field("int32", 20), // an enumeration, which has the same bytes
};
const node: Message = {
  input: list("string", 1),
  output: list("string", 2),
  name: field("string", 3),
  opType: field("string", 4),
  attribute: list(attribute, 5),
  domain: field("string", 7),
};
const graph: Message = {
  node: list(node, 1),
  name: field("string", 2),
  initializer: list(tensor, 5),
  input: list(valueInfo, 11),
  output: list(valueInfo, 12),
};
const model: Message = {
  irVersion: field("int64", 1),
  producerName: field("string", 2),
  producerVersion: field("string", 3),
  docString: field("string", 6),
  graph: field(graph, 7),
  opsetImport: list({ domain: field("string", 1), version: field("int64", 2) }, 8),
  metadataProps: list({ key: field("string", 1), value: field("string", 2) }, 14),
};

/** The tables, the outermost first. */
export const messages = { model, graph } as const;

/** The bytes of a file; the same model gives the same bytes. */
export function encodeModel(file: ModelProto): Uint8Array {
  return encode(model, file);
}

/** The bytes of a graph alone, of which a checksum is taken. */
export function encodeGraph(part: GraphProto): Uint8Array {
  return encode(graph, part);
}

/**
 * A file's bytes as a model, in which any part may be missing if they are another program's.
 *
 * @throws Error if the bytes are no protobuf message
 */
export function decodeModel(bytes: Uint8Array): Partial<ModelProto> {
  return decode(model, bytes) as Partial<ModelProto>;
}
