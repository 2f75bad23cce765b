// Positions among the kept rows, as a type of their own: folds deal and splits part these, not rows of the table.
import { rowsAt, type TableRows } from "../table/rows.ts";
import type { Target } from "./target.ts";

declare const position: unique symbol;

/** Some of the rows that have a label, each by its place among them, from 0. */
export type Positions = Int32Array & { readonly [position]: true };

/** All of them. */
export function allPositions({ rows }: Pick<Target, "rows">): Positions {
  return new Int32Array(rows.length).map((_, position) => position) as Positions;
}

/** Those of the positions for which something holds. */
export function positionsWhere(positions: Positions, holds: (position: number, index: number) => boolean): Positions {
  // A filter of a typed array makes a list of objects first, several times as large.
  const kept = new Int32Array(positions.length);
  let count = 0;
  for (let index = 0; index < positions.length; index++) {
    if (holds(positions[index], index)) kept[count++] = positions[index];
  }
  return kept.slice(0, count) as Positions;
}

/** The rows of the table that stand at some positions. */
export function tableRowsOf({ rows }: Pick<Target, "rows">, positions: Positions): TableRows {
  return rowsAt(rows, positions);
}

/** So many of a list of positions, from one place on; fewer at its end. */
export function positionsFrom(positions: Positions, from: number, count: number): Positions {
  return positions.subarray(from, from + count) as Positions;
}

/** Lists of positions, one behind the other. */
export function joinedPositions(parts: readonly Positions[]): Positions {
  const all = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0)) as Positions;
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The positions in another order: those that come first by a comparison of two. */
export function positionsSorted(positions: Positions, compare: (a: number, b: number) => number): Positions {
  return positions.slice().sort(compare) as Positions;
}
