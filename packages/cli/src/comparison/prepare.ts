// From a path to a study: the table read and checked, the folds dealt, the plan made.

import type { Folds } from "../folds/assignment.ts";
import { dealFolds } from "../folds/dealing.ts";
import { makeFamilies } from "../selection/families.ts";
import type { Plan } from "../selection/plan.ts";
import type { PreparedComparison } from "../selection/study.ts";
import { readTable } from "../table/read.ts";
import { checkFeatures, droppedNotes } from "../task/features.ts";
import { makeTarget } from "../task/target.ts";
import type { CompareOptions } from "./options.ts";

/** Reads and checks the table, and plans the folds. */
export async function prepareComparison(options: CompareOptions): Promise<PreparedComparison> {
  const table = await readTable(options.table, {
    drop: options.drop,
    exact: [...options.targets, ...(options.group === undefined ? [] : [options.group])],
    memory: options.maxMemory,
  });
  const target = makeTarget(table, options.targets, {
    ...(options.positive !== undefined && { positive: options.positive }),
    allowMissing: options.allowMissingTarget,
    dropClasses: options.dropClasses,
  });
  const checked = checkFeatures(table, target, {
    drop: options.drop,
    keep: options.keep,
    ...(options.group !== undefined && { group: options.group }),
  });
  const { folds, groups, copies, notes: foldNotes } = await dealFolds(options, table, target, checked.features);
  const notes = [...table.notes, ...target.notes, ...droppedNotes(checked.dropped), ...foldNotes, ...checked.notes];
  const data = { columns: checked.features, target };
  return { table, data, plan: planFor(options, folds), folds, groups, copies, dropped: checked.dropped, notes };
}

function planFor(options: CompareOptions, folds: Folds): Plan {
  const { pace, model } = options;
  const fast = pace === "fast";
  return {
    model,
    metric: options.metric,
    families: makeFamilies(options.losses, fast),
    folds: folds.count,
    repeats: folds.repeats.length,
    seed: options.seed,
    pace,
    hidden: [32],
    maxEpochs: { fast: 40, default: 80, thorough: 200 }[pace],
    rungs: {
      fast: [
        { epochs: 6, keep: 2 },
        { epochs: 16, keep: 1 },
      ],
      default: [
        { epochs: 8, keep: 2 },
        { epochs: 24, keep: 1 },
      ],
      thorough: [{ epochs: 20, keep: 3 }],
    }[pace],
    ...(model === "linear"
      ? priorStrengths(folds)
      : { l2: fast ? [1e-3, 3e-3] : [3e-4, 1e-3, 3e-3, 1e-2], believedL2: null }),
  };
}

/**
 * A penalty says how large weights are believed to be: normal with variance C before any row is seen, which is
 * l2 = 1 / (C rows). C = 1 is believed (scikit-learn's default, too); a standardised feature hardly ever moves the
 * logit by more than sqrt(30) per standard deviation.
 */
function priorStrengths({ count, repeats }: Folds): Pick<Plan, "l2" | "believedL2"> {
  const rows = repeats[0].length * (1 - 1 / count);
  const l2 = [30, 10, 3, 1, 0.3, 0.1, 0.03, 0.01, 0.003].map((variance) => 1 / (variance * rows));
  return { l2, believedL2: 1 / rows };
}
