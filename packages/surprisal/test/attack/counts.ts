// How long an attack goes on, and where its counts are kept.
//
//     npm run attack        the long mode of every attack; writes the counts that docs/reliability.md shows
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Random } from "./random.ts";

/** Whether attacks go on for minutes instead of seconds. */
export const isLong = process.env.SURPRISAL_ATTACK === "long";

/** How many milliseconds an attack may take. */
export const attackTime = isLong ? 3_600_000 : 60_000;

const page = join(dirname(fileURLToPath(import.meta.url)), "../../../../docs/reliability.json");

/** Keeps what an attack in the long mode did, under a name that says against what it went. */
export function recordCounts(name: string, counts: Readonly<Record<string, number>>): void {
  if (!isLong) return;
  const known: Record<string, unknown> = existsSync(page) ? JSON.parse(readFileSync(page, "utf8")) : {};
  const all = Object.entries({ ...known, [name]: counts }).sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(page, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
  console.log(name, counts);
}

/**
 * Does something for so many seeds, or a hundred times as many, and counts what came of it. The seed of a failure
 * stands before its message.
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
  recordCounts(name, counts);
  return counts;
}
