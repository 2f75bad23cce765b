// Columns that cannot help: constants, empty ones, and identifiers that only name the rows.

import { looksLikeDate } from "../table/dateLike.ts";
import type { TableRows } from "../table/rows.ts";
import type { CategoryColumn, Column, NumberColumn } from "../table/table.ts";
import { presentValues } from "../table/table.ts";

/** In fewer rows than this, values that all differ are nothing special. */
const fewestRows = 20;
const idWord = /(^|[^a-z])(id|uuid|guid|key|index|idx|row|rownames?)([^a-z]|$)/i;
const idEnding = /[a-z]I[dD]$/;
export const isIdName = (name: string): boolean => idWord.test(name) || idEnding.test(name);
const hash = /^(0x)?[0-9a-f]{8,}$|^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** Whether a text is a hash or a UUID. */
export const isHash = (text: string): boolean => hash.test(text);

/** Why a column cannot help in these rows, or null if it can. */
export function findFault(column: Column, rows: TableRows): string | null {
  return column.kind === "number" ? findNumberFault(column, rows) : findCategoryFault(column, rows);
}

function findNumberFault(column: NumberColumn, rows: TableRows): string | null {
  const present = presentValues(column, rows);
  const constant = present.every((value) => value === present[0]);
  if (constant && column.lost !== undefined) return "the same in every row as far as a float64 can tell";
  return (
    findEmptiness({ constant, present: present.length, rows: rows.length }) ?? numberId(column, rows, present.length)
  );
}

function findCategoryFault(column: CategoryColumn, rows: TableRows): string | null {
  const counts = new Int32Array(column.levels.length);
  let present = 0;
  for (const row of rows) {
    const code = column.codes[row]!;
    if (code === -1) continue;
    counts[code]!++;
    present++;
  }
  const different = counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  return findEmptiness({ constant: different === 1, present, rows: rows.length }) ?? textId(column, present, different);
}

/** How much there is in a column. */
interface Extent {
  /** Whether all values are one. */
  readonly constant: boolean;
  readonly present: number;
  readonly rows: number;
}

/** One value beside gaps is no constant: it still says which rows have it. */
function findEmptiness({ constant, present, rows }: Extent): string | null {
  if (present === 0) return "missing in every row";
  return constant && present === rows ? "the same in every row" : null;
}

/** Whether all values are whole and different, in every digit of the file; stops at the first that is not. */
function areDistinctIntegers({ values, lost }: NumberColumn, rows: TableRows): boolean {
  const seen = new Set<number>();
  for (const row of rows) {
    const value = values[row]!;
    if (Number.isNaN(value)) continue;
    const known = lost === undefined ? value : lost.codes[row]!;
    if (!Number.isInteger(value) || seen.has(known)) return false;
    seen.add(known);
  }
  return true;
}

function numberId(column: NumberColumn, rows: TableRows, present: number): string | null {
  const { name, values, from } = column;
  if (from === "date" || present < fewestRows || !areDistinctIntegers(column, rows)) return null;
  // All rows count here: those without a label leave gaps in 1 to n.
  let least = Infinity;
  let most = -Infinity;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
    count++;
  }
  if (most - least + 1 === count) return "looks like an identifier (whole numbers that count the rows)";
  return isIdName(name) ? "looks like an identifier (whole numbers that all differ, and its name)" : null;
}

function textId({ name, levels }: CategoryColumn, present: number, different: number): string | null {
  if (present < fewestRows) return null;
  if (different > 0.95 * present && levels.every(looksLikeDate)) {
    return "a date in a format that is not read, nearly always another";
  }
  if (different === present) return "looks like an identifier (all texts differ)";
  const share = different / present;
  if (share > 0.95 && isIdName(name)) return "looks like an identifier (nearly all texts differ, and its name)";
  const hashes = different > present / 2 && levels.every(isHash);
  return hashes ? "looks like an identifier (hashes, most of them different)" : null;
}
