// Identifiers that repeat: rows of one patient, customer or device, which are hardly independent of each other.
import type { TableRows } from "../table/rows.ts";
import type { Column } from "../table/table.ts";
import { isMissingAt } from "../table/table.ts";
import { isHash, isIdName } from "./identifiers.ts";

/** With fewer different values, or fewer rows of each, an identifier is as good as a category. */
const fewest = { values: 10, rows: 2 } as const;

const bearer =
  "patient|customer|client|user|subject|participant|person|member|household|account|student|employee|animal|mouse|donor|device|machine|kunde|kunden|patienten|teilnehmer|proband|probanden|geraet|haushalt";
const bearerName = new RegExp(`^(${bearer})s?[ _-]?(id|nr|no|num|number|nummer|code|key)?$`, "i");

/** How many rows a value has at the median, where a column names what rows belong to; null where it does not. */
export function rowsOfEach(column: Column, rows: TableRows): number | null {
  if (!looksLikeId(column)) return null;
  const counts = new Map<number, number>();
  for (const row of rows) {
    if (isMissingAt(column, row)) continue;
    const value = valueAt(column, row);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  if (counts.size < fewest.values) return null;
  const sorted = [...counts.values()].sort((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)]!;
  return median >= fewest.rows ? median : null;
}

/** Whether rows with equal values are together already, by another column. */
export function isWithin(column: Column, group: Column, rows: TableRows): boolean {
  const groupOf = new Map<number, number>();
  for (const row of rows) {
    if (isMissingAt(column, row)) continue;
    const value = valueAt(column, row);
    const own = isMissingAt(group, row) ? Number.NaN : valueAt(group, row);
    const known = groupOf.get(value);
    if (known === undefined) groupOf.set(value, own);
    else if (known !== own) return false;
  }
  return true;
}

const valueAt = (column: Column, row: number): number =>
  column.kind === "number" ? column.values[row]! : column.codes[row]!;

function looksLikeId(column: Column): boolean {
  if (column.kind === "number") {
    if (column.from === "date" || !(isIdName(column.name) || bearerName.test(column.name))) return false;
    return column.values.every((value) => Number.isNaN(value) || Number.isInteger(value));
  }
  const { name, levels } = column;
  if (levels.every(isHash)) return true;
  // Subjects, users and the like are also names of ordinary categories; numbers in them are not.
  return isIdName(name) || (bearerName.test(name) && levels.every((level) => /\d/.test(level)));
}
