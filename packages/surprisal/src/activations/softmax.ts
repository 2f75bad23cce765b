// Softmax: one probability per class. The margin of class i is z_i - log(sum of e^z_j over all other classes j).
//
// Only the largest logit, the top, can have a probability near 1. Everything that is then small (its 1 - p, and how the
// other classes share it) is a sum over the others, scaled by the second largest; nothing is ever 1 minus something.
import { scaledBy } from "../formula/powersOfTwo.ts";
import { fillViews, type ViewArray } from "./margin.ts";

/** One row of logits under softmax: its views, and how slopes scatter to its logits. Reused from row to row. */
export class SoftmaxRow {
  /** The row's logits: fill them, then call `prepare`. */
  readonly logits: Float64Array;
  /** e^(z_j - z_second) of every class but the top, whose entry is 0. */
  private readonly terms: Float64Array;
  private top = 0;
  private second = 0;
  /** e^(z_second - z_top): from the scale of `terms` to the scale in which the top is 1. */
  private scale = 0;
  /** The sum of `terms`, and that sum without the second's term of 1. */
  private below = 0;
  private rest = 0;

  // What `pull` collects for `scatter`: by class, and summed over the targets that are not the top.
  private readonly slopes: Float64Array;
  private readonly curvatures: Float64Array;
  private readonly slopeShares: Float64Array;
  private readonly curvatureShares: Float64Array;
  private slopeSum = 0;
  private curvatureSum = 0;
  private curvatureOfTop = 0;

  constructor(readonly classes: number) {
    this.logits = new Float64Array(classes);
    this.terms = new Float64Array(classes);
    this.slopes = new Float64Array(classes);
    this.curvatures = new Float64Array(classes);
    this.slopeShares = new Float64Array(classes);
    this.curvatureShares = new Float64Array(classes);
  }

  /**
   * Takes in the row, whose logits are below Infinity and not all -Infinity.
   * Returns false, and takes nothing in, where one is NaN.
   */
  prepare(): boolean {
    const { logits, terms, classes } = this;
    let top = 0;
    for (let j = 0; j < classes; j++) {
      if (Number.isNaN(logits[j])) return false;
      if (logits[j] > logits[top]) top = j;
    }
    let second = top === 0 ? 1 : 0;
    for (let j = 0; j < classes; j++) if (j !== top && logits[j] > logits[second]) second = j;
    const possible = logits[second] > Number.NEGATIVE_INFINITY;
    let rest = 0;
    for (let j = 0; j < classes; j++) {
      terms[j] = possible && j !== top ? Math.exp(logits[j] - logits[second]) : 0;
      if (j !== second) rest += terms[j];
    }
    this.top = top;
    this.second = second;
    this.scale = Math.exp(logits[second] - logits[top]);
    this.rest = rest;
    this.below = possible ? 1 + rest : 0;
    return true;
  }

  /** The terms of all classes but the top and class i (not the top), where the top's is 1. */
  private restWithout(i: number): number {
    return this.scale * (i === this.second ? this.rest : this.below - this.terms[i]);
  }

  /** Fills the views of class i as the target. */
  views(i: number, views: ViewArray): void {
    const { logits, terms, top, second, scale, below } = this;
    if (i === top) {
      const oddsAgainst = scale * below;
      const margin = below === 0 ? Number.POSITIVE_INFINITY : logits[top] - logits[second] - Math.log(below);
      fillViews(views, margin, margin >= 0 ? Math.min(oddsAgainst, 1) : 1 / oddsAgainst);
    } else {
      const restWithout = this.restWithout(i);
      fillViews(views, logits[i] - logits[top] - Math.log1p(restWithout), (scale * terms[i]) / (1 + restWithout));
    }
  }

  /** The probability of class i. */
  probability(i: number): number {
    const { terms, top, scale, below } = this;
    return (i === top ? 1 : scale * terms[i]) / (1 + scale * below);
  }

  /** The logarithm of the probability of class i, finite for every finite logit. */
  logProbability(i: number): number {
    return this.logits[i] - this.logits[this.top] - Math.log1p(this.scale * this.below);
  }

  /** Notes that class i, as a target, has this slope and curvature with respect to its margin. */
  pull(i: number, slope: number, curvature: number): void {
    this.slopes[i] += slope;
    this.curvatures[i] += curvature;
    if (i === this.top) return;
    const restWithout = this.restWithout(i);
    const others = 1 + restWithout;
    this.slopeShares[i] += slope / others;
    this.slopeSum += slope / others;
    this.curvatureShares[i] += (curvature + slope) / others / others;
    this.curvatureSum += (curvature + slope) / others / others;
    this.curvatureOfTop += (curvature - slope * restWithout) / others / others;
  }

  /**
   * Writes the row's gradient, and its curvature if asked for, from all pulls, and forgets them.
   *
   * With s_j the share of class j among the others of target i:
   * d margin_i / d z_i = 1, d margin_i / d z_j = -s_j, d^2 margin_i / d z_j^2 = -s_j (1 - s_j).
   *
   * @param power the pulls are meant times 2^power
   */
  scatter(
    gradient: Float32Array | Float64Array,
    curvature: Float32Array | Float64Array | null,
    offset: number,
    power: number,
  ): void {
    const { terms, slopes, curvatures, slopeShares, curvatureShares, top, second, scale, below, rest, classes } = this;
    const topSlope = slopes[top];
    const topCurvature = curvatures[top];
    for (let j = 0; j < classes; j++) {
      const at = offset + j;
      if (j === top) {
        gradient[at] = scaledBy(topSlope - this.slopeSum, power);
        if (curvature !== null) curvature[at] = scaledBy(topCurvature + this.curvatureOfTop, power);
        continue;
      }
      const term = scale * terms[j];
      const share = below === 0 ? 0 : terms[j] / below;
      const slopeOfOthers = this.slopeSum - slopeShares[j];
      gradient[at] = scaledBy(slopes[j] - term * slopeOfOthers - topSlope * share, power);
      if (curvature === null) continue;
      const shareOfRest = j === second && below !== 0 ? rest / below : 1 - share;
      const bend =
        curvatures[j] +
        term * term * (this.curvatureSum - curvatureShares[j]) -
        term * slopeOfOthers +
        share * (topCurvature * share - topSlope * shareOfRest);
      curvature[at] = scaledBy(bend, power);
    }
    slopes.fill(0);
    curvatures.fill(0);
    slopeShares.fill(0);
    curvatureShares.fill(0);
    this.slopeSum = 0;
    this.curvatureSum = 0;
    this.curvatureOfTop = 0;
  }
}
