// Are the probabilities true? What came against what was promised, as the model shows it and after the undo.

import * as Plot from "@observablehq/plot";
import type { ReliabilityDiagram } from "../../scores/curves.ts";
import type { FamilyResult } from "../../verdict/result.ts";
import { type Content, figure } from "../drawing/figure.ts";
import { type Html, html } from "../drawing/html.ts";
import { count, counted, percent, score } from "../drawing/numbers.ts";
import { axisBelow, axisBeside, chart, ink, label, nameBeside, sharesFrame } from "../drawing/svg.ts";
import { capital, rowsInWords, type Story } from "../story.ts";

/** The size of a panel where there are many. */
const smallPanel = 270;
/** Bins with fewer rows are dots without a line. */
const fewRows = 10;

/** One diagram: whose, whether undone, in which colour. */
interface Panel {
  readonly family: FamilyResult;
  readonly undone: boolean;
  readonly title: string;
  readonly colour: string;
}

/** The section. */
export function reliabilitySection(story: Story): Content {
  const { reference, outputs, result } = story;
  const distorted = distortedOf(story);
  const panels: Panel[] = [
    { family: reference, undone: true, title: "cross entropy, needs no undo", colour: ink.ink },
    ...(distorted === null
      ? []
      : [
          { family: distorted, undone: false, title: `${distorted.title}, as shown`, colour: ink.orange },
          { family: distorted, undone: true, title: `${distorted.title}, undone`, colour: ink.blue },
        ]),
  ];
  const lead = html`On the diagonal, what is promised comes true: of the rows given 20 %, 20 % are positive. Bars are 95 % intervals, the columns below count the rows. ECE is the mean gap; beside it what a perfectly calibrated model would get by chance on so many rows.`;
  const single = reference.curves.length === 1;
  const body = single
    ? figure(
        html`<div class="panels">${panels.map((panel) => draw(panel, 0, panels.length > 2 ? 280 : 330))}</div>${errorTable(panels)}`,
        tableOf(panels, 0, ""),
        rowsInWords(result),
      )
    : html`${errorTable(panels)}${outputs.map(
        (
          output,
          k,
        ) => html`<details class="class"${k === 0 ? html` open` : null}><summary>${reference.curves[output].name}</summary>${figure(
          html`<div class="panels">${panels.map((panel) => draw(panel, output, outputs.length > 6 ? smallPanel : 280))}</div>`,
          tableOf(panels, output, reference.curves[output].name),
        )}</details>
`,
      )}`;
  return { title: titleOf(story, distorted), lead, body };
}

/** The recommended loss, or else the one that shows the falsest probabilities. */
function distortedOf({ used, reference, challengers }: Story): FamilyResult | null {
  if (used !== reference) return used;
  const error = (family: FamilyResult) => family.shown.ece.mean - family.expected.ece.mean;
  return [...challengers].sort((a, b) => error(b) - error(a))[0] ?? null;
}

function titleOf({ reference }: Story, distorted: FamilyResult | null): string {
  if (distorted === null) {
    const { ece, eceIfCalibrated } = reference.expected;
    return ece.mean <= 1.5 * eceIfCalibrated.mean
      ? "Cross entropy keeps its promises"
      : "Cross entropy is off by more than chance";
  }
  const before = distorted.shown.ece.mean;
  const after = distorted.expected.ece.mean;
  return before > after
    ? capital(
        `${distorted.title} distorts probabilities; the undo brings the error from ${score(before)} to ${score(after)}`,
      )
    : capital(`${distorted.title} shows probabilities that need no undo here`);
}

function errorTable(panels: readonly Panel[]): Html {
  return html`<div class="scroll" role="region" aria-label="calibration errors" tabindex="0"><table class="small"><caption>Calibration error (ECE) on new rows</caption>
<thead><tr><th scope="col">probabilities</th><th scope="col">ECE</th><th scope="col">if calibrated</th><th scope="col">log loss</th><th scope="col">Brier</th></tr></thead>
<tbody>${panels.map(({ family, undone, title }) => {
    const { ece, eceIfCalibrated, logLoss, brier } = undone ? family.expected : family.shown;
    return html`<tr><th scope="row">${title}</th><td>${score(ece.mean)} ±${score(ece.margin)}</td><td>${score(eceIfCalibrated.mean)}</td><td>${score(logLoss.mean, 4)}</td><td>${score(brier.mean, 4)}</td></tr>`;
  })}</tbody></table></div>`;
}

function draw({ family, undone, title, colour }: Panel, output: number, size: number): Html {
  const curves = family.curves[output];
  const diagram = undone ? curves.reliabilityUndone : curves.reliabilityShown;
  const bins = binsOf(diagram);
  const most = Math.max(...diagram.count);
  const ticks = size > smallPanel ? [0, 0.25, 0.5, 0.75, 1] : [0, 0.5, 1];
  const kept = bins.filter(({ predicted, low, high }) => predicted >= low && predicted <= high).length;
  const description = `what was promised lies in the interval of what came true in ${kept} of ${counted(bins.length, "bin")}`;
  return html`<div class="panel"><p class="panel-title">${title}</p>${chart(`${title}: ${description}`, {
    width: size,
    height: size + 6,
    ...sharesFrame,
    marks: [
      axisBeside(ticks, (share) => percent(share)),
      axisBelow(ticks, (share) => percent(share), "promised"),
      nameBeside("came true"),
      Plot.rect(bins, {
        x1: "from",
        x2: ({ from }: { from: number }) => from + diagram.width,
        y1: 0,
        y2: ({ rows }: { rows: number }) => (0.16 * rows) / most,
        fill: ink.quiet,
        fillOpacity: 0.35,
        insetLeft: 0.5,
        insetRight: 0.5,
      }),
      Plot.link([0], { x1: 0, y1: 0, x2: 1, y2: 1, stroke: ink.quiet, strokeDasharray: "3 3" }),
      Plot.link(bins, {
        x1: "predicted",
        x2: "predicted",
        y1: "low",
        y2: "high",
        stroke: colour,
        strokeWidth: 1.5,
        strokeOpacity: 0.65,
      }),
      // What a handful of rows did is no line.
      Plot.line(
        bins.filter(({ rows }) => rows >= fewRows),
        { x: "predicted", y: "observed", stroke: colour, strokeWidth: 1, strokeOpacity: 0.5 },
      ),
      Plot.dot(bins, { x: "predicted", y: "observed", r: 3.5, fill: colour, stroke: ink.paper }),
      label(1, 0.22, "tallest column:", ink.quiet, { fontSize: 11, fontWeight: 400, textAnchor: "end" }),
      label(1, 0.16, counted(most, "row"), ink.quiet, { fontSize: 11, fontWeight: 400, textAnchor: "end" }),
    ],
  })}</div>`;
}

function binsOf({ from, count: rows, predicted, observed, low, high }: ReliabilityDiagram) {
  return from.map((each, bin) => ({
    from: each,
    rows: rows[bin],
    predicted: predicted[bin],
    observed: observed[bin],
    low: low[bin],
    high: high[bin],
  }));
}

function tableOf(panels: readonly Panel[], output: number, name: string) {
  return {
    caption: `promised and come true${name === "" ? "" : `: ${name}`}`,
    columns: ["probabilities", "rows", "promised", "came true", "95 % interval"],
    rows: panels.flatMap(({ family, undone, title }) => {
      const curves = family.curves[output];
      return binsOf(undone ? curves.reliabilityUndone : curves.reliabilityShown).map((bin) => [
        title,
        count(bin.rows),
        percent(bin.predicted, 1),
        percent(bin.observed, 1),
        `${percent(bin.low, 1)} to ${percent(bin.high, 1)}`,
      ]);
    }),
  };
}
