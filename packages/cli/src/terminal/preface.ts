// What is told before anything is trained: what was read and checked, and what will be done.

import type { Folds } from "../folds/assignment.ts";
import { engineNamed } from "../learning/engines.ts";
import type { PreparedStudy } from "../selection/study.ts";
import { classShares } from "../task/task.ts";
import { counted, percent, wordsOf } from "../words/text.ts";
import type { Style } from "./lines.ts";
import { entry } from "./lines.ts";

/** What was read and checked; printed before anything is trained. */
export function preface({ table, task, notes }: PreparedStudy, { columns }: Style): string {
  const { target, columns: features } = task;
  const numbers = features.filter(({ kind }) => kind === "number").length;
  const source = table.source.split(/[\\/]/).at(-1);
  const kinds = `${counted(numbers, "number")}, ${counted(features.length - numbers, "category", "categories")}`;
  const read = `${source} · ${counted(table.rows, "row")} · ${counted(features.length, "feature")} (${kinds})`;
  const ofClasses = classShares(target);
  const shares = target.classes.map((name, k) => `${name} ${percent(ofClasses[k], 1)}`);
  const classes = `${target.columns.slice(0, 3).join(", ")}: ${shares.slice(0, 6).join(" · ")}${shares.length > 6 ? " · …" : ""}`;
  const ofTarget = notes.filter((note) => note.about === "target").map(({ text }) => text);
  const about = ofTarget.length > 0 ? ofTarget : [classes];
  // Details, such as what was taken as which kind, are counted above and listed in the report.
  const worthSaying = notes.filter((note) => note.about !== "target" && note.weight !== "detail");
  const warnings = worthSaying.filter(({ weight }) => weight === "warning");
  const others = worthSaying.filter(({ weight }) => weight !== "warning");
  // The first three, but no warning is left out for something lighter.
  const chosen = [...warnings, ...others].slice(0, 3);
  const shown = worthSaying
    .filter((note) => chosen.includes(note))
    .map(({ text }) => shorten(entry("check", text, columns), columns));
  const more = worthSaying.length - shown.length;
  return [
    entry("read", read, columns),
    ...about.map((text) => entry("target", text, columns)),
    ...shown,
    ...(more > 0 ? [entry("", `and ${more} more, in the report`, columns)] : []),
    "",
  ].join("\n");
}

/** What will be done; the last line before training. */
export function describePlan({ plan, folds }: PreparedStudy<Folds>, { columns }: Style): string {
  const settings = plan.families.reduce((sum, { candidates }) => sum + candidates.length, 0);
  const model = engineNamed(plan.model).words;
  const pace = plan.pace === "fast" ? "" : " (--fast: fewer)";
  const losses = counted(plan.families.length, "loss", "losses");
  const text = `${losses} in ${counted(settings, "setting")}, ${folds.repeats.length}x${folds.count} folds, ${model}${pace}`;
  return `${entry("plan", text, columns)}\n\n`;
}

/** Three lines of an entry; the report has all of it. */
function shorten(text: string, columns: number): string {
  const lines = text.split("\n");
  if (lines.length <= 3) return text;
  const last = lines[2].length > columns - 2 ? wordsOf(lines[2]).slice(0, -1) : wordsOf(lines[2]);
  return `${lines[0]}\n${lines[1]}\n${" ".repeat(10)}${last.join(" ")} …`;
}
