// Precision against recall: how many alarms are right when so many are to be found.

import * as Plot from "@observablehq/plot";
import type { FamilyResult } from "../../verdict/result.ts";
import { type Content, figure, inColour } from "../drawing/figure.ts";
import { type Html, html, shortened } from "../drawing/html.ts";
import { clearest, heightAt, type Line, placed } from "../drawing/lines.ts";
import { count, percent, score } from "../drawing/numbers.ts";
import { axisBelow, axisBeside, chart, inBothWidths, ink, label, nameBeside, sharesFrame } from "../drawing/svg.ts";
import { capital, rowsInWords, type Story } from "../story.ts";

const recalls = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** The section: one chart for a binary problem, small ones for classes and labels. */
export function precisionRecallSection(story: Story): Content {
  const { outputs, reference, rival, result } = story;
  const single = reference.curves.length === 1;
  const both = rival === null ? null : html` ${inColour("blue", capital(rival.title))} beside it.`;
  const lead = html`From left to right more of the positives are found (recall), and fewer of the alarms are right (precision). ${inColour("ink", "Cross entropy")}: average precision ${score(reference.expected.averagePrecision.mean)}.${both}${rival === null ? null : html` Its average precision: ${score(rival.expected.averagePrecision.mean)}.`} The dashed line is what guessing gives. ${single ? "" : "One panel for each class or label."}`;
  const drawing = single
    ? inBothWidths(({ width }) => draw(story, 0, { width, height: Math.min(360, width), named: true }))
    : html`<div class="panels">${outputs.map((output) => html`<div class="panel"><p class="panel-title">${reference.curves[output].name}</p>${draw(story, output, { width: 202, height: 200, named: false })}</div>`)}</div>`;
  const more = reference.curves.length - outputs.length;
  const note = more > 0 ? `The ${outputs.length} largest; ${count(more)} more are in the JSON file.` : null;
  return {
    title: titleOf(story),
    lead,
    body: figure(drawing, tableOf(story), note ?? rowsInWords(result)),
  };
}

function titleOf({ used, outputs, reference }: Story): string {
  if (reference.curves.length === 1) {
    const at = heightAt(lineOf(used, 0), 0.5);
    return `When half of “${shortened(used.curves[0].name, 30)}” is found, ${percent(at)} of the alarms are right`;
  }
  const ranked = [...outputs].sort((a, b) => heightAt(lineOf(used, a), 0.5) - heightAt(lineOf(used, b), 0.5));
  const [worst, best] = [ranked[0], ranked[ranked.length - 1]];
  const spread = heightAt(lineOf(used, best), 0.5) - heightAt(lineOf(used, worst), 0.5);
  if (spread < 0.005) return "All are equally easy to find";
  const name = (output: number) => shortened(used.curves[output].name, 30);
  return `“${name(worst)}” is the hardest to find, “${name(best)}” the easiest`;
}

function lineOf(family: FamilyResult, output: number): Line {
  const { recall, precision } = family.curves[output].precisionRecall;
  return { x: recall, y: precision };
}

/** How large a chart is, and whether its curves are named. */
interface Form {
  readonly width: number;
  readonly height: number;
  readonly named: boolean;
}

function draw(story: Story, output: number, { width, height, named }: Form): Html {
  const { reference, rival } = story;
  const lines = [reference, ...(rival === null ? [] : [rival])].map((family, k) => ({
    family,
    line: lineOf(family, output),
    colour: k === 0 ? ink.ink : ink.blue,
  }));
  const share = shareOf(story, output);
  const description = lines
    .map(({ family, line }) => `${family.title}: precision ${percent(heightAt(line, 0.5))} at recall 50 %`)
    .join("; ");
  const ticks = named ? [0, 0.25, 0.5, 0.75, 1] : [0, 0.5, 1];
  return chart(`Precision against recall. ${description}. Guessing: ${percent(share)}.`, {
    width,
    height,
    ...sharesFrame,
    marks: [
      axisBeside(ticks, (share) => percent(share)),
      axisBelow(ticks, (share) => percent(share), "recall"),
      nameBeside("precision"),
      Plot.link([0], { x1: 0, x2: 1, y1: share, y2: share, stroke: ink.quiet, strokeDasharray: "3 3" }),
      ...lines.map(({ line, colour }) =>
        Plot.line([...line.x.keys()], {
          x: (k: number) => line.x[k],
          y: (k: number) => line.y[k],
          stroke: colour,
          strokeWidth: named ? 2 : 1.6,
        }),
      ),
      ...(named ? namesOf(lines, share, width) : []),
    ],
  });
}

function namesOf(
  lines: readonly { family: FamilyResult; line: Line; colour: string }[],
  share: number,
  width: number,
): readonly Plot.Markish[] {
  return [
    label(0.02, share, `guessing: ${percent(share)}`, ink.quiet, {
      dy: share < 0.9 ? -9 : 12,
      fontSize: 12,
      fontWeight: 400,
      textAnchor: "start",
    }),
    ...lines.map(({ family, line, colour }, k) => {
      const others = lines.filter((_, other) => other !== k).map((other) => other.line);
      const [from, to] = k === 0 ? [0.15, 0.5] : [0.55, 0.85];
      const place = clearest(line, others, from, to);
      // About as wide as the letters are; at the right margin a name ends at its place.
      const fits = 48 + (width - 64) * place.x + 8 * family.title.length < width;
      return label(
        place.x,
        place.y,
        family.title,
        colour,
        placed(fits ? place : { ...place, above: !place.falling }, 11),
      );
    }),
  ];
}

/** The share of positives of an output. */
export function shareOf({ result: { target } }: Story, output: number): number {
  return target.shares[target.kind === "binary" ? 1 : output];
}

function tableOf(story: Story) {
  const { reference, rival, outputs } = story;
  const single = reference.curves.length === 1;
  const families = [reference, ...(rival === null ? [] : [rival])];
  return {
    caption: "precision at each recall",
    columns: [
      single ? "loss" : "class or label",
      ...(single ? [] : ["loss"]),
      ...recalls.map((recall) => percent(recall)),
    ],
    rows: outputs.flatMap((output) =>
      families.map((family) => [
        ...(single ? [family.title] : [family.curves[output].name, family.title]),
        ...recalls.map((recall) => score(heightAt(lineOf(family, output), recall))),
      ]),
    ),
  };
}
