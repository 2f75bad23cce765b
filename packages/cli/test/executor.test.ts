// A comparison gives the same wherever it is computed: on threads of the built program, or by an executor of one's own.
import { afterAll, expect, it } from "vitest";
import { compare } from "../src/comparison/compare.ts";
import { prepareComparison } from "../src/comparison/prepare.ts";
import type { EngineName } from "../src/learning/engines.ts";
import type { Executor } from "../src/running/executor.ts";
import { fitFinal } from "../src/selection/final.ts";
import { runFold } from "../src/selection/fold.ts";
import { studyOf } from "../src/selection/study.ts";
import type { Result } from "../src/verdict/result.ts";
import { quickComparison } from "./asked.ts";
import { scratch, surprisal, twoClasses } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

/** This thread, the last fold first. */
const here: Executor = {
  async run({ studies, folds, final }, { finished }) {
    const results = folds.toReversed().map((fold) => runFold(studyOf(studies, fold.model), fold));
    for (const result of results) finished(result);
    const last = final && studyOf(studies, final.model);
    return {
      folds: results.reverse(),
      final: final && last && fitFinal(last, last.plan.families[final.family]),
    };
  },
};

it.each<[models: readonly EngineName[], folds: number]>([
  [["linear"], 3],
  [["linear", "mlp"], 6],
])("on threads, or here and in another order: %j", async (models, folds) => {
  const table = place.write("answers.csv", twoClasses(200, "executor"));
  const options = quickComparison(table, { models, losses: ["ce", "focal"], foldCount: 3 });
  const studies = await prepareComparison(options);
  const heard: number[] = [];
  const progress = {
    started: () => undefined,
    advanced: (finished: readonly unknown[]) => heard.push(finished.length),
    told: (note: string) => expect.unreachable(note),
    signal: new AbortController().signal,
  };
  const { command: _, ...own } = (await compare(options, studies, progress, here)).result;
  expect(heard).toEqual(Array.from({ length: folds + 1 }, (_, finished) => finished));
  const flags = [
    "--model",
    models.join(),
    "--fast",
    "--losses",
    "ce,focal",
    "--fold-count",
    "3",
    "--no-save",
    "--json",
  ];
  const { code, out, err } = await surprisal(place.folder, "compare", table, "answer", ...flags, "--jobs", "2");
  expect(code, err).toBe(0);
  const { command: __, ...built } = JSON.parse(out) as Result;
  expect(JSON.parse(JSON.stringify(own))).toEqual(built);
});
