// Which addresses of a heap are in use, and by whom: no step depends on how many blocks there are.
import { Marks } from "./marks.ts";

/** Every block begins at a line of the cache. */
export const lineBytes = 64;
/** How many free blocks of about the right size are looked at before a larger one, or fresh memory, is taken. */
const fewTries = 8;
/** Free blocks are kept in lists by size, four to each power of two. */
const listsPerPower = 4;

/** Some lines of the heap, one behind the other. */
export interface Block {
  readonly address: number;
  readonly bytes: number;
  readonly isFree: boolean;
  /** How many of its bytes an array of a user has; 0 where it is free or the back end's own. */
  readonly arrayBytes: number;
}

/** The blocks of a heap, which follow each other without gaps up to an end. */
export class Blocks {
  private readonly byAddress = new Map<number, Block>();
  private readonly starts: Marks;
  private readonly free: Set<Block>[] = [];
  private last: number;
  /** The first address that was never in use, so that it holds 0 from there on. */
  private touched: number;

  constructor(first: number, capacity: number) {
    this.starts = new Marks(capacity / lineBytes);
    this.last = first;
    this.touched = first;
  }

  /** Makes room for the blocks of a heap of so many bytes. */
  reach(capacity: number): void {
    this.starts.reach(capacity / lineBytes);
  }

  /** The block that begins at an address. */
  at(address: number): Block | undefined {
    return this.byAddress.get(address);
  }

  /** The block in which an address lies. */
  around(address: number): Block | undefined {
    return address < this.last ? this.before(Math.floor(address / lineBytes)) : undefined;
  }

  private before(line: number): Block | undefined {
    return this.byAddress.get(lineBytes * this.starts.lastUpTo(line));
  }

  /** Behind the last block in use. */
  get end(): number {
    return this.last;
  }

  /** The end of what was ever in use. */
  get used(): number {
    return this.touched;
  }

  /**
   * Takes a block of so many bytes, whole lines.
   *
   * @param reach makes the heap reach to an address; where it throws, nothing has changed
   */
  take(bytes: number, reach: (end: number) => void): Block {
    let found = this.fitting(bytes, fewTries);
    if (found === undefined) {
      try {
        reach(this.last + bytes);
      } catch (error) {
        found = this.fitting(bytes, Number.POSITIVE_INFINITY);
        if (found === undefined) throw error;
      }
    }
    if (found === undefined) {
      const { last } = this;
      this.last += bytes;
      this.touched = Math.max(this.touched, this.last);
      return this.put({ address: last, bytes, isFree: false, arrayBytes: 0 });
    }
    const { address } = found;
    this.drop(found);
    if (found.bytes > bytes)
      this.put({ address: address + bytes, bytes: found.bytes - bytes, isFree: true, arrayBytes: 0 });
    return this.put({ address, bytes, isFree: false, arrayBytes: 0 });
  }

  /** Says that a user's array of so many bytes lies in a block. */
  give(block: Block, arrayBytes: number): void {
    this.byAddress.set(block.address, { ...block, arrayBytes });
  }

  /** Takes a block back, and joins it with those beside it that are free. */
  release(block: Block): void {
    let { address, bytes } = block;
    this.drop(block);
    const after = this.byAddress.get(address + bytes);
    if (after?.isFree) {
      this.drop(after);
      bytes += after.bytes;
    }
    const before = this.before(address / lineBytes - 1);
    if (before?.isFree) {
      this.drop(before);
      bytes += before.bytes;
      address = before.address;
    }
    if (address + bytes === this.last) this.last = address;
    else this.put({ address, bytes, isFree: true, arrayBytes: 0 });
  }

  /** A free block of at least so many bytes. Any in a later list is large enough; in the first a few are tried. */
  private fitting(bytes: number, tries: number): Block | undefined {
    let left = tries;
    for (const block of this.free[listOf(bytes)] ?? []) {
      if (block.bytes >= bytes) return block;
      if (--left === 0) break;
    }
    for (let k = listOf(bytes) + 1; k < this.free.length; k++) for (const block of this.free[k] ?? []) return block;
    return undefined;
  }

  private put(block: Block): Block {
    this.byAddress.set(block.address, block);
    this.starts.add(block.address / lineBytes);
    if (block.isFree) {
      const list = listOf(block.bytes);
      while (this.free.length <= list) this.free.push(new Set());
      this.free[list].add(block);
    }
    return block;
  }

  private drop(block: Block): void {
    this.byAddress.delete(block.address);
    this.starts.remove(block.address / lineBytes);
    if (block.isFree) this.free[listOf(block.bytes)].delete(block);
  }
}

/** The list of free blocks of so many bytes. */
function listOf(bytes: number): number {
  const lines = bytes / lineBytes;
  const power = 31 - Math.clz32(lines);
  return listsPerPower * power + Math.floor((listsPerPower * (lines - 2 ** power)) / 2 ** power);
}
