// Laws of the reading over signs and logarithms: it agrees with plain numbers, and goes on where they under- or
// overflow.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  fromLogarithm,
  logarithmicViews,
  logarithms,
  type SignedLogarithm,
  toLogarithm,
} from "../src/formula/logarithms.ts";
import { numbers } from "../src/index.ts";
import { between, expectClose, law, textbookViews } from "./support.ts";

describe("the reading over signs and logarithms", () => {
  /** Numbers whose results in every operation neither over- nor underflow. */
  const real = fc.oneof(
    fc.constantFrom(0, 1, -1, 0.5, 2),
    fc
      .record({ sign: fc.constantFrom(-1, 1), exponent: between(-12, 12) })
      .map(({ sign, exponent }) => sign * Math.exp(exponent)),
  );
  const binary = ["add", "sub", "mul", "div"] as const;
  const unary = ["neg", "exp", "log", "log1p", "expm1"] as const;
  const agree = (found: SignedLogarithm, expected: number, scale = 0) => {
    expectClose(fromLogarithm(found), expected, 1e-13, scale);
    expect(Object.is(found.sign, -0) ? 0 : found.sign).toBe(
      found.log === Number.NEGATIVE_INFINITY ? 0 : Math.sign(expected),
    );
  };

  it.each(binary)("%s agrees with plain numbers", (name) => {
    law(
      fc.tuple(real, real),
      ([a, b]) => {
        if (name === "div" && b === 0) return;
        const found = logarithms[name](toLogarithm(a), toLogarithm(b));
        const scale = name === "add" || name === "sub" ? Math.max(Math.abs(a), Math.abs(b)) : 0;
        const exact = numbers[name](a, b);
        expectClose(fromLogarithm(found), exact, 1e-13, scale);
        if (Math.abs(exact) > 1e-12 * scale) expect(found.sign + 0).toBe(Math.sign(exact));
      },
      500,
    );
  });

  it.each(unary)("%s agrees with plain numbers", (name) => {
    law(
      real,
      (a) => {
        if ((name === "log" && a <= 0) || (name === "log1p" && a <= -1)) return;
        if (Math.abs(a) > 600 && (name === "exp" || name === "expm1")) return;
        // Near 1 the logarithm of a is small, and as exact as a itself; near -1 log1p is as exact as 1 + a.
        const scale = name === "log1p" && a < -0.5 ? 1 : 0;
        agree(logarithms[name](toLogarithm(a)), numbers[name](a), scale);
      },
      500,
    );
  });

  it("pow agrees with plain numbers", () => {
    law(
      fc.tuple(real, between(-5, 5)),
      ([a, exponent]) => {
        if (a === 0 && exponent < 0) return;
        agree(logarithms.pow(toLogarithm(Math.abs(a)), exponent), Math.abs(a) ** exponent);
      },
      500,
    );
    expect(logarithms.pow(0, 0)).toEqual(toLogarithm(1));
    expect(fromLogarithm(logarithms.pow(0, 0.5))).toBe(0);
  });

  it("ifPositive agrees with plain numbers", () => {
    law(fc.tuple(real, real, real), ([test, a, b]) => {
      agree(logarithms.ifPositive(toLogarithm(test), toLogarithm(a), b), numbers.ifPositive(test, a, b));
    });
  });

  const { add, sub, mul, div, pow, exp, log, log1p, expm1 } = logarithms;

  it("keeps what plain numbers lose to underflow", () => {
    const tiny = exp(-1200); // 0 as a plain number
    expect(fromLogarithm(tiny)).toBe(0);
    expect(tiny).toEqual({ sign: 1, log: -1200 });
    expect(mul(tiny, tiny)).toEqual({ sign: 1, log: -2400 });
    expect(pow(tiny, 0.5)).toEqual({ sign: 1, log: -600 });
    expect(div(tiny, exp(-1300))).toEqual({ sign: 1, log: 100 });
    expect(add(tiny, tiny)).toEqual({ sign: 1, log: -1200 + Math.LN2 });
    expect(sub(mul(tiny, 3), tiny)).toEqual({ sign: 1, log: expect.closeTo(-1200 + Math.LN2, 10) });
    expect(sub(tiny, tiny)).toMatchObject({ sign: 0 });
    expect(log1p(tiny)).toEqual(tiny);
    expect(expm1(tiny)).toEqual(tiny);
    expect(fromLogarithm(log(tiny))).toBeCloseTo(-1200, 10);
    expect(fromLogarithm(add(1, tiny))).toBe(1);
  });

  it("keeps what plain numbers lose to overflow", () => {
    const huge = exp(1000);
    expect(huge).toEqual({ sign: 1, log: expect.closeTo(1000, 10) });
    expect(mul(huge, exp(-1000))).toEqual({ sign: 1, log: 0 });
    expect(expm1(1000)).toEqual(huge);
    expect(fromLogarithm(log(huge))).toBeCloseTo(1000, 10);
    expect(div(huge, huge)).toEqual({ sign: 1, log: 0 });
  });

  it("takes log(1 + a) of an a beyond float64 without overflow", () => {
    expect(fromLogarithm(log1p({ sign: 1, log: 1000 }))).toBeCloseTo(1000, 10);
  });

  it.each([0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("agrees with plain numbers at %s", (a) => {
    for (const b of [0, 2, -2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (const name of binary) {
        const expected = numbers[name](a, b) + 0;
        if (Number.isNaN(expected) || (name === "div" && b === 0)) continue; // the sign of 1 / 0 is that of a lost -0
        expect(fromLogarithm(logarithms[name](a, b)) + 0, `${name}(${a}, ${b})`).toBe(expected);
      }
    }
    expect(fromLogarithm(exp(a))).toBe(Math.exp(a));
    expect(fromLogarithm(expm1(a)) + 0).toBe(Math.expm1(a) + 0);
  });

  it("treats e^-Infinity as the zero that it is", () => {
    const zero = exp(Number.NEGATIVE_INFINITY);
    expect(fromLogarithm(add(zero, zero))).toBe(0);
    expect(fromLogarithm(add(zero, 1))).toBe(1);
    expect(fromLogarithm(mul(zero, Number.POSITIVE_INFINITY))).toBe(0);
  });

  it("has 0 to a negative power at Infinity, as plain numbers do", () => {
    expect(fromLogarithm(pow(0, -1))).toBe(numbers.pow(0, -1));
  });

  it("has the views that plain numbers have, and log pt where it underflows", () => {
    law(between(-30, 30), (margin) => {
      const plain = textbookViews(Math.exp(margin), 1);
      const found = logarithmicViews(plain);
      for (const name of ["logPt", "pt", "oneMinusPt", "logOneMinusPt"] as const) {
        expectClose(fromLogarithm(found[name]), plain[name], 1e-12);
      }
    });
    const confident = logarithmicViews({ logPt: -0, pt: 1, oneMinusPt: 0, logOneMinusPt: -1000 });
    expect(confident.logPt).toEqual({ sign: -1, log: -1000 });
    expect(confident.oneMinusPt).toEqual({ sign: 1, log: -1000 });
  });
});
