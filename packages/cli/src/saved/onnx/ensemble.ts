// The lists of ONNX's TreeEnsemble, made of trees: inner nodes of all trees in one row, leaves in another.
import { levelsIn, type Trees } from "../../learning/trees/trees.ts";

/** How a node decides, as ONNX numbers it: value <= split, or value is one of a set. */
export const modes = { atMost: 0, isMember: 6 } as const;

/** Numbers of inner nodes and of leaves overlap, so that beside each child stands which of the two it is. */
export interface Ensemble {
  /** Of each tree an inner node; that of a tree of one leaf has this leaf on both sides. */
  readonly roots: number[];
  readonly features: number[];
  readonly modes: number[];
  readonly splits: number[];
  readonly missingLeft: number[];
  readonly left: number[];
  readonly leftIsLeaf: number[];
  readonly right: number[];
  readonly rightIsLeaf: number[];
  /** The sets of the nodes that ask for one, in their order, each with a NaN behind it. */
  readonly members: number[];
  readonly leafOutputs: number[];
  readonly leafValues: number[];
}

/** The lists of trees, each from its root down, what goes left first. Without trees: one leaf that adds 0. */
export function ensembleOf(trees: Trees): Ensemble {
  const ensemble: Ensemble = {
    roots: [],
    features: [],
    modes: [],
    splits: [],
    missingLeft: [],
    left: [],
    leftIsLeaf: [],
    right: [],
    rightIsLeaf: [],
    members: [],
    leafOutputs: [],
    leafValues: [],
  };
  trees.output.forEach((output, tree) => {
    const root = trees.starts[tree];
    if (trees.feature[root] === -1) addLeafAlone(ensemble, { output, value: trees.value[root] });
    else add(ensemble, trees, root, output);
  });
  if (trees.output.length === 0) addLeafAlone(ensemble, { output: 0, value: 0 });
  return ensemble;
}

/** The lists that a child stands in. */
interface Side {
  readonly ids: "left" | "right";
  readonly flags: "leftIsLeaf" | "rightIsLeaf";
}

const onLeft: Side = { ids: "left", flags: "leftIsLeaf" };
const onRight: Side = { ids: "right", flags: "rightIsLeaf" };

function add(ensemble: Ensemble, trees: Trees, root: number, output: number): void {
  const { feature, missingLeft, left, right, value } = trees;
  ensemble.roots.push(ensemble.features.length);
  const open = [{ node: root, parent: -1, side: onLeft }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, parent, side } = next;
    const isLeaf = feature[node] === -1;
    const id = (isLeaf ? ensemble.leafValues : ensemble.features).length;
    if (parent !== -1) {
      ensemble[side.ids][parent] = id;
      ensemble[side.flags][parent] = Number(isLeaf);
    }
    if (isLeaf) addLeaf(ensemble, { output, value: value[node] });
    else {
      ensemble.features.push(feature[node]);
      ensemble.missingLeft.push(missingLeft[node]);
      addQuestion(ensemble, trees, node);
      open.push({ node: right[node], parent: id, side: onRight }, { node: left[node], parent: id, side: onLeft });
    }
  }
}

/** A set of no levels is asked for as a number below all levels, since ONNX knows no empty set. */
function addQuestion(ensemble: Ensemble, { threshold, setAt, sets }: Trees, node: number): void {
  const levels = setAt[node] === -1 ? null : levelsIn(sets, setAt[node]);
  const asksMember = levels !== null && levels.length > 0;
  ensemble.modes.push(asksMember ? modes.isMember : modes.atMost);
  ensemble.splits.push(levels === null ? threshold[node] : asksMember ? 0 : -1);
  if (asksMember) ensemble.members.push(...levels, Number.NaN);
}

interface Leaf {
  readonly output: number;
  readonly value: number;
}

function addLeaf({ leafOutputs, leafValues }: Ensemble, { output, value }: Leaf): void {
  leafOutputs.push(output);
  leafValues.push(value);
}

function addLeafAlone(ensemble: Ensemble, leaf: Leaf): void {
  const id = ensemble.leafValues.length;
  ensemble.roots.push(ensemble.features.length);
  for (const list of [ensemble.features, ensemble.splits, ensemble.missingLeft]) list.push(0);
  ensemble.modes.push(modes.atMost);
  for (const list of [ensemble.left, ensemble.right]) list.push(id);
  for (const list of [ensemble.leftIsLeaf, ensemble.rightIsLeaf]) list.push(1);
  addLeaf(ensemble, leaf);
}
