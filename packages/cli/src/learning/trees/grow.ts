// Growing a tree: the leaf whose split brings most is split next.
import type { TrainingHeap } from "../heap.ts";
import type { Ground } from "./bins.ts";
import { type Shape, type Split, SplitSearch, type Sums } from "./split.ts";
import { type Tree, TreeDraft } from "./trees.ts";

/** The slopes of a loss at every row, on the heap. */
export interface Slopes {
  /** `[rows, outputs]` */
  readonly gradient: Float32Array;
  /** `[rows, outputs]`, nowhere below 0. */
  readonly curvature: Float32Array;
  readonly outputs: number;
  /** The one that the tree is for. */
  readonly output: number;
}

/** A leaf of a tree in the making. */
interface Leaf extends Sums {
  readonly node: number;
  /** Its rows in the permutation. */
  readonly from: number;
  readonly to: number;
  readonly depth: number;
  histogram: Float64Array | null;
  split: Split | null;
}

/** Grows trees on the same rows, one after the other. */
export class Grower {
  readonly #heap: TrainingHeap;
  readonly #ground: Ground;
  readonly #bins: Uint8Array;
  readonly #starts: Int32Array;
  readonly #goesLeft: Uint8Array;
  readonly #shape: Shape;
  readonly #search: SplitSearch;
  /** Histograms that are not in use. */
  readonly #pool: Float64Array[] = [];

  constructor(heap: TrainingHeap, ground: Ground, shape: Shape) {
    this.#heap = heap;
    this.#ground = ground;
    this.#bins = heap.borrow(ground.bins);
    this.#starts = heap.borrow(ground.starts);
    this.#goesLeft = heap.backend.uint8(256);
    this.#shape = shape;
    this.#search = new SplitSearch(heap, ground, shape);
  }

  /**
   * Grows a tree for one output.
   *
   * @param rows the numbers of the rows that it is grown on, on the heap; put in the order of the leaves
   * @param features those that it may ask about, on the heap
   * @param rate what of a leaf's best value is taken
   * @param leaf told of each leaf: its rows, a part of `rows`, and its value
   */
  grow(slopes: Slopes, rows: Int32Array, features: Int32Array, { rate, leaf: told }: GrowOptions): Tree {
    const { leaves: most, l2 } = this.#shape;
    const draft = new TreeDraft();
    const all = this.#histogram(slopes, rows);
    const root = { node: draft.addLeaf(), from: 0, to: rows.length, depth: 0, ...this.#sumsOf(all) };
    const leaves: Leaf[] = [{ ...root, histogram: null, split: null }];
    if (most > 1 && this.#maySplit(leaves[0])) this.#look(leaves[0], all, features);
    else this.#pool.push(all);
    while (leaves.length < most) {
      const next = mostGainOf(leaves);
      if (next === -1) break;
      const leaf = leaves[next];
      const children = this.#part(leaf, rows, draft);
      leaves.splice(next, 1, ...children);
      this.#lookAt(children, leaf, { slopes, rows, features, isLast: leaves.length === most });
    }
    for (const { node, from, to, gradient, curvature, histogram } of leaves) {
      if (histogram !== null) this.#pool.push(histogram);
      const value = (-rate * gradient) / (curvature + l2);
      draft.setValue(node, value);
      told(rows.subarray(from, to), value);
    }
    return draft.finish(slopes.output);
  }

  /** Gives its memory back. */
  free(): void {
    for (const each of [this.#goesLeft, ...this.#pool]) this.#heap.backend.free(each);
    this.#search.free();
    this.#heap.giveBack(this.#ground.bins);
    this.#heap.giveBack(this.#ground.starts);
  }

  /** Deals the rows of a leaf out to two new ones. */
  #part({ node, from, to, depth, gradient, curvature, split }: Leaf, rows: Int32Array, draft: TreeDraft): [Leaf, Leaf] {
    const { feature, bin, levels, missingLeft, left } = split as Split; // only such leaves are parted
    const { edges, width } = this.#ground;
    const goesLeft = this.#goesLeft;
    if (levels === null) goesLeft.fill(1, 0, bin + 1).fill(0, bin + 1);
    else {
      goesLeft.fill(0);
      for (const level of levels) goesLeft[level] = 1;
    }
    const missing = edges[feature].length + 1;
    goesLeft[missing] = Number(missingLeft);
    const middle =
      from +
      this.#heap.treeKernels.partition({ bins: this.#bins, width, feature, goesLeft, rows: rows.subarray(from, to) });
    // A bin without an end is the last: only missing cells go right.
    const threshold = levels === null ? (edges[feature][bin] ?? Number.POSITIVE_INFINITY) : 0;
    const seen = levels?.filter((level) => level !== missing) ?? null;
    const [leftNode, rightNode] = draft.split(node, { feature, threshold, levels: seen, missingLeft });
    const common = { depth: depth + 1, histogram: null, split: null };
    return [
      { node: leftNode, from, to: middle, ...left, ...common },
      {
        node: rightNode,
        from: middle,
        to,
        gradient: gradient - left.gradient,
        curvature: curvature - left.curvature,
        ...common,
      },
    ];
  }

  /** Looks for splits of two children: the histogram of the larger is what its parent's has more than the smaller's. */
  #lookAt([left, right]: readonly [Leaf, Leaf], parent: Leaf, { slopes, rows, features, isLast }: Look): void {
    const rest = parent.histogram as Float64Array; // it was split by it
    parent.histogram = null;
    const [small, large] = left.to - left.from <= right.to - right.from ? [left, right] : [right, left];
    const wanted = [small, large].filter((each) => !isLast && this.#maySplit(each));
    if (wanted.length === 0) {
      this.#pool.push(rest);
      return;
    }
    const own = this.#histogram(slopes, rows.subarray(small.from, small.to));
    if (wanted.includes(large)) {
      this.#heap.treeKernels.subtract({ from: rest, other: own });
      this.#look(large, rest, features);
    } else this.#pool.push(rest);
    if (wanted.includes(small)) this.#look(small, own, features);
    else this.#pool.push(own);
  }

  /** Finds a leaf's best split; keeps the histogram only where there is one. */
  #look(leaf: Leaf, histogram: Float64Array, features: Int32Array): void {
    leaf.split = this.#search.find(histogram, leaf, features);
    if (leaf.split === null) this.#pool.push(histogram);
    else leaf.histogram = histogram;
  }

  /** Of all rows: the sums over the bins of any feature. */
  #sumsOf(histogram: Float64Array): Sums {
    let gradient = 0;
    let curvature = 0;
    for (let bin = 0; bin < this.#ground.starts[1]; bin++) {
      gradient += histogram[2 * bin];
      curvature += histogram[2 * bin + 1];
    }
    return { gradient, curvature };
  }

  #maySplit({ depth, curvature }: Leaf): boolean {
    return depth < this.#shape.depth && curvature >= 2 * this.#shape.minCurvature;
  }

  #histogram({ gradient, curvature, outputs, output }: Slopes, rows: Int32Array): Float64Array {
    const { width, starts } = this.#ground;
    const into = this.#pool.pop() ?? this.#heap.backend.float64(2 * starts[width]);
    this.#heap.treeKernels.histogram({
      bins: this.#bins,
      starts: this.#starts,
      gradient,
      curvature,
      outputs,
      output,
      rows,
      into,
    });
    return into;
  }
}

/** What is done with the leaves of a tree. */
export interface GrowOptions {
  readonly rate: number;
  leaf(rows: Int32Array, value: number): void;
}

interface Look {
  readonly slopes: Slopes;
  readonly rows: Int32Array;
  readonly features: Int32Array;
  /** Whether no leaf will be split any more. */
  readonly isLast: boolean;
}

/** The leaf whose split brings most; -1 where none can be split. */
function mostGainOf(leaves: readonly Leaf[]): number {
  let best = -1;
  let gain = 0;
  leaves.forEach(({ split }, k) => {
    if (split === null || split.gain <= gain) return;
    best = k;
    gain = split.gain;
  });
  return best;
}
