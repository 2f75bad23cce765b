// The verdict in words: which loss to use, and how sure that is.

import type { Comparison } from "../scores/statistics.ts";
import type { Family } from "../selection/families.ts";
import { percent } from "../words/text.ts";

/** A family beside cross entropy, as far as the verdict needs it. */
export interface Challenger {
  readonly family: Family;
  readonly comparison: Comparison;
  /** The p-value after Holm's correction over all challengers. */
  readonly corrected: number;
}

/** What the tool recommends. */
export interface Verdict {
  readonly kind: "keep" | "switch" | "cannot-tell" | "too-few";
  /** The family to use. */
  readonly recommended: string;
  /** One sentence; the first line of every output. */
  readonly headline: string;
  /** Why, in one or two sentences. */
  readonly reason: string;
}

/** How sure a recommendation must be, given how few positives (rows of the rarest class) a test fold has. */
export interface Certainty {
  /** Whether losses may be ranked at all. */
  readonly ranking: boolean;
  /** The P(better) that a recommendation takes. */
  readonly certainty: number;
  /** What it would take to know more; empty where nothing is lacking. */
  readonly advice: string;
}

/** Under 10 positives per fold: no ranking. 10 to 30: intervals, and a verdict from .99 on. Beyond: from .95 on. */
export function certaintyFor(positivesPerFold: number): Certainty {
  const has = `a fold tests ${Number(positivesPerFold.toFixed(1))} rows of the rarest class`;
  const more = (needed: number) =>
    `about ${(needed / positivesPerFold).toFixed(1)} times as many such rows, or a smaller --fold-count`;
  if (!(positivesPerFold > 0)) return { ranking: false, certainty: 1, advice: `${has}; a ranking takes 10` };
  if (positivesPerFold < 10) return { ranking: false, certainty: 1, advice: `${has}; a ranking takes 10: ${more(10)}` };
  if (positivesPerFold < 30) {
    return {
      ranking: true,
      certainty: 0.99,
      advice: `${has}; with fewer than 30 a recommendation takes 99 % certainty`,
    };
  }
  return { ranking: true, certainty: 0.95, advice: "" };
}

/** From 99.5 % on a digit more. */
export const certaintyInWords = (share: number) => percent(share, share > 0.995 && share < 1 ? 1 : 0);

/** What a verdict hangs on. */
export interface Case {
  /** What all others are held against. */
  readonly reference: Pick<Family, "id">;
  /** The simplest first. */
  readonly challengers: readonly Challenger[];
  readonly certainty: Certainty;
  /** Whether decisions hang on a threshold, as they do for a binary target. */
  readonly hasThreshold: boolean;
}

/** Decides; among challengers that are certain enough the simplest wins. */
export function decideVerdict({ reference, challengers, certainty: required, hasThreshold }: Case): Verdict {
  const { ranking, certainty, advice } = required;
  const recommended = reference.id;
  if (!ranking) {
    return {
      kind: "too-few",
      recommended,
      headline: "Too few positives to rank losses: keep plain cross entropy.",
      reason: advice,
    };
  }
  const winner = challengers.find(({ comparison, corrected }) => comparison.better >= certainty && corrected <= 0.05);
  if (winner !== undefined) {
    const { family, comparison } = winner;
    return {
      kind: "switch",
      recommended: family.id,
      headline: `Use ${family.title}: better than cross entropy with ${certaintyInWords(comparison.better)} certainty.`,
      reason: `The difference is ${comparison.mean.toPrecision(2)} (95 %: ${comparison.low.toPrecision(2)} to ${comparison.high.toPrecision(2)}).`,
    };
  }
  const unsure = challengers.filter(({ comparison }) => comparison.better > 0.5);
  if (unsure.length > 0) {
    const [{ family, comparison }] = [...unsure].sort((a, b) => b.comparison.better - a.comparison.better);
    return {
      kind: "cannot-tell",
      recommended,
      headline: `Cannot tell: ${family.title} may be better (${certaintyInWords(comparison.better)}), which is not enough to leave cross entropy.`,
      reason: `A recommendation needs ${certaintyInWords(certainty)}. More data or --thorough may settle it.`,
    };
  }
  return {
    kind: "keep",
    recommended,
    headline: `Keep plain cross entropy: no other loss is better with ${certaintyInWords(certainty)} certainty.`,
    reason:
      challengers.length === 0
        ? "No other loss was compared."
        : hasThreshold
          ? "Choose the threshold instead; that is where the gain is."
          : "",
  };
}
