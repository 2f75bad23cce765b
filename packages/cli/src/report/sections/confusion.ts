// Decisions against the truth: the confusion matrix, and how much of each class is found.

import * as Plot from "@observablehq/plot";
import { wilsonInterval } from "../../scores/calibration.ts";
import type { ClassRecall } from "../../scores/confusion.ts";
import { type Content, dataTable, figure } from "../drawing/figure.ts";
import { type Html, html, shortened } from "../drawing/html.ts";
import { heightAt } from "../drawing/lines.ts";
import { count, counted, percent, probability, score } from "../drawing/numbers.ts";
import { axisBelow, chart, inBothWidths, ink, label, type Paper } from "../drawing/svg.ts";
import type { Story } from "../story.ts";

/** The most classes of a matrix that a page can hold; beyond, the commonest mistakes are listed. */
const mostClasses = 12;
/** The most classes of the recall chart. */
const mostRecalls = 40;

/** A class or label, and how much of it is found. */
interface Found extends ClassRecall {
  readonly name: string;
}

/** The section. */
export function confusionSection(story: Story): Content {
  const { used, result } = story;
  const { kind } = result.target;
  const found = foundOf(story);
  const worst = [...found].filter(({ rows }) => rows > 0).sort((a, b) => a.recall - b.recall)[0];
  const title =
    worst === undefined
      ? "What is found"
      : `Of “${shortened(worst.name, 30)}”, ${percent(worst.recall)} ${worst.rows === 1 ? "is" : "are"} found${found.length > 2 ? ", the least of all" : ""}`;
  const at = used.thresholds[0];
  const lead =
    kind === "binary"
      ? html`Decisions of ${used.title} at the threshold ${probability(at?.byFormula ?? Number.NaN)} (${at?.goal ?? "none"}). Shares are of the row: of the class that is true.`
      : kind === "multiclass"
        ? html`Decisions of ${used.title} for the class with the largest undone probability. Shares are of the row: of the class that is true.`
        : html`Each label is decided on its own, from the undone probability .5 on, as the saved model does. The best F1 may lie at another threshold: see the table.`;
  const matrix =
    kind === "multilabel"
      ? labelTable(story)
      : used.confusion.length <= mostClasses
        ? matrixTable(story)
        : mistakes(story);
  const more =
    found.length > mostRecalls ? `The ${mostRecalls} classes of which least is found; the table has more.` : null;
  const drawing = inBothWidths((paper) => drawRecalls(found, paper));
  return { title, lead, body: html`${matrix}${figure(drawing, recallTable(found), more)}` };
}

/** The recalls of the result; for labels read off their curves at .5, with the interval for so many rows. */
function foundOf({ used, result }: Story): readonly Found[] {
  const { kind, classes } = result.target;
  const counts = result.plan.time?.testedCounts ?? result.target.counts;
  if (kind !== "multilabel") return used.recalls.map((each, k) => ({ ...each, name: classes[k] }));
  return used.curves.map(({ name, thresholds }, k) => {
    const recall = heightAt({ x: thresholds.threshold, y: thresholds.recall }, 0.5);
    const found = Math.round(recall * counts[k]);
    return { name, rows: counts[k], found, recall, ...wilsonInterval(found, counts[k]) };
  });
}

function drawRecalls(found: readonly Found[], { width, narrow }: Paper): Html {
  const shown =
    found.length <= mostRecalls ? found : [...found].sort((a, b) => a.recall - b.recall).slice(0, mostRecalls);
  const rows = shown.filter(({ rows: each }) => each > 0).map((each, row) => ({ ...each, row }));
  const length = narrow ? 15 : 28;
  const left = 24 + 7 * Math.max(...rows.map(({ name }) => shortened(name, length).length));
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const all: readonly Plot.Markish[] = rows.map(({ name, row }) =>
    label(0, row + 0.5, shortened(name, length), ink.ink, {
      dx: -10,
      textAnchor: "end",
      fontWeight: 400,
      stroke: "none",
    }),
  );
  return chart(
    rows
      .map(({ name, recall, low, high }) => `${name}: ${percent(recall)} found, ${percent(low)} to ${percent(high)}`)
      .join("; "),
    {
      width,
      height: 44 + 28 * rows.length,
      marginTop: 4,
      marginBottom: 40,
      marginLeft: left,
      marginRight: 58,
      x: { domain: [0, 1] },
      y: { domain: [0, rows.length], reverse: true, axis: null },
      marks: [
        Plot.ruleX(ticks, { stroke: ink.rule, strokeWidth: 0.6 }),
        axisBelow(ticks, (share) => percent(share), "recall, with its 95 % interval"),
        ...all,
        Plot.link(rows, {
          x1: "low",
          x2: "high",
          y1: ({ row }: { row: number }) => row + 0.5,
          y2: ({ row }: { row: number }) => row + 0.5,
          stroke: ink.blue,
          strokeWidth: 2.5,
          strokeOpacity: 0.6,
        }),
        Plot.dot(rows, {
          x: "recall",
          y: ({ row }: { row: number }) => row + 0.5,
          r: 4.5,
          fill: ink.blue,
          stroke: ink.paper,
          strokeWidth: 1.5,
        }),
        Plot.text(rows, {
          x: 1,
          y: ({ row }: { row: number }) => row + 0.5,
          text: ({ recall }: Found) => percent(recall, 1),
          fill: ink.ink,
          textAnchor: "end",
          dx: 54,
          fontSize: 13,
        }),
      ],
    },
  );
}

function recallTable(found: readonly Found[]) {
  return {
    caption: "how much of each class is found",
    columns: ["class", "rows", "found", "recall", "95 % interval"],
    rows: found.map(({ name, rows, found: hits, recall, low, high }) => [
      name,
      count(rows),
      count(hits),
      percent(recall, 1),
      `${percent(low, 1)} to ${percent(high, 1)}`,
    ]),
  };
}

/** The matrix: rows are true, columns are decided; the darker, the larger the share of its row. */
function matrixTable({ used, result }: Story): Html {
  const { classes } = result.target;
  const cell = (value: number, row: readonly number[], kind: "right" | "wrong") => {
    const share =
      value /
      Math.max(
        1,
        row.reduce((sum, each) => sum + each, 0),
      );
    return html`<td class="${kind}" style="--share:${share.toFixed(3)}"><span>${count(value)}</span> <small>${percent(share)}</small></td>`;
  };
  return html`<div class="scroll" role="region" aria-label="confusion matrix" tabindex="0"><table class="matrix"><caption>Confusion matrix: rows are true, columns are decided</caption>
<thead><tr><th scope="col">true ↓ decided →</th>${classes.map((name) => html`<th scope="col">${shortened(name, 24)}</th>`)}</tr></thead>
<tbody>${used.confusion.map(
    (
      row,
      truth,
    ) => html`<tr><th scope="row">${classes[truth]}</th>${row.map((value, decided) => cell(value, row, truth === decided ? "right" : "wrong"))}</tr>
`,
  )}</tbody></table></div>`;
}

/** What is taken for what, where the matrix would be too large. */
function mistakes({ used, result }: Story): Html {
  const { classes } = result.target;
  const rows = used.confusion.flatMap((row, truth) => {
    const of = row.reduce((sum, each) => sum + each, 0);
    return row.flatMap((value, decided) => (truth === decided || value === 0 ? [] : [{ truth, decided, value, of }]));
  });
  const commonest = rows.sort((a, b) => b.value - a.value).slice(0, 15);
  return dataTable({
    caption: "The commonest mistakes",
    columns: ["true", "taken for", "rows", "of its class"],
    rows: commonest.map(({ truth, decided, value, of }) => [
      classes[truth],
      classes[decided],
      count(value),
      percent(value / of, 1),
    ]),
  });
}

function labelTable({ used, result }: Story): Html {
  const {
    plan: { time },
    target,
  } = result;
  const [counts, rows, shares] =
    time === null
      ? [target.counts, target.rows, target.shares]
      : [time.testedCounts, time.tested, time.testedCounts.map((count) => count / time.tested)];
  return dataTable({
    caption: `Labels at .5, and at the threshold with the best F1 on these ${counted(rows, "row")}`,
    columns: ["label", "rows", "share", "precision", "recall", "F1", "best F1", "at"],
    rows: used.curves.map(({ name, thresholds }, k) => {
      const { threshold: x, precision, recall, f1 } = thresholds;
      const at = (y: readonly number[]) => score(heightAt({ x, y }, 0.5));
      const best = Math.max(...f1);
      return [
        name,
        count(counts[k]),
        percent(shares[k], 1),
        at(precision),
        at(recall),
        at(f1),
        score(best),
        probability(x[f1.indexOf(best)]),
      ];
    }),
  });
}
