// What a model is trained on: the loss of the rows asked for, with their weights, and the best constant.
import { crossEntropy, evaluate, focal, generalizedCrossEntropy, losses } from "surprisal";
import { describe, expect, it } from "vitest";
import { makeObjective } from "../src/learning/objective.ts";
import { type ClassWeighting, weightsFor } from "../src/learning/weights.ts";
import { allRows, positionsOf } from "./columns.ts";
import { binaryLabels, pairLabels, sampleSet, threeLabels } from "./sample.ts";

const all = positionsOf(allRows(sampleSet.rows));
const targets = {
  binary: { kind: "binary", outputs: 1, labels: binaryLabels, activation: "sigmoid" },
  multiclass: { kind: "multiclass", outputs: 3, labels: threeLabels, activation: "softmax" },
  multilabel: { kind: "multilabel", outputs: 2, labels: pairLabels, activation: "sigmoid" },
} as const;
const schemes = ["none", "inverse-sqrt", "effective-number", "inverse"] as const;

/** The mean of the weights over the labels of each column. */
function meanWeights(
  weights: ClassWeighting,
  { kind, outputs, labels }: (typeof targets)[keyof typeof targets],
): number[] {
  const list = (value: number | readonly number[]) => (typeof value === "number" ? [value] : value);
  if (kind === "multiclass") {
    const perClass = weights as readonly number[];
    return [labels.reduce((sum, label) => sum + perClass[label], 0) / labels.length];
  }
  const { positive, negative } = weights as Exclude<ClassWeighting, readonly number[]>;
  return Array.from({ length: outputs }, (_, j) => {
    let sum = 0;
    for (const row of all) sum += labels[row * outputs + j] === 1 ? list(positive)[j] : list(negative)[j];
    return sum / all.length;
  });
}

describe.each(Object.values(targets))("the objective of a $kind target", (target) => {
  const { labels, outputs, activation } = target;

  it("is the loss of the rows that are asked for, whatever their order and number", () => {
    const objective = makeObjective({ loss: focal(), ...target });
    for (const rows of [
      [7, 3, 149],
      [0, 1],
      [3, 7, 8],
    ].map(positionsOf)) {
      const logits = Float64Array.from({ length: rows.length * outputs }, (_, k) => Math.sin(5 * k));
      const gradient = new Float64Array(logits.length);
      const columns = activation === "softmax" ? 1 : outputs;
      const own = Int32Array.from(
        { length: rows.length * columns },
        (_, k) => labels[rows[Math.floor(k / columns)] * columns + (k % columns)],
      );
      const expected = evaluate(focal(), { logits, labels: own, classes: outputs }, { activation, gradient: true });
      expect(objective.evaluate(logits, rows, gradient)).toBe(expected.loss);
      expect(gradient).toEqual(expected.gradient);
      expect(objective.evaluate(logits, rows, null)).toBe(expected.loss);
    }
  });

  it.each(losses.map((make) => make()))(
    "has its minimum over constants at constantLogits: $name, with every weighting",
    (loss) => {
      for (const scheme of schemes) {
        const alpha = weightsFor(scheme, target, all);
        const objective = makeObjective({ loss, ...target, alpha });
        const slope = (constant: Float64Array) => {
          const logits = Float64Array.from({ length: all.length * outputs }, (_, k) => constant[k % outputs]);
          const gradient = new Float64Array(logits.length);
          const value = objective.evaluate(logits, all, gradient);
          const sums = Array.from({ length: outputs }, (_, j) =>
            gradient.reduce((sum, each, k) => sum + (k % outputs === j ? each : 0), 0),
          );
          return { value, sums };
        };
        const best = slope(objective.constantLogits);
        for (const sum of best.sums) expect(Math.abs(sum)).toBeLessThan(1e-10);
        for (let j = 0; j < outputs; j++) {
          for (const move of [-0.01, 0.01]) {
            const moved = objective.constantLogits.map((logit, c) => logit + (c === j ? move : 0));
            expect(slope(moved).value).toBeGreaterThan(best.value);
          }
        }
      }
    },
  );

  it.each(schemes.slice(1))("weighs classes with mean 1 over the rows: %s", (scheme) => {
    for (const mean of meanWeights(weightsFor(scheme, target, all) as ClassWeighting, target))
      expect(mean).toBeCloseTo(1, 12);
  });
});

describe("constantLogits", () => {
  it("is the log-odds of the labels for cross entropy, and 0 with inverse weights", () => {
    const { constantLogits } = makeObjective({ loss: crossEntropy(), ...targets.binary });
    expect(Math.abs(constantLogits[0] - Math.log(52 / 98))).toBeLessThan(1e-9);
    const balanced = makeObjective({
      loss: crossEntropy(),
      ...targets.binary,
      alpha: weightsFor("inverse", targets.binary, all),
    });
    expect(Math.abs(balanced.constantLogits[0])).toBeLessThan(1e-9);
  });

  it("is the centred logarithm of the shares for softmax cross entropy, also of a class of one in ten thousand", () => {
    const labels = Int32Array.from({ length: 20_000 }, (_, n) => (n < 2 ? 2 : n % 2));
    const { constantLogits } = makeObjective({ loss: crossEntropy(), activation: "softmax", outputs: 3, labels });
    const logs = [9999, 9999, 2].map(Math.log);
    const mean = logs.reduce((sum, each) => sum + each, 0) / 3;
    constantLogits.forEach((logit, c) => {
      expect(Math.abs(logit - (logs[c] - mean))).toBeLessThan(1e-9);
    });
  });

  it("looks at the training rows only", () => {
    const rows = all.subarray(0, 30);
    const positives = rows.reduce((sum, row) => sum + binaryLabels[row], 0);
    const { constantLogits } = makeObjective({ loss: crossEntropy(), ...targets.binary, rows });
    expect(constantLogits[0]).toBeCloseTo(Math.log(positives / (30 - positives)), 9);
  });

  it("stays finite where a label is never seen, a class is never seen, or the loss saturates", () => {
    const never = new Int32Array(40);
    const [logit] = makeObjective({
      loss: crossEntropy(),
      activation: "sigmoid",
      outputs: 1,
      labels: never,
    }).constantLogits;
    expect(logit).toBeCloseTo(Math.log(0.5 / 39.5), 9);
    const missing = makeObjective({
      loss: focal(),
      activation: "softmax",
      outputs: 3,
      labels: Int32Array.from({ length: 40 }, (_, n) => n % 2),
    });
    expect(missing.constantLogits.every(Number.isFinite)).toBe(true);
    const flat = makeObjective({ loss: generalizedCrossEntropy({ q: 1 }), ...targets.binary });
    expect(flat.constantLogits[0]).toBeCloseTo(-15, 6);
  });
});

describe("weightsFor", () => {
  it("gives no weights for none", () => {
    expect(weightsFor("none", targets.binary, all)).toBeUndefined();
  });

  it("makes the classes equal in total with inverse weights", () => {
    expect(weightsFor("inverse", targets.binary, all)).toEqual({ positive: 150 / 104, negative: 150 / 196 });
    const weights = weightsFor("inverse", targets.multiclass, all) as readonly number[];
    [35, 63, 52].forEach((count, c) => {
      expect(weights[c] * count).toBeCloseTo(50, 10);
    });
    const pairs = weightsFor("inverse", targets.multilabel, all) as { positive: readonly number[] };
    expect(pairs.positive[1]).toBeCloseTo(150 / 2 / 22, 10);
  });

  it("counts the training rows only, and lets an unseen class weigh as much as the heaviest", () => {
    const rows = positionsOf(all.filter((row) => threeLabels[row] !== 0));
    const weights = weightsFor("inverse", targets.multiclass, rows) as readonly number[];
    expect(weights[0]).toBe(Math.max(weights[1], weights[2]));
    expect(63 * weights[1]).toBeCloseTo(52 * weights[2], 10);
  });

  it("means the same as repeating the rows of the rare class", () => {
    const labels = Int32Array.of(0, 1, 0, 0);
    const target = { kind: "binary", outputs: 1, labels } as const;
    const alpha = weightsFor("inverse", target, positionsOf([0, 1, 2, 3]));
    const weighted = makeObjective({ loss: focal(), activation: "sigmoid", outputs: 1, labels, alpha });
    const plain = makeObjective({ loss: focal(), activation: "sigmoid", outputs: 1, labels });
    const logits = [0.3, -0.8, 1.2, -2];
    const repeated = Int32Array.of(0, 1, 2, 3, 1, 1);
    const once = weighted.evaluate(Float64Array.from(logits), Int32Array.of(0, 1, 2, 3), null);
    const thrice = plain.evaluate(
      Float64Array.from(repeated, (row) => logits[row]),
      repeated,
      null,
    );
    expect(once).toBeCloseTo(thrice, 14);
  });
});
