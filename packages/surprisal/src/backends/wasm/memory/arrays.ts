// What is checked of the arrays of a kernel before it runs: types, places, lengths, and that no output overlaps what
// is read.
import { mayOverlap } from "../../../batch/memory.ts";
import { fail, heapTexts, texts } from "../../../errors.ts";
import type { Heap, HeapArray } from "./heap.ts";

/** The constructor of an array of the heap. */
type ArrayType = typeof Float32Array | typeof Float64Array | typeof Int32Array | typeof Uint8Array;
/** How many numbers of each array a kernel uses. */
export type Uses = Readonly<Record<string, readonly [array: HeapArray, used: number]>>;

/** Checks the arrays of kernels; where one is not as they need it, an InputError names the kernel and the array. */
export class ArrayChecks {
  /**
   * @param caller who offers the kernels, as it stands in messages
   * @param heap where all arrays must be; null where there is none
   */
  constructor(
    private readonly caller: string,
    private readonly heap: () => Heap | null,
  ) {}

  /** Checks that arrays are of a type and on the heap. */
  types(where: string, type: ArrayType, arrays: Readonly<Record<string, unknown>>): void {
    for (const name in arrays) {
      const array = arrays[name];
      if (array instanceof type) continue;
      const expected = `${type.name.startsWith("I") ? "an" : "a"} ${type.name}`;
      fail(`${this.caller}.${where}`, heapTexts.arrayType(name, array, expected));
    }
    this.places(where, arrays as Record<string, HeapArray>);
  }

  /** Checks that arrays lie on the heap, in memory that is in use. */
  places(where: string, arrays: Readonly<Record<string, HeapArray>>): void {
    const heap = this.heap();
    if (heap === null) return;
    for (const name in arrays) {
      if (!this.isThere(heap, where, name, arrays[name])) fail(`${this.caller}.${where}`, heapTexts.notOnHeap(name));
    }
  }

  private isThere(heap: Heap, where: string, name: string, array: HeapArray): boolean {
    try {
      return heap.owns(array);
    } catch {
      return fail(`${this.caller}.${where}`, heapTexts.arrayFreed(name));
    }
  }

  /** Checks that arrays are as long as they are used, and that none that is written overlaps another. */
  uses(where: string, read: Uses, written: Uses): void {
    for (const uses of [read, written]) {
      for (const name in uses) {
        const [{ length }, used] = uses[name];
        if (length < used) fail(`${this.caller}.${where}`, heapTexts.productLength(name, length, used));
      }
    }
    for (const output in written) {
      for (const uses of [read, written]) {
        for (const other in uses) {
          if (other === output || !areOverlapping(written[output], uses[other])) continue;
          fail(`${this.caller}.${where}`, texts.memoryShared(output, other));
        }
      }
    }
  }
}

/** An array of which so many numbers are used, from its beginning. */
export const use = <A extends HeapArray>(array: A, used: number) => [array, used] as const;
/** An array all of which is used. */
export const all = <A extends HeapArray>(array: A) => [array, array.length] as const;

/** Whether the numbers that are used overlap; what lies behind them may. */
function areOverlapping([a, usedOfA]: Uses[string], [b, usedOfB]: Uses[string]): boolean {
  const [beginOfA, beginOfB] = [a.byteOffset, b.byteOffset];
  const areApart =
    beginOfA >= beginOfB + b.BYTES_PER_ELEMENT * usedOfB || beginOfB >= beginOfA + a.BYTES_PER_ELEMENT * usedOfA;
  return !areApart && mayOverlap(a, b);
}
