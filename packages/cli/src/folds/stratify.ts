// Deals rows, or groups of rows, into parts so that every class has nearly its share of each part.
import type { Random } from "../random.ts";
import type { Positions } from "../task/positions.ts";
import type { Target } from "../task/target.ts";

/** What is dealt as a whole: single rows or groups, each with the classes (or labels) in it, as sparse counts. */
export interface Units {
  readonly count: number;
  /** The unit of each row. */
  readonly unitOf: Int32Array;
  /** Rows in each unit. */
  readonly sizes: Int32Array;
  /** The entries of unit u are `starts[u]` to `starts[u + 1] - 1`: a class, and its rows in the unit. */
  readonly starts: Int32Array;
  readonly classes: Int32Array;
  readonly amounts: Int32Array;
  /**
   * Classes, or labels; a row without any label has no entry. Where rows lack labels, label k is class k and its
   * absence class labels + k, so that both are dealt evenly; a label that is not known is neither.
   */
  readonly classCount: number;
}

/** The units of some rows (positions among the kept rows); without groups each row is one. */
export function makeUnits(target: Target, rows: Positions, groups: Int32Array | null): Units {
  const { unitOf, count } = numberUnits(rows, groups);
  const sizes = new Int32Array(count);
  for (const unit of unitOf) sizes[unit]++;
  const isPartial = target.kind === "multilabel" && target.labels.includes(-1);
  const classCount = target.kind === "binary" ? 2 : isPartial ? 2 * target.outputs : target.outputs;
  const tally = new Int32Array(classCount);
  const starts = new Int32Array(count + 1);
  const most = rows.length * (target.kind === "multilabel" ? target.outputs : 1);
  const classes = new Int32Array(most);
  const amounts = new Int32Array(most);
  let entries = 0;
  const members = byUnit(unitOf, sizes);
  for (let unit = 0, end = 0; unit < count; unit++) {
    const begin = end;
    end += sizes[unit];
    for (let at = begin; at < end; at++) {
      for (const each of classesOf(target, rows[members[at]], isPartial))
        if (tally[each]++ === 0) classes[entries++] = each;
    }
    for (let entry = starts[unit]; entry < entries; entry++) {
      amounts[entry] = tally[classes[entry]];
      tally[classes[entry]] = 0;
    }
    starts[unit + 1] = entries;
  }
  return {
    count,
    unitOf,
    sizes,
    starts,
    classes: classes.slice(0, entries),
    amounts: amounts.slice(0, entries),
    classCount,
  };
}

/** In how many units each class occurs, and in how many rows. */
export function countOccurrences({ classes, amounts, classCount }: Units): { units: Int32Array; rows: Int32Array } {
  const units = new Int32Array(classCount);
  const rows = new Int32Array(classCount);
  classes.forEach((each, entry) => {
    units[each]++;
    rows[each] += amounts[entry];
  });
  return { units, rows };
}

/** What each part should get: rows, and rows of each class. The algorithms count it down. */
export interface Desire {
  readonly rows: Float64Array;
  /** `[class][part]` */
  readonly perClass: readonly Float64Array[];
}

/** Deals units; returns the part of each unit. Among equally good parts the earlier of `order` is taken. */
export function stratify(target: Target, units: Units, desire: Desire, order: Int32Array, random: Random): Int32Array {
  return target.kind === "multilabel"
    ? stratifyLabels(units, desire, order, dealingOrder(units, random, { byClass: false }))
    : stratifyClasses(units, desire, order, dealingOrder(units, random, { byClass: true }));
}

/**
 * Large groups first, while there is still room to even them out; within a size the rarest class first, if `byClass`;
 * the rest by chance. All three go into one number below 2^53, because native sorting of numbers is fast.
 */
function dealingOrder(units: Units, random: Random, { byClass }: { readonly byClass: boolean }): Int32Array {
  const { count, sizes, starts, classes, classCount } = units;
  const shuffled = random.shuffle(Int32Array.from({ length: count }, (_, unit) => unit));
  const { rows } = countOccurrences(units);
  const rarity = new Int32Array(classCount);
  Int32Array.from(rows.keys())
    .sort((a, b) => rows[a] - rows[b] || a - b)
    .forEach((each, rank) => {
      rarity[each] = rank;
    });
  const largest = sizes.reduce((max, size) => Math.max(max, size), 0);
  const keys = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    const unit = shuffled[index];
    const rank = byClass ? rarity[classes[starts[unit]]] : 0;
    keys[index] = ((largest - sizes[unit]) * classCount + rank) * count + index;
  }
  keys.sort();
  const sequence = new Int32Array(count);
  for (let place = 0; place < count; place++) {
    sequence[place] = shuffled[keys[place] - count * Math.floor(keys[place] / count)];
  }
  return sequence;
}

/**
 * One class per row: every unit goes where it lowers the squared distance from the desired shares the most.
 *
 * With g rows of class c in the unit and d still desired by a part, adding the unit changes sum_c (d / N_c)^2 by
 * sum_c (g^2 - 2 g d) / N_c^2, of which only the second term depends on the part. Single rows are dealt class by class,
 * the rarest first; ties go to the part that lacks the most rows, so that parts differ by one row at most.
 */
function stratifyClasses(units: Units, desire: Desire, order: Int32Array, sequence: Int32Array): Int32Array {
  const { starts, classes, amounts } = units;
  const squares = Float64Array.from(countOccurrences(units).rows, (rows) => rows * rows);
  const parts = new Int32Array(units.count);
  for (const unit of sequence) {
    let best = -1;
    let bestGain = 0;
    for (let k = 0; k < order.length; k++) {
      const part = order[k];
      let gain = 0;
      for (let entry = starts[unit]; entry < starts[unit + 1]; entry++) {
        const each = classes[entry];
        gain += (amounts[entry] * desire.perClass[each][part]) / squares[each];
      }
      const better = gain > bestGain || (gain === bestGain && desire.rows[part] > desire.rows[best]);
      if (best < 0 || better) {
        best = part;
        bestGain = gain;
      }
    }
    give(units, desire, parts, unit, best);
  }
  return parts;
}

/**
 * Any labels per row: iterative stratification (Sechidis, Tsoumakas & Vlahavas 2011, algorithm 1).
 *
 * Again and again the label with the fewest rows left is dealt, because it is the hardest to spread: each of its units
 * goes to the part that lacks the label most, of equals to the one that lacks the most rows. Then units without labels.
 */
function stratifyLabels(units: Units, desire: Desire, order: Int32Array, sequence: Int32Array): Int32Array {
  const left = countOccurrences(units).rows;
  const parts = new Int32Array(units.count).fill(-1);
  const deal = (unit: number, wanted: Float64Array) => {
    let best = order[0];
    for (const part of order) {
      const tied = wanted[part] === wanted[best] && desire.rows[part] > desire.rows[best];
      if (wanted[part] > wanted[best] || tied) best = part;
    }
    give(units, desire, parts, unit, best);
    for (let entry = units.starts[unit]; entry < units.starts[unit + 1]; entry++) {
      left[units.classes[entry]] -= units.amounts[entry];
    }
  };
  for (;;) {
    let rarest = -1;
    left.forEach((count, label) => {
      if (count > 0 && (rarest < 0 || count < left[rarest])) rarest = label;
    });
    if (rarest < 0) break;
    for (const unit of sequence) {
      if (parts[unit] < 0 && hasClass(units, unit, rarest)) deal(unit, desire.perClass[rarest]);
    }
  }
  for (const unit of sequence) if (parts[unit] < 0) deal(unit, desire.rows);
  return parts;
}

function give(units: Units, desire: Desire, parts: Int32Array, unit: number, part: number): void {
  parts[unit] = part;
  desire.rows[part] -= units.sizes[unit];
  for (let entry = units.starts[unit]; entry < units.starts[unit + 1]; entry++) {
    desire.perClass[units.classes[entry]][part] -= units.amounts[entry];
  }
}

function hasClass({ starts, classes }: Units, unit: number, wanted: number): boolean {
  for (let entry = starts[unit]; entry < starts[unit + 1]; entry++) if (classes[entry] === wanted) return true;
  return false;
}

function classesOf({ kind, labels, outputs }: Target, row: number, isPartial: boolean): readonly number[] {
  if (kind !== "multilabel") return [labels[row]];
  const present: number[] = [];
  for (let label = 0; label < outputs; label++) {
    const value = labels[row * outputs + label];
    if (value === 1) present.push(label);
    else if (isPartial && value === 0) present.push(outputs + label);
  }
  return present;
}

function numberUnits(rows: Positions, groups: Int32Array | null): { unitOf: Int32Array; count: number } {
  if (groups === null) return { unitOf: rows.map((_, index) => index), count: rows.length };
  const known = new Map<number, number>();
  const unitOf = rows.map((row) => {
    const unit = known.get(groups[row]) ?? known.size;
    known.set(groups[row], unit);
    return unit;
  });
  return { unitOf, count: known.size };
}

/** The rows in the order of their units (a counting sort). */
function byUnit(unitOf: Int32Array, sizes: Int32Array): Int32Array {
  const next = new Int32Array(sizes.length);
  for (let unit = 1; unit < sizes.length; unit++) next[unit] = next[unit - 1] + sizes[unit - 1];
  const members = new Int32Array(unitOf.length);
  unitOf.forEach((unit, index) => {
    members[next[unit]++] = index;
  });
  return members;
}
