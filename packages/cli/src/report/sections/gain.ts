// What tuning the threshold gains over .5, for each loss.

import * as Plot from "@observablehq/plot";
import { figure, inColour } from "../drawing/figure.ts";
import { type Html, html } from "../drawing/html.ts";
import { probability, score } from "../drawing/numbers.ts";
import { axisBelow, chart, inBothWidths, ink, label, ticksBetween } from "../drawing/svg.ts";
import type { Story } from "../story.ts";
import { choiceFor } from "../story.ts";

/** Balanced accuracy at 0.5 as shown, and at the threshold, for each loss; nothing where the problem is not binary. */
export function gainFigure({ reference, challengers }: Story): Html | null {
  const rows = [reference, ...challengers].flatMap((family, row) => {
    const tuned = choiceFor(family, "balanced accuracy");
    return tuned === null ? [] : [{ family, row, half: family.shown.balancedAccuracy.mean, tuned: tuned.atFormula }];
  });
  if (rows.length === 0) return null;
  const values = rows.flatMap(({ half, tuned }) => [half, tuned]).filter((value) => Number.isFinite(value));
  const low = Math.min(...values) - 0.12 * (Math.max(...values) - Math.min(...values)) - 0.01;
  const high = Math.min(1, Math.max(...values) + 0.04);
  const rowHeight = 44;
  const drawing = inBothWidths(({ width, narrow }) =>
    chart(
      rows.map(({ family, half, tuned }) => `${family.title}: ${score(half)} at .5, ${score(tuned)} tuned`).join("; "),
      {
        width,
        height: 62 + rows.length * rowHeight,
        marginTop: 26,
        marginBottom: 36,
        marginLeft: 6,
        marginRight: 40,
        x: { domain: [low, high] },
        y: { domain: [0, rows.length], reverse: true, axis: null },
        marks: [
          Plot.ruleX([rows[0].tuned], { stroke: ink.ink, strokeDasharray: "3 3" }),
          axisBelow(
            ticksBetween(low, high, narrow ? 4 : 8),
            (value) => score(value, 2),
            "balanced accuracy on new rows",
          ),
          label(rows[0].tuned, 0, "cross entropy, tuned", ink.quiet, {
            dy: -14,
            fontSize: 12,
            fontWeight: 400,
            textAnchor: narrow ? "end" : "middle",
            dx: narrow ? 30 : 0,
            stroke: "none",
          }),
          ...rows.flatMap(({ family, row, half, tuned }) => [
            label(low, row, family.title, ink.ink, { dy: 10, textAnchor: "start" }),
            Plot.ruleY([row + 0.66], { stroke: ink.rule, strokeWidth: 0.6 }),
            Plot.link([0], { x1: half, x2: tuned, y1: row + 0.66, y2: row + 0.66, stroke: ink.blue, strokeWidth: 2 }),
            Plot.dot([0], { x: half, y: row + 0.66, r: 5, fill: ink.paper, stroke: ink.orange, strokeWidth: 2 }),
            Plot.dot([0], { x: tuned, y: row + 0.66, r: 5, fill: ink.blue }),
          ]),
        ],
      },
    ),
  );
  return figure(
    drawing,
    {
      caption: "balanced accuracy at .5 and at its threshold",
      columns: ["loss", "at .5, as shown", "at its threshold", "threshold"],
      rows: rows.map(({ family, half, tuned }) => {
        const choice = choiceFor(family, "balanced accuracy");
        return [family.title, score(half), score(tuned), probability(choice?.byFormula ?? Number.NaN)];
      }),
    },
    html`${inColour("orange", "○ at .5")} on the probabilities as shown; ${inColour("blue", "● at the threshold")} on the undone ones. A loss is worth its trouble only right of the dashed line.`,
  );
}
