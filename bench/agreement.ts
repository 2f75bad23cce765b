// Before anything is timed: do the contenders compute the same numbers? Ours must; how far a peer is off is stated.
import { evaluate } from "surprisal";
import type { Case, Pass } from "./cases.ts";
import type { Numbers } from "./contender.ts";
import { lossOf } from "./contenders/surprisal.ts";
import type { Data } from "./data.ts";

/** How far numbers are from the exact ones. */
export interface Disagreement {
  /** Relative error of the loss. */
  readonly loss: number;
  /** The largest error of an entry of the gradient, relative to the gradient's largest entry. */
  readonly gradient: number | null;
}

/** Up to here numbers count as the same. Ours must; a peer's are marked on the page. */
export const tolerance = { ours: 1e-6, peers: 1e-5 } as const;

/** The numbers of the float64 reference. */
export function exactNumbers(task: Case, { logits, labels }: Data, pass: Pass): Numbers {
  const { activation, classes } = task;
  const gradient = pass === "gradient" ? new Float32Array(logits.length) : null;
  const { loss } = evaluate(lossOf(task), { logits, labels, classes }, { activation, gradient: gradient ?? false });
  return { loss, gradient };
}

/** How far numbers are from the exact ones. */
export function disagreement(found: Numbers, exact: Numbers): Disagreement {
  return {
    loss: short(Math.abs(found.loss - exact.loss) / Math.abs(exact.loss)),
    gradient: exact.gradient === null ? null : short(gradientError(found.gradient, exact.gradient)),
  };
}

/** Whether both errors are within a tolerance; NaN is not. */
export function agrees({ loss, gradient }: Disagreement, within: number): boolean {
  return loss <= within && (gradient === null || gradient <= within);
}

function gradientError(found: Float32Array | null, exact: Float32Array): number {
  if (found?.length !== exact.length) return Number.NaN;
  let largest = 0;
  let error = 0;
  for (let k = 0; k < exact.length; k++) {
    largest = Math.max(largest, Math.abs(exact[k]));
    error = Math.max(error, Math.abs(found[k] - exact[k])); // NaN stays NaN
  }
  return error / largest;
}

const short = (error: number) => Number(error.toPrecision(2));
