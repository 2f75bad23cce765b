// Which cells of a table count as missing.
import type { Column, NumberColumn } from "./read.ts";

/** Texts that mean "no value", compared in lower case and without blanks around them. */
export const missingSpellings: readonly string[] = [
  "",
  "na",
  "n/a",
  "n.a.",
  "#n/a",
  "<na>",
  "nan",
  "null",
  "none",
  "nil",
  "nat",
  "?",
  "-",
  "--",
  ".",
];

const spelled = new Set(missingSpellings);

/** Whether a cell's text means that its value is missing. */
export function isMissing(text: string): boolean {
  return spelled.has(text.trim().toLowerCase());
}

/** Whether a column has no value in a row. */
export function isMissingAt(column: Column, row: number): boolean {
  return column.kind === "number" ? Number.isNaN(column.values[row]) : column.codes[row] === -1;
}

/** In how many of the rows a column has no value. */
export function countMissing(column: Column, rows: Int32Array): number {
  let missing = 0;
  for (let i = 0; i < rows.length; i++) if (isMissingAt(column, rows[i]!)) missing++;
  return missing;
}

/** The values of some rows, without those that are missing. */
export function presentValues({ values }: NumberColumn, rows: Int32Array): Float64Array {
  const present = new Float64Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]!]!;
    if (!Number.isNaN(value)) present[count++] = value;
  }
  return present.subarray(0, count);
}
