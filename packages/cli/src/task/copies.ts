// Columns that are another column times a constant, as far as their decimals show.

import { rowsWhere, type TableRows } from "../table/rows.ts";
import type { NumberColumn } from "../table/table.ts";

/** Tables with more columns of numbers than this are not searched for copies. */
const mostColumns = 1000;

export interface Copy {
  readonly column: string;
  readonly of: string;
  /** Whether the line goes through zero. */
  readonly proportional: boolean;
}

/** For every column that is a linear copy of an earlier one: of which, the first. */
export function linearCopies(columns: readonly NumberColumn[], rows: TableRows): Copy[] {
  if (columns.length > mostColumns || rows.length < 10) return [];
  const few = rowsWhere(rows, (_, i) => i % Math.ceil(rows.length / 200) === 0);
  const shapes = columns.map((column) => standardise(column, few));
  const copies: Copy[] = [];
  columns.forEach((column, j) => {
    for (let i = 0; i < j; i++) {
      const a = shapes[i]!;
      const b = shapes[j]!;
      if (a === null || b === null || a.length !== b.length) continue;
      let product = 0;
      for (let k = 0; k < a.length; k++) product += a[k]! * b[k]!;
      if (Math.abs(product) < 0.999) continue;
      const copy = copyOf(columns[i]!, column, rows);
      if (copy === null) continue;
      copies.push(copy);
      break;
    }
  });
  return copies;
}

/** The present values with mean 0 and length 1; null for a constant. */
function standardise({ values }: NumberColumn, rows: TableRows): Float64Array | null {
  const present = Float64Array.from(rows, (row) => values[row]!).filter((value) => !Number.isNaN(value));
  const mean = present.reduce((sum, value) => sum + value / present.length, 0);
  const centred = present.map((value) => value - mean);
  const length = Math.hypot(...centred);
  return length > 0 && Number.isFinite(length) ? centred.map((value) => value / length) : null;
}

/** Fits y = slope x + offset and accepts it if no row is farther off than the last written decimal explains. */
function copyOf(x: NumberColumn, y: NumberColumn, rows: TableRows): Copy | null {
  const present = rowsWhere(rows, (row) => !Number.isNaN(x.values[row]!));
  if (rows.some((row) => Number.isNaN(x.values[row]!) !== Number.isNaN(y.values[row]!))) return null;
  const n = present.length;
  if (n < 10) return null;
  let meanX = 0;
  let meanY = 0;
  for (const row of present) {
    meanX += x.values[row]! / n;
    meanY += y.values[row]! / n;
  }
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (const row of present) {
    const dx = x.values[row]! - meanX;
    const dy = y.values[row]! - meanY;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  if (!(xx > 0 && yy > 0 && Number.isFinite(xx * yy))) return null;
  const slope = xy / xx;
  const offset = meanY - slope * meanX;
  const sd = Math.sqrt(yy / n);
  // Half a decimal of y, and of x where x itself looks rounded; whole numbers are taken as exact.
  const unitX = unitOf(x, present);
  const rounding = 0.55 * unitOf(y, present) + (unitX < 1 ? 0.55 * Math.abs(slope) * unitX : 0);
  const allowed = Math.min(rounding, 0.02 * sd) + 1e-9 * sd;
  for (const row of present) {
    if (Math.abs(y.values[row]! - slope * x.values[row]! - offset) > allowed) return null;
  }
  return { column: y.name, of: x.name, proportional: Math.abs(offset) <= allowed + 1e-9 * Math.abs(meanY) };
}

/** The size of the last decimal that a column is written with, 0 where there are more than six. */
function unitOf({ values }: NumberColumn, rows: TableRows): number {
  let decimals = 0;
  for (const row of rows) {
    while (
      decimals <= 6 &&
      Math.abs(values[row]! * 10 ** decimals - Math.round(values[row]! * 10 ** decimals)) > 1e-6
    ) {
      decimals++;
    }
    if (decimals > 6) return 0;
  }
  return 10 ** -decimals;
}
