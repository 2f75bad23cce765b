// Tables and numbers as all pages write them.

/** A table in Markdown: the first columns are text, the others numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], textColumns = 1): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const rule = head.map((_, k) => (k < textColumns ? "---" : "---:"));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

/** A ratio, to as many digits as it deserves. */
export const times = (ratio: number) =>
  Number.isNaN(ratio) ? "–" : ratio >= 100 ? ratio.toFixed(0) : ratio >= 10 ? ratio.toFixed(1) : ratio.toFixed(2);

/** A share of one: "47 %". */
export const percent = (share: number, digits = 0) => `${(100 * share).toFixed(digits)} %`;

/** A change as a share of what was before: "4.7 % lower". */
export const change = (share: number) => `${percent(Math.abs(share), 1)} ${share < 0 ? "lower" : "higher"}`;

/** A score of a model. */
export const score = (value: number) => value.toFixed(4);

/** A difference of scores. */
export const signed = (value: number) => `${value < 0 ? "-" : "+"}${score(Math.abs(value))}`;

/** A time, in the unit that fits. */
export function duration(seconds: number): string {
  if (Number.isNaN(seconds)) return "–";
  if (seconds >= 1) return `${seconds.toPrecision(3)} s`;
  return seconds >= 1e-3 ? `${(1e3 * seconds).toPrecision(3)} ms` : `${(1e6 * seconds).toPrecision(3)} µs`;
}

/** An error. */
export const error = (value: number) =>
  value === 0 || value >= 0.0095 ? value.toPrecision(1) : value.toExponential(0);
