// What stands for the threads of the built program in a test that compares often: this thread, fold after fold.
import type { Executor } from "../src/running/executor.ts";
import { fitFinal } from "../src/selection/final.ts";
import { runFold } from "../src/selection/fold.ts";
import { studyOf } from "../src/selection/study.ts";

/** An executor of no threads; for `vi.mock("../src/running/threads.ts", () => import("./threadsHere.ts"))`. */
export function threads(): Executor {
  return {
    async run({ studies, folds, final }, { finished }) {
      const results = folds.map((fold) => runFold(studyOf(studies, fold.model), fold));
      for (const result of results) finished(result);
      if (final === null) return { folds: results, final: null };
      const study = studyOf(studies, final.model);
      return { folds: results, final: fitFinal(study, study.plan.families[final.family]!) };
    },
  };
}
