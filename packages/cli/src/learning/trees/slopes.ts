// The slopes of a loss at every training row, in units that are the same for every loss: what trees are fitted to.
import { crossEntropy, evaluate, type Loss } from "surprisal";
import { CliError, modelTexts } from "../../errors.ts";
import type { TrainingHeap } from "../heap.ts";
import type { Objective } from "../objective.ts";

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
 * Gradient and curvature of a loss at logits that move; all on the heap, `[rows, outputs]`.
 *
 * Both are divided by the loss's own curvature at logit 0, in units of that of cross entropy, so that penalties on
 * leaves and their least curvature mean the same for every loss.
 */
export class LossSlopes {
  /** The best constant at first; whoever grows trees adds to them. */
  readonly logits: Float32Array;
  readonly gradient: Float32Array;
  readonly curvature: Float32Array;
  readonly #heap: TrainingHeap;
  readonly #objective: Objective;
  readonly #labels: Int32Array;
  readonly #weights: { readonly own: Float32Array; readonly copy: Float32Array } | null;
  readonly #unit: number;

  constructor(heap: TrainingHeap, rows: number, objective: Objective) {
    const { backend } = heap;
    const { outputs, constantLogits, weights } = objective;
    this.#heap = heap;
    this.#objective = objective;
    this.#labels = heap.borrow(objective.labels);
    const own = weights && Float32Array.from(weights);
    this.#weights = own && { own, copy: heap.borrow(own) };
    this.logits = backend.float32(rows * outputs);
    for (let k = 0; k < this.logits.length; k++) this.logits[k] = constantLogits[k % outputs];
    this.gradient = backend.float32(rows * outputs);
    this.curvature = backend.float32(rows * outputs);
    this.#unit = curvatureUnit(objective);
  }

  /**
   * Makes both anew, at the logits as they are now.
   *
   * @param round the number of the round, from 1 on, for the error
   * @throws CliError if the loss is no longer a number
   */
  update(round: number): void {
    const { loss, activation, alpha, outputs: classes } = this.#objective;
    const { backend } = this.#heap;
    const { logits, gradient, curvature } = this;
    const exampleWeights = this.#weights?.copy;
    const batch = { logits, labels: this.#labels, classes };
    const options = { activation, alpha, exampleWeights, gradient, curvature, backend, reduction: "sum" } as const;
    const sum = evaluate(loss, batch, options).loss;
    if (!Number.isFinite(sum)) throw new CliError(modelTexts.lossNotFinite(`the trees, round ${round}`));
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

  /** Gives its memory back. */
  free(): void {
    for (const each of [this.logits, this.gradient, this.curvature]) this.#heap.backend.free(each);
    this.#heap.giveBack(this.#objective.labels);
    if (this.#weights !== null) this.#heap.giveBack(this.#weights.own);
  }
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
