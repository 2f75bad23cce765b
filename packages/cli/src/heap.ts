// The WASM heap of this thread, on which networks are trained.
//
// Multiply-adds that round once (relaxed SIMD) would be faster, but not every machine has them, and a comparison is to
// give the same numbers everywhere.
import { networkKernels } from "surprisal/network";
import { wasm } from "surprisal/wasm";

/** Losses on the heap of this thread. */
export const backend = wasm.create({ relaxed: false });

/** The kernels of networks on the same heap. */
export const kernels = networkKernels(backend);

/** Why networks are trained without kernels in this thread, in words; null where they are not. */
export function obstacle(): string | null {
  return backend.name === "wasm" ? null : backend.status;
}

type Shared = Float32Array | Int32Array;

const copies = new WeakMap<Shared, { readonly copy: Shared; users: number }>();

/** The copy of an array on the heap, the same for all who ask; it is there until each of them gives it back. */
export function borrow<A extends Shared>(array: A): A {
  let known = copies.get(array);
  if (known === undefined) {
    const { length } = array;
    const copy = array instanceof Float32Array ? backend.float32(length) : backend.int32(length);
    copy.set(array);
    known = { copy, users: 0 };
    copies.set(array, known);
  }
  known.users++;
  return known.copy as A;
}

/** Ends the use of a copy: the last user's frees its memory. */
export function giveBack(array: Shared): void {
  const known = copies.get(array);
  if (known === undefined || --known.users > 0) return;
  copies.delete(array);
  backend.free(known.copy);
}
