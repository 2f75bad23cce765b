// A set of places on the heap that answers "which is the last one at or before this?" in a few steps.

/**
 * Whole numbers, from 0 to below the capacity. Each level has a bit for each word of the level below that is not 0, so
 * that a search goes up and down instead of along.
 */
export class Marks {
  private levels: Uint32Array[] = [];

  constructor(capacity: number) {
    this.reach(capacity);
  }

  /** Makes room for the numbers below a capacity. */
  reach(capacity: number): void {
    const grown: Uint32Array[] = [];
    for (let bits = capacity, k = 0; bits > 1 || k === 0; bits = Math.ceil(bits / 32), k++) {
      const level = new Uint32Array(Math.ceil(bits / 32));
      level.set(this.levels[k] ?? []);
      grown.push(level);
    }
    // What lies above the levels that were there before begins with the bit of their first word.
    for (let k = Math.max(this.levels.length, 1); k < grown.length; k++) {
      grown[k - 1].forEach((word, w) => {
        if (word !== 0) grown[k][w >>> 5] |= 1 << (w & 31);
      });
    }
    this.levels = grown;
  }

  add(place: number): void {
    let bit = place;
    for (const level of this.levels) {
      level[bit >>> 5] |= 1 << (bit & 31);
      bit >>>= 5;
    }
  }

  remove(place: number): void {
    let bit = place;
    for (const level of this.levels) {
      level[bit >>> 5] &= ~(1 << (bit & 31));
      if (level[bit >>> 5] !== 0) return;
      bit >>>= 5;
    }
  }

  /** The largest member that is not above a number; -1 if there is none. */
  lastUpTo(number: number): number {
    const { levels } = this;
    let bit = number;
    for (let k = 0; k < levels.length && bit >= 0; k++) {
      const upTo = levels[k][bit >>> 5] & (0xffffffff >>> (31 - (bit & 31)));
      if (upTo !== 0) {
        bit = (bit & ~31) + highest(upTo);
        for (let below = k - 1; below >= 0; below--) bit = 32 * bit + highest(levels[below][bit]);
        return bit;
      }
      bit = (bit >>> 5) - 1;
    }
    return -1;
  }
}

const highest = (word: number) => 31 - Math.clz32(word);
