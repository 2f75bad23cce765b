// The memory of a back end: arrays that a caller keeps in it, and blocks for the back end's own use.
//
// Whatever cannot be had is refused before anything has changed.
import { fail, heapTexts, InputError } from "../../../errors.ts";
import type { MemoryKind } from "../assembler/encoder.ts";
import { type Block, Blocks, lineBytes } from "./blocks.ts";
import { createMemory, type Memory, pageBytes, wantedBytes } from "./memory.ts";
import type { WasmMemory } from "./webAssembly.ts";

/** So many bytes at the end of the heap are not for arrays of users, so that small batches run where these fill it. */
const ownBytes = 1 << 20;

/**
 * So many bytes at the start are for the back end's own blocks, which are small and stay for good. Between the arrays
 * of users they would keep apart what these give back, and a heap would grow by each larger array.
 */
const keptBytes = 1 << 18;

/** An array on the heap. */
export type HeapArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/** Thrown where there is no room for a block: then nothing has changed. */
export class HeapFull extends InputError {}

/** Thrown where an array lies in memory that was freed; who asked knows its name. */
export class FreedArray extends Error {}

/** Where an array lies. */
interface Place {
  readonly address: number;
  isInUse: boolean;
}

function full(text: string): never {
  throw new HeapFull(`wasm: ${text}`);
}

/** Checks the length of an array. */
export function checkedLength(length: number): number {
  return Number.isInteger(length) && length >= 0 ? length : fail("wasm", heapTexts.heapLength(length));
}

/** Memory with arrays in it. */
export class Heap {
  readonly memory: WasmMemory;
  readonly kind: MemoryKind;
  /** The whole memory, renewed when it grows. */
  float32s: Float32Array;
  int32s: Int32Array;
  uint8s: Uint8Array;
  /**
   * Asked where there is no room for an array: gives memory back that nobody needs now, and says whether it had any.
   */
  spare: () => boolean = () => false;
  /** All buffers that the memory has had; an array of the heap has one of them. */
  private readonly buffers = new WeakSet<object>();
  private readonly blocks: Blocks;
  /** The first of the back end's own. */
  private readonly kept: Blocks;
  /** How many bytes it had when the system last refused to let it grow. */
  private refusedAt: number | null = null;
  /** The arrays that it made; one that was freed stays known as such, whatever is in its place. */
  private readonly places = new WeakMap<object, Place>();
  /** Whether the array that was last asked for lies here. */
  private wasHere = true;

  /** A heap in as large a memory as the system has room for; null where it has none. */
  static create(): Heap | null {
    const memory = createMemory();
    return memory && new Heap(memory);
  }

  /** In words, how much less memory it has than others; null where that is not known. */
  get limit(): string | null {
    const bytes = this.refusedAt ?? (this.mostBytes < wantedBytes(this.kind) ? this.mostBytes : null);
    return bytes === null ? null : `the system gives the heap no more than ${Math.floor(bytes / 2 ** 20)} MiB`;
  }

  private constructor({ memory, kind }: Memory) {
    this.memory = memory;
    this.kind = kind;
    const { buffer } = memory;
    this.buffers.add(buffer);
    this.float32s = new Float32Array(buffer);
    this.int32s = new Int32Array(buffer);
    this.uint8s = new Uint8Array(buffer);
    this.kept = new Blocks(lineBytes, keptBytes); // the first line is nobody's: 0 is the address of nothing
    this.blocks = new Blocks(keptBytes, buffer.byteLength);
  }

  /** The most bytes that it can have. */
  get mostBytes(): number {
    return this.kind.maximum * pageBytes;
  }

  float32(length: number): Float32Array {
    return this.array(length, 4, (address) => new Float32Array(this.buffer(), address, length));
  }

  float64(length: number): Float64Array {
    return this.array(length, 8, (address) => new Float64Array(this.buffer(), address, length));
  }

  int32(length: number): Int32Array {
    return this.array(length, 4, (address) => new Int32Array(this.buffer(), address, length));
  }

  uint8(length: number): Uint8Array {
    return this.array(length, 1, (address) => new Uint8Array(this.buffer(), address, length));
  }

  /** Frees an array that one of these made: just that one, not what may now be in its place. */
  remove(array: HeapArray): void {
    const place = this.places.get(array);
    if (!place?.isInUse) fail("wasm", heapTexts.heapForeign(array));
    place.isInUse = false;
    this.release(place.address);
  }

  /**
   * Whether an array lies on this heap.
   *
   * @throws FreedArray where it does, but not in an array that is in use
   */
  owns(array: ArrayBufferView | { readonly buffer?: undefined }): boolean {
    // Either question takes as long as 50 instructions, so the one is first whose answer is likely.
    let place = this.wasHere ? this.places.get(array) : undefined;
    if (place === undefined && !this.hasBufferOf(array)) {
      this.wasHere = false;
      return false;
    }
    this.wasHere = true;
    place ??= this.places.get(array);
    if (place?.isInUse) return true;
    if (place === undefined) {
      const { byteOffset, byteLength } = array as ArrayBufferView;
      const around = this.blocks.around(byteOffset);
      if (around !== undefined && byteOffset + byteLength <= around.address + around.arrayBytes) return true;
    }
    throw new FreedArray();
  }

  private hasBufferOf({ buffer }: { readonly buffer?: ArrayBufferLike | undefined }): boolean {
    return buffer !== undefined && (buffer === this.uint8s.buffer || this.buffers.has(buffer));
  }

  /** Whether an array lies on this heap, but not in an array that is in use. */
  isFreed(array: ArrayBufferView): boolean {
    try {
      this.owns(array);
      return false;
    } catch {
      return true;
    }
  }

  /** The address of a block of at least so many bytes, for the back end itself. */
  allocate(bytes: number): number {
    const size = sizeOf(bytes);
    const block = this.kept.end + size <= keptBytes ? this.kept.take(size, () => {}) : this.take(bytes, this.mostBytes);
    return block.address;
  }

  /** Gives a block back. */
  release(address: number): void {
    const blocks = address < keptBytes ? this.kept : this.blocks;
    const block = blocks.at(address);
    if (block !== undefined && !block.isFree) blocks.release(block);
  }

  private array<A extends HeapArray>(length: number, bytesEach: number, view: (address: number) => A): A {
    const wasUsed = this.blocks.used;
    const block = this.takeForUser(checkedLength(length) * bytesEach);
    const { address } = block;
    if (address < wasUsed) this.uint8s.fill(0, address, Math.min(wasUsed, address + length * bytesEach));
    try {
      const array = view(address);
      this.blocks.give(block, array.byteLength);
      this.places.set(array, { address, isInUse: true });
      return array;
    } catch (error) {
      this.blocks.release(block); // an engine whose arrays are not that long
      throw error;
    }
  }

  private takeForUser(bytes: number): Block {
    const most = this.mostBytes - ownBytes;
    try {
      return this.take(bytes, most);
    } catch (error) {
      if (!this.spare()) throw error;
      return this.take(bytes, most);
    }
  }

  private take(bytes: number, most: number): Block {
    const size = sizeOf(bytes);
    if (size > most) full(heapTexts.heapFull(this.blocks.end + size, this.mostBytes));
    return this.blocks.take(size, (end) => this.reach(end, most));
  }

  /** The buffer of the memory as it is now: V8 makes a new one also when another shared memory has grown. */
  private buffer(): ArrayBufferLike {
    const { buffer } = this.memory;
    this.buffers.add(buffer);
    return buffer;
  }

  /** Makes the memory reach to an address. */
  private reach(address: number, most: number): void {
    if (address > most) full(heapTexts.heapFull(address, this.mostBytes));
    const { byteLength } = this.uint8s;
    const missing = address - byteLength;
    if (missing <= 0) return;
    // Grown by at least a quarter, so that many small arrays do not grow it many times.
    const pages = Math.ceil(missing / pageBytes);
    const generous = Math.max(pages, Math.ceil(byteLength / pageBytes / 4));
    if (!this.grow(generous) && !this.grow(pages)) {
      this.refusedAt = byteLength;
      full(heapTexts.heapRefused(address, byteLength));
    }
    this.refusedAt = null;
    const buffer = this.buffer();
    this.blocks.reach(buffer.byteLength);
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

/** A block for so many bytes, and a line behind them, as kernels read whole vectors at the end. */
function sizeOf(bytes: number): number {
  return (Math.ceil(bytes / lineBytes) + 1) * lineBytes;
}
