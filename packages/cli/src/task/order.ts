// Rows that stand in the order of a date, and whether the answer changes along it.
import { rowsWhere, type TableRows } from "../table/rows.ts";
import type { NumberColumn } from "../table/table.ts";
import type { Target } from "./target.ts";

/** Fewer rows or days than this stand in order by chance, or for no reason. */
const fewest = { rows: 50, days: 10 } as const;
/** Standard deviations of the difference that are no chance. */
const noChance = 4;

/** A class or label that is more or less frequent in the later half of the rows. */
export interface Drift {
  readonly output: string;
  /** Its shares. */
  readonly earlier: number;
  readonly later: number;
}

/** Whether nearly all rows have a date, and stand in the order of it, up or down. */
export function isInOrder({ values, from }: NumberColumn, rows: TableRows): boolean {
  const present = rowsWhere(rows, (row) => !Number.isNaN(values[row]!));
  if (from !== "date" || rows.length < fewest.rows || present.length < 0.95 * rows.length) return false;
  let [up, down, days] = [0, 0, 1];
  for (let i = 1; i < present.length; i++) {
    const step = values[present[i]!]! - values[present[i - 1]!]!;
    if (step > 0) up++;
    if (step < 0) down++;
    if (step !== 0) days++;
  }
  return days >= fewest.days && Math.min(up, down) === 0;
}

/** The class or label that changes most from the earlier to the later half, if that is no chance. */
export function driftAlong({ values }: NumberColumn, target: Target): Drift | null {
  const { kind, rows, labels, outputs, classes } = target;
  const places = [...rows.keys()].filter((i) => !Number.isNaN(values[rows[i]!]!));
  places.sort((a, b) => values[rows[a]!]! - values[rows[b]!]!);
  const half = Math.floor(places.length / 2);
  const names = kind === "binary" ? [classes[1]!] : classes;
  let [best, most]: [Drift | null, number] = [null, noChance];
  names.forEach((output, k) => {
    const has = (i: number) => (kind === "multiclass" ? labels[i] === k : labels[i * outputs + k] === 1);
    const share = (part: readonly number[]) => part.reduce((sum, i) => sum + Number(has(i)), 0) / part.length;
    const [earlier, later] = [share(places.slice(0, half)), share(places.slice(half))];
    const all = share(places);
    const deviation = Math.abs(later - earlier) / Math.sqrt((4 * all * (1 - all)) / places.length);
    if (deviation > most) [best, most] = [{ output, earlier, later }, deviation];
  });
  return best;
}
