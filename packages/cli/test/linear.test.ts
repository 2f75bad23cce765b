// The linear model: scikit-learn's coefficients, the one minimum from every start, the same bits again.
import { crossEntropy, focal, losses } from "surprisal";
import { describe, expect, it } from "vitest";
import { CliError } from "../src/errors.ts";
import type { Features } from "../src/learning/features.ts";
import type { Layers } from "../src/learning/layers.ts";
import { fitLinear } from "../src/learning/linear/linear.ts";
import { predictLogits } from "../src/learning/model.ts";
import { makeObjective, type Objective } from "../src/learning/objective.ts";
import { weightsFor } from "../src/learning/weights.ts";
import { allRows, positionsOf } from "./columns.ts";
import { binaryLabels, pairLabels, sampleSet, threeLabels } from "./sample.ts";

const all = positionsOf(allRows(sampleSet.rows));
const binary = { activation: "sigmoid", outputs: 1, labels: binaryLabels } as const;
const three = { activation: "softmax", outputs: 3, labels: threeLabels } as const;
const l2 = 0.01;

/** Weights and bias, one after the other. */
const coefficients = ({ layers: [{ weights, bias }] }: Layers) => [...weights, ...bias];

function expectWithin(found: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((each, i) => {
    expect(Math.abs(each - expected[i]), `coefficient ${i}: ${each} is not ${expected[i]}`).toBeLessThan(tolerance);
  });
}

/** A random start. */
const startAt = (outputs: number, scale: number): Layers => ({
  kind: "layers",
  layers: [
    {
      inputs: 5,
      outputs,
      weights: Float64Array.from({ length: 5 * outputs }, (_, k) => scale * Math.sin(11 * k + 1)),
      bias: Float64Array.from({ length: outputs }, (_, k) => scale * Math.cos(3 * k)),
      activation: "identity",
    },
  ],
});

// scikit-learn 1.2.1 on the same table; its C is 1 / (rows * l2):
//   kw = dict(C=1 / (150 * 0.01), solver="newton-cg", tol=1e-10, max_iter=10000)
describe("against scikit-learn", () => {
  function expectFit(objective: Objective, expected: readonly number[]): void {
    const usual = fitLinear(sampleSet, objective, { l2 });
    expect(usual.converged).toBe(true);
    expectWithin(coefficients(usual.model), expected, 1e-4);
    expectWithin(coefficients(fitLinear(sampleSet, objective, { l2, tolerance: 1e-9 }).model), expected, 1e-6);
  }

  it("finds the coefficients of LogisticRegression(**kw)", () => {
    expectFit(
      makeObjective({ loss: crossEntropy(), ...binary }),
      [2.85229535, -1.34318521, 0.13208613, 1.70568174, -0.32840692, -1.57553495],
    );
  });

  it('finds the coefficients of LogisticRegression(class_weight="balanced", **kw) with inverse weights', () => {
    const alpha = weightsFor("inverse", { kind: "binary", ...binary }, all);
    expectFit(
      makeObjective({ loss: crossEntropy(), ...binary, alpha }),
      [2.92599002, -1.39543838, 0.1583905, 1.76222842, -0.31346647, -1.09984845],
    );
  });

  it('finds the coefficients of LogisticRegression(multi_class="multinomial", **kw)', () => {
    const rows = [
      [-2.47204717, -0.0876795, 2.55972667],
      [1.21390765, 0.01090054, -1.2248082],
      [-0.06300771, -0.03094331, 0.09395102],
      [-1.21882136, -0.25105157, 1.46987293],
      [0.22560409, 0.04038462, -0.26598871],
      [-0.30074104, 0.82367514, -0.5229341],
    ];
    expectFit(makeObjective({ loss: crossEntropy(), ...three }), rows.flat());
  });
});

describe("fitLinear", () => {
  it.each([binary, three])("reaches the same minimum of cross entropy from every start: $activation", (target) => {
    const objective = makeObjective({ loss: crossEntropy(), ...target });
    const { model, loss } = fitLinear(sampleSet, objective, { l2, tolerance: 1e-8 });
    for (const scale of [0.1, 1, 10]) {
      const other = fitLinear(sampleSet, objective, { l2, tolerance: 1e-8, start: startAt(target.outputs, scale) });
      expect(other.converged).toBe(true);
      expect(other.loss).toBeCloseTo(loss, 12);
      expectWithin([...other.model.layers[0].weights], [...model.layers[0].weights], 1e-5);
    }
  });

  it.each(losses.map((make) => make()))("converges below the best constant for every loss: $name", (loss) => {
    for (const target of [binary, three, { activation: "sigmoid", outputs: 2, labels: pairLabels } as const]) {
      const objective = makeObjective({ loss, ...target });
      const { outputs } = target;
      const constant = Float64Array.from({ length: 150 * outputs }, (_, k) => objective.constantLogits[k % outputs]);
      const fit = fitLinear(sampleSet, objective, { l2 });
      expect(fit.converged).toBe(true);
      expect(fit.loss).toBeLessThan(objective.evaluate(constant, all, null));
    }
  });

  it("ends where every slope of the penalised loss is 0, for focal loss too", () => {
    const objective = makeObjective({ loss: focal({ gamma: 3 }), ...three });
    const { model, loss } = fitLinear(sampleSet, objective, { l2: 1e-4, tolerance: 1e-8 });
    const { weights, bias } = model.layers[0];
    const at = (place: Float64Array, k: number, move: number) => {
      const before = place[k];
      place[k] = before + move;
      const value =
        objective.evaluate(predictLogits(model, sampleSet), all, null) +
        0.5e-4 * weights.reduce((sum, w) => sum + w * w, 0);
      place[k] = before;
      return value;
    };
    expect(at(bias, 0, 0)).toBeCloseTo(loss, 14);
    for (const place of [weights, bias]) {
      place.forEach((_, k) => {
        expect(Math.abs(at(place, k, 1e-4) - at(place, k, -1e-4)) / 2e-4).toBeLessThan(1e-7);
      });
    }
  });

  it("gives the same model for the rows and for ten copies of each, over several blocks", () => {
    const values = new Float32Array(10 * sampleSet.values.length);
    const labels = new Int32Array(10 * binaryLabels.length);
    for (let copy = 0; copy < 10; copy++) {
      values.set(sampleSet.values, copy * sampleSet.values.length);
      labels.set(binaryLabels, copy * binaryLabels.length);
    }
    const one = fitLinear(sampleSet, makeObjective({ loss: crossEntropy(), ...binary }), { l2 });
    const ten = fitLinear(
      { rows: 1500, width: 5, values },
      makeObjective({ loss: crossEntropy(), ...binary, labels }),
      { l2 },
    );
    expectWithin(coefficients(ten.model), coefficients(one.model), 1e-5);
  });

  it("needs fewer iterations from the model of a neighbouring l2", () => {
    const objective = makeObjective({ loss: crossEntropy(), ...three });
    const neighbour = fitLinear(sampleSet, objective, { l2: 0.0101 }).model;
    const cold = fitLinear(sampleSet, objective, { l2 });
    const warm = fitLinear(sampleSet, objective, { l2, start: neighbour });
    expect(warm.iterations).toBeLessThan(cold.iterations);
    expect(warm.loss).toBeCloseTo(cold.loss, 9);
  });

  it("stays at the best constant with a huge l2, whose bias is free", () => {
    const objective = makeObjective({ loss: crossEntropy(), ...binary });
    const { model } = fitLinear(sampleSet, objective, { l2: 1e6 });
    expectWithin(coefficients(model), [0, 0, 0, 0, 0, Math.log(52 / 98)], 1e-5);
  });

  it("stops after the iterations it is given, and says so", () => {
    const { iterations, converged } = fitLinear(sampleSet, makeObjective({ loss: crossEntropy(), ...binary }), {
      l2,
      maxIterations: 2,
    });
    expect({ iterations, converged }).toEqual({ iterations: 2, converged: false });
  });

  it("is the same to the last bit when repeated", () => {
    const fit = () => coefficients(fitLinear(sampleSet, makeObjective({ loss: focal(), ...three }), { l2 }).model);
    expect(fit()).toEqual(fit());
  });

  it("refuses features that are not numbers, with the flag that leaves them out", () => {
    const values = sampleSet.values.slice();
    values[12] = Number.NaN;
    const set: Features = { ...sampleSet, values };
    const fit = () => fitLinear(set, makeObjective({ loss: crossEntropy(), ...binary }), { l2 });
    expect(fit).toThrow(CliError);
    expect(fit).toThrow("--drop");
  });
});
