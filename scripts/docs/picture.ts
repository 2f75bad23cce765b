// The one picture of the README: what an example costs, and what a model trained so shows.
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import {
  activate,
  classWeights,
  evaluate,
  focal,
  type Loss,
  trueProbabilities,
} from "../../packages/surprisal/src/index.ts";

/** The colours of a background. */
export interface Theme {
  readonly paper: string;
  readonly ink: string;
  readonly quiet: string;
  readonly rule: string;
  /** By gamma: plain cross entropy first, then stronger focusing. */
  readonly gamma: Readonly<Record<0 | 1 | 2 | 5, string>>;
  readonly weights: string;
}

/** The two backgrounds on which GitHub shows a README. */
export const themes = {
  light: {
    paper: "#ffffff",
    ink: "#1f2328",
    quiet: "#59636e",
    rule: "#d1d9e0",
    gamma: { 0: "#1f2328", 1: "#2f79b8", 2: "#1a5fa8", 5: "#7a3fb0" },
    weights: "#c2410c",
  },
  dark: {
    paper: "#0d1117",
    ink: "#f0f6fc",
    quiet: "#9198a1",
    rule: "#3d444d",
    gamma: { 0: "#f0f6fc", 1: "#79c0ff", 2: "#4a9eff", 5: "#c297f5" },
    weights: "#ff9b5e",
  },
} as const satisfies Readonly<Record<string, Theme>>;

const width = 820;
const height = 386;
const panel = { width: 396, height: 310, top: 74 };
const rightAt = 424;
const gammas = [0, 1, 2, 5] as const;
const logitOf = (p: number) => Math.log(p) - Math.log1p(-p);
const rounded = (x: number) => Number(x.toFixed(5));

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Loss against the probability that the model gives to the label. */
function cost(gamma: number, highest: number): readonly Point[] {
  const points = steps(0.004, 1).map((p) => {
    const batch = { logits: [logitOf(p)], labels: [1] };
    return { x: p, y: rounded(evaluate(focal({ gamma }), batch, { activation: "sigmoid" }).loss) };
  });
  const first = points.findIndex(({ y }) => y <= highest);
  return [{ x: crossing(points[first - 1], points[first], highest), y: highest }, ...points.slice(first)];
}

/** Where the line between two points reaches a height. */
function crossing(a: Point, b: Point, height: number): number {
  return rounded(a.x + ((b.x - a.x) * (height - a.y)) / (b.y - a.y));
}

/** What an ideal model shows, over what is true: the undo, read from right to left; dense where the curves are flat. */
function shown(loss: Loss, alpha?: { readonly positive: number; readonly negative: number }): readonly Point[] {
  const logits = Array.from({ length: 161 }, (_, k) => 12 * ((k - 80) / 80) ** 3);
  const truth = trueProbabilities(loss, logits, { activation: "sigmoid", alpha });
  const output = activate(logits, { activation: "sigmoid" });
  return logits.map((_, k) => ({ x: rounded(truth[k]), y: rounded(output[k]) }));
}

/** Numbers from one end to the other, denser at the first. */
function steps(from: number, to: number): readonly number[] {
  const count = 120;
  return Array.from({ length: count + 1 }, (_, k) => rounded(from + (to - from) * (k / count) ** 2));
}

/** The height of a curve at x, by linear interpolation. */
function heightAt(points: readonly Point[], x: number): number {
  const next = points.findIndex((point) => point.x >= x);
  const [a, b] = [points[next - 1], points[next]];
  return a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x);
}

/** The picture as SVG text; the same bytes each time. */
export function picture(theme: Theme): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const heading = (x: number, title: string, lines: readonly string[]) =>
    [
      `<text x="${x}" y="18" font-size="16" font-weight="600" fill="${theme.ink}">${title}</text>`,
      ...lines.map(
        (line, k) => `<text x="${x}" y="${41 + 18 * k}" font-size="13" fill="${theme.quiet}">${line}</text>`,
      ),
    ].join("\n");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif" role="img" aria-labelledby="title">
<title id="title">Left: the loss of an example falls with the probability that the model gives to the right answer; focal loss falls faster. Right: an ideal model trained with cross entropy shows the true probability; with focal loss, gamma 2, it shows 19 % where 2 % is true, with inverse-frequency weights 50 %.</title>
<rect width="${width}" height="${height}" fill="${theme.paper}"/>
${heading(0, "What an example costs", ["Loss, by the probability given to the right answer;", "focal loss (γ) fades where the answer is easy"])}
${heading(rightAt, "What the model then shows", ["Probability shown by an ideally trained model, by the", "true probability; the dots mark where 2 % are true"])}
${placed(costPanel(theme, document), 0)}
${placed(shownPanel(theme, document), rightAt)}
</svg>
`;
}

/** A panel as text, placed in the picture. */
function placed(svg: Element, x: number): string {
  svg.setAttribute("x", String(x));
  svg.setAttribute("y", String(panel.top));
  svg.removeAttribute("class");
  for (const style of svg.querySelectorAll("style")) style.remove();
  return svg.outerHTML;
}

/** What both panels share: size, the axis of probabilities, three quiet lines behind the curves. */
function frame(theme: Theme, document: Document, top: number, ticks: readonly number[], tick: (y: number) => string) {
  const axis = { color: theme.quiet, label: null } as const;
  return {
    options: {
      document,
      width: panel.width,
      height: panel.height,
      marginTop: 10,
      marginRight: 24,
      marginBottom: 30,
      marginLeft: 46,
      style: { color: theme.quiet, fontSize: "12px", background: "none", fontFamily: "inherit" },
      x: { domain: [0, 1], label: null },
      y: { domain: [0, top], label: null },
    },
    marks: [
      Plot.ruleY(ticks.slice(1), { stroke: theme.rule, strokeWidth: 0.5 }),
      Plot.ruleY([0], { stroke: theme.quiet }),
      Plot.axisX([0, 0.25, 0.5, 0.75, 1], { ...axis, tickSize: 4, tickFormat: inPercent }),
      Plot.axisY(ticks, { ...axis, tickSize: 0, tickFormat: tick }),
    ],
  };
}

const inPercent = (p: number) => `${100 * p} %`;

/** A direct label; the paper shows around it, so that it may stand on a line. */
function label(
  theme: Theme,
  [x, y]: readonly [number, number],
  text: string,
  fill: string,
  more: Plot.TextOptions = {},
) {
  return Plot.text([{ x, y }], {
    x: "x",
    y: "y",
    text: () => text,
    fill,
    stroke: theme.paper,
    strokeWidth: 9,
    fontSize: 13,
    fontWeight: 600,
    ...more,
  });
}

function curve(points: readonly Point[], stroke: string) {
  return Plot.line(points, { x: "x", y: "y", stroke, strokeWidth: 2 });
}

function costPanel(theme: Theme, document: Document): Element {
  const highest = 4;
  const { options, marks } = frame(theme, document, highest, [0, 1, 2, 3, 4], String);
  const curves = Object.fromEntries(gammas.map((gamma) => [gamma, cost(gamma, highest)]));
  const onCurve = (gamma: 1 | 2 | 5, x: number) =>
    label(theme, [x, heightAt(curves[gamma], x)], `γ ${gamma}`, theme.gamma[gamma]);
  return Plot.plot({
    ...options,
    marks: [
      ...marks,
      ...gammas.map((gamma) => curve(curves[gamma], theme.gamma[gamma])),
      label(theme, [0.2, heightAt(curves[0], 0.2)], "cross entropy", theme.gamma[0], {
        textAnchor: "start",
        dx: 8,
        dy: -4,
        strokeWidth: 0,
      }),
      onCurve(1, 0.42),
      onCurve(2, 0.29),
      onCurve(5, 0.155),
      Plot.link([0], { x1: 0.9, x2: 0.9, y1: 0.16, y2: 0.5, stroke: theme.quiet }),
      label(theme, [0.9, 0.53], "at 90 % γ 2 costs\n1/100 as much", theme.quiet, {
        textAnchor: "end",
        lineAnchor: "bottom",
        dx: 36,
        fontSize: 12,
        fontWeight: 400,
        strokeWidth: 0,
      }),
    ],
  });
}

function shownPanel(theme: Theme, document: Document): Element {
  const { options, marks } = frame(theme, document, 1, [0, 0.25, 0.5, 0.75, 1], inPercent);
  const [negative, positive] = classWeights([98, 2]);
  const focused = { 2: shown(focal({ gamma: 2 })), 5: shown(focal({ gamma: 5 })) };
  const weighted = shown(focal({ gamma: 0 }), { positive, negative });
  const rare = [
    { points: weighted, fill: theme.weights },
    { points: focused[2], fill: theme.gamma[2] },
  ].map(({ points, fill }) => ({ x: 0.02, y: heightAt(points, 0.02), fill }));
  const beside = { textAnchor: "start", strokeWidth: 0 } as const;
  return Plot.plot({
    ...options,
    marks: [
      ...marks,
      Plot.link([0], { x1: 0, y1: 0, x2: 1, y2: 1, stroke: theme.gamma[0], strokeWidth: 2 }),
      curve(weighted, theme.weights),
      curve(focused[5], theme.gamma[5]),
      curve(focused[2], theme.gamma[2]),
      Plot.dot(rare, { x: "x", y: "y", r: 4.5, fill: (point) => point.fill, stroke: theme.paper, strokeWidth: 1.5 }),
      ...rare.map(({ x, y, fill }) =>
        label(theme, [x, y], `${Math.round(100 * y)} %`, fill, { ...beside, dx: 9, dy: 1 }),
      ),
      label(theme, [0.16, 0.83], "weights of inverse\nfrequency at 2 %", theme.weights, {
        ...beside,
        lineAnchor: "top",
        dy: -8,
      }),
      label(theme, [0.3, 0.21], "cross entropy:\nshown = true", theme.gamma[0], beside),
      label(theme, [0.82, 0.715], "γ 2", theme.gamma[2], { strokeWidth: 0 }),
      label(theme, [0.9, 0.54], "γ 5", theme.gamma[5], { strokeWidth: 0 }),
    ],
  });
}
