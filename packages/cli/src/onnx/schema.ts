// The part of ONNX's file format that a model needs, as a protobuf schema. Field numbers are those of onnx.proto.
import protobuf from "protobufjs/light.js";

/** The types of tensor elements, as ONNX numbers them. */
export const elementTypes = { float: 1, int64: 7, string: 8, double: 11 } as const;
/** A type of tensor elements. */
export type ElementType = keyof typeof elementTypes;

/** The types of attributes, as ONNX numbers them. */
export const attributeTypes = { int: 2, ints: 7, strings: 8 } as const;

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

const field = (type: string, id: number) => ({ type, id });
const list = (type: string, id: number) => ({ rule: "repeated", type, id });

const root = protobuf.Root.fromJSON({
  nested: {
    onnx: {
      nested: {
        ModelProto: {
          fields: {
            irVersion: field("int64", 1),
            producerName: field("string", 2),
            producerVersion: field("string", 3),
            docString: field("string", 6),
            graph: field("GraphProto", 7),
            opsetImport: list("OperatorSetIdProto", 8),
            metadataProps: list("StringStringEntryProto", 14),
          },
        },
        OperatorSetIdProto: { fields: { domain: field("string", 1), version: field("int64", 2) } },
        StringStringEntryProto: { fields: { key: field("string", 1), value: field("string", 2) } },
        GraphProto: {
          fields: {
            node: list("NodeProto", 1),
            name: field("string", 2),
            initializer: list("TensorProto", 5),
            input: list("ValueInfoProto", 11),
            output: list("ValueInfoProto", 12),
          },
        },
        NodeProto: {
          fields: {
            input: list("string", 1),
            output: list("string", 2),
            name: field("string", 3),
            opType: field("string", 4),
            attribute: list("AttributeProto", 5),
            domain: field("string", 7),
          },
        },
        AttributeProto: {
          fields: {
            name: field("string", 1),
            i: field("int64", 3),
            ints: list("int64", 8),
            strings: list("bytes", 9),
            type: field("int32", 20), // an enumeration, which has the same bytes
          },
        },
        TensorProto: {
          fields: {
            dims: list("int64", 1),
            dataType: field("int32", 2),
            stringData: list("bytes", 6),
            name: field("string", 8),
            rawData: field("bytes", 9),
          },
        },
        ValueInfoProto: {
          fields: { name: field("string", 1), type: field("TypeProto", 2), docString: field("string", 3) },
        },
        TypeProto: { fields: { tensorType: field("TensorTypeProto", 1) } },
        TensorTypeProto: { fields: { elemType: field("int32", 1), shape: field("TensorShapeProto", 2) } },
        TensorShapeProto: { fields: { dim: list("DimensionProto", 1) } },
        DimensionProto: { fields: { dimValue: field("int64", 1), dimParam: field("string", 2) } },
      },
    },
  },
});

const modelType = root.lookupType("onnx.ModelProto");
const graphType = root.lookupType("onnx.GraphProto");

/** The bytes of a file; the same model gives the same bytes. */
export function encodeModel(model: ModelProto): Uint8Array {
  return modelType.encode(modelType.fromObject(model)).finish();
}

/** The bytes of a graph alone, of which a checksum is taken. */
export function encodeGraph(graph: GraphProto): Uint8Array {
  return graphType.encode(graphType.fromObject(graph)).finish();
}

/**
 * A file's bytes as a model, in which any part may be missing if they are another program's.
 *
 * @throws Error if the bytes are no protobuf message
 */
export function decodeModel(bytes: Uint8Array): Partial<ModelProto> {
  return modelType.toObject(modelType.decode(bytes), { longs: Number }) as Partial<ModelProto>;
}
