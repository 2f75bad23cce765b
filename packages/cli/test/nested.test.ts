// The printed expectation against the truth: what the procedure expects on new data is what new data give, while the
// score of the best setting on the rows that chose it flatters.
import { afterAll, describe, expect, it } from "vitest";
import { makeFolds } from "../src/folds/folds.ts";
import { predict } from "../src/saved/predict.ts";
import { savedModel } from "../src/saved/savedModel.ts";
import { logLoss } from "../src/scores/scores.ts";
import { compareFolds } from "../src/scores/statistics.ts";
import { makeFamilies } from "../src/selection/families.ts";
import { fitFinal } from "../src/selection/final.ts";
import { runFold } from "../src/selection/fold.ts";
import type { Plan } from "../src/selection/plan.ts";
import { readTable } from "../src/table/read.ts";
import { checkFeatures } from "../src/task/features.ts";
import { makeTarget } from "../src/task/target.ts";
import { scratch, twoClasses } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());
const tables = 16;
const families = makeFamilies(["ce", "balanced-focal"], false);
const plan: Plan = {
  model: "linear",
  metric: "log-loss",
  families,
  seed: 0,
  pace: "fast",
  training: {
    l2: [1e-4, 1e-3, 1e-2, 1e-1],
    believedL2: null,
    hidden: [],
    leaves: [],
    shrinkage: null,
    maxEpochs: null,
    rungs: [],
  },
};

async function load(rows: number, seed: string) {
  const table = await readTable(place.write(`${seed}.csv`, twoClasses(rows, seed)));
  const target = makeTarget(table, ["answer"]);
  return { table, task: { columns: checkFeatures(table, target).features, target } };
}

describe("the nested estimate", () => {
  it("is the truth within its interval, where the best of the grid flatters", async () => {
    const fresh = await load(8000, "fresh");
    const nested: number[] = [];
    const flattered: number[] = [];
    let covered = 0;
    for (let n = 0; n < tables; n++) {
      const { table, task } = await load(240, `small ${n}`);
      const folds = makeFolds(task.target, { folds: 5, repeats: 1, seed: 0, groups: null });
      const study = {
        table,
        weight: null,
        task,
        plan,
        folds,
        groups: null,
        copies: { rows: 0, together: false },
        dropped: [],
        notes: [],
      };
      const results = [0, 1, 2, 3, 4].map((fold) => runFold(study, { repeat: 0, fold }));
      const scores = results.map(({ families: [, each] }) => each.undone.logLoss);
      const { mean: expected, low, high } = compareFolds(scores, 1 / 4, 0);
      const best = results.reduce((sum, { families: [, each] }) => sum + each.choice.innerScore, 0) / 5;
      const saved = savedModel(study, fitFinal(study, families[1]), { threshold: 0.5, command: "test" });
      const truth = logLoss(task.target, fresh.task.target.labels, predict(saved, fresh.table).probabilities);
      nested.push(expected - truth);
      flattered.push(best - truth);
      if (low <= truth && truth <= high) covered++;
    }
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const error = (values: readonly number[]) =>
      Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)) / (values.length - 1));
    expect(Math.abs(mean(nested)), "expected minus truth").toBeLessThan(3 * error(nested));
    expect(covered, "the truth is in the interval").toBeGreaterThanOrEqual(0.75 * tables);
    const gap = flattered.map((each, n) => each - nested[n]);
    expect(mean(gap), "best of the grid minus expected").toBeLessThan(-2 * error(gap));
  }, 240_000);
});
