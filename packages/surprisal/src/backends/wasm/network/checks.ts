// What is checked before a kernel of a network runs: types, places, lengths, and that no output overlaps what is read.
import { mayOverlap } from "../../../batch/memory.ts";
import { fail, heapTexts, isRecord, texts } from "../../../errors.ts";
import type { Heap } from "../memory/heap.ts";
import type { NetworkKernels } from "./kernels.ts";

type Numbers = Float32Array | Int32Array;
/** How many numbers of each array a kernel uses. */
type Uses = Readonly<Record<string, readonly [array: Numbers, used: number]>>;

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
  return {
    layer(arrays) {
      checkRecord("layer", arrays, "{ input, weights, bias, output, rows, relu }");
      const { input, weights, bias, output, rows } = arrays;
      checkTypes("layer", Float32Array, { input, weights, bias, output });
      const outputs = bias.length;
      const inputs = weights.length / outputs;
      checkSizes("layer", [rows, inputs, outputs]);
      const read = { input: use(input, rows * inputs), weights: all(weights), bias: all(bias) };
      checkUses("layer", read, { output: use(output, rows * outputs) });
      place().kernels.layer(arrays);
    },
    weightGradient(arrays) {
      checkRecord("weightGradient", arrays, "{ input, slopes, weights, bias, rows }");
      const { input, slopes, weights, bias, rows } = arrays;
      checkTypes("weightGradient", Float32Array, { input, slopes, weights, bias });
      const outputs = bias.length;
      const inputs = weights.length / outputs;
      checkSizes("weightGradient", [rows, inputs, outputs]);
      const read = { input: use(input, rows * inputs), slopes: use(slopes, rows * outputs) };
      checkUses("weightGradient", read, { weights: all(weights), bias: all(bias) });
      place().kernels.weightGradient(arrays);
    },
    inputGradient(arrays) {
      checkRecord("inputGradient", arrays, "{ slopes, weights, input, gradient, rows, inputs }");
      const { slopes, weights, input, gradient, rows, inputs } = arrays;
      checkTypes("inputGradient", Float32Array, { slopes, weights, input, gradient });
      const outputs = weights.length / inputs;
      checkSizes("inputGradient", [rows, inputs, outputs]);
      const read = { slopes: use(slopes, rows * outputs), weights: all(weights), input: use(input, rows * inputs) };
      checkUses("inputGradient", read, { gradient: use(gradient, rows * inputs) });
      place().kernels.inputGradient(arrays);
    },
    adam(arrays, options) {
      checkRecord("adam", arrays, "{ values, gradient, first, second }");
      checkRecord("adam", options, "{ rate: 0.001, l2: 0 }");
      const { values, gradient, first, second } = arrays;
      checkTypes("adam", Float32Array, { values, gradient, first, second });
      for (const name of ["rate", "l2"] as const) {
        if (!Number.isFinite(options[name])) fail("networkKernels.adam", heapTexts.stepNotNumber(name, options[name]));
      }
      const each = (array: Float32Array) => use(array, values.length);
      checkUses(
        "adam",
        { gradient: each(gradient) },
        { values: all(values), first: each(first), second: each(second) },
      );
      place().kernels.adam(arrays, options);
    },
    gather(matrix, indices, into) {
      const type = matrix instanceof Int32Array ? Int32Array : Float32Array;
      checkTypes("gather", type, { matrix, into });
      checkTypes("gather", Int32Array, { indices });
      const columns = into.length / indices.length;
      checkHeap("gather", { matrix, indices, into });
      checkSizes("gather", [columns]);
      checkUses("gather", { matrix: all(matrix), indices: all(indices) }, { into: all(into) });
      const rows = Math.floor(matrix.length / columns);
      for (let n = 0; n < indices.length; n++) {
        if (!(indices[n] >= 0 && indices[n] < rows)) {
          fail("networkKernels.gather", heapTexts.rowNumber(n, indices[n], rows));
        }
      }
      place().kernels.gather(matrix, indices, into);
    },
  };

  function checkTypes(where: string, type: typeof Float32Array | typeof Int32Array, arrays: Record<string, unknown>) {
    for (const name in arrays) {
      const array = arrays[name];
      if (!(array instanceof type)) fail(`networkKernels.${where}`, heapTexts.arrayType(name, array, `a ${type.name}`));
    }
    checkHeap(where, arrays as Record<string, Numbers>);
  }

  function checkHeap(where: string, arrays: Readonly<Record<string, Numbers>>): void {
    const { heap } = place();
    if (heap === null) return;
    for (const name in arrays) {
      if (heap.isFreed(arrays[name])) fail(`networkKernels.${where}`, heapTexts.arrayFreed(name));
      if (!heap.owns(arrays[name])) fail(`networkKernels.${where}`, heapTexts.notOnHeap(name));
    }
  }

  function checkUses(where: string, read: Uses, written: Uses): void {
    const uses = { ...read, ...written };
    for (const name in uses) {
      const [{ length }, used] = uses[name];
      if (length < used) fail(`networkKernels.${where}`, heapTexts.productLength(name, length, used));
    }
    for (const output in written) {
      for (const other in uses) {
        if (other === output || !areOverlapping(uses[output], uses[other])) continue;
        fail(`networkKernels.${where}`, texts.memoryShared(output, other));
      }
    }
  }
}

const bytesEach = 4;

function checkRecord(where: string, given: unknown, example: string): void {
  if (!isRecord(given)) fail(`networkKernels.${where}`, texts.optionsMissing(given, example));
}

function checkSizes(where: string, sizes: readonly number[]): void {
  for (const size of sizes) {
    if (!Number.isInteger(size) || size < 1) fail(`networkKernels.${where}`, heapTexts.sizeNotCount(size));
  }
}

const use = <A extends Numbers>(array: A, used: number) => [array, used] as const;
const all = <A extends Numbers>(array: A) => [array, array.length] as const;

/** Whether the numbers that are used overlap; what lies behind them may. */
function areOverlapping([a, usedOfA]: Uses[string], [b, usedOfB]: Uses[string]): boolean {
  if (!mayOverlap(a, b)) return false;
  return a.byteOffset < b.byteOffset + bytesEach * usedOfB && b.byteOffset < a.byteOffset + bytesEach * usedOfA;
}
