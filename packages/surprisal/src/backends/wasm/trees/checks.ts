// What is checked before a kernel of boosted trees runs: types, places and lengths of arrays, that no output overlaps
// what is read, and that every row and bin is there.
import { fail, heapTexts, isRecord, texts, treeTexts } from "../../../errors.ts";
import { ArrayChecks, all, use } from "../memory/arrays.ts";
import type { Heap } from "../memory/heap.ts";
import { mostBins, type TreeKernels, type UncheckedKernels } from "./kernels.ts";

/** Kernels, and the heap on which all their arrays must be; null where there is none. */
export interface PlacedKernels {
  readonly kernels: UncheckedKernels;
  readonly heap: Heap | null;
}

const caller = "treeKernels";

/**
 * The same kernels, which refuse what is not as they expect before they write anything.
 *
 * @param place gives the kernels as they are now, or throws where there are none any more
 */
export function checkedKernels(place: () => PlacedKernels): TreeKernels {
  const checks = new ArrayChecks(caller, () => place().heap);
  return {
    histogram(arrays) {
      const where = "histogram";
      checkRecord(where, arrays, "{ bins, starts, gradient, curvature, outputs, output, rows, into }");
      const { bins, starts, gradient, curvature, outputs, output, rows, into } = arrays;
      checks.types(where, Uint8Array, { bins });
      checks.types(where, Int32Array, { starts, rows });
      checks.types(where, Float32Array, { gradient, curvature });
      checks.types(where, Float64Array, { into });
      checkStarts(where, starts);
      checkPlace(where, "output", output, "outputs", outputs);
      const width = starts.length - 1;
      const count = Math.floor(bins.length / width);
      const read = {
        bins: all(bins),
        starts: all(starts),
        gradient: use(gradient, count * outputs),
        curvature: use(curvature, count * outputs),
        rows: all(rows),
      };
      checks.uses(where, read, { into: use(into, 2 * starts[width]) });
      checkRows(where, rows, count);
      if (place().kernels.histogram(arrays)) return;
      into.fill(Number.NaN, 0, 2 * starts[width]);
      failAtBin(where, arrays);
    },
    subtract(arrays) {
      const where = "subtract";
      checkRecord(where, arrays, "{ from, other }");
      const { from, other } = arrays;
      checks.types(where, Float64Array, { from, other });
      checks.uses(where, { other: use(other, from.length) }, { from: all(from) });
      place().kernels.subtract(arrays);
    },
    bestCuts(arrays) {
      const where = "bestCuts";
      const example = "{ histogram, starts, features, gradient, curvature, l2, least, into, cuts }";
      checkRecord(where, arrays, example);
      const { histogram, starts, features, into, cuts } = arrays;
      checks.types(where, Float64Array, { histogram, into });
      checks.types(where, Int32Array, { starts, features, cuts });
      checkStarts(where, starts);
      for (const name of ["gradient", "curvature"] as const) {
        if (!Number.isFinite(arrays[name])) fail(`${caller}.${where}`, heapTexts.stepNotNumber(name, arrays[name]));
      }
      for (const name of ["l2", "least"] as const) {
        const number = arrays[name];
        if (!(Number.isFinite(number) && number >= 0)) {
          fail(`${caller}.${where}`, texts.weightNotValid(name, number));
        }
      }
      const width = starts.length - 1;
      const count = features.length;
      const read = { histogram: use(histogram, 2 * starts[width]), starts: all(starts), features: all(features) };
      checks.uses(where, read, { into: use(into, 3 * count), cuts: use(cuts, count) });
      for (let k = 0; k < count; k++) {
        const feature = features[k];
        if (!(feature >= 0 && feature < width)) {
          fail(`${caller}.${where}`, treeTexts.place(`features[${k}]`, feature, width));
        }
      }
      place().kernels.bestCuts(arrays);
    },
    partition(arrays) {
      const where = "partition";
      checkRecord(where, arrays, "{ bins, width, feature, goesLeft, rows }");
      const { bins, width, feature, goesLeft, rows } = arrays;
      checks.types(where, Uint8Array, { bins, goesLeft });
      checks.types(where, Int32Array, { rows });
      checkPlace(where, "feature", feature, "width", width);
      checks.uses(where, { bins: all(bins), goesLeft: use(goesLeft, mostBins) }, { rows: all(rows) });
      checkRows(where, rows, Math.floor(bins.length / width));
      return place().kernels.partition(arrays);
    },
    addToRows(arrays) {
      const where = "addToRows";
      checkRecord(where, arrays, "{ logits, outputs, output, rows, value }");
      const { logits, outputs, output, rows, value } = arrays;
      checks.types(where, Float32Array, { logits });
      checks.types(where, Int32Array, { rows });
      checkPlace(where, "output", output, "outputs", outputs);
      if (!Number.isFinite(value)) fail(`${caller}.${where}`, heapTexts.stepNotNumber("value", value));
      checks.uses(where, { rows: all(rows) }, { logits: all(logits) });
      checkRows(where, rows, Math.floor(logits.length / outputs));
      place().kernels.addToRows(arrays);
    },
  };

  function checkRows(where: string, rows: Int32Array, count: number): void {
    if (rows.length === 0 || place().kernels.largest(rows) < count) return;
    const index = rows.findIndex((row) => !(row >= 0 && row < count));
    fail(`${caller}.${where}`, treeTexts.rowNumber(index, rows[index], count));
  }
}

/** Names the first bin that is none of its feature's. */
function failAtBin(where: string, { bins, starts, rows }: Parameters<TreeKernels["histogram"]>[0]): never {
  const width = starts.length - 1;
  const binsOf = (feature: number) => starts[feature + 1] - starts[feature];
  const isWrong = (index: number) => bins[index] >= binsOf(index % width);
  const places = Array.from(rows).flatMap((row) => Array.from({ length: width }, (_, f) => row * width + f));
  const index = places.find(isWrong) as number;
  const feature = index % width;
  fail(`${caller}.${where}`, treeTexts.bin(index, bins[index], feature, binsOf(feature)));
}

function checkRecord(where: string, given: unknown, example: string): void {
  if (!isRecord(given)) fail(`${caller}.${where}`, texts.optionsMissing(given, example));
}

/** Checks that a place is one of so many. */
function checkPlace(where: string, name: string, place: number, ofName: string, of: number): void {
  if (!Number.isInteger(of) || of < 1) fail(`${caller}.${where}`, treeTexts.notCount(ofName, of));
  if (!Number.isInteger(place) || place < 0 || place >= of)
    fail(`${caller}.${where}`, treeTexts.place(name, place, of));
}

/** Checks that each feature has 1 to 256 bins, one behind the other. */
function checkStarts(where: string, starts: Int32Array): void {
  if (starts.length < 2) fail(`${caller}.${where}`, treeTexts.startsEmpty());
  if (starts[0] !== 0) fail(`${caller}.${where}`, treeTexts.startsFirst(starts[0]));
  for (let f = 1; f < starts.length; f++) {
    const bins = starts[f] - starts[f - 1];
    if (bins < 1 || bins > mostBins)
      fail(`${caller}.${where}`, treeTexts.binCount(f, starts[f], starts[f - 1], mostBins));
  }
}
