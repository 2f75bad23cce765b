// A comparison gives the same wherever it is computed: on threads of the built program, or by an executor of one's own.
import { afterAll, expect, it } from "vitest";
import { compare } from "../src/comparison/compare.ts";
import { prepareComparison } from "../src/comparison/prepare.ts";
import type { Executor } from "../src/running/executor.ts";
import { fitFinal } from "../src/selection/final.ts";
import { runFold } from "../src/selection/fold.ts";
import type { Result } from "../src/verdict/result.ts";
import { quickComparison } from "./asked.ts";
import { scratch, surprisal, twoClasses } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

/** This thread, the last fold first. */
const here: Executor = {
  async run({ study, folds, final }, { finished }) {
    const results = folds.toReversed().map((fold) => runFold(study, fold));
    for (const result of results) finished(result);
    return {
      folds: results.reverse(),
      final: final === null ? null : fitFinal(study, study.plan.families[final.family]),
    };
  },
};

it("on threads, or here and in another order", async () => {
  const table = place.write("answers.csv", twoClasses(200, "executor"));
  const options = quickComparison(table, { losses: ["ce", "focal"], foldCount: 3 });
  const study = await prepareComparison(options);
  const heard: number[] = [];
  const progress = {
    started: () => undefined,
    advanced: (finished: readonly unknown[]) => heard.push(finished.length),
    told: (note: string) => expect.unreachable(note),
    signal: new AbortController().signal,
  };
  const { command: _, ...own } = (await compare(options, study, progress, here)).result;
  expect(heard).toEqual([0, 1, 2, 3]);
  const flags = ["--model", "linear", "--fast", "--losses", "ce,focal", "--fold-count", "3", "--no-save", "--json"];
  const { code, out, err } = await surprisal(place.folder, "compare", table, "answer", ...flags, "--jobs", "2");
  expect(code, err).toBe(0);
  const { command: __, ...built } = JSON.parse(out) as Result;
  expect(JSON.parse(JSON.stringify(own))).toEqual(built);
});
