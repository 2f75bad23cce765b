// How the losses of examples become one number.

/** How the losses of the examples become one number. */
export const reductions = ["mean", "sum", "none", "weighted-mean", "element-mean"] as const;
/** How the losses of the examples become one number; see `EvaluateOptions.reduction`. */
export type Reduction = (typeof reductions)[number];

/** What the sum of the losses is divided by. */
export interface Totals {
  /** The number of examples that are not ignored. */
  readonly counted: number;
  /** What the sum is divided by, in units of 2^unit; 1 for "sum" and "none". */
  readonly denominator: number;
  readonly unit: number;
}

/** What a reduction divides by. */
export function denominatorOf(reduction: Reduction, examples: number, labels: number, weights: number): number {
  switch (reduction) {
    case "mean":
      return examples;
    case "sum":
    case "none":
      return 1;
    case "weighted-mean":
      return weights;
    case "element-mean":
      return labels;
    default:
      return reduction satisfies never;
  }
}
