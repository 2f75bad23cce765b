// From a path to a study: the table read and checked, the folds dealt, the plan made.
import type { Folds } from "../folds/assignment.ts";
import { dealFolds } from "../folds/dealing.ts";
import { keepTogether } from "../folds/together.ts";
import { encodingNotes } from "../learning/encoded.ts";
import { engineNamed } from "../learning/engines.ts";
import type { Note } from "../notes.ts";
import { type Family, makeFamilies } from "../selection/families.ts";
import type { PreparedStudy } from "../selection/study.ts";
import { readTable } from "../table/read.ts";
import type { Table } from "../table/table.ts";
import { type CheckOptions, checkFeatures, droppedNotes } from "../task/features.ts";
import { makeTarget } from "../task/target.ts";
import type { Examined } from "../verdict/examined.ts";
import type { CompareOptions, StudyOptions, TaskOptions } from "./options.ts";

/** Reads and checks the table, deals the folds, and plans what is tried on them. */
export async function prepareComparison(options: CompareOptions): Promise<PreparedStudy<Folds>> {
  const { table, task, dropped, notesWith } = await prepareTask(options);
  const { notes, ...dealt } = await dealFolds(options, table, task.target, task.columns);
  const { model, metric, seed, pace } = options;
  const { count, repeats } = dealt.folds;
  const plan = {
    model,
    metric,
    families: makeFamilies(options.losses, pace === "fast"),
    seed,
    pace,
    training: engineNamed(model).plan(pace, repeats[0].length * (1 - 1 / count)),
  };
  return { plan, task, table, dropped, ...dealt, notes: notesWith(notes) };
}

/** The same for one family that is fitted, not compared: without folds. */
export async function prepareFit(options: StudyOptions, family: Family): Promise<PreparedStudy<null>> {
  const { table, task, dropped, notesWith } = await prepareTask(options);
  const { notes, ...together } = keepTogether(options, table, task.target, task.columns);
  const { model, seed } = options;
  const pace = "default";
  const training = engineNamed(model).plan(pace, task.target.rows.length);
  const plan = { model, metric: "log-loss", families: [family], seed, pace, training } as const;
  return { plan, task, table, dropped, folds: null, ...together, notes: notesWith(notes) };
}

/** Reads and checks a table, also without a target; deals no folds and plans nothing. */
export async function examine(options: TaskOptions): Promise<Examined> {
  if (options.targets.length > 0) {
    const { table, task, dropped, notesWith } = await prepareTask(options);
    const { notes } = keepTogether(options, table, task.target, task.columns);
    return { table, target: task.target, features: task.columns, dropped, notes: notesWith(notes) };
  }
  const table = await readFor(options);
  const { features, dropped, advice, notes } = checkFeatures(table, null, featuresAsked(options));
  const all = [...advice, ...table.notes, ...droppedNotes(dropped), ...notes];
  return { table, target: null, features, dropped, notes: all };
}

function featuresAsked({ drop, keep, group, flags }: TaskOptions): CheckOptions {
  return { drop, keep, flags, ...(group !== undefined && { group }) };
}

function readFor({ table, drop, targets, group, maxMemory }: TaskOptions): Promise<Table> {
  return readTable(table, {
    drop,
    exact: [...targets, ...(group === undefined ? [] : [group])],
    memory: maxMemory,
  });
}

/** The table with its target and features; the notes of what follows have a place among its own. */
async function prepareTask(options: TaskOptions) {
  const { positive } = options;
  const table = await readFor(options);
  const target = makeTarget(table, options.targets, {
    ...(positive !== undefined && { positive }),
    allowMissing: options.allowMissingTarget,
    dropClasses: options.dropClasses,
  });
  const { features, dropped, advice, notes } = checkFeatures(table, target, featuresAsked(options));
  return {
    table,
    task: { columns: features, target },
    dropped,
    notesWith: (more: readonly Note[]) => [
      ...advice,
      ...table.notes,
      ...target.notes,
      ...droppedNotes(dropped),
      ...more,
      ...notes,
      ...encodingNotes(features, target.rows),
    ],
  };
}
