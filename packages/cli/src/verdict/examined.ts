// What was found in a table, as one document: its columns, its target, every note.
import { basename } from "node:path";
import { type Told, toldOf } from "../checks/telling.ts";
import type { Note } from "../notes.ts";
import { readingWords } from "../table/reading.ts";
import { rowRange } from "../table/rows.ts";
import { type Column, countMissing, type Table } from "../table/table.ts";
import type { Dropped } from "../task/features.ts";
import type { Target } from "../task/target.ts";
import { classCounts } from "../task/task.ts";

/** A table and its target as they were checked. */
export interface Examined {
  readonly table: Table;
  /** Null where none was named. */
  readonly target: Target | null;
  readonly features: readonly Column[];
  readonly dropped: readonly Dropped[];
  /** What the columns are for that a flag names. */
  readonly named: ReadonlyMap<string, "group" | "weight" | "time">;
  readonly notes: readonly Note[];
}

/** Everything that `surprisal check` tells. */
export interface ExaminedTable {
  readonly table: { readonly source: string; readonly rows: number };
  readonly columns: readonly ExaminedColumn[];
  readonly target: {
    readonly kind: "binary" | "multiclass" | "multilabel";
    readonly columns: readonly string[];
    readonly classes: readonly { readonly name: string; readonly rows: number }[];
    /** Rows with a label. */
    readonly rows: number;
  } | null;
  /** The heaviest first; those that are ignored are marked. */
  readonly notes: readonly Told[];
}

/** A column and what becomes of it. */
export interface ExaminedColumn {
  readonly name: string;
  readonly role: "feature" | "target" | "group" | "weight" | "time" | "left out";
  readonly kind: "number" | "date" | "category";
  /** How its cells are read, in words. */
  readonly reading: string;
  readonly missing: number;
  /** Different texts of a category. */
  readonly levels: number | null;
  /** The least and the largest value of numbers and dates; null where all are missing, and for a category. */
  readonly range: readonly [number, number] | readonly [string, string] | null;
}

/** The document. */
export function describeExamined(
  { table, target, features, dropped, named, notes }: Examined,
  ignore: readonly string[] | undefined,
): ExaminedTable {
  const all = rowRange(0, table.rows);
  const counts = target === null ? [] : classCounts(target);
  const roleOf = (column: Column): ExaminedColumn["role"] => {
    if (target?.columns.includes(column.name)) return "target";
    if (features.includes(column)) return "feature";
    return dropped.some((each) => each.column === column.name) ? "left out" : (named.get(column.name) ?? "left out");
  };
  return {
    table: { source: basename(table.source), rows: table.rows },
    columns: table.columns.map((column) => ({
      name: column.name,
      role: roleOf(column),
      kind: column.kind === "number" ? column.from : "category",
      reading: readingWords(column.reading),
      missing: countMissing(column, all),
      levels: column.kind === "category" ? column.levels.length : null,
      range: rangeOf(column),
    })),
    target: target && {
      kind: target.kind,
      columns: target.columns,
      classes: target.classes.map((name, k) => ({ name, rows: counts[k]! })),
      rows: target.rows.length,
    },
    notes: toldOf(notes, ignore),
  };
}

function rangeOf(column: Column): ExaminedColumn["range"] {
  if (column.kind === "category") return null;
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of column.values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (least > most) return null;
  return column.from === "date" ? [dateText(least), dateText(most)] : [least, most];
}

/** Days since 1970 as a date, with its time of day where it has one. */
function dateText(days: number): string {
  const date = new Date(Math.round(days * 86_400_000));
  if (Number.isNaN(date.getTime())) return String(days);
  return date
    .toISOString()
    .replace(/:00\.000Z$|\.\d+Z$/, "")
    .replace(/T00:00$/, "")
    .replace("T", " ");
}
