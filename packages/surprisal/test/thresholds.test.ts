// Thresholds, class weights, decisions and activations, each against brute force or an explicit formula.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  activate,
  activateGradient,
  balancedAccuracyThreshold,
  binaryAlpha,
  classWeights,
  costThreshold,
  decide,
  evaluate,
  f1Threshold,
  focal,
  logActivate,
  logitAdjustment,
  precisionThreshold,
  recallThreshold,
  topThreshold,
} from "../src/index.ts";
import { between, distributions, expectClose, expectDigits, law, listOf, total } from "./support.ts";

/** True probabilities of a few examples; some repeat. */
const probabilities = fc.array(fc.oneof(between(0.01, 0.99), fc.constantFrom(0, 0.25, 0.5, 1)), {
  minLength: 1,
  maxLength: 20,
});

/** The expected counts when every example at or above a threshold is called positive. */
function expectedCounts(p: readonly number[], threshold: number) {
  const called = p.filter((each) => each >= threshold);
  const truePositives = total(called);
  const positives = total(p);
  return {
    truePositives,
    falsePositives: called.length - truePositives,
    falseNegatives: positives - truePositives,
    trueNegatives: p.length - called.length - (positives - truePositives),
  };
}

/** Every threshold that makes a difference. */
const candidates = (p: readonly number[]) => [...p, 2];

describe("costThreshold", () => {
  it("has the least expected cost of all thresholds", () => {
    law(
      fc.record({ p: probabilities, falseAlarm: between(0.01, 10), miss: between(0.01, 10) }),
      ({ p, ...costs }) => {
        const costAt = (threshold: number) => {
          const { falsePositives, falseNegatives } = expectedCounts(p, threshold);
          return costs.falseAlarm * falsePositives + costs.miss * falseNegatives;
        };
        const least = Math.min(...candidates(p).map(costAt));
        expectClose(costAt(costThreshold(costs)), least, 1e-12, p.length);
      },
      300,
    );
  });

  it("is 1/6 where a miss costs 5 false alarms, and 1/2 where both cost the same", () => {
    expect(costThreshold({ falseAlarm: 1, miss: 5 })).toBeCloseTo(1 / 6, 15);
    expect(costThreshold({ falseAlarm: 3, miss: 3 })).toBe(0.5);
    expect(costThreshold({ falseAlarm: 0, miss: 1 })).toBe(0);
    expect(costThreshold({ falseAlarm: 1, miss: 0 })).toBe(1);
  });

  it("refuses costs that decide nothing", () => {
    expect(() => costThreshold({ falseAlarm: 0, miss: 0 })).toThrow(/falseAlarm.*miss|both/);
    expect(() => costThreshold({ falseAlarm: -1, miss: 2 })).toThrow(/falseAlarm is -1/);
    expect(() => costThreshold({ falseAlarm: 1, miss: Number.NaN })).toThrow(/NaN/);
  });
});

describe("balancedAccuracyThreshold", () => {
  it("has the best expected balanced accuracy of all thresholds", () => {
    law(
      probabilities,
      (p) => {
        const prevalence = total(p) / p.length;
        fc.pre(prevalence > 0.01 && prevalence < 0.99);
        const accuracyAt = (threshold: number) => {
          const { truePositives, falsePositives, falseNegatives, trueNegatives } = expectedCounts(p, threshold);
          return (
            (truePositives / (truePositives + falseNegatives) + trueNegatives / (trueNegatives + falsePositives)) / 2
          );
        };
        const best = Math.max(...candidates(p).map(accuracyAt));
        expectClose(accuracyAt(balancedAccuracyThreshold(prevalence)), best, 1e-12);
      },
      300,
    );
  });

  it("refuses a prevalence that is none", () => {
    for (const wrong of [-0.1, 1.1, Number.NaN]) expect(() => balancedAccuracyThreshold(wrong)).toThrow(/prevalence/);
  });
});

describe("f1Threshold", () => {
  it("has the best F1 of the expected counts of all thresholds, and is half of it", () => {
    law(
      probabilities,
      (p) => {
        const f1At = (threshold: number) => {
          const { truePositives, falsePositives, falseNegatives } = expectedCounts(p, threshold);
          return truePositives === 0 ? 0 : (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives);
        };
        const { threshold, f1 } = f1Threshold(p);
        const best = Math.max(...candidates(p).map(f1At));
        expectClose(f1, best, 1e-12);
        expect(threshold).toBe(f1 / 2);
        expect(threshold).toBeLessThanOrEqual(0.5);
        // At the threshold itself an example may be called either way, so rounding is given room.
        expectClose(Math.max(f1At(threshold * (1 - 1e-12)), f1At(threshold * (1 + 1e-12))), best, 1e-12);
      },
      300,
    );
  });

  it("does not depend on the order, and finds nothing where nothing is positive", () => {
    expect(f1Threshold([0.9, 0.1, 0.5])).toEqual(f1Threshold([0.1, 0.5, 0.9]));
    expect(f1Threshold([0, 0])).toEqual({ threshold: 0, f1: 0 });
    expect(f1Threshold([1, 1])).toEqual({ threshold: 0.5, f1: 1 });
    expect(() => f1Threshold([])).toThrow(/no probabilities/);
    expect(() => f1Threshold([0.5, 1.5])).toThrow(/probabilities\[1\] is 1.5/);
  });
});

/** The precision and the recall of the expected counts, where nothing called has precision 1. */
function expectedRates(p: readonly number[], threshold: number) {
  const { truePositives, falsePositives, falseNegatives } = expectedCounts(p, threshold);
  const called = truePositives + falsePositives;
  const positives = truePositives + falseNegatives;
  return {
    precision: called === 0 ? 1 : truePositives / called,
    recall: positives === 0 ? 1 : truePositives / positives,
  };
}

const rounding = 1e-9;

describe.each([
  ["recallThreshold", recallThreshold],
  ["precisionThreshold", precisionThreshold],
  ["topThreshold", topThreshold],
] as const)("%s", (_, thresholdFor) => {
  const wishes = fc.tuple(probabilities, fc.oneof(between(0, 1), fc.constantFrom(0, 0.5, 1)));

  it("tells the expected precision and recall of its threshold", () => {
    law(
      wishes,
      ([p, wish]) => {
        const { threshold, precision, recall } = thresholdFor(p, wish);
        const rates = expectedRates(p, threshold);
        expectClose(precision, rates.precision, 1e-12);
        expectClose(recall, rates.recall, 1e-12);
      },
      300,
    );
  });

  it("does not depend on the order, and is one of the probabilities or 1", () => {
    law(wishes, ([p, wish]) => {
      expect(thresholdFor(p.toReversed(), wish)).toEqual(thresholdFor(p, wish));
      expect([...p, 1]).toContain(thresholdFor(p, wish).threshold);
    });
  });

  it("refuses what is no share, and no probabilities", () => {
    for (const wrong of [-0.1, 90, Number.NaN]) expect(() => thresholdFor([0.5], wrong)).toThrow(/from 0 to 1/);
    expect(() => thresholdFor([], 0.5)).toThrow(/no probabilities/);
    expect(() => thresholdFor([0.5, 1.5], 0.5)).toThrow(/probabilities\[1\] is 1.5/);
  });
});

describe("recallThreshold", () => {
  it("reaches the recall, and no higher threshold does", () => {
    law(
      fc.tuple(probabilities, between(0, 1)),
      ([p, wanted]) => {
        const { threshold } = recallThreshold(p, wanted);
        expect(expectedRates(p, threshold).recall).toBeGreaterThanOrEqual(wanted - rounding);
        for (const higher of p.filter((each) => each > threshold))
          expect(expectedRates(p, higher).recall).toBeLessThan(wanted + rounding);
      },
      300,
    );
  });

  it("finds them all for 1, and takes the example of its documentation as it says", () => {
    expect(recallThreshold([0.9, 0.6, 0.3, 0.2, 0], 1)).toEqual({ threshold: 0.2, precision: 0.5, recall: 1 });
    expect(recallThreshold([0.9, 0.6, 0.3, 0.2], 0.75).threshold).toBe(0.6);
    expect(recallThreshold([0, 0], 0.9)).toEqual({ threshold: 0, precision: 0, recall: 1 });
  });
});

describe("precisionThreshold", () => {
  it("reaches the precision, and no lower threshold does", () => {
    law(
      fc.tuple(probabilities, between(0, 1)),
      ([p, wanted]) => {
        const { threshold } = precisionThreshold(p, wanted);
        expect(expectedRates(p, threshold).precision).toBeGreaterThanOrEqual(wanted - rounding);
        for (const lower of p.filter((each) => each < threshold))
          expect(expectedRates(p, lower).precision).toBeLessThan(wanted + rounding);
      },
      300,
    );
  });

  it("calls nothing where no example is so sure, and all equal ones where they are", () => {
    expect(precisionThreshold([0.7, 0.2], 0.8)).toEqual({ threshold: 1, precision: 1, recall: 0 });
    expect(precisionThreshold(new Array(10).fill(0.8), 0.8).threshold).toBe(0.8);
    expect(precisionThreshold([0.9, 0.6, 0.3, 0.2], 0.75).threshold).toBe(0.6);
  });
});

describe("topThreshold", () => {
  it("calls the most probable ones, as many as are equal to the last of them", () => {
    law(fc.tuple(probabilities, between(0, 1)), ([p, share]) => {
      const count = Math.max(1, Math.round(share * p.length));
      const { threshold } = topThreshold(p, share);
      expect(threshold).toBe(p.toSorted((a, b) => b - a)[count - 1]);
    });
    expect(topThreshold([0.9, 0.6, 0.3, 0.2], 0.5).threshold).toBe(0.6);
    expect(topThreshold([0.9, 0.6, 0.6, 0.2], 0.5).precision).toBeCloseTo(0.7, 15);
  });
});

describe("on simulated data whose probabilities are true", () => {
  it("recall, precision and F1 come out as the formulas promise without a label", () => {
    const count = 200_000;
    let seed = 1;
    const random = () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return (seed + 0.5) / 2 ** 32;
    };
    const p = Array.from({ length: count }, () => random() ** 4);
    const labels = p.map((each) => Number(random() < each));
    const measured = (threshold: number) => {
      const hits = total(labels.filter((_, n) => p[n] >= threshold));
      return { precision: hits / p.filter((each) => each >= threshold).length, recall: hits / total(labels) };
    };
    for (const point of [recallThreshold(p, 0.9), precisionThreshold(p, 0.8), topThreshold(p, 0.05)]) {
      expect(Math.abs(measured(point.threshold).precision - point.precision)).toBeLessThan(0.01);
      expect(Math.abs(measured(point.threshold).recall - point.recall)).toBeLessThan(0.01);
    }
    const { threshold, f1 } = f1Threshold(p);
    const { precision, recall } = measured(threshold);
    expect(Math.abs((2 * precision * recall) / (precision + recall) - f1)).toBeLessThan(0.01);
  });
});

describe("classWeights", () => {
  const counts = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 2, maxLength: 8 });
  const options = fc.record({
    scheme: fc.constantFrom("inverse", "inverse-sqrt", "effective-number"),
    beta: between(0, 0.99999),
  } as const);

  it("have mean 1 over the examples, and fall with the count", () => {
    law(
      fc.tuple(counts, options),
      ([n, settings]) => {
        const weights = classWeights(n, settings);
        expectClose(total(weights.map((w, c) => w * n[c])) / total(n), 1, 1e-13);
        for (let c = 1; c < n.length; c++) {
          if (n[c] > n[0]) expect(weights[c]).toBeLessThanOrEqual(weights[0] * (1 + 1e-14));
        }
      },
      200,
    );
  });

  it("are scikit-learn's class_weight balanced: examples / (classes count)", () => {
    law(counts, (n) => {
      expectDigits(
        classWeights(n),
        n.map((count) => total(n) / (n.length * count)),
        1e-14,
      );
      expect(classWeights(n, { scheme: "inverse" })).toEqual(classWeights(n));
    });
    expectDigits(classWeights([900, 100]), [5 / 9, 5], 1e-15);
  });

  it("are the square root of the inverse for inverse-sqrt, up to the common factor", () => {
    law(counts, (n) => {
      const weights = classWeights(n, { scheme: "inverse-sqrt" });
      expectDigits(
        weights.map((w) => w / weights[0]),
        n.map((count) => Math.sqrt(n[0] / count)),
        1e-13,
      );
    });
  });

  it("go from no weights to inverse weights as beta goes from 0 to 1 (effective number)", () => {
    law(counts, (n) => {
      expectDigits(
        classWeights(n, { scheme: "effective-number", beta: 0 }),
        n.map(() => 1),
        1e-14,
      );
      expectDigits(classWeights(n, { scheme: "effective-number", beta: 1 - 1e-12 }), classWeights(n), 1e-6);
      const beta = 0.99;
      const direct = n.map((count) => (1 - beta) / (1 - beta ** count));
      const weights = classWeights(n, { scheme: "effective-number", beta });
      expectDigits(
        weights.map((w) => w / weights[0]),
        direct.map((w) => w / direct[0]),
        1e-12,
      );
    });
  });

  it("follow the policy for a class without examples, and keep their mean over the examples", () => {
    expect(() => classWeights([3, 0, 6])).toThrow(/counts\[1\] is 0/);
    expect(() => classWeights([0, 0], { emptyClass: "zero" })).toThrow(/counts/);
    law(fc.tuple(counts, options), ([n, settings]) => {
      const some = classWeights(n, settings);
      for (const emptyClass of ["zero", "largest"] as const) {
        const weights = classWeights([0, ...n, 0], { ...settings, emptyClass });
        expectDigits(weights.slice(1, -1), some, 1e-14);
        const expected = emptyClass === "zero" ? 0 : Math.max(...weights.slice(1, -1));
        expect([weights[0], weights.at(-1)]).toEqual([expected, expected]);
      }
    });
  });
});

describe("binaryAlpha", () => {
  it("balances both labels: it is the share of label 0, and agrees with the weights of two classes", () => {
    expect(binaryAlpha([900, 100])).toBeCloseTo(0.9, 15);
    law(fc.tuple(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1e6 })), ([negative, positive]) => {
      expectClose(binaryAlpha([negative, positive]), negative / (negative + positive), 1e-14);
      for (const scheme of ["inverse", "inverse-sqrt", "effective-number"] as const) {
        const [w0, w1] = classWeights([negative, positive], { scheme });
        expectClose(binaryAlpha([negative, positive], { scheme }), w1 / (w0 + w1), 1e-14);
      }
    });
    expect(() => binaryAlpha([1, 2, 3])).toThrow(/two/);
    expect(() => binaryAlpha([0, 2])).toThrow(/counts\[0\] is 0/);
  });
});

describe("logitAdjustment", () => {
  const prior = fc
    .integer({ min: 2, max: 6 })
    .chain((classes) => listOf(classes, 0.01, 1).map((p) => distributions(p, classes)));

  it("multiplies probabilities (softmax) or odds (sigmoid) by the prior's, to the power tau", () => {
    law(fc.record({ prior, tau: between(-2, 2), z: listOf(6, -5, 5) }), ({ prior: p, tau, z }) => {
      const logits = z.slice(0, p.length);
      const options = { activation: "softmax", classes: p.length } as const;
      const adjusted = logits.map((each, c) => each + logitAdjustment(p, { tau })[c]);
      const product = activate(logits, options).map((q, c) => q * p[c] ** tau);
      expectDigits(
        activate(adjusted, options),
        product.map((q) => q / total(product)),
        1e-12,
      );
      const odds = p.map((each) => each / (1 - each));
      const sigmoid = logitAdjustment(p, { tau, activation: "sigmoid" });
      expectDigits(
        sigmoid.map(Math.exp),
        odds.map((each) => each ** tau),
        1e-12,
      );
    });
  });

  it("with tau 1 lets a model that knows nothing put out the prior", () => {
    law(prior, (p) => {
      const options = { activation: "softmax", logitAdjustment: logitAdjustment(p), gradient: true } as const;
      const batch = { logits: new Float64Array(p.length), labels: p, classes: p.length };
      expectClose(
        evaluate(focal({ gamma: 0 }), batch, options).gradient,
        p.map(() => 0),
        1e-15,
        1,
      );
    });
    expect(() => logitAdjustment([0.5, 0])).toThrow(/prior\[1\] is 0/);
    expect(() => logitAdjustment([0.5, 1], { activation: "sigmoid" })).toThrow(/prior\[1\] is 1/);
  });
});

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

describe("the effective number", () => {
  it("weighs all classes alike at beta 0", () => {
    expect(Array.from(classWeights([5, 500], { scheme: "effective-number", beta: 0 }))).toEqual([1, 1]);
  });
});
