// How probable it is that something is better, practically the same or worse: a small stacked bar with its numbers.
import type { Comparison } from "../../scores/statistics.ts";
import { type Html, html } from "./html.ts";
import { wholePercents } from "./numbers.ts";

/** The three words in the colours of the bar. */
export const better = (text: string) => html`<b class="key better">${text}</b>`;
export const same = (text: string) => html`<b class="key same">${text}</b>`;
export const worse = (text: string) => html`<b class="key worse">${text}</b>`;

/** The bar. */
export function certaintyBar(title: string, comparison: Comparison): Html {
  const [a, b, c] = wholePercents([comparison.better, comparison.same, comparison.worse]);
  return html`<svg class="bar" viewBox="0 0 100 10" width="100" height="10" preserveAspectRatio="none" role="img" aria-label="${title}: better ${a} %, practically the same ${b} %, worse ${c} %"><rect class="better" x="0" y="0" width="${a}" height="10"/><rect class="same" x="${a}" y="0" width="${b}" height="10"/><rect class="worse" x="${a + b}" y="0" width="${c}" height="10"/></svg><span class="chances"><b>${a}</b> / ${b} / ${c}</span>`;
}
