// The small network: its gradient is that of its loss, and training is the same to the last bit.
import { crossEntropy, focal, type Loss, losses } from "surprisal";
import { describe, expect, it } from "vitest";
import { CliError } from "../src/errors.ts";
import { TrainingHeap } from "../src/learning/heap.ts";
import type { Layers } from "../src/learning/layers.ts";
import { fitLinear } from "../src/learning/linear/linear.ts";
import { type Model, predictLogits } from "../src/learning/model.ts";
import { NetworkTrainer } from "../src/learning/network/network.ts";
import { Parameters, Pass } from "../src/learning/network/pass.ts";
import { makeObjective, type Objective } from "../src/learning/objective.ts";
import { weightsFor } from "../src/learning/weights.ts";
import { allRows, positionsOf } from "./columns.ts";
import { binaryLabels, pairLabels, sampleSet, threeLabels } from "./sample.ts";

const heap = new TrainingHeap();
const { backend } = heap;
const all = positionsOf(allRows(sampleSet.rows));
const targets = [
  { kind: "binary", activation: "sigmoid", outputs: 1, labels: binaryLabels },
  { kind: "multiclass", activation: "softmax", outputs: 3, labels: threeLabels },
  { kind: "multilabel", activation: "sigmoid", outputs: 2, labels: pairLabels },
] as const;
const objectiveOf = (loss: Loss, target: (typeof targets)[number] = targets[0]) => makeObjective({ loss, ...target });
const settings = { hidden: [9], l2: 0.01, learningRate: 0.01, batch: 16, seed: 1 };

const numbersOf = ({ layers }: Layers) => layers.flatMap(({ weights, bias }) => [...weights, ...bias]);
const meanLoss = (objective: Objective, model: Model) => objective.evaluate(predictLogits(model, sampleSet), all, null);
const trained = (trainer: NetworkTrainer, epochs: number) => {
  for (let epoch = 0; epoch < epochs; epoch++) trainer.epoch();
  return trainer.model();
};

describe.each(targets)("the gradient of a network with a $kind target", (target) => {
  it.each(losses.map((make) => make()))("is the finite difference of the loss of its logits: $name", (loss) => {
    const alpha = weightsFor("inverse-sqrt", target, all);
    const objective = makeObjective({ loss, ...target, alpha });
    const parameters = new Parameters(backend, [5, 11, 4, target.outputs]);
    parameters.values.set(parameters.values.map((_, k) => Math.sin(k * k)));
    const gradient = new Parameters(backend, parameters.sizes);
    const [input, logits] = [heap.borrow(sampleSet.values), backend.float32(150 * target.outputs)];
    const pass = new Pass(heap, parameters, 150);
    pass.forward(input, logits);
    const slopes = new Float64Array(logits.length);
    objective.evaluate(Float64Array.from(logits), all, slopes);
    logits.set(slopes); // the slopes of the logits take their place
    pass.backward(input, logits, gradient);
    // Differences in float64: they are much better than the gradient, which is in float32.
    const { layers } = parameters.model();
    const step = 1e-6;
    layers.forEach((layer, l) => {
      for (const part of ["weights", "bias"] as const) {
        layer[part].forEach((value, k) => {
          const at = (moved: number) => {
            layer[part][k] = moved;
            return meanLoss(objective, { kind: "layers", layers });
          };
          const difference = (at(value + step) - at(value - step)) / (2 * step);
          layer[part][k] = value;
          const error = Math.abs(gradient.layers[l][part][k] - difference);
          expect(error, `layer ${l}, ${part}[${k}]`).toBeLessThan(1e-6 * Math.max(1, Math.abs(difference)));
        });
      }
    });
    for (const each of [parameters, gradient, pass]) each.free();
    backend.free(logits);
    heap.giveBack(sampleSet.values);
  });
});

describe("a pass", () => {
  it("gives the logits of the model, however many rows it takes at a time", () => {
    const parameters = new Parameters(backend, [5, 7, 3]);
    parameters.values.set(parameters.values.map((_, k) => Math.cos(k * k)));
    const exact = predictLogits(parameters.model(), sampleSet);
    const input = heap.borrow(sampleSet.values);
    for (const capacity of [1, 64, 150, 1000]) {
      const pass = new Pass(heap, parameters, capacity);
      const logits = backend.float32(450);
      pass.forward(input, logits);
      logits.forEach((logit, k) => {
        expect(Math.abs(logit - exact[k])).toBeLessThan(2e-6);
      });
      backend.free(logits);
      pass.free();
    }
    parameters.free();
    heap.giveBack(sampleSet.values);
  });
});

describe("NetworkTrainer", () => {
  it("is the same to the last bit for the same seed, and another for another seed", () => {
    const run = (seed: number) =>
      numbersOf(trained(new NetworkTrainer(heap, sampleSet, objectiveOf(focal()), { ...settings, seed }), 5));
    expect(run(3)).toEqual(run(3));
    expect(run(3)).not.toEqual(run(4));
  });

  it("starts every loss from the same weights and the loss's own constant", () => {
    for (const target of targets) {
      const start = (loss: Loss) =>
        new NetworkTrainer(heap, sampleSet, objectiveOf(loss, target), settings).model().layers;
      const expected = start(crossEntropy());
      for (const make of losses) {
        const layers = start(make());
        expect(layers.map(({ weights }) => weights)).toEqual(expected.map(({ weights }) => weights));
        expect(layers[1].bias).toEqual(objectiveOf(make(), target).constantLogits.map(Math.fround));
      }
    }
  });

  it("shows every loss the same batches, each row once per epoch", () => {
    const ordersOf = (loss: Loss) => {
      const trainer = new NetworkTrainer(heap, sampleSet, objectiveOf(loss), settings);
      return [1, 2].map(() => {
        trainer.epoch();
        return [...trainer.order];
      });
    };
    const orders = ordersOf(crossEntropy());
    expect(ordersOf(focal({ gamma: 5 }))).toEqual(orders);
    for (const order of orders) expect(order.toSorted((a, b) => a - b)).toEqual([...all]);
    expect(orders[0]).not.toEqual(orders[1]);
  });

  // scikit-learn 1.2.1 from the same initial weights (copied into coefs_ and intercepts_, with a new AdamOptimizer):
  //   MLPClassifier((3,), alpha=ALPHA, batch_size=150, shuffle=False, learning_rate_init=0.01), then 200 times
  //   partial_fit(X, y) and loss_ after each, without its alpha / (2 * 150) * sum of the squared weights
  it.each([
    {
      alpha: 0,
      expected: [0.6237399231838043, 0.6203268390250594, 0.5945246479006924, 0.45544451965141375, 0.21886368596137643],
    },
    {
      alpha: 1.5,
      expected: [0.6237399231838043, 0.6203380091118623, 0.5952753099811458, 0.4544011943207734, 0.24802430453735508],
    },
  ])("takes the steps of scikit-learn's Adam, alpha $alpha", ({ alpha, expected }) => {
    const start = { ...settings, hidden: [3], l2: alpha / 150, batch: 150 };
    const trainer = new NetworkTrainer(heap, sampleSet, objectiveOf(crossEntropy()), start);
    const curve = Array.from({ length: 200 }, () => trainer.epoch());
    [0, 1, 9, 49, 199].forEach((epoch, k) => {
      expect(Math.abs(curve[epoch] - expected[k])).toBeLessThan(1e-6); // float32 here, float64 there
    });
  });

  it("learns what a linear model cannot", () => {
    const labels = all.map((row) => Number(sampleSet.values[row * 5] * sampleSet.values[row * 5 + 1] > 0));
    const objective = makeObjective({ loss: crossEntropy(), activation: "sigmoid", outputs: 1, labels });
    const linear = fitLinear(sampleSet, objective, { l2: 0 }).model;
    const network = trained(new NetworkTrainer(heap, sampleSet, objective, { ...settings, hidden: [16], l2: 0 }), 100);
    expect(meanLoss(objective, linear)).toBeGreaterThan(0.5);
    expect(meanLoss(objective, network)).toBeLessThan(0.25);
  });

  it("makes weights smaller the larger l2 is", () => {
    const size = (l2: number) => {
      const { layers } = trained(
        new NetworkTrainer(heap, sampleSet, objectiveOf(crossEntropy()), { ...settings, l2 }),
        40,
      );
      return layers.reduce((sum, { weights }) => sum + weights.reduce((squares, w) => squares + w * w, 0), 0);
    };
    expect(size(0.01)).toBeLessThan(size(0));
    expect(size(0.1)).toBeLessThan(size(0.01));
    expect(size(1)).toBeLessThan(0.01 * size(0));
  });

  it("trains alike for a loss and for eight times that loss with eight times the l2", () => {
    const run = (weight: number) => {
      const alpha = Array(3).fill(weight);
      const objective = makeObjective({ loss: focal(), ...targets[1], alpha });
      return numbersOf(trained(new NetworkTrainer(heap, sampleSet, objective, { ...settings, l2: weight * 0.01 }), 10));
    };
    const [once, eight] = [run(1), run(8)];
    eight.forEach((value, k) => {
      expect(Math.abs(value - once[k])).toBeLessThan(1e-3);
    });
  });

  it("gives its memory back", () => {
    const use = () => {
      const trainer = new NetworkTrainer(heap, sampleSet, objectiveOf(focal(), targets[2]), settings);
      trainer.epoch();
      expect(trainer.logits(sampleSet)).toHaveLength(300);
      trainer.free();
      const probe = backend.float32(1_000_000); // goes behind all that is in use
      backend.free(probe);
      return probe.byteOffset;
    };
    use(); // makes kernels, whose constants stay
    const first = use();
    for (let round = 0; round < 20; round++) expect(use()).toBe(first);
  });

  it("gives copies of the model that further training leaves alone", () => {
    const trainer = new NetworkTrainer(heap, sampleSet, objectiveOf(crossEntropy()), settings);
    const model = trainer.model();
    const before = numbersOf(model);
    trainer.epoch();
    expect(numbersOf(model)).toEqual(before);
    expect(numbersOf(trainer.model())).not.toEqual(before);
  });

  it("never looks at rows that it is not to train on", () => {
    const rows = all.filter((row) => row % 3 !== 0);
    const values = sampleSet.values.map((value, k) => (Math.floor(k / 5) % 3 === 0 ? Number.NaN : value));
    const labels = binaryLabels.map((label, row) => (row % 3 === 0 ? 1 - label : label));
    const run = (set: typeof sampleSet, own: Int32Array) => {
      const objective = makeObjective({ loss: crossEntropy(), activation: "sigmoid", outputs: 1, labels: own, rows });
      return numbersOf(trained(new NetworkTrainer(heap, set, objective, { ...settings, rows }), 3));
    };
    expect(run({ ...sampleSet, values }, labels)).toEqual(run(sampleSet, binaryLabels));
  });

  it("stops with advice where the loss is no longer a number", () => {
    const values = sampleSet.values.slice();
    values[40] = Number.POSITIVE_INFINITY;
    const trainer = new NetworkTrainer(heap, { ...sampleSet, values }, objectiveOf(crossEntropy()), settings);
    expect(() => trained(trainer, 3)).toThrow(CliError);
    expect(() => trained(trainer, 3)).toThrow(/the loss became NaN or infinite.*leave them out with --drop/);
  });
});

describe("predictLogits", () => {
  it("is relu(x W + b) V + c, row by row", () => {
    const { layers } = new NetworkTrainer(heap, sampleSet, objectiveOf(crossEntropy(), targets[1]), settings).model();
    const found = predictLogits({ kind: "layers", layers }, sampleSet);
    for (const row of [0, 1, 63, 64, 149]) {
      let values = [...sampleSet.values.subarray(row * 5, row * 5 + 5)];
      for (const { inputs, outputs, weights, bias, activation } of layers) {
        values = Array.from({ length: outputs }, (_, h) => {
          let sum = bias[h];
          for (let i = 0; i < inputs; i++) sum += values[i] * weights[i * outputs + h];
          return activation === "relu" ? Math.max(sum, 0) : sum;
        });
      }
      values.forEach((value, j) => {
        expect(found[row * 3 + j]).toBeCloseTo(value, 12);
      });
    }
  });
});
