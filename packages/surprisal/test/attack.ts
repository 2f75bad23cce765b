// Random attacks: the same each time, a hundred times as long with SURPRISAL_ATTACK=long, which also prints what was done.

/** Random numbers that follow from a seed (mulberry32). */
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

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }
}

/** Whether the long attacks are asked for. */
export const isLong = process.env.SURPRISAL_ATTACK === "long";

/** How many milliseconds an attack may take. */
export const attackTime = isLong ? 3_600_000 : 60_000;

/**
 * Does something for so many seeds, or a hundred times as many, and counts what came of it. The seed of a failure stands
 * before its message.
 */
export function attack(name: string, rounds: number, strike: (random: Random) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let seed = 0; seed < rounds * (isLong ? 100 : 1); seed++) {
    try {
      const outcome = strike(new Random(seed));
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    } catch (error) {
      if (error instanceof Error) error.message = `${name}, seed ${seed}: ${error.message}`;
      throw error;
    }
  }
  if (isLong) console.log(name, counts);
  return counts;
}
