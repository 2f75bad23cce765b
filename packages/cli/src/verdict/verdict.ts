// The verdict in words: which loss to use, and how sure that is.

import type { Comparison } from "../scores/statistics.ts";
import type { Family } from "../selection/families.ts";

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

/** The certainty that a recommendation needs; more where positives are few. */
export interface Required {
  readonly ranking: boolean;
  readonly certainty: number;
  /** What to say where no ranking is possible. */
  readonly advice: string;
}

const percent = (share: number) => `${(100 * share).toFixed(share > 0.995 && share < 1 ? 1 : 0)} %`;

/**
 * Decides; among challengers that are certain enough the simplest wins, whose order is that of the list.
 *
 * @param hasThreshold whether decisions hang on a threshold, as they do for a binary target
 */
export function decideVerdict(
  challengers: readonly Challenger[],
  { ranking, certainty, advice }: Required,
  hasThreshold: boolean,
): Verdict {
  const recommended = "ce";
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
      headline: `Use ${family.title}: better than cross entropy with ${percent(comparison.better)} certainty.`,
      reason: `The difference is ${comparison.mean.toPrecision(2)} (95 %: ${comparison.low.toPrecision(2)} to ${comparison.high.toPrecision(2)}).`,
    };
  }
  const unsure = challengers.filter(({ comparison }) => comparison.better > 0.5);
  if (unsure.length > 0) {
    const [{ family, comparison }] = [...unsure].sort((a, b) => b.comparison.better - a.comparison.better);
    return {
      kind: "cannot-tell",
      recommended,
      headline: `Cannot tell: ${family.title} may be better (${percent(comparison.better)}), which is not enough to leave cross entropy.`,
      reason: `A recommendation needs ${percent(certainty)}. More data or --thorough may settle it.`,
    };
  }
  return {
    kind: "keep",
    recommended,
    headline: `Keep plain cross entropy: no other loss is better with ${percent(certainty)} certainty.`,
    reason:
      challengers.length === 0
        ? "No other loss was compared."
        : hasThreshold
          ? "Choose the threshold instead; that is where the gain is."
          : "",
  };
}
