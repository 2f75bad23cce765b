// Features in bins: what trees are grown from. Of a number a range of values, of a category one level.
import { Random } from "../../random.ts";
import type { Features } from "../features.ts";

/** A feature has at most so many bins besides the one of missing values. */
export const mostBins = 255;

/** More rows than this are not looked at for the edges of bins. */
const enoughRows = 200_000;

/** Training rows in bins. */
export interface Ground {
  /** `[rows, width]`: the bin of each value. */
  readonly bins: Uint8Array;
  readonly width: number;
  /** Where the bins of each feature begin among all, that of missing cells the last; behind all, how many there are. */
  readonly starts: Int32Array;
  /** Of each feature the largest value of each bin but the last, ascending. */
  readonly edges: readonly Float32Array[];
  /** Of each feature how many levels of a category it numbers; 0 for a number. */
  readonly levels: readonly number[];
}

const known = new WeakMap<Float32Array, Ground>();

/** The bins of training rows, made once for all who train on these. */
export function groundOf(features: Features): Ground {
  const here = known.get(features.values) ?? makeGround(features);
  known.set(features.values, here);
  return here;
}

function makeGround(features: Features): Ground {
  const { rows, width, levels = new Array<number>(width).fill(0) } = features;
  const edges = findEdges(features, levels);
  const starts = new Int32Array(width + 1);
  edges.forEach((each, feature) => {
    starts[feature + 1] = starts[feature] + each.length + 2;
  });
  const bins = new Uint8Array(rows * width);
  fillBins(edges, features, bins);
  return { bins, width, starts, edges, levels };
}

/** Each value a bin where these are few, else about equally many rows in each; each level a bin. */
function findEdges({ rows, width, values }: Features, levels: readonly number[]): readonly Float32Array[] {
  const chosen = sampleOf(rows);
  const present = new Float32Array(chosen?.length ?? rows);
  return Array.from({ length: width }, (_, feature) => {
    if (levels[feature] > 0) return Float32Array.from({ length: levels[feature] - 1 }, (_, level) => level + 0.5);
    let count = 0;
    for (let n = 0; n < present.length; n++) {
      const value = values[(chosen?.[n] ?? n) * width + feature];
      if (!Number.isNaN(value)) present[count++] = value;
    }
    return edgesOf(present.subarray(0, count).sort());
  });
}

/** Row numbers drawn at random, the same for the same number of rows; null where all are looked at. */
function sampleOf(rows: number): Int32Array | null {
  if (rows <= enoughRows) return null;
  const random = new Random("rows for the edges of bins");
  return Int32Array.from({ length: enoughRows }, () => random.integer(rows));
}

/** The edges between the values of a sorted list. */
function edgesOf(sorted: Float32Array): Float32Array {
  const distinct: number[] = [];
  const counts: number[] = [];
  for (let n = 0; n < sorted.length; n++) {
    if (n === 0 || sorted[n] !== sorted[n - 1]) {
      distinct.push(sorted[n]);
      counts.push(0);
    }
    counts[counts.length - 1]++;
  }
  const edges: number[] = [];
  if (distinct.length <= mostBins) {
    for (let k = 1; k < distinct.length; k++) edges.push(between(distinct[k - 1], distinct[k]));
    return Float32Array.from(edges);
  }
  // A bin is closed once it has its share of what is left, so that one frequent value does not starve the others.
  let left = sorted.length;
  let bins = mostBins;
  let filled = 0;
  for (let k = 0; k < distinct.length - 1 && bins > 1; k++) {
    filled += counts[k];
    if (filled < left / bins && filled + counts[k + 1] / 2 < left / bins) continue;
    edges.push(between(distinct[k], distinct[k + 1]));
    left -= filled;
    bins--;
    filled = 0;
  }
  return Float32Array.from(edges);
}

/** A float32 in the middle of two: at least the lower, less than the upper. */
function between(low: number, high: number): number {
  const middle = Math.fround(low / 2 + high / 2);
  return middle < high && middle >= low ? middle : low;
}

/** Writes the bin of each value, `[rows, width]`. */
function fillBins(edges: readonly Float32Array[], { rows, width, values }: Features, bins: Uint8Array): void {
  for (let feature = 0; feature < width; feature++) {
    const ends = edges[feature];
    const missing = ends.length + 1;
    for (let n = 0, at = feature; n < rows; n++, at += width) {
      const value = values[at];
      bins[at] = Number.isNaN(value) ? missing : binOf(ends, value);
    }
  }
}

/** The first bin that a value is not beyond. */
function binOf(ends: Float32Array, value: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= ends[middle]) high = middle;
    else low = middle + 1;
  }
  return low;
}
