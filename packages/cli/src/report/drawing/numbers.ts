// Numbers as the report sets them: those of the terminal with a true minus sign, and per cents that stay on one line.
import { percent as percentOf, score as scoreOf } from "../../words/text.ts";

export { count, counted, exactPercent, probability, wholePercents } from "../../words/text.ts";

/** A score without its leading zero, `.755`; a true minus sign. */
export function score(value: number, digits = 3): string {
  return scoreOf(value, digits)
    .replace("-", "−")
    .replace(/^−(\.?0*)$/, "$1");
}

/** A difference with its sign: `+.0013`, `−.0041`. */
export function signed(value: number, digits = 4): string {
  return value > 0 ? `+${score(value, digits)}` : score(value, digits);
}

/** `14 %`. */
export function percent(share: number, digits = 0): string {
  return percentOf(share, digits).replace(" %", "\u00a0%");
}

/** A share on an axis: `0`, `.25`, `1`. */
export function shareTick(value: number): string {
  return score(value, value === 0 || value === 1 ? 0 : 2);
}
