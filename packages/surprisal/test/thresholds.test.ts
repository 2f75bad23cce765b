// Thresholds, each against brute force or an explicit formula.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  balancedAccuracyThreshold,
  costThreshold,
  f1Threshold,
  precisionThreshold,
  recallThreshold,
  topThreshold,
} from "../src/index.ts";
import { between, expectClose, law, total } from "./support.ts";

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

  it("depends on the ratio of the costs only, at every size", () => {
    for (const unit of [5e-324, 1e-310, 1, 1e308]) {
      expect(costThreshold({ falseAlarm: unit, miss: unit })).toBe(0.5);
      expect(costThreshold({ falseAlarm: 0, miss: unit })).toBe(0);
      expect(costThreshold({ falseAlarm: unit, miss: 0 })).toBe(1);
    }
    expect(costThreshold({ falseAlarm: 1.7e308, miss: 1.7e308 })).toBe(0.5);
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

describe("thresholds of examples with weights", () => {
  const weighed = fc.array(fc.tuple(between(0, 1), fc.integer({ min: 0, max: 4 })), { minLength: 1, maxLength: 30 });

  it("are those of examples that are there so many times", () => {
    law(fc.tuple(weighed, between(0, 1)), ([examples, wanted]) => {
      const [p, weights] = [examples.map(([each]) => each), examples.map(([, weight]) => weight)];
      const written = examples.flatMap(([each, weight]) => new Array<number>(weight).fill(each));
      if (written.length === 0) return;
      const [f1, sameF1] = [f1Threshold(p, weights), f1Threshold(written)];
      expectClose(f1.f1, sameF1.f1, 1e-12);
      for (const thresholdFor of [recallThreshold, precisionThreshold]) {
        const [point, other] = [thresholdFor(p, wanted, weights), thresholdFor(written, wanted)];
        expect(point.threshold).toBe(other.threshold);
        expectClose(point.precision, other.precision, 1e-12);
        expectClose(point.recall, other.recall, 1e-12);
      }
      const share = Math.ceil(wanted * written.length) / written.length; // a share of whole examples
      expect(topThreshold(p, share, weights).threshold).toBe(topThreshold(written, share).threshold);
    });
  });

  it("do not hang on the unit of the weights", () => {
    law(fc.tuple(weighed, between(0, 1)), ([examples, share]) => {
      const [p, weights] = [examples.map(([each]) => each), examples.map(([, weight]) => weight)];
      const scaled = weights.map((weight) => 8 * weight);
      expect(topThreshold(p, share, scaled)).toEqual(topThreshold(p, share, weights));
      expect(f1Threshold(p, scaled)).toEqual(f1Threshold(p, weights));
    });
  });

  it("take one weight for each, not negative", () => {
    expect(() => f1Threshold([0.5, 0.2], [1])).toThrow(/f1Threshold: exampleWeights has length 1|exampleWeights/);
    expect(() => recallThreshold([0.5], 0.5, [-1])).toThrow(/exampleWeights\[0\] is -1/);
    expect(f1Threshold([0.5, 0.2], [0, 0])).toEqual({ threshold: 0, f1: 0 });
    expect(recallThreshold([0.5], 0.5, [0])).toEqual({ threshold: 1, precision: 1, recall: 1 });
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
