// Layers in an ONNX file: a Gemm each, a Relu behind it, and their sizes in the metadata.
import type { Layer, Layers } from "../../learning/layers.ts";
import type { GraphBuilder } from "./graph.ts";
import { isListOf, isPlace, isRecord } from "./json.ts";
import type { GraphProto } from "./schema.ts";
import { constantOf } from "./tensors.ts";

type LayerSizes = Pick<Layer, "inputs" | "outputs" | "activation">;

/** The names, inside the graph, of the weights of layer k. */
const tensorsOf = (k: number) => ({ weights: `layer${k}/weights`, bias: `layer${k}/bias` });

/** How layers are kept. */
export const layersForm = {
  versions: { format: 2, ir: 7, ml: 2 },

  add(graph: GraphBuilder, features: string, { layers }: Layers): string {
    return layers.reduce((tensor, { inputs, outputs, weights, bias, activation }, k) => {
      const names = tensorsOf(k);
      const matrix = graph.double(weights, [inputs, outputs], names.weights);
      const sums = graph.node("Gemm", [tensor, matrix, graph.double(bias, [outputs], names.bias)]);
      return activation === "relu" ? graph.node("Relu", [sums]) : sums;
    }, features);
  },

  fields({ layers }: Layers): { readonly layers: readonly LayerSizes[] } {
    return { layers: layers.map(({ inputs, outputs, activation }) => ({ inputs, outputs, activation })) };
  },

  isFields({ layers }: Readonly<Record<string, unknown>>, width: number, outputs: unknown): boolean {
    if (!isListOf(layers, isSizes) || layers.length === 0) return false;
    const sizes = [width, ...layers.map((layer) => layer.outputs)];
    return layers.every((layer, k) => layer.inputs === sizes[k]) && sizes[layers.length] === outputs;
  },

  read(graph: GraphProto, fields: { readonly layers?: readonly LayerSizes[] }): Layers | null {
    const sizesOf = fields.layers ?? [];
    const layers = sizesOf.flatMap((sizes, k): Layer[] => {
      const names = tensorsOf(k);
      const weights = constantOf(graph, names.weights);
      const bias = constantOf(graph, names.bias);
      const fits = weights?.length === sizes.inputs * sizes.outputs && bias?.length === sizes.outputs;
      return weights !== null && bias !== null && fits ? [{ ...sizes, weights, bias }] : [];
    });
    return layers.length === sizesOf.length ? { kind: "layers", layers } : null;
  },
};

function isSizes(json: unknown): json is LayerSizes {
  return (
    isRecord(json) &&
    isPlace(json.inputs) &&
    isPlace(json.outputs) &&
    (json.activation === "relu" || json.activation === "identity")
  );
}
