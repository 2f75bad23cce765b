// Boosting: round after round a tree for each output, grown from the slopes of the loss at the logits so far.
import { Random } from "../../random.ts";
import type { Clock } from "../clock.ts";
import type { Features } from "../features.ts";
import type { TrainingHeap } from "../heap.ts";
import type { Objective } from "../objective.ts";
import { groundOf } from "./bins.ts";
import { Grower } from "./grow.ts";
import { RowSample } from "./sample.ts";
import { LossSlopes } from "./slopes.ts";
import type { Shape } from "./split.ts";
import { addTree, joinTrees, type Tree, type Trees } from "./trees.ts";

/** How trees are boosted. */
export interface BoosterSettings extends Shape {
  /** What of the best value of a leaf is taken. */
  readonly rate: number;
  /** The share of the rows that a round looks at, and of the features that a tree may ask about. */
  readonly rowShare: number;
  readonly featureShare: number;
  readonly seed: number | string;
  /** Rows for which logits are kept up to date. */
  readonly watched?: Features | undefined;
  /** Told where the time goes. */
  readonly clock?: Clock | undefined;
}

/**
 * Boosts trees by Newton's method in the space of functions: each tree is fitted to the gradient and the curvature of
 * the loss at the logits so far.
 *
 * Which rows and features a round sees depends on nothing but the seed and the sizes: every loss sees the same.
 *
 * Sources: Friedman (2001), Greedy function approximation; Chen and Guestrin (2016), XGBoost, section 2.
 */
export class Booster {
  readonly #heap: TrainingHeap;
  readonly #features: Features;
  readonly #objective: Objective;
  readonly #settings: BoosterSettings;
  readonly #grower: Grower;
  readonly #trees: Tree[] = [];
  readonly #slopes: LossSlopes;
  readonly #watched: Float64Array;
  /** The rows of a tree, on the heap. */
  readonly #rows: Int32Array;
  readonly #sample: RowSample;
  /** The features that a tree may ask about, on the heap. */
  readonly #asked: Int32Array;
  readonly #featureStream: Random;
  #rounds = 0;

  constructor(heap: TrainingHeap, features: Features, objective: Objective, settings: BoosterSettings) {
    const { backend } = heap;
    const { outputs, constantLogits } = objective;
    const { rows } = features;
    this.#heap = heap;
    this.#features = features;
    this.#objective = objective;
    this.#settings = settings;
    this.#grower = new Grower(heap, groundOf(features), settings);
    this.#slopes = new LossSlopes(heap, rows, objective);
    this.#rows = backend.int32(rows);
    this.#asked = backend.int32(features.width);
    const held = settings.watched?.rows ?? 0;
    this.#watched = Float64Array.from({ length: held * outputs }, (_, k) => constantLogits[k % outputs]);
    this.#sample = new RowSample(settings.seed, rows, settings.rowShare);
    this.#featureStream = new Random(`features of trees ${settings.seed}`);
  }

  /**
   * Adds a tree for each output.
   *
   * @throws CliError if the loss is no longer a number
   */
  round(): void {
    if (this.#features.width === 0) return; // the best constant is all there is to learn
    const start = performance.now();
    this.#slopes.update(this.#rounds + 1);
    const evaluated = performance.now();
    const chosen = this.#sample.next();
    const others = othersThan(chosen, this.#features.rows);
    const { outputs } = this.#objective;
    const { logits, gradient, curvature } = this.#slopes;
    const slopes = { gradient, curvature, outputs };
    for (let output = 0; output < outputs; output++) {
      const rows = this.#rows.subarray(0, chosen.length);
      rows.set(chosen);
      const tree = this.#grower.grow({ ...slopes, output }, rows, this.#sampleFeatures(), {
        rate: this.#settings.rate,
        leaf: (of, value) => this.#heap.treeKernels.addToRows({ logits, outputs, output, rows: of, value }),
      });
      this.#trees.push(tree);
      this.#addToOthers(tree, others);
    }
    this.#rounds++;
    const { clock } = this.#settings;
    clock?.spend("loss", evaluated - start);
    clock?.spend("products", performance.now() - evaluated);
  }

  /** The logits of the watched rows, `[rows, outputs]`, as they are now. */
  get watched(): Float64Array {
    return this.#watched;
  }

  /** The trees so far: a copy that further rounds leave alone. */
  model(): Trees {
    return joinTrees(this.#trees, this.#features.width, this.#objective.constantLogits);
  }

  /** Gives its memory back; nothing can be asked of it afterwards. */
  free(): void {
    const { backend } = this.#heap;
    this.#grower.free();
    this.#slopes.free();
    for (const each of [this.#rows, this.#asked]) backend.free(each);
  }

  /** The features that a tree may ask about, ascending; at least one. */
  #sampleFeatures(): Int32Array {
    const { width } = this.#features;
    for (let feature = 0; feature < width; feature++) this.#asked[feature] = feature;
    const count = Math.max(1, Math.round(this.#settings.featureShare * width));
    return count >= width ? this.#asked : this.#featureStream.shuffle(this.#asked).subarray(0, count).sort();
  }

  /** A tree's leaves for rows that it was not grown on: those left out of the sample, and the watched ones. */
  #addToOthers(tree: Tree, others: Int32Array): void {
    const { watched } = this.#settings;
    const { outputs } = this.#objective;
    addTree(tree, this.#features, { logits: this.#slopes.logits, outputs, some: others });
    if (watched !== undefined) addTree(tree, watched, { logits: this.#watched, outputs, some: null });
  }
}

/** The numbers below `rows` that are not in a list of ascending ones. */
function othersThan(chosen: Int32Array, rows: number): Int32Array {
  const others = new Int32Array(rows - chosen.length);
  if (others.length === 0) return others;
  for (let row = 0, at = 0, count = 0; row < rows; row++) {
    if (chosen[at] === row) at++;
    else others[count++] = row;
  }
  return others;
}
