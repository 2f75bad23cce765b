// What encoding does that is not seen in columns: categories of which nothing is left, numbers that became one.
import { featureNotes, type Note } from "../notes.ts";
import type { TableRows } from "../table/rows.ts";
import type { Column, NumberColumn } from "../table/table.ts";
import { type EncodedColumn, type FeatureForm, fitEncoder } from "./encode.ts";

/** The columns that say less, or nothing, as features when all rows are learnt from. */
export function encodingNotes(columns: readonly Column[], rows: TableRows, form: FeatureForm): readonly Note[] {
  const { columns: encoded } = fitEncoder(columns, rows, null, form);
  return encoded.flatMap((each, k) => {
    const column = columns[k]!;
    if (each.kind === "category" && column.kind === "category") {
      if (each.levels.length > 0) return [];
      return [featureNotes.noLevelKept(each.name, column.levels.length, each.missingAt !== null)];
    }
    return each.kind === "number" && column.kind === "number" ? scaledNotes(column, each, rows) : [];
  });
}

/** One value so large that the others are the same float32 beside it. */
function scaledNotes(
  { name, values }: NumberColumn,
  { center, scale }: Extract<EncodedColumn, { kind: "number" }>,
  rows: TableRows,
): readonly Note[] {
  const read = new Set<number>();
  const first = new Map<number, number>();
  for (const row of rows) {
    const value = values[row]!;
    if (Number.isNaN(value)) continue;
    if (read.size < 3) read.add(value);
    const feature = Math.fround((value - center) / scale);
    if (!first.has(feature)) first.set(feature, row);
    if (first.size > 2) return [];
  }
  if (read.size < 3) return [];
  const far = [...first.values()].reduce((a, b) => (Math.abs(values[a]!) > Math.abs(values[b]!) ? a : b));
  return [featureNotes.scaledAway(name, values[far]!, far + 1)];
}
