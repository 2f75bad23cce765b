// Numbers as the report prints them; what is not a number is a dash.
import { count as countOf, percent as percentOf, score as scoreOf } from "../../words/text.ts";

/** A score without its leading zero, `.755`; a true minus sign. */
export function score(value: number, digits = 3): string {
  return Number.isFinite(value)
    ? scoreOf(value, digits)
        .replace("-", "−")
        .replace(/^−(\.?0*)$/, "$1")
    : "–";
}

/** A difference with its sign: `+.0013`, `−.0041`. */
export function signed(value: number, digits = 4): string {
  return value > 0 ? `+${score(value, digits)}` : score(value, digits);
}

/** `14 %`; what is nearly but not quite nothing or all is said so. */
export function percent(share: number, digits = 0): string {
  if (!Number.isFinite(share)) return "–";
  return rounded(share, digits).replace(" %", "\u00a0%");
}

function rounded(share: number, digits: number): string {
  const least = 0.5 / 10 ** digits / 100;
  if (share > 0 && share < least) return `<${percentOf(2 * least, digits)}`;
  if (share < 1 && share > 1 - least) return `>${percentOf(1 - 2 * least, digits)}`;
  return percentOf(share, digits);
}

/** `5,000`. */
export function count(value: number): string {
  return Number.isFinite(value) ? countOf(value) : "–";
}

/** A threshold: two digits, and as many more as a small one needs. */
export function threshold(value: number): string {
  if (!Number.isFinite(value)) return "–";
  return value !== 0 && Math.abs(value) < 0.095
    ? Number(value.toPrecision(2)).toString().replace(/^0\./, ".")
    : score(value, 2);
}
