// What the terminal shows: the plan, a table of losses, the verdict. Plain text; colour only adds.
import pc from "picocolors";
import type { PreparedComparison } from "../comparison/compare.ts";
import type { Spent } from "../learning/clock.ts";
import type { FoldResult } from "../selection/fold.ts";
import { outcomeOf } from "../verdict/goals.ts";
import { modelOf, type Result, type ThresholdChoice } from "../verdict/result.ts";
import { classCounts } from "../verdict/summary.ts";
import { predictCommand } from "../words/shell.ts";
import { counted, duration, percent, probability, score, wordsOf, wrapped } from "../words/text.ts";
import { visibleLine } from "../words/visible.ts";
import { lossTable } from "./lossTable.ts";

/** How wide, and whether in colour. */
export interface Style {
  readonly columns: number;
  readonly colour: boolean;
}

/** A line with its subject in the margin: ` read     churn.csv ...`. */
function entry(name: string, text: string, columns: number): string {
  const [first, ...rest] = wrapped(visibleLine(text), columns - 10, "").split("\n");
  return [` ${name.padEnd(9)}${first}`, ...rest.map((line) => `${" ".repeat(10)}${line}`)].join("\n");
}

/** Three lines of an entry; the report has all of it. */
function brief(text: string, columns: number): string {
  const lines = text.split("\n");
  if (lines.length <= 3) return text;
  const last = lines[2].length > columns - 2 ? wordsOf(lines[2]).slice(0, -1) : wordsOf(lines[2]);
  return `${lines[0]}\n${lines[1]}\n${" ".repeat(10)}${last.join(" ")} …`;
}

/** What was read and checked; printed before anything is trained. */
export function preface({ table, data, notes }: PreparedComparison, { columns }: Style): string {
  const { target, columns: features } = data;
  const numbers = features.filter(({ kind }) => kind === "number").length;
  const source = table.source.split(/[\\/]/).at(-1);
  const kinds = `${counted(numbers, "number")}, ${counted(features.length - numbers, "category", "categories")}`;
  const read = `${source} · ${counted(table.rows, "row")} · ${counted(features.length, "feature")} (${kinds})`;
  const counts = classCounts(target);
  const shares = target.classes.map((name, k) => `${name} ${percent(counts[k] / target.rows.length, 1)}`);
  const classes = `${target.columns.slice(0, 3).join(", ")}: ${shares.slice(0, 6).join(" · ")}${shares.length > 6 ? " · …" : ""}`;
  const about = target.notes.length > 0 ? target.notes : [classes];
  // What was taken as which kind is counted above, and listed in the report.
  const worthSaying = notes.filter((note) => !target.notes.includes(note) && !note.startsWith("taken as"));
  const shown = worthSaying.slice(0, 3).map((note) => brief(entry("check", note, columns), columns));
  const more = worthSaying.length - shown.length;
  return [
    entry("read", read, columns),
    ...about.map((note) => entry("target", note, columns)),
    ...shown,
    ...(more > 0 ? [entry("", `and ${more} more, in the report`, columns)] : []),
    "",
  ].join("\n");
}

/** What will be done; the last line before training. */
export function planned({ plan }: PreparedComparison, { columns }: Style): string {
  const settings = plan.families.reduce((sum, { candidates }) => sum + candidates.length, 0);
  const model = plan.model === "linear" ? "linear model" : "small network";
  const pace = plan.pace === "fast" ? "" : " (--fast: fewer)";
  const losses = counted(plan.families.length, "loss", "losses");
  const text = `${losses} in ${counted(settings, "setting")}, ${plan.repeats}x${plan.folds} folds, ${model}${pace}`;
  return `${entry("plan", text, columns)}\n\n`;
}

/** The table of losses, the verdict and what to do next. */
export function findings(result: Result, { columns, colour }: Style): string {
  const paint = pc.createColors(colour);
  const { plan, families, verdict, saved, target } = result;
  const table = lossTable(result, columns);
  const used = families.findIndex(({ id }) => id === verdict.recommended);
  const all = plan.folds * plan.repeats;
  const model = modelOf(result);
  const unmade = saved.length > 0 && model === null;
  const at = plan.finished < all ? `after ${plan.finished} of ${all} folds` : "before the model was trained";
  // Nothing saved, nothing to go on from.
  const goOn =
    saved.length === 0 ? "" : `; --resume goes on${unmade ? ", and trains the model, which is missing" : ""}`;
  const use = {
    binary: families[used].thresholds.map((choice, place) => thresholdWords(choice, place === 0 && model !== null)),
    multiclass: ["the class with the largest probability"],
    multilabel: ["each label from the probability .5 on"],
  }[target.kind];
  return [
    ...table.head.map(paint.dim),
    table.prior,
    ...table.families.map((line, k) => (k === used ? paint.bold(line) : line)),
    "",
    paint.bold(entry("VERDICT", `${verdict.headline} ${verdict.reason}`.trim(), columns)),
    ...use.map((text, place) => entry(place === 0 ? "USE" : "", text, columns)),
    ...(saved.length > 0 ? [entry("SAVED", saved.join(" · "), columns)] : []),
    ...(model === null ? [] : [entry("NEXT", predictCommand(model), columns)]),
    ...(plan.finished < all || unmade ? [entry("STOPPED", `${at}${goOn}`, columns)] : []),
    "",
  ].join("\n");
}

/** How long it took, and where the time of the threads went. */
export function timeTaken(folds: readonly FoldResult[], milliseconds: number, jobs: number): string {
  const all = folds.reduce((sum, { spent }) => sum + spent.all, 0);
  const share = (part: keyof Spent) => folds.reduce((sum, { spent }) => sum + spent[part], 0) / all;
  const rest = 1 - share("products") - share("loss");
  const parts = `matrix products ${percent(share("products"))}, loss ${percent(share("loss"))}, the rest ${percent(rest)}`;
  return ` TIME     ${duration(milliseconds / 1000)} on ${counted(jobs, "thread")} · ${parts}\n`;
}

/** A threshold, what it is for and what it gives; the first of them is the model's. */
function thresholdWords(choice: ThresholdChoice, kept: boolean): string {
  const { kind, goal, byFormula, bySearch, promised, flagged, disagree } = choice;
  const isPromise = flagged > 0 && (kind === "recall" || kind === "precision" || kind === "top");
  const other = isPromise ? `promised was ${score(promised, 2)}` : `a search finds ${probability(bySearch)}`;
  const off = disagree ? `; ${other}: the calibration is off` : "";
  return `threshold ${probability(byFormula)} for ${goal} (${outcomeOf(choice)}${off})${kept ? ", saved in the model" : ""}`;
}
