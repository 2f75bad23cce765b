// The memory under a heap: as large as the system has room for.
//
// A view must never detach under its owner's hands. So the memory is shared where the engine has that, for shared
// memory grows without leaving its old views behind; elsewhere a large one is reserved, of which the system only
// provides what is touched.
import type { MemoryKind } from "../assembler/encoder.ts";
import { addressesLeft } from "./system.ts";
import { newMemory, type WasmMemory } from "./webAssembly.ts";

export const pageBytes = 65536;
/** 4 GiB, all that 32 bits can address. */
const largestPages = 65536;
/** 1 GiB, where the memory cannot grow. */
const reservedPages = 16384;
/** 64 MiB: where the system has no room for more than this, it has none. */
const fewestPages = 1024;
const firstPages = 16;
/** A memory, and what modules must know of it. */
export interface Memory {
  readonly memory: WasmMemory;
  readonly kind: MemoryKind;
}

/** The most bytes that a memory has where there is room enough. */
export function wantedBytes({ shared }: MemoryKind): number {
  return pageBytes * (shared ? largestPages : reservedPages);
}

/** Makes a memory that leaves half of the addresses to others; null where the system has no room for one. */
export function createMemory(): Memory | null {
  const shared = typeof SharedArrayBuffer !== "undefined";
  const room = addressesLeft() / 2;
  for (let maximum = shared ? largestPages : reservedPages; maximum >= fewestPages; maximum /= 2) {
    if (maximum * pageBytes > room) continue;
    try {
      // Where there is no room to grow into, an engine may give memory that cannot grow: so it must show it.
      const memory = newMemory({ initial: shared ? firstPages - 1 : maximum, maximum, shared });
      if (shared) memory.grow(1);
      return { memory, kind: { shared, maximum } };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return null;
}
