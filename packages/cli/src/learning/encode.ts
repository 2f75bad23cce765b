// Turning columns into features, learnt on training rows only: numbers filled and scaled, each level a feature.

import type { TableRows } from "../table/rows.ts";
import type { CategoryColumn, Column, NumberColumn } from "../table/table.ts";
import { countMissing } from "../table/table.ts";
import { scaleOf } from "./scale.ts";

/** Levels with fewer rows than this share one feature. */
export const rareRows = 10;
/** Levels with a smaller share of the rows than this share one feature. */
export const rareShare = 0.002;
/** At most so many levels of a column have a feature of their own. */
export const mostLevels = 50;
/** At most so many levels of a column have a number of their own where a column is one feature. */
export const mostOrdered = 255;

export type EncodedColumn =
  | {
      readonly kind: "number";
      readonly name: string;
      /** The feature (value - center) / scale. */
      readonly at: number;
      /** What stands for a missing value: the training rows' median; null where it stays missing, as NaN. */
      readonly fill: number | null;
      readonly center: number;
      readonly scale: number;
      /** The feature that is 1 where the value is missing; null if the training rows have no gap. */
      readonly missingAt: number | null;
    }
  | {
      readonly kind: "category";
      readonly name: string;
      /** Level k lights feature at + k. */
      readonly at: number;
      readonly levels: readonly string[];
      /** The feature of every rare or unseen level; null if the training rows have no rare level. */
      readonly otherAt: number | null;
      /** The feature of a missing value; null if the training rows have no gap. */
      readonly missingAt: number | null;
    }
  | {
      readonly kind: "level";
      readonly name: string;
      /** The feature that holds the number of the level among `levels`; NaN where it is missing, or none of them. */
      readonly at: number;
      readonly levels: readonly string[];
    };

/**
 * What features are like. "scaled": numbers without gaps, a feature of its own for each level. "ordered": one feature
 * for each column, in which missing cells are NaN.
 */
export type FeatureForm = "scaled" | "ordered";

/** How columns become features; plain JSON. */
export interface Encoder {
  readonly width: number;
  /** One name per feature. */
  readonly names: readonly string[];
  readonly columns: readonly EncodedColumn[];
}

/**
 * Learns fills, scales and levels on the given rows of the columns, and on nothing else.
 *
 * Fills and scales are those of rows that stand there as often as their weights say. Levels and gaps are counted in
 * rows, whatever these weigh: one row tells no more of a level for counting a hundred times.
 *
 * @param weights what each of the rows counts; null where each counts once
 */
export function fitEncoder(
  columns: readonly Column[],
  rows: TableRows,
  weights: Float64Array | null = null,
  form: FeatureForm = "scaled",
): Encoder {
  const names: string[] = [];
  const room = new Float64Array(rows.length);
  const add = (name: string): number => names.push(name) - 1;
  const encoded = columns.map((column): EncodedColumn => {
    const { name } = column;
    if (form === "ordered") return ordered(column, rows, { at: add(name), weights });
    const gaps = countMissing(column, rows) > 0;
    if (column.kind === "number") {
      const at = add(name);
      const missingAt = gaps ? add(`${name} missing`) : null;
      const { fill, center, scale } = scaleOf(column, rows, weights, room);
      // A column of -0 has the median -0, which JSON cannot tell from 0.
      return { kind: "number", name, at, fill: fill + 0, center: center + 0, scale, missingAt };
    }
    const { levels, rare } = frequentLevels(column, rows);
    const at = names.length;
    for (const level of levels) add(`${name} = ${level}`);
    const otherAt = rare ? add(`${name} other`) : null;
    const missingAt = gaps ? add(`${name} missing`) : null;
    return { kind: "category", name, at, levels, otherAt, missingAt };
  });
  return { width: names.length, names, columns: encoded };
}

/** Of each feature how many levels of a category it numbers; 0 for a number. */
export function levelsOf({ width, columns }: Pick<Encoder, "width" | "columns">): readonly number[] {
  const levels = new Array<number>(width).fill(0);
  for (const column of columns) if (column.kind === "level") levels[column.at] = column.levels.length;
  return levels;
}

/** A column as one feature. Centre and scale keep what float32 can tell apart near the middle of the values. */
function ordered(
  column: Column,
  rows: TableRows,
  { at, weights }: { readonly at: number; readonly weights: Float64Array | null },
): EncodedColumn {
  const { name } = column;
  if (column.kind === "number") {
    const { center, scale } = scaleOf(column, rows, weights);
    return { kind: "number", name, at, fill: null, center: center + 0, scale, missingAt: null };
  }
  return { kind: "level", name, at, levels: seenLevels(column, rows, mostOrdered) };
}

/** The most frequent levels among the rows, in the order of all. */
function seenLevels({ codes, levels }: CategoryColumn, rows: TableRows, most: number): string[] {
  const counts = new Float64Array(levels.length);
  for (const row of rows) if (codes[row] !== -1) counts[codes[row]!]!++;
  return levels
    .map((_, code) => code)
    .filter((code) => counts[code]! > 0)
    .sort((a, b) => counts[b]! - counts[a]! || a - b)
    .slice(0, most)
    .sort((a, b) => a - b)
    .map((code) => levels[code]!);
}

/** The levels that have a feature of their own, sorted by name, and whether the rows have others. */
function frequentLevels({ codes, levels }: CategoryColumn, rows: TableRows): { levels: string[]; rare: boolean } {
  const counts = new Float64Array(levels.length);
  for (const row of rows) if (codes[row] !== -1) counts[codes[row]!]!++;
  const seen = levels.map((_, code) => code).filter((code) => counts[code]! > 0);
  const frequent = seen
    .filter((code) => counts[code]! >= rareRows && counts[code]! >= rareShare * rows.length)
    .sort((a, b) => counts[b]! - counts[a]! || a - b)
    .slice(0, mostLevels)
    .sort((a, b) => a - b);
  return { levels: frequent.map((code) => levels[code]!), rare: seen.length > frequent.length };
}

/**
 * The features of some rows, row-major [rows.length, encoder.width]. Columns are found by name; one that is not there
 * counts as missing in every row. Scaling is linear, without clipping; a feature is always a finite float32.
 *
 * @param features what is filled, all 0 before
 */
export function encode(
  encoder: Encoder,
  columns: readonly Column[],
  rows: TableRows,
  features: Float32Array = new Float32Array(rows.length * encoder.width),
): Float32Array {
  const found = new Map(columns.map((column) => [column.name, column]));
  for (const encoded of encoder.columns) {
    const column = found.get(encoded.name);
    const wanted = encoded.kind === "level" ? "category" : encoded.kind;
    if (column !== undefined && column.kind !== wanted) {
      throw new TypeError(`encode: column ${encoded.name} is a ${column.kind}, expected a ${wanted}`);
    }
    if (encoded.kind === "number")
      encodeNumber(features, encoder.width, encoded, column as NumberColumn | undefined, rows);
    else if (encoded.kind === "level")
      encodeLevel(features, encoder.width, encoded, column as CategoryColumn | undefined, rows);
    else encodeCategory(features, encoder.width, encoded, column as CategoryColumn | undefined, rows);
  }
  return features;
}

type Encoded<K> = Extract<EncodedColumn, { kind: K }>;

function encodeNumber(
  features: Float32Array,
  width: number,
  { at, fill, center, scale, missingAt }: Encoded<"number">,
  column: NumberColumn | undefined,
  rows: TableRows,
): void {
  for (let i = 0; i < rows.length; i++) {
    const value = column === undefined ? Number.NaN : column.values[rows[i]!]!;
    const missing = Number.isNaN(value);
    features[i * width + at] = inFloat32(((missing ? (fill ?? Number.NaN) : value) - center) / scale);
    if (missing && missingAt !== null) features[i * width + missingAt] = 1;
  }
}

const largest = 3.4028234663852886e38;

/** Only beyond the largest float32 is a value not its own. */
function inFloat32(value: number): number {
  return Math.min(largest, Math.max(-largest, value));
}

function encodeLevel(
  features: Float32Array,
  width: number,
  { at, levels }: Encoded<"level">,
  column: CategoryColumn | undefined,
  rows: TableRows,
): void {
  const known = new Map(levels.map((level, k) => [level, k]));
  const numbers = (column?.levels ?? []).map((level) => known.get(level) ?? Number.NaN);
  for (let i = 0; i < rows.length; i++) {
    const code = column === undefined ? -1 : column.codes[rows[i]!]!;
    features[i * width + at] = code === -1 ? Number.NaN : numbers[code]!;
  }
}

function encodeCategory(
  features: Float32Array,
  width: number,
  { at, levels, otherAt, missingAt }: Encoded<"category">,
  column: CategoryColumn | undefined,
  rows: TableRows,
): void {
  const known = new Map(levels.map((level, k) => [level, at + k]));
  const lights = (column?.levels ?? []).map((level) => known.get(level) ?? otherAt ?? -1);
  for (let i = 0; i < rows.length; i++) {
    const code = column === undefined ? -1 : column.codes[rows[i]!]!;
    const feature = code === -1 ? (missingAt ?? -1) : lights[code]!;
    if (feature !== -1) features[i * width + feature] = 1;
  }
}
