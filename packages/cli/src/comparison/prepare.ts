// From a path to a study: the table read and checked, the folds dealt, the plan made.
import type { Folds } from "../folds/assignment.ts";
import { dealFolds } from "../folds/dealing.ts";
import { keepTogether } from "../folds/together.ts";
import { engineNamed } from "../learning/engines.ts";
import type { Note } from "../notes.ts";
import { type Family, makeFamilies } from "../selection/families.ts";
import type { PreparedStudy } from "../selection/study.ts";
import { readTable } from "../table/read.ts";
import { checkFeatures, droppedNotes } from "../task/features.ts";
import { makeTarget } from "../task/target.ts";
import { weighTarget } from "../task/weights.ts";
import type { CompareOptions, StudyOptions } from "./options.ts";

/** Reads and checks the table, deals the folds, and plans what is tried on them. */
export async function prepareComparison(options: CompareOptions): Promise<PreparedStudy<Folds>> {
  const { table, task, weight, dropped, notesWith } = await prepareTask(options);
  const { notes, ...dealt } = await dealFolds(options, table, task.target, task.columns);
  const { model, metric, seed, pace } = options;
  const { count, repeats } = dealt.folds;
  const plan = {
    model,
    metric,
    families: makeFamilies(options.losses, pace === "fast"),
    seed,
    pace,
    training: engineNamed(model).plan(pace, (weight?.effective ?? repeats[0].length) * (1 - 1 / count)),
  };
  return { plan, task, table, weight, dropped, ...dealt, notes: notesWith(notes) };
}

/** The same for one family that is fitted, not compared: without folds. */
export async function prepareFit(options: StudyOptions, family: Family): Promise<PreparedStudy<null>> {
  const { table, task, weight, dropped, notesWith } = await prepareTask(options);
  const { notes, ...together } = keepTogether(options, table, task.target, task.columns);
  const { model, seed } = options;
  const pace = "default";
  const training = engineNamed(model).plan(pace, weight?.effective ?? task.target.rows.length);
  const plan = { model, metric: "log-loss", families: [family], seed, pace, training } as const;
  return { plan, task, table, weight, dropped, folds: null, ...together, notes: notesWith(notes) };
}

/** The table with its target and features; the notes of what follows have a place among its own. */
async function prepareTask(options: StudyOptions) {
  const { drop, keep, group, positive, weight: weightColumn } = options;
  const table = await readTable(options.table, {
    drop,
    exact: [...options.targets, ...(group === undefined ? [] : [group])],
    memory: options.maxMemory,
  });
  const labelled = makeTarget(table, options.targets, {
    ...(positive !== undefined && { positive }),
    allowMissing: options.allowMissingTarget,
    dropClasses: options.dropClasses,
  });
  const weighed = weightColumn === undefined ? null : weighTarget(labelled, table, weightColumn);
  const target = weighed?.target ?? labelled;
  const { features, dropped, notes } = checkFeatures(table, target, {
    drop,
    keep,
    ...(group !== undefined && { group }),
    ...(weightColumn !== undefined && { weight: weightColumn }),
  });
  return {
    table,
    task: { columns: features, target },
    weight: weighed?.weight ?? null,
    dropped,
    notesWith: (more: readonly Note[]) => [
      ...table.notes,
      ...target.notes,
      ...(weighed?.notes ?? []),
      ...droppedNotes(dropped),
      ...more,
      ...notes,
    ],
  };
}
