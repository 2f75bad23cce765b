// The reading over signs and logarithms of magnitudes: no value overflows, none underflows.
//
// `trueProbabilities` needs it: the slope of focal with gamma 5 at logit 200 is e^-1200, yet its logarithm is plain.
import type { Operand, Operations, Views } from "./operations.ts";

/** A number as its sign (-1, 0 or 1) and the logarithm of its magnitude (-Infinity for 0). */
export interface SignedLogarithm {
  readonly sign: number;
  readonly log: number;
}

/** A plain number as sign and logarithm. */
export function toLogarithm(x: Operand<SignedLogarithm>): SignedLogarithm {
  return typeof x === "number" ? { sign: Math.sign(x), log: Math.log(Math.abs(x)) } : x;
}

/** The plain number; 0 or infinite where float64 has no room for it. */
export function fromLogarithm(x: SignedLogarithm): number {
  return x.sign === 0 ? 0 : x.sign * Math.exp(x.log);
}

/** The views as signed logarithms; log pt is computed from the logarithm of 1 - pt where it would underflow. */
export function logarithmicViews({ logPt, logOneMinusPt }: Views<number>): Views<SignedLogarithm> {
  // -log(1 - x) = x to full accuracy once x < e^-40.
  const negated = (logP: number, logComplement: number): SignedLogarithm =>
    logComplement < -40 ? { sign: -1, log: logComplement } : toLogarithm(logP);
  return {
    logPt: negated(logPt, logOneMinusPt),
    pt: { sign: 1, log: logPt },
    oneMinusPt: { sign: 1, log: logOneMinusPt },
    logOneMinusPt: negated(logOneMinusPt, logPt),
  };
}

const zero: SignedLogarithm = { sign: 0, log: Number.NEGATIVE_INFINITY };

/** Magnitudes of e^-Infinity are 0, which has no sign. */
function signed(sign: number, log: number): SignedLogarithm {
  return log === Number.NEGATIVE_INFINITY ? zero : { sign, log };
}

const undefinedNumber: SignedLogarithm = { sign: Number.NaN, log: Number.NaN };

function add(left: Operand<SignedLogarithm>, right: Operand<SignedLogarithm>): SignedLogarithm {
  const a = toLogarithm(left);
  const b = toLogarithm(right);
  if (a.sign === 0) return b;
  if (b.sign === 0) return a;
  const [large, small] = a.log >= b.log ? [a, b] : [b, a];
  if (large.log === Number.POSITIVE_INFINITY)
    return small.log < large.log || small.sign === large.sign ? large : undefinedNumber;
  if (small.log === large.log && small.sign !== large.sign) return zero;
  const ratio = small.sign * large.sign * Math.exp(small.log - large.log);
  return { sign: large.sign, log: large.log + Math.log1p(ratio) };
}

function neg(operand: Operand<SignedLogarithm>): SignedLogarithm {
  const a = toLogarithm(operand);
  return { sign: -a.sign, log: a.log };
}

/** The operations on signed logarithms. */
export const logarithms: Operations<SignedLogarithm> = {
  add,
  sub: (a, b) => add(a, neg(b)),
  mul(left, right) {
    const a = toLogarithm(left);
    const b = toLogarithm(right);
    return a.sign === 0 || b.sign === 0 ? zero : signed(a.sign * b.sign, a.log + b.log);
  },
  div(left, right) {
    const a = toLogarithm(left);
    const b = toLogarithm(right);
    return a.sign === 0 ? zero : signed(a.sign * (b.sign || 1), a.log - b.log);
  },
  neg,
  pow(left, right) {
    const base = toLogarithm(left);
    const exponent = fromLogarithm(toLogarithm(right));
    if (exponent === 0) return toLogarithm(1);
    return signed(1, base.log * exponent); // the logarithm of 0 is -Infinity, so 0 needs no case of its own
  },
  exp: (a) => signed(1, fromLogarithm(toLogarithm(a))),
  log: (a) => toLogarithm(toLogarithm(a).log),
  log1p(operand) {
    const a = toLogarithm(operand);
    if (a.log < -40) return a;
    return toLogarithm(a.log > 40 ? a.log : Math.log1p(fromLogarithm(a)));
  },
  expm1(operand) {
    const a = toLogarithm(operand);
    if (a.log < -40) return a;
    const x = fromLogarithm(a);
    return x > 40 ? { sign: 1, log: x } : toLogarithm(Math.expm1(x));
  },
  ifPositive: (test, yes, no) => toLogarithm(toLogarithm(test).sign > 0 ? yes : no),
};
