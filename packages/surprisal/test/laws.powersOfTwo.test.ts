// Numbers with a power of two apart: digits that neither overflow nor underflow on their way.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sumOfProducts } from "../src/batch/weights.ts";
import { exponentOf, product, scaledBy } from "../src/formula/powersOfTwo.ts";
import { law } from "./support.ts";

describe("numbers with a power of two apart", () => {
  const anyNumber = fc.double({ noNaN: true, noDefaultInfinity: true });
  it("have the exponent and the digits of float64, subnormal ones included", () => {
    for (let exponent = -1074; exponent <= 1023; exponent++) {
      expect(exponentOf(2 ** exponent)).toBe(exponent);
      expect(scaledBy(1, exponent)).toBe(2 ** exponent);
      if (exponent > -1074) expect(2 ** exponent / 2).toBe(2 ** (exponent - 1));
    }
    law(
      anyNumber,
      (x) => {
        const own = exponentOf(x);
        const mantissa = Math.abs(scaledBy(x, -own));
        expect(x === 0 || (mantissa >= 1 && mantissa < 2)).toBe(true);
        expect(scaledBy(scaledBy(x, -own), own)).toBe(x);
      },
      1000,
    );
    for (const x of [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (const exponent of [-5000, -1, 0, 1, 5000]) expect(scaledBy(x, exponent)).toBe(x);
    }
    expect(scaledBy(1.5, 5000)).toBe(Number.POSITIVE_INFINITY);
    expect(scaledBy(-1.5, -5000)).toBe(-0);
    expect([scaledBy(1, -1075), scaledBy(1.5, -1075), scaledBy(1.999, -1076)]).toEqual([0, 5e-324, 0]);
  });

  it("round once: to the nearest multiple of the smallest number", () => {
    law(
      fc.record({
        digits: fc.double({ min: 1, max: 2, noNaN: true }),
        exponent: fc.integer({ min: -1074, max: -1023 }),
      }),
      ({ digits, exponent }) => {
        const multiple = digits * 2 ** (exponent + 1074);
        const below = Math.floor(multiple);
        const rest = multiple - below;
        const rounded = rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
        expect(scaledBy(digits, exponent)).toBe(rounded * 5e-324);
      },
      1000,
    );
  });

  it("have products that do not overflow on the way", () => {
    expect(product(0, 1e300, 1e300, 1e-300, 1e-300)).toBeCloseTo(1, 14);
    expect(product(0, 1e-300, 1e-300, 1e300, 1e300)).toBeCloseTo(1, 14);
    expect(product(-4000, 2 ** 1000, 2 ** 1000, 2 ** 1000, 2 ** 1000)).toBe(1);
    const products = [
      [5e-324, 5e-324],
      [1.5, 2 ** 1023],
      [0, 7],
    ];
    expect(sumOfProducts(products)).toEqual({ weights: 1.5, unit: 1023 });
    expect(sumOfProducts([[0, 7]])).toEqual({ weights: 0, unit: 0 });
    expect(sumOfProducts([])).toEqual({ weights: 0, unit: 0 });
  });
});
