// The search of the linear model: the same minimum with a preconditioner as without, in fewer steps, on any problem.
import fc from "fast-check";
import { focal, losses } from "surprisal";
import { describe, expect, it } from "vitest";
import type { Features } from "../src/learning/features.ts";
import { minimise, norm } from "../src/learning/lbfgs.ts";
import { fitLinear } from "../src/learning/linear/linear.ts";
import { type Model, predictLogits } from "../src/learning/model.ts";
import { makeObjective, type Objective } from "../src/learning/objective.ts";
import { Random } from "../src/random.ts";

const rows = 120;
const kinds = [
  { kind: "binary", activation: "sigmoid", outputs: 1 },
  { kind: "multiclass", activation: "softmax", outputs: 4 },
  { kind: "multilabel", activation: "sigmoid", outputs: 3 },
] as const;
type Kind = (typeof kinds)[number];

interface Made {
  readonly set: Features;
  readonly labels: Int32Array;
}

/** Features on scales that differ by up to `spread`, the last a constant 0 and one a copy, with labels that follow. */
function made({ activation, outputs }: Kind, seed: number, spread: number, width = 7, own = 0.3): Made {
  const random = new Random(seed);
  const values = new Float32Array(rows * width);
  for (let n = 0; n < rows; n++) {
    const common = random.normal();
    for (let i = 0; i < width - 1; i++) {
      values[n * width + i] = spread ** (i / width) * (common + own * random.normal());
    }
    values[n * width + 1] = values[n * width]!;
    if (n % 3 === 0) values[n * width + 2] = 0;
  }
  const columns = activation === "softmax" ? 1 : outputs;
  const labels = Int32Array.from({ length: rows * columns }, (_, k) => {
    const score = values[Math.floor(k / columns) * width + (k % columns)]! + random.normal();
    return activation === "softmax" ? Math.min(outputs - 1, Math.max(0, Math.floor(score + 2))) : Number(score > 0.4);
  });
  return { set: { rows, width, values }, labels };
}

/** Plain L-BFGS on the objective, as it was before there was a preconditioner. */
function plainly({ rows, width, values }: Features, objective: Objective, l2: number, tolerance = 1e-6) {
  const { outputs } = objective;
  const size = width * outputs;
  const order = Int32Array.from({ length: rows }, (_, n) => n);
  const slopes = new Float64Array(rows * outputs);
  const penalised = (x: Float64Array, gradient: Float64Array) => {
    const layer = { inputs: width, outputs, weights: x.slice(0, size), bias: x.slice(size), activation: "identity" };
    const logits = predictLogits({ kind: "layers", layers: [layer] } as Model, { rows, width, values });
    let value = objective.evaluate(logits, order, slopes);
    gradient.fill(0);
    for (let n = 0; n < rows; n++) {
      for (let k = 0; k < outputs; k++) {
        const slope = slopes[n * outputs + k]!;
        for (let i = 0; i < width; i++) gradient[i * outputs + k]! += slope * values[n * width + i]!;
        gradient[size + k]! += slope;
      }
    }
    for (let i = 0; i < size; i++) {
      value += (l2 / 2) * x[i]! ** 2;
      gradient[i]! += l2 * x[i]!;
    }
    return value;
  };
  const start = new Float64Array(size + outputs);
  start.set(objective.constantLogits, size);
  const gradient = new Float64Array(start.length);
  penalised(start, gradient);
  const small = tolerance * Math.max(norm(gradient), 1e-3);
  return { ...minimise(penalised, start, { tolerance: small, maxIterations: 5000 }), penalised, small };
}

const parametersOf = ({ layers: [{ weights, bias }] }: Extract<Model, { kind: "layers" }>) =>
  Float64Array.from([...weights, ...bias]);

describe.each(kinds)("with a $kind target", (kind) => {
  const { activation, outputs } = kind;
  const weightsFor = (isWeighted: boolean, count: number) =>
    isWeighted ? Float64Array.from({ length: count }, (_, k) => [0, 1, 3, 0.2][k % 4]!) : null;

  it.each(losses.map((make) => make()))("ends where the gradient is as small as is declared: $name", (loss) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.constantFrom(1e-5, 1e-3, 1e-1),
        fc.boolean(),
        fc.constantFrom("exact", "to rank"),
        (seed, l2, isWeighted, end) => {
          const { set, labels } = made(kind, seed, 30);
          const weights = weightsFor(isWeighted, labels.length);
          const objective = makeObjective({ loss, activation, outputs, labels, weights });
          const { model, loss: value, converged } = fitLinear(set, objective, { l2, end });
          expect(converged).toBe(true);
          const { penalised, small } = plainly(set, objective, l2);
          const gradient = new Float64Array((set.width + 1) * outputs);
          const there = penalised(parametersOf(model), gradient);
          expect(Math.abs(value - there)).toBeLessThan(end === "exact" ? 1e-12 : 1e-5 * (1 + there));
          expect(norm(gradient)).toBeLessThan((end === "exact" ? 1.001 : 150) * small);
        },
      ),
      { numRuns: 6, seed: 14 },
    );
  });

  it("finds the minimum of cross entropy that plain L-BFGS finds, in fewer steps", () => {
    let ours = 0;
    let plain = 0;
    for (const seed of [1, 2, 3]) {
      const { set, labels } = made(kind, seed, 100);
      const objective = makeObjective({ loss: losses[0]!(), activation, outputs, labels });
      const fit = fitLinear(set, objective, { l2: 1e-3, tolerance: 1e-8 });
      const found = plainly(set, objective, 1e-3, 1e-8);
      expect(fit.loss).toBeCloseTo(found.value, 10);
      ours += fit.iterations;
      plain += found.iterations;
    }
    expect(ours).toBeLessThan(plain / 2);
  });

  it("takes the same path to the same bits again, whatever was fitted in between", () => {
    const path = () => {
      const { set, labels } = made(kind, 5, 10);
      const objective = makeObjective({ loss: focal({ gamma: 1 }), activation, outputs, labels });
      let start: ReturnType<typeof fitLinear>["model"] | undefined;
      for (const l2 of [1, 0.1, 0.01, 0.001]) {
        start = fitLinear(set, objective, { l2, end: "to rank", ...(start !== undefined && { start }) }).model;
      }
      return parametersOf(start!);
    };
    const first = path();
    const other = made(kind, 6, 3);
    fitLinear(other.set, makeObjective({ loss: losses[0]!(), activation, outputs, labels: other.labels }), { l2: 0.1 });
    expect(path()).toEqual(first);
  });
});

it("converges where features are so much alike that plain L-BFGS takes more than 500 steps", () => {
  const kind = kinds[0];
  const { set, labels } = made(kind, 3, 100, 25, 0.02);
  const objective = makeObjective({ loss: losses[0]!(), activation: "sigmoid", outputs: 1, labels });
  const plain = plainly(set, objective, 1e-6);
  const fit = fitLinear(set, objective, { l2: 1e-6 });
  expect(plain.iterations).toBeGreaterThan(500);
  expect(fit.converged).toBe(true);
  expect(fit.iterations).toBeLessThan(60);
});

it("counts weights of any size: beyond those of float32 it is exact from the start", () => {
  const { set, labels } = made(kinds[0], 4, 5);
  const weights = Float64Array.from({ length: rows }, (_, n) => (n % 5 === 0 ? 1e-12 : 1 + (n % 3)));
  const objective = makeObjective({ loss: losses[0]!(), activation: "sigmoid", outputs: 1, labels, weights });
  const fit = fitLinear(set, objective, { l2: 1e-3 });
  expect(fit.converged).toBe(true);
  expect(fit.loss).toBeCloseTo(plainly(set, objective, 1e-3).value, 9);
});

it("fits classes that can be separated, and one of which there is a single row", () => {
  const { set } = made(kinds[1], 8, 2);
  const labels = Int32Array.from({ length: rows }, (_, n) => (n === 0 ? 2 : Number(set.values[n * set.width]! > 0)));
  const objective = makeObjective({ loss: losses[0]!(), activation: "softmax", outputs: 3, labels });
  const fit = fitLinear(set, objective, { l2: 1e-6 });
  expect(fit.converged).toBe(true);
  expect(fit.loss).toBeLessThan(0.01);
});
