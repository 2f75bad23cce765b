// The curves of the report: precision and recall, reliability, thresholds, confusion, against published values.
import { describe, expect, test } from "vitest";
import { Random } from "../src/random.ts";
import { wilsonInterval } from "../src/scores/calibration.ts";
import { binaryConfusion, classRecalls, multiclassConfusion, oneVersusRest } from "../src/scores/confusion.ts";
import { precisionRecallCurve, reliabilityDiagram, thresholdCurve } from "../src/scores/curves.ts";

const random = new Random("curves");
const probabilities = Float64Array.from({ length: 3000 }, () => random.next() ** 3);
const large = { labels: Int32Array.from(probabilities, (p) => Number(random.next() < p)), probabilities };
const small = { labels: Int32Array.of(0, 0, 1, 1), probabilities: Float64Array.of(0.1, 0.4, 0.35, 0.8) };
const costs = { miss: 5, falseAlarm: 1 };

describe("the precision-recall curve", () => {
  test("of scikit-learn's example is the same", () => {
    // precision_recall_curve([0, 0, 1, 1], [.1, .4, .35, .8]): precision .5, .667, .5, 1; recall 1, 1, .5, .5
    expect(precisionRecallCurve(small)).toEqual({
      threshold: [0.8, 0.4, 0.35, 0.1],
      recall: [0.5, 0.5, 1, 1],
      precision: [1, 0.5, 0.666667, 0.5],
    });
  });

  test("of many rows is thinned to 200 points from the first to the last, recall rising", () => {
    const { threshold, recall, precision } = precisionRecallCurve(large);
    expect(threshold.length).toBeLessThanOrEqual(200);
    expect(threshold.length).toBeGreaterThan(150);
    expect(recall.at(-1)).toBe(1);
    expect(precision.at(-1)).toBeCloseTo(large.labels.reduce((a, b) => a + b) / 3000, 5);
    expect([...recall].sort((a, b) => a - b)).toEqual(recall);
    expect(new Set(threshold).size).toBe(threshold.length);
  });

  test("of 200 rows has a point for each, of 201 not", () => {
    const rows = (count: number) => ({
      labels: Int32Array.from({ length: count }, (_, row) => Number(row % 50 === 0)),
      probabilities: Float64Array.from({ length: count }, (_, row) => (row + 1) / 1000),
    });
    expect(precisionRecallCurve(rows(200)).threshold).toHaveLength(200);
    expect(precisionRecallCurve(rows(201)).threshold.length).toBeLessThan(20);
  });
});

describe("the reliability diagram", () => {
  test("counts every row once and encloses each share in its interval", () => {
    const diagram = reliabilityDiagram(large);
    expect(diagram.count.reduce((a, b) => a + b)).toBe(3000);
    expect(diagram.from).toHaveLength(15);
    diagram.from.forEach((from, bin) => {
      expect(diagram.predicted[bin]).toBeGreaterThanOrEqual(from);
      expect(diagram.predicted[bin]).toBeLessThanOrEqual(from + diagram.width + 1e-6);
      expect(diagram.low[bin]).toBeLessThan(diagram.observed[bin]);
      expect(diagram.high[bin]).toBeGreaterThan(diagram.observed[bin]);
    });
  });

  test("leaves empty bins out, and puts 1 into the last", () => {
    const diagram = reliabilityDiagram({ labels: Int32Array.of(1, 1, 0), probabilities: Float64Array.of(1, 0.95, 0) });
    expect(diagram.from).toEqual([0, 0.933333]);
    expect(diagram.count).toEqual([1, 2]);
    expect(diagram).toMatchObject({ predicted: [0, 0.975], observed: [0, 1] });
  });

  test("of true probabilities holds about 95 % of the bins", () => {
    let inside = 0;
    let bins = 0;
    for (let draw = 0; draw < 200; draw++) {
      const labels = Int32Array.from(probabilities, (p) => Number(random.next() < p));
      const diagram = reliabilityDiagram({ labels, probabilities });
      diagram.predicted.forEach((p, bin) => {
        inside += Number(diagram.low[bin] <= p && p <= diagram.high[bin]);
        bins++;
      });
    }
    expect(inside / bins).toBeGreaterThan(0.93);
    expect(inside / bins).toBeLessThan(0.97);
  });
});

test("Wilson's interval is that of SciPy", () => {
  // scipy.stats.binomtest(3, 10).proportion_ci(method="wilson"), and (120, 200)
  expect(wilsonInterval(3, 10).low).toBeCloseTo(0.10779126740630102, 12);
  expect(wilsonInterval(3, 10).high).toBeCloseTo(0.6032218525388546, 12);
  expect(wilsonInterval(120, 200).low).toBeCloseTo(0.5308367203926201, 12);
  expect(wilsonInterval(120, 200).high).toBeCloseTo(0.6653942143319267, 12);
  expect(wilsonInterval(0, 7).low).toBe(0);
  expect(wilsonInterval(7, 7).high).toBe(1);
  expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
});

describe("the threshold curve", () => {
  test("of four rows is what counting gives", () => {
    expect(thresholdCurve(small, costs)).toEqual({
      threshold: [0, 0.1, 0.35, 0.4, 0.8, 1],
      precision: [0.5, 0.5, 0.666667, 0.5, 1, 1],
      recall: [1, 1, 1, 0.5, 0.5, 0],
      f1: [0.666667, 0.666667, 0.8, 0.5, 0.666667, 0],
      balancedAccuracy: [0.5, 0.5, 0.75, 0.5, 0.75, 0.5],
      cost: [0.5, 0.5, 0.25, 1.5, 1.25, 2.5],
    });
  });

  test("has at most 200 thresholds, and at each the values of that very threshold", () => {
    const curve = thresholdCurve(large, costs);
    expect(curve.threshold.length).toBeLessThanOrEqual(200);
    expect(curve.threshold.length).toBeGreaterThan(150);
    curve.threshold.forEach((threshold, k) => {
      const [[, alarms], [misses, hits]] = binaryConfusion(large, threshold);
      expect(curve.recall[k]).toBeCloseTo(hits / (hits + misses), 5);
      expect(curve.cost[k]).toBeCloseTo((5 * misses + alarms) / 3000, 5);
    });
  });

  test("has half of its thresholds where all rows are, half where the positives are, and both ends", () => {
    // Of 981 rows every tenth is one of 99 that are spread evenly, and the last 99 are the positives.
    const probabilities = Float64Array.from({ length: 981 }, (_, row) => (row + 1) / 1000);
    const labels = Int32Array.from(probabilities, (_, row) => Number(row >= 981 - 99));
    const expected = [...probabilities].filter((_, row) => row % 10 === 0 || labels[row] === 1);
    expect(thresholdCurve({ labels, probabilities }, costs).threshold).toEqual([0, ...expected, 1]);
  });

  test("of true probabilities is cheapest near the formula's threshold, 1 / 6 if a miss costs five false alarms", () => {
    const { threshold, cost } = thresholdCurve(large, costs);
    expect(threshold[cost.indexOf(Math.min(...cost))]).toBeCloseTo(1 / 6, 1);
  });

  test("is small as JSON", () => {
    expect(JSON.stringify(thresholdCurve(large, costs)).length).toBeLessThan(12_000);
  });
});

describe("confusion", () => {
  test("at a threshold counts truth by decision, the threshold itself being positive", () => {
    expect(binaryConfusion(small, 0.4)).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  test("of three classes gives the recall of each with its interval", () => {
    const p = Float64Array.of(0.5, 0.3, 0.2, 0.4, 0.4, 0.2, 0.1, 0.2, 0.7, 0.3, 0.4, 0.3);
    const confusion = multiclassConfusion({ labels: Int32Array.of(0, 1, 2, 2), probabilities: p }, 3);
    expect(confusion).toEqual([
      [1, 0, 0],
      [1, 0, 0],
      [0, 1, 1],
    ]);
    const recalls = classRecalls(confusion);
    expect(recalls.map(({ recall }) => recall)).toEqual([1, 0, 0.5]);
    expect(recalls[2]).toMatchObject({ rows: 2, found: 1, ...wilsonInterval(1, 2) });
  });

  test("is of a class against the rest for one output", () => {
    const p = Float64Array.of(0.5, 0.3, 0.2, 0.4, 0.4, 0.2);
    expect(
      oneVersusRest({ kind: "multiclass", outputs: 3 }, { labels: Int32Array.of(2, 1), probabilities: p }, 1),
    ).toEqual({
      labels: Int32Array.of(0, 1),
      probabilities: Float64Array.of(0.3, 0.4),
      weights: null,
    });
    expect(
      oneVersusRest(
        { kind: "multilabel", outputs: 2 },
        { labels: Int32Array.of(1, 0, 0, 1, 1, 0), probabilities: p },
        1,
      ),
    ).toEqual({
      labels: Int32Array.of(0, 1, 0),
      probabilities: Float64Array.of(0.3, 0.4, 0.2),
      weights: null,
    });
  });
});
