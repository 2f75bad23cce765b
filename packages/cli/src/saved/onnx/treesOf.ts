// Trees from the lists of ONNX's TreeEnsemble, which are read from a file: nothing is believed of them.
import { joinTrees, mostMembers, type Tree, TreeDraft, type Trees } from "../../learning/trees/trees.ts";
import { type Ensemble, modes } from "./ensemble.ts";
import { isPlace } from "./json.ts";

/** What the lists do not say. */
export interface TreesAround extends Pick<Trees, "width" | "outputs" | "constant"> {
  /** How many trees there are. */
  readonly count: number;
}

/** The trees of lists; null where these do not fit each other. */
export function treesOf(ensemble: Ensemble, { count, width, outputs, constant }: TreesAround): Trees | null {
  const { roots } = ensemble;
  const sets = setsOf(ensemble);
  if (sets === null || !fits(ensemble, width, outputs) || roots.length !== Math.max(1, count)) return null;
  const walk = new Walk(ensemble, sets);
  const trees = roots.map((root) => walk.treeAt(root));
  if (!walk.isDone || !trees.every((tree) => tree !== null)) return null;
  return joinTrees(count === 0 ? [] : trees, width, constant);
}

/** Of each node the levels of its set, null where it asks for none; null where sets and nodes do not fit each other. */
function setsOf({ modes: kinds, members }: Ensemble): readonly (readonly number[] | null)[] | null {
  const sets: number[][] = [[]];
  for (const member of members) {
    if (Number.isNaN(member)) sets.push([]);
    else if (isPlace(member) && member < mostMembers) sets[sets.length - 1].push(member);
    else return null;
  }
  const rest = sets.pop(); // behind the last NaN
  if (rest?.length !== 0 || sets.length !== kinds.filter((kind) => kind === modes.isMember).length) return null;
  let next = 0;
  return kinds.map((kind) => (kind === modes.isMember ? sets[next++] : null));
}

function fits(ensemble: Ensemble, width: number, outputs: number): boolean {
  const { features, modes: kinds, splits, missingLeft, left, leftIsLeaf, right, rightIsLeaf } = ensemble;
  const { roots, leafOutputs, leafValues } = ensemble;
  const nodes = features.length;
  const below = (list: readonly number[], limit: number) => list.every((each) => isPlace(each) && each < limit);
  const places = (ids: readonly number[], flags: readonly number[]) =>
    ids.every((id, k) => isPlace(id) && id < (flags[k] === 1 ? leafValues.length : nodes));
  return (
    [kinds, splits, missingLeft, left, leftIsLeaf, right, rightIsLeaf].every(({ length }) => length === nodes) &&
    leafOutputs.length === leafValues.length &&
    below(roots, nodes) &&
    below(features, width) &&
    [missingLeft, leftIsLeaf, rightIsLeaf].every((flags) => below(flags, 2)) &&
    kinds.every((kind) => kind === modes.atMost || kind === modes.isMember) &&
    !splits.some(Number.isNaN) &&
    places(left, leftIsLeaf) &&
    places(right, rightIsLeaf) &&
    below(leafOutputs, outputs) &&
    leafValues.every(Number.isFinite)
  );
}

/** A walk through all trees, which comes to every node and every leaf once, or they are no trees. */
class Walk {
  readonly #ensemble: Ensemble;
  readonly #sets: readonly (readonly number[] | null)[];
  readonly #nodes: Uint8Array;
  readonly #leaves: Uint8Array;

  constructor(ensemble: Ensemble, sets: readonly (readonly number[] | null)[]) {
    this.#ensemble = ensemble;
    this.#sets = sets;
    this.#nodes = new Uint8Array(ensemble.features.length);
    this.#leaves = new Uint8Array(ensemble.leafValues.length);
  }

  /** Whether every node and every leaf was come to. */
  get isDone(): boolean {
    return [this.#nodes, this.#leaves].every((seen) => seen.every((flag) => flag === 1));
  }

  /** The tree under a root; null where the walk comes back to where it was, or its leaves add to several outputs. */
  treeAt(root: number): Tree | null {
    const { features, splits, missingLeft, left, leftIsLeaf, right, rightIsLeaf } = this.#ensemble;
    const { leafOutputs, leafValues } = this.#ensemble;
    const draft = new TreeDraft();
    const outputs = new Set<number>();
    const isAlone = leftIsLeaf[root] === 1 && rightIsLeaf[root] === 1 && left[root] === right[root];
    if (isAlone) this.#nodes[root]++;
    const open = [{ id: isAlone ? left[root] : root, isLeaf: isAlone, node: draft.addLeaf() }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { id, isLeaf, node } = next;
      const seen = isLeaf ? this.#leaves : this.#nodes;
      if (seen[id]++ > 0) return null;
      if (isLeaf) {
        outputs.add(leafOutputs[id]);
        draft.setValue(node, leafValues[id]);
        continue;
      }
      const levels = this.#sets[id];
      const question = { feature: features[id], threshold: splits[id], levels, missingLeft: missingLeft[id] === 1 };
      const [leftNode, rightNode] = draft.split(node, question);
      open.push({ id: right[id], isLeaf: rightIsLeaf[id] === 1, node: rightNode });
      open.push({ id: left[id], isLeaf: leftIsLeaf[id] === 1, node: leftNode });
    }
    const [output] = outputs;
    return outputs.size === 1 ? draft.finish(output) : null;
  }
}
