// Rows that must stay together in a fold: those of a group column, and identical rows.
import { exactOf } from "../table/exact.ts";
import type { TableRows } from "../table/rows.ts";
import type { Column, Table } from "../table/table.ts";
import { columnNamed, type Target } from "../task/target.ts";

/** What is to stay together. */
export interface GroupsAsked {
  /** The column whose equal values do. */
  readonly group?: string | undefined;
  /** Whether copies of a row may part from it. */
  readonly keepDuplicates: boolean;
}

/** The groups of the kept rows. */
export interface RowGroups {
  /** By the group column alone; null where each row is its own. */
  readonly own: Int32Array | null;
  /** By the group column and, unless they may part, by copies. */
  readonly all: Int32Array | null;
  /** By copies alone; null where there are none. */
  readonly ofCopies: Int32Array | null;
  /** How many rows are copies of an earlier one. */
  readonly copies: number;
}

/** Groups the kept rows by a column and by equal features. */
export function rowGroups(
  { group, keepDuplicates }: GroupsAsked,
  table: Table,
  target: Target,
  features: readonly Column[],
): RowGroups {
  const own = group === undefined ? null : columnGroups(columnNamed(table, group, "--group"), target.rows);
  const { groups: ofCopies, duplicates: copies } = duplicateGroups(features, target.rows);
  return { own, all: keepDuplicates ? own : mergeGroups(own, ofCopies), ofCopies, copies };
}

/** Groups of identical rows (over these columns, missing equal to missing), and how many rows copy an earlier one. */
export function duplicateGroups(
  columns: readonly Column[],
  rows: TableRows,
): { groups: Int32Array | null; duplicates: number } {
  const hashes = hashRows(columns, rows);
  const groups = new Int32Array(rows.length);
  // Open addressing; a slot holds the first row of a group plus one. Equal hashes are compared value by value.
  const mask = 2 ** Math.ceil(Math.log2(2 * rows.length + 2)) - 1;
  const slots = new Int32Array(mask + 1);
  let count = 0;
  for (let position = 0; position < rows.length; position++) {
    let slot = hashes[position] & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const first = slots[slot] - 1;
      if (hashes[first] === hashes[position] && equalRows(columns, rows[first], rows[position])) break;
    }
    if (slots[slot] === 0) {
      slots[slot] = position + 1;
      groups[position] = count++;
    } else {
      groups[position] = groups[slots[slot] - 1];
    }
  }
  const duplicates = rows.length - count;
  return { groups: duplicates === 0 ? null : groups, duplicates };
}

/** The groups of a column: equal texts belong together, `1` and `1.0` do not; a missing value is a group of its own. */
export function columnGroups(column: Column, rows: TableRows): Int32Array {
  const { codes } = exactOf(column);
  const known = new Map<number, number>();
  let count = 0;
  return Int32Array.from(rows, (row) => {
    const code = codes[row];
    if (code < 0) return count++;
    const group = known.get(code);
    if (group !== undefined) return group;
    known.set(code, count);
    return count++;
  });
}

/** Keeps together what either grouping keeps together, also through chains. */
export function mergeGroups(a: Int32Array | null, b: Int32Array | null): Int32Array | null {
  if (a === null || b === null) return a ?? b;
  const parent = Int32Array.from(a.keys());
  const root = (start: number) => {
    let position = start;
    while (parent[position] !== position) {
      parent[position] = parent[parent[position]];
      position = parent[position];
    }
    return position;
  };
  for (const groups of [a, b]) {
    const first = new Map<number, number>();
    groups.forEach((group, position) => {
      const known = first.get(group);
      if (known === undefined) first.set(group, position);
      else parent[root(position)] = root(known);
    });
  }
  const numbers = new Map<number, number>();
  return Int32Array.from(a, (_, position) => {
    const top = root(position);
    const number = numbers.get(top) ?? numbers.size;
    numbers.set(top, number);
    return number;
  });
}

function hashRows(columns: readonly Column[], rows: TableRows): Int32Array {
  const hashes = new Int32Array(rows.length).fill(0x2545f491);
  const bits = new Int32Array(2);
  const number = new Float64Array(bits.buffer);
  for (const column of columns) {
    for (let position = 0; position < rows.length; position++) {
      // Adding 0 makes -0 and 0 equal, as === does; every NaN gets the same bits.
      if (column.kind === "number") number[0] = canonicalise(column.values[rows[position]]);
      else bits[0] = column.codes[rows[position]];
      let hash = mix(hashes[position], bits[0]);
      if (column.kind === "number") hash = mix(hash, bits[1]);
      if (column.kind === "number" && column.lost) hash = mix(hash, column.lost.codes[rows[position]]);
      hashes[position] = hash;
    }
  }
  return hashes.map((hash) => mix(hash, hash >>> 15) & 0x7fffffff);
}

function canonicalise(value: number): number {
  return Number.isNaN(value) ? Number.NaN : value + 0;
}

/** A step of MurmurHash3. */
function mix(hash: number, word: number): number {
  const a = Math.imul(word, 0xcc9e2d51);
  const b = hash ^ Math.imul((a << 15) | (a >>> 17), 0x1b873593);
  return Math.imul((b << 13) | (b >>> 19), 5) + 0xe6546b64;
}

function equalRows(columns: readonly Column[], a: number, b: number): boolean {
  return columns.every((column) => {
    if (column.kind === "category") return column.codes[a] === column.codes[b];
    const first = column.values[a];
    const second = column.values[b];
    if (column.lost !== undefined && column.lost.codes[a] !== column.lost.codes[b]) return false;
    return first === second || (Number.isNaN(first) && Number.isNaN(second));
  });
}
