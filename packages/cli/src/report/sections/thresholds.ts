// The threshold: what tuning it gains over 0.5, and what follows from each choice.

import * as Plot from "@observablehq/plot";
import { cost, type GoalKind } from "../../verdict/goals.ts";
import type { ThresholdChoice } from "../../verdict/thresholds.ts";
import { type Content, dataTable, figure } from "../drawing/figure.ts";
import { type Html, html } from "../drawing/html.ts";
import { clearest, heightAt, type Line, placed, rowsOf } from "../drawing/lines.ts";
import { count, counted, probability, score, shareTick } from "../drawing/numbers.ts";
import { axisBelow, axisBeside, chart, inBothWidths, ink, label, type Paper, ticksBetween } from "../drawing/svg.ts";
import { capital, choiceFor, purposeOf, type Story } from "../story.ts";

/** The section of the curves; nothing where the problem is not binary. */
export function thresholdSection(story: Story): Content | null {
  const { used } = story;
  if (used.thresholds.length === 0 || used.curves.length !== 1) return null;
  const choices = used.thresholds;
  const [first, second] = choices;
  const disagree = choices.filter((choice) => choice.disagree);
  const lead = html`A row is taken as positive from the threshold on; probabilities are those of ${used.title}, undone. Dashed rules mark the thresholds by formula, which needs no label. What it promises is held against what was counted, and against a search over the other folds, which needs no formula: ${
    disagree.length === 0
      ? "they agree, so the probabilities can be trusted."
      : `they disagree for ${disagree.map(({ goal }) => goal).join(" and ")}, so the calibration is off.`
  }`;
  const title = `${probability(first.byFormula)} is the threshold for ${purposeOf(first)}${second === undefined ? "" : `, ${probability(second.byFormula)} for ${purposeOf(second)}`}`;
  const costs = choiceFor(used, "costs");
  const price =
    costs === null
      ? "share of wrong decisions (a miss costs as much as a false alarm)"
      : `mean cost of a row at ${costs.goal} (false alarm : miss)`;
  const drawings = html`${inBothWidths((paper) => draw(story, paper))}<p class="panel-title">${capital(price)}</p>${inBothWidths((paper) => drawCost(story, paper))}`;
  return { title, lead, body: html`${choiceTable(choices)}${figure(drawings, curveTable(story))}` };
}

function choiceTable(choices: readonly ThresholdChoice[]): Html {
  return dataTable({
    caption: "Thresholds by formula and by search; recall and precision are those at the formula's threshold",
    columns: ["for", "by formula", "promises", "gives", "by search", "gives", "recall", "precision", "rows flagged"],
    rows: choices.map((choice) => {
      const { goal, byFormula, promised, atFormula, bySearch, atSearch, recall, precision, flagged } = choice;
      const off = choice.disagree ? html` <b class="orange">they disagree</b>` : null;
      const given = [promised, atFormula, atSearch].map((value) =>
        choice.kind === "costs" ? cost(value) : score(value),
      );
      return [
        html`${goal}${off}`,
        html`<b>${probability(byFormula)}</b>`,
        given[0],
        given[1],
        probability(bySearch),
        given[2],
        score(recall),
        score(precision),
        count(flagged),
      ];
    }),
  });
}

/** A scale on which small thresholds have room where all that matter are small. */
function scaleOf(story: Story): { type: "linear" | "sqrt"; domain: [number, number]; ticks: readonly number[] } {
  const largest = Math.max(...story.used.thresholds.map(({ byFormula }) => byFormula));
  return largest < 0.08
    ? { type: "sqrt", domain: [0, 1], ticks: [0, 0.01, 0.05, 0.1, 0.25, 0.5, 1] }
    : { type: "linear", domain: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1] };
}

function draw(story: Story, { width, narrow }: Paper): Html {
  const { used } = story;
  const { threshold: x, f1, balancedAccuracy, precision, recall } = used.curves[0].thresholds;
  const { ticks, ...scale } = scaleOf(story);
  const lines: readonly { name: string; line: Line; colour: string; weight: number; from: number; to: number }[] = [
    { name: "recall", line: { x, y: recall }, colour: ink.quiet, weight: 1.2, from: 0.55, to: 0.92 },
    {
      name: "precision",
      line: { x, y: precision },
      colour: ink.quiet,
      weight: 1.2,
      from: 0.5,
      to: narrow ? 0.72 : 0.9,
    },
    {
      name: "balanced accuracy",
      line: { x, y: balancedAccuracy },
      colour: ink.ink,
      weight: 2,
      from: 0.4,
      to: narrow ? 0.6 : 0.7,
    },
    { name: "F1", line: { x, y: f1 }, colour: ink.blue, weight: 2, from: 0.02, to: 0.85 },
  ];
  const drawn: { readonly [kind in GoalKind]: (typeof lines)[number] | null } = {
    recall: lines[0],
    precision: lines[1],
    "balanced accuracy": lines[2],
    F1: lines[3],
    costs: null,
    top: null,
  };
  const rules = used.thresholds.map(({ kind, goal, byFormula }) => {
    const line = drawn[kind];
    return {
      goal,
      at: byFormula,
      y: line === null ? null : heightAt(line.line, byFormula),
      colour: line?.colour ?? ink.orange,
    };
  });
  const description = rules.map(({ goal, at }) => `${goal} at ${probability(at)}`).join("; ");
  // About as wide as the letters are; a label begins at its rule, or ends there where the right margin is near.
  const reach = rules.map(({ goal, at }) => {
    const place = 40 + (width - 56) * (scale.type === "sqrt" ? Math.sqrt(at) : at);
    const length = 7 * `${probability(at)} ${goal}`.length;
    const starts = place + length < width;
    return { starts, at: place, from: starts ? place : place - length, to: starts ? place + length : place };
  });
  const rows = rowsOf(reach, 12);
  const plotHeight = narrow ? 240 : 280;
  const marginTop = 26 + 16 * Math.max(...rows);
  return chart(`F1, balanced accuracy, precision and recall by threshold: ${description}`, {
    width,
    height: marginTop + plotHeight + 40,
    marginTop,
    marginBottom: 40,
    x: scale,
    y: { domain: [0, 1] },
    marks: [
      axisBeside([0, 0.25, 0.5, 0.75, 1], shareTick),
      axisBelow(narrow ? ticks.filter((each) => each !== 0.01) : ticks, shareTick, "threshold"),
      ...rules.map(({ at, colour }, k) =>
        Plot.link([0], {
          x1: at,
          x2: at,
          y1: 0,
          y2: 1 + (6 + 16 * rows[k]) / plotHeight,
          stroke: colour,
          strokeDasharray: "3 3",
        }),
      ),
      ...rules.map(({ goal, at, colour }, k) =>
        label(at, 1, `${probability(at)} ${goal}`, colour, {
          dy: -13 - 16 * rows[k],
          dx: reach[k].starts ? -3 : 3,
          fontSize: 12,
          textAnchor: reach[k].starts ? "start" : "end",
          // The rules of others run through a name that ends at its own: the paper keeps them off.
          stroke: reach[k].starts ? "none" : ink.paper,
        }),
      ),
      ...rules.flatMap(({ at, y, colour }) =>
        y === null ? [] : [Plot.dot([0], { x: at, y, r: 4.5, fill: colour, stroke: ink.paper, strokeWidth: 1.5 })],
      ),
      ...lines.map(({ line, colour, weight }) =>
        Plot.line([...line.x.keys()], {
          x: (k: number) => line.x[k],
          y: (k: number) => line.y[k],
          stroke: colour,
          strokeWidth: weight,
        }),
      ),
      ...lines.map(({ name, line, colour, weight, from, to }) => {
        const others = lines.filter((other) => other.line !== line).map((other) => other.line);
        const place = clearest(line, others, from, to);
        return label(place.x, place.y, name, colour, {
          // Above the chart stand the names of the rules.
          ...placed(place.y > 0.85 ? { ...place, above: false } : place, 9),
          fontSize: 12,
          fontWeight: weight > 1.5 ? 600 : 400,
        });
      }),
    ],
  });
}

function drawCost(story: Story, { width, narrow }: Paper): Html {
  const { used } = story;
  const { threshold: x, cost } = used.curves[0].thresholds;
  const { ticks, ...scale } = scaleOf(story);
  const most = Math.max(...cost, 1e-9);
  const least = Math.min(...cost);
  const cheapest = x[cost.indexOf(least)];
  const line = { x, y: cost };
  const half = heightAt(line, 0.5);
  const format = (value: number) =>
    most >= 1 ? String(Number(value.toPrecision(3))) : value === 0 ? "0" : score(value, most < 0.1 ? 3 : 2);
  const chosen = used.thresholds.map(({ byFormula }) => ({ x: byFormula, y: heightAt(line, byFormula) }));
  return chart(`Cost by threshold: least ${format(least)} at ${probability(cheapest)}, ${format(half)} at .5`, {
    width,
    height: 190,
    marginTop: 16,
    marginBottom: 40,
    x: scale,
    y: { domain: [0, most] },
    marks: [
      axisBeside(ticksBetween(0, most, 4), format),
      axisBelow(narrow ? ticks.filter((each) => each !== 0.01) : ticks, shareTick, "threshold"),
      ...chosen.map((each) =>
        Plot.link([each], { x1: "x", x2: "x", y1: 0, y2: most, stroke: ink.quiet, strokeDasharray: "3 3" }),
      ),
      Plot.line([...x.keys()], {
        x: (k: number) => x[k],
        y: (k: number) => cost[k],
        stroke: ink.orange,
        strokeWidth: 2,
      }),
      Plot.dot(chosen, { x: "x", y: "y", r: 4, fill: ink.orange, stroke: ink.paper, strokeWidth: 1.5 }),
      Plot.dot([0], { x: cheapest, y: least, r: 4, fill: ink.paper, stroke: ink.orange, strokeWidth: 2 }),
      label(cheapest, least, `least: ${format(least)} at ${probability(cheapest)}`, ink.orange, {
        dy: least > 0.25 * most ? 16 : -14,
        fontSize: 12,
        textAnchor: cheapest < 0.2 ? "start" : cheapest > 0.8 ? "end" : "middle",
      }),
    ],
  });
}

function curveTable({ used, result }: Story) {
  const { threshold: x, ...curves } = used.curves[0].thresholds;
  const chosen = used.thresholds.map(({ byFormula }) => byFormula);
  const places = [...new Set([0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, ...chosen])].sort((a, b) => a - b);
  const at = (y: readonly number[], place: number) => score(heightAt({ x, y }, place));
  return {
    caption: `what follows from a threshold (${counted(result.target.rows, "row")})`,
    columns: ["threshold", "precision", "recall", "F1", "balanced accuracy", "cost"],
    rows: places.map((place) => [
      html`${probability(place)}${chosen.includes(place) ? html` <small>(chosen)</small>` : null}`,
      at(curves.precision, place),
      at(curves.recall, place),
      at(curves.f1, place),
      at(curves.balancedAccuracy, place),
      at(curves.cost, place),
    ]),
  };
}
