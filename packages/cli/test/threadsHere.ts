// What stands for the threads of the built program in a test that compares often: this thread, fold after fold.
import type { Executor } from "../src/running/executor.ts";
import { fitFinal } from "../src/selection/final.ts";
import { runFold } from "../src/selection/fold.ts";

/** An executor of no threads; for `vi.mock("../src/running/threads.ts", () => import("./threadsHere.ts"))`. */
export function threads(): Executor {
  return {
    async run({ study, folds, final }, { finished }) {
      const results = folds.map((fold) => runFold(study, fold));
      for (const result of results) finished(result);
      return {
        folds: results,
        final: final === null ? null : fitFinal(study, study.plan.families[final.family]!),
      };
    },
  };
}
