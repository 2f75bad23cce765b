// Laws of models of rows that count by weights: a whole weight is the row so many times; what a row lacks is masked.
import fc from "fast-check";
import { crossEntropy, focal, losses } from "surprisal";
import { describe, expect, it } from "vitest";
import { makeFolds } from "../src/folds/folds.ts";
import { fitEncoder } from "../src/learning/encode.ts";
import type { Features } from "../src/learning/features.ts";
import { TrainingHeap } from "../src/learning/heap.ts";
import { fitLinear } from "../src/learning/linear/linear.ts";
import { NetworkTrainer } from "../src/learning/network/network.ts";
import { makeObjective, type ObjectiveParts } from "../src/learning/objective.ts";
import { weightsFor } from "../src/learning/weights.ts";
import { Random } from "../src/random.ts";
import { classShares, knownRows, labelsOf, rowWeightsOf } from "../src/task/task.ts";
import { effectiveRows } from "../src/task/weights.ts";
import { allRows, column, positionsOf } from "./columns.ts";
import { perLabel, repeated } from "./repeatedRows.ts";
import { binaryLabels, pairLabels, sampleSet, threeLabels } from "./sample.ts";
import { labelTarget } from "./targets.ts";

describe("a linear model of rows that count by whole weights", () => {
  const counts = Array.from({ length: sampleSet.rows }, (_, n) => 1 + ((n * 7) % 4));
  const written: Features = {
    rows: counts.reduce((sum, each) => sum + each, 0),
    width: sampleSet.width,
    values: repeated(sampleSet.values, sampleSet.width, counts),
  };
  const kinds = [
    { activation: "sigmoid", outputs: 1, labels: binaryLabels },
    { activation: "softmax", outputs: 3, labels: threeLabels },
    { activation: "sigmoid", outputs: 2, labels: pairLabels },
  ] as const;
  const fitted = (features: Features, parts: ObjectiveParts, l2: number) => {
    const { model } = fitLinear(features, makeObjective(parts), { l2, tolerance: 1e-9 });
    return [...model.layers[0].weights, ...model.layers[0].bias];
  };

  it.each(losses.map((loss) => [loss.definition.name, loss] as const))(
    "is that of rows that stand there so many times: %s",
    (_, factory) => {
      for (const { activation, outputs, labels } of kinds) {
        const columns = labels.length / sampleSet.rows;
        const loss = factory();
        const weights = perLabel(counts, columns);
        const one = fitted(sampleSet, { loss, activation, outputs, labels, weights }, 0.01);
        const parts = { loss, activation, outputs, labels: repeated(labels, columns, counts) };
        const other = fitted(written, parts, 0.01);
        one.forEach((each, k) => {
          expect(Math.abs(each - other[k])).toBeLessThan(1e-6);
        });
        const inUnits = fitted(
          sampleSet,
          { loss, activation, outputs, labels, weights: weights.map((w) => 3 * w) },
          0.01,
        );
        one.forEach((each, k) => {
          expect(Math.abs(each - inUnits[k])).toBeLessThan(1e-6);
        });
      }
    },
  );

  it("begins at the constant of rows that stand there so many times", () => {
    for (const { activation, outputs, labels } of kinds) {
      const columns = labels.length / sampleSet.rows;
      const parts = { loss: focal(), activation, outputs };
      const one = makeObjective({ ...parts, labels, weights: perLabel(counts, columns) }).constantLogits;
      const other = makeObjective({ ...parts, labels: repeated(labels, columns, counts) }).constantLogits;
      one.forEach((each, k) => {
        expect(each).toBeCloseTo(other[k], 9);
      });
    }
  });

  it.each(["inverse", "inverse-sqrt"] as const)("weighs classes as those rows do: %s", (scheme) => {
    const all = positionsOf(counts.keys());
    const many = positionsOf(Array.from({ length: written.rows }, (_, n) => n));
    const names = { 1: "binary", 3: "multiclass", 2: "multilabel" } as const;
    for (const { outputs, labels } of kinds) {
      const kind = names[outputs];
      const columns = labels.length / sampleSet.rows;
      const weights = perLabel(counts, columns);
      const flat = (found: ReturnType<typeof weightsFor>) =>
        found === undefined ? [] : "positive" in found ? [found.positive, found.negative].flat() : [...found];
      const one = flat(weightsFor(scheme, { kind, outputs, labels, weights }, all));
      const other = flat(weightsFor(scheme, { kind, outputs, labels: repeated(labels, columns, counts) }, many));
      one.forEach((each, k) => {
        expect(each).toBeCloseTo(other[k], 12);
      });
    }
  });

  it("weighs classes by effective numbers in whatever unit", () => {
    const all = positionsOf(counts.keys());
    const target = { kind: "binary", outputs: 1, labels: binaryLabels } as const;
    const weigh = (unit: number) =>
      weightsFor("effective-number", { ...target, weights: Float64Array.from(counts, (each) => each * unit) }, all);
    const plain = weightsFor("effective-number", target, all);
    const equal = weightsFor("effective-number", { ...target, weights: new Float64Array(150).fill(5) }, all);
    for (const side of ["positive", "negative"] as const) {
      const of = (found: typeof plain) => Number((found as Record<typeof side, unknown>)[side]);
      expect(of(weigh(100))).toBeCloseTo(of(weigh(1)), 12);
      expect(of(equal)).toBeCloseTo(of(plain), 12);
    }
  });

  it("has the fills and scales of those rows", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = new Random(`scale ${seed}`);
        const cells = counts.map(() => (random.next() < 0.1 ? null : Math.round(10 * random.normal()) / 4));
        const rows = counts.flatMap((count, row) => new Array<number>(count).fill(row));
        const [x, w] = [column("x", cells), Float64Array.from(counts)];
        const [one] = fitEncoder([x], allRows(counts.length), w).columns;
        const [other] = fitEncoder(
          [
            column(
              "x",
              rows.map((row) => cells[row]),
            ),
          ],
          allRows(rows.length),
        ).columns;
        if (one.kind !== "number" || other.kind !== "number") throw new Error("a number became a category");
        expect(one.fill).toBe(other.fill);
        expect(one.center).toBeCloseTo(other.center, 10);
        expect(one.scale).toBeCloseTo(other.scale, 10);
        const [ones] = fitEncoder([x], allRows(counts.length), new Float64Array(counts.length).fill(1)).columns;
        const [plain] = fitEncoder([x], allRows(counts.length)).columns;
        if (ones.kind !== "number" || plain.kind !== "number") throw new Error("a number became a category");
        expect(ones.center).toBeCloseTo(plain.center, 12);
        expect(ones.fill).toBe(plain.fill);
      }),
      { numRuns: 60 },
    );
  });
});

describe("a row that outweighs all others", () => {
  it("leaves the features of the others of ordinary size", () => {
    const x = column("x", [0.5, -1, 2, 0, 1]);
    const [encoded] = fitEncoder([x], allRows(5), Float64Array.of(1, 1, 1e90, 1, 1)).columns;
    const [plain] = fitEncoder([x], allRows(5)).columns;
    if (encoded.kind !== "number" || plain.kind !== "number") throw new Error("a number became a category");
    expect(encoded.center).toBe(2);
    expect(encoded.scale / plain.scale).toBeCloseTo(0.001, 12);
  });
});

describe("a label that rows lack", () => {
  const rows = sampleSet.rows;
  /** The first label is known in the first half, the second in the second. */
  const labels = pairLabels.map((label, k) => (k < rows === (k % 2 === 0) ? label : -1));
  const weights = Float64Array.from(labels, (label) => Number(label >= 0));
  const half = (from: number): Features => ({
    rows: rows / 2,
    width: sampleSet.width,
    values: sampleSet.values.slice(from * sampleSet.width, (from + rows / 2) * sampleSet.width),
  });

  it("is learnt as from the rows that have it alone, with the same belief in small weights", () => {
    for (const loss of [crossEntropy(), focal()]) {
      const both = fitLinear(sampleSet, makeObjective({ loss, activation: "sigmoid", outputs: 2, labels, weights }), {
        l2: 1 / rows,
        tolerance: 1e-10,
      }).model.layers[0];
      [0, 1].forEach((k) => {
        const own = labels.filter((_, at) => at % 2 === k && at < rows === (k === 0));
        const objective = makeObjective({ loss, activation: "sigmoid", outputs: 1, labels: own });
        const alone = fitLinear(half((k * rows) / 2), objective, { l2: 2 / rows, tolerance: 1e-10 }).model.layers[0];
        alone.weights.forEach((weight, i) => {
          expect(Math.abs(weight - both.weights[2 * i + k])).toBeLessThan(1e-6);
        });
        expect(Math.abs(alone.bias[0] - both.bias[k])).toBeLessThan(1e-6);
      });
    }
  });

  it("moves no parameter of a network that only it would move", () => {
    const heap = new TrainingHeap();
    const settings = { hidden: [4], l2: 0, learningRate: 0.01, batch: 16, seed: 1 };
    const never = pairLabels.map((label, k) => (k % 2 === 0 ? label : -1));
    const objective = makeObjective({
      loss: crossEntropy(),
      activation: "sigmoid",
      outputs: 2,
      labels: never,
      weights: Float64Array.from(never, (label) => Number(label >= 0)),
    });
    const trainer = new NetworkTrainer(heap, sampleSet, objective, settings);
    const before = trainer.model().layers[1];
    for (let epoch = 0; epoch < 3; epoch++) trainer.epoch();
    const after = trainer.model().layers[1];
    expect(after.bias[1]).toBe(before.bias[1]);
    expect(after.bias[0]).not.toBe(before.bias[0]);
    trainer.free();
  });

  it("is neither present nor absent where folds are dealt", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 5 }), (seed, folds) => {
        const random = new Random(`folds ${seed}`);
        const given = Array.from({ length: 120 }, (_, row) => [
          random.integer(2),
          row % 4 === 0 ? Number(row % 8 === 0) : -1,
          random.next() < 0.5 ? random.integer(2) : -1,
        ]);
        const target = labelTarget(given, ["a", "b", "c"]);
        const [dealt] = makeFolds(target, { folds, repeats: 1, seed, groups: null }).repeats;
        const inFold = (label: number, value: number) => {
          const found = new Array<number>(folds).fill(0);
          given.forEach((each, row) => {
            if (each[label] === value) found[dealt[row]]++;
          });
          return found;
        };
        for (const label of [0, 1, 2]) {
          for (const value of [0, 1]) {
            const found = inFold(label, value);
            expect(Math.min(...found), `label ${label} = ${value}`).toBeGreaterThan(0);
            if (label === 1) expect(Math.max(...found) - Math.min(...found)).toBeLessThanOrEqual(2);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it("is counted, and has its share, among the rows that know it", () => {
    const target = labelTarget(
      [
        [1, -1],
        [0, 1],
        [1, 0],
        [-1, 1],
      ],
      ["a", "b"],
    );
    expect(knownRows(target)).toEqual([3, 3]);
    expect(classShares(target)).toEqual([2 / 3, 2 / 3]);
    const weighed = { ...target, weights: Float64Array.of(2, 0, 1, 1, 3, 3, 0, 5) };
    expect(classShares(weighed)).toEqual([5 / 6, 6 / 9]);
    expect([...rowWeightsOf(weighed, positionsOf([0, 2, 3]))!]).toEqual([2, 3, 5]);
    expect([...labelsOf(target, positionsOf([0, 3]))]).toEqual([1, -1, -1, 1]);
  });
});

describe("the effective number of rows", () => {
  it("is their number where they weigh the same, and less where they do not, in whatever unit", () => {
    expect(effectiveRows([1, 1, 1])).toBe(3);
    expect(effectiveRows([1, 3])).toBe(1.6);
    expect(effectiveRows([1e-200, 3e-200])).toBeCloseTo(1.6, 12);
    expect(effectiveRows([1e300, 3e300])).toBeCloseTo(1.6, 12);
    expect(effectiveRows([1, 0, 0])).toBe(1);
  });
});
