// The threshold for a goal: by formula from the undone probabilities, beside a cross-fitted search over labels.

import { wilsonInterval } from "../scores/calibration.ts";
import type { Column01, Confusion } from "../scores/confusion.ts";
import { rank, totalsOf, walk } from "../scores/ranking.ts";
import { meanOf } from "../scores/statistics.ts";
import { effectiveRows } from "../task/weights.ts";
import { score } from "../words/text.ts";
import type { GoalKind } from "./goals.ts";
import { cost, flaggedIn, type Goal } from "./goals.ts";

/** A threshold, where it comes from, and what it gives on rows that did not choose it. */
export interface ThresholdChoice {
  readonly kind: GoalKind;
  /** What it is for, in words: "F1", "balanced accuracy", "costs 1 : 5", "recall ≥ .9", "top 100 rows". */
  readonly goal: string;
  /** By formula from the undone probabilities. */
  readonly byFormula: number;
  /** By search over the other folds, the mean of the folds that have others. */
  readonly bySearch: number;
  /** The goal's measure (of a top: its precision) as the probabilities promise it at the formula's threshold. */
  readonly promised: number;
  /** The measure as it was counted at the formula's threshold, and at the searched one (cross-fitted). */
  readonly atFormula: number;
  readonly atSearch: number;
  /** Counted at the formula's threshold: of how many flagged rows, what share is right, what share of all is found. */
  readonly flagged: number;
  readonly precision: number;
  readonly recall: number;
  /** Whether promise and count, or formula and search, differ so much that calibration must be off. */
  readonly disagree: boolean;
}

/**
 * A threshold for each goal.
 *
 * The search looks at labels, for each fold at those of the other folds, so that what its thresholds give is measured
 * on rows that had no part in choosing them. The formula needs no search.
 *
 * @param fold which fold tested each row
 * @param inTime whether a fold is searched for in those before it only; the first one takes the formula's threshold
 */
export function chooseThresholds(
  column: Column01,
  fold: Int32Array | readonly number[],
  goals: readonly Goal[],
  inTime = false,
): readonly ThresholdChoice[] {
  const formulas = goals.map(({ formula }) => formula(column));
  const folds = [...new Set(fold)];
  const searched = folds.map((held) =>
    search(
      ofOtherFolds(column, (row) => (inTime ? fold[row] < held : fold[row] !== held)),
      goals,
    ),
  );
  return goals.map((goal, k): ThresholdChoice => {
    const byFormula = formulas[k];
    const found = new Map(folds.map((held, index) => [held, searched[index]?.[k] ?? byFormula]));
    const formula = decide(column, () => byFormula);
    const crossFitted = decide(column, (row) => found.get(fold[row]) as number);
    return {
      kind: goal.kind,
      goal: goal.goal,
      byFormula,
      bySearch: meanOf(
        searched.some((each) => each !== null) ? searched.flatMap((each) => each?.[k] ?? []) : [byFormula],
      ),
      promised: goal.measured(formula.promised),
      atFormula: goal.measured(formula.counted),
      atSearch: goal.measured(crossFitted.counted),
      ...ratesOf(formula.counted),
      disagree: isOff(goal, formula, crossFitted, column),
    };
  });
}

/** What a threshold gives on rows that did not choose it, in words: ".732", "recall .91, precision .42". */
export function outcomeOf({ kind, atFormula, precision, recall, flagged }: ThresholdChoice): string {
  if (kind === "costs") return `${cost(atFormula)} a row`;
  if (kind === "F1" || kind === "balanced accuracy") return score(atFormula);
  if (flagged === 0) return "out of reach: no row is so probable";
  return kind === "recall"
    ? `recall ${score(recall, 2)}, precision ${score(precision, 2)}`
    : `precision ${score(precision, 2)}, recall ${score(recall, 2)}`;
}

/** The decisions at a threshold: as the labels count them, and as they would be if the probabilities were true. */
interface Decided {
  readonly counted: Confusion;
  readonly promised: Confusion;
}

function decide({ labels, probabilities, weights = null }: Column01, thresholdOf: (row: number) => number): Decided {
  const empty = () => [
    [0, 0],
    [0, 0],
  ];
  const counted = empty();
  const promised = empty();
  probabilities.forEach((p, row) => {
    const decision = Number(p >= thresholdOf(row));
    const weight = weights === null ? 1 : weights[row];
    counted[labels[row]][decision] += weight;
    promised[0][decision] += weight * (1 - p);
    promised[1][decision] += weight * p;
  });
  return { counted, promised };
}

/**
 * Whether calibration must be off. A best value is held against what the search gives, which needs no calibration; a
 * promised share against the 95 % interval of what was counted, by search where the formula flags nothing. Rows that
 * count by weights tell as much as their effective number, taken from all rows.
 */
function isOff(goal: Goal, formula: Decided, crossFitted: Decided, { weights = null }: Column01): boolean {
  const { share, sought, measured } = goal;
  if (share === undefined) {
    const gain = sought(crossFitted.counted) - sought(formula.counted);
    return gain > 0.02 * Math.abs(sought(crossFitted.counted)) + 0.005;
  }
  const { counted, promised } = flaggedIn(formula.counted) > 0 ? formula : crossFitted;
  const { found, of } = share(counted);
  const unit = weights === null ? 1 : effectiveRows(weights) / weights.reduce((sum, weight) => sum + weight, 0);
  const { low, high } = wilsonInterval(found * unit, of * unit);
  const gap = measured(promised) - measured(counted);
  return (measured(promised) < low || measured(promised) > high) && Math.abs(gap) > 0.02;
}

function ratesOf(confusion: Confusion): Pick<ThresholdChoice, "precision" | "recall" | "flagged"> {
  const [, [misses, hits]] = confusion;
  const flagged = flaggedIn(confusion);
  return {
    precision: flagged === 0 ? 1 : hits / flagged,
    recall: hits / (hits + misses),
    flagged,
  };
}

/** The rows of the other folds; null where there is no other. */
function ofOtherFolds(column: Column01, isOther: (row: number) => boolean): Column01 | null {
  const { labels, probabilities, weights = null } = column;
  const kept = (_: number, row: number) => isOther(row);
  const rest = {
    labels: labels.filter(kept),
    probabilities: probabilities.filter(kept),
    weights: weights?.filter(kept) ?? null,
  };
  return rest.labels.length === 0 ? null : rest;
}

/** The best threshold for each goal, by one walk over all that make a difference; 1 where none reaches the goal. */
function search(column: Column01 | null, goals: readonly Goal[]): readonly number[] | null {
  if (column === null) return null;
  const ranked = rank(column);
  const { positives, negatives } = totalsOf(ranked);
  const counted = (hits: number, alarms: number): Confusion => [
    [negatives - alarms, alarms],
    [positives - hits, hits],
  ];
  const best = goals.map(({ sought }) => ({ threshold: 1, worth: sought(counted(0, 0)) }));
  walk(ranked, (threshold, hits, alarms) => {
    const confusion = counted(hits, alarms);
    goals.forEach(({ sought }, k) => {
      const worth = sought(confusion);
      if (worth > best[k].worth) best[k] = { threshold, worth };
    });
  });
  return best.map(({ threshold }) => threshold);
}
