// A model of trees: what boosting leaves behind, in flat arrays, and the way from features to logits.
import type { FloatArray } from "surprisal";
import type { Features } from "../features.ts";

/**
 * Trees whose leaves are added up. All nodes of all trees stand in one row; node k is an inner node, or a leaf where
 * `feature[k]` is -1.
 */
export interface Trees {
  readonly kind: "trees";
  /** How many features a row has, and how many logits. */
  readonly width: number;
  readonly outputs: number;
  /** The logits without any tree, `[outputs]`. */
  readonly constant: Float64Array;
  /** Of each tree its first node, which is its root; behind the last, how many nodes there are. */
  readonly starts: Int32Array;
  /** Of each tree the logit that its leaves add to. */
  readonly output: Int32Array;
  readonly feature: Int32Array;
  /** A row goes left where its value is at most this. */
  readonly threshold: Float32Array;
  /** Where the node's set begins in `sets`; -1 where a node has a threshold. */
  readonly setAt: Int32Array;
  /** Sets of levels that go left, in eight words each: level c is bit c % 32 of word floor(c / 32). */
  readonly sets: Uint32Array;
  /** 1 where a row without a value goes left. */
  readonly missingLeft: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** What a leaf adds; 0 for an inner node. */
  readonly value: Float64Array;
}

/** Words of a set. */
export const setWords = 8;
/** Levels that a set can tell apart. */
export const mostMembers = 32 * setWords;

/** The levels of the set that begins at a word, ascending. */
export function levelsIn(sets: Uint32Array, at: number): number[] {
  return Array.from({ length: mostMembers }, (_, level) => level).filter(
    (level) => ((sets[at + (level >> 5)] >>> (level & 31)) & 1) === 1,
  );
}

/** One tree; the first node is its root, and sets begin where its own do. */
export interface Tree
  extends Pick<Trees, "feature" | "threshold" | "setAt" | "sets" | "missingLeft" | "left" | "right" | "value"> {
  readonly output: number;
}

/** The leaf that a row comes to from a node; `row` is where its values begin. */
export function leafOf(nodes: Omit<Tree, "output">, root: number, values: Float32Array, row: number): number {
  const { feature, threshold, setAt, sets, missingLeft, left, right } = nodes;
  let node = root;
  for (let asked = feature[node]; asked !== -1; asked = feature[node]) {
    const value = values[row + asked];
    const set = setAt[node];
    const goesLeft = Number.isNaN(value)
      ? missingLeft[node] === 1
      : set === -1
        ? value <= threshold[node]
        : ((sets[set + (value >> 5)] >>> (value & 31)) & 1) === 1;
    node = goesLeft ? left[node] : right[node];
  }
  return node;
}

/** Adds the leaves of a tree to the logits of some rows, or of all. */
export function addTree(
  tree: Tree,
  { rows, width, values }: Features,
  {
    logits,
    outputs,
    some,
  }: { readonly logits: FloatArray; readonly outputs: number; readonly some: Int32Array | null },
): void {
  const count = some?.length ?? rows;
  for (let n = 0; n < count; n++) {
    const row = some === null ? n : some[n];
    logits[row * outputs + tree.output] += tree.value[leafOf(tree, 0, values, row * width)];
  }
}

/** The logits of every row, `[rows, outputs]`, in float64. */
export function predictTrees(trees: Trees, { rows, width, values }: Features): Float64Array {
  const { outputs, constant, starts, output, value } = trees;
  const logits = Float64Array.from({ length: rows * outputs }, (_, k) => constant[k % outputs]);
  for (let tree = 0; tree < output.length; tree++) {
    for (let row = 0, at = output[tree]; row < rows; row++, at += outputs) {
      logits[at] += value[leafOf(trees, starts[tree], values, row * width)];
    }
  }
  return logits;
}

/** Puts trees behind each other. */
export function joinTrees(trees: readonly Tree[], width: number, constant: Float64Array): Trees {
  const nodes = trees.reduce((sum, { feature }) => sum + feature.length, 0);
  const words = trees.reduce((sum, { sets }) => sum + sets.length, 0);
  const joined = {
    kind: "trees" as const,
    width,
    outputs: constant.length,
    constant: constant.slice(),
    starts: new Int32Array(trees.length + 1),
    output: Int32Array.from(trees, ({ output }) => output),
    feature: new Int32Array(nodes),
    threshold: new Float32Array(nodes),
    setAt: new Int32Array(nodes),
    sets: new Uint32Array(words),
    missingLeft: new Uint8Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    value: new Float64Array(nodes),
  };
  let at = 0;
  let set = 0;
  trees.forEach((tree, t) => {
    const moved = (places: Int32Array, by: number) => places.map((place) => (place === -1 ? -1 : place + by));
    joined.feature.set(tree.feature, at);
    joined.threshold.set(tree.threshold, at);
    joined.missingLeft.set(tree.missingLeft, at);
    joined.value.set(tree.value, at);
    joined.left.set(moved(tree.left, at), at);
    joined.right.set(moved(tree.right, at), at);
    joined.setAt.set(moved(tree.setAt, set), at);
    joined.sets.set(tree.sets, set);
    at += tree.feature.length;
    set += tree.sets.length;
    joined.starts[t + 1] = at;
  });
  return joined;
}

/** What an inner node asks. */
export interface Question {
  readonly feature: number;
  readonly threshold: number;
  /** The levels that go left; null where the threshold decides. */
  readonly levels: readonly number[] | null;
  readonly missingLeft: boolean;
}

/** A tree in the making. */
export class TreeDraft {
  readonly #questions: (Question | null)[] = [];
  readonly #left: number[] = [];
  readonly #right: number[] = [];
  readonly #value: number[] = [];

  /** Adds a leaf, and returns its number. */
  addLeaf(): number {
    this.#questions.push(null);
    this.#left.push(-1);
    this.#right.push(-1);
    return this.#value.push(0) - 1;
  }

  /** Makes a leaf an inner node, and returns its two leaves. */
  split(node: number, question: Question): readonly [left: number, right: number] {
    this.#questions[node] = question;
    this.#left[node] = this.addLeaf();
    this.#right[node] = this.addLeaf();
    return [this.#left[node], this.#right[node]];
  }

  /** What a leaf adds. */
  setValue(leaf: number, value: number): void {
    this.#value[leaf] = value;
  }

  /** The tree, whose leaves add to this output. */
  finish(output: number): Tree {
    const sets: number[] = [];
    const setAt = this.#questions.map((question) => {
      if (question === null || question.levels === null) return -1;
      const words = new Uint32Array(setWords);
      for (const level of question.levels) words[level >> 5] |= 1 << (level & 31);
      return sets.push(...words) - setWords;
    });
    return {
      output,
      feature: Int32Array.from(this.#questions, (question) => question?.feature ?? -1),
      threshold: Float32Array.from(this.#questions, (question) => question?.threshold ?? 0),
      setAt: Int32Array.from(setAt),
      sets: Uint32Array.from(sets),
      missingLeft: Uint8Array.from(this.#questions, (question) => Number(question?.missingLeft ?? false)),
      left: Int32Array.from(this.#left),
      right: Int32Array.from(this.#right),
      value: Float64Array.from(this.#value),
    };
  }
}
