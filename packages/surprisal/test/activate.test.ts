// Activations, their gradients and decisions, against explicit formulas.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { activate, activateGradient, decide, logActivate } from "../src/index.ts";
import { between, expectClose, expectDigits, law, listOf, total } from "./support.ts";

describe("activate and logActivate", () => {
  const rows = fc
    .integer({ min: 2, max: 6 })
    .chain((classes) => listOf(3 * classes, -300, 300).map((z) => ({ classes, z })));

  it("are softmax and its logarithm: rows that sum to 1 in the ratios of e^z", () => {
    law(rows, ({ classes, z }) => {
      const options = { activation: "softmax", classes } as const;
      const p = activate(z, options);
      const logP = logActivate(z, options);
      expectDigits(p, logP.map(Math.exp), 1e-12);
      for (let n = 0; n < 3; n++) {
        expectClose(total(p.slice(n * classes, (n + 1) * classes)), 1, 1e-14);
        for (let j = n * classes; j < (n + 1) * classes; j++) {
          expectClose(logP[j] - logP[n * classes], z[j] - z[n * classes], 1e-15, 600);
        }
      }
    });
  });

  it("are the sigmoid and its logarithm, with every digit in both tails", () => {
    law(
      between(-700, 700),
      (z) => {
        const [p] = activate([z], { activation: "sigmoid" });
        const [logP] = logActivate([z], { activation: "sigmoid" });
        expectClose(p, z < 0 ? Math.exp(z) / (1 + Math.exp(z)) : 1 / (1 + Math.exp(-z)), 1e-15);
        expectClose(logP, z < -40 ? z : -Math.log1p(Math.exp(-z)), 1e-15);
      },
      200,
    );
    expect(activate([-1000], { activation: "sigmoid" })[0]).toBe(0);
    expect(logActivate([-1000], { activation: "sigmoid" })[0]).toBe(-1000);
    expect(logActivate([-1e4, 0], { activation: "softmax", classes: 2 })[0]).toBe(-1e4);
    expectDigits(logActivate([1000, 960], { activation: "softmax", classes: 2 }), [-Math.exp(-40), -40], 1e-15);
  });

  it("answer NaN with NaN in that row (softmax) or place (sigmoid), and refuse a row without a possible class", () => {
    const z = [0, Number.NaN, 1, 1];
    for (const each of [activate, logActivate]) {
      expect(Array.from(each(z, { activation: "softmax", classes: 2 }), Number.isNaN)).toEqual([
        true,
        true,
        false,
        false,
      ]);
      expect(Array.from(each(z, { activation: "sigmoid" }), Number.isNaN)).toEqual([false, true, false, false]);
      const none = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
      expect(() => each(none, { activation: "softmax", classes: 2 })).toThrow(/-Infinity/);
    }
    const gone = activate([Number.NEGATIVE_INFINITY, 0, 1], { activation: "softmax", classes: 3 });
    expectDigits(gone, [0, ...activate([0, 1], { activation: "softmax", classes: 2 })], 1e-15);
  });
});

describe("activateGradient", () => {
  it.each(["softmax", "sigmoid"] as const)(
    "is the finite difference of a weighted sum of %s probabilities",
    (activation) => {
      const problem = fc.record({ z: listOf(6, -5, 5), upstream: listOf(6, -3, 3), classes: fc.constantFrom(2, 3) });
      law(problem, ({ z, upstream, classes }) => {
        const options = { activation, classes };
        const sumAt = (logits: number[]) => total(activate(logits, options).map((p, k) => p * upstream[k]));
        const step = 1e-3;
        const differences = z.map((each, k) => {
          const at = (by: number) => sumAt(z.with(k, each + by));
          return (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step);
        });
        expectClose(activateGradient(z, upstream, options), differences, 1e-10, 1);
      });
    },
  );

  it("composes with the slope of a loss to that loss's gradient", () => {
    law(listOf(3, -4, 4), (z) => {
      const options = { activation: "softmax", classes: 3 } as const;
      const p = activate(z, options);
      const upstream = [0, -1 / p[1], 0]; // d -log p_1 / d p
      expectClose(
        activateGradient(z, upstream, options),
        p.map((each, j) => each - Number(j === 1)),
        1e-12,
        1,
      );
    });
    expect(() => activateGradient([0, 1], [1], { activation: "sigmoid" })).toThrow(/upstream has 1 /);
  });
});

describe("decide", () => {
  it("takes the largest probability, the first where several tie (softmax)", () => {
    expect(Array.from(decide([0.2, 0.5, 0.3, 0.4, 0.2, 0.4], { activation: "softmax", classes: 3 }))).toEqual([1, 0]);
    law(listOf(12, -5, 5), (z) => {
      const p = activate(z, { activation: "softmax", classes: 4 });
      const rows = [0, 4, 8].map((start) => Array.from(p.slice(start, start + 4)));
      const largest = rows.map((row) => row.indexOf(Math.max(...row)));
      expect(Array.from(decide(p, { activation: "softmax", classes: 4 }))).toEqual(largest);
    });
  });

  it("says 1 from the threshold on, one for all labels or one per label column (sigmoid)", () => {
    const p = [0.1, 0.5, 0.49999, 0.9];
    expect(Array.from(decide(p, { activation: "sigmoid" }))).toEqual([0, 1, 0, 1]);
    expect(Array.from(decide(p, { activation: "sigmoid", threshold: 0.1 }))).toEqual([1, 1, 1, 1]);
    expect(Array.from(decide(p, { activation: "sigmoid", classes: 2, threshold: [0.05, 0.6] }))).toEqual([1, 0, 1, 1]);
  });

  it("takes class 1 from the threshold on where softmax has two classes, and refuses a threshold for more", () => {
    const p = [0.8, 0.2, 0.9, 0.1];
    expect(Array.from(decide(p, { activation: "softmax", classes: 2, threshold: 0.15 }))).toEqual([1, 0]);
    expect(Array.from(decide(p, { activation: "softmax", classes: 2 }))).toEqual([0, 0]);
    expect(() => decide([0.2, 0.3, 0.5], { activation: "softmax", classes: 3, threshold: 0.5 })).toThrow(/two classes/);
    expect(() => decide([0.2, 1.5], { activation: "sigmoid" })).toThrow(/probabilities\[1\]/);
    expect(() => decide([0.2], { activation: "sigmoid", threshold: 2 })).toThrow(/threshold is 2/);
  });
});
