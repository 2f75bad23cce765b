// From a path to a study: the table read and checked, the folds dealt, the plan made.
import { CliError, foldTexts, tableTexts } from "../errors.ts";
import { type Folds, trainedRowsOf } from "../folds/assignment.ts";
import { dealFolds } from "../folds/dealing.ts";
import { type Time, timeColumn, timeOf } from "../folds/time.ts";
import { keepTogether } from "../folds/together.ts";
import type { FeatureForm } from "../learning/encode.ts";
import { encodingNotes } from "../learning/encoded.ts";
import { type EngineName, engineNamed } from "../learning/engines.ts";
import { foldNotes, type Note } from "../notes.ts";
import { type Family, makeFamilies } from "../selection/families.ts";
import type { PreparedStudy } from "../selection/study.ts";
import { readTable } from "../table/read.ts";
import { rowRange } from "../table/rows.ts";
import { countMissing, isMissingAt, type NumberColumn, type Table } from "../table/table.ts";
import { type CheckOptions, checkFeatures, droppedNotes } from "../task/features.ts";
import { targetColumns } from "../task/labels.ts";
import { makeTarget, type Target } from "../task/target.ts";
import { type Weight, weighTarget } from "../task/weights.ts";
import type { Examined } from "../verdict/examined.ts";
import { readTest } from "./holdout.ts";
import type { CompareOptions, FitOptions, TaskOptions } from "./options.ts";

/** Reads and checks the table, deals the folds, and plans what is tried on them: a study for each model. */
export async function prepareComparison(options: CompareOptions): Promise<readonly PreparedStudy<Folds>[]> {
  const { table, task, time, weight, dropped, notesWith } = await prepareTask(options);
  const { notes, ...dealt } = await dealFolds({ ...options, time }, table, task.target, task.columns);
  const held = options.test === undefined ? undefined : await readTest(options.test, { task, table, time }, options);
  const { models, metric, seed, pace } = options;
  const families = makeFamilies(options.losses, pace === "fast");
  const evidence = trainedRowsOf(dealt.folds) * evidenceShare(weight, task.target);
  const told = notesWith([...notes, ...(held?.notes ?? [])], formOf(models));
  const common = { task, table, weight, dropped, ...dealt, ...orderOf(time), test: held?.test, notes: told };
  return models.map((model) => ({
    plan: { model, metric, families, seed, pace, training: engineNamed(model).plan(pace, evidence, options.library) },
    ...common,
  }));
}

/** The same for one family that is fitted, not compared: without folds. */
export async function prepareFit(options: FitOptions, family: Family): Promise<PreparedStudy<null>> {
  const { table, task, time, weight, dropped, notesWith } = await prepareTask(options);
  const { notes, ...together } = keepTogether(options, table, task.target, task.columns);
  const { model, seed } = options;
  const pace = "default";
  const training = engineNamed(model).plan(pace, weight?.effective ?? task.target.rows.length, options.library);
  const settings = time === undefined ? [] : [foldNotes.timeOfSettings(time.column.name)];
  const plan = { model, metric: "log-loss", families: [family], seed, pace, training } as const;
  return {
    plan,
    task,
    table,
    weight,
    dropped,
    folds: null,
    ...together,
    ...orderOf(time),
    notes: notesWith([...settings, ...notes], formOf([model])),
  };
}

/** The features of which notes tell: those of the simplest model, whose features say least. */
function formOf([first]: readonly EngineName[]): FeatureForm {
  return engineNamed(first).form;
}

/** How many rows of equal weight tell as much, for each row that there is. */
function evidenceShare(weight: Weight | null, { rows }: Pick<Target, "rows">): number {
  return weight === null ? 1 : weight.effective / rows.length;
}

/** The order of the rows as a study has it. */
function orderOf(time: Time | undefined): Pick<PreparedStudy, "time" | "timeColumn"> {
  return time === undefined ? {} : { time: time.ranks, timeColumn: time.column };
}

/** Reads and checks a table, also without a target; deals no folds and plans nothing. */
export async function examine(options: TaskOptions): Promise<Examined> {
  if (options.targets.length > 0 || options.labels !== undefined) {
    const { table, task, dropped, notesWith } = await prepareTask(options);
    const { notes } = keepTogether(options, table, task.target, task.columns);
    const features = task.columns;
    return { table, target: task.target, features, dropped, named: namedBy(options), notes: notesWith(notes) };
  }
  const { table } = await readFor(options);
  const { features, dropped, advice, notes } = checkFeatures(table, null, featuresAsked(options));
  const all = [...advice, ...table.notes, ...droppedNotes(dropped), ...notes];
  return { table, target: null, features, dropped, named: namedBy(options), notes: all };
}

function namedBy({ group, weight, time }: TaskOptions): Examined["named"] {
  const flags = { group, weight, time };
  const names = Object.entries(flags) as [keyof typeof flags, string | undefined][];
  return new Map(names.flatMap(([role, name]) => (name === undefined ? [] : [[name, role] as const])));
}

function featuresAsked({ drop, keep, group, time, weight, flags }: TaskOptions): CheckOptions {
  return { drop, keep, time, weight, flags, ...(group !== undefined && { group }) };
}

/** The table, read for its targets, and the names of those. */
async function readFor(
  options: TaskOptions,
): Promise<{ readonly table: Table; readonly named: ReturnType<typeof targetColumns> }> {
  const { drop, group } = options;
  const taken = [...drop, ...[group, options.time, options.weight].filter((name) => name !== undefined)];
  const read = { drop, asked: options.reading, memory: options.maxMemory, file: options.file };
  const table = await readTable(options.table, read, (names) => {
    const targets = targetColumns(options, names, taken).columns;
    return { targets, exact: [...targets, ...(group === undefined ? [] : [group])] };
  });
  const names = table.columns.map(({ name }) => name);
  return { table, named: targetColumns(options, names, taken) };
}

/** The table with its target and features; the notes of what follows have a place among its own. */
async function prepareTask(options: TaskOptions) {
  const { positive } = options;
  const { table, named } = await readFor(options);
  const when = timeAsked(options, table, named.columns);
  const labelled = makeTarget(table, named.columns, {
    ...(when !== undefined && { isPresent: (row) => !isMissingAt(when, row) }),
    ...(positive !== undefined && { positive }),
    allowMissing: options.allowMissingTarget,
    dropClasses: options.dropClasses,
  });
  const weighed = options.weight === undefined ? null : weighTarget(labelled, table, options.weight);
  const target = weighed?.target ?? labelled;
  const { features, dropped, advice, notes } = checkFeatures(table, target, featuresAsked(options));
  const timeless = when === undefined ? 0 : countMissing(when, rowRange(0, table.rows));
  return {
    table,
    task: { columns: features, target },
    weight: weighed?.weight ?? null,
    time: when && timeOf(when, target.rows),
    dropped,
    notesWith: (more: readonly Note[], form: FeatureForm = "scaled") => [
      ...advice,
      ...table.notes,
      ...named.notes,
      ...(when === undefined || timeless === 0 ? [] : [foldNotes.timeMissing(when.name, timeless)]),
      ...target.notes,
      ...(weighed?.notes ?? []),
      ...droppedNotes(dropped),
      ...more,
      ...notes,
      ...encodingNotes(features, target.rows, form),
    ],
  };
}

/** The column of --time, if it can be one. */
function timeAsked({ time, group }: TaskOptions, table: Table, targets: readonly string[]): NumberColumn | undefined {
  if (time === undefined) return undefined;
  if (targets.includes(time)) throw new CliError(tableTexts.dropsTarget("--time", time));
  if (time === group) throw new CliError(foldTexts.timeAndGroup(time));
  return timeColumn(table, time);
}
