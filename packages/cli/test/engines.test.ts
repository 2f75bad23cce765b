// Laws over the list of engines: what comparison, report and model file rely on, whichever engine learns.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { crossEntropy, focal } from "surprisal";
import { describe, expect, it } from "vitest";
import type { StartOptions } from "../src/learning/engine.ts";
import { engineNamed, engines, usualEngine } from "../src/learning/engines.ts";
import { type Model, predictLogits } from "../src/learning/model.ts";
import { makeObjective } from "../src/learning/objective.ts";
import { binaryLabels, pairLabels, sampleSet, threeLabels } from "./sample.ts";

const targets = [
  { kind: "binary", activation: "sigmoid", outputs: 1, labels: binaryLabels },
  { kind: "multiclass", activation: "softmax", outputs: 3, labels: threeLabels },
  { kind: "multilabel", activation: "sigmoid", outputs: 2, labels: pairLabels },
] as const;
const cases = engines.flatMap((engine) =>
  targets.map((target) => ({ name: engine.name, kind: target.kind, engine, target })),
);
const all = Int32Array.from({ length: sampleSet.rows }, (_, row) => row);

it("the list has names that differ, and the usual engine among them", () => {
  const names = engines.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain(usualEngine);
  for (const engine of engines) expect(engineNamed(engine.name)).toBe(engine);
});

it("no engine is named outside its own room", () => {
  const root = join(dirname(fileURLToPath(import.meta.url)), "../src");
  const sources = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  // A scale of a chart may be linear, too.
  const named = new RegExp(`(?<!(?:type|kind): )"(${engines.map(({ name }) => name).join("|")})"`);
  const found = sources.filter((file) => named.test(readFileSync(join(root, file), "utf8")));
  expect(found.filter((file) => !/^learning[\\/]\w+[\\/]engine\.ts$/.test(file))).toEqual([]);
});

describe.each(engines)("the plan of $name", (engine) => {
  it.each(["fast", "default", "thorough"] as const)("is JSON, with strengths and rungs that rise: %s", (pace) => {
    const plan = engine.plan(pace, 1000);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    expect(plan.l2.length + plan.leaves.length).toBeGreaterThan(0);
    for (const l2 of plan.l2) expect(l2).toBeGreaterThan(0);
    const steps = plan.rungs.map(({ epochs }) => epochs);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    for (const epochs of steps) expect(epochs).toBeLessThanOrEqual(plan.maxEpochs ?? 1);
    expect(engine.describe(plan)).not.toBe("");
  });
});

describe.each(cases)("a run of $name with a $kind target", ({ engine, target }) => {
  const plan = engine.plan("fast", sampleSet.rows);
  const start = (loss = crossEntropy(), options: Partial<StartOptions> = {}) =>
    engine.start(sampleSet, makeObjective({ loss, ...target }), {
      plan,
      l2: 0.01,
      seed: 1,
      end: "exact",
      watched: sampleSet,
      ...options,
    });
  /** The model after so many portions. */
  const trained = (portions: number, ...how: Parameters<typeof start>): Model => {
    const run = start(...how);
    for (let k = 0; k < portions; k++) run.advance();
    const model = run.model();
    run.free();
    return model;
  };

  it("shows the logits of its model", () => {
    const run = start();
    run.advance();
    const exact = predictLogits(run.model(), sampleSet);
    const shown = run.logits(sampleSet);
    expect(shown).toHaveLength(sampleSet.rows * target.outputs);
    shown.forEach((logit, k) => {
      expect(Math.abs(logit - exact[k])).toBeLessThan(1e-5 * Math.max(1, Math.abs(exact[k])));
    });
    run.free();
  });

  it("learns, the same each time", () => {
    const objective = makeObjective({ loss: crossEntropy(), ...target });
    const meanLoss = (model: Model) => objective.evaluate(predictLogits(model, sampleSet), all, null);
    const constant = Float64Array.from({ length: all.length * target.outputs }, (_, k) => {
      return objective.constantLogits[k % target.outputs];
    });
    const portions = plan.maxEpochs ?? 1;
    expect(trained(portions)).toEqual(trained(portions));
    expect(meanLoss(trained(portions))).toBeLessThan(objective.evaluate(constant, all, null));
  });

  it("leaves the models that it gave alone when it goes on, and when it is freed", () => {
    const run = start(focal());
    run.advance();
    const model = run.model();
    const before = structuredClone(model); // plain data, or a thread could not hand it over
    for (let k = 1; k < (plan.maxEpochs ?? 1); k++) run.advance();
    run.free();
    trained(1);
    expect(model).toEqual(before);
  });

  it("may start near another model of its own", () => {
    expect(() => trained(1, focal(), { near: trained(1) })).not.toThrow();
  });
});
