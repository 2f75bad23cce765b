// The best question for a node: which feature, and which of its bins go left.
import type { TrainingHeap } from "../heap.ts";
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
  /** The last bin that goes left, where `levels` do not tell. */
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
 * groups of small levels follow noise. Measured on the public tables: docs/trees.md.
 */
const enoughPerLevel = 5;

/** What a level's mean slope is held against when levels are put in order: so much curvature of slope 0. */
const levelSmoothing = 10;

/** The best so far, written over as better ones come. */
class Best {
  gain = leastGain;
  feature = -1;
  bin = -1;
  levels: readonly number[] | null = null;
  missingLeft = false;
  gradient = 0;
  curvature = 0;
}

/** Finds the best split of a node by its histogram. */
export class SplitSearch {
  readonly #heap: TrainingHeap;
  readonly #ground: Pick<Ground, "starts" | "levels">;
  /** `starts` of the ground, on the heap. */
  readonly #starts: Int32Array;
  readonly #shape: Shape;
  /** Of each feature that may be asked its best cut, as the kernel gives it: gain and sums on the left; and where. */
  readonly #cuts: Int32Array;
  readonly #gains: Float64Array;

  constructor(heap: TrainingHeap, ground: Pick<Ground, "starts" | "levels">, shape: Shape) {
    const { starts, levels } = ground;
    this.#heap = heap;
    this.#ground = ground;
    this.#starts = heap.borrow(starts);
    this.#shape = shape;
    this.#cuts = heap.backend.int32(levels.length);
    this.#gains = heap.backend.float64(3 * levels.length);
  }

  /** The best split by one of `features`, of equals the first; null where none makes the loss lower. */
  find(histogram: Float64Array, sums: Sums, features: Int32Array): Split | null {
    const { gradient, curvature } = sums;
    const { l2, minCurvature: least } = this.#shape;
    const cuts = this.#cuts.subarray(0, features.length);
    const gains = this.#gains.subarray(0, 3 * features.length);
    const asked = { histogram, starts: this.#starts, features, gradient, curvature, l2, least };
    this.#heap.treeKernels.bestCuts({ ...asked, into: gains, cuts });
    const whole = (gradient * gradient) / (curvature + l2);
    const best = new Best();
    for (let k = 0; k < features.length; k++) {
      const feature = features[k];
      const levels = this.#ground.levels[feature] > 2 ? this.#presentLevels(histogram, feature) : null;
      if (levels !== null && curvature >= enoughPerLevel * levels.length) {
        this.#tryGroups(histogram, sums, feature, levels, best);
      } else if (cuts[k] !== -1 && gains[3 * k] - whole > best.gain) {
        best.gain = gains[3 * k] - whole;
        best.feature = feature;
        best.bin = cuts[k] >> 1;
        best.levels = null;
        best.missingLeft = (cuts[k] & 1) === 1;
        best.gradient = gains[3 * k + 1];
        best.curvature = gains[3 * k + 2];
      }
    }
    if (best.feature === -1) return null;
    const { feature, bin, levels, gain } = best;
    const left = { gradient: best.gradient, curvature: best.curvature };
    const missingLeft = this.#missingGoesLeft(histogram, sums, best, left);
    return { feature, bin, levels, missingLeft, gain, left };
  }

  /** Gives its memory back. */
  free(): void {
    this.#heap.backend.free(this.#cuts);
    this.#heap.backend.free(this.#gains);
    this.#heap.giveBack(this.#ground.starts);
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
      best.levels = levels;
      best.gradient = g;
      best.curvature = h;
    }
    if (best.levels === levels) best.levels = levels.slice(0, best.bin + 1);
  }

  /** Where missing cells go: where they lower the loss; where a node has none, with the larger part. */
  #missingGoesLeft(histogram: Float64Array, { curvature }: Sums, best: Best, left: Sums): boolean {
    const missing = this.#starts[best.feature + 1] - 1;
    if (!(histogram[2 * missing + 1] > 0)) return left.curvature > curvature - left.curvature;
    return best.levels?.includes(missing - this.#starts[best.feature]) ?? best.missingLeft;
  }
}

/** What two sides gain, each its gradient squared by its curvature, with one division. */
function gainOf(g: number, h: number, otherG: number, otherH: number): number {
  return (g * g * otherH + otherG * otherG * h) / (h * otherH);
}
