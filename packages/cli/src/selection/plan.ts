// What a comparison will do, fixed before it starts: folds, model, metric, families, budgets.

import type { Scores } from "../scores/scores.ts";
import type { Family } from "./families.ts";

/** A proper score that losses may be selected by; lower is better after `orient`. */
export const metrics = ["log-loss", "average-precision", "roc-auc", "brier"] as const;
/** The score that decides. */
export type Metric = (typeof metrics)[number];

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

const fieldOf: { readonly [metric in Metric]: keyof Scores } = {
  "log-loss": "logLoss",
  "average-precision": "averagePrecision",
  "roc-auc": "rocAuc",
  brier: "brier",
};

/** The score that a metric names. */
export function scoreOf(metric: Metric, scores: Scores): number {
  return scores[fieldOf[metric]];
}

/** A score such that lower is better. */
export function orient(metric: Metric, score: number): number {
  return metric === "log-loss" || metric === "brier" ? score : -score;
}

/** How large a difference must be to matter: 1 % of the log loss, .005 otherwise. */
export function bandOf(metric: Metric, reference: number): number {
  return metric === "log-loss" ? 0.01 * reference : 0.005;
}
