// Trees of XGBoost and of LightGBM: what the library predicts, our form of its model predicts.
import { crossEntropy, focal } from "surprisal";
import { describe, expect, it } from "vitest";
import type { Features } from "../src/learning/features.ts";
import { TrainingHeap } from "../src/learning/heap.ts";
import { predictLogits } from "../src/learning/model.ts";
import { makeObjective, type Objective } from "../src/learning/objective.ts";
import type { BoosterSettings } from "../src/learning/trees/booster.ts";
import { LibraryBooster } from "../src/learning/trees/native/booster.ts";
import { atMost, nextBelow } from "../src/learning/trees/native/float32.ts";
import type { TreeLibrary } from "../src/learning/trees/native/library.ts";
import { refuseNaN } from "../src/learning/trees/native/refusals.ts";
import { Random } from "../src/random.ts";
import { librariesHere, opened } from "./librariesHere.ts";

const rows = 600;
const width = 6;
const heap = new TrainingHeap();

/** Numbers, numbers on a coarse grid, so that many lie on thresholds, and cells without a value. */
function someFeatures(seed: string, missing = 0.1): Features {
  const random = new Random(seed);
  const values = Float32Array.from({ length: rows * width }, (_, k) => {
    if (random.next() < missing && k % width < 4) return Number.NaN;
    return k % 2 === 0 ? Math.round(4 * random.normal()) / 4 : random.normal();
  });
  return { rows, width, values };
}

const training = someFeatures("training");
const held = someFeatures("held", 0.2);
const score = (row: number) => {
  const at = (feature: number) => training.values[row * width + feature] || 0;
  return at(0) - 0.5 * at(1) + at(4) * at(5) + Math.sin(7 * row);
};
const labels = Int32Array.from({ length: rows }, (_, row) => Number(score(row) > 0.3));
const targets = [
  { kind: "binary", activation: "sigmoid", outputs: 1, labels },
  {
    kind: "multi-class",
    activation: "softmax",
    outputs: 3,
    labels: labels.map((label, row) => label + Number(score(row) > 1)),
  },
  {
    kind: "multi-label",
    activation: "sigmoid",
    outputs: 2,
    labels: Int32Array.from({ length: 2 * rows }, (_, k) => (k % 2 === 0 ? labels[k / 2] : Number(k % 5 < 2))),
  },
] as const;

const settings: BoosterSettings = {
  leaves: 12,
  depth: 30,
  l2: 1,
  minCurvature: 1,
  rate: 0.2,
  rowShare: 0.8,
  featureShare: 0.6,
  seed: 1,
  watched: held,
};

const begin = (library: TreeLibrary, objective: Objective, more: Partial<BoosterSettings> = {}) =>
  new LibraryBooster(library, { heap, features: training, objective }, { ...settings, ...more });

function advance(booster: LibraryBooster, rounds: number): LibraryBooster {
  for (let round = 0; round < rounds; round++) booster.round();
  return booster;
}

describe("a threshold in float32", () => {
  it("parts numbers as the one it stands for", () => {
    for (const value of [0, -0, 1, -1, 0.1, -0.1, 1e-40, 3e38, 1.5]) {
      const float = Math.fround(value);
      const below = nextBelow(float);
      expect(below).toBeLessThan(float === 0 ? Number.MIN_VALUE : float);
      expect(Math.fround(below)).toBe(below);
      expect(Math.fround((below + float) / 2) === below || Math.fround((below + float) / 2) === float).toBe(true);
    }
    expect(atMost(0.1)).toBeLessThanOrEqual(0.1);
    expect(atMost(0.5)).toBe(0.5);
    expect(atMost(1e300)).toBeCloseTo(3.4028234663852886e38, -30);
  });
});

describe("slopes that are no numbers", () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])("are refused: %s", (slope) => {
    expect(() => refuseNaN("XGBoost", Float32Array.of(0, slope), Float32Array.of(1, 1))).toThrow(/XGBoost: a gradient/);
    expect(() => refuseNaN("XGBoost", Float32Array.of(0, 3e38), Float32Array.of(1, 1))).not.toThrow();
  });
});

describe.each(librariesHere)("trees by $title $version", (found) => {
  const library = opened(found, "slopes");

  it.each(targets)("predict here what they predict there: $kind", ({ kind: _, ...target }) => {
    const booster = advance(begin(library, makeObjective({ loss: focal({ gamma: 1 }), ...target })), 40);
    const model = booster.model();
    const watched = booster.watched;
    booster.free();
    expect(model.output.length).toBeGreaterThan(30 * target.outputs);
    expect(Math.max(...model.missingLeft)).toBe(1);
    const ours = predictLogits(model, held);
    ours.forEach((logit, k) => {
      expect(Math.abs(watched[k] - logit)).toBeLessThan(1e-6 * Math.max(1, Math.abs(logit)));
    });
  });

  it("predict the same on every threshold, and beside it", () => {
    const objective = makeObjective({ loss: crossEntropy(), ...targets[0] });
    const first = advance(begin(library, objective), 10);
    const { feature, threshold } = first.model();
    first.free();
    const asked = [...feature.keys()].filter((node) => feature[node] !== -1);
    const values = new Float32Array(3 * asked.length * width).fill(Number.NaN);
    asked.forEach((node, k) => {
      const at = Math.fround(threshold[node]);
      [at, nextBelow(at), at + 2 ** -23 * Math.abs(at)].forEach((value, j) => {
        for (let other = 0; other < width; other++) values[(3 * k + j) * width + other] = 0.3 * other;
        values[(3 * k + j) * width + feature[node]] = value;
      });
    });
    const edges = { rows: 3 * asked.length, width, values };
    const second = advance(begin(library, objective, { watched: edges }), 10);
    const ours = predictLogits(second.model(), edges);
    second.watched.forEach((logit, k) => {
      expect(Math.abs(logit - ours[k])).toBeLessThan(1e-6 * Math.max(1, Math.abs(logit)));
    });
    second.free();
  });

  it("are the same, whatever else is trained in the meantime", () => {
    const objective = makeObjective({ loss: crossEntropy(), ...targets[1] });
    const alone = advance(begin(library, objective), 12);
    const expected = alone.model();
    alone.free();
    const [one, other] = [begin(library, objective), begin(library, objective, { leaves: 4, seed: 7 })];
    for (let round = 0; round < 12; round++) {
      other.round();
      one.round();
      expect(other.watched).toHaveLength(3 * rows);
      expect(one.watched).toHaveLength(3 * rows);
      one.model();
    }
    const byOutput = (model: typeof expected) =>
      [0, 1, 2].map((output) => [...model.output.keys()].filter((tree) => model.output[tree] === output));
    const leavesOf = (model: typeof expected) =>
      byOutput(model).map((trees) => trees.map((tree) => [...nodesOf(model, tree)]));
    expect(leavesOf(one.model())).toEqual(leavesOf(expected));
    one.free();
    other.free();
  });

  it("lower the loss that they are grown for", () => {
    const objective = makeObjective({ loss: crossEntropy(), ...targets[0] });
    const all = Int32Array.from({ length: rows }, (_, row) => row);
    const booster = begin(library, objective, { watched: training });
    const before = objective.evaluate(booster.watched, all, null);
    advance(booster, 30);
    expect(objective.evaluate(booster.watched, all, null)).toBeLessThan(0.7 * before);
    booster.free();
  });

  it("are the same from labels and weights as from slopes", () => {
    // Few values: where there are more than bins, weights move the edges of bins.
    const coarse = { rows, width, values: training.values.map((value) => Math.round(2 * value) / 2) };
    const objective = makeObjective({ loss: crossEntropy(), ...targets[0] });
    const grow = (takes: TreeLibrary["takes"]) => {
      const few = { ...settings, watched: coarse, leaves: 6 };
      const booster = new LibraryBooster(opened(found, takes), { heap, features: coarse, objective }, few);
      const logits = [1, 2, 3, 4, 5].map(() => advance(booster, 1).watched);
      const model = booster.model();
      booster.free();
      return { model, logits };
    };
    const [slopes, fromLabels] = [grow("slopes"), grow("labels")];
    expect([...fromLabels.model.feature]).toEqual([...slopes.model.feature]);
    expect([...fromLabels.model.threshold]).toEqual([...slopes.model.threshold]);
    fromLabels.logits.forEach((each, round) => {
      each.forEach((logit, k) => {
        expect(Math.abs(logit - slopes.logits[round][k])).toBeLessThan(1e-5);
      });
    });
  });

  it("refuse rows of another width, and values that are too few", () => {
    const objective = makeObjective({ loss: crossEntropy(), ...targets[0] });
    const narrow = { rows: 2, width: 2, values: new Float32Array(4) };
    expect(() => begin(library, objective, { watched: narrow })).toThrow("watched features: 2 columns, expected 6");
    const short = { rows, width, values: new Float32Array(5) };
    expect(() => new LibraryBooster(library, { heap, features: short, objective }, settings)).toThrow("5 values");
  });
});

/** What a tree asks and adds, node by node. */
function nodesOf(model: ReturnType<LibraryBooster["model"]>, tree: number): readonly string[] {
  const { starts, feature, threshold, value } = model;
  return Array.from({ length: starts[tree + 1] - starts[tree] }, (_, k) => starts[tree] + k).map(
    (node) => `${feature[node]} ${threshold[node]} ${value[node]}`,
  );
}
