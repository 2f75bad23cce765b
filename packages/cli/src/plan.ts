// What a comparison will do, fixed before it starts: folds, model, metric, families, budgets.
import type { Family } from "./candidates.ts";
import type { Scores } from "./metrics.ts";

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
  /** Epochs after which the weaker half of the settings is given up. */
  readonly firstEpochs: number;
  /** The strengths of L2, per row of an outer training set, among which the inner splits choose. */
  readonly l2: readonly number[];
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
