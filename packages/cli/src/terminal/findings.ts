// What the terminal shows: the plan, a table of losses, the verdict. Plain text; colour only adds.

import pc from "picocolors";
import { linesOf } from "../checks/telling.ts";
import type { Spent } from "../learning/clock.ts";
import { engineNamed } from "../learning/engines.ts";
import type { Confusion } from "../scores/confusion.ts";
import { metrics } from "../scores/metric.ts";
import type { FoldResult } from "../selection/fold.ts";
import { modelOf, progressOf, type Result, recommendedOf, type TestResult } from "../verdict/result.ts";
import type { ThresholdChoice } from "../verdict/thresholds.ts";
import { outcomeOf } from "../verdict/thresholds.ts";
import { quoted } from "../words/quoted.ts";
import { predictCommand } from "../words/shell.ts";
import { count, counted, duration, percent, probability, score } from "../words/text.ts";
import type { Style } from "./lines.ts";
import { checkEntry, entry } from "./lines.ts";
import { lossTable } from "./lossTable.ts";
import { modelLines } from "./modelLines.ts";

/** The table of losses, the verdict and what to do next. */
export function findings(result: Result, style: Style): string {
  const { columns, colour } = style;
  const outcome = linesOf(result.notes.filter(({ about, ignored }) => about === "outcome" && ignored !== true));
  const { plan, saved, target, models, modelVerdict } = result;
  const used = recommendedOf(result);
  const { planned, whole } = progressOf(result);
  const model = modelOf(result);
  const unmade = saved.length > 0 && model === null;
  const missing = modelVerdict.missing.map((name) => `, ${engineNamed(name).words} on too few of them`).join("");
  const at = whole
    ? "before the model was trained"
    : `after ${count(plan.finished)} of ${count(planned)} folds${missing}`;
  // Nothing saved, nothing to go on from.
  const goOn =
    saved.length === 0 ? "" : `; --resume goes on${unmade ? ", and trains the model, which is missing" : ""}`;
  const use = {
    binary: used.thresholds.map(
      (choice, place) => `${thresholdWords(choice)}${place === 0 && model !== null ? ", saved in the model" : ""}`,
    ),
    multiclass: ["the class with the largest probability"],
    multilabel: ["each label from the probability .5 on"],
  }[target.kind];
  return [
    ...(models.length === 1 ? ofOneModel(result, style) : modelLines(result, style)),
    ...use.map((text, place) => entry(place === 0 ? "USE" : "", text, columns)),
    ...outcome.map((line) => checkEntry("check", line, { columns, colour })),
    ...(result.test === null ? [] : [entry("TEST", testWords(result, result.test), columns)]),
    ...(saved.length > 0 ? [entry("SAVED", saved.join(" · "), columns)] : []),
    ...(model === null ? [] : [entry("NEXT", predictCommand(model), columns)]),
    ...(!whole || unmade ? [entry("STOPPED", `${at}${goOn}`, columns)] : []),
    "",
  ].join("\n");
}

/** The losses of one model, and the verdict on them. */
function ofOneModel(result: Result, { columns, colour }: Style): readonly string[] {
  const paint = pc.createColors(colour);
  const { families, verdict } = result;
  const table = lossTable(result, columns);
  const used = recommendedOf(result);
  return [
    ...table.head.map(paint.dim),
    table.prior,
    ...table.families.map((line, k) => (families[k] === used ? paint.bold(line) : line)),
    "",
    paint.bold(entry("VERDICT", `${verdict.headline} ${verdict.reason}`.trim(), columns)),
  ];
}

/** What the final model came to on the hold-out. */
function testWords(
  { target, plan }: Result,
  { source, rows, scores, prior, threshold, confusion }: TestResult,
): string {
  const told = [
    ...new Set([metrics[plan.metric], metrics["log-loss"], metrics["average-precision"], metrics["roc-auc"]]),
  ];
  const ranges = told.flatMap(({ field, short, digits }) => {
    if (!(field in scores)) return [];
    const range = scores[field as keyof typeof scores];
    return Number.isFinite(range.score)
      ? [`${short} ${score(range.score, digits)} (${score(range.low, digits)} to ${score(range.high, digits)})`]
      : [];
  });
  const flagged = confusion.length === 2 && threshold !== null ? [decisionWords(target, confusion, threshold)] : [];
  const base = `class shares only: ${metrics[plan.metric].short} ${score(prior[metrics[plan.metric].field], metrics[plan.metric].digits)}`;
  return [source, counted(rows, "row"), ranges.join(", "), ...flagged, base].join(" · ");
}

function decisionWords(
  { classes }: Result["target"],
  [[, alarms], [misses, hits]]: Confusion,
  threshold: number,
): string {
  return `from ${probability(threshold)} on ${count(hits)} of ${counted(hits + misses, `row of ${quoted(classes[1])}`, `rows of ${quoted(classes[1])}`)} found, ${counted(alarms, "false alarm")}`;
}

/** How long it took, and where the time of the threads went. */
export function timeTaken(folds: readonly FoldResult[], milliseconds: number, jobs: number): string {
  const all = folds.reduce((sum, { spent }) => sum + spent.all, 0);
  const share = (part: keyof Spent) => folds.reduce((sum, { spent }) => sum + spent[part], 0) / all;
  const rest = 1 - share("products") - share("loss");
  const parts = `matrix products ${percent(share("products"))}, loss ${percent(share("loss"))}, the rest ${percent(rest)}`;
  return ` TIME     ${duration(milliseconds / 1000)} on ${counted(jobs, "thread")} · ${parts}\n`;
}

/** A threshold, what it is for and what it gives. */
function thresholdWords(choice: ThresholdChoice): string {
  const { kind, goal, byFormula, bySearch, promised, flagged, disagree } = choice;
  const isPromise = flagged > 0 && (kind === "recall" || kind === "precision" || kind === "top");
  const other = isPromise ? `promised was ${score(promised, 2)}` : `a search finds ${probability(bySearch)}`;
  const off = disagree ? `; ${other}: the calibration is off` : "";
  return `threshold ${probability(byFormula)} for ${goal} (${outcomeOf(choice)}${off})`;
}
