// A chart as SVG text: drawn by Observable Plot without a browser, coloured by the page's variables.
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { type Html, html, raw, visible } from "./html.ts";

/** The colours of the page; a chart names these and so serves light, dark and print. */
export const ink = {
  ink: "var(--ink)",
  quiet: "var(--quiet)",
  rule: "var(--rule)",
  band: "var(--band)",
  blue: "var(--blue)",
  orange: "var(--orange)",
  paper: "var(--paper)",
} as const;

/** The widths in which a chart is drawn: on a desk and on a telephone. */
export const widths = { wide: 780, narrow: 358 } as const;

/** What there is to draw on. */
export interface Paper {
  readonly width: number;
  /** Whether it is the screen of a telephone. */
  readonly narrow: boolean;
}

/** A chart in both widths, of which the page shows the one that fits. */
export function inBothWidths(draw: (paper: Paper) => Html): Html {
  const [wide, narrow] = [draw({ width: widths.wide, narrow: false }), draw({ width: widths.narrow, narrow: true })];
  return html`<div class="wide">${wide}</div><div class="narrow">${narrow}</div>`;
}

/** Draws; the description is what a screen reader says instead. */
export function chart(description: string, options: Plot.PlotOptions): Html {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const svg = Plot.plot({ marginTop: 14, marginRight: 16, marginBottom: 34, marginLeft: 40, ...options, document });
  for (const style of svg.querySelectorAll("style")) style.remove();
  for (const part of svg.querySelectorAll("*")) {
    for (const name of spoken) part.removeAttribute(name);
    for (const attribute of part.attributes) attribute.value = attribute.value.replace(/\d+\.\d{3,}/g, rounded);
  }
  for (const name of ["xmlns", "xmlns:xlink", "fill", "font-family", "font-size", "text-anchor"])
    svg.removeAttribute(name);
  svg.setAttribute("class", "plot");
  svg.setAttribute("role", "img");
  const label = html` aria-label="${description}"`.text;
  return raw(svg.outerHTML.replace(/^<svg/, (start: string) => start + label));
}

/** A hundredth of a pixel is enough. */
const rounded = (number: string) => String(Number(Number(number).toFixed(2)));

/** Inside an image nothing is read out, and these would only fill the file. */
const spoken = ["aria-label", "aria-description", "aria-hidden"];

/** A quiet axis below. */
export function axisBelow(ticks: readonly number[], format: (value: number) => string, label: string): Plot.Markish {
  return Plot.axisX([...ticks], {
    color: ink.quiet,
    tickSize: 4,
    tickFormat: format,
    label,
    labelArrow: "none",
    labelAnchor: "center",
  });
}

/** A quiet axis at the left with hairlines across; its name stands above it. */
export function axisBeside(ticks: readonly number[], format: (value: number) => string): Plot.Markish {
  return [
    Plot.ruleY([...ticks], { stroke: ink.rule, strokeWidth: 0.6 }),
    Plot.axisY([...ticks], { color: ink.quiet, tickSize: 0, tickFormat: format, label: null }),
  ];
}

/** The frame of a chart whose axes both go from 0 to 1. */
export const sharesFrame = {
  marginLeft: 48,
  marginTop: 22,
  marginBottom: 40,
  x: { domain: [0, 1] },
  y: { domain: [0, 1] },
} as const satisfies Plot.PlotOptions;

/** The name of the axis at the left of such a chart, above it. */
export function nameBeside(name: string): Plot.Markish {
  return label(0, 1, name, ink.quiet, { dx: -48, dy: -14, fontSize: 12, fontWeight: 400, textAnchor: "start" });
}

/** A label that stands on the drawing; the paper shows around it. */
export function label(x: number, y: number, text: string, fill: string, more: Plot.TextOptions = {}): Plot.Markish {
  const point = [{ x, y }];
  return Plot.text(point, {
    x: "x",
    y: "y",
    text: () => visible(text),
    fill,
    stroke: ink.paper,
    strokeWidth: 5,
    fontSize: 13,
    fontWeight: 600,
    ...more,
  });
}

/** Round numbers for an axis from low to high, about so many. */
export function ticksBetween(low: number, high: number, about: number): readonly number[] {
  const rough = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? rough;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}
