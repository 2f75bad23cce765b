// The seam between activations and formulas: every view of a target follows from its margin.
import type { Views } from "../formula/operations.ts";

/**
 * The four views of a target in the order of `viewNames`; filled again for each target, so that nothing is allocated.
 */
export type ViewArray = Float64Array;

/** The views by name. */
export function namedViews(views: ViewArray): Views<number> {
  return { logPt: views[0], pt: views[1], oneMinusPt: views[2], logOneMinusPt: views[3] };
}

/**
 * Fills the views of a target from its margin, log(pt / (1 - pt)).
 *
 * Each side of 0 has formulas of its own, in which nothing cancels.
 *
 * @param margin the log-odds of the target
 * @param odds e^-|margin|, at most 1; given apart because an activation may know it more exactly than the margin
 */
export function fillViews(views: ViewArray, margin: number, odds: number): void {
  const near = Math.log1p(odds);
  const large = 1 / (1 + odds);
  const small = odds / (1 + odds);
  const logLarge = -near;
  const logSmall = -Math.abs(margin) - near;
  if (margin >= 0) {
    views[0] = logLarge;
    views[1] = large;
    views[2] = small;
    views[3] = logSmall;
  } else {
    views[0] = logSmall;
    views[1] = small;
    views[2] = large;
    views[3] = logLarge;
  }
}
