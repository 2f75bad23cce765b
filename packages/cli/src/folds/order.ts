// Rows in the order of time: sorted, cut where a later time begins, and what must be seen on either side of a cut.
import { type Positions, positionsSorted } from "../task/positions.ts";
import type { Target } from "../task/target.ts";

/** Earlier rows first; of equal times in the order of the table. */
export function inOrder(positions: Positions, ranks: Int32Array): Positions {
  return positionsSorted(positions, (a, b) => ranks[a] - ranks[b] || a - b);
}

/** The places of sorted rows at which a later time begins. */
export function boundariesOf(sorted: Positions, ranks: Int32Array): readonly number[] {
  const found: number[] = [];
  for (let k = 1; k < sorted.length; k++) if (ranks[sorted[k]] !== ranks[sorted[k - 1]]) found.push(k);
  return found;
}

/** The boundary nearest to each of some ascending shares of all rows, none twice; there must be enough of them. */
export function cutsNear(boundaries: readonly number[], shares: readonly number[], all: number): readonly number[] {
  let next = 0;
  return shares.map((share, k) => {
    const last = boundaries.length - (shares.length - k); // leaves one for each share that follows
    const distance = (at: number) => Math.abs(boundaries[at] - share * all);
    let at = next;
    while (at < last && distance(at + 1) <= distance(at)) at++;
    next = at + 1;
    return boundaries[at];
  });
}

/** What must be seen to be learnt and judged: the classes, or the 0 and the 1 of each label. */
export function kindCount({ kind, outputs, classes }: Target): number {
  return kind === "multilabel" ? 2 * outputs : classes.length;
}

/** Those that a row has. */
export function kindsAt({ kind, outputs, labels }: Target, position: number): readonly number[] {
  if (kind !== "multilabel") return [labels[position]];
  const own = labels.subarray(position * outputs, (position + 1) * outputs);
  return [...own].flatMap((label, j) => (label === 0 || label === 1 ? [2 * j + label] : []));
}

/** A kind in words. */
export function kindName({ kind, classes }: Target, found: number): string {
  return kind === "multilabel" ? `${classes[found >> 1]} = ${found & 1}` : classes[found];
}

/** How many kinds occur. */
export function kindsOf(target: Target, positions: Positions): number {
  const found = new Set<number>();
  for (const position of positions) for (const kind of kindsAt(target, position)) found.add(kind);
  return found.size;
}
