// The trees of a model of XGBoost in JSON, as ours.
import type { Tree } from "../trees.ts";
import { nextBelow } from "./float32.ts";

/** What of a tree in XGBoost's JSON is read; node 0 is the root, and a node without children is a leaf. */
interface XgboostTree {
  readonly left_children: readonly number[];
  readonly right_children: readonly number[];
  readonly split_indices: readonly number[];
  /** Less than this goes left; of a leaf its value. */
  readonly split_conditions: readonly number[];
  readonly default_left: readonly (number | boolean)[];
}

/** The trees of a model whose leaves all add to one output. */
export function readXgboostTrees(json: string, output: number): readonly Tree[] {
  const { learner } = JSON.parse(json) as {
    readonly learner: { readonly gradient_booster: { readonly model: { readonly trees: readonly XgboostTree[] } } };
  };
  return learner.gradient_booster.model.trees.map((tree) => treeOf(tree, output));
}

function treeOf(tree: XgboostTree, output: number): Tree {
  const { left_children: left, right_children: right, split_conditions: conditions } = tree;
  const isLeaf = left.map((child) => child === -1);
  return {
    output,
    feature: Int32Array.from(tree.split_indices, (feature, node) => (isLeaf[node] ? -1 : feature)),
    threshold: Float32Array.from(conditions, (value, node) => (isLeaf[node] ? 0 : nextBelow(value))),
    setAt: new Int32Array(left.length).fill(-1),
    sets: new Uint32Array(0),
    missingLeft: Uint8Array.from(tree.default_left, (goes, node) => Number(!isLeaf[node] && Boolean(goes))),
    left: Int32Array.from(left),
    right: Int32Array.from(right, (child, node) => (isLeaf[node] ? -1 : child)),
    value: Float64Array.from(conditions, (value, node) => (isLeaf[node] ? Math.fround(value) : 0)),
  };
}
