// Text for the terminal: wrapping, columns, numbers as a newspaper prints them.
import { shellQuotation } from "./shell.ts";

/**
 * The words of a text: names in quotes, and words for a shell, are one word each whatever they hold, so that they can
 * still be copied. A per cent sign stays with its number.
 */
export function wordsOf(text: string): readonly string[] {
  return text.match(words) ?? [];
}

// A quotation mark opens at the start of a word or in a parenthesis only: elsewhere it is an apostrophe or inches.
const inQuotes = /"(?:[^"\\]|\\.)*"/;
const words = new RegExp(`(?:(?<![^\\s(=])(?:${shellQuotation.source}|${inQuotes.source})|\\S|\\s+(?=%))+`, "gu");

/** Text broken at spaces into lines of at most so many columns, each with an indent. */
export function wrapped(text: string, columns: number, indent: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of wordsOf(text)) {
    if (line !== "" && indent.length + line.length + 1 + word.length > columns) {
      lines.push(indent + line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, indent + line].join("\n");
}

/** A score from 0 to 1 without its leading zero: `.755`; a dash for what is no number. */
export function score(value: number, digits = 3): string {
  return Number.isFinite(value) ? value.toFixed(digits).replace(/^(-?)0\./, "$1.") : "–";
}

/** A probability or threshold with three digits, or the first two that are not 0: `.142`, `.0071`. */
export function probability(value: number): string {
  return value > 0 && value < 0.0995 ? score(value, decimalsOf(value)) : score(value);
}

/** The decimals that show the first two digits of a number. */
function decimalsOf(value: number): number {
  const power = Number(value.toExponential(1).split("e")[1]);
  return Math.min(12, Math.max(0, 1 - power));
}

/** A number of rows with thousands separated: `5,000`. */
export function count(value: number): string {
  return Number.isFinite(value) ? value.toLocaleString("en-US") : "–";
}

/** `1 row`, `5,000 rows`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A share in per cent: `14.1 %`; what is nearly but not quite nothing or all is said so: `<1 %`, `>99 %`. */
export function percent(share: number, digits = 0): string {
  if (!Number.isFinite(share)) return "–";
  const least = 0.5 / 10 ** digits / 100;
  if (share > 0 && share < least) return `<${percent(2 * least, digits)}`;
  if (share < 1 && share > 1 - least) return `>${percent(1 - 2 * least, digits)}`;
  return `${(100 * share).toFixed(digits)} %`;
}

/** A share in per cent with its first two digits: `98 %`, `0.010 %`. */
export function roughPercent(share: number): string {
  return percent(share, decimalsOf(100 * share));
}

/** A share as somebody asked for it: `5 %`, `12.5 %`. */
export function exactPercent(share: number): string {
  return `${Number((100 * share).toPrecision(6))} %`;
}

/** Whole per cents that add up to 100: the largest remainders are rounded up. */
export function wholePercents(shares: readonly number[]): readonly number[] {
  const floors = shares.map((share) => Math.floor(100 * share));
  const missing = 100 - floors.reduce((sum, each) => sum + each, 0);
  const order = [...shares.keys()].sort((a, b) => 100 * shares[b] - floors[b] - (100 * shares[a] - floors[a]));
  for (const index of order.slice(0, Math.max(0, missing))) floors[index]++;
  return floors;
}

/** One block character per value, from the lowest to the highest of all: `▂▅▄▆▅`. */
export function sparkline(values: readonly number[], low: number, high: number): string {
  const blocks = "▁▂▃▄▅▆▇█";
  const place = (value: number) => Math.round(((value - low) / (high - low || 1)) * (blocks.length - 1));
  return values.map((value) => blocks[Math.max(0, Math.min(blocks.length - 1, place(value)))]).join("");
}

/** Seconds as people say them: `20 s`, `3 min`. */
export function duration(seconds: number): string {
  return seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
}
