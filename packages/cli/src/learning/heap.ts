// The WASM heap on which networks and trees are trained.
//
// Multiply-adds that round once (relaxed SIMD) would be faster, but not every machine has them, and a comparison is to
// give the same numbers everywhere.
import { type NetworkKernels, networkKernels } from "surprisal/network";
import { type TreeKernels, treeKernels } from "surprisal/trees";
import { type WasmBackend, wasm } from "surprisal/wasm";
import type { Room } from "./engine.ts";

type Shared = Float32Array | Int32Array | Uint8Array;

/** A heap with losses and products on it, and copies of what is trained on, shared by all who train on the same. */
export class TrainingHeap {
  readonly backend: WasmBackend = wasm.create({ relaxed: false });
  readonly kernels: NetworkKernels = networkKernels(this.backend);
  readonly treeKernels: TreeKernels = treeKernels(this.backend);
  readonly #copies = new WeakMap<Shared, { readonly copy: Shared; users: number }>();

  /** Why training goes without kernels here, in words; null where they are not. */
  get obstacle(): string | null {
    return this.backend.name === "wasm" ? null : this.backend.status;
  }

  /** An array that lies on the heap from the start, so that whoever borrows it gets no copy but the array itself. */
  room(length: number): Room {
    const values = this.backend.float32(length);
    this.#copies.set(values, { copy: values, users: 1 });
    return { values, free: () => this.giveBack(values) };
  }

  /** The copy of an array on the heap, the same for all who ask; it is there until each of them gives it back. */
  borrow<A extends Shared>(array: A): A {
    let known = this.#copies.get(array);
    if (known === undefined) {
      const copy = this.#placeFor(array);
      copy.set(array);
      known = { copy, users: 0 };
      this.#copies.set(array, known);
    }
    known.users++;
    return known.copy as A;
  }

  /** Ends the use of a copy: the last user's frees its memory. */
  giveBack(array: Shared): void {
    const known = this.#copies.get(array);
    if (known === undefined || --known.users > 0) return;
    this.#copies.delete(array);
    this.backend.free(known.copy);
  }

  #placeFor(array: Shared): Shared {
    const { length } = array;
    if (array instanceof Float32Array) return this.backend.float32(length);
    return array instanceof Int32Array ? this.backend.int32(length) : this.backend.uint8(length);
  }
}
