// Building an ONNX graph: each call adds a node and gives the name of what it computes.
import {
  type AttributeProto,
  attributeTypes,
  type ElementType,
  elementTypes,
  type GraphProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from "./schema.ts";
import { bytesOf, innerPrefix } from "./tensors.ts";

/** What a node is set up with. */
export type Attributes = Readonly<Record<string, number | readonly number[] | readonly string[] | TensorProto>>;

/** The set of operators that a node comes from, where it is not ONNX's own. */
export const mlDomain = "ai.onnx.ml";

const utf8 = new TextEncoder();

/** A graph in the making. Equal nodes and equal constants are made once. */
export class GraphBuilder {
  private readonly nodes: NodeProto[] = [];
  private readonly tensors: TensorProto[] = [];
  private readonly inputs: ValueInfoProto[] = [];
  private readonly outputs: ValueInfoProto[] = [];
  private readonly known = new Map<string, string>();

  /** An input with a row per example: a tensor `[N, 1]`. */
  input(name: string, type: ElementType, docString: string): string {
    this.inputs.push({ ...valueInfo(name, type, 1), docString });
    return name;
  }

  /** Names a tensor as an output `[N, columns]`, or `[N]` where columns is null. */
  output(name: string, tensor: string, type: ElementType, columns: number | null): void {
    this.nodes.push({ input: [tensor], output: [name], name: innerPrefix + name, opType: "Identity" });
    this.outputs.push(valueInfo(name, type, columns));
  }

  /** A node with one output. */
  node(opType: string, input: readonly string[], attributes: Attributes = {}, domain = ""): string {
    return this.addNode(opType, input, attributes, domain, 1)[0];
  }

  /** The two outputs of a TopK node: values and indices. */
  topK(input: string, count: number): { readonly values: string; readonly indices: string } {
    const [values, indices] = this.addNode("TopK", [input, this.int64([count], [1])], { axis: 1 }, "", 2);
    return { values, indices };
  }

  /** A float64 constant: a number, or numbers with their shape. */
  double(values: number | ArrayLike<number>, dims: readonly number[] = [], name?: string): string {
    const list = typeof values === "number" ? [values] : Array.from(values);
    return this.tensor("double", list, dims, { rawData: bytesOf("double", list) }, name);
  }

  /** An int64 constant. */
  int64(values: readonly number[], dims: readonly number[]): string {
    return this.tensor("int64", values, dims, { rawData: bytesOf("int64", values) });
  }

  /** A constant list of strings. */
  strings(values: readonly string[]): string {
    return this.tensor("string", values, [values.length], { stringData: values.map((text) => utf8.encode(text)) });
  }

  /** The graph so far. */
  finish(name: string): GraphProto {
    return { name, node: this.nodes, initializer: this.tensors, input: this.inputs, output: this.outputs };
  }

  private addNode(
    opType: string,
    input: readonly string[],
    attributes: Attributes,
    domain: string,
    count: number,
  ): readonly string[] {
    const key = JSON.stringify([opType, input, attributes], asText);
    const at = this.known.get(key) ?? `${innerPrefix}${opType}_${this.nodes.length}`;
    const output = Array.from({ length: count }, (_, k) => (k === 0 ? at : `${at}_${k}`));
    if (this.known.has(key)) return output;
    this.known.set(key, at);
    const attribute = Object.entries(attributes).map(([name, value]) => makeAttribute(name, value));
    this.nodes.push({ input, output, name: at, opType, ...(domain && { domain }), attribute });
    return output;
  }

  private tensor(
    type: ElementType,
    values: readonly (number | string)[],
    dims: readonly number[],
    data: Pick<TensorProto, "rawData" | "stringData">,
    given?: string,
  ): string {
    const texts = values.map((value) => (Object.is(value, -0) ? "-0" : value));
    const key = JSON.stringify([given ?? "", type, dims, texts.map(String)]);
    const name = this.known.get(key) ?? innerPrefix + (given ?? `constant_${this.tensors.length}`);
    if (this.known.has(key)) return name;
    this.known.set(key, name);
    this.tensors.push({ name, dataType: elementTypes[type], dims, ...data });
    return name;
  }
}

/** Bytes as one text, where JSON would write each under its place. */
function asText(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;
}

function makeAttribute(name: string, value: Attributes[string]): AttributeProto {
  if (typeof value === "number") return { name, type: attributeTypes.int, i: value };
  if ("dataType" in value) return { name, type: attributeTypes.tensor, t: value };
  if (value.every((each) => typeof each === "number")) return { name, type: attributeTypes.ints, ints: value };
  return { name, type: attributeTypes.strings, strings: value.map((each) => utf8.encode(String(each))) };
}

function valueInfo(name: string, type: ElementType, columns: number | null): ValueInfoProto {
  const dim = [{ dimParam: "N" }, ...(columns === null ? [] : [{ dimValue: columns }])];
  return { name, type: { tensorType: { elemType: elementTypes[type], shape: { dim } } } };
}
