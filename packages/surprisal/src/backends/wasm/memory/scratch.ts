// Memory for the length of one call.
import { lineBytes } from "./blocks.ts";
import type { Heap } from "./heap.ts";

/** Memory for the length of one call: taken piece by piece, given back all at once. */
export class Scratch {
  private address = 0;
  private bytes = 0;
  private taken = 0;
  /** Blocks of their own, for what did not fit this time, and their bytes. */
  private readonly extra: number[] = [];
  private extraBytes = 0;

  constructor(private readonly heap: Heap) {
    heap.spare = () => this.shrink();
  }

  /** The address of so many bytes, with a line behind them. */
  take(bytes: number): number {
    const size = (Math.ceil(bytes / lineBytes) + 1) * lineBytes;
    if (this.taken + size <= this.bytes) {
      const address = this.address + this.taken;
      this.taken += size;
      return address;
    }
    const address = this.heap.allocate(size);
    this.extra.push(address);
    this.extraBytes += size;
    return address;
  }

  /** Gives everything back; what was too little this time will do the next, if there is room for it. */
  reset(): void {
    const wanted = this.taken + this.extraBytes;
    this.taken = 0;
    if (this.extra.length === 0) return;
    for (const address of this.extra) this.heap.release(address);
    this.extra.length = 0;
    this.extraBytes = 0;
    this.shrink();
    try {
      this.address = this.heap.allocate(wanted);
      this.bytes = wanted;
    } catch {} // then each piece is a block of its own again
  }

  /** Gives its memory back where no call is under way, and says whether there was any. */
  private shrink(): boolean {
    if (this.bytes === 0 || this.taken > 0 || this.extra.length > 0) return false;
    this.heap.release(this.address);
    this.bytes = 0;
    return true;
  }
}
