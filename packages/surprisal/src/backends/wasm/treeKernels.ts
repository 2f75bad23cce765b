// The kernels of boosted trees on the heap of a back end, for those who grow them with the losses of the library.
import { machineOf, type WasmBackend } from "./backend.ts";
import type { Machine } from "./machine.ts";
import { checkedKernels, type PlacedKernels } from "./trees/checks.ts";
import { HeapKernels, type TreeKernels } from "./trees/kernels.ts";
import { plainKernels } from "./trees/plain.ts";

const known = /* @__PURE__ */ new WeakMap<Machine, PlacedKernels>();

/**
 * What boosted trees need besides a loss, on arrays of the heap of a back end: sums of gradient and curvature in each
 * bin of each feature, and rows dealt out to the two sides of a split.
 *
 * Nothing is copied between these kernels and `evaluate` with the same back end, whose gradient and curvature they sum.
 * Where it has no heap, plain loops do the same on plain arrays. Every call is checked before anything is written.
 *
 * @param backend `wasm`, or one that `wasm.create` made; all give the same bits
 * @throws InputError if the back end is another; and where a kernel is given arrays of other types or lengths than it
 *   needs, that are not on this heap, or that overlap what it writes, or a row that is not there
 *
 * @example
 * const { histogram } = treeKernels(wasm);
 * const bins = wasm.uint8(3); // three rows of one feature
 * const starts = wasm.int32(2);
 * const rows = wasm.int32(3);
 * const [gradient, curvature] = [wasm.float32(3), wasm.float32(3)];
 * const into = wasm.float64(4);
 * bins.set([1, 0, 1]);
 * starts.set([0, 2]); // the feature has two bins
 * rows.set([0, 1, 2]);
 * gradient.set([0.5, -0.25, 1]);
 * curvature.fill(0.25);
 * histogram({ bins, starts, gradient, curvature, outputs: 1, output: 0, rows, into });
 * console.log(into.join(" "));
 */
export function treeKernels(backend: WasmBackend): TreeKernels {
  const machine = machineOf("treeKernels", backend);
  return checkedKernels(() => {
    const here = machine();
    if (here === null) return { kernels: plainKernels, heap: null };
    const placed = known.get(here) ?? { kernels: new HeapKernels(here), heap: here.heap };
    known.set(here, placed);
    return placed;
  });
}
