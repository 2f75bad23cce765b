// A hold-out: a table beside the one that is learnt from, with the labels of its rows.
import { CliError, tableTexts } from "../errors.ts";
import { exactOf } from "../table/exact.ts";
import { rowRange, rowsWhere } from "../table/rows.ts";
import type { Column, Table } from "../table/table.ts";
import { labelLevels, presentCode } from "./levels.ts";
import type { Target } from "./target.ts";

/** A table that the final model is judged on. */
export interface TestTable {
  readonly table: Table;
  /** The target of what is learnt from, with the rows of this table that have a label. */
  readonly target: Target;
  /** How many rows have none. */
  readonly unlabelled: number;
  /** How many of the target's rows are in the training table, too, with equal features and labels. */
  readonly known: number;
}

/** The rows of a table that have a label, by the classes of a target; of several labels any, the others do not count. */
export function testTarget(
  table: Table,
  target: Target,
  { dropClasses = [], positive }: { readonly dropClasses?: readonly string[]; readonly positive?: string | undefined },
): Pick<TestTable, "target" | "unlabelled"> {
  const columns = target.columns.map((name) => table.columns.find((column) => column.name === name) as Column);
  const codes =
    target.kind === "multilabel"
      ? columns.map((column) => presence(column, positive))
      : [classesIn(table, columns[0], target.classes, dropClasses)];
  const every = rowRange(0, table.rows);
  const rows = rowsWhere(every, (row) => codes.some((each) => each[row] >= 0));
  if (rows.length === 0) throw new CliError(tableTexts.testWithoutLabels(table.source));
  const labels = new Int32Array(rows.length * codes.length);
  rows.forEach((row, n) => {
    for (const [k, each] of codes.entries()) labels[n * codes.length + k] = each[row];
  });
  const weights = labels.includes(-1) ? Float64Array.from(labels, (label) => Number(label !== -1)) : null;
  return {
    target: { ...target, rows, labels, weights },
    unlabelled: every.filter((row) => codes.every((each) => each[row] === -1)).length,
  };
}

/** Of each row the class, -1 where there is none, -2 where it is one that is not wanted. */
function classesIn(
  { source }: Table,
  column: Column,
  classes: readonly string[],
  dropClasses: readonly string[],
): Int32Array {
  const { codes, texts } = exactOf(column);
  const known = texts.map((text) => (dropClasses.includes(text) ? -2 : classes.indexOf(text)));
  const unknown = codes.findIndex((code) => code !== -1 && known[code] === -1);
  if (unknown >= 0) {
    throw new CliError(tableTexts.testClass(source, unknown + 1, texts[codes[unknown]], column.name, classes));
  }
  return codes.map((code) => (code === -1 ? -1 : known[code]));
}

/** Of each row whether the label is present, -1 where nobody knows. */
function presence(column: Column, positive: string | undefined): Int32Array {
  const { levels } = labelLevels(column);
  const present = presentCode(column.name, levels, positive);
  return levels.codes.map((code) => (code === -1 ? -1 : Number(code === present)));
}
