// Gaps that belong together: columns that are missing in the same rows.
import type { TableRows } from "../table/rows.ts";
import { type Column, isMissingAt } from "../table/table.ts";

/** Fewer gaps than this are in the same rows by chance. */
const fewestGaps = 5;

/** Columns with gaps in exactly the same rows. */
export interface SameGaps {
  readonly names: readonly string[];
  readonly rows: number;
}

/** Every group of at least two. */
export function sameGaps(columns: readonly Column[], rows: TableRows): readonly SameGaps[] {
  const groups = new Map<string, { readonly names: string[]; readonly rows: number }>();
  for (const column of columns) {
    const where = rows.filter((row) => isMissingAt(column, row));
    if (where.length < fewestGaps || where.length === rows.length) continue;
    const key = hashOf(where);
    const group = groups.get(key) ?? { names: [], rows: where.length };
    group.names.push(column.name);
    groups.set(key, group);
  }
  return [...groups.values()].filter(({ names }) => names.length > 1);
}

/** How many rows, and two different sums over them: equal for different rows once in very many tables. */
function hashOf(rows: Int32Array): string {
  let [a, b] = [17, 31];
  for (const row of rows) {
    a = (Math.imul(a, 31) + row) | 0;
    b = (Math.imul(b ^ row, 0x9e3779b1) + 7) | 0;
  }
  return `${rows.length} ${a} ${b}`;
}
