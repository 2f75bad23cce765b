// A table in memory: its columns, of numbers and of categories, and the cells that they lack.
import type { Note } from "../notes.ts";
import type { CategoryReading, DateReading, NumberReading } from "./reading.ts";
import type { TableRows } from "./rows.ts";

export interface NumberColumn {
  readonly kind: "number";
  readonly name: string;
  /** NaN is missing; a date is its days since 1970-01-01. Never infinite. */
  readonly values: Float64Array;
  readonly from: "number" | "date";
  /** How its cells are read. */
  readonly reading: NumberReading | DateReading;
  /** The cells by their text, where it was asked for. */
  readonly exact?: Exact;
  /** What float64 could not keep, if anything. */
  readonly lost?: Lost;
}

export interface CategoryColumn {
  readonly kind: "category";
  readonly name: string;
  /** Positions in `levels`, -1 is missing. */
  readonly codes: Int32Array;
  /** Sorted, as the file spells them; the levels of booleans that are no texts are "false" and "true". */
  readonly levels: readonly string[];
  /** How its cells are read. */
  readonly reading: CategoryReading;
  /** The cells by their text, where it was asked for. */
  readonly exact?: Exact;
}

export type Column = NumberColumn | CategoryColumn;

export interface Table {
  readonly source: string;
  readonly rows: number;
  readonly columns: readonly Column[];
  readonly notes: readonly Note[];
}

/** Cells by their text; a number is not told from others by its value but by how it is written. */
export interface Exact {
  /** Positions in `texts`, -1 is missing. */
  readonly codes: Int32Array;
  readonly texts: readonly string[];
}

/** What a column of numbers lost when it was read. */
export interface Lost {
  /** Equal where the numbers are equal in every digit of the file; -1 is missing. */
  readonly codes: Int32Array;
  /** The rows whose number is not the one in the file. */
  readonly rows: number;
  /** One of them, as the file has it and as it was read. */
  readonly example: readonly [written: string, read: number];
}

/** Whether a column has no value in a row. */
export function isMissingAt(column: Column, row: number): boolean {
  return column.kind === "number" ? Number.isNaN(column.values[row]) : column.codes[row] === -1;
}

/** In how many of the rows a column has no value. */
export function countMissing(column: Column, rows: TableRows): number {
  let missing = 0;
  for (let i = 0; i < rows.length; i++) if (isMissingAt(column, rows[i]!)) missing++;
  return missing;
}

/**
 * The values of some rows, without those that are missing.
 *
 * @param present what is filled: whoever asks for many columns, one after the other, needs memory for one
 */
export function presentValues(
  { values }: NumberColumn,
  rows: TableRows,
  present = new Float64Array(rows.length),
): Float64Array {
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]!]!;
    if (!Number.isNaN(value)) present[count++] = value;
  }
  return present.subarray(0, count);
}
