// Everything disclosed: what was done to the table, the plan, and the command that repeats it.
import { dataTable, section } from "./figure.ts";
import { type Html, html, type Part, withFlags } from "./html.ts";
import { count, counted, percent } from "./numbers.ts";
import type { Story } from "./story.ts";

/** The section. */
export function disclosureSection(
  { result, ranked, metric, band, reference, challengers }: Story,
  kicker: string,
): Html {
  const { table, target, notes, plan, saved, command, surprisal } = result;
  const facts: readonly (readonly [string, Part])[] = [
    [
      "Table",
      `${table.source}: ${counted(table.rows, "row")}, ${counted(table.numbers, "number")}, ${counted(table.categories, "category", "categories")}, ${counted(table.missing, "missing cell")}`,
    ],
    [
      "Target",
      `${target.columns.slice(0, 20).join(", ")}: ${target.kind}, ${counted(target.rows, "row")} with a label`,
    ],
    ["Model", plan.model === "linear" ? "linear (logistic or softmax regression)" : "small network"],
    ["Score that decides", `${metric.name}; differences within ${band.toPrecision(2)} count as the same`],
    ["Folds", `${plan.repeats} × ${plan.folds}, of which ${count(plan.finished)} finished; hash ${plan.foldHash}`],
    ["Seed", String(plan.seed)],
    ["Pace", plan.pace],
    ["Tried", `${counted(plan.settings, "setting")}, ${counted(plan.fits, "fit")}`],
    ["Losses", result.families.map(({ title }) => title).join(", ")],
    ...(saved.length > 0 ? [["Saved", saved.join(", ")] as const] : []),
    ["Made by", `surprisal-cli ${surprisal}`],
  ];
  const corrected = challengers.flatMap(({ title, comparison }) =>
    comparison === null ? [] : [[title, pValue(comparison.p), pValue(comparison.corrected)]],
  );
  const body = html`<h3>What was done to the table without being asked</h3>
${notes.length === 0 ? html`<p>Nothing.</p>` : html`<ul class="notes">${notes.map((note) => html`<li>${withFlags(note)}</li>`)}</ul>`}
<h3>The plan</h3>
<dl class="plan">${facts.map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>
<h3>The command that repeats it</h3>
<pre><code>${command}</code></pre>
${saved.length > 0 ? html`<p>To predict with the model: <code>surprisal predict ${saved[0]} NEW_TABLE</code></p>` : null}
${dataTable({
  caption: "Classes and labels",
  columns: ["name", "rows", "share"],
  rows: target.classes.map((name, k) => [name, count(target.counts[k]), percent(target.counts[k] / target.rows, 1)]),
})}
${ranked && corrected.length > 0 ? dataTable({ caption: `p-values of no difference at all to ${reference.title}`, columns: ["loss", "corrected t-test", "after Holm"], rows: corrected }) : null}
<h3>How it is judged</h3>
<p>Every loss gets the same folds, seeds, initial weights and budget; alpha and gamma are chosen inside the training rows, and what is printed is measured outside them. Losses are compared on true probabilities: what weights and focusing distort is undone first. Fold differences are tested with the corrected resampled t-test (Nadeau and Bengio 2003) and said as probabilities (Corani and Benavoli 2015). Another loss is recommended only from 95 % certainty on; 99 % where a fold has fewer than 30 rows of the rarest class, and not at all under 10.</p>`;
  return section(
    "disclosure",
    kicker,
    "Everything that was decided on the way",
    "So that anyone can repeat it, or disagree.",
    body,
  );
}

const pValue = (p: number) => (p < 0.001 ? "<.001" : p.toFixed(3).replace(/^0/, ""));
