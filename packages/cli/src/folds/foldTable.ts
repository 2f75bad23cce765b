// Other people's folds: a table with a column for each repeat, so that any other tool's run can be matched row by row.

import { CliError, detailTexts, foldTexts } from "../errors.ts";
import { byWhole, isWhole, sameDecimal } from "../table/decimal.ts";
import { exactOf } from "../table/exact.ts";
import type { Column, Table } from "../table/table.ts";
import type { Target } from "../task/target.ts";
import { classInOneFold, type Folds, hashFolds } from "./assignment.ts";

/**
 * Reads folds for the kept rows from a table that has a row for each of the `rows` rows of the data, in the same order.
 * Folds may have any whole numbers as names, of any length; they are numbered from 0 in increasing order. One number
 * in two spellings is refused, since nobody can say whether it is one fold.
 * @throws CliError for folds that do not fit the data or cannot be learned from
 */
export function foldsFromTable(table: Table, target: Target, rows: number): Folds {
  const { source, columns } = table;
  if (columns.length === 0) throw new CliError(foldTexts.fileEmpty(source));
  if (table.rows !== rows) throw new CliError(foldTexts.fileRows(source, table.rows, rows));
  const read = columns.map((column) => readColumn(source, column, target));
  const count = read[0].names.length;
  const other = read.findIndex(({ names }) => names.length !== count);
  if (other >= 0) {
    const found = read[other].names.length;
    throw new CliError(foldTexts.fileCounts(source, columns[0].name, count, columns[other].name, found));
  }
  const repeats = read.map(({ folds }) => folds);
  return { count, repeats, hash: hashFolds(repeats) };
}

function readColumn(source: string, column: Column, target: Target): { names: readonly string[]; folds: Int32Array } {
  const { name } = column;
  const { codes, texts } = exactOf(column);
  // Numbers with leading zeros are names elsewhere.
  if (column.kind !== "number" && !texts.every(isWhole)) throw new CliError(foldTexts.fileColumn(source, name, "text"));
  if (column.kind === "number" && column.from === "date") {
    throw new CliError(foldTexts.fileColumn(source, name, "dates"));
  }
  const wrong = target.rows.find((row) => codes[row] === -1 || !isWhole(texts[codes[row]]));
  if (wrong !== undefined) {
    throw new CliError(
      foldTexts.fileColumn(source, name, codes[wrong] === -1 ? detailTexts.missingValue() : texts[codes[wrong]]),
    );
  }
  const names = texts.filter(isWhole).sort(byWhole);
  if (names.length < 2) throw new CliError(foldTexts.fileOneFold(source, name));
  const twice = names.findIndex((each, k) => k > 0 && sameDecimal(each) === sameDecimal(names[k - 1]));
  if (twice > 0) throw new CliError(foldTexts.fileSpellings(source, name, names[twice - 1], names[twice]));
  const numbers = new Map(names.map((each, fold) => [each, fold]));
  const folds = Int32Array.from(target.rows, (row) => numbers.get(texts[codes[row]]) as number);
  const sizes = new Int32Array(names.length);
  for (const fold of folds) sizes[fold]++;
  const small = sizes.findIndex((size) => size < 2);
  if (small >= 0) throw new CliError(foldTexts.fileFoldSize(source, name, names[small], sizes[small]));
  const lonely = classInOneFold(target, folds);
  if (lonely !== null) throw new CliError(foldTexts.fileClass(source, name, names[lonely.fold], lonely.name));
  return { names, folds };
}
