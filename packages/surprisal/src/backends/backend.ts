// What a back end is: a value that is passed to `evaluate`, never a global that is set.
import type { FloatArray } from "../batch/arrays.ts";
import type { Problem } from "../batch/problem.ts";
import type { Loss } from "../losses/define.ts";

/** Where a back end writes; an output that is null is not computed. */
export interface Outputs {
  /** d loss / d logit, `[N * classes]`. */
  readonly gradient: FloatArray | null;
  /** d^2 loss / d logit^2, `[N * classes]`. */
  readonly curvature: FloatArray | null;
  /** The loss of each example, weighted, `[N]`. */
  readonly perExample: Float64Array | null;
  /** Sigmoid: the loss of each label, weighted, `[N * classes]`. */
  readonly elements: Float64Array | null;
}

/** Computes losses and their derivatives. */
export interface Backend {
  readonly name: string;
  /**
   * The relative error that it promises for a value and for a gradient.
   *
   * Where terms cancel it is relative to them, since what is left of a difference has fewer digits: the gradient of a
   * soft label is relative to the pulls of its two sides (of softmax: to the largest of the row), the asymmetric loss
   * beside its margin to what it would be without one, poly-1 and a curvature that changes sign to their two terms.
   */
  readonly tolerance: { readonly value: number; readonly gradient: number };
  /**
   * Tries a problem at whose logits and labels nobody has looked, and gives what `run` gives. Null where one of them is
   * not ordinary (NaN, Infinity, a label out of range), or where the problem is none for this back end: then the
   * numbers are checked, which makes the error, and the reference computes. Nobody asks this back end a second time.
   *
   * Reading millions of numbers only to check them takes longer than a fast back end takes for the losses.
   *
   * Here, and not in `run`, outputs may overlap the logits and labels, which must be what they were where it gives
   * null.
   */
  attempt?(loss: Loss, problem: Problem, scale: number, outputs: Outputs): number | null;
  /** Checks arrays by their names, lists of them too: an InputError names one that lies where nothing is in use. */
  checkArrays?(where: string, arrays: Readonly<Record<string, unknown>>): void;
  /**
   * Fills the outputs and returns the sum of the weighted losses, not yet divided, of a problem whose numbers are
   * valid. `evaluate` asks for it where there is no `attempt`. Gradient and curvature are multiplied by `scale`;
   * examples that are ignored get 0.
   */
  run(loss: Loss, problem: Problem, scale: number, outputs: Outputs): number;
}
