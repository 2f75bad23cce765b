// L-BFGS: the minimum of a smooth function of many variables, from its value and gradient.

/** A smooth function: returns its value at `x` and writes its gradient. */
export type Smooth = (x: Float64Array, gradient: Float64Array) => number;

/** What is known of the curvature beforehand, where the steps and changes of the search would take long to tell it. */
export interface Preconditioner {
  /** Multiplies in place by something near the inverse Hessian; symmetric, and positive definite. */
  apply(direction: Float64Array): void;
  /** Looks anew at the place that was evaluated last, where that is worth it; says whether it did. */
  renew(): boolean;
}

/** A step, and the change of the gradient over it. */
export interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly product: number;
}

/** When to stop, and how much to remember. */
export interface MinimumOptions {
  /** Stop where the norm of the gradient is at most this. */
  readonly tolerance: number;
  readonly maxIterations: number;
  /** Pairs of steps and changes of the gradient from which the curvature is told. Default 10. */
  readonly memory?: number;
  /** Pairs of a search like this one, from which it goes on. */
  readonly pairs?: readonly Pair[];
  readonly preconditioner?: Preconditioner | null;
  /** The value and the gradient at the start, where they are known, and whether no other place was evaluated since. */
  readonly known?: { readonly value: number; readonly gradient: Float64Array; readonly isLast: boolean } | undefined;
  /** The relative error of a value. Default 1e-15. */
  readonly rounding?: number;
}

/** Where the search ended. */
export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly iterations: number;
  /** Calls of the function. */
  readonly evaluations: number;
  /** Whether the gradient got as small as was asked for. */
  readonly converged: boolean;
  /** What the search remembers. */
  readonly pairs: readonly Pair[];
}

/**
 * Minimises a smooth function by the limited-memory BFGS method.
 *
 * The line search ends at a point of the weak Wolfe conditions, so that every remembered pair has positive curvature,
 * also where the function is not convex (focal loss). Where no such point is found the memory is forgotten once.
 * Source: Nocedal and Wright, Numerical Optimization (2006), algorithms 7.4 and 7.5; Lewis and Overton (2013) for the
 * bracketing of the line search.
 */
export function minimise(f: Smooth, start: Float64Array, options: MinimumOptions): Minimum {
  const { tolerance, maxIterations, memory = 10, preconditioner = null, known, rounding = 1e-15 } = options;
  let x = Float64Array.from(start);
  let gradient = Float64Array.from(known?.gradient ?? start);
  let value = known?.value ?? f(x, gradient);
  let evaluations = known === undefined ? 1 : 0;
  let iterations = 0;
  let isEvaluatedLast = known?.isLast ?? true;
  const pairs: Pair[] = [...(options.pairs ?? [])];
  while (norm(gradient) > tolerance && iterations < maxIterations) {
    if (isEvaluatedLast && preconditioner?.renew()) pairs.length = 0;
    const direction = descent(gradient, pairs, preconditioner);
    const isScaled = pairs.length > 0 || preconditioner !== null;
    const first = isScaled ? 1 : Math.min(1, 1 / norm(gradient));
    const found = lineSearch(f, { x, value, gradient }, direction, { first, rounding });
    evaluations += found.evaluations;
    isEvaluatedLast = found.accepted;
    if (!found.accepted) {
      if (pairs.length === 0) break;
      pairs.length = 0;
      continue;
    }
    iterations++;
    const step = minus(found.x, x);
    const change = minus(found.gradient, gradient);
    const product = dot(step, change);
    if (product > 0) pairs.push({ step, change, product });
    if (pairs.length > memory) pairs.shift();
    ({ x, value, gradient } = found);
  }
  return { x, value, gradient, iterations, evaluations, converged: norm(gradient) <= tolerance, pairs };
}

/** Minus the gradient times the inverse Hessian that the pairs tell of, and beyond them the preconditioner. */
function descent(gradient: Float64Array, pairs: readonly Pair[], preconditioner: Preconditioner | null): Float64Array {
  const q = new Float64Array(gradient.length);
  for (let i = 0; i < q.length; i++) q[i] = -gradient[i];
  const shares = new Float64Array(pairs.length);
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { step, change, product } = pairs[k];
    shares[k] = dot(step, q) / product;
    add(q, -shares[k], change);
  }
  const last = pairs[pairs.length - 1];
  if (preconditioner !== null) preconditioner.apply(q);
  else if (last !== undefined) {
    const scale = last.product / dot(last.change, last.change);
    for (let i = 0; i < q.length; i++) q[i] *= scale;
  }
  for (let k = 0; k < pairs.length; k++) {
    const { step, change, product } = pairs[k];
    add(q, shares[k] - dot(change, q) / product, step);
  }
  return q;
}

const enoughDecrease = 1e-4;
const enoughFlattening = 0.9;
const mostTries = 40;

/** A place, with the function's value and gradient there. */
interface Point {
  readonly x: Float64Array<ArrayBuffer>;
  readonly gradient: Float64Array<ArrayBuffer>;
  readonly value: number;
}

interface Found extends Point {
  readonly accepted: boolean;
  readonly evaluations: number;
}

/** Brackets a step after which the value has fallen enough and the slope has flattened enough. */
function lineSearch(
  f: Smooth,
  start: Point,
  direction: Float64Array,
  { first, rounding: relative }: { readonly first: number; readonly rounding: number },
): Found {
  const { x: from, value: valueThere, gradient: gradientThere } = start;
  const x = new Float64Array(from.length);
  const gradient = new Float64Array(from.length);
  const slopeThere = dot(gradientThere, direction);
  // Near the minimum values are equal but for rounding; slopes are not.
  const rounding = relative * Math.abs(valueThere);
  let low = { step: 0, value: valueThere, slope: slopeThere };
  let high = Number.POSITIVE_INFINITY;
  let step = first;
  for (let evaluations = 1; evaluations <= mostTries; evaluations++) {
    for (let i = 0; i < x.length; i++) x[i] = from[i] + step * direction[i];
    const value = f(x, gradient);
    const slope = dot(gradient, direction);
    const fallen = value <= valueThere + enoughDecrease * step * slopeThere + rounding;
    if (fallen && slope >= enoughFlattening * slopeThere) return { x, gradient, value, accepted: true, evaluations };
    if (fallen) low = { step, value, slope };
    else high = step; // also where the value is NaN
    step = high === Number.POSITIVE_INFINITY ? 2 * step : between(low, high, fallen ? Number.NaN : value);
  }
  return { x, gradient, value: valueThere, accepted: false, evaluations: mostTries };
}

/** The minimum of the parabola through the lower end and the value at the upper end, kept away from both. */
function between(low: { step: number; value: number; slope: number }, high: number, valueAtHigh: number): number {
  const width = high - low.step;
  const share = (-low.slope * width) / (2 * (valueAtHigh - low.value - low.slope * width));
  return low.step + width * (Number.isFinite(share) ? Math.min(Math.max(share, 0.1), 0.9) : 0.5);
}

/** The Euclidean norm. */
export function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}

/** The inner product. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function minus(a: Float64Array, b: Float64Array): Float64Array {
  const difference = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) difference[i] = a[i] - b[i];
  return difference;
}

function add(to: Float64Array, factor: number, from: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * from[i];
}
