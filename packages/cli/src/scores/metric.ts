// The scores that losses may be selected by.
import type { Scores } from "./scores.ts";

/** A proper score that losses may be selected by; lower is better after `orient`. */
export const metrics = ["log-loss", "average-precision", "roc-auc", "brier"] as const;

/** The score that decides. */
export type Metric = (typeof metrics)[number];

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
