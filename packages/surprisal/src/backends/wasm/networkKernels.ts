// The kernels of a small network on the heap of a back end, for those who train one with the losses of the library.
import { machineOf, type WasmBackend } from "./backend.ts";
import type { Machine } from "./machine.ts";
import { checkedKernels, type PlacedKernels } from "./network/checks.ts";
import { HeapKernels, type NetworkKernels } from "./network/kernels.ts";
import { plainKernels } from "./network/plain.ts";

const known = /* @__PURE__ */ new WeakMap<Machine, PlacedKernels>();

/**
 * What a network of relu layers needs besides its loss, on arrays of the heap of a back end: the layers forward and
 * back, steps of Adam, batches.
 *
 *     h = relu(x W + b) for each layer but the last, whose x W + b are the logits
 *
 * Nothing is copied between these kernels and `evaluate` with the same back end. Where it has no heap, plain loops do
 * the same on plain arrays. Every call is checked before anything is written.
 *
 * @param backend `wasm`, or one that `wasm.create` made; with `relaxed: false` its kernels give the same bits on every
 *   machine
 * @throws InputError if the back end is another; and where a kernel is given arrays of other types or lengths than it
 *   needs, that are not on this heap, or that overlap what it writes
 *
 * @example
 * const { layer } = networkKernels(wasm);
 * const input = wasm.float32(2); // one row of two features
 * const weights = wasm.float32(2);
 * const bias = wasm.float32(1);
 * const output = wasm.float32(1);
 * input.set([1, 2]);
 * weights.set([0.5, 0.25]);
 * layer({ input, weights, bias, output, rows: 1, relu: true });
 * console.log(output[0]);
 */
export function networkKernels(backend: WasmBackend): NetworkKernels {
  const machine = machineOf("networkKernels", backend);
  return checkedKernels(() => {
    const here = machine();
    if (here === null) return { kernels: plainKernels, heap: null };
    const placed = known.get(here) ?? { kernels: new HeapKernels(here), heap: here.heap };
    known.set(here, placed);
    return placed;
  });
}
