// The table of losses: what to expect of each on new data, and how sure the difference to cross entropy is.

import { metricBeside } from "../../scores/metric.ts";
import type { FamilyResult } from "../../verdict/result.ts";
import { better, certaintyBar, same, worse } from "../drawing/certainty.ts";
import type { Content } from "../drawing/figure.ts";
import { type Html, html, type Part, withFlags } from "../drawing/html.ts";
import { count, percent, score } from "../drawing/numbers.ts";
import { capital, choiceFor, type Story } from "../story.ts";
import { gainFigure } from "./gain.ts";

/** The section. */
export function lossSection(story: Story): Content {
  const { result, metric, ranked, band } = story;
  const lead = ranked
    ? html`Each loss chose its settings inside the training rows; the score is of rows that had no part in it, over ${count(result.plan.finished)} folds (± half the 95 % interval). “Best of the grid” is the score on the rows that did the choosing: it is there to show how much that flatters. The bars say how probable it is that a loss is ${better("better")} than cross entropy, ${same("practically the same")} (within ${score(band, metric.digits)}), or ${worse("worse")}.`
    : html`No ranking is shown. ${withFlags(capital(result.verdict.reason).replace(/\.$/, ""))}. With so few rows the order of losses would be chance, so only the baselines stand here; the JSON file has every number.`;
  const title = ranked ? titleOf(story) : "Too few rows of the rarest class for a ranking";
  const gain = gainFigure(story);
  return {
    title,
    lead,
    body: html`${table(story)}${gain === null ? null : html`<p class="lead">${gainLead(story)}</p>${gain}`}`,
  };
}

function titleOf({ reference, challengers, rival, metric, result }: Story): string {
  const known = challengers.filter(({ comparison }) => comparison !== null);
  if (known.length === 0)
    return `Cross entropy: ${metric.words} ${score(reference.expected[metric.field].mean, metric.digits)} on new data`;
  const best = rival ?? known[0];
  const chance = percent(best.comparison?.better ?? 0);
  if (result.verdict.kind !== "switch")
    return `No loss is surely better: the closest, ${best.title}, with a probability of ${chance}`;
  return capital(`${best.title} is better than cross entropy with a probability of ${chance}`);
}

function gainLead({ reference, challengers }: Story): Html {
  const tuned = choiceFor(reference, "balanced accuracy")?.atFormula ?? Number.NaN;
  const [best] = [...challengers].sort((a, b) => b.shown.balancedAccuracy.mean - a.shown.balancedAccuracy.mean);
  const half = reference.expected.balancedAccuracy.mean;
  const rival =
    best === undefined || !(best.shown.balancedAccuracy.mean > half)
      ? null
      : html` ${capital(best.title)} at .5 reaches ${score(best.shown.balancedAccuracy.mean)}, and looks like a better loss; ${best.shown.balancedAccuracy.mean <= tuned + 0.005 ? "it is the threshold." : "part of it is the threshold."}`;
  return html`<b>Mind the threshold.</b> At .5 cross entropy has a balanced accuracy of ${score(half)}; with its threshold tuned, ${score(tuned)}.${rival}`;
}

function table(story: Story): Html {
  const { result, metric, reference, challengers, ranked } = story;
  const binary = result.target.kind === "binary";
  const beside = metricBeside(result.plan.metric);
  const tuned = (family: FamilyResult) => score(choiceFor(family, "balanced accuracy")?.atFormula ?? Number.NaN);
  const accuracy = (half: Part, own: Part) => (binary ? html`<td>${half}</td><td>${own}</td>` : html`<td>${half}</td>`);
  const versus = (cell: Part) => (ranked ? html`<td class="versus">${cell}</td>` : null);
  const row = (family: FamilyResult) => {
    const { mean, margin } = family.expected[metric.field];
    const used = family === story.used && ranked;
    return html`<tr${used ? html` class="used"` : null}><th scope="row">${family.title}${used ? html` <small>use this</small>` : null}</th>
<td>${score(mean, metric.digits)} <small>±${score(margin)}</small></td><td>${score(family.bestOfGrid, metric.digits)}</td>
<td>${score(family.expected[beside.field].mean, beside.digits)} <small>±${score(family.expected[beside.field].margin)}</small></td>
${accuracy(score(family.shown.balancedAccuracy.mean), tuned(family))}${versus(family === reference ? html`<small>the baseline</small>` : certainty(family))}</tr>
`;
  };
  const { prior } = result;
  const before = html`<tr class="baseline"><th scope="row">prior only <small>no features</small></th><td>${score(prior[metric.field].mean, metric.digits)} <small>±${score(prior[metric.field].margin)}</small></td><td>–</td><td>${score(prior[beside.field].mean, beside.digits)} <small>±${score(prior[beside.field].margin)}</small></td>${accuracy(score(prior.balancedAccuracy.mean), "–")}${versus("")}</tr>
`;
  const after = html`<tr class="baseline"><th scope="row">cross entropy, threshold tuned <small>to be beaten</small></th><td>${score(reference.expected[metric.field].mean, metric.digits)} <small>±${score(reference.expected[metric.field].margin)}</small></td><td>${score(reference.bestOfGrid, metric.digits)}</td><td>${score(reference.expected[beside.field].mean, beside.digits)} <small>±${score(reference.expected[beside.field].margin)}</small></td>${accuracy("–", html`<b>${tuned(reference)}</b>`)}${versus("")}</tr>
`;
  return html`<div class="scroll wide-table" role="region" aria-label="losses compared" tabindex="0"><table class="losses"><caption>Losses on new data, by ${metric.words} (${metric.better} is better)</caption>
<thead><tr><th scope="col">loss</th><th scope="col">${metric.words}, expected on new data</th><th scope="col">best of the grid</th><th scope="col">${beside.words}</th>${binary ? html`<th scope="col">balanced accuracy at .5, as shown</th><th scope="col">at its threshold</th>` : html`<th scope="col">balanced accuracy, as shown</th>`}${ranked ? html`<th scope="col">better / same / worse, %</th>` : null}</tr></thead>
<tbody>${before}${row(reference)}${binary ? after : null}${challengers.map(row)}</tbody></table></div>`;
}

function certainty({ comparison, title }: FamilyResult): Html {
  return comparison === null ? html`` : certaintyBar(title, comparison);
}
