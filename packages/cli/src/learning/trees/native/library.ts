// What is used of a library that grows trees, whichever it is.
import type { Features } from "../../features.ts";
import type { Shape } from "../split.ts";
import type { Tree } from "../trees.ts";

/** A library that is open. */
export interface TreeLibrary {
  /** As people write it: "XGBoost". */
  readonly title: string;
  readonly version: string;
  /** How it is given slopes: as such, or as labels and weights of a squared error whose slopes they are. */
  readonly takes: "slopes" | "labels";
  /** Takes rows over, into its own bins; other rows in the bins of `like`. */
  take(features: Features, like: Rows | null): Rows;
  /** Begins with trees for one output. */
  grower(training: Rows, watched: Rows | null, settings: GrowerSettings): LibraryGrower;
}

/** Rows that a library holds. */
export interface Rows {
  readonly handle: bigint;
  readonly rows: number;
  readonly width: number;
  free(): void;
}

/** How trees are grown. */
export interface GrowerSettings extends Shape {
  /** What of the best value of a leaf is taken. */
  readonly rate: number;
  /** The share of the features that a tree may ask about, drawn by the library. */
  readonly featureShare: number;
  /** A whole number from 0. */
  readonly seed: number;
}

/** Trees for one output in the making. */
export interface LibraryGrower {
  /** Adds a tree; a row whose slopes are both 0 is left out. Both `[rows]`. */
  round(gradient: Float32Array, curvature: Float32Array): void;
  /** The sum of a row's leaves so far, `[rows]`. */
  sums(of: "training" | "watched"): Float32Array | Float64Array;
  /** The trees that were added since this was asked last. */
  newTrees(output: number): readonly Tree[];
  free(): void;
}
