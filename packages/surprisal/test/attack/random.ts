// Random numbers from a seed: an attack that finds something can be repeated call by call.

/** A stream of random numbers that follows from a seed (mulberry32). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  /** A number from 0 to below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to below a limit. */
  below(limit: number): number {
    return Math.floor(limit * this.next());
  }

  /** A whole number from `low` to `high`, both among them. */
  whole(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Whether something of this probability happens. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)];
  }

  /** A number of the normal distribution. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** A power of ten between two exponents, with digits behind it. */
  magnitude(lowest: number, highest: number): number {
    return 10 ** this.between(lowest, highest);
  }

  /** Any finite float32, each power of two as likely as the other. */
  float32(): number {
    const value = Math.fround(this.between(1, 2) * 2 ** this.between(-149, 127));
    return this.chance(0.5) ? value : -value;
  }
}
