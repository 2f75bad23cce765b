// What is checked before a kernel of a network runs: types, places, lengths, and that no output overlaps what is read.
import { fail, heapTexts, isRecord, texts } from "../../../errors.ts";
import { ArrayChecks, all, use } from "../memory/arrays.ts";
import type { Heap } from "../memory/heap.ts";
import type { NetworkKernels } from "./kernels.ts";

/** Kernels, and the heap on which all their arrays must be; null where there is none. */
export interface PlacedKernels {
  readonly kernels: NetworkKernels;
  readonly heap: Heap | null;
}

/**
 * The same kernels, which refuse what is not as they expect before they write anything.
 *
 * @param place gives the kernels as they are now, or throws where there are none any more
 */
export function checkedKernels(place: () => PlacedKernels): NetworkKernels {
  const checks = new ArrayChecks("networkKernels", () => place().heap);
  return {
    layer(arrays) {
      checkRecord("layer", arrays, "{ input, weights, bias, output, rows, relu }");
      const { input, weights, bias, output, rows } = arrays;
      checks.types("layer", Float32Array, { input, weights, bias, output });
      const outputs = bias.length;
      const inputs = weights.length / outputs;
      checkSizes("layer", [rows, inputs, outputs]);
      const read = { input: use(input, rows * inputs), weights: all(weights), bias: all(bias) };
      checks.uses("layer", read, { output: use(output, rows * outputs) });
      place().kernels.layer(arrays);
    },
    weightGradient(arrays) {
      checkRecord("weightGradient", arrays, "{ input, slopes, weights, bias, rows }");
      const { input, slopes, weights, bias, rows } = arrays;
      checks.types("weightGradient", Float32Array, { input, slopes, weights, bias });
      const outputs = bias.length;
      const inputs = weights.length / outputs;
      checkSizes("weightGradient", [rows, inputs, outputs]);
      const read = { input: use(input, rows * inputs), slopes: use(slopes, rows * outputs) };
      checks.uses("weightGradient", read, { weights: all(weights), bias: all(bias) });
      place().kernels.weightGradient(arrays);
    },
    inputGradient(arrays) {
      checkRecord("inputGradient", arrays, "{ slopes, weights, input, gradient, rows, inputs }");
      const { slopes, weights, input, gradient, rows, inputs } = arrays;
      checks.types("inputGradient", Float32Array, { slopes, weights, input, gradient });
      const outputs = weights.length / inputs;
      checkSizes("inputGradient", [rows, inputs, outputs]);
      const read = { slopes: use(slopes, rows * outputs), weights: all(weights), input: use(input, rows * inputs) };
      checks.uses("inputGradient", read, { gradient: use(gradient, rows * inputs) });
      place().kernels.inputGradient(arrays);
    },
    adam(arrays, options) {
      checkRecord("adam", arrays, "{ values, gradient, first, second }");
      checkRecord("adam", options, "{ rate: 0.001, l2: 0 }");
      const { values, gradient, first, second } = arrays;
      checks.types("adam", Float32Array, { values, gradient, first, second });
      for (const name of ["rate", "l2"] as const) {
        if (!Number.isFinite(options[name])) fail("networkKernels.adam", heapTexts.stepNotNumber(name, options[name]));
      }
      const each = (array: Float32Array) => use(array, values.length);
      checks.uses(
        "adam",
        { gradient: each(gradient) },
        { values: all(values), first: each(first), second: each(second) },
      );
      place().kernels.adam(arrays, options);
    },
    gather(matrix, indices, into) {
      const type = matrix instanceof Int32Array ? Int32Array : Float32Array;
      checks.types("gather", type, { matrix, into });
      checks.types("gather", Int32Array, { indices });
      const columns = into.length / indices.length;
      checks.places("gather", { matrix, indices, into });
      checkSizes("gather", [columns]);
      checks.uses("gather", { matrix: all(matrix), indices: all(indices) }, { into: all(into) });
      const rows = Math.floor(matrix.length / columns);
      for (let n = 0; n < indices.length; n++) {
        if (!(indices[n] >= 0 && indices[n] < rows)) {
          fail("networkKernels.gather", heapTexts.rowNumber(n, indices[n], rows));
        }
      }
      place().kernels.gather(matrix, indices, into);
    },
  };
}

function checkRecord(where: string, given: unknown, example: string): void {
  if (!isRecord(given)) fail(`networkKernels.${where}`, texts.optionsMissing(given, example));
}

function checkSizes(where: string, sizes: readonly number[]): void {
  for (const size of sizes) {
    if (!Number.isInteger(size) || size < 1) fail(`networkKernels.${where}`, heapTexts.sizeNotCount(size));
  }
}
