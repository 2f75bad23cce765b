// Whom the report is about: cross entropy, the loss to use, and the rival it is drawn beside.

import { type MetricRow, metrics } from "../scores/metric.ts";
import type { GoalKind } from "../verdict/goals.ts";
import { type FamilyResult, type Result, recommendedOf, referenceOf } from "../verdict/result.ts";
import type { ThresholdChoice } from "../verdict/thresholds.ts";
import { counted } from "../words/text.ts";
import { shortened } from "./drawing/html.ts";

/** A result, and what every section of the report asks of it. */
export interface Story {
  readonly result: Result;
  readonly reference: FamilyResult;
  /** The family that is recommended. */
  readonly used: FamilyResult;
  /** The recommended challenger, or else the one that comes closest; null if there is none, or no ranking. */
  readonly rival: FamilyResult | null;
  readonly challengers: readonly FamilyResult[];
  /** False where positives are too few for a ranking. */
  readonly ranked: boolean;
  /** A difference of the selection score that does not matter. */
  readonly band: number;
  readonly metric: MetricRow;
  /** The outputs that charts show: at most twelve, the largest classes first in doubt. */
  readonly outputs: readonly number[];
}

/** The most panels of a kind. */
export const mostPanels = 12;

/** The longest name on the page, and the longest note; the JSON file has all. */
const limits = { name: 120, note: 600 } as const;

/** Reads a result. */
export function storyOf(everything: Result): Story {
  const result = limited(everything);
  const { families, verdict, plan, target } = result;
  const reference = referenceOf(result);
  const ranked = verdict.kind !== "too-few";
  const challengers = ranked ? families.slice(1) : [];
  const used = recommendedOf(result);
  const closest = [...challengers].sort((a, b) => chance(b) - chance(a))[0] ?? null;
  const outputs = [...reference.curves.keys()];
  const rows = (output: number) => target.counts[target.kind === "binary" ? 1 : output];
  const largest = [...outputs].sort((a, b) => rows(b) - rows(a)).slice(0, mostPanels);
  return {
    result,
    reference,
    used,
    rival: used === reference ? closest : used,
    challengers,
    ranked,
    band: plan.band,
    metric: metrics[plan.metric],
    outputs: outputs.filter((output) => largest.includes(output)),
  };
}

/** The result with what a hostile or very wide table could make endless cut to what a page can hold. */
function limited(result: Result): Result {
  const name = (text: string) => shortened(text, limits.name);
  const { target, families, features, dropped, notes, table, command } = result;
  return {
    ...result,
    command: shortened(command, 10 * limits.note),
    table: { ...table, source: name(table.source) },
    test: result.test && { ...result.test, source: name(result.test.source) },
    target: { ...target, columns: target.columns.map(name), classes: target.classes.map(name) },
    features: features.map((feature) => ({ ...feature, name: name(feature.name) })),
    dropped: dropped.map(({ column, ...why }) => ({ column: name(column), ...why })),
    notes: notes.map(({ column, pattern, ...note }) => ({
      ...note,
      text: shortened(note.text, limits.note),
      ...(column !== undefined && { column: name(column) }),
      ...(pattern !== undefined && { pattern: shortened(pattern, limits.note) }),
    })),
    families: families.map((family) => ({
      ...family,
      curves: family.curves.map((curves) => ({ ...curves, name: name(curves.name) })),
    })),
  };
}

const chance = ({ comparison }: FamilyResult) => comparison?.better ?? 0;

/** Each fold's score minus cross entropy's, in the metric's own direction; folds without a score are left out. */
export function foldDifferences({ reference }: Story, family: FamilyResult): readonly number[] {
  return family.perFold.map((value, fold) => value - reference.perFold[fold]);
}

/** A title begins with a capital. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The choice for a kind of goal. */
export function choiceFor(family: FamilyResult, kind: GoalKind): ThresholdChoice | null {
  return family.thresholds.find((each) => each.kind === kind) ?? null;
}

/** What a threshold is for: "the best F1", "recall ≥ .9". */
export function purposeOf({ kind, goal }: ThresholdChoice): string {
  return kind === "F1" || kind === "balanced accuracy"
    ? `the best ${goal}`
    : goal.replace(/ ([:≥]) /, "\u00a0$1\u00a0");
}

/** Which rows the curves are from. */
export function rowsInWords({ plan: { repeats, time } }: Result): string {
  if (time !== null) {
    return `${counted(time.tested, "row")}, each predicted by a model that has seen only earlier rows; ${counted(time.neverTested, "row")} are only learnt from.`;
  }
  return repeats > 1
    ? "Every row once, predicted by a model that has not seen it (the first repeat)."
    : "Every row once, predicted by a model that has not seen it.";
}
