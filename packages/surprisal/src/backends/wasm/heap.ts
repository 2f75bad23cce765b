// The memory of a back end: arrays that a caller keeps in it, and blocks for the back end's own use.
//
// A view must never detach under its owner's hands. So the memory is shared where the engine has that, for shared memory
// grows without leaving its old views behind; elsewhere a large one is reserved, of which the system only provides what
// is touched.
import { fail, heapTexts as texts } from "../../errors.ts";
import type { MemoryKind } from "./assembler/encoder.ts";
import { newMemory, type WasmMemory } from "./engine.ts";

const pageBytes = 65536;
/** 4 GiB, all that 32 bits can address. */
const largestPages = 65536;
/** 1 GiB, where the memory cannot grow. */
const reservedPages = 16384;
/** Every block begins at a line of the cache, and has one more behind it, as kernels read whole vectors at the end. */
const lineBytes = 64;

/** An array on the heap. */
export type HeapArray = Float32Array | Int32Array | Uint8Array;

/** Memory with arrays in it. */
export class Heap {
  readonly memory: WasmMemory;
  readonly kind: MemoryKind;
  /** The whole memory, renewed when it grows. */
  float32s: Float32Array;
  int32s: Int32Array;
  uint8s: Uint8Array;
  /** All buffers that the memory has had; an array of the heap has one of them. */
  private readonly buffers = new WeakSet<object>();
  private readonly used = new Map<number, number>();
  /** Free blocks by address. */
  private free: { address: number; bytes: number }[] = [];
  /** The first address that was never used, and is therefore 0 from here on. */
  private fresh = lineBytes;

  constructor() {
    const shared = typeof SharedArrayBuffer !== "undefined";
    this.kind = { shared, maximum: shared ? largestPages : reservedPages };
    this.memory = newMemory(shared ? 16 : reservedPages, this.kind.maximum, shared);
    this.float32s = new Float32Array(this.memory.buffer);
    this.int32s = new Int32Array(this.memory.buffer);
    this.uint8s = new Uint8Array(this.memory.buffer);
    this.buffers.add(this.memory.buffer);
  }

  float32(length: number): Float32Array {
    const address = this.zeros(length, 4); // before the buffer is looked at, which may be a new one
    return new Float32Array(this.buffer(), address, length);
  }

  int32(length: number): Int32Array {
    const address = this.zeros(length, 4);
    return new Int32Array(this.buffer(), address, length);
  }

  uint8(length: number): Uint8Array {
    const address = this.zeros(length, 1);
    return new Uint8Array(this.buffer(), address, length);
  }

  /** The buffer of the memory as it is now: V8 makes a new one also when another shared memory has grown. */
  private buffer(): ArrayBufferLike {
    const { buffer } = this.memory;
    this.buffers.add(buffer);
    return buffer;
  }

  private zeros(length: number, bytesEach: number): number {
    if (!Number.isInteger(length) || length < 0) fail("wasm", texts.heapLength(length));
    const wasFresh = this.fresh;
    const address = this.allocate(length * bytesEach);
    if (address < wasFresh) this.uint8s.fill(0, address, Math.min(wasFresh, address + length * bytesEach));
    return address;
  }

  /** Frees an array that `float32`, `int32` or `uint8` made. */
  remove(array: HeapArray): void {
    if (!this.owns(array) || !this.used.has(array.byteOffset)) fail("wasm", texts.heapForeign(array));
    this.release(array.byteOffset);
  }

  /** Whether an array lies on this heap. */
  owns(array: { readonly buffer: ArrayBufferLike }): boolean {
    return this.buffers.has(array.buffer);
  }

  /** The address of a block of at least so many bytes. */
  allocate(bytes: number): number {
    const size = (Math.ceil(bytes / lineBytes) + 1) * lineBytes;
    const index = this.free.findIndex((block) => block.bytes >= size);
    if (index === -1) {
      const address = this.fresh;
      this.reach(address + size);
      this.fresh = address + size;
      this.used.set(address, size);
      return address;
    }
    const block = this.free[index];
    this.used.set(block.address, size);
    if (block.bytes === size) this.free.splice(index, 1);
    else this.free[index] = { address: block.address + size, bytes: block.bytes - size };
    return block.address;
  }

  /** Gives a block back. */
  release(address: number): void {
    const bytes = this.used.get(address);
    if (bytes === undefined) return;
    this.used.delete(address);
    this.free.push({ address, bytes });
    this.free.sort((a, b) => a.address - b.address);
    const joined: { address: number; bytes: number }[] = [];
    for (const block of this.free) {
      const before = joined.at(-1);
      if (before !== undefined && before.address + before.bytes === block.address) before.bytes += block.bytes;
      else joined.push({ ...block });
    }
    this.free = joined;
  }

  /** Makes the memory reach to an address. */
  private reach(address: number): void {
    const missing = address - this.memory.buffer.byteLength;
    if (missing <= 0) return;
    // Grown by at least a quarter, so that many small arrays do not grow it many times.
    const pages = Math.ceil(missing / pageBytes);
    const generous = Math.max(pages, Math.ceil(this.memory.buffer.byteLength / pageBytes / 4));
    if (!this.grow(generous) && !this.grow(pages)) fail("wasm", texts.heapFull(address, this.kind.maximum * pageBytes));
    const { buffer } = this.memory;
    this.buffers.add(buffer);
    this.float32s = new Float32Array(buffer);
    this.int32s = new Int32Array(buffer);
    this.uint8s = new Uint8Array(buffer);
  }

  private grow(pages: number): boolean {
    try {
      this.memory.grow(pages);
      return true;
    } catch {
      return false;
    }
  }
}

/** Memory for the length of one call: taken piece by piece, given back all at once. */
export class Scratch {
  private address = 0;
  private bytes = 0;
  private taken = 0;
  private readonly extra: number[] = [];

  constructor(private readonly heap: Heap) {}

  /** The address of so many bytes, with a line behind them. */
  take(bytes: number): number {
    const size = (Math.ceil(bytes / lineBytes) + 1) * lineBytes;
    const from = this.taken;
    this.taken += size;
    if (this.taken <= this.bytes) return this.address + from;
    const address = this.heap.allocate(size);
    this.extra.push(address);
    return address;
  }

  /** Gives everything back; what was too little this time will do the next. */
  reset(): void {
    if (this.extra.length > 0) {
      for (const address of this.extra) this.heap.release(address);
      this.extra.length = 0;
      if (this.bytes > 0) this.heap.release(this.address);
      this.bytes = this.taken;
      this.address = this.heap.allocate(this.bytes);
    }
    this.taken = 0;
  }
}
