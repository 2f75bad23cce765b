// The undo: expected losses are minimised numerically, and trueProbabilities must find the truth they were made from.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  asymmetric,
  crossEntropy,
  evaluate,
  focal,
  generalizedCrossEntropy,
  type Loss,
  losses,
  poly1,
  trueProbabilities,
} from "../src/index.ts";
import { minimise, sharpness } from "./expectedLoss.ts";
import { between, distributions, expectAbsolute, expectClose, law, listOf, total } from "./support.ts";

/** The losses that can be undone everywhere, with random parameters. */
const invertible: readonly { readonly name: string; readonly loss: fc.Arbitrary<Loss> }[] = [
  { name: "crossEntropy", loss: fc.constant(crossEntropy()) },
  { name: "focal", loss: between(0, 5).map((gamma) => focal({ gamma })) },
  { name: "poly1", loss: between(-0.9, 5).map((epsilon) => poly1({ epsilon })) },
  { name: "generalizedCrossEntropy", loss: between(1e-3, 0.9).map((q) => generalizedCrossEntropy({ q })) },
  {
    name: "asymmetric without margin",
    loss: fc
      .tuple(between(0, 5), between(0, 5))
      .map(([gammaPositive, gammaNegative]) => asymmetric({ gammaPositive, gammaNegative, margin: 0 })),
  },
];

describe("the laws of the undo", () => {
  it("cover every loss of the list", () => {
    for (const { definition } of losses) {
      expect(invertible.some(({ name }) => name.split(" ")[0] === definition.name)).toBe(true);
    }
  });
});

/** None, for every other law at least, or some. */
const smoothing = fc.oneof(fc.constant(0), between(0.01, 0.6));

describe.each(invertible)("softmax and $name", ({ loss: anyLoss }) => {
  const problem = fc.integer({ min: 2, max: 10 }).chain((classes) =>
    fc.record({
      loss: anyLoss,
      truth: listOf(classes, 0.02, 1).map((shares) => distributions(shares, classes)),
      alpha: listOf(classes, 0.3, 3),
      adjustment: fc.oneof(fc.constant(new Array<number>(classes).fill(0)), listOf(classes, -2, 2)),
      labelSmoothing: smoothing,
    }),
  );

  it("finds the truth again from the logits that minimise its expected loss, weighted, adjusted and smoothed", () => {
    law(
      problem,
      ({ loss, truth, alpha, adjustment, labelSmoothing }) => {
        const smoothed = truth.map((eta) => eta * (1 - labelSmoothing) + labelSmoothing / truth.length);
        const start = Array.from(smoothed, (eta, j) => sharpness(loss) * Math.log(alpha[j] * eta) - adjustment[j]);
        const steps = { alpha, logitAdjustment: adjustment, labelSmoothing };
        const { z, gradient, loss: least, at } = minimise(loss, truth, steps, start);
        expect(Math.hypot(...gradient)).toBeLessThan(1e-12);
        // It is a minimum, not only a place without slope.
        const around = z.flatMap((each, j) => [0.1, -0.1].map((by) => at(z.with(j, each + by)).loss));
        expect(Math.min(...around)).toBeGreaterThanOrEqual(least * (1 - 1e-15));
        expect(Math.max(...around)).toBeGreaterThan(least);
        const found = trueProbabilities(loss, z, {
          activation: "softmax",
          classes: truth.length,
          ...steps,
        });
        expectAbsolute(found, truth, 1e-9);
      },
      40,
    ); // of each of the five losses
  });
});

describe.each(invertible)("sigmoid and $name", ({ loss: anyLoss }) => {
  const problem = fc.integer({ min: 1, max: 5 }).chain((classes) =>
    fc.record({
      loss: anyLoss,
      truth: listOf(3 * classes, 0.01, 0.99).map((values) => Float64Array.from(values)),
      alpha: fc.oneof(
        between(0.05, 0.95),
        listOf(classes, 0.05, 0.95),
        fc.record({ positive: listOf(classes, 0.1, 10), negative: between(0.1, 10) }),
      ),
      logitAdjustment: listOf(classes, -3, 3),
      labelSmoothing: smoothing,
    }),
  );

  it("finds the truth again from the logits where the expected loss has no slope, label by label", () => {
    law(problem, ({ loss, truth, alpha, logitAdjustment, labelSmoothing }) => {
      const classes = logitAdjustment.length;
      const slopesAt = (logits: Float64Array) =>
        evaluate(
          loss,
          { logits, labels: truth, classes },
          { activation: "sigmoid", alpha, logitAdjustment, labelSmoothing, reduction: "sum", gradient: true },
        ).gradient;
      // Bisection: left of the minimum the slope is negative, right of it positive.
      const low = truth.map(() => -200);
      const high = truth.map(() => 200);
      const middle = () => low.map((each, k) => (each + high[k]) / 2) as Float64Array;
      expect(slopesAt(low as Float64Array).every((slope) => slope < 0)).toBe(true);
      expect(slopesAt(high as Float64Array).every((slope) => slope > 0)).toBe(true);
      for (let halving = 0; halving < 60; halving++) {
        const z = middle();
        slopesAt(z).forEach((slope, k) => {
          if (slope < 0) low[k] = z[k];
          else high[k] = z[k];
        });
      }
      const z = middle();
      expect(Math.hypot(...slopesAt(z))).toBeLessThan(1e-12);
      expectAbsolute(
        trueProbabilities(loss, z, { activation: "sigmoid", classes, alpha, logitAdjustment, labelSmoothing }),
        truth,
        1e-9,
      );
    });
  });

  it("is monotone, between 0 and 1, and never NaN from logit -1e4 to 1e4", () => {
    const reach = Float64Array.from({ length: 4001 }, (_, k) => ((k - 2000) / 2000) ** 3 * 1e4);
    law(
      anyLoss,
      (loss) => {
        const found = trueProbabilities(loss, reach, { activation: "sigmoid" });
        expect(found.every((p) => p >= 0 && p <= 1)).toBe(true);
        // A flat stretch may wobble by rounding.
        expect(found.findIndex((p, k) => k > 0 && p < found[k - 1] * (1 - 1e-14))).toBe(-1);
        expect([found[0], found.at(-1)]).toEqual([0, 1]);
      },
      10,
    );
  });
});

describe.each(invertible)("any activation and $name", ({ loss: anyLoss }) => {
  it("gives rows that sum to 1, finite, for any logits up to 1e4", () => {
    const logit = fc.oneof(fc.constantFrom(0, 1e4, -1e4, 5e-324, 37, -745), between(-1e4, 1e4), between(-40, 40));
    const rows = fc.integer({ min: 2, max: 6 }).chain((classes) =>
      fc.record({
        loss: anyLoss,
        logits: fc.array(logit, { minLength: classes, maxLength: classes }),
        alpha: listOf(classes, 0.01, 100),
      }),
    );
    law(
      rows,
      ({ loss, logits, alpha }) => {
        const found = trueProbabilities(loss, logits, { activation: "softmax", classes: logits.length, alpha });
        expect(found.every((p) => p >= 0 && p <= 1)).toBe(true);
        expectClose(total(found), 1, 1e-14);
      },
      200,
    );
  });

  it("gives two softmax classes what sigmoid gives to their difference", () => {
    law(
      fc.record({ loss: anyLoss, z: between(-800, 800), a: between(0.01, 0.99) }),
      ({ loss, z, a }) => {
        if (loss.definition.negativeFormula) return; // sigmoid has another formula for label 0
        const two = trueProbabilities(loss, [0, z], { activation: "softmax", classes: 2, alpha: [1 - a, a] });
        expectClose(two[1], trueProbabilities(loss, [z], { activation: "sigmoid", alpha: a })[0], 1e-12);
      },
      200,
    );
  });

  it("does not change with the scale of alpha, and permutes with the classes", () => {
    law(
      fc.record({ loss: anyLoss, logits: listOf(4, -20, 20), alpha: listOf(4, 0.1, 5) }),
      ({ loss, logits, alpha }) => {
        const options = { activation: "softmax", classes: 4 } as const;
        const found = trueProbabilities(loss, logits, { ...options, alpha });
        const scaled = trueProbabilities(loss, logits, { ...options, alpha: alpha.map((a) => 4 * a) });
        expectAbsolute(scaled, found, 1e-14);
        const backwards = trueProbabilities(loss, logits.toReversed(), { ...options, alpha: alpha.toReversed() });
        expectAbsolute(backwards.toReversed(), found, 1e-14);
      },
    );
  });

  it("gives a class with logit -Infinity probability 0, and the others what they have without it", () => {
    law(fc.record({ loss: anyLoss, logits: listOf(3, -5, 5), alpha: listOf(3, 0.1, 5) }), ({ loss, logits, alpha }) => {
      const without = trueProbabilities(loss, logits, { activation: "softmax", classes: 3, alpha });
      const found = trueProbabilities(loss, [...logits, Number.NEGATIVE_INFINITY], {
        activation: "softmax",
        classes: 4,
        alpha: [...alpha, 1],
      });
      expectAbsolute(found, [...without, 0], 1e-14);
    });
  });

  it("gives, with smoothed labels, rows that sum to 1, of 0 where the model is surer than smoothing allows", () => {
    const rows = fc
      .integer({ min: 2, max: 6 })
      .chain((classes) =>
        fc.record({ loss: anyLoss, logits: listOf(classes, -40, 40), labelSmoothing: between(0.01, 0.99) }),
      );
    law(rows, ({ loss, logits, labelSmoothing }) => {
      const options = { activation: "softmax", classes: logits.length } as const;
      const bent = trueProbabilities(loss, logits, options);
      const found = trueProbabilities(loss, logits, { ...options, labelSmoothing });
      expectClose(total(found), 1, 1e-14);
      found.forEach((p, j) => {
        expect(p >= 0 && p <= 1).toBe(true);
        expect(p === 0).toBe(bent[j] <= labelSmoothing / logits.length);
      });
      const inside = bent.every((p) => p > labelSmoothing / logits.length);
      const back = found.map((p) => p * (1 - labelSmoothing) + labelSmoothing / logits.length);
      if (inside) expectAbsolute(back, bent, 1e-13);
    });
  });

  it("is the limit of ever smaller logits at -Infinity and 1e4 alike", () => {
    law(anyLoss, (loss) => {
      const at = (z: number) => trueProbabilities(loss, [z, 0, 0.5], { activation: "softmax", classes: 3 });
      expectAbsolute(at(-1e4), [0, ...trueProbabilities(loss, [0, 0.5], { activation: "softmax", classes: 2 })], 1e-13);
    });
  });

  it("answers NaN with NaN in that row (softmax) or place (sigmoid) only", () => {
    law(anyLoss, (loss) => {
      const logits = [1, Number.NaN, 2, 0.5];
      const soft = trueProbabilities(loss, logits, { activation: "softmax", classes: 2 });
      expect(Array.from(soft, Number.isNaN)).toEqual([true, true, false, false]);
      const each = trueProbabilities(loss, logits, { activation: "sigmoid" });
      expect(Array.from(each, Number.isNaN)).toEqual([false, true, false, false]);
    });
  });
});
