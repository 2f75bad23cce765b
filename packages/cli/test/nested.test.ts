// The printed expectation against the truth: what the procedure expects on new data is what new data give, while the
// score of the best setting on the rows that chose it flatters.
import { afterAll, describe, expect, it } from "vitest";
import { makeFolds } from "../src/folds/folds.ts";
import { predict } from "../src/saved/predict.ts";
import { logLoss } from "../src/scores/scores.ts";
import { compareFolds } from "../src/scores/statistics.ts";
import { makeFamilies } from "../src/selection/families.ts";
import { fitFinal, savedModel } from "../src/selection/final.ts";
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
  folds: 5,
  repeats: 1,
  seed: 0,
  pace: "fast",
  hidden: [],
  maxEpochs: 1,
  rungs: [{ epochs: 1, keep: 2 }],
  l2: [1e-4, 1e-3, 1e-2, 1e-1],
  believedL2: null,
};

async function load(rows: number, seed: string) {
  const table = await readTable(place.write(`${seed}.csv`, twoClasses(rows, seed)));
  const target = makeTarget(table, ["answer"]);
  return { table, data: { columns: checkFeatures(table, target).features, target } };
}

describe("the nested estimate", () => {
  it("is the truth within its interval, where the best of the grid flatters", async () => {
    const fresh = await load(8000, "fresh");
    const nested: number[] = [];
    const flattered: number[] = [];
    let covered = 0;
    for (let n = 0; n < tables; n++) {
      const { table, data } = await load(240, `small ${n}`);
      const folds = makeFolds(data.target, { folds: 5, repeats: 1, seed: 0, groups: null });
      const results = [0, 1, 2, 3, 4].map((fold) => runFold(plan, data, folds.repeats[0], null, 0, fold));
      const scores = results.map(({ families: [, each] }) => each.undone.logLoss);
      const { mean: expected, low, high } = compareFolds(scores, 1 / 4, 0);
      const best = results.reduce((sum, { families: [, each] }) => sum + each.choice.innerScore, 0) / 5;
      const prepared = {
        table,
        data,
        plan,
        folds,
        groups: null,
        copies: { rows: 0, together: false },
        dropped: [],
        notes: [],
      };
      const saved = savedModel(prepared, fitFinal(plan, data, null, families[1]), 0.5, "test");
      const truth = logLoss(data.target, fresh.data.target.labels, predict(saved, fresh.table).probabilities);
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
