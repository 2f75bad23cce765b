// Whether something that was read is a fold of a comparison: of its plan, on its rows.
import type { Folds } from "../folds/assignment.ts";
import type { FoldResult } from "../selection/fold.ts";
import type { Plan } from "../selection/plan.ts";

/** What the folds of a comparison have in common. */
export interface FoldShape {
  readonly plan: Pick<Plan, "families" | "folds" | "repeats">;
  readonly folds: Pick<Folds, "repeats">;
  /** Probabilities per row. */
  readonly outputs: number;
}

/** A check for folds of a comparison. */
export function foldCheck({ plan, folds, outputs }: FoldShape): (json: unknown) => json is FoldResult {
  return (json): json is FoldResult => {
    if (!isRecord(json) || !isBelow(json.repeat, plan.repeats) || !isBelow(json.fold, plan.folds)) return false;
    const { repeat, fold, strength, fits, prior, families, spent } = json;
    const rows = folds.repeats[repeat].reduce((count, each) => count + Number(each === fold), 0);
    const isProbabilities = (value: unknown) => value instanceof Float64Array && value.length === rows * outputs;
    return (
      [strength, fits].every((value) => typeof value === "number") &&
      isNumbers(prior) &&
      isNumbers(spent) &&
      Array.isArray(families) &&
      families.length === plan.families.length &&
      families.every((each: unknown, k) => {
        if (!isRecord(each) || !isRecord(each.choice) || each.family !== plan.families[k].id) return false;
        const { candidate, innerScore, epochs, grid } = each.choice;
        return (
          isRecord(candidate) &&
          [innerScore, epochs].every((value) => typeof value === "number") &&
          Array.isArray(grid) &&
          grid.length === plan.families[k].candidates.length &&
          isNumbers(grid) &&
          isNumbers(each.undone) &&
          isNumbers(each.shown) &&
          isProbabilities(each.undoneProbabilities) &&
          isProbabilities(each.shownProbabilities)
        );
      })
    );
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isBelow(value: unknown, limit: number): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < limit;
}

function isNumbers(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every((each) => typeof each === "number");
}
