// The examples that other systems publish, as data/published.json holds them, and how their nested lists become rows.
import { readFileSync } from "node:fs";

/** A number, or lists of lists of numbers. JSON has no infinities: they are strings. */
export type Nested = number | string | readonly Nested[];

/** One published example. */
export interface PublishedExample {
  /** Which system, version, file and test. */
  readonly source: string;
  readonly function: string;
  readonly params: Readonly<Record<string, Nested | boolean | null>>;
  readonly inputs: Readonly<Record<string, Nested>>;
  /** As published: rounded, often computed in float32. */
  readonly expected: Nested;
  /** How far from `expected` an answer may be; a string where it is not an absolute distance. */
  readonly tolerance: number | string;
  /** The same case computed from its definition in float64. */
  readonly float64: Nested;
}

/** Every published example, in the order of the file. */
export const examples = (
  JSON.parse(readFileSync(new URL("../data/published.json", import.meta.url), "utf8")) as { cases: PublishedExample[] }
).cases;

/** All numbers of nested lists, in order. */
export function flat(nested: Nested): number[] {
  if (typeof nested === "number") return [nested];
  if (typeof nested === "string") return [Number(nested)];
  return nested.flatMap(flat);
}

/** The lengths of nested lists, outermost first; none for a number. */
export function shape(nested: Nested): number[] {
  if (typeof nested === "number" || typeof nested === "string") return [];
  return [nested.length, ...(nested.length === 0 ? [] : shape(nested[0]))];
}

/** Brings `[N, C, ...]` into rows of C numbers, `[N, ..., C]`. */
export function channelsLast(nested: Nested): number[] {
  const [examples, classes, ...rest] = shape(nested);
  const places = rest.reduce((product, length) => product * length, 1);
  const values = flat(nested);
  const rows = new Array<number>(values.length);
  for (let n = 0; n < examples; n++) {
    for (let c = 0; c < classes; c++) {
      for (let place = 0; place < places; place++) {
        rows[(n * places + place) * classes + c] = values[(n * classes + c) * places + place];
      }
    }
  }
  return rows;
}

/** Brings rows of `classes` numbers back into `[N, C, ...]` with this number of places per example. */
export function channelsSecond(rows: ArrayLike<number>, classes: number, places: number): number[] {
  return Array.from({ length: rows.length }, (_, index) => {
    const n = Math.floor(index / (classes * places));
    const c = Math.floor(index / places) % classes;
    return rows[(n * places + (index % places)) * classes + c];
  });
}

/** Class indices as rows of 0 and 1. */
export function oneHot(indices: readonly number[], classes: number): number[] {
  return indices.flatMap((index) => Array.from({ length: classes }, (_, c) => Number(c === index)));
}

/** Divides each row of `classes` numbers by its sum. */
export function normalisedRows(values: readonly number[], classes: number): number[] {
  return values.map((value, index) => {
    const start = index - (index % classes);
    return value / values.slice(start, start + classes).reduce((sum, each) => sum + each, 0);
  });
}
