// From a path to a study: the table read and checked, the folds dealt, the plan made.
import { CliError, foldTexts, tableTexts } from "../errors.ts";
import { type Folds, trainedRowsOf } from "../folds/assignment.ts";
import { dealFolds } from "../folds/dealing.ts";
import { type Time, timeColumn, timeOf } from "../folds/time.ts";
import { keepTogether } from "../folds/together.ts";
import { engineNamed } from "../learning/engines.ts";
import { foldNotes, type Note } from "../notes.ts";
import { type Family, makeFamilies } from "../selection/families.ts";
import type { PreparedStudy } from "../selection/study.ts";
import { readTable } from "../table/read.ts";
import { rowRange } from "../table/rows.ts";
import { countMissing, isMissingAt, type NumberColumn, type Table } from "../table/table.ts";
import { checkFeatures, droppedNotes } from "../task/features.ts";
import { targetColumns } from "../task/labels.ts";
import { makeTarget } from "../task/target.ts";
import { readTest } from "./holdout.ts";
import type { CompareOptions, StudyOptions } from "./options.ts";

/** Reads and checks the table, deals the folds, and plans what is tried on them. */
export async function prepareComparison(options: CompareOptions): Promise<PreparedStudy<Folds>> {
  const { table, task, time, dropped, notesWith } = await prepareTask(options);
  const { notes, ...dealt } = await dealFolds({ ...options, time }, table, task.target, task.columns);
  const held = options.test === undefined ? undefined : await readTest(options.test, { task, table, time }, options);
  const { model, metric, seed, pace } = options;
  const plan = {
    model,
    metric,
    families: makeFamilies(options.losses, pace === "fast"),
    seed,
    pace,
    training: engineNamed(model).plan(pace, trainedRowsOf(dealt.folds)),
  };
  const told = notesWith([...notes, ...(held?.notes ?? [])]);
  return { plan, task, table, dropped, ...dealt, ...orderOf(time), test: held?.test, notes: told };
}

/** The same for one family that is fitted, not compared: without folds. */
export async function prepareFit(options: StudyOptions, family: Family): Promise<PreparedStudy<null>> {
  const { table, task, time, dropped, notesWith } = await prepareTask(options);
  const { notes, ...together } = keepTogether(options, table, task.target, task.columns);
  const { model, seed } = options;
  const pace = "default";
  const training = engineNamed(model).plan(pace, task.target.rows.length);
  const settings = time === undefined ? [] : [foldNotes.timeOfSettings(time.column.name)];
  const plan = { model, metric: "log-loss", families: [family], seed, pace, training } as const;
  return {
    plan,
    task,
    table,
    dropped,
    folds: null,
    ...together,
    ...orderOf(time),
    notes: notesWith([...settings, ...notes]),
  };
}

/** The order of the rows as a study has it. */
function orderOf(time: Time | undefined): Pick<PreparedStudy, "time" | "timeColumn"> {
  return time === undefined ? {} : { time: time.ranks, timeColumn: time.column };
}

/** The table with its target and features; the notes of what follows have a place among its own. */
async function prepareTask(options: StudyOptions) {
  const { drop, keep, group, positive } = options;
  const taken = [...drop, ...[group, options.time].filter((name) => name !== undefined)];
  const read = { drop, asked: options.reading, memory: options.maxMemory };
  const table = await readTable(options.table, read, (names) => {
    const targets = targetColumns(options, names, taken).columns;
    return { targets, exact: [...targets, ...(group === undefined ? [] : [group])] };
  });
  const named = targetColumns(
    options,
    table.columns.map(({ name }) => name),
    taken,
  );
  const when = timeAsked(options, table, named.columns);
  const target = makeTarget(table, named.columns, {
    ...(when !== undefined && { isPresent: (row) => !isMissingAt(when, row) }),
    ...(positive !== undefined && { positive }),
    allowMissing: options.allowMissingTarget,
    dropClasses: options.dropClasses,
  });
  const { features, dropped, notes } = checkFeatures(table, target, {
    drop,
    keep,
    ...(group !== undefined && { group }),
    time: when?.name,
  });
  const timeless = when === undefined ? 0 : countMissing(when, rowRange(0, table.rows));
  return {
    table,
    task: { columns: features, target },
    time: when && timeOf(when, target.rows),
    dropped,
    notesWith: (more: readonly Note[]) => [
      ...table.notes,
      ...named.notes,
      ...(when === undefined || timeless === 0 ? [] : [foldNotes.timeMissing(when.name, timeless)]),
      ...target.notes,
      ...droppedNotes(dropped),
      ...more,
      ...notes,
    ],
  };
}

/** The column of --time, if it can be one. */
function timeAsked({ time, group }: StudyOptions, table: Table, targets: readonly string[]): NumberColumn | undefined {
  if (time === undefined) return undefined;
  if (targets.includes(time)) throw new CliError(tableTexts.dropsTarget("--time", time));
  if (time === group) throw new CliError(foldTexts.timeAndGroup(time));
  return timeColumn(table, time);
}
