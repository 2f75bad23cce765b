// What a comparison will do, fixed before it starts: folds, model, metric, families, budgets.
import type { Metric } from "../scores/metric.ts";

import type { Family } from "./families.ts";

/** Everything that decides the numbers of a comparison; equal plans on equal data give equal results. */
export interface Plan {
  readonly model: "linear" | "mlp";
  readonly metric: Metric;
  readonly families: readonly Family[];
  readonly folds: number;
  readonly repeats: number;
  readonly seed: number;
  readonly pace: "fast" | "default" | "thorough";
  /** Hidden units of the network, a layer each. */
  readonly hidden: readonly number[];
  /** The most epochs a network is trained for. */
  readonly maxEpochs: number;
  /** When weak settings of a family are given up; the first of the rungs is climbed by all. */
  readonly rungs: readonly Rung[];
  /** The strengths of L2, per row of an outer training set, that the inner splits try. */
  readonly l2: readonly number[];
  /** The strength that is taken unless the inner splits speak against it; null: the tried one that scores best. */
  readonly believedL2: number | null;
}

/** A rung of successive halving: after so many epochs so many settings go on. */
export interface Rung {
  readonly epochs: number;
  readonly keep: number;
}
