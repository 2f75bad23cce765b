// How the report opens: the verdict, what to use, how sure, and one sentence why.

import { engineNamed } from "../learning/engines.ts";
import { withArticle } from "../verdict/modelWords.ts";
import { isChosenInside, progressOf, type Result, usedModelOf } from "../verdict/result.ts";
import { outcomeOf } from "../verdict/thresholds.ts";
import { type Html, html, type Part, withFlags } from "./drawing/html.ts";
import { count, counted, probability, score, wholePercents } from "./drawing/numbers.ts";
import { capital, purposeOf, type Story } from "./story.ts";

/** The head of the page. */
export function opening(story: Story): Html {
  const { result } = story;
  const { table, target, plan, models } = result;
  const { planned, whole } = progressOf(result);
  const missing = result.modelVerdict.missing.map((name) => engineNamed(name).words);
  const { headline, why } = models.length === 1 ? ofOneModel(result) : ofModels(result);
  return html`<header>
<p class="kicker">${table.source} · ${counted(target.rows, "row")} · predicting ${target.columns.slice(0, 6).join(", ")}${target.columns.length > 6 ? " …" : ""}</p>
<h1>${withFlags(headline)}</h1>
<p class="why">${why}</p>
${
  whole
    ? null
    : html`<p class="stopped" role="note">Stopped after ${count(plan.finished)} of ${count(planned)} folds${missing.length === 0 ? "" : ` (${missing.join(", ")}: too few to be compared)`}. What stands here is the result so far; the same command with <code>--resume</code> goes on.</p>`
}<dl class="facts">
<div><dt>Use</dt><dd>${use(story)}</dd></div>
<div><dt>How sure</dt><dd>${certainty(story)}</dd></div>
<div><dt>Expect</dt><dd>${expectation(story)}</dd></div>
</dl>
</header>
`;
}

interface Head {
  readonly headline: string;
  readonly why: Part;
}

function ofOneModel({ verdict: { headline, reason } }: Result): Head {
  return { headline, why: sentence(reason) };
}

/** The models first, then the losses of the one to use. */
function ofModels(result: Result): Head {
  const { modelVerdict, verdict } = result;
  const { headline, reason, matters } = modelVerdict;
  const others = [
    reason,
    matters?.text ?? "",
    `In ${withArticle(usedModelOf(result).words)}: ${lower(verdict.headline)}`,
  ];
  const said = others.filter((text) => text !== "");
  return { headline, why: said.map((text, k) => html`${k === 0 ? "" : " "}${sentence(text)}`) };
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

function sentence(text: string): Html {
  return html`${withFlags(capital(text))}${/[.!?]$/.test(text) ? "" : "."}`;
}

function use({ used, result }: Story): Html {
  const { kind } = result.target;
  const named =
    result.models.length === 1 ? capital(used.title) : `${capital(usedModelOf(result).words)}, ${used.title}`;
  if (kind === "multiclass") return html`<b>${named}</b>, and the class with the largest probability.`;
  if (used.thresholds.length === 0) return html`<b>${named}</b>, each label from the probability <b>.5</b> on.`;
  const told = used.thresholds.slice(0, 2);
  const more = used.thresholds.length - told.length;
  return html`<b>${named}</b>, with the threshold ${told.map(
    (choice, k) =>
      html`${k === 0 ? "" : more > 0 ? ", " : " or "}<b class="number">${probability(choice.byFormula)}</b> for ${purposeOf(choice)} (${outcomeOf(choice)})`,
  )}${more > 0 ? html`; <a href="#thresholds">${more}\u00a0more</a>` : ""}.`;
}

function certainty(story: Story): Html {
  const { result } = story;
  return result.models.length > 1 && story.ranked ? ofModelCertainty(result) : ofLossCertainty(story);
}

/** The model that comes closest to the one to use, or may be better. */
function ofModelCertainty({ models, plan }: Result): Html {
  const others = models.flatMap(({ words, comparison }) => (comparison === null ? [] : [{ words, comparison }]));
  const { words, comparison } = others.reduce((a, b) => (b.comparison.worse < a.comparison.worse ? b : a));
  const [better, same, worse] = wholePercents([comparison.better, comparison.same, comparison.worse]);
  return html`The closest other model is ${withArticle(words)}: better ${better}\u00a0%, practically the same ${same}\u00a0%, worse ${worse}\u00a0%, from ${counted(plan.finished, "fold")}.`;
}

function ofLossCertainty({ rival, used, reference, ranked, result }: Story): Html {
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
  return html`${capital(metric.words)} <b class="number">${score(mean, 3)}</b> ±${score(margin)} on new data${insideOf(result, metric.field)}; knowing only the class shares gives ${score(result.prior[metric.field].mean)}.`;
}

/** Of several models: whether the inner rows choose the same one, and what they come to where they do not. */
function insideOf(result: Result, field: keyof Result["prior"]): Html | null {
  const { models, modelVerdict } = result;
  if (models.length === 1) return null;
  if (isChosenInside(result)) return html`, the choice of the model included`;
  const { mean, margin } = modelVerdict.expected[field];
  return html`; ${score(mean, 3)} ±${score(margin)} where the inner rows choose the model`;
}
