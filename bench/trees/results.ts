// What was measured of trees, one part at a time, and kept: what docs/trees.md is written from.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { FirstTree } from "./first.ts";
import type { RareClasses } from "./rare.ts";
import type { SpeedResult } from "./speed.ts";

/** Rows of a table that compares variants: by public table, then by variant the log loss. */
export type VariantScores = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A part, or why there is none. */
export type Part<T> = { readonly notRun: string } | ({ readonly machine: string } & T);

/** All parts; one that was not asked for yet is left out. */
export interface TreeResults {
  readonly speed?: Part<{ readonly version: string; readonly sizes: readonly SpeedResult[] }>;
  readonly first?: Part<{ readonly version: string; readonly trees: readonly FirstTree[] }>;
  readonly rare?: Part<{ readonly versions: Readonly<Record<string, string>>; readonly classes: RareClasses }>;
  /** `used` is the variant that the tool has. */
  readonly categories?: Part<{ readonly used: string; readonly scores: VariantScores }>;
  readonly floors?: Part<{ readonly gammas: Readonly<Record<string, VariantScores>> }>;
}

const folder = new URL("../results/tool/", import.meta.url);
const file = new URL("trees.json", folder);

/** What is kept. */
export function readTreeResults(): TreeResults {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as TreeResults) : {};
}

/** Keeps what was measured now; other parts stay as they were. */
export function keepTreeResults(results: TreeResults): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...readTreeResults(), ...results }, null, 1)}\n`);
}
