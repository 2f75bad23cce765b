// What encoding makes of columns that is not seen in them: categories of which nothing is left.
import { featureNotes, type Note } from "../notes.ts";
import type { TableRows } from "../table/rows.ts";
import type { Column } from "../table/table.ts";
import { fitEncoder } from "./encode.ts";

/** Categories none of whose levels gets a feature of its own when all rows are learnt from. */
export function encodingNotes(columns: readonly Column[], rows: TableRows): readonly Note[] {
  const { columns: encoded } = fitEncoder(columns, rows);
  return encoded.flatMap((each, k) => {
    const column = columns[k]!;
    if (each.kind === "number" || column.kind === "number" || each.levels.length > 0) return [];
    return [featureNotes.noLevelKept(each.name, column.levels.length, each.missingAt !== null)];
  });
}
