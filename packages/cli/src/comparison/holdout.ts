// The hold-out of --test: read as the model reads, and judged once by the final model.
import { basename } from "node:path";
import { CliError, tableTexts } from "../errors.ts";
import type { Folds } from "../folds/assignment.ts";
import { duplicateGroups } from "../folds/groups.ts";
import type { Time } from "../folds/time.ts";
import { fitEncoder } from "../learning/encode.ts";
import { engineNamed } from "../learning/engines.ts";
import { foldNotes, type Note } from "../notes.ts";
import { Random } from "../random.ts";
import { align } from "../saved/align.ts";
import { predict } from "../saved/predict.ts";
import type { SavedModel } from "../saved/savedModel.ts";
import { binaryConfusion, type Confusion, classRecalls, multiclassConfusion } from "../scores/confusion.ts";
import { type Scores, scores } from "../scores/scores.ts";
import type { PreparedStudy } from "../selection/study.ts";
import { readColumns, withSource } from "../table/read.ts";
import type { Reading } from "../table/reading.ts";
import { rowRange, type TableRows } from "../table/rows.ts";
import type { Column, Table } from "../table/table.ts";
import type { Target } from "../task/target.ts";
import { classShares, type Task, weightsByClass } from "../task/task.ts";
import { type TestTable, testTarget } from "../task/testTable.ts";
import { effectiveRows, weighTarget } from "../task/weights.ts";
import type { ScoreRange, TestResult } from "../verdict/result.ts";
import type { CompareOptions } from "./options.ts";

/** A hold-out, and what is told of it. */
export interface ReadTest {
  readonly test: TestTable;
  readonly notes: readonly Note[];
}

/** What a hold-out is read for. */
interface Trained extends Pick<PreparedStudy, "task" | "table"> {
  readonly time: Time | undefined;
}

/** Reads a hold-out for a task: each column as the training table is read. */
export async function readTest(
  path: string,
  { task: { columns, target }, table: trained, time }: Trained,
  options: CompareOptions,
): Promise<ReadTest> {
  const readings = new Map<string, Reading>(columns.map(({ name, reading }) => [name, reading]));
  const words = new Set(target.kind === "multilabel" ? [] : target.classes.map((name) => name.toLowerCase()));
  for (const { name, reading } of trained.columns.filter((column) => target.columns.includes(column.name))) {
    const { missing } = reading;
    // A word for "no value" that is a class in training is the same class here, however rare.
    readings.set(name, { as: "category", missing: missing.filter((word) => !words.has(word.toLowerCase())) });
  }
  const needed = [...readings.keys()];
  if (time !== undefined) readings.set(time.column.name, time.column.reading);
  const weight = trained.columns.find((column) => column.name === options.weight);
  if (weight !== undefined) readings.set(weight.name, weight.reading);
  const only = [...readings.keys()];
  const table = await withSource(path, { memory: options.maxMemory, only }, async (connection, source) => {
    const absent = needed.filter((name) => !source.fields.some((field) => field.name === name));
    if (absent.length > 0) throw new CliError(tableTexts.testColumns(path, absent, target.columns));
    const asked = { strict: options.reading.strict === true };
    const read = await readColumns(connection, source, [], { readings, exact: target.columns, asked });
    return read.table;
  });
  const { target: labelled, unlabelled } = testTarget(table, target, options);
  const isWeighed = weight !== undefined && table.columns.some((column) => column.name === weight.name);
  const own = isWeighed ? weighTarget(labelled, table, weight.name, true).target : labelled;
  const encoder = fitEncoder(columns, target.rows, null, engineNamed(options.models[0]).form);
  const shape = { encoder, readings: columns.map(({ reading }) => reading), target };
  const aligned = align(shape, table, { names: needed });
  const known = knownRows({ columns, target }, { columns: aligned.columns, target: own });
  const name = basename(path);
  const cells = table.notes.filter(({ about }) => about === "cells");
  const early = time === undefined ? 0 : earlyRows(time, target, table, own.rows);
  const told = [...aligned.warnings.filter(({ code }) => code !== "columnsTarget"), ...cells];
  return {
    test: { table, target: own, unlabelled, known },
    notes: [
      ...told.map(({ code, about, weight, text }): Note => ({ code, about, weight, text: `${name}: ${text}` })),
      ...(unlabelled === 0 ? [] : [foldNotes.testUnlabelled(name, unlabelled)]),
      ...(early === 0 ? [] : [foldNotes.testEarly(name, early, own.rows.length)]),
      ...(known === 0 ? [] : [foldNotes.testKnown(name, known, own.rows.length)]),
    ],
  };
}

/** How many rows of a hold-out are not later than the last that is learnt from; none where it has no such column. */
function earlyRows({ column }: Time, target: Target, { columns }: Table, rows: TableRows): number {
  const own = columns.find(({ name }) => name === column.name);
  if (own?.kind !== "number") return 0;
  const last = target.rows.reduce((latest, row) => Math.max(latest, column.values[row]), Number.NEGATIVE_INFINITY);
  return rows.reduce((sum, row) => sum + Number(own.values[row] <= last), 0);
}

/** How many rows of a hold-out are, with their labels, among those that are learnt from. */
function knownRows({ columns, target }: Task, test: Task): number {
  const trained = target.rows.length;
  const all = trained + test.target.rows.length;
  const outputs = target.kind === "multilabel" ? target.outputs : 1;
  const joined = columns.map((column, k) => joinedColumn(column, target.rows, test.columns[k], test.target.rows));
  const labels = Array.from({ length: outputs }, (_, k): Column => {
    const of = (position: number) =>
      position < trained
        ? target.labels[position * outputs + k]
        : test.target.labels[(position - trained) * outputs + k];
    const values = Float64Array.from({ length: all }, (__, position) => of(position));
    return { ...numberColumn, name: `label ${k}`, values };
  });
  const { groups } = duplicateGroups([...joined, ...labels], rowRange(0, all));
  if (groups === null) return 0;
  const known = new Set(groups.subarray(0, trained));
  return groups.subarray(trained).reduce((sum, group) => sum + Number(known.has(group)), 0);
}

const numberColumn = {
  kind: "number",
  from: "number",
  reading: { as: "number", decimal: ".", prefix: "", suffix: "", missing: [] },
} as const;

/** A column of two tables, one below the other. */
function joinedColumn(one: Column, rows: TableRows, other: Column, otherRows: TableRows): Column {
  if (one.kind === "number" || other.kind === "number") {
    const valuesOf = (column: Column, some: TableRows) =>
      column.kind === "number"
        ? Array.from(some, (row) => column.values[row])
        : new Array(some.length).fill(Number.NaN);
    return {
      ...numberColumn,
      name: one.name,
      values: Float64Array.from([...valuesOf(one, rows), ...valuesOf(other, otherRows)]),
    };
  }
  const levels = [...new Set([...one.levels, ...other.levels])];
  const position = new Map(levels.map((level, code) => [level, code]));
  const recode = other.levels.map((level) => position.get(level) as number);
  const codes = new Int32Array(rows.length + otherRows.length);
  rows.forEach((row, k) => {
    codes[k] = one.codes[row];
  });
  otherRows.forEach((row, k) => {
    codes[rows.length + k] = other.codes[row] < 0 ? -1 : recode[other.codes[row]];
  });
  return { kind: "category", name: one.name, levels, codes, reading: one.reading };
}

/** What is judged: the model of the recommended family, and that of cross entropy where it is another and is there. */
export interface Judged {
  readonly family: string;
  readonly model: SavedModel;
  readonly reference: SavedModel | null;
}

/** Scores the final model on a hold-out, once, at its own threshold. */
export function judge(test: TestTable, { family, model, reference }: Judged, study: PreparedStudy<Folds>): TestResult {
  const { target, unlabelled, known, table } = test;
  const { kind, rows, labels, weights, outputs } = target;
  const probabilities = ofRows(predict(model, table).probabilities, rows, outputs);
  const told = { labels, probabilities, weights };
  const threshold = kind === "binary" ? model.thresholds[0] : null;
  const confusion: Confusion =
    kind === "multilabel"
      ? []
      : kind === "multiclass"
        ? multiclassConfusion(told, outputs)
        : binaryConfusion(told, threshold ?? 0.5);
  const scoresOf = (each: Float64Array) => scores(target, labels, each, weights);
  return {
    source: basename(table.source),
    rows: rows.length,
    unlabelled,
    known,
    family,
    threshold,
    scores: rangesOf(target, probabilities),
    reference: reference && scoresOf(ofRows(predict(reference, table).probabilities, rows, outputs)),
    prior: scoresOf(priorOf(study.task.target, rows.length)),
    confusion,
    recalls: classRecalls(confusion, weights && weightsByClass(target).map(effectiveRows)),
  };
}

function ofRows(probabilities: Float64Array, rows: TableRows, outputs: number): Float64Array {
  const own = new Float64Array(rows.length * outputs);
  rows.forEach((row, n) => {
    own.set(probabilities.subarray(row * outputs, (row + 1) * outputs), n * outputs);
  });
  return own;
}

/** The class shares of the training table, for each row. */
function priorOf(target: Target, count: number): Float64Array {
  const shares = classShares(target).slice(target.kind === "binary" ? 1 : 0);
  return Float64Array.from({ length: count * target.outputs }, (_, k) => shares[k % target.outputs]);
}

const ranged = ["logLoss", "brier", "averagePrecision", "rocAuc"] as const satisfies readonly (keyof Scores)[];
/** So many rows are drawn at most, and so many numbers looked at in all. */
const mostDrawn = 10_000;
const mostNumbers = 4_000_000;

/**
 * The scores with the 2.5 and 97.5 % points of a bootstrap over the rows (Efron and Tibshirani 1993). Of a large table
 * fewer rows are drawn than it has, and the distance to the score shrinks by the root of their share (m out of n:
 * Bickel, Goetze and van Zwet 1997).
 */
function rangesOf(target: Target, probabilities: Float64Array): TestResult["scores"] {
  const { kind, outputs, labels, weights } = target;
  const own = scores(target, labels, probabilities, weights);
  const columns = kind === "multilabel" ? outputs : 1;
  const rows = labels.length / columns;
  const drawn = Math.min(rows, mostDrawn);
  const rounds = Math.min(1000, Math.max(100, Math.round(mostNumbers / (drawn * outputs))));
  const random = new Random("hold-out");
  const someLabels = new Int32Array(drawn * columns);
  const someWeights = weights && new Float64Array(drawn * columns);
  const someProbabilities = new Float64Array(drawn * outputs);
  const found = Array.from({ length: rounds }, () => {
    for (let n = 0; n < drawn; n++) {
      const row = random.integer(rows);
      for (let k = 0; k < columns; k++) {
        someLabels[n * columns + k] = labels[row * columns + k];
        if (someWeights !== null && weights !== null) someWeights[n * columns + k] = weights[row * columns + k];
      }
      for (let k = 0; k < outputs; k++) someProbabilities[n * outputs + k] = probabilities[row * outputs + k];
    }
    return scores(target, someLabels, someProbabilities, someWeights);
  });
  const shrink = Math.sqrt(drawn / rows);
  const range = (name: (typeof ranged)[number]): ScoreRange => {
    const score = own[name];
    const sorted = Float64Array.from(found.map((each) => each[name]).filter(Number.isFinite)).sort();
    const at = (share: number) => score + shrink * (sorted[Math.round(share * (sorted.length - 1))] - score);
    return { score, low: Math.min(score, at(0.025)), high: Math.max(score, at(0.975)) };
  };
  return Object.fromEntries(ranged.map((name) => [name, range(name)])) as TestResult["scores"];
}
