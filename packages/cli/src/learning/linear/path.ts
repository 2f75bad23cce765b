// From one strength of the penalty to the next: what a search begins with, and what it leaves to the one after it.
import { dot, minimise, norm, type Pair, type Preconditioner } from "../lbfgs.ts";
import type { Curvature } from "./curvature.ts";
import type { MeanLoss } from "./meanLoss.ts";

/** A curvature, and the evaluations that were made with it. */
interface Known {
  readonly curvature: Curvature;
  evaluations: number;
}

/** Where a search starts. */
export interface Place {
  readonly x: Float64Array;
  readonly isConstant: boolean;
  /** The mean loss there, without penalty; null where it is to be found. */
  readonly known: { readonly value: number; readonly gradient: Float64Array; readonly isLast: boolean } | null;
  readonly curvature: Known | null;
  readonly pairs: readonly Pair[];
  /** The strength and the place from which this one was reached. */
  readonly before: { readonly l2: number; readonly x: Float64Array } | null;
  /** Those that led here, if they count. */
  readonly iterations: number;
}

/** Where a search ended, and all that it knows. */
export interface Trail {
  readonly l2: number;
  readonly x: Float64Array;
  readonly value: number;
  /** The mean loss plus the penalty. */
  readonly penalised: number;
  readonly gradient: Float64Array;
  readonly curvature: Known | null;
  readonly pairs: readonly Pair[];
  readonly before: Place["before"];
  readonly constantNorm: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** A place of which nothing is known but whether it is the best constant model. */
export function placeAt(x: Float64Array, isConstant: boolean): Place {
  return { x, isConstant, known: null, curvature: null, pairs: [], before: null, iterations: 0 };
}

/**
 * Where to start for another strength: as far beyond the last minimum as that was beyond the one before, in steps of
 * log l2, if the gradient is smaller there. Where classes can be separated, weights grow so without end.
 */
export function continued(meanLoss: MeanLoss, trail: Trail, l2: number): Place {
  const { x, value, gradient, curvature, before, l2: last } = trail;
  const { weights } = meanLoss;
  const pairs = trail.pairs.map(({ step, change }): Pair => {
    const moved = withPenalty(change, step, l2 - last, weights);
    return { step, change: moved, product: dot(step, moved) };
  });
  const here: Place = {
    x,
    isConstant: false,
    known: { value, gradient, isLast: false },
    curvature,
    pairs: pairs.filter(({ product }) => product > 0),
    before: { l2: last, x },
    iterations: 0,
  };
  if (before === null || before.l2 === last || l2 === last) return here;
  const factor = Math.min(Math.max(Math.log(l2 / last) / Math.log(last / before.l2), 0), 2);
  const beyond = Float64Array.from(x, (each, i) => each + factor * (each - before.x[i]));
  const slopes = new Float64Array(x.length);
  const valueBeyond = meanLoss.evaluate(beyond, slopes);
  const slopeAt = (place: Float64Array, unpenalised: Float64Array) =>
    norm(withPenalty(unpenalised, place, l2, weights));
  if (!(slopeAt(beyond, slopes) < slopeAt(x, gradient))) return here;
  return { ...here, x: beyond, known: { value: valueBeyond, gradient: slopes, isLast: true } };
}

/** How a search goes. */
export interface SearchOptions {
  readonly l2: number;
  /** How small the gradient must get. */
  readonly tolerance: number;
  readonly maxIterations: number;
  /** The norm of the gradient at the best constant model, which is handed on. */
  readonly constantNorm: number;
}

/** Pairs of steps and changes that are remembered: more than usual, since a curvature lasts for several searches. */
const memory = 20;

/** Minimises the mean loss with a penalty on the weights. */
export function search(meanLoss: MeanLoss, place: Place, options: SearchOptions): Trail {
  const { l2, tolerance, maxIterations, constantNorm } = options;
  const { weights, rounding } = meanLoss;
  const curvatures = Number.isFinite(meanLoss.curvaturePrice) ? new Curvatures(meanLoss, place, l2) : null;
  const penalised = (x: Float64Array, gradient: Float64Array): number => {
    const value = meanLoss.evaluate(x, gradient);
    curvatures?.count();
    for (let i = 0; i < weights; i++) gradient[i] += l2 * x[i];
    return value + (l2 / 2) * squares(x, weights);
  };
  const { x, known, pairs, before } = place;
  const found = minimise(penalised, x, {
    tolerance,
    maxIterations: maxIterations - place.iterations,
    memory,
    pairs,
    preconditioner: curvatures,
    rounding,
    known:
      known === null
        ? undefined
        : {
            value: known.value + (l2 / 2) * squares(x, weights),
            gradient: withPenalty(known.gradient, x, l2, weights),
            isLast: known.isLast,
          },
  });
  return {
    l2,
    x: found.x,
    penalised: found.value,
    value: found.value - (l2 / 2) * squares(found.x, weights),
    gradient: withPenalty(found.gradient, found.x, -l2, weights),
    curvature: curvatures?.known ?? null,
    pairs: found.pairs,
    before,
    constantNorm,
    iterations: place.iterations + found.iterations,
    converged: found.converged,
  };
}

/** After fewer evaluations than this a curvature would hardly differ. */
const fewest = 4;
/** The same in the midst of a search, where a curvature is not exact and L-BFGS has learnt more than it would tell. */
const fewestLearnt = 16;

/** A preconditioner that is made anew once as many evaluations were made with it as that takes. */
class Curvatures implements Preconditioner {
  known: Known | null;
  private inverse: ((direction: Float64Array) => void) | null;
  private isNew = true;

  constructor(
    private readonly meanLoss: MeanLoss,
    private readonly place: Place,
    private readonly l2: number,
  ) {
    this.known = place.curvature;
    this.inverse = this.known?.curvature.inverse(l2) ?? null;
  }

  count(): void {
    if (this.known !== null) this.known.evaluations++;
  }

  /** True where what was learnt from earlier steps is to be forgotten: it would spoil a better curvature. */
  renew(): boolean {
    const { meanLoss, place, l2, known } = this;
    const isFirst = this.isNew;
    this.isNew = false;
    const least = isFirst || meanLoss.isCurvatureExact ? fewest : fewestLearnt;
    if (known !== null && known.evaluations < Math.max(least, meanLoss.curvaturePrice)) return false;
    const curvature = meanLoss.curvature(known === null && place.isConstant);
    this.known = { curvature, evaluations: 0 };
    this.inverse = curvature.inverse(l2);
    return isFirst || meanLoss.isCurvatureExact;
  }

  apply(direction: Float64Array): void {
    this.inverse?.(direction);
  }
}

/** A gradient with that of a penalty on the first `weights` parameters. */
function withPenalty(gradient: Float64Array, x: Float64Array, l2: number, weights: number): Float64Array {
  const sum = Float64Array.from(gradient);
  for (let i = 0; i < weights; i++) sum[i] += l2 * x[i];
  return sum;
}

function squares(x: Float64Array, weights: number): number {
  let sum = 0;
  for (let i = 0; i < weights; i++) sum += x[i] * x[i];
  return sum;
}
