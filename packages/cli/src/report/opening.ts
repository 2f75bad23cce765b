// How the report opens: the verdict, what to use, how sure, and one sentence why.

import { progressOf } from "../verdict/result.ts";
import { outcomeOf } from "../verdict/thresholds.ts";
import { type Html, html, withFlags } from "./drawing/html.ts";
import { count, counted, probability, score, wholePercents } from "./drawing/numbers.ts";
import { capital, purposeOf, type Story } from "./story.ts";

/** The head of the page. */
export function opening(story: Story): Html {
  const { result } = story;
  const { verdict, table, target, plan } = result;
  const { planned, whole } = progressOf(result);
  return html`<header>
<p class="kicker">${table.source} · ${counted(target.rows, "row")} · predicting ${target.columns.slice(0, 6).join(", ")}${target.columns.length > 6 ? " …" : ""}</p>
<h1>${withFlags(verdict.headline)}</h1>
<p class="why">${withFlags(capital(verdict.reason))}${/[.!?]$/.test(verdict.reason) ? "" : "."}</p>
${
  whole
    ? null
    : html`<p class="stopped" role="note">Stopped after ${count(plan.finished)} of ${count(planned)} folds. What stands here is the result so far; the same command with <code>--resume</code> goes on.</p>`
}<dl class="facts">
<div><dt>Use</dt><dd>${use(story)}</dd></div>
<div><dt>How sure</dt><dd>${certainty(story)}</dd></div>
<div><dt>Expect</dt><dd>${expectation(story)}</dd></div>
</dl>
</header>
`;
}

function use({ used, result }: Story): Html {
  const { kind } = result.target;
  if (kind === "multiclass") return html`<b>${capital(used.title)}</b>, and the class with the largest probability.`;
  if (used.thresholds.length === 0)
    return html`<b>${capital(used.title)}</b>, each label from the probability <b>.5</b> on.`;
  const told = used.thresholds.slice(0, 2);
  const more = used.thresholds.length - told.length;
  return html`<b>${capital(used.title)}</b>, with the threshold ${told.map(
    (choice, k) =>
      html`${k === 0 ? "" : more > 0 ? ", " : " or "}<b class="number">${probability(choice.byFormula)}</b> for ${purposeOf(choice)} (${outcomeOf(choice)})`,
  )}${more > 0 ? html`; <a href="#thresholds">${more}\u00a0more</a>` : ""}.`;
}

function certainty({ rival, used, reference, ranked, result }: Story): Html {
  if (!ranked) return html`Not at all: the rows of the rarest class are too few to tell losses apart.`;
  const comparison = rival?.comparison;
  if (rival === null || comparison === null || comparison === undefined) return html`No other loss was compared.`;
  const [better, same, worse] = wholePercents([comparison.better, comparison.same, comparison.worse]);
  const shares = html`better ${better}\u00a0%, practically the same ${same}\u00a0%, worse ${worse}\u00a0%`;
  const folds = `from ${counted(result.plan.finished, "fold")}`;
  return used === reference
    ? html`The closest challenger is ${rival.title}: ${shares}, ${folds}.`
    : html`Against cross entropy: ${shares}, ${folds}.`;
}

function expectation({ used, metric, result, ranked, reference }: Story): Html {
  const family = ranked ? used : reference;
  const { mean, margin } = family.expected[metric.field];
  return html`${capital(metric.words)} <b class="number">${score(mean, 3)}</b> ±${score(margin)} on new data; knowing only the class shares gives ${score(result.prior[metric.field].mean)}.`;
}
