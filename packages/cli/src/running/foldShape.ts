// Whether something that was read is a fold of a comparison: of one of its plans, on its rows.
import type { Folds } from "../folds/assignment.ts";
import type { EngineName } from "../learning/engines.ts";
import type { FoldResult } from "../selection/fold.ts";
import { type Study, studyOf } from "../selection/study.ts";

/** A check for folds of studies. */
export function foldCheck(studies: readonly Study<Folds>[]): (json: unknown) => json is FoldResult {
  const [{ folds, task }] = studies;
  const { outputs } = task.target;
  const isModel = (name: unknown): name is EngineName => studies.some(({ plan }) => plan.model === name);
  return (json): json is FoldResult => {
    if (!isRecord(json) || !isModel(json.model)) return false;
    const { plan } = studyOf(studies, json.model);
    if (!isBelow(json.repeat, folds.repeats.length) || !isBelow(json.fold, folds.count)) return false;
    const { repeat, fold, strength, fits, prior, families, spent } = json;
    const rows = folds.repeats[repeat].reduce((count, each) => count + Number(each === fold), 0);
    const isLogits = (value: unknown) => value instanceof Float64Array && value.length === rows * outputs;
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
          isLogits(each.logits)
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
