// Is a difference between losses real: SciPy's and R's numbers, and how often the procedure errs on simulated tables.
import fc from "fast-check";
import jstat from "jstat";
import { describe, expect, test } from "vitest";
import { compareFolds, holm } from "../src/scores/statistics.ts";
import { certaintyFor } from "../src/verdict/verdict.ts";
import { foldDifferences, simulateTable } from "./simulation.ts";

describe("Student's t from jstat", () => {
  // scipy.stats.t.cdf(x, freedom), SciPy 1.10.1
  const known = [
    [0, 4, 0.5],
    [1, 1, 0.7500000000000002],
    [-1, 2, 0.21132486540518713],
    [0.5, 3, 0.6742760175759246],
    [2, 4, 0.9419417382415922],
    [-2.5, 4, 0.03338327240599406],
    [1.3, 9, 0.8870468136634754],
    [-0.7, 9, 0.25080951960807263],
    [3, 14, 0.9952242436232303],
    [0.1, 19, 0.5393040251173727],
    [2.06, 24, 0.9747996043270939],
    [-1.7, 24, 0.05102829857055932],
    [4.5, 24, 0.9999259456018508],
    [-6, 24, 1.7036540358232742e-6],
    [1.96, 49, 0.97215219607687],
    [0.3, 99, 0.6175969191298714],
    [-10, 24, 2.457762763837646e-10],
    [2.5, 249, 0.9934682580348724],
  ] as const;

  test("has its distribution right to 5e-9, which is all that jstat's continued fraction gives", () => {
    for (const [x, freedom, expected] of known) {
      expect(Math.abs(jstat.studentt.cdf(x, freedom) - expected)).toBeLessThan(5e-9);
    }
  });

  test("has its tails, of which p-values are made, right to 1e-8 of their size", () => {
    for (const [x, freedom, expected] of known) {
      if (x < -1.5) expect(Math.abs(jstat.studentt.cdf(x, freedom) / expected - 1)).toBeLessThan(1e-8);
    }
  });

  test("has its 97.5 % point right to 1e-7", () => {
    // scipy.stats.t.ppf(.975, freedom)
    const points = [
      [1, 12.706204736432095],
      [4, 2.7764451051977987],
      [9, 2.2621571627409915],
      [24, 2.0638985616280205],
      [49, 2.009575234489209],
      [249, 1.9695368676395824],
    ] as const;
    for (const [freedom, expected] of points) {
      expect(Math.abs(jstat.studentt.inv(0.975, freedom) - expected)).toBeLessThan(1e-7);
    }
  });
});

describe("comparing folds", () => {
  const ten = [-0.01, -0.02, 0.005, -0.012, -0.03, -0.001, -0.015, 0.002, -0.008, -0.02];

  test("gives what SciPy's t gives for the corrected scale", () => {
    // s = sqrt((1/10 + .25) * d.var(ddof=1)); t = scipy.stats.t(9, d.mean(), s)
    const found = compareFolds(ten, 0.25, 0.005);
    expect(found.mean).toBeCloseTo(-0.0109, 14);
    expect(found.low).toBeCloseTo(-0.025525798068302318, 9); // t.interval(.95)
    expect(found.high).toBeCloseTo(0.0037257980683023176, 9);
    expect(found.better).toBeCloseTo(0.8073634180069236, 8); // t.cdf(-.005)
    expect(found.same).toBeCloseTo(0.17453460399546017, 8); // t.cdf(.005) - t.cdf(-.005)
    expect(found.worse).toBeCloseTo(0.01810197799761632, 8); // t.sf(.005)
    expect(found.p).toBeCloseTo(0.12609591606445547, 8); // 2 * scipy.stats.t.cdf(-abs(d.mean() / s), 9)
  });

  test("gives probabilities that add up to 1, and swap when the learners swap", () => {
    const difference = fc.double({ min: -1, max: 1, noNaN: true });
    const folds = fc.array(difference, { minLength: 2, maxLength: 50 });
    fc.assert(
      fc.property(folds, fc.double({ min: 0, max: 1, noNaN: true }), (d, band) => {
        const one = compareFolds(d, 0.25, band);
        const other = compareFolds(
          d.map((each) => -each),
          0.25,
          band,
        );
        for (const each of [one.better, one.same, one.worse, one.p]) {
          expect(each).toBeGreaterThanOrEqual(0);
          expect(each).toBeLessThanOrEqual(1);
        }
        expect(one.better + one.same + one.worse).toBeCloseTo(1, 8);
        expect(other.better).toBeCloseTo(one.worse, 8);
        expect(other.p).toBeCloseTo(one.p, 8);
        expect(one.low).toBeLessThanOrEqual(one.mean);
        expect(one.high).toBeGreaterThanOrEqual(one.mean);
      }),
    );
  });

  test("shares out exactly all probability, also where the band has no width", () => {
    // jstat gives .5000000028 to either side here.
    const { better, same, worse, p } = compareFolds([0.1, -0.1, 0, 0, 0, 0], 0.25, 0);
    expect([better, same, worse, p]).toEqual([0.5, 0, 0.5, 1]);
  });

  test("is certain where all differences are equal", () => {
    expect(compareFolds([0, 0, 0], 0.25, 0.005)).toEqual({
      mean: 0,
      low: 0,
      high: 0,
      better: 0,
      same: 1,
      worse: 0,
      p: 1,
    });
    expect(compareFolds([0.1, 0.1, 0.1], 0.25, 0.005)).toMatchObject({ mean: 0.1, better: 0, same: 0, worse: 1, p: 0 });
    expect(compareFolds([-0.1, -0.1], 0.25, 0.005)).toMatchObject({ better: 1, same: 0, worse: 0, p: 0 });
    // A difference as wide as the band is none.
    expect(compareFolds([-0.005, -0.005], 0.25, 0.005)).toMatchObject({ better: 0, same: 1, worse: 0 });
    expect(compareFolds([0.005, 0.005], 0.25, 0.005)).toMatchObject({ better: 0, same: 1, worse: 0 });
    expect(compareFolds([0, 1e-170], 0.25, 0.005)).toMatchObject({ better: 0, same: 1, worse: 0 });
  });

  test("is never surer than one that takes folds for independent", () => {
    expect(compareFolds(ten, 0.25, 0).p).toBeGreaterThan(compareFolds(ten, 0, 0).p);
  });

  test("leaves out folds without a score, and needs two that have one", () => {
    expect(compareFolds([...ten, Number.NaN], 0.25, 0.005)).toEqual(compareFolds(ten, 0.25, 0.005));
    expect(() => compareFolds([0.1, Number.NaN], 0.25, 0)).toThrow("only one fold has a score that is a number");
    expect(() => compareFolds([], 0.25, 0)).toThrow("no fold has a score that is a number");
  });
});

describe("on simulated tables", () => {
  const tally = (tables: number, rows: number, advantage: number) => {
    const counts = { called: 0, better: 0, p: 0, naive: 0 };
    for (let table = 0; table < tables; table++) {
      const { differences, incumbent } = foldDifferences(simulateTable(`table ${table}`, rows, advantage));
      const found = compareFolds(differences, 1 / 4, 0.01 * incumbent);
      counts.called += Number(Math.max(found.better, found.worse) >= 0.95);
      counts.better += Number(found.better >= 0.95);
      counts.p += Number(found.p <= 0.05);
      counts.naive += Number(compareFolds(differences, 0, 0).p <= 0.05);
    }
    return counts;
  };

  test("two equal learners are told apart in at most 5 % of 200 tables, by the naive t-test in more than 25 %", () => {
    const { called, p, naive } = tally(200, 150, 1);
    expect(called, "called a difference").toBeLessThanOrEqual(10);
    expect(p, "p <= .05").toBeLessThanOrEqual(10);
    expect(naive, "p <= .05 by the naive t-test").toBeGreaterThan(50);
  });

  test("a planted difference is found in more than 90 % of the tables", () => {
    const { better } = tally(30, 300, 2);
    expect(better, "of 30 tables").toBeGreaterThan(27);
  });
});

describe("Holm's correction", () => {
  test("gives what R's p.adjust gives", () => {
    // p.adjust(c(.01, .04, .03, .005), "holm")
    const found = holm([0.01, 0.04, 0.03, 0.005]);
    [0.03, 0.06, 0.06, 0.02].forEach((expected, k) => {
      expect(found[k]).toBeCloseTo(expected, 14);
    });
    expect(holm([])).toEqual([]);
    expect(holm([0.6, 0.7])).toEqual([1, 1]);
  });

  test("never lowers a p-value, never changes their order, and leaves a single one alone", () => {
    const p = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(p, { minLength: 1, maxLength: 8 }), (values) => {
        const found = holm(values);
        values.forEach((value, a) => {
          expect(found[a]).toBeGreaterThanOrEqual(value);
          expect(found[a]).toBeLessThanOrEqual(Math.min(1, values.length * value));
          values.forEach((other, b) => {
            if (value <= other) expect(found[a]).toBeLessThanOrEqual(found[b]);
          });
        });
        expect(holm([values[0]])).toEqual([values[0]]);
      }),
    );
  });
});

describe("few positives", () => {
  test("under 10 a fold allow no ranking, and it says what it would take", () => {
    expect(certaintyFor(4)).toEqual({
      ranking: false,
      certainty: 1,
      advice:
        "a fold tests 4 rows of the rarest class; a ranking takes 10: about 2.5 times as many such rows, or a smaller --fold-count",
    });
    expect(certaintyFor(0).advice).toBe("a fold tests 0 rows of the rarest class; a ranking takes 10");
  });

  test("from 10 to 30 take 99 % certainty, and more than that 95 %", () => {
    expect(certaintyFor(10)).toMatchObject({ ranking: true, certainty: 0.99 });
    expect(certaintyFor(29.9)).toMatchObject({ ranking: true, certainty: 0.99 });
    expect(certaintyFor(30)).toEqual({ ranking: true, certainty: 0.95, advice: "" });
  });
});
