// Boosting in a library: its trees, grown from our slopes, round after round.
import { Random } from "../../../random.ts";
import type { Features } from "../../features.ts";
import type { TrainingHeap } from "../../heap.ts";
import type { Objective } from "../../objective.ts";
import type { BoosterSettings } from "../booster.ts";
import { RowSample } from "../sample.ts";
import { LossSlopes } from "../slopes.ts";
import { joinTrees, type Tree, type Trees } from "../trees.ts";
import type { LibraryGrower, TreeLibrary } from "./library.ts";
import { borrowRows, type Loan } from "./loans.ts";
import { refuseNaN, refuseStrange } from "./refusals.ts";

/** What is trained on, and where. */
export interface Trained {
  readonly heap: TrainingHeap;
  readonly features: Features;
  readonly objective: Objective;
}

/**
 * Boosts as our own booster does, with slopes in the same units and the same rows left out of each round; the library
 * bins, draws the features of a tree, and grows it. Each output has trees of its own: with them no library needs to
 * know how many there are, and what it takes as one step is one tree.
 *
 * The constant logits are ours: a library starts at 0.
 */
export class LibraryBooster {
  readonly #features: Features;
  readonly #objective: Objective;
  readonly #settings: BoosterSettings;
  readonly #library: TreeLibrary;
  readonly #slopes: LossSlopes;
  readonly #training: Loan;
  readonly #watched: Loan | null;
  readonly #growers: readonly LibraryGrower[];
  readonly #trees: Tree[] = [];
  readonly #sample: RowSample;
  readonly #gradient: Float32Array;
  readonly #curvature: Float32Array;
  #rounds = 0;

  constructor(library: TreeLibrary, { heap, features, objective }: Trained, settings: BoosterSettings) {
    const { outputs } = objective;
    const { watched, seed } = settings;
    refuseStrange(features, watched, objective);
    this.#library = library;
    this.#features = features;
    this.#objective = objective;
    this.#settings = settings;
    this.#slopes = new LossSlopes(heap, features.rows, objective);
    // Where slopes are given as labels, these are written to the rows: nobody else may use them.
    this.#training = borrowRows(library, features, null, library.takes === "labels");
    this.#watched = watched === undefined ? null : borrowRows(library, watched, this.#training, false);
    this.#sample = new RowSample(seed, features.rows, settings.rowShare);
    this.#growers = Array.from({ length: outputs }, (_, output) =>
      library.grower(this.#training.rows, this.#watched?.rows ?? null, {
        ...settings,
        seed: new Random(`features of trees ${seed} ${output}`).integer(2 ** 31 - 1),
      }),
    );
    this.#gradient = new Float32Array(features.rows);
    this.#curvature = new Float32Array(features.rows);
  }

  /**
   * Adds a tree for each output.
   *
   * @throws CliError if the loss is no longer a number, or if the library refuses
   */
  round(): void {
    const start = performance.now();
    this.#slopes.update(this.#rounds + 1);
    const evaluated = performance.now();
    const chosen = this.#sample.next();
    this.#growers.forEach((grower, output) => {
      this.#takeSlopes(chosen, output);
      grower.round(this.#gradient, this.#curvature);
      this.#write(grower.sums("training"), this.#slopes.logits, output);
    });
    this.#rounds++;
    const { clock } = this.#settings;
    clock?.spend("loss", evaluated - start);
    clock?.spend("products", performance.now() - evaluated);
  }

  /** The logits of the watched rows, `[rows, outputs]`, as they are now. */
  get watched(): Float64Array {
    const logits = new Float64Array((this.#watched?.rows.rows ?? 0) * this.#objective.outputs);
    if (logits.length > 0) {
      this.#growers.forEach((grower, output) => {
        this.#write(grower.sums("watched"), logits, output);
      });
    }
    return logits;
  }

  /** The trees so far: a copy that further rounds leave alone. */
  model(): Trees {
    this.#trees.push(...this.#growers.flatMap((grower, output) => grower.newTrees(output)));
    return joinTrees(this.#trees, this.#features.width, this.#objective.constantLogits);
  }

  /** Gives its memory back, and the library's; nothing can be asked of it afterwards. */
  free(): void {
    for (const grower of this.#growers) grower.free();
    this.#watched?.giveBack();
    this.#training.giveBack();
    this.#slopes.free();
  }

  /** The slopes of one output, 0 where a round does not look. */
  #takeSlopes(chosen: Int32Array, output: number): void {
    const { outputs } = this.#objective;
    const { gradient, curvature } = this.#slopes;
    this.#gradient.fill(0);
    this.#curvature.fill(0);
    for (const row of chosen) {
      this.#gradient[row] = gradient[row * outputs + output];
      this.#curvature[row] = curvature[row * outputs + output];
    }
    refuseNaN(this.#library.title, this.#gradient, this.#curvature);
  }

  /** Sums of leaves as logits of one output. */
  #write(sums: ArrayLike<number>, logits: Float32Array | Float64Array, output: number): void {
    const { outputs, constantLogits } = this.#objective;
    for (let row = 0, at = output; row < sums.length; row++, at += outputs) {
      logits[at] = constantLogits[output] + sums[row];
    }
  }
}
