// Trees in an ONNX file: a TreeEnsemble.
import type { Trees } from "../../learning/trees/trees.ts";
import type { GraphBuilder } from "./graph.ts";
import type { GraphProto } from "./schema.ts";

/** How trees are kept. */
export const treesForm = {
  add(_graph: GraphBuilder, _features: string, _trees: Trees): string {
    throw new TypeError("trees: not yet");
  },
  fields(_trees: Trees): { readonly trees: number } {
    throw new TypeError("trees: not yet");
  },
  isFields(_json: Readonly<Record<string, unknown>>, _width: number, _outputs: unknown): boolean {
    return false;
  },
  read(_graph: GraphProto, _fields: { readonly trees?: number }): Trees | null {
    return null;
  },
};
