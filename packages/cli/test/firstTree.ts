// One round of boosting on a table of numbers, without any sampling: what every library should make the same of.
import { crossEntropy } from "surprisal";
import type { Features } from "../src/learning/features.ts";
import { TrainingHeap } from "../src/learning/heap.ts";
import { makeObjective } from "../src/learning/objective.ts";
import { Booster, type BoosterSettings } from "../src/learning/trees/booster.ts";
import { LibraryBooster } from "../src/learning/trees/native/booster.ts";
import type { TreeLibrary } from "../src/learning/trees/native/library.ts";
import type { Trees } from "../src/learning/trees/trees.ts";
import { Random } from "../src/random.ts";

/** A node of a tree, its rows counted: a question with its two branches, or a leaf. */
export type Branch =
  | { readonly feature: number; readonly rows: number; readonly left: Branch; readonly right: Branch }
  | { readonly value: number; readonly rows: number };

const rows = 2000;
const width = 8;
const random = new Random("a table of numbers");
/** Fewer values than bins, some of them missing. */
const values = Float32Array.from({ length: rows * width }, (_, k) =>
  k % width < 2 && random.next() < 0.05 ? Number.NaN : Math.round(20 * random.normal()) / 8,
);
const features: Features = { rows, width, values };
const labels = Int32Array.from({ length: rows }, (_, row) => {
  const at = (feature: number) => values[row * width + feature] || 0;
  return Number(at(0) - at(1) * at(2) + Math.abs(at(3)) - 2 + 2 * random.normal() > 0);
});
const objective = makeObjective({ loss: crossEntropy(), activation: "sigmoid", outputs: 1, labels });
const settings: BoosterSettings = {
  leaves: 24,
  depth: 30,
  l2: 1,
  minCurvature: 1,
  rate: 0.1,
  rowShare: 1,
  featureShare: 1,
  seed: 0,
};

/** The first tree of surprisal itself, or of a library. */
export function firstTree(library: TreeLibrary | null): Branch {
  const heap = new TrainingHeap();
  const booster =
    library === null
      ? new Booster(heap, features, objective, settings)
      : new LibraryBooster(library, { heap, features, objective }, settings);
  booster.round();
  const trees = booster.model();
  booster.free();
  return branchOf(
    trees,
    0,
    Array.from({ length: rows }, (_, row) => row),
  );
}

/** Thresholds between the same two values are as good as each other: it is the rows that tell what a split does. */
function branchOf(trees: Trees, node: number, reached: readonly number[]): Branch {
  const { feature, threshold, missingLeft, left, right, value } = trees;
  if (feature[node] === -1) return { value: Number(value[node].toPrecision(5)), rows: reached.length };
  const goesLeft = (row: number) => {
    const cell = values[row * width + feature[node]];
    return Number.isNaN(cell) ? missingLeft[node] === 1 : cell <= threshold[node];
  };
  return {
    feature: feature[node],
    rows: reached.length,
    left: branchOf(trees, left[node], reached.filter(goesLeft)),
    right: branchOf(
      trees,
      right[node],
      reached.filter((row) => !goesLeft(row)),
    ),
  };
}
