// Trees in an ONNX file: a TreeEnsemble in float64 and the constant behind it, from which the model is read again.
import type { Trees } from "../../learning/trees/trees.ts";
import { type Ensemble, ensembleOf } from "./ensemble.ts";
import { type Attributes, type GraphBuilder, mlDomain } from "./graph.ts";
import { isPlace, isRecord } from "./json.ts";
import type { AttributeProto, GraphProto } from "./schema.ts";
import { constantOf, doublesOf, listOf } from "./tensors.ts";
import { treesOf } from "./treesOf.ts";

interface TreesSizes extends Pick<Trees, "width" | "outputs"> {
  readonly count: number;
}

const opType = "TreeEnsemble";
const constantName = "trees/constant";
const sum = 1;

/** How trees are kept. */
export const treesForm = {
  /** onnxruntime runs such files since its version 1.21. */
  versions: { format: 3, ir: 10, ml: 5 },

  add(graph: GraphBuilder, features: string, trees: Trees): string {
    const { outputs, constant } = trees;
    const attributes = { aggregate_function: sum, n_targets: outputs, ...attributesOf(ensembleOf(trees)) };
    const sums = graph.node(opType, [features], attributes, mlDomain);
    return graph.node("Add", [sums, graph.double(constant, [1, outputs], constantName)]);
  },

  fields({ output, width, outputs }: Trees): { readonly trees: TreesSizes } {
    return { trees: { count: output.length, width, outputs } };
  },

  isFields({ trees }: Readonly<Record<string, unknown>>, width: number, outputs: unknown): boolean {
    return isRecord(trees) && isPlace(trees.count) && trees.width === width && trees.outputs === outputs;
  },

  read(graph: GraphProto, { trees: sizes }: { readonly trees?: TreesSizes }): Trees | null {
    const node = graph.node.find((each) => each.opType === opType && each.domain === mlDomain);
    const constant = constantOf(graph, constantName);
    if (node === undefined || sizes === undefined || constant?.length !== sizes.outputs) return null;
    return treesOf(ensembleIn(node.attribute ?? []), { ...sizes, constant });
  },
};

const intNames = {
  roots: "tree_roots",
  features: "nodes_featureids",
  missingLeft: "nodes_missing_value_tracks_true",
  left: "nodes_truenodeids",
  leftIsLeaf: "nodes_trueleafs",
  right: "nodes_falsenodeids",
  rightIsLeaf: "nodes_falseleafs",
  leafOutputs: "leaf_targetids",
} as const;

const doubleNames = { splits: "nodes_splits", members: "membership_values", leafValues: "leaf_weights" } as const;

const modesName = "nodes_modes";

type IntList = keyof typeof intNames;
type DoubleList = keyof typeof doubleNames;

function attributesOf(ensemble: Ensemble): Attributes {
  const ints = (Object.keys(intNames) as IntList[]).map((list) => [intNames[list], ensemble[list]] as const);
  const doubles = (Object.keys(doubleNames) as DoubleList[])
    .filter((list) => ensemble[list].length > 0)
    .map((list) => [doubleNames[list], listOf("double", ensemble[list])] as const);
  return Object.fromEntries([...ints, ...doubles, [modesName, listOf("uint8", ensemble.modes)]]);
}

/** The lists that attributes hold; empty where one is not there. */
function ensembleIn(attributes: readonly AttributeProto[]): Ensemble {
  const found = new Map(attributes.map((attribute) => [attribute.name, attribute]));
  const ints = (list: IntList) => [...(found.get(intNames[list])?.ints ?? [])];
  const doubles = (list: DoubleList) => Array.from(doublesOf(found.get(doubleNames[list])?.t) ?? []);
  return {
    roots: ints("roots"),
    features: ints("features"),
    modes: [...(found.get(modesName)?.t?.rawData ?? [])],
    splits: doubles("splits"),
    missingLeft: ints("missingLeft"),
    left: ints("left"),
    leftIsLeaf: ints("leftIsLeaf"),
    right: ints("right"),
    rightIsLeaf: ints("rightIsLeaf"),
    members: doubles("members"),
    leafOutputs: ints("leafOutputs"),
    leafValues: doubles("leafValues"),
  };
}
