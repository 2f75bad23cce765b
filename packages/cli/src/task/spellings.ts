// Levels of a category that a reader would take for one.
import { sameDecimal } from "../table/decimal.ts";
import type { CategoryColumn } from "../table/table.ts";

/** Pairs of levels that differ in capitals or blanks only, and pairs that are the same number. */
export interface Alike {
  readonly words: readonly (readonly [string, string])[];
  readonly numbers: readonly (readonly [string, string])[];
}

/** The pairs among the levels of a category. */
export function alikeLevels({ levels }: CategoryColumn): Alike {
  return {
    words: pairs(levels, (level) => level.normalize("NFKC").replace(/\s+/gu, "").toLowerCase()),
    numbers: pairs(levels, sameDecimal),
  };
}

function pairs(levels: readonly string[], meaning: (level: string) => string | null): [string, string][] {
  const first = new Map<string, string>();
  return levels.flatMap((level): [string, string][] => {
    const key = meaning(level);
    if (key === null) return [];
    const known = first.get(key);
    if (known === undefined) first.set(key, level);
    return known === undefined ? [] : [[known, level]];
  });
}
