// What a result discloses about its table: the columns as they became features, the target, the folds.
import { basename } from "node:path";
import type { Folds } from "../folds/assignment.ts";
import { type EncodedColumn, fitEncoder } from "../learning/encode.ts";
import type { FoldResult } from "../selection/fold.ts";
import type { PreparedStudy } from "../selection/study.ts";
import type { TableRows } from "../table/rows.ts";
import type { Column } from "../table/table.ts";
import { countMissing } from "../table/table.ts";
import { allPositions } from "../task/positions.ts";
import type { Target } from "../task/target.ts";
import { classCounts, classShares, knownRows, rowWeightsOf } from "../task/task.ts";
import type { Feature, FoldDisclosure, Result } from "../verdict/result.ts";
import type { Summary } from "../verdict/summary.ts";
import { versions } from "../version.ts";
import type { CompareOptions } from "./options.ts";

/** What of a result follows from the study, the folds that finished and what was asked. */
export function disclose(
  study: PreparedStudy<Folds>,
  results: readonly FoldResult[],
  { command, goals }: Pick<CompareOptions, "command" | "goals">,
  { band, verdict, prior, families }: Summary,
): Omit<Result, "saved"> {
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
    notes: study.notes.map(({ text }) => text),
    plan: disclosePlan(study, results, band),
    goals,
    folds: discloseFolds(results, study),
    prior,
    families,
  };
}

function disclosePlan(
  { plan, folds }: PreparedStudy<Folds>,
  results: readonly FoldResult[],
  band: number,
): Result["plan"] {
  const { model, metric, families, seed, pace, training } = plan;
  return {
    model,
    metric,
    band,
    folds: folds.count,
    repeats: folds.repeats.length,
    foldHash: folds.hash,
    seed,
    pace,
    ...training,
    settings: families.reduce((sum, { candidates }) => sum + candidates.length, 0),
    finished: results.length,
    fits: results.reduce((sum, { fits }) => sum + fits, 0),
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
function discloseFeatures({ task }: PreparedStudy): readonly Feature[] {
  const { columns, target } = task;
  const encoder = fitEncoder(columns, target.rows, rowWeightsOf(target, allPositions(target)));
  return columns.map((column, k) => featureOf(column, encoder.columns[k], target.rows));
}

function featureOf(column: Column, encoded: EncodedColumn, rows: TableRows): Feature {
  const { name } = column;
  const missing = countMissing(column, rows);
  if (column.kind === "category" || encoded.kind === "category") {
    const all = column.kind === "category" ? column.levels.length : 0;
    const own = encoded.kind === "category" ? encoded.levels.length : 0;
    return { name, as: "category", missing, fill: null, scaling: null, levels: { all, own } };
  }
  const { fill, center, scale } = encoded;
  return { name, as: column.from, missing, fill, scaling: [center, scale], levels: null };
}

/** The outer folds that finished, in order. */
function discloseFolds(results: readonly FoldResult[], { folds }: PreparedStudy<Folds>): readonly FoldDisclosure[] {
  return results.map(({ repeat, fold, strength, fits }) => ({
    repeat,
    fold,
    rows: folds.repeats[repeat].reduce((count, each) => count + Number(each === fold), 0),
    strength,
    fits,
  }));
}
