// The best question for a node: which feature, and which of its bins go left.
import type { Ground } from "./bins.ts";

/** What a tree may be like. Curvature is that of cross entropy, of which a row has at most 1/4. */
export interface Shape {
  readonly leaves: number;
  readonly depth: number;
  /** L2 on the values of leaves. */
  readonly l2: number;
  /** The least curvature of a leaf. */
  readonly minCurvature: number;
}

/** The slopes of the rows of a node, added up. */
export interface Sums {
  readonly gradient: number;
  readonly curvature: number;
}

/** A question, with what it brings. */
export interface Split {
  readonly feature: number;
  /** The last bin of a number that goes left; -1 where `levels` do. */
  readonly bin: number;
  readonly levels: readonly number[] | null;
  readonly missingLeft: boolean;
  /** How much lower the loss gets by it, as the slopes tell. */
  readonly gain: number;
  /** What goes left. */
  readonly left: Sums;
}

/** The least gain: below it lies rounding. */
const leastGain = 1e-9;

/**
 * Levels are grouped by their own slopes where a level has so much curvature in the mean, else kept in their order:
 * groups of small levels follow noise. Measured on the public tables: docs/benchmarks.md.
 */
const enoughPerLevel = 10;

/** What a level's mean slope is held against when levels are put in order: so much curvature of slope 0. */
const levelSmoothing = 10;

/** The best so far, written over as better ones come. */
class Best {
  gain = leastGain;
  feature = -1;
  bin = -1;
  order: readonly number[] | null = null;
  missingLeft = false;
}

/** Finds the best split of a node by its histogram; null where none makes the loss lower. */
export class SplitSearch {
  readonly #starts: Int32Array;
  readonly #levels: readonly number[];
  readonly #shape: Shape;

  constructor({ starts, levels }: Pick<Ground, "starts" | "levels">, shape: Shape) {
    this.#starts = starts;
    this.#levels = levels;
    this.#shape = shape;
  }

  /** Among `features`; of equals the first. */
  find(histogram: Float64Array, sums: Sums, features: Int32Array): Split | null {
    const best = new Best();
    for (const feature of features) {
      const levels = this.#levels[feature] > 2 ? this.#presentLevels(histogram, feature) : null;
      if (levels !== null && sums.curvature >= enoughPerLevel * levels.length) {
        this.#tryGroups(histogram, sums, feature, levels, best);
      } else this.#tryThresholds(histogram, sums, feature, best);
    }
    if (best.feature === -1) return null;
    const { feature, bin, order, gain } = best;
    const levels = order === null ? null : order.slice(0, bin + 1);
    const left = this.#leftOf(histogram, best, levels);
    const missingLeft = this.#missingGoesLeft(histogram, sums, best, left);
    return { feature, bin: order === null ? bin : -1, levels, missingLeft, gain, left };
  }

  /** The slopes of what goes left, added up. */
  #leftOf(histogram: Float64Array, { feature, bin, missingLeft }: Best, levels: readonly number[] | null): Sums {
    const from = this.#starts[feature];
    const missing = this.#starts[feature + 1] - 1 - from;
    let gradient = 0;
    let curvature = 0;
    const add = (each: number) => {
      gradient += histogram[2 * (from + each)];
      curvature += histogram[2 * (from + each) + 1];
    };
    if (levels !== null) levels.forEach(add);
    else {
      for (let each = 0; each <= bin; each++) add(each);
      if (missingLeft) add(missing);
    }
    return { gradient, curvature };
  }

  /** Each bin of a number as the last that goes left, with the missing cells on either side. */
  #tryThresholds(histogram: Float64Array, { gradient, curvature }: Sums, feature: number, best: Best): void {
    const { l2, minCurvature } = this.#shape;
    const from = 2 * this.#starts[feature];
    const missing = 2 * (this.#starts[feature + 1] - 1);
    const missingGradient = histogram[missing];
    const missingCurvature = histogram[missing + 1];
    const hasMissing = missingCurvature > 0;
    const whole = (gradient * gradient) / (curvature + l2);
    let most = best.gain;
    let bin = -1;
    let missingLeft = false;
    let g = 0;
    let h = 0;
    // Without missing cells nothing is asked of the last bin: all rows would go left.
    const end = hasMissing ? missing : missing - 2;
    for (let at = from; at < end; at += 2) {
      const more = histogram[at + 1];
      if (more === 0) continue; // a bin without rows
      g += histogram[at];
      h += more;
      const rest = curvature - h;
      if (h >= minCurvature && rest >= minCurvature) {
        const gain = gainOf(g, h + l2, gradient - g, rest + l2) - whole;
        if (gain > most) {
          most = gain;
          bin = at;
          missingLeft = false;
        }
      }
      if (!hasMissing) continue;
      const withMissing = h + missingCurvature;
      const others = curvature - withMissing;
      if (withMissing < minCurvature || others < minCurvature) continue;
      const left = g + missingGradient;
      const gain = gainOf(left, withMissing + l2, gradient - left, others + l2) - whole;
      if (gain > most) {
        most = gain;
        bin = at;
        missingLeft = true;
      }
    }
    if (bin === -1) return;
    best.gain = most;
    best.feature = feature;
    best.bin = (bin - from) / 2;
    best.order = null;
    best.missingLeft = missingLeft;
  }

  /** The levels of which a node has rows; missing is one of them. */
  #presentLevels(histogram: Float64Array, feature: number): number[] {
    const levels: number[] = [];
    for (let bin = this.#starts[feature]; bin < this.#starts[feature + 1]; bin++) {
      if (histogram[2 * bin + 1] > 0) levels.push(bin - this.#starts[feature]);
    }
    return levels;
  }

  /**
   * Levels in the order of their mean slopes: of all ways to part them in two, the best is one of those that cut this
   * order once (Fisher 1958; exactly so with equal curvatures and without smoothing).
   */
  #tryGroups(histogram: Float64Array, { gradient, curvature }: Sums, feature: number, levels: number[], best: Best) {
    const { l2, minCurvature } = this.#shape;
    const from = 2 * this.#starts[feature];
    const slope = (level: number) => histogram[from + 2 * level] / (histogram[from + 2 * level + 1] + levelSmoothing);
    levels.sort((a, b) => slope(a) - slope(b) || a - b);
    const whole = (gradient * gradient) / (curvature + l2);
    let g = 0;
    let h = 0;
    for (let k = 0; k < levels.length - 1; k++) {
      g += histogram[from + 2 * levels[k]];
      h += histogram[from + 2 * levels[k] + 1];
      if (h < minCurvature || curvature - h < minCurvature) continue;
      const gain = gainOf(g, h + l2, gradient - g, curvature - h + l2) - whole;
      if (gain <= best.gain) continue;
      best.gain = gain;
      best.feature = feature;
      best.bin = k;
      best.order = levels;
    }
  }

  /** Where missing cells go: where they lower the loss; where a node has none, with the larger part. */
  #missingGoesLeft(histogram: Float64Array, { curvature }: Sums, best: Best, left: Sums): boolean {
    const missing = this.#starts[best.feature + 1] - 1;
    if (!(histogram[2 * missing + 1] > 0)) return left.curvature > curvature - left.curvature;
    if (best.order === null) return best.missingLeft;
    return best.order.indexOf(missing - this.#starts[best.feature]) <= best.bin;
  }
}

/** What two sides gain, each its gradient squared by its curvature, with one division. */
function gainOf(g: number, h: number, otherG: number, otherH: number): number {
  return (g * g * otherH + otherG * otherG * h) / (h * otherH);
}
