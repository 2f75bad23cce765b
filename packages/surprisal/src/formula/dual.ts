// The reading that differentiates: values that carry their slope. The only table of derivative rules in the library.
//
// It stands on any other reading: over plain numbers it gives slopes, over itself curvatures, over logarithms slopes
// that never underflow, over a graph the symbolic derivative.
import type { Operand, Operations, ViewName, Views } from "./operations.ts";

/** An operand of the inner reading, or null for a term that is zero by structure and is therefore not computed. */
type Term<T> = Operand<T> | null;

/** A value and its slope with respect to the margin of the target (see `slopesOfViews`). */
export interface Dual<T> {
  readonly value: Operand<T>;
  /** d value / d margin; null for what does not depend on the margin. */
  readonly slope: Term<T>;
  /**
   * slope / value, where that is known without dividing; else null.
   * It keeps `pow(oneMinusPt, 0.5)` differentiable where `oneMinusPt` has underflowed to 0.
   */
  readonly relativeSlope: Term<T>;
}

/** A value that does not depend on the margin: a number or a parameter. */
export function constant<T>(value: Operand<T>): Dual<T> {
  return { value, slope: null, relativeSlope: null };
}

/**
 * The slopes of the views with respect to the margin m = log(pt / (1 - pt)), written in the views themselves.
 *
 * For softmax the margin is the target's logit minus the log-sum-exp of all other logits; for sigmoid it is the logit,
 * or its negative where the label is 0. All four slopes are bounded: nothing here can overflow.
 */
const slopesOfViews: { readonly [name in ViewName]: <T>(operations: Operations<T>, views: Views<T>) => Operand<T> } = {
  logPt: (_, { oneMinusPt }) => oneMinusPt,
  pt: ({ mul }, { pt, oneMinusPt }) => mul(pt, oneMinusPt),
  oneMinusPt: ({ neg, mul }, { pt, oneMinusPt }) => neg(mul(pt, oneMinusPt)),
  logOneMinusPt: ({ neg }, { pt }) => neg(pt),
};

/** The view that is the logarithm of a view. */
export const logarithmOfView: { readonly [name in ViewName]: ViewName | null } = {
  logPt: null,
  pt: "logPt",
  oneMinusPt: "logOneMinusPt",
  logOneMinusPt: null,
};

/** The views with their slopes, over the views of an inner reading; each is made when a formula asks for it. */
export function dualViews<T>(inner: Operations<T>, views: Views<T>): Views<Dual<T>> {
  const view = (name: ViewName): Dual<T> => {
    const logarithm = logarithmOfView[name];
    return {
      value: views[name],
      slope: slopesOfViews[name](inner, views),
      relativeSlope: logarithm && slopesOfViews[logarithm](inner, views),
    };
  };
  return {
    get logPt() {
      return view("logPt");
    },
    get pt() {
      return view("pt");
    },
    get oneMinusPt() {
      return view("oneMinusPt");
    },
    get logOneMinusPt() {
      return view("logOneMinusPt");
    },
  };
}

/** The operations on values with slopes, over the operations of an inner reading. */
export function dual<T>(inner: Operations<T>): Operations<Dual<T>> {
  const lift = (a: Operand<Dual<T>>): Dual<T> => (typeof a === "number" ? constant<T>(a) : a);
  const scaled = (a: Term<T>, by: Operand<T>): Term<T> => (a === null ? null : inner.mul(a, by));
  const sum = (a: Term<T>, b: Term<T>): Term<T> => (a === null ? b : b === null ? a : inner.add(a, b));
  const difference = (a: Term<T>, b: Term<T>): Term<T> =>
    b === null ? a : a === null ? inner.neg(b) : inner.sub(a, b);
  /** Whether slope / value is known: a constant's is zero by structure. */
  const knows = (a: Dual<T>) => a.slope === null || a.relativeSlope !== null;

  return {
    add(left, right) {
      if (left === 0) return lift(right);
      if (right === 0) return lift(left);
      const a = lift(left);
      const b = lift(right);
      return { value: inner.add(a.value, b.value), slope: sum(a.slope, b.slope), relativeSlope: null };
    },
    sub(left, right) {
      if (right === 0) return lift(left); // exact, and the relative slope stays known
      const a = lift(left);
      const b = lift(right);
      return { value: inner.sub(a.value, b.value), slope: difference(a.slope, b.slope), relativeSlope: null };
    },
    mul(left, right) {
      const a = lift(left);
      const b = lift(right);
      return {
        value: inner.mul(a.value, b.value),
        slope: sum(scaled(a.slope, b.value), scaled(b.slope, a.value)),
        relativeSlope: knows(a) && knows(b) ? sum(a.relativeSlope, b.relativeSlope) : null,
      };
    },
    div(left, right) {
      const a = lift(left);
      const b = lift(right);
      const value = inner.div(a.value, b.value);
      const fromAbove = a.slope === null ? null : inner.div(a.slope, b.value);
      const fromBelow = b.slope === null ? null : inner.mul(value, b.relativeSlope ?? inner.div(b.slope, b.value));
      return {
        value,
        slope: difference(fromAbove, fromBelow),
        relativeSlope: knows(a) && knows(b) ? difference(a.relativeSlope, b.relativeSlope) : null,
      };
    },
    neg(operand) {
      const a = lift(operand);
      return {
        value: inner.neg(a.value),
        slope: a.slope === null ? null : inner.neg(a.slope),
        relativeSlope: a.relativeSlope,
      };
    },
    pow(left, right) {
      const base = lift(left);
      const exponent = lift(right);
      const value = inner.pow(base.value, exponent.value);
      const fromBase =
        base.slope === null
          ? null
          : base.relativeSlope !== null
            ? inner.mul(value, inner.mul(exponent.value, base.relativeSlope))
            : inner.mul(inner.mul(exponent.value, inner.pow(base.value, inner.sub(exponent.value, 1))), base.slope);
      const fromExponent =
        exponent.slope === null ? null : inner.mul(value, inner.mul(exponent.slope, inner.log(base.value)));
      return {
        value,
        slope: sum(fromBase, fromExponent),
        relativeSlope: exponent.slope === null ? scaled(base.relativeSlope, exponent.value) : null,
      };
    },
    exp(operand) {
      const a = lift(operand);
      const value = inner.exp(a.value);
      return { value, slope: scaled(a.slope, value), relativeSlope: a.slope };
    },
    log(operand) {
      const a = lift(operand);
      const slope = a.slope === null ? null : (a.relativeSlope ?? inner.div(a.slope, a.value));
      return { value: inner.log(a.value), slope, relativeSlope: null };
    },
    log1p(operand) {
      const a = lift(operand);
      const slope = a.slope === null ? null : inner.div(a.slope, inner.add(1, a.value));
      return { value: inner.log1p(a.value), slope, relativeSlope: null };
    },
    expm1(operand) {
      const a = lift(operand);
      return { value: inner.expm1(a.value), slope: scaled(a.slope, inner.exp(a.value)), relativeSlope: null };
    },
    ifPositive(condition, whenPositive, whenNot) {
      const test = lift(condition).value;
      const a = lift(whenPositive);
      const b = lift(whenNot);
      const choose = (yes: Term<T>, no: Term<T>): Term<T> =>
        yes === null && no === null ? null : inner.ifPositive(test, yes ?? 0, no ?? 0);
      return {
        value: inner.ifPositive(test, a.value, b.value),
        slope: choose(a.slope, b.slope),
        relativeSlope: knows(a) && knows(b) ? choose(a.relativeSlope, b.relativeSlope) : null,
      };
    },
  };
}
