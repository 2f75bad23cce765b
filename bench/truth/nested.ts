// What a comparison expects on new data, beside what new data give, and beside the score of the best setting.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepareComparison } from "../../packages/cli/src/comparison/prepare.ts";
import type { EngineName } from "../../packages/cli/src/learning/engines.ts";
import { predict } from "../../packages/cli/src/saved/predict.ts";
import { savedModel } from "../../packages/cli/src/saved/savedModel.ts";
import { logLoss } from "../../packages/cli/src/scores/scores.ts";
import { compareFolds } from "../../packages/cli/src/scores/statistics.ts";
import { fitFinal } from "../../packages/cli/src/selection/final.ts";
import { runFold } from "../../packages/cli/src/selection/fold.ts";
import { twoClasses } from "../../packages/cli/test/world.ts";
import { mean } from "../averages.ts";
import { plainOptions } from "../tool/runs.ts";

/** Expected and best of the grid, minus the truth: means over the tables, and their standard errors. */
export interface NestedTruth {
  readonly model: string;
  readonly tables: number;
  readonly rows: number;
  readonly fresh: number;
  readonly truth: number;
  readonly nested: { readonly mean: number; readonly error: number };
  readonly best: { readonly mean: number; readonly error: number };
  /** In how many tables the truth lies in the 95 % interval. */
  readonly covered: number;
}

/** The model of balanced focal loss, the family with the largest grid, on tables drawn from one population. */
export async function measureNested(model: EngineName, tables: number, folder: string): Promise<NestedTruth> {
  mkdirSync(folder, { recursive: true });
  const [rows, freshRows] = [240, 8000];
  const studyOf = async (count: number, seed: string) => {
    const table = join(folder, `${seed.replace(" ", "-")}.csv`);
    writeFileSync(table, twoClasses(count, seed));
    const losses = ["ce", "balanced-focal"];
    const asked = {
      table,
      targets: ["answer"],
      models: [model],
      losses,
      pace: "fast",
      foldCount: 5,
      foldsFile: undefined,
    } as const;
    const [study] = await prepareComparison({ ...plainOptions, ...asked });
    return study;
  };
  const fresh = await studyOf(freshRows, "fresh");
  const found: { truth: number; nested: number; best: number; isCovered: boolean }[] = [];
  for (let n = 0; n < tables; n++) {
    const study = await studyOf(rows, `small ${n}`);
    const results = Array.from({ length: 5 }, (_, fold) => runFold(study, { repeat: 0, fold }));
    const scores = results.map(({ families }) => families[1].undone.logLoss);
    const { mean: expected, low, high } = compareFolds(scores, 1 / 4, 0);
    const best = mean(results.map(({ families }) => families[1].choice.innerScore));
    const saved = savedModel(study, fitFinal(study, study.plan.families[1]), { threshold: 0.5, command: "bench" });
    const { target } = fresh.task;
    const truth = logLoss(target, target.labels, predict(saved, fresh.table).probabilities);
    found.push({ truth, nested: expected - truth, best: best - truth, isCovered: low <= truth && truth <= high });
  }
  const spread = (values: readonly number[]) => {
    const middle = mean(values);
    return { mean: middle, error: Math.sqrt(mean(values.map((each) => (each - middle) ** 2)) / (values.length - 1)) };
  };
  return {
    model,
    tables,
    rows,
    fresh: freshRows,
    truth: mean(found.map(({ truth }) => truth)),
    nested: spread(found.map(({ nested }) => nested)),
    best: spread(found.map(({ best }) => best)),
    covered: found.filter(({ isCovered }) => isCovered).length,
  };
}
