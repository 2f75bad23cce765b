// Small tables for tests, made from plain lists; null is missing.
import type { Note } from "../src/notes.ts";
import { missingSpellings } from "../src/table/missing.ts";
import type { CategoryReading, DateReading, NumberReading } from "../src/table/reading.ts";
import { rowRange, type TableRows } from "../src/table/rows.ts";
import type { Column, Table } from "../src/table/table.ts";
import type { Positions } from "../src/task/positions.ts";

/** How every program writes numbers, dates and names. */
export const plainNumbers: NumberReading = {
  as: "number",
  decimal: ".",
  prefix: "",
  suffix: "",
  missing: missingSpellings,
};
export const plainDates: DateReading = { as: "date", order: "ymd", missing: missingSpellings };
export const plainNames: CategoryReading = { as: "category", missing: missingSpellings };

type Cell = number | string | null;

export function column(name: string, cells: readonly Cell[]): Column {
  if (cells.every((cell) => typeof cell !== "string")) {
    return {
      kind: "number",
      name,
      values: Float64Array.from(cells, (cell) => cell ?? Number.NaN),
      from: "number",
      reading: plainNumbers,
    };
  }
  const levels = [...new Set(cells.filter((cell) => cell !== null).map(String))].sort();
  const codes = Int32Array.from(cells, (cell) => (cell === null ? -1 : levels.indexOf(String(cell))));
  return { kind: "category", reading: plainNames, name, codes, levels };
}

export function tableOf(cells: Readonly<Record<string, readonly Cell[]>>): Table {
  const columns = Object.entries(cells).map(([name, values]) => column(name, values));
  return { source: "a table of the test", rows: Object.values(cells)[0]!.length, columns, notes: [] };
}

export function repeat<T>(rows: number, cell: (row: number) => T): T[] {
  return Array.from({ length: rows }, (_, row) => cell(row));
}

export const allRows = (rows: number): TableRows => rowRange(0, rows);

export const rowsOf = (rows: Iterable<number>): TableRows => Int32Array.from(rows) as TableRows;

export const positionsOf = (places: Iterable<number>): Positions => Int32Array.from(places) as Positions;

export const textsOf = (notes: readonly Pick<Note, "text">[]): readonly string[] => notes.map(({ text }) => text);
