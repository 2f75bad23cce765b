// Wrong calls of the kernels of boosted trees.
import { reference } from "../../src/index.ts";
import { treeKernels } from "../../src/trees.ts";
import { wasm } from "../../src/wasm.ts";
import { addToRows, bestCuts, histogram, partition, type Row, treeArrays, trees, wrong } from "./calls.ts";

/** Integers on the heap. */
const integers = (...values: readonly number[]) => {
  const array = wasm.int32(values.length);
  array.set(values);
  return array;
};

/** Each with its message. */
export const treeRows: readonly Row[] = [
  [
    "kernels of trees on the reference",
    () => treeKernels(wrong(reference)),
    "treeKernels: the back end is an Object, but one of surprisal/wasm is expected, such as wasm or wasm.create()",
  ],
  [
    "a histogram of nothing",
    () => trees.histogram(wrong(null)),
    "treeKernels.histogram: the options are null, but an object such as { bins, starts, gradient, curvature, outputs, output, rows, into } is expected",
  ],
  [
    "a bin that its feature does not have",
    () => {
      const { bins } = treeArrays();
      bins[3] = 3;
      histogram({ bins });
    },
    "treeKernels.histogram: bins[3] is 3, but feature 1 has 3 bins (0 to 2)",
  ],
  [
    "a row beyond the bins",
    () => histogram({ rows: integers(1, 2) }),
    "treeKernels.histogram: rows[1] is 2, but there are 2 rows (0 to 1)",
  ],
  [
    "a row below the first",
    () => partition({ rows: integers(-1) }),
    "treeKernels.partition: rows[0] is -1, but there are 2 rows (0 to 1)",
  ],
  [
    "a histogram without room for all bins",
    () => histogram({ into: wasm.float64(11) }),
    "treeKernels.histogram: into has length 11, but at least 12 are expected",
  ],
  [
    "slopes of too few rows",
    () => histogram({ gradient: wasm.float32(1) }),
    "treeKernels.histogram: gradient has length 1, but at least 2 are expected",
  ],
  [
    "float32 where a histogram sums in float64",
    () => histogram({ into: wasm.float32(12) }),
    "treeKernels.histogram: into is a Float32Array, but a Float64Array is expected",
  ],
  [
    "bins that are not on the heap",
    () => histogram({ bins: new Uint8Array(4) }),
    "treeKernels.histogram: bins is not on this heap; make it with float32, float64, int32 or uint8 of the same back end",
  ],
  [
    "starts of no feature",
    () => histogram({ starts: integers(0) }),
    "treeKernels.histogram: starts has fewer than 2 values, but one per feature is expected, and behind them how many bins there are of all",
  ],
  [
    "starts that do not begin at 0",
    () => histogram({ starts: integers(1, 3) }),
    "treeKernels.histogram: starts[0] is 1, but the bins of the first feature begin at 0",
  ],
  [
    "a feature without bins",
    () => histogram({ starts: integers(0, 3, 3) }),
    "treeKernels.histogram: starts[2] is 3, but must be 1 to 256 more than the 3 before it: so many bins a feature has",
  ],
  [
    "an output that is not there",
    () => addToRows({ output: 1 }),
    "treeKernels.addToRows: output is 1, but an integer from 0 to 0 is expected",
  ],
  [
    "no outputs",
    () => addToRows({ outputs: 0 }),
    "treeKernels.addToRows: outputs is 0, but an integer of at least 1 is expected",
  ],
  [
    "a leaf without a value",
    () => addToRows({ value: Number.NaN }),
    "treeKernels.addToRows: value is NaN, but a finite number is expected",
  ],
  [
    "a histogram taken from itself",
    () => {
      const from = wasm.float64(4);
      trees.subtract({ from, other: from });
    },
    "treeKernels.subtract: from and other share memory, so one would overwrite the other; give two",
  ],
  [
    "bins that go left of a table that is too short",
    () => partition({ goesLeft: wasm.uint8(255) }),
    "treeKernels.partition: goesLeft has length 255, but at least 256 are expected",
  ],
  [
    "a cut of a feature that is not there",
    () => bestCuts({ features: integers(2) }),
    "treeKernels.bestCuts: features[0] is 2, but an integer from 0 to 1 is expected",
  ],
  [
    "cuts without a penalty",
    () => bestCuts({ l2: undefined }),
    "treeKernels.bestCuts: l2 is undefined, but a finite number >= 0 is expected",
  ],
];
