// The map of settings: gamma down, weights across, the score in each cell, the practically equal ones outlined.

import * as Plot from "@observablehq/plot";
import { engineNamed } from "../../learning/engines.ts";
import { orient } from "../../scores/metric.ts";
import { weightings } from "../../selection/families.ts";
import type { FamilyResult } from "../../verdict/result.ts";
import { type Content, figure } from "../drawing/figure.ts";
import { type Html, html } from "../drawing/html.ts";
import { counted, score } from "../drawing/numbers.ts";
import { chart, inBothWidths, ink, type Paper } from "../drawing/svg.ts";
import type { Story } from "../story.ts";

/** A setting of a family, placed on the map. */
interface Cell {
  readonly family: FamilyResult;
  readonly words: string;
  readonly row: string;
  readonly column: string;
  readonly score: number;
  readonly chosen: number;
  readonly same: boolean;
  /** 1 for the best of the map, 0 for the worst. */
  readonly worth: number;
}

const columnWords: { readonly [weighting in (typeof weightings)[number]]: string } = {
  none: "no weights",
  "inverse-sqrt": "inverse root",
  "effective-number": "effective no.",
  inverse: "inverse",
};

/** The section; nothing where there is only one setting, or no ranking. */
export function settingsSection(story: Story): Content | null {
  const { challengers, metric, band, result } = story;
  const cells = challengers.length === 0 ? [] : cellsOf(story);
  if (cells.length < 2) return null;
  const among = cells.filter(({ same }) => same).length;
  const fair = comparable(story);
  const title = fair
    ? `${among} of ${counted(cells.length, "setting")} are practically the same as the best`
    : `Within each loss, ${among} of ${counted(cells.length, "setting")} are practically the same as its best`;
  const lead = html`The ${metric.words} of each setting on the inner rows that choose, ${metric.better} is better and more blue. Outlined: within ${score(band, metric.digits)} of the best${fair ? "" : " of the same loss"}. The number of times is how often the outer folds chose it within its loss, of ${result.plan.finished}.${
    fair
      ? ""
      : " A network's settings are scored after a short first training, from which the best go on; a loss with one setting goes to the end, so compare scores within a loss only."
  }`;
  const drawing = inBothWidths((paper) => draw(cells, story, paper));
  return { title, lead, body: figure(drawing, tableOf(cells, story)) };
}

/** Whether scores of different families come from equally long training. */
function comparable({ result }: Story): boolean {
  return engineNamed(result.plan.model).isExhaustive;
}

function cellsOf(story: Story): readonly Cell[] {
  const { challengers, reference, result, band } = story;
  const families = [reference, ...challengers];
  const oriented = (value: number) => orient(result.plan.metric, value);
  const scores = (list: readonly FamilyResult[]) =>
    list.flatMap(({ grid }) => grid.map((each) => oriented(each.score))).filter((value) => Number.isFinite(value));
  const least = Math.min(...scores(families));
  const most = Math.max(...scores(families));
  return families.flatMap((family) => {
    const best = comparable(story) ? least : Math.min(...scores([family]));
    return family.grid.map(({ candidate, words, score: value, chosen }): Cell => {
      const settings = Object.entries(candidate.parameters).map(([name, each]) => `${name} ${each}`);
      const name = family.title.replace(/^balanced /, "");
      return {
        family,
        words,
        row: [name, ...settings].join(", "),
        column: columnWords[candidate.weighting],
        score: value,
        chosen,
        same: oriented(value) <= best + band,
        worth: Number.isFinite(value) && most > least ? (most - oriented(value)) / (most - least) : 1,
      };
    });
  });
}

function draw(cells: readonly Cell[], { metric }: Story, { width, narrow }: Paper): Html {
  const rows = [...new Set(cells.map(({ row }) => row))];
  const columns = weightings
    .map((each) => columnWords[each])
    .filter((each) => cells.some(({ column }) => column === each));
  const rowHeight = 46;
  const left = narrow ? 92 : 150;
  const wide = Math.min(width, left + columns.length * 124);
  const text = (cell: Cell) => `${score(cell.score, metric.digits)}${cell.chosen > 0 ? `\n${cell.chosen}×` : ""}`;
  const outlined = cells.filter(({ same }) => same);
  const description = outlined.map(({ row, column }) => `${row}, ${column}`).join("; ");
  return chart(`Practically the same as the best: ${description}`, {
    width: wide,
    height: rows.length * rowHeight + 34,
    marginLeft: left,
    marginTop: 30,
    marginBottom: 4,
    marginRight: 4,
    x: { domain: columns, axis: null, padding: 0.06 },
    y: { domain: rows, axis: null, padding: 0.1 },
    opacity: { type: "identity" },
    marks: [
      Plot.axisX({ anchor: "top", color: ink.quiet, tickSize: 0, label: null, fontSize: narrow ? 11 : 12 }),
      Plot.axisY({
        color: ink.ink,
        tickSize: 0,
        label: null,
        fontSize: narrow ? 11 : 13,
        tickFormat: (row: string) =>
          narrow ? row.replace(/^(.*?), /, "$1\n").replace(/^cross entropy$/, "cross\nentropy") : row,
      }),
      Plot.cell(cells, {
        x: "column",
        y: "row",
        fill: ink.blue,
        fillOpacity: ({ worth }: Cell) => 0.04 + 0.34 * worth ** 2,
        rx: 3,
      }),
      Plot.cell(outlined, {
        x: "column",
        y: "row",
        fill: "none",
        stroke: ink.ink,
        strokeWidth: 1.6,
        inset: 0.8,
        rx: 3,
      }),
      Plot.text(cells, { x: "column", y: "row", text, fill: ink.ink, fontSize: narrow ? 12 : 13, lineHeight: 1.25 }),
    ],
  });
}

function tableOf(cells: readonly Cell[], { metric }: Story) {
  return {
    caption: `${metric.words} of each setting on the inner rows`,
    columns: ["loss", "setting", metric.words, "chosen", "against the best"],
    rows: cells.map(({ family, words, score: value, chosen, same }) => [
      family.title,
      words,
      score(value, metric.digits),
      `${chosen}×`,
      same ? "practically the same" : "worse",
    ]),
  };
}
