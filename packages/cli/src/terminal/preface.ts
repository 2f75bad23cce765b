// What is told before anything is trained: what was read and checked, and what will be done.

import { heardOf } from "../checks/telling.ts";
import type { Folds } from "../folds/assignment.ts";
import { wordsOf } from "../learning/engines.ts";
import type { PreparedStudy } from "../selection/study.ts";
import { classShares } from "../task/task.ts";
import { plainName } from "../words/quoted.ts";
import { counted, percent } from "../words/text.ts";
import { checkEntry, entry, type Style } from "./lines.ts";

/** Which notes are not told, and where those are found for which there is no room. */
export interface Telling {
  readonly ignore?: readonly string[] | undefined;
  /** Such as `, in the report`. */
  readonly rest: string;
}

/** What was read and checked; printed before anything is trained. */
export function preface({ table, task, notes }: PreparedStudy, style: Style, { ignore, rest }: Telling): string {
  const { columns } = style;
  const { target, columns: features } = task;
  const numbers = features.filter(({ kind }) => kind === "number").length;
  const source = table.source.split(/[\\/]/).at(-1);
  const kinds = `${counted(numbers, "number")}, ${counted(features.length - numbers, "category", "categories")}`;
  const read = `${source} · ${counted(table.rows, "row")} · ${counted(features.length, "feature")} (${kinds})`;
  const ofClasses = classShares(target);
  const shares = target.classes.map((name, k) => `${name} ${percent(ofClasses[k], 1)}`);
  const classes = `${target.columns.slice(0, 3).join(", ")}: ${shares.slice(0, 6).join(" · ")}${shares.length > 6 ? " · …" : ""}`;
  // Details, such as what was taken as which kind, are counted above and listed in the report.
  const lines = heardOf(notes, ignore).filter(({ weight }) => weight !== "detail");
  const warnings = lines.filter(({ weight }) => weight === "warning");
  const ofTarget = lines.filter((line) => line.about === "target" && !warnings.includes(line));
  const others = lines.filter((line) => line.about !== "target" && !warnings.includes(line));
  // Three in all, but no warning is left out for something lighter.
  const shown = others.slice(0, Math.max(0, 3 - warnings.length));
  const more = others.length - shown.length;
  return [
    entry("read", read, columns),
    ...warnings.map((line) => checkEntry("check", line, style, 3)),
    ...(ofTarget.length === 0
      ? [entry("target", classes, columns)]
      : ofTarget.map((line) => checkEntry("target", line, style))),
    ...shown.map((line) => checkEntry("check", line, style, 3)),
    ...(more > 0 ? [entry("", `and ${more} more${rest}`, columns)] : []),
    "",
  ].join("\n");
}

/** What will be done; the last line before training. */
export function describePlan(studies: readonly PreparedStudy<Folds>[], { columns }: Style): string {
  const [{ plan, folds, timeColumn }] = studies;
  const settings = plan.families.reduce((sum, { candidates }) => sum + candidates.length, 0);
  const models = studies.map((study) => wordsOf(study.plan)).join(", ");
  const pace = plan.pace === "fast" ? "" : " (--fast: fewer)";
  const losses = counted(plan.families.length, "loss", "losses");
  const dealt =
    timeColumn === undefined
      ? `${folds.repeats.length}x${folds.count} folds`
      : `${folds.count} folds in time, by ${plainName(timeColumn.name)}`;
  const text = `${losses} in ${counted(settings, "setting")}, ${dealt}, ${models}${pace}`;
  return `${entry("plan", text, columns)}\n\n`;
}
