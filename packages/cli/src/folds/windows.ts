// Windows in time inside the training rows: settings are chosen on rows that are later than those they are learnt from.
import { type Positions, positionsWhere } from "../task/positions.ts";
import type { Target } from "../task/target.ts";
import { boundariesOf, cutsNear, inOrder, kindsAt, kindsOf } from "./order.ts";

/** Rows to learn from, and later ones to judge on. */
export interface Window {
  readonly train: Positions;
  readonly test: Positions;
}

/**
 * Windows inside some rows, to choose settings in: one that holds out the last quarter, or up to `count` in the later
 * half, each trained on all rows before it. Equal times stay together, and a group that was learnt from is not held
 * out. Windows in which all classes are on both sides are preferred.
 *
 * @returns none where the rows have one time only, so that there is no order among them
 */
export function windowsInTime(
  target: Target,
  rows: Positions,
  ranks: Int32Array,
  groups: Int32Array | null,
  count: number,
): readonly Window[] {
  const sorted = inOrder(rows, ranks);
  const all = sorted.length;
  const boundaries = boundariesOf(sorted, ranks);
  const kinds = kindsOf(target, sorted);
  for (let windows = Math.min(count, mostWindows, boundaries.length); windows > 1; windows--) {
    const shares = Array.from({ length: windows }, (_, k) => (1 + k / windows) / 2);
    const cuts = cutsNear(boundaries, shares, all);
    const made = cuts.map((cut, k) => windowAt(sorted, cut, cuts[k + 1] ?? all, groups));
    if (made.every(({ train, test }) => kindsOf(target, train) === kinds && kindsOf(target, test) === kinds))
      return made;
  }
  const nearest = [...boundaries].sort((a, b) => Math.abs(a - 0.75 * all) - Math.abs(b - 0.75 * all));
  const [first, last] = completeBetween(target, sorted, kinds);
  const cut = nearest.find((each) => each >= first && each <= last) ?? nearest[0];
  return (cut === undefined ? [] : [windowAt(sorted, cut, all, groups)]).filter(({ test }) => test.length > 0);
}

const mostWindows = 4;

function windowAt(sorted: Positions, cut: number, end: number, groups: Int32Array | null): Window {
  const train = positionsWhere(sorted, (_, index) => index < cut);
  const known = new Set(groups === null ? [] : Array.from(train, (position) => groups[position]));
  const isHeld = (position: number, index: number) =>
    index >= cut && index < end && !(groups !== null && known.has(groups[position]));
  return { train, test: positionsWhere(sorted, isHeld) };
}

/** Before which place of the sorted rows all that occurs has occurred, and from which on all of it still comes. */
function completeBetween(target: Target, sorted: Positions, kinds: number): readonly [number, number] {
  const after = (order: Int32Array) => {
    const found = new Set<number>();
    const at = order.findIndex((position) => {
      for (const kind of kindsAt(target, position)) found.add(kind);
      return found.size === kinds;
    });
    return at + 1;
  };
  return [after(sorted), sorted.length - after(sorted.toReversed())];
}
