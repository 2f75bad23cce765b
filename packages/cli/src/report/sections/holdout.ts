// The hold-out: what the final model came to on rows that had no part in any choice.
import { metrics } from "../../scores/metric.ts";
import { type Content, dataTable } from "../drawing/figure.ts";
import { html } from "../drawing/html.ts";
import { count, counted, percent, probability, score } from "../drawing/numbers.ts";
import type { Story } from "../story.ts";

/** The section; nothing where no hold-out was given. */
export function holdoutSection({ result, used }: Story): Content | null {
  const { test, target, plan } = result;
  if (test === null) return null;
  const { scores, prior, reference, threshold, confusion, known, unlabelled } = test;
  const deciding = metrics[plan.metric];
  const range = scores[deciding.field as keyof typeof scores];
  const title = `On the hold-out, ${deciding.words} is ${score(range.score, deciding.digits)}`;
  const knownWords =
    known === 0
      ? "None of them is in the training table."
      : `${count(known)} of them are in the training table, too, and flatter.`;
  const lead = html`${counted(test.rows, "row")} of ${test.source} with a label${unlabelled === 0 ? "" : ` (${count(unlabelled)} have none)`}, predicted by the final model, ${used.title}. ${knownWords} Nothing was chosen by them. Intervals are of a bootstrap over these rows.`;
  const rows = Object.values(metrics)
    .filter(({ field }) => field in scores)
    .map(({ field, words, digits }) => {
      const { score: value, low, high } = scores[field as keyof typeof scores];
      return [
        words,
        score(value, digits),
        `${score(low, digits)} to ${score(high, digits)}`,
        score(used.expected[field].mean, digits),
        score(prior[field], digits),
        ...(reference === null ? [] : [score(reference[field], digits)]),
      ];
    });
  const table = dataTable({
    caption: "The final model on the hold-out",
    columns: [
      "score",
      "here",
      "95 % interval",
      "expected by the folds",
      "class shares only",
      ...(reference === null ? [] : ["cross entropy here"]),
    ],
    rows,
  });
  const decisions = dataTable({
    caption: `Decisions on the hold-out${threshold === null ? "" : `, at the threshold ${probability(threshold)}`}`,
    columns: ["true class", "rows", "found", "recall", "95 % interval"],
    rows: test.recalls.map(({ rows: of, found, recall, low, high }, k) => [
      target.classes[k],
      count(of),
      count(found),
      percent(recall, 1),
      `${percent(low, 1)} to ${percent(high, 1)}`,
    ]),
  });
  return { title, lead, body: html`${table}${confusion.length === 0 ? null : decisions}` };
}
