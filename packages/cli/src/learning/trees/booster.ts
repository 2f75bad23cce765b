// Boosting: round after round a tree for each output, grown from the slopes of the loss at the logits so far.
import { crossEntropy, evaluate, type Loss } from "surprisal";
import { CliError, modelTexts } from "../../errors.ts";
import { Random } from "../../random.ts";
import type { Clock } from "../clock.ts";
import type { Features } from "../features.ts";
import type { TrainingHeap } from "../heap.ts";
import type { Objective } from "../objective.ts";
import { groundOf } from "./bins.ts";
import { Grower } from "./grow.ts";
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
 * The least curvature of a row, in units of that of cross entropy. Losses that are not convex bend down at rows that
 * are clearly wrong; there a Newton step would lead away from the minimum, and with no curvature at all, anywhere.
 */
const leastCurvature = 1e-3;

/**
 * Of several classes each output moves alone although all move together: a step that takes only its own curvature for
 * the whole is too long by a factor of up to 2.
 */
const curvatureTogether = 2;

/**
 * Boosts trees by Newton's method in the space of functions: each tree is fitted to the gradient and the curvature of
 * the loss at the logits so far.
 *
 * Both are divided by the loss's own curvature at logit 0, in units of that of cross entropy, so that penalties on
 * leaves and their least curvature mean the same for every loss. Which rows and features a round sees depends on
 * nothing but the seed and the sizes: every loss sees the same.
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
  readonly #logits: Float32Array;
  readonly #gradient: Float32Array;
  readonly #curvature: Float32Array;
  readonly #labels: Int32Array;
  readonly #weights: { readonly own: Float32Array; readonly copy: Float32Array } | null;
  readonly #watched: Float64Array;
  /** The rows of a tree, on the heap, and those that a round looks at. */
  readonly #rows: Int32Array;
  readonly #sample: Int32Array;
  /** The features that a tree may ask about, on the heap. */
  readonly #asked: Int32Array;
  readonly #rowStream: Random;
  readonly #featureStream: Random;
  readonly #unit: number;
  #rounds = 0;

  constructor(heap: TrainingHeap, features: Features, objective: Objective, settings: BoosterSettings) {
    const { backend } = heap;
    const { outputs, constantLogits, weights } = objective;
    const { rows } = features;
    this.#heap = heap;
    this.#features = features;
    this.#objective = objective;
    this.#settings = settings;
    this.#grower = new Grower(heap, groundOf(features), settings);
    this.#labels = heap.borrow(objective.labels);
    const own = weights && Float32Array.from(weights);
    this.#weights = own && { own, copy: heap.borrow(own) };
    this.#logits = backend.float32(rows * outputs);
    for (let k = 0; k < this.#logits.length; k++) this.#logits[k] = constantLogits[k % outputs];
    this.#gradient = backend.float32(rows * outputs);
    this.#curvature = backend.float32(rows * outputs);
    this.#rows = backend.int32(rows);
    this.#sample = new Int32Array(rows);
    this.#asked = backend.int32(features.width);
    const held = settings.watched?.rows ?? 0;
    this.#watched = Float64Array.from({ length: held * outputs }, (_, k) => constantLogits[k % outputs]);
    this.#rowStream = new Random(`rows of trees ${settings.seed}`);
    this.#featureStream = new Random(`features of trees ${settings.seed}`);
    this.#unit = curvatureUnit(objective);
  }

  /**
   * Adds a tree for each output.
   *
   * @throws CliError if the loss is no longer a number
   */
  round(): void {
    if (this.#features.width === 0) return; // the best constant is all there is to learn
    const start = performance.now();
    this.#slopes();
    const evaluated = performance.now();
    const chosen = this.#sampleRows();
    const { outputs } = this.#objective;
    const slopes = { gradient: this.#gradient, curvature: this.#curvature, outputs };
    for (let output = 0; output < outputs; output++) {
      const rows = this.#rows.subarray(0, chosen.length);
      rows.set(chosen);
      const tree = this.#grower.grow({ ...slopes, output }, rows, this.#sampleFeatures(), {
        rate: this.#settings.rate,
        leaf: (of, value) =>
          this.#heap.treeKernels.addToRows({ logits: this.#logits, outputs, output, rows: of, value }),
      });
      this.#trees.push(tree);
      this.#addToOthers(tree, chosen);
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
    for (const each of [this.#logits, this.#gradient, this.#curvature, this.#rows, this.#asked]) backend.free(each);
    this.#heap.giveBack(this.#objective.labels);
    if (this.#weights !== null) this.#heap.giveBack(this.#weights.own);
  }

  /** Gradient and curvature at the logits so far, in units of the loss's own curvature. */
  #slopes(): void {
    const { loss, activation, alpha, outputs: classes } = this.#objective;
    const { backend } = this.#heap;
    const [logits, gradient, curvature] = [this.#logits, this.#gradient, this.#curvature];
    const exampleWeights = this.#weights?.copy;
    const batch = { logits, labels: this.#labels, classes };
    const options = { activation, alpha, exampleWeights, gradient, curvature, backend, reduction: "sum" } as const;
    const sum = evaluate(loss, batch, options).loss;
    if (!Number.isFinite(sum)) {
      throw new CliError(modelTexts.lossNotFinite(`the trees, round ${this.#rounds + 1}`));
    }
    const scale = 1 / this.#unit;
    const bend = activation === "softmax" ? curvatureTogether * scale : scale;
    const weights = this.#weights?.copy ?? null;
    const columns = activation === "softmax" ? 1 : classes;
    for (let k = 0; k < gradient.length; k++) {
      gradient[k] *= scale;
      const weight = weights === null ? 1 : weights[columns === 1 ? Math.floor(k / classes) : k];
      curvature[k] = Math.max(curvature[k] * bend, leastCurvature * weight);
    }
  }

  /** The rows that this round looks at, ascending. */
  #sampleRows(): Int32Array {
    const { rowShare } = this.#settings;
    if (rowShare === 1 && this.#rounds > 0) return this.#sample;
    let count = 0;
    for (let row = 0; row < this.#sample.length; row++) {
      if (rowShare === 1 || this.#rowStream.next() < rowShare) this.#sample[count++] = row;
    }
    return this.#sample.subarray(0, count);
  }

  /** The features that a tree may ask about, ascending; at least one. */
  #sampleFeatures(): Int32Array {
    const { width } = this.#features;
    for (let feature = 0; feature < width; feature++) this.#asked[feature] = feature;
    const count = Math.max(1, Math.round(this.#settings.featureShare * width));
    return count >= width ? this.#asked : this.#featureStream.shuffle(this.#asked).subarray(0, count).sort();
  }

  /** A tree's leaves for rows that it was not grown on: those left out of the sample, and the watched ones. */
  #addToOthers(tree: Tree, chosen: Int32Array): void {
    const { watched } = this.#settings;
    const { outputs } = this.#objective;
    const { rows } = this.#features;
    if (chosen.length < rows) {
      addTree(tree, this.#features, { logits: this.#logits, outputs, some: othersThan(chosen, rows) });
    }
    if (watched !== undefined) addTree(tree, watched, { logits: this.#watched, outputs, some: null });
  }
}

/** The numbers below `rows` that are not in a list of ascending ones. */
function othersThan(chosen: Int32Array, rows: number): Int32Array {
  const others = new Int32Array(rows - chosen.length);
  for (let row = 0, at = 0, count = 0; row < rows; row++) {
    if (chosen[at] === row) at++;
    else others[count++] = row;
  }
  return others;
}

/** How much a loss bends at logits of 0, each class as often as the others, in units of cross entropy. */
function curvatureUnit({ loss, activation, outputs }: Objective): number {
  const bend = (of: Loss) => {
    const classes = activation === "softmax" ? outputs : 1;
    const labels = Int32Array.from({ length: activation === "softmax" ? outputs : 2 }, (_, k) => k);
    const logits = new Float64Array(labels.length * classes);
    const { curvature } = evaluate(of, { logits, labels, classes }, { activation, curvature: true });
    return curvature.reduce((sum, each) => sum + each, 0);
  };
  const unit = bend(loss) / bend(crossEntropy());
  return unit > 0 && Number.isFinite(unit) ? unit : 1;
}
