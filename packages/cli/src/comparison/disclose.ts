// What a result discloses about its table: the columns as they became features, the target, the folds.
import { basename } from "node:path";
import { type EncodedColumn, fitEncoder } from "../learning/encode.ts";
import type { FoldResult } from "../selection/fold.ts";
import type { PreparedComparison } from "../selection/study.ts";
import type { TableRows } from "../table/rows.ts";
import type { Column } from "../table/table.ts";
import { countMissing } from "../table/table.ts";
import type { Target } from "../task/target.ts";
import { classCounts } from "../task/task.ts";
import type { Feature, FoldDisclosure, Result } from "../verdict/result.ts";

/** The table in numbers. */
export function discloseTable(
  { table, data, copies }: PreparedComparison,
  features: readonly Feature[],
): Result["table"] {
  const numbers = data.columns.filter(({ kind }) => kind === "number").length;
  return {
    source: basename(table.source),
    rows: table.rows,
    numbers,
    categories: data.columns.length - numbers,
    missing: features.reduce((sum, { missing }) => sum + missing, 0),
    copies,
  };
}

/** The target in numbers. */
export function discloseTarget(target: Target): Result["target"] {
  const { kind, columns, classes, rows } = target;
  return { kind, columns, classes, counts: classCounts(target), rows: rows.length };
}

/** How each column became features: as the final model does it, learnt on all rows. */
export function discloseFeatures({ data }: PreparedComparison): readonly Feature[] {
  const { columns, target } = data;
  const encoder = fitEncoder(columns, target.rows);
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
export function discloseFolds(
  results: readonly FoldResult[],
  { folds }: PreparedComparison,
): readonly FoldDisclosure[] {
  return results.map(({ repeat, fold, strength, fits }) => ({
    repeat,
    fold,
    rows: folds.repeats[repeat].reduce((count, each) => count + Number(each === fold), 0),
    strength,
    fits,
  }));
}
