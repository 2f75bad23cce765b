// What a result discloses about its table: the columns as they became features, the target, the folds.
import { basename } from "node:path";
import { toldOf } from "../checks/telling.ts";
import { type Folds, sidesOf, testedPositions } from "../folds/assignment.ts";
import { blocksOf } from "../folds/time.ts";
import { type EncodedColumn, fitEncoder } from "../learning/encode.ts";
import { engineNamed } from "../learning/engines.ts";
import type { FoldResult } from "../selection/fold.ts";
import type { PreparedStudy } from "../selection/study.ts";
import { readingWords } from "../table/reading.ts";
import type { TableRows } from "../table/rows.ts";
import type { Column } from "../table/table.ts";
import { countMissing } from "../table/table.ts";
import { allPositions } from "../task/positions.ts";
import type { Target } from "../task/target.ts";
import { classCounts, classShares, knownRows, rowWeightsOf } from "../task/task.ts";
import { edgeNotes } from "../verdict/edges.ts";
import type { Models } from "../verdict/models.ts";
import type { Feature, FoldDisclosure, Result, TimeDisclosure } from "../verdict/result.ts";
import { testedCounts, testShareIn } from "../verdict/summary.ts";
import { versions } from "../version.ts";
import type { CompareOptions } from "./options.ts";

/** What of a result follows from the study of the best model, from what is said of all and from what was asked. */
export function disclose(
  study: PreparedStudy<Folds>,
  { best, models, modelVerdict }: Models,
  { command, goals, ignore }: Pick<CompareOptions, "command" | "goals" | "ignore">,
): Omit<Result, "saved" | "test"> {
  const { results } = best.evidence;
  const { band, verdict, prior, families } = best.summary;
  const features = discloseFeatures(study);
  return {
    versions,
    command,
    verdict,
    table: discloseTable(study, features),
    target: discloseTarget(study.task.target),
    weight: study.weight,
    features,
    dropped: study.dropped,
    notes: toldOf([...study.notes, ...edgeNotes(families, study.plan.pace === "fast")], ignore),
    plan: disclosePlan(study, results, band),
    goals,
    folds: discloseFolds(results, study),
    prior,
    families,
    models,
    modelVerdict,
  };
}

function disclosePlan(study: PreparedStudy<Folds>, results: readonly FoldResult[], band: number): Result["plan"] {
  const { plan, folds } = study;
  const { model, metric, families, seed, pace, training } = plan;
  return {
    model,
    metric,
    band,
    folds: folds.count,
    repeats: folds.repeats.length,
    foldHash: folds.hash,
    time: discloseTime(study, results),
    seed,
    pace,
    ...training,
    settings: families.reduce((sum, { candidates }) => sum + candidates.length, 0),
    finished: results.length,
    fits: results.reduce((sum, { fits }) => sum + fits, 0),
  };
}

/** The blocks of folds in time; null where folds are not. */
function discloseTime(study: PreparedStudy<Folds>, results: readonly FoldResult[]): TimeDisclosure | null {
  const { folds, task, timeColumn } = study;
  if (timeColumn === undefined) return null;
  const tested = testedPositions(folds, allPositions(task.target)).length;
  return {
    column: timeColumn.name,
    blocks: blocksOf(folds, timeColumn, task.target),
    tested,
    testedCounts: testedCounts(study),
    neverTested: task.target.rows.length - tested,
    testShare: testShareIn({ study, results }),
  };
}

/** The table in numbers. */
function discloseTable({ table, task, copies }: PreparedStudy, features: readonly Feature[]): Result["table"] {
  const numbers = task.columns.filter(({ kind }) => kind === "number").length;
  return {
    source: basename(table.source),
    rows: table.rows,
    numbers,
    categories: task.columns.length - numbers,
    missing: features.reduce((sum, { missing }) => sum + missing, 0),
    copies,
  };
}

/** The target in numbers. */
function discloseTarget(target: Target): Result["target"] {
  const { kind, columns, classes, rows } = target;
  const known = knownRows(target);
  return {
    kind,
    columns,
    classes,
    counts: classCounts(target),
    rows: rows.length,
    known: known.every((each) => each === rows.length) ? null : known,
    shares: classShares(target),
  };
}

/** How each column became features: as the final model does it, learnt on all rows. */
function discloseFeatures({ task, plan }: PreparedStudy): readonly Feature[] {
  const { columns, target } = task;
  const { form } = engineNamed(plan.model);
  const encoder = fitEncoder(columns, target.rows, rowWeightsOf(target, allPositions(target)), form);
  return columns.map((column, k) => featureOf(column, encoder.columns[k], target.rows));
}

function featureOf(column: Column, encoded: EncodedColumn, rows: TableRows): Feature {
  const { name } = column;
  const reading = readingWords(column.reading);
  const missing = countMissing(column, rows);
  if (column.kind === "category" || encoded.kind !== "number") {
    const all = column.kind === "category" ? column.levels.length : 0;
    const own = encoded.kind === "number" ? 0 : encoded.levels.length;
    return { name, as: "category", reading, missing, fill: null, scaling: null, levels: { all, own } };
  }
  const { fill, center, scale } = encoded;
  return { name, as: column.from, reading, missing, fill, scaling: [center, scale], levels: null };
}

/** The outer folds that finished, in order. */
function discloseFolds(
  results: readonly FoldResult[],
  { folds, task: { target } }: PreparedStudy<Folds>,
): readonly FoldDisclosure[] {
  return results.map(({ repeat, fold, strength, leaves, fits }) => {
    const { train, test } = sidesOf(folds, repeat, fold, allPositions(target));
    return { repeat, fold, rows: test.length, trained: train.length, strength, leaves, fits };
  });
}
