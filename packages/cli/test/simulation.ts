// Simulated tables on which two learners are equally good, or differ by what is planted: the truth about a test.
import { makeFolds } from "../src/folds/folds.ts";
import { Random } from "../src/random.ts";
import { rowRange } from "../src/table/rows.ts";
import type { Target } from "../src/task/target.ts";

/** A table of 0/1 labels; each learner sees its own features, with a constant first: row-major `[rows, width]`. */
export interface SimulatedTable {
  readonly target: Target;
  readonly rows: number;
  readonly width: number;
  /** What the incumbent and the challenger see. */
  readonly views: readonly [Float64Array, Float64Array];
}

/** A binary target without a table. */
export function binaryTarget(labels: Int32Array): Target {
  return {
    kind: "binary",
    activation: "sigmoid",
    columns: ["y"],
    classes: ["no", "yes"],
    outputs: 1,
    rows: rowRange(0, labels.length),
    labels,
    weights: null,
    notes: [],
  };
}

/**
 * Draws a table whose logit is a sum of two halves of features, one half for each learner; with `advantage` 1 both
 * halves carry the same information, so that over tables the learners are exactly equal. Larger: the challenger's more.
 */
export function simulateTable(seed: string, rows: number, advantage: number): SimulatedTable {
  const random = new Random(seed);
  const features = 3;
  const width = features + 1;
  const views = [new Float64Array(rows * width), new Float64Array(rows * width)] as const;
  const labels = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    let logit = -1;
    views.forEach((view, learner) => {
      view[row * width] = 1;
      for (let feature = 1; feature <= features; feature++) {
        const value = random.normal();
        view[row * width + feature] = value;
        logit += 0.6 * (learner === 1 ? advantage : 1) * value;
      }
    });
    labels[row] = Number(random.next() < 1 / (1 + Math.exp(-logit)));
  }
  return { target: binaryTarget(labels), rows, width, views };
}

/** The log loss of a learner on one fold, from what it sees of a table, taught by the other folds. */
export type FoldLoss = (view: Float64Array, table: SimulatedTable, folds: Int32Array, held: number) => number;

/** Logistic regression. */
const logistic: FoldLoss = (view, table, folds, held) =>
  logLoss(view, table, folds, held, fitLogistic(view, table, folds, held));

/** The differences of the log loss (challenger minus incumbent) on 5 x 5 folds, and the incumbent's mean log loss. */
export function foldDifferences(
  table: SimulatedTable,
  learner: FoldLoss = logistic,
): { differences: number[]; incumbent: number } {
  const { repeats, count } = makeFolds(table.target, { folds: 5, repeats: 5, seed: 1, groups: null });
  const differences: number[] = [];
  let incumbent = 0;
  for (const folds of repeats) {
    for (let fold = 0; fold < count; fold++) {
      const [first, second] = table.views.map((view) => learner(view, table, folds, fold));
      differences.push(second - first);
      incumbent += first / (count * repeats.length);
    }
  }
  return { differences, incumbent };
}

/** Logistic regression by Newton's method with a whiff of L2, on all folds but one. */
function fitLogistic(view: Float64Array, { rows, width, target }: SimulatedTable, folds: Int32Array, held: number) {
  const weights = new Float64Array(width);
  const hessian = new Float64Array(width * width);
  for (let step = 0; step < 4; step++) {
    const gradient = weights.map((weight) => -0.1 * weight);
    hessian.fill(0);
    for (let k = 0; k < width; k++) hessian[k * width + k] = 0.1;
    for (let row = 0; row < rows; row++) {
      if (folds[row] === held) continue;
      const at = row * width;
      const p = probability(view, at, weights);
      for (let j = 0; j < width; j++) {
        gradient[j] += (target.labels[row] - p) * view[at + j];
        for (let k = 0; k <= j; k++) hessian[j * width + k] += p * (1 - p) * view[at + j] * view[at + k];
      }
    }
    solve(hessian, gradient, width).forEach((change, k) => {
      weights[k] += change;
    });
  }
  return weights;
}

function logLoss(
  view: Float64Array,
  { rows, width, target }: SimulatedTable,
  folds: Int32Array,
  fold: number,
  weights: Float64Array,
): number {
  let sum = 0;
  let tested = 0;
  for (let row = 0; row < rows; row++) {
    if (folds[row] !== fold) continue;
    const p = probability(view, row * width, weights);
    sum -= Math.log(target.labels[row] === 1 ? p : 1 - p);
    tested++;
  }
  return sum / tested;
}

function probability(view: Float64Array, at: number, weights: Float64Array): number {
  let logit = 0;
  for (let k = 0; k < weights.length; k++) logit += weights[k] * view[at + k];
  return 1 / (1 + Math.exp(-logit));
}

/** Solves for a symmetric positive matrix, of which the lower half is given, by Cholesky's decomposition. */
function solve(lower: Float64Array, right: Float64Array, width: number): Float64Array {
  const factor = lower.slice();
  for (let j = 0; j < width; j++) {
    for (let k = 0; k <= j; k++) {
      let sum = factor[j * width + k];
      for (let m = 0; m < k; m++) sum -= factor[j * width + m] * factor[k * width + m];
      factor[j * width + k] = j === k ? Math.sqrt(sum) : sum / factor[k * width + k];
    }
  }
  const solution = right.slice();
  for (let j = 0; j < width; j++) {
    for (let k = 0; k < j; k++) solution[j] -= factor[j * width + k] * solution[k];
    solution[j] /= factor[j * width + j];
  }
  for (let j = width - 1; j >= 0; j--) {
    for (let k = j + 1; k < width; k++) solution[j] -= factor[k * width + j] * solution[k];
    solution[j] /= factor[j * width + j];
  }
  return solution;
}
