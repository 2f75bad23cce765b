// Boosted trees: questions are the best there are, logits are those of the trees, and every loss is treated alike.
import fc from "fast-check";
import { crossEntropy, defineLoss, focal, type Loss, losses } from "surprisal";
import { describe, expect, it } from "vitest";
import type { Features } from "../src/learning/features.ts";
import { TrainingHeap } from "../src/learning/heap.ts";
import { makeObjective } from "../src/learning/objective.ts";
import { groundOf, mostBins } from "../src/learning/trees/bins.ts";
import { Booster, type BoosterSettings } from "../src/learning/trees/booster.ts";
import { predictTrees, type Trees } from "../src/learning/trees/trees.ts";
import { Random } from "../src/random.ts";
import { binaryLabels, pairLabels, sampleSet, threeLabels } from "./sample.ts";

const heap = new TrainingHeap();
const targets = [
  { kind: "binary", activation: "sigmoid", outputs: 1, labels: binaryLabels },
  { kind: "multiclass", activation: "softmax", outputs: 3, labels: threeLabels },
  { kind: "multilabel", activation: "sigmoid", outputs: 2, labels: pairLabels },
] as const;

const plain: BoosterSettings = {
  leaves: 8,
  depth: 30,
  l2: 1,
  minCurvature: 1,
  rate: 0.3,
  rowShare: 1,
  featureShare: 1,
  seed: 0,
};

/** Rows of a number with gaps, a category of five levels with gaps, and a number of few values. */
function mixedRows(rows: number, seed: number): Features {
  const random = new Random(`mixed ${seed}`);
  const values = new Float32Array(rows * 3);
  for (let n = 0; n < rows; n++) {
    values[3 * n] = random.next() < 0.2 ? Number.NaN : random.normal();
    values[3 * n + 1] = random.next() < 0.1 ? Number.NaN : random.integer(5);
    values[3 * n + 2] = random.integer(4);
  }
  return { rows, width: 3, values, levels: [0, 5, 0] };
}

function labelsOf({ rows, values }: Features, seed: number): Int32Array {
  const random = new Random(`labels ${seed}`);
  return Int32Array.from({ length: rows }, (_, n) => {
    const [x, level] = [values[3 * n], values[3 * n + 1]];
    const lift = (Number.isNaN(x) ? 0.8 : x) + (level === 1 || level === 3 ? 1 : -1);
    return Number(lift + random.normal() > 0);
  });
}

const binary = (labels: Int32Array, loss: Loss = crossEntropy()) =>
  makeObjective({ loss, activation: "sigmoid", outputs: 1, labels });

function boosted(features: Features, objective: ReturnType<typeof binary>, rounds: number, changed = {}): Trees {
  const booster = new Booster(heap, features, objective, { ...plain, ...changed });
  for (let round = 0; round < rounds; round++) booster.round();
  const model = booster.model();
  booster.free();
  return model;
}

describe("bins", () => {
  it("order values as they are, with missing ones in a bin of their own", () => {
    const value = fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.constant(Number.NaN));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 700 }), (list) => {
        const values = Float32Array.from(list);
        const { bins, edges } = groundOf({ rows: values.length, width: 1, values });
        expect(edges[0].length).toBeLessThan(mostBins);
        for (let n = 0; n < values.length; n++) {
          if (Number.isNaN(values[n])) expect(bins[n]).toBe(edges[0].length + 1);
          else edges[0].forEach((edge, k) => void expect(values[n] <= edge).toBe(bins[n] <= k));
        }
        const distinct = new Set(values.filter((each) => !Number.isNaN(each)));
        if (distinct.size <= mostBins) expect(edges[0].length).toBe(Math.max(0, distinct.size - 1));
      }),
      { numRuns: 200 },
    );
  });

  it("have about equally many rows where values are many", () => {
    const random = new Random("many values");
    const values = Float32Array.from({ length: 50_000 }, () => random.normal() ** 3);
    const { bins, edges } = groundOf({ rows: values.length, width: 1, values });
    const counts = new Array<number>(edges[0].length + 1).fill(0);
    for (const bin of bins) counts[bin]++;
    expect(edges[0].length + 1).toBeGreaterThan(240);
    expect(Math.max(...counts)).toBeLessThan(2.1 * (values.length / mostBins));
  });

  it("are not starved by one frequent value", () => {
    const random = new Random("zeros");
    const values = Float32Array.from({ length: 20_000 }, () => (random.next() < 0.9 ? 0 : random.next()));
    expect(groundOf({ rows: values.length, width: 1, values }).edges[0].length).toBeGreaterThan(200);
  });
});

describe("the first question", () => {
  /** The gain of every way to part the rows by one feature, tried one by one. */
  function bestGain({ rows, values }: Features, gradient: readonly number[], curvature: readonly number[]): number {
    const gain = (isLeft: (n: number) => boolean): number => {
      const sums = [0, 0, 0, 0];
      for (let n = 0; n < rows; n++) {
        const side = isLeft(n) ? 0 : 2;
        sums[side] += gradient[n];
        sums[side + 1] += curvature[n];
      }
      const [g, h, otherG, otherH] = sums;
      if (h < 1 || otherH < 1) return Number.NEGATIVE_INFINITY;
      return g ** 2 / (h + 1) + otherG ** 2 / (otherH + 1) - (g + otherG) ** 2 / (h + otherH + 1);
    };
    const gains: number[] = [];
    for (const feature of [0, 2]) {
      const at = (n: number) => values[3 * n + feature];
      for (const limit of new Set(values.filter((each, k) => k % 3 === feature && !Number.isNaN(each)))) {
        for (const missing of [true, false]) {
          gains.push(gain((n) => (Number.isNaN(at(n)) ? missing : at(n) <= limit)));
        }
      }
    }
    // Six groups: five levels and the missing cells.
    for (let set = 0; set < 64; set++) {
      gains.push(gain((n) => ((set >> (Number.isNaN(values[3 * n + 1]) ? 5 : values[3 * n + 1])) & 1) === 1));
    }
    return Math.max(...gains);
  }

  it("is the best of all thresholds, sides for missing cells and sets of levels", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 180, max: 300 }), (seed, rows) => {
        const features = mixedRows(rows, seed);
        const labels = labelsOf(features, seed);
        const objective = binary(labels);
        const model = boosted(features, objective, 1, { leaves: 2, rate: 1 });
        const p = 1 / (1 + Math.exp(-objective.constantLogits[0]));
        const gradient = Array.from(labels, (label) => p - label);
        const curvature = gradient.map(() => p * (1 - p));
        const [left, right] = [model.left[0], model.right[0]];
        const sums = [0, 0];
        const logits = predictTrees(model, features);
        let reached = 0;
        for (let n = 0; n < rows; n++)
          sums[Number(Math.abs(logits[n] - model.constant[0] - model.value[left]) < 1e-9)]++;
        expect(sums[0] + sums[1]).toBe(rows);
        // What the two leaves lower the loss by, to second order, is half of this.
        for (const [leaf, side] of [
          [left, 1],
          [right, 0],
        ] as const) {
          reached -=
            model.value[leaf] *
            gradient.reduce((sum, each, n) => {
              const isHere = Number(Math.abs(logits[n] - model.constant[0] - model.value[left]) < 1e-9) === side;
              return isHere ? sum + each : sum;
            }, 0);
        }
        const total = gradient.reduce((sum, each) => sum + each, 0) ** 2 / (rows * p * (1 - p) + 1);
        const best = bestGain(features, gradient, curvature);
        expect(reached - total).toBeLessThan(best + 1e-3);
        expect(reached - total).toBeGreaterThan(0.98 * best); // the order of levels is a smoothed one
      }),
      { numRuns: 40 },
    );
  });

  it("keeps to the order of levels where these are small: their own slopes would be noise", () => {
    const random = new Random("small levels");
    const rows = 400;
    const values = Float32Array.from({ length: rows }, () => random.integer(60));
    const labels = Int32Array.from({ length: rows }, () => random.integer(2));
    const model = boosted({ rows, width: 1, values, levels: [60] }, binary(labels), 3);
    expect(Math.max(...model.setAt)).toBe(-1);
  });
});

describe.each(targets)("trees for a $kind target", (target) => {
  it.each(losses.map((make) => make()))("lower the loss round by round: $name", (loss) => {
    const objective = makeObjective({ loss, ...target });
    const all = Int32Array.from({ length: sampleSet.rows }, (_, n) => n);
    const booster = new Booster(heap, sampleSet, objective, { ...plain, rate: 0.1 });
    let before = objective.evaluate(predictTrees(booster.model(), sampleSet), all, null);
    for (let round = 0; round < 15; round++) {
      booster.round();
      const after = objective.evaluate(predictTrees(booster.model(), sampleSet), all, null);
      expect(after).toBeLessThan(before);
      before = after;
    }
    booster.free();
  });

  it("give watched rows the logits of the model", () => {
    const objective = makeObjective({ loss: focal({ gamma: 2 }), ...target });
    const sampled = { ...plain, rowShare: 0.7, featureShare: 0.5 };
    const booster = new Booster(heap, sampleSet, objective, { ...sampled, watched: sampleSet });
    for (let round = 0; round < 12; round++) booster.round();
    const logits = predictTrees(booster.model(), sampleSet);
    booster.watched.forEach((each, k) => void expect(each).toBeCloseTo(logits[k], 12));
    booster.free();
  });

  it("are the same for the same seed, others for another", () => {
    const objective = makeObjective({ loss: crossEntropy(), ...target });
    const sampled = { rowShare: 0.7, featureShare: 0.5 };
    const one = boosted(sampleSet, objective, 5, sampled);
    expect(boosted(sampleSet, objective, 5, sampled)).toEqual(one);
    expect(boosted(sampleSet, objective, 5, { ...sampled, seed: 1 })).not.toEqual(one);
  });
});

describe("every loss is treated alike", () => {
  it("in units of its own curvature: twice cross entropy grows the same trees", () => {
    const twice = defineLoss({ name: "twice", formula: ({ neg, mul }, { logPt }) => mul(2, neg(logPt)) })();
    const grown = (loss: Loss) => boosted(sampleSet, binary(binaryLabels, loss), 10);
    const [one, other] = [grown(crossEntropy()), grown(twice)];
    expect(other.feature).toEqual(one.feature);
    expect(other.threshold).toEqual(one.threshold);
    one.value.forEach((each, k) => void expect(other.value[k]).toBeCloseTo(each, 5));
  });
});

describe("weights", () => {
  it("are rows that stand there so often", () => {
    const features = { ...mixedRows(150, 7), levels: [0, 0, 0] };
    const labels = labelsOf(features, 7);
    const counts = Array.from(labels, (_, n) => 1 + (n % 3));
    const weights = Float64Array.from(counts);
    const once = makeObjective({ loss: crossEntropy(), activation: "sigmoid", outputs: 1, labels, weights });
    const places = counts.flatMap((count, n) => new Array<number>(count).fill(n));
    const repeated: Features = {
      rows: places.length,
      width: 3,
      values: Float32Array.from(places.flatMap((n) => [...features.values.subarray(3 * n, 3 * n + 3)])),
    };
    const often = binary(Int32Array.from(places, (n) => labels[n]));
    // Weights are in units of the mean row: so are the penalty and the least curvature.
    const mean = places.length / labels.length;
    const a = boosted(features, once, 6, { l2: 1 / mean, minCurvature: 1 / mean });
    const b = boosted(repeated, often, 6);
    expect(a.feature).toEqual(b.feature);
    a.value.forEach((each, k) => void expect(each).toBeCloseTo(b.value[k], 4));
  });
});

describe("a model", () => {
  it("sends unknown levels where missing cells go", () => {
    const features = mixedRows(300, 3);
    const model = boosted(features, binary(labelsOf(features, 3)), 10);
    const row = (level: number) => ({ rows: 1, width: 3, values: Float32Array.of(0.1, level, 1) });
    expect(predictTrees(model, row(Number.NaN))[0]).not.toBe(predictTrees(model, row(1))[0]);
  });

  it("without features is the best constant", () => {
    const objective = binary(binaryLabels);
    const none = { rows: binaryLabels.length, width: 0, values: new Float32Array(0) };
    const model = boosted(none, objective, 3);
    expect(model.output.length).toBe(0);
    expect([...predictTrees(model, { ...none, rows: 2 })]).toEqual([0, 1].map(() => objective.constantLogits[0]));
  });

  it("of features that say nothing stays where it is", () => {
    const values = new Float32Array(binaryLabels.length).fill(Number.NaN);
    const objective = binary(binaryLabels);
    const model = boosted({ rows: values.length, width: 1, values }, objective, 3);
    expect(Math.max(...model.feature)).toBe(-1);
    expect(predictTrees(model, { rows: 1, width: 1, values: Float32Array.of(1) })[0]).toBeCloseTo(model.constant[0], 6);
  });
});

it("a class of a handful of rows does not blow up", () => {
  const random = new Random("rare");
  const rows = 3000;
  const labels = Int32Array.from({ length: rows }, (_, n) => (n < 4 ? 3 : n < 30 ? 2 : n < 700 ? 1 : 0));
  const values = Float32Array.from(
    { length: rows * 4 },
    (_, k) => labels[Math.floor(k / 4)] * (k % 4) + random.normal(),
  );
  const objective = makeObjective({ loss: crossEntropy(), activation: "softmax", outputs: 4, labels });
  const model = boosted({ rows, width: 4, values }, objective, 200, { leaves: 31, rate: 0.1 });
  const logits = predictTrees(model, { rows, width: 4, values });
  expect(Math.max(...logits.map(Math.abs))).toBeLessThan(15);
  const all = labels.map((_, n) => n);
  expect(objective.evaluate(logits, all, null)).toBeLessThan(0.05);
});
