// Fold by fold: each loss minus cross entropy, beside the band in which a difference does not matter.

import * as Plot from "@observablehq/plot";
import { orient } from "../../scores/metric.ts";
import { meanOfKnown } from "../../scores/statistics.ts";
import { type FamilyResult, progressOf } from "../../verdict/result.ts";
import { type Content, figure } from "../drawing/figure.ts";
import { type Html, html } from "../drawing/html.ts";
import { counted, score, signed } from "../drawing/numbers.ts";
import { axisBelow, chart, inBothWidths, ink, label, type Paper, ticksBetween } from "../drawing/svg.ts";
import { capital, foldDifferences, type Story } from "../story.ts";

/** More folds than this are drawn as heaps, not as dots. */
const mostDots = 60;
const rowHeight = 66;

/** The section; nothing where there is no other loss, or no ranking. */
export function foldSection(story: Story): Content | null {
  const { challengers, metric, band } = story;
  if (challengers.length === 0) return null;
  const lead = html`${story.reference.perFold.length > mostDots ? "The heaps count folds" : "Each dot is one fold"}: the ${metric.words} of the loss minus that of cross entropy on the same rows. In the grey band, ±${score(band, metric.digits)}, the two are practically the same. The bar is the mean over the folds with its 95 % interval, corrected for the training rows that folds share.`;
  const drawing = inBothWidths((paper) => draw(story, paper));
  return { title: titleOf(story), lead, body: figure(drawing, tableOf(story)) };
}

/** What the folds say about the rival, in one line. */
function titleOf(story: Story): string {
  const rival = story.rival as FamilyResult;
  const differences = knownDifferences(story, rival).map((each) => orient(story.result.plan.metric, each));
  const wins = differences.filter((each) => each < -story.band).length;
  const losses = differences.filter((each) => each > story.band).length;
  const ties = differences.length - wins - losses;
  const of = `of ${counted(differences.length, "fold")}`;
  const name = rival.title;
  const most = differences.length / 2;
  if (wins > most) return capital(`${name} beats cross entropy in ${wins} ${of}`);
  if (losses > most) return capital(`${name} loses to cross entropy in ${losses} ${of}`);
  if (ties > most) return capital(`${name} is level with cross entropy in ${ties} ${of}`);
  return capital(`${name} wins ${counted(wins, "fold")}, loses ${losses} and draws ${ties}`);
}

const knownDifferences = (story: Story, family: FamilyResult) =>
  foldDifferences(story, family).filter((each) => Number.isFinite(each));

function draw(story: Story, { width, narrow }: Paper): Html {
  const { challengers, band, metric } = story;
  const rows = challengers.map((family, row) => ({ family, row, differences: knownDifferences(story, family) }));
  const all = rows.flatMap(({ family, differences }) => [...differences, ...interval(story, family)]);
  const [least, most] = [Math.min(-1.6 * band, ...all), Math.max(1.6 * band, ...all)];
  const room = 0.04 * (most - least);
  const domain = [least - room, most + room];
  const height = 40 + rows.length * rowHeight + 48;
  const digits = metric.digits;
  const side = (x: number, text: string, anchor: "start" | "end") =>
    label(x, rows.length, text, ink.quiet, {
      dy: 40,
      fontSize: 12,
      fontWeight: 400,
      textAnchor: anchor,
      stroke: "none",
    });
  const [better, worse] = metric.better === "lower" ? [domain[0], domain[1]] : [domain[1], domain[0]];
  const description = rows
    .map(({ family, differences }) => {
      const [low, high] = interval(story, family);
      return `${family.title}: mean difference ${signed(meanOfKnown(differences), digits)}, 95 % interval ${signed(low, digits)} to ${signed(high, digits)}`;
    })
    .join("; ");
  return chart(description, {
    width,
    height,
    marginTop: 40,
    marginBottom: 48,
    marginLeft: 1,
    marginRight: 1,
    x: { domain, reverse: metric.better === "higher" },
    y: { domain: [0, rows.length], reverse: true, axis: null },
    marks: [
      Plot.rect([0], { x1: -band, x2: band, y1: 0, y2: rows.length, fill: ink.band }),
      Plot.ruleX([0], { stroke: ink.quiet, strokeWidth: 1 }),
      axisBelow(
        ticksBetween(domain[0], domain[1], narrow ? 4 : 7),
        (value) => (value === 0 ? "0" : signed(value, decimals(domain[1] - domain[0]))),
        "",
      ),
      label(0, 0, "practically\nthe same", ink.quiet, {
        dy: -20,
        fontSize: 12,
        fontWeight: 400,
        stroke: "none",
        text: () => "practically\nthe same",
      }),
      side(better, "← better than cross entropy", "start"),
      side(worse, "worse →", "end"),
      ...rows.flatMap((each) => row(story, each, metric.better === "lower" ? domain[0] : domain[1])),
    ],
  });
}

function decimals(span: number): number {
  return Math.max(2, Math.ceil(-Math.log10(span)) + 1);
}

interface Row {
  readonly family: FamilyResult;
  readonly row: number;
  readonly differences: readonly number[];
}

function row(story: Story, { family, row: at, differences }: Row, left: number): readonly Plot.Markish[] {
  const [low, high] = interval(story, family);
  const chosen = family === story.used;
  const middle = meanOfKnown(differences);
  return [
    Plot.ruleY([at], { stroke: ink.rule, strokeWidth: at === 0 ? 0 : 0.6 }),
    label(left, at, family.title, chosen ? ink.blue : ink.ink, {
      dy: 14,
      textAnchor: "start",
    }),
    ...points(differences, at),
    Plot.link([0], { x1: low, x2: high, y1: at + 0.82, y2: at + 0.82, stroke: ink.blue, strokeWidth: 2.5 }),
    Plot.dot([0], { x: middle, y: at + 0.82, r: 4.5, fill: ink.blue, stroke: ink.paper, strokeWidth: 1.5 }),
  ];
}

/** A dot per fold, close ones beside each other; or heaps where there are too many. */
function points(differences: readonly number[], at: number): readonly Plot.Markish[] {
  if (differences.length <= mostDots) {
    const dots = differences.map((x, fold) => ({ x, y: at + 0.5 + (((fold * 5) % 7) - 3) * 0.02 }));
    return [Plot.dot(dots, { x: "x", y: "y", r: 3.5, fill: ink.ink, fillOpacity: 0.55, stroke: ink.paper })];
  }
  const [least, most] = [Math.min(...differences), Math.max(...differences)];
  const bins = 48;
  const step = (most - least) / bins || 1;
  const counts = new Array<number>(bins).fill(0);
  for (const each of differences) counts[Math.min(bins - 1, Math.floor((each - least) / step))]++;
  const highest = Math.max(...counts);
  const heaps = counts.flatMap((count, bin) => (count > 0 ? [{ from: least + bin * step, count }] : []));
  return [
    Plot.rect(heaps, {
      x1: "from",
      x2: ({ from }: { from: number }) => from + step,
      y1: at + 0.7,
      y2: ({ count }: { count: number }) => at + 0.7 - (0.42 * count) / highest,
      fill: ink.ink,
      fillOpacity: 0.55,
      insetLeft: 0.5,
    }),
  ];
}

/** The ends of the interval in the metric's own direction. */
function interval({ metric }: Story, { comparison }: FamilyResult): readonly [number, number] {
  if (comparison === null) return [Number.NaN, Number.NaN];
  const { low, high } = comparison;
  return metric.better === "lower" ? [low, high] : [-high, -low];
}

function tableOf(story: Story) {
  const { challengers, result, metric, reference } = story;
  const { folds, repeats } = result.plan;
  const size = reference.perFold.length <= mostDots ? 1 : folds;
  const parts = Array.from({ length: Math.ceil(reference.perFold.length / size) }, (_, k) => k);
  const values = (family: FamilyResult) => {
    const differences = foldDifferences(story, family);
    return parts.map((part) => meanOfKnown(differences.slice(part * size, (part + 1) * size)));
  };
  const columns = challengers.map(values);
  const { whole } = progressOf(result);
  const name = (part: number) => {
    if (size > 1) return whole ? `repeat ${part + 1}, mean` : `folds ${part * size + 1} and on, mean`;
    return whole && repeats > 1
      ? `repeat ${Math.floor(part / folds) + 1}, fold ${(part % folds) + 1}`
      : `fold ${part + 1}`;
  };
  return {
    caption: `${metric.words} minus that of cross entropy`,
    columns: ["fold", "cross entropy", ...challengers.map(({ title }) => title)],
    rows: [
      ...parts.map((part) => [
        name(part),
        score(meanOfKnown(reference.perFold.slice(part * size, (part + 1) * size)), metric.digits),
        ...columns.map((column) => signed(column[part], metric.digits)),
      ]),
      [
        "mean, 95 % interval",
        score(meanOfKnown(reference.perFold), metric.digits),
        ...challengers.map((family) => {
          const [low, high] = interval(story, family);
          return `${signed(meanOfKnown(foldDifferences(story, family)), metric.digits)} (${signed(low, metric.digits)} to ${signed(high, metric.digits)})`;
        }),
      ],
    ],
  };
}
