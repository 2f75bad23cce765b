// The table of models and losses: losses down, models across, and how sure the differences between models are.
import { engineNamed } from "../../learning/engines.ts";
import { type ModelResult, usedModelOf } from "../../verdict/result.ts";
import { better, certaintyBar, same, worse } from "../drawing/certainty.ts";
import type { Content } from "../drawing/figure.ts";
import { type Html, html, withFlags } from "../drawing/html.ts";
import { count, score } from "../drawing/numbers.ts";
import { capital, type Story } from "../story.ts";

/** The section; nothing where one model was asked for. */
export function modelSection(story: Story): Content | null {
  const { result, metric } = story;
  const { models, modelVerdict, plan } = result;
  const { matters, missing, expected, kind } = modelVerdict;
  if (models.length + missing.length < 2) return null;
  const { mean, margin } = expected[metric.field];
  const often = models.map(({ words, chosen }) => `${words} in ${count(chosen)}`).join(", ");
  const lead = html`${capital(metric.words)} of each loss in each model on rows that had no part in any choice, over the same ${count(plan.finished)} folds (± half the 95 % interval). ${
    kind === "too-few"
      ? "No ranking is shown: the rows of the rarest class are too few."
      : html`The bars say how probable it is that a model is ${better("better")} than the one to use, ${same("practically the same")} (within ${score(modelVerdict.band, metric.digits)}), or ${worse("worse")}.`
  } To choose the best of several models by these numbers flatters a little. So in each fold the model was also chosen by the inner rows alone (${often}), and scored on the outer ones: <b>${score(mean, metric.digits)}</b> ±${score(margin)} is what to expect on new data of choosing so.`;
  const absent =
    missing.length === 0
      ? null
      : html`<p class="note">Missing, since too few of its folds finished: ${missing.map((name) => engineNamed(name).words).join(", ")}.</p>`;
  const title = matters === null ? titleOf(story) : "The model matters more than the loss";
  return { title, lead, body: html`${table(story)}${absent}${verdicts(models)}` };
}

function titleOf({ result }: Story): string {
  const { models, modelVerdict } = result;
  if (models.length === 1) return "Only one model finished folds enough";
  return modelVerdict.headline.replace(/\.$/, "");
}

function table({ result, metric, used }: Story): Html {
  const { models, modelVerdict, families, prior } = result;
  const best = usedModelOf(result);
  const cell = (model: ModelResult, k: number) => {
    const { id, expected } = model.families[k];
    const { mean, margin } = expected[metric.field];
    const isUsed = model === best && id === used.id;
    const number = html`${score(mean, metric.digits)} <small>±${score(margin)}</small>`;
    return html`<td>${isUsed ? html`<b>${number}</b>` : number}</td>`;
  };
  const { mean, margin } = prior[metric.field];
  const chances = ({ words, comparison }: ModelResult) =>
    comparison === null ? html`<small>the one to use</small>` : certaintyBar(words, comparison);
  const certainty =
    modelVerdict.kind === "too-few" || models.length === 1
      ? null
      : html`<tr><th scope="row">better / same / worse, %</th>${models.map((model) => html`<td>${chances(model)}</td>`)}</tr>
`;
  return html`<div class="scroll" role="region" aria-label="models compared" tabindex="0"><table class="models"><caption>Models and losses on new data, by ${metric.words} (${metric.better} is better)</caption>
<thead><tr><th scope="col">loss</th>${models.map((model) => html`<th scope="col">${model.words}${model === best ? html` <small>use this</small>` : null}</th>`)}</tr></thead>
<tbody><tr class="baseline"><th scope="row">prior only <small>no features</small></th>${models.map(() => html`<td>${score(mean, metric.digits)} <small>±${score(margin)}</small></td>`)}</tr>
${families.map(
  ({ title }, k) => html`<tr><th scope="row">${title}</th>${models.map((model) => cell(model, k))}</tr>
`,
)}${certainty}</tbody></table></div>`;
}

/** What is said of the losses of each model. */
function verdicts(models: readonly ModelResult[]): Html {
  return html`<h3>Which loss, in each model</h3>
<dl class="plan">${models.map(({ words, verdict: { headline } }) => html`<div><dt>${capital(words)}</dt><dd>${withFlags(headline)}</dd></div>`)}</dl>`;
}
