// The metrics, a row each: the scores that losses may be selected by. All else about them follows from their rows.
import type { Scores } from "./scores.ts";

/** What is known of a metric. */
export interface MetricRow {
  readonly field: keyof Scores;
  /** In the heading of a narrow column: "AP". */
  readonly short: string;
  /** In a sentence: "average precision". */
  readonly words: string;
  /** The digits that it is told with. */
  readonly digits: number;
  readonly better: "lower" | "higher";
  /** How large a difference must be to matter, where cross entropy has such a score. */
  readonly band: (reference: number) => number;
}

const percentOf = (reference: number) => 0.01 * reference;
const halfAPoint = () => 0.005;

const rows = {
  "log-loss": {
    field: "logLoss",
    short: "log loss",
    words: "log loss",
    digits: 4,
    better: "lower",
    band: percentOf,
  },
  "average-precision": {
    field: "averagePrecision",
    short: "AP",
    words: "average precision",
    digits: 3,
    better: "higher",
    band: halfAPoint,
  },
  "roc-auc": { field: "rocAuc", short: "AUC", words: "ROC-AUC", digits: 3, better: "higher", band: halfAPoint },
  brier: { field: "brier", short: "Brier", words: "Brier score", digits: 4, better: "lower", band: halfAPoint },
} as const satisfies Readonly<Record<string, MetricRow>>;

/** The score that decides, as on the command line. */
export type Metric = keyof typeof rows;

/** The table of metrics. */
export const metrics: { readonly [metric in Metric]: MetricRow } = rows;

/** Their names, as on the command line. */
export const metricNames = Object.keys(metrics) as readonly Metric[];

/** The score that a metric names. */
export function scoreOf(metric: Metric, scores: Scores): number {
  return scores[metrics[metric].field];
}

/** A score such that lower is better; and back. */
export function orient(metric: Metric, score: number): number {
  return metrics[metric].better === "lower" ? score : -score;
}

/** The metric that is shown beside the one that decides: average precision unless that decides, then log loss. */
export function metricBeside(metric: Metric): MetricRow {
  return metrics[metric === "average-precision" ? "log-loss" : "average-precision"];
}
