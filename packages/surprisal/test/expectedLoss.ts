// Expected losses under softmax, minimised numerically: what the undo of a loss is held against.
import { evaluate, type Loss } from "../src/index.ts";

/** The steps of a training that are undone with the loss. */
export interface Steps {
  readonly alpha: number[];
  readonly logitAdjustment: number[];
  readonly labelSmoothing: number;
}

/**
 * Softmax logits at which the expected loss, with the truth as soft labels, has its minimum.
 *
 * Newton steps on all logits but the likeliest class's, which stays; the Hessian by differences of the exact gradient.
 * Far from the minimum the expected focal loss is not convex, so each step is damped until the loss falls.
 */
export function minimise(
  loss: Loss,
  truth: Float64Array,
  { alpha, logitAdjustment, labelSmoothing }: Steps,
  start: number[],
) {
  const classes = truth.length;
  const at = (logits: readonly number[]) =>
    evaluate(
      loss,
      { logits, labels: truth, classes },
      { activation: "softmax", alpha, logitAdjustment, labelSmoothing, reduction: "sum", gradient: true },
    );
  let z = start;
  let now = at(z);
  const fixed = z
    .map((each, j) => each + logitAdjustment[j])
    .reduce((top, each, j, all) => (each > all[top] ? j : top), 0);
  const free = z.map((_, j) => j).filter((j) => j !== fixed);
  let damping = 0;
  for (let round = 0; round < 200; round++) {
    const columns = free.map((j) => {
      const step = 1e-4;
      const [up, down] = [step, -step].map((by) => at(z.with(j, z[j] + by)).gradient);
      return free.map((i) => (up[i] - down[i]) / (2 * step));
    });
    const sizes = free.map((j, k) => Math.abs(columns[k][k]) + Math.abs(now.gradient[j]) + 1e-300);
    const scaled = free.map((_, r) => free.map((_, c) => columns[c][r] / Math.sqrt(sizes[r] * sizes[c])));
    const slopes = free.map((j, k) => -now.gradient[j] / Math.sqrt(sizes[k]));
    for (let trial = 0; ; trial++) {
      const move = solve(scaled, slopes, damping)?.map((each, k) => each / Math.sqrt(sizes[k]));
      const longest = move ? Math.max(...move.map(Math.abs)) : Number.POSITIVE_INFINITY;
      if (move && longest < 2) {
        const next = z.slice();
        free.forEach((j, k) => {
          next[j] += move[k];
        });
        const then = at(next);
        if (longest < 1e-6 || then.loss < now.loss) {
          z = next;
          now = then;
          damping = damping < 1e-6 ? 0 : damping / 10;
          if (longest < 1e-13) return { z, gradient: now.gradient, loss: now.loss, at };
          break;
        }
      }
      if (trial > 60) throw new Error(`no step lowers the expected loss ${now.loss}`);
      damping = Math.max(10 * damping, 1e-3);
    }
  }
  return { z, gradient: now.gradient, loss: now.loss, at };
}

/** Solves (matrix + damping) x = right by Cholesky; undefined where that is not positive definite. */
function solve(matrix: readonly number[][], right: readonly number[], damping: number): number[] | undefined {
  const size = right.length;
  const low = matrix.map((row) => row.map(() => 0));
  const x = right.slice();
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = (matrix[i][j] + matrix[j][i]) / 2 + (i === j ? damping : 0);
      for (let k = 0; k < j; k++) sum -= low[i][k] * low[j][k];
      if (i === j && !(sum > 1e-9)) return undefined;
      low[i][j] = i === j ? Math.sqrt(sum) : sum / low[j][j];
    }
    for (let k = 0; k < i; k++) x[i] -= low[i][k] * x[k];
    x[i] /= low[i][i];
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i] -= low[k][i] * x[k];
    x[i] /= low[i][i];
  }
  return x;
}

/** How much a loss exaggerates: log q is about this times log(alpha eta); where to start. */
export function sharpness({ parameters }: Loss): number {
  const { gamma, gammaPositive, q } = parameters;
  return 1 / (1 + Number(gamma ?? gammaPositive ?? 0) / 2 - Number(q ?? 0));
}
