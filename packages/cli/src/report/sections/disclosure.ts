// Everything disclosed: what was done to the table, the plan, and the command that repeats it.
import { linesOf, type Told } from "../../checks/telling.ts";
import { engineNamed } from "../../learning/engines.ts";
import { type Feature, modelOf, type Result, type TimeDisclosure } from "../../verdict/result.ts";
import { predictCommand } from "../../words/shell.ts";
import { type Content, dataTable, numbersBehind } from "../drawing/figure.ts";
import { asTyped, type Html, html, type Part, withFlags } from "../drawing/html.ts";
import { count, counted, exactPercent, percent, score } from "../drawing/numbers.ts";
import type { Story } from "../story.ts";

/** The section. */
export function disclosureSection({ result, ranked, metric, band, reference, challengers }: Story): Content {
  const { table, target, notes, dropped, plan, folds, saved, command, versions, weight, models } = result;
  const model = modelOf(result);
  const strengths = [...new Set(folds.map(({ strength }) => shortNumber(strength)))];
  const facts: readonly (readonly [string, Part])[] = [
    [
      "Table",
      `${table.source}: ${counted(table.rows, "row")}, ${counted(table.numbers, "number")}, ${counted(table.categories, "category", "categories")}, ${counted(table.missing, "missing cell")}`,
    ],
    [
      "Target",
      `${target.columns.slice(0, 20).join(", ")}: ${target.kind}, ${counted(target.rows, "row")} with a label`,
    ],
    ...(weight === null
      ? []
      : [
          [
            "Weights",
            `rows count by ${weight.column}: sum ${count(weight.sum)}, effective number of rows ${count(Math.round(weight.effective))}; what is counted below is a sum of weights`,
          ] as const,
        ]),
    ["Rows left out", table.rows === target.rows ? "none" : counted(table.rows - target.rows, "row")],
    [
      "Columns left out",
      dropped.length === 0
        ? "none"
        : `${dropped
            .slice(0, 20)
            .map(({ column, why }) => `${column} (${why})`)
            .join(", ")}${dropped.length > 20 ? ` and ${count(dropped.length - 20)} more in the JSON file` : ""}`,
    ],
    ["Copies", copiesOf(result)],
    ["Model", engineNamed(plan.model).describe(plan)],
    ...(models.length === 1
      ? []
      : [
          [
            "Models compared",
            models.map(({ trainingWords, fits }) => `${trainingWords} (${counted(fits, "fit")})`).join("; "),
          ] as const,
        ]),
    [
      "L2",
      `${plan.l2.map(shortNumber).join(", ")} per row tried with cross entropy${plan.believedL2 === null ? "" : `, ${shortNumber(plan.believedL2)} kept unless they speak against it`}; chosen, as a share of a loss's own pull: ${strengths.slice(0, 8).join(", ")}${strengths.length > 8 ? ", …" : ""}`,
    ],
    ["Score that decides", `${metric.words}; differences within ${score(band, metric.digits)} count as the same`],
    ["Thresholds asked for", goalsAsked(result)],
    ["Folds", `${foldsOf(result)}, of which ${count(plan.finished)} finished; hash ${plan.foldHash}`],
    ...(plan.time === null ? [] : [["Time", blocksInWords(plan.time)] as const]),
    ["Seed", String(plan.seed)],
    ["Pace", plan.pace],
    ["Tried", `${counted(plan.settings, "setting")}, ${counted(plan.fits, "fit")}`],
    ["Losses", result.families.map(({ title }) => title).join(", ")],
    ...(saved.length > 0 ? [["Saved", saved.join(", ")] as const] : []),
    [
      "Made by",
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(", "),
    ],
  ];
  const corrected = challengers.flatMap(({ title, comparison }) =>
    comparison === null ? [] : [[title, pValue(comparison.p), pValue(comparison.corrected)]],
  );
  const body = html`<h3>What was done to the table without being asked</h3>
${notesList(notes)}
<h3>The plan</h3>
<dl class="plan">${facts.map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>
<h3>The command that repeats it</h3>
<pre><code>${command}</code></pre>
${model === null ? null : html`<p>To predict with the model: <code>${asTyped(predictCommand(model))}</code></p>`}
${dataTable({
  caption: "Classes and labels",
  columns: ["name", "rows", "share"],
  rows: target.classes.map((name, k) => [name, count(target.counts[k]), percent(target.shares[k], 1)]),
})}
${featureTable(result.features)}
${ranked && corrected.length > 0 ? dataTable({ caption: `p-values of no difference at all to ${reference.title}`, columns: ["loss", "corrected t-test", "after Holm"], rows: corrected }) : null}
<h3>How it is judged</h3>
<p>Every loss gets the same folds, seeds, initial weights and budget; alpha and gamma are chosen inside the training rows, and what is printed is measured outside them. Losses are compared on true probabilities: what weights and focusing distort is undone first. Fold differences are tested with the corrected resampled t-test (Nadeau and Bengio 2003) and said as probabilities (Corani and Benavoli 2015). Another loss is recommended only from 95 % certainty on; 99 % where a fold has fewer than 30 rows of the rarest class, and not at all under 10.</p>${
    models.length === 1
      ? null
      : html`
<p>Models get the same folds, inner rows and losses, and each pair is tested in the same way, with Holm's correction over the pairs. The simplest is kept unless a more elaborate one is better with the certainty that another loss needs. What is told above of losses, thresholds and curves is of the model to use.</p>`
  }`;
  return { title: "Everything that was decided on the way", lead: "So that anyone can repeat it, or disagree.", body };
}

/** The heaviest first, those of one kind in one line: also those that the terminal was not to tell. */
function notesList(notes: readonly Told[]): Html {
  if (notes.length === 0) return html`<p>Nothing.</p>`;
  return html`<ul class="notes">${linesOf(notes).map(
    ({ code, weight, text }) => html`<li class="${weight}">${withFlags(text)} <span class="code">${code}</span></li>`,
  )}</ul>`;
}

function foldsOf({ plan: { repeats, folds, time } }: Result): string {
  return time === null ? `${repeats} × ${folds}` : `${folds} in time, by ${time.column}`;
}

function blocksInWords({ blocks, testShare }: TimeDisclosure): string {
  const spans = blocks.map(({ from, to, rows }) => `${from} to ${to} (${counted(rows, "row")})`);
  const shown = spans.length > 12 ? [...spans.slice(0, 11), "…", ...spans.slice(-1)] : spans;
  return `each block is tested on what all before it teach, settings are chosen on later rows, too: ${shown.join(", ")}; the corrected test counts ${score(testShare)} rows tested for each that is trained on, the mean of the folds`;
}

function copiesOf({ table: { copies } }: Result): string {
  if (copies.rows === 0) return "no two rows have the same features";
  return `${counted(copies.rows, "row")} with the features of another, ${copies.together ? "kept in one fold with it" : "not kept together"}`;
}

function goalsAsked({ target, goals: { costs, recall, precision, top } }: Result): string {
  const asked = [
    ...(costs === null ? [] : [`a miss costs ${costs.miss}, a false alarm ${costs.falseAlarm}`]),
    ...(recall === null ? [] : [`recall of at least ${recall}`]),
    ...(precision === null ? [] : [`precision of at least ${precision}`]),
    ...(top === null
      ? []
      : [
          "rows" in top
            ? `the ${counted(top.rows, "most probable row")}`
            : `the most probable ${exactPercent(top.share)}`,
        ]),
  ];
  return asked.length === 0 ? (target.kind === "binary" ? "none, so F1 decides" : "none") : asked.join("; ");
}

/** How each column is read and filled in the final model. */
function featureTable(features: readonly Feature[]): Html {
  return numbersBehind({
    caption:
      "columns as features, in the final model; each fold learns fills, scales and levels from its own training rows",
    columns: [
      "column",
      "taken as",
      "missing",
      "filled with",
      "center",
      "scale",
      "texts",
      "with a feature of their own",
    ],
    rows: features.map(({ name, as, reading, missing, fill, scaling, levels }) => [
      name,
      reading,
      count(missing),
      missing === 0 ? "" : as === "category" ? "a level of its own" : plainNumber(fill),
      plainNumber(scaling?.[0] ?? null),
      plainNumber(scaling?.[1] ?? null),
      levels === null ? "" : count(levels.all),
      levels === null ? "" : count(levels.own),
    ]),
  });
}

const plainNumber = (value: number | null) =>
  value === null ? "" : String(Number(value.toPrecision(4))).replace("-", "−");

const shortNumber = (value: number) => String(Number(value.toPrecision(2)));

const pValue = (p: number) => (p < 0.001 ? "<.001" : score(p));
