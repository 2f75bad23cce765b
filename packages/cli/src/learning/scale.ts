// The centre and scale of a column of numbers, with what stands for its gaps.

import type { TableRows } from "../table/rows.ts";
import type { NumberColumn } from "../table/table.ts";
import { presentValues } from "../table/table.ts";

/** Beyond this skewness a column is scaled by its middle half instead of by all of it. */
export const skewed = 5;

export interface Scale {
  /** What stands for a missing value: the median. */
  readonly fill: number;
  readonly center: number;
  /** Never 0: 1 for a constant. */
  readonly scale: number;
}

/**
 * Standardisation: mean and standard deviation of the values with gaps filled by the median. A skewed column
 * (|skewness| > 5) takes the median and the interquartile range / 1.349 instead, which for a normal distribution is
 * the standard deviation, unless that is under a quarter of the standard deviation: in a column that is nearly all
 * zeros the middle half has no width, and a few rows would get huge features.
 *
 * @param room memory for as many numbers as there are rows, whatever is in it
 */
export function scaleOf(
  column: NumberColumn,
  rows: TableRows,
  weights: Float64Array | null = null,
  room = new Float64Array(rows.length),
): Scale {
  if (weights !== null) return weightedScaleOf(column, rows, weights);
  const present = presentValues(column, rows, room);
  if (present.length === 0) return { fill: 0, center: 0, scale: 1 };
  const gaps = rows.length - present.length;
  const own = moments(present, 0, 0);
  const robust = Math.abs(own.skewness) > skewed;
  const fill = quantile(present, 0.5);
  const all = gaps > 0 ? moments(present, gaps, fill) : own;
  if (!(all.sd > 0)) return { fill, center: fill, scale: 1 };
  const middle = robust ? quantile(present, 0.75) / 1.349 - quantile(present, 0.25) / 1.349 : 0;
  return middle > all.sd / 4 ? { fill, center: fill, scale: middle } : { fill, center: all.mean, scale: all.sd };
}

/**
 * The same of rows that count by weights. With whole weights it is that of rows that stand there so many times, but for
 * the middle half of a skewed column: its quartiles lie on values, not between them in proportion to a number of rows,
 * so that the unit of the weights changes nothing. The scale is at least a thousandth of what it is without weights:
 * where one row outweighs all others it has no width of its own, and these would get huge features.
 */
function weightedScaleOf({ values }: NumberColumn, rows: TableRows, weights: Float64Array): Scale {
  const order = Array.from(rows.keys())
    .filter((n) => !Number.isNaN(values[rows[n]!]))
    .sort((a, b) => values[rows[a]!]! - values[rows[b]!]!);
  if (order.length === 0) return { fill: 0, center: 0, scale: 1 };
  const present = Float64Array.from(order, (n) => values[rows[n]!]!);
  const counts = Float64Array.from(order, (n) => weights[n]!);
  const at = (share: number) => weightedQuantile(present, counts, share);
  const own = weightedMoments(present, counts);
  const robust = Math.abs(own.skewness) > skewed;
  const fill = at(0.5);
  const gaps = order.length < rows.length;
  const weighed = gaps
    ? weightedMoments(
        Float64Array.from(rows, (row) => filledWith(values[row]!, fill)),
        weights,
      )
    : own;
  const all = { ...weighed, sd: Math.max(weighed.sd, moments(present, 0, 0).sd / 1000) };
  if (!(all.sd > 0)) return { fill, center: fill, scale: 1 };
  const middle = robust ? at(0.75) / 1.349 - at(0.25) / 1.349 : 0;
  return middle > all.sd / 4 ? { fill, center: fill, scale: middle } : { fill, center: all.mean, scale: all.sd };
}

const filledWith = (value: number, fill: number) => (Number.isNaN(value) ? fill : value);

/** Mean, standard deviation and skewness of values that count by weights. */
function weightedMoments(values: Float64Array, weights: Float64Array): ReturnType<typeof moments> {
  if (values.every((value) => value === values[0])) return { mean: values[0]!, sd: 0, skewness: 0 };
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const power = (mean: number, exponent: number) =>
    values.reduce((sum, value, n) => sum + (weights[n]! / all) * (value / largest - mean) ** exponent, 0);
  const mean = power(0, 1);
  const sd = Math.sqrt(power(mean, 2));
  return { mean: mean * largest, sd: sd * largest, skewness: sd > 0 ? power(mean, 3) / sd ** 3 : 0 };
}

/** The value below which a share of the weight of the sorted values lies; where it lies between two, their mean. */
function weightedQuantile(sorted: Float64Array, weights: Float64Array, share: number): number {
  const wanted = share * weights.reduce((sum, weight) => sum + weight, 0);
  let below = 0;
  for (let n = 0; n < sorted.length - 1; n++) {
    below += weights[n]!;
    if (Math.abs(below - wanted) <= 1e-12 * wanted) return sorted[n]! / 2 + sorted[n + 1]! / 2;
    if (below > wanted) return sorted[n]!;
  }
  return sorted[sorted.length - 1]!;
}

/** Mean, standard deviation (divided by n) and skewness of the values and of `extra` copies of `at`. */
function moments(values: Float64Array, extra: number, at: number): { mean: number; sd: number; skewness: number } {
  // Divided by the largest magnitude first, so that squares of huge or tiny numbers stay numbers.
  let largest = Math.abs(at);
  let constant = true;
  for (const value of values) {
    largest = Math.max(largest, Math.abs(value));
    if (value !== values[0]) constant = false;
  }
  if (constant && (extra === 0 || at === values[0])) return { mean: values[0]!, sd: 0, skewness: 0 };
  const n = values.length + extra;
  let sum = extra * (at / largest);
  for (const value of values) sum += value / largest;
  const mean = sum / n;
  const off = at / largest - mean;
  let squares = extra * off * off;
  let cubes = extra * off * off * off;
  for (const value of values) {
    const d = value / largest - mean;
    squares += d * d;
    cubes += d * d * d;
  }
  const sd = Math.sqrt(squares / n);
  return { mean: mean * largest, sd: sd * largest, skewness: sd > 0 ? cubes / n / sd ** 3 : 0 };
}

/** The value below which a share of the values lies, between two of them in proportion; the values change places. */
export function quantile(values: Float64Array, share: number): number {
  const at = share * (values.length - 1);
  const low = Math.floor(at);
  const below = select(values, low);
  const part = at - low;
  if (part === 0) return below;
  let above = Infinity;
  for (let i = low + 1; i < values.length; i++) above = Math.min(above, values[i]!);
  return below * (1 - part) + above * part;
}

/** Hoare's quickselect: afterwards `values[k]` is what sorting would put there, smaller before it, larger behind. */
function select(values: Float64Array, k: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = middleOf(values[low]!, values[(low + high) >> 1]!, values[high]!);
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const swapped = values[i]!;
      values[i++] = values[j]!;
      values[j--] = swapped;
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return values[k]!;
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
