// What the terminal shows: the plan, a table of losses, the verdict. Plain text; colour only adds.
import pc from "picocolors";
import type { Spent } from "./clock.ts";
import type { PreparedComparison } from "./compare.ts";
import type { FoldResult } from "./procedure.ts";
import type { FamilyResult, Result, Spread } from "./result.ts";
import { classCounts } from "./summary.ts";
import { count, duration, percent, score, sparkline, wrapped } from "./text.ts";

/** How wide, and whether in colour. */
export interface Style {
  readonly columns: number;
  readonly colour: boolean;
}

/** A table may hold line ends and escape codes in its names; a terminal is to show them as blanks. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ");
}

/** A line with its subject in the margin: ` read     churn.csv ...`. */
function entry(name: string, text: string, columns: number): string {
  const [first, ...rest] = wrapped(printable(text), columns - 10, "").split("\n");
  return [` ${name.padEnd(9)}${first}`, ...rest.map((line) => `${" ".repeat(10)}${line}`)].join("\n");
}

/** What was read and checked; printed before anything is trained. */
export function preface({ table, data, notes }: PreparedComparison, { columns }: Style): string {
  const { target, columns: features } = data;
  const numbers = features.filter(({ kind }) => kind === "number").length;
  const source = table.source.split(/[\\/]/).at(-1);
  const kinds = `${numbers} numbers, ${features.length - numbers} categories`;
  const read = `${source} · ${count(table.rows)} rows · ${features.length} features (${kinds})`;
  const counts = classCounts(target);
  const shares = target.classes.map((name, k) => `${name} ${percent(counts[k] / target.rows.length, 1)}`);
  const classes = `${target.columns.slice(0, 3).join(", ")}: ${shares.slice(0, 6).join(" · ")}${shares.length > 6 ? " · …" : ""}`;
  const about = target.notes.length > 0 ? target.notes : [classes];
  // What was taken as which kind is counted above, and listed in the report.
  const worthSaying = notes.filter((note) => !target.notes.includes(note) && !note.startsWith("taken as"));
  const shown = worthSaying.slice(0, 3).map((note) => entry("check", note, columns));
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
  const losses = plan.families.length === 1 ? "1 loss" : `${plan.families.length} losses`;
  const text = `${losses} in ${settings} ${settings === 1 ? "setting" : "settings"}, ${plan.repeats}x${plan.folds} folds, ${model}${pace}`;
  return `${entry("plan", text, columns)}\n\n`;
}

/** What a metric is called in a table, and its field of the scores. */
export const metricNames = {
  "log-loss": ["log loss", "logLoss"],
  "average-precision": ["AP", "averagePrecision"],
  "roc-auc": ["AUC", "rocAuc"],
  brier: ["Brier", "brier"],
} as const;

const withMargin = ({ mean, margin }: Spread, digits: number) => `${score(mean, digits)} ±${score(margin, 3)}`;

/** The table of losses, the verdict and what to do next. */
export function findings(result: Result, { columns, colour }: Style): string {
  const paint = pc.createColors(colour);
  const { plan, families, prior, verdict, target } = result;
  const [name, field] = metricNames[plan.metric];
  const second = plan.metric === "average-precision" ? metricNames["log-loss"] : metricNames["average-precision"];
  const folds = families.flatMap(({ perFold }) => perFold.slice(0, plan.folds));
  const [low, high] = [Math.min(...folds), Math.max(...folds)];
  const wide = columns >= 100;
  const title = Math.max(...families.map((family) => family.title.length), "balanced accuracy".length) + 2;
  const chances = ({ comparison }: FamilyResult) =>
    comparison === null
      ? "the measure"
      : wide
        ? `better ${percent(comparison.better)} · same ${percent(comparison.same)} · worse ${percent(comparison.worse)}`
        : `${percent(comparison.better)} / ${percent(comparison.same)} / ${percent(comparison.worse)}`;
  const line = (family: FamilyResult) =>
    ` ${family.title.padEnd(title)}${withMargin(family.expected[field], 4).padEnd(15)}${withMargin(family.expected[second[1]], 3).padEnd(13)}${sparkline(family.perFold.slice(0, plan.folds), low, high).padEnd(plan.folds + 2)}${chances(family)}`;
  const head = ` ${"".padEnd(title)}${name.padEnd(15)}${second[0].padEnd(13)}${"folds".padEnd(plan.folds + 2)}${wide ? "against cross entropy" : "better/same/worse"}`;
  const baseline = ` ${"prior only".padEnd(title)}${score(prior[field].mean, 4)}`;
  const tuned = thresholdLines(result, title);
  const goOn = result.saved.length > 0 ? "; --resume goes on" : ""; // nothing saved, nothing to go on from
  const marked = families.map((family) =>
    family.id === verdict.recommended ? paint.bold(line(family)) : line(family),
  );
  const verdictText = entry("VERDICT", `${verdict.headline} ${verdict.reason}`.trim(), columns);
  const used = families.find(({ id }) => id === verdict.recommended);
  const use =
    target.kind === "binary" && used
      ? used.thresholds.map(({ goal, byFormula, atFormula, disagree }) => {
          const off = disagree ? ` (a search disagrees: the calibration is off)` : "";
          return `${score(byFormula)} for ${goal} (${score(atFormula)})${off}`;
        })
      : [];
  return [
    paint.dim(head),
    baseline,
    ...marked,
    ...tuned,
    "",
    paint.bold(verdictText),
    ...(use.length > 0 ? [entry("USE", `threshold ${use.join(", ")}`, columns)] : []),
    ...(result.saved.length > 0 ? [entry("SAVED", result.saved.join(" · "), columns)] : []),
    ...(result.saved.length > 0 ? [entry("NEXT", `surprisal predict ${result.saved[0]} NEW_TABLE`, columns)] : []),
    ...(plan.finished < plan.folds * plan.repeats
      ? [entry("STOPPED", `after ${plan.finished} of ${plan.folds * plan.repeats} folds${goOn}`, columns)]
      : []),
    "",
  ].join("\n");
}

/** How long it took, and where the time of the threads went. */
export function timeTaken(folds: readonly FoldResult[], milliseconds: number, jobs: number): string {
  const all = folds.reduce((sum, { spent }) => sum + spent.all, 0);
  const share = (part: keyof Spent) => folds.reduce((sum, { spent }) => sum + spent[part], 0) / all;
  const rest = 1 - share("products") - share("loss");
  const parts = `matrix products ${percent(share("products"))}, loss ${percent(share("loss"))}, the rest ${percent(rest)}`;
  return ` TIME     ${duration(milliseconds / 1000)} on ${count(jobs)} ${jobs === 1 ? "thread" : "threads"} · ${parts}\n`;
}

/** Rule 8: at 0.5 as the model shows it, and with its threshold: cross entropy's is what every loss has to beat. */
function thresholdLines({ families, target }: Result, title: number): readonly string[] {
  if (target.kind !== "binary") return [];
  const rows = families.map((family) => {
    const tuned = family.thresholds.find(({ goal }) => goal === "balanced accuracy")?.atFormula ?? Number.NaN;
    return ` ${family.title.padEnd(title)}${score(family.shown.balancedAccuracy.mean).padEnd(15)}${score(tuned)}`;
  });
  return ["", ` ${"balanced accuracy".padEnd(title)}${"at .5 as shown".padEnd(15)}with its threshold`, ...rows];
}
