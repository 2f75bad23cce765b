// A small network: relu layers, trained by Adam on mini-batches, the same to the last bit for the same seed.
//
// In float32, by WASM kernels on a heap on which the rows, the labels and all that is learned lie.
import { evaluate } from "surprisal";
import type { WasmBackend } from "surprisal/wasm";
import { CliError, modelTexts } from "../../errors.ts";
import { Random } from "../../random.ts";
import type { Clock } from "../clock.ts";
import type { Features } from "../features.ts";
import type { TrainingHeap } from "../heap.ts";
import type { Layers } from "../layers.ts";
import type { Objective } from "../objective.ts";
import { Parameters, Pass } from "./pass.ts";

/** How a network is built and trained. */
export interface NetworkSettings {
  /** Units of each hidden layer, the first one first. */
  readonly hidden: readonly number[];
  /** The strength of the penalty l2 / 2 times the sum of the squared weights; biases are free. */
  readonly l2: number;
  readonly learningRate: number;
  /** Rows per step. */
  readonly batch: number;
  readonly seed: number | string;
  /** The rows of the set to train on. Default: all. */
  readonly rows?: Int32Array;
  /** Told where the time goes. */
  readonly clock?: Clock | undefined;
}

const firstMoment = 0.9;
const secondMoment = 0.999;
/** What counts less than this share of the mean row counts nothing: float32 has no room for its slopes. */
const least = 2 ** -40;

/**
 * Trains a network epoch by epoch.
 *
 * What becomes small is the mean loss plus l2 / 2 times the sum of the squared weights, the same as for linear models.
 * Initial weights (He et al. 2015) and the order of the rows depend on nothing but the seed and the sizes, so that
 * every loss starts from the same weights and sees the same batches; the output bias starts at the objective's best
 * constant. The penalty is part of the gradient that Adam sees, as in scikit-learn: measured on the churn table it
 * brings the log loss on new rows to .20, a decay apart from the gradient (AdamW) to .22.
 */
export class NetworkTrainer {
  readonly #heap: TrainingHeap;
  readonly #features: Features;
  readonly #objective: Objective;
  readonly #settings: NetworkSettings;
  readonly #random: Random;
  readonly #values: Float32Array;
  readonly #labels: Int32Array;
  /** What each label counts, and its copy on the heap; null where each counts once. */
  readonly #weights: { readonly own: Float32Array; readonly copy: Float32Array } | null;
  readonly #order: Int32Array;
  readonly #parameters: Parameters;
  readonly #gradient: Parameters;
  readonly #first: Parameters;
  readonly #second: Parameters;
  readonly #pass: Pass;
  /** By the number of rows: all batches have the same but for the last. */
  readonly #batches = new Map<number, Batch>();
  #steps = 0;
  #epochs = 0;

  constructor(heap: TrainingHeap, features: Features, objective: Objective, settings: NetworkSettings) {
    const { hidden, batch, seed, rows } = settings;
    this.#heap = heap;
    this.#features = features;
    this.#objective = objective;
    this.#settings = settings;
    this.#random = new Random(seed);
    this.#order = heap.backend.int32(rows?.length ?? features.rows);
    this.#order.set(rows ?? Int32Array.from({ length: features.rows }, (_, row) => row));
    const sizes = [features.width, ...hidden, objective.outputs];
    this.#parameters = new Parameters(heap.backend, sizes);
    initialise(this.#parameters, objective.constantLogits, this.#random);
    this.#gradient = new Parameters(heap.backend, sizes);
    this.#first = new Parameters(heap.backend, sizes);
    this.#second = new Parameters(heap.backend, sizes);
    this.#pass = new Pass(heap, this.#parameters, Math.min(batch, this.#order.length));
    this.#values = heap.borrow(features.values);
    this.#labels = heap.borrow(objective.labels);
    const own = objective.weights && Float32Array.from(objective.weights, (weight) => (weight < least ? 0 : weight));
    this.#weights = own && { own, copy: heap.borrow(own) };
  }

  /**
   * Goes over the rows once, in a new order, and returns the mean loss over the batches as they were met.
   *
   * @throws CliError if the loss is no longer a number
   */
  epoch(): number {
    const order = this.#random.shuffle(this.#order);
    const { batch } = this.#settings;
    let sum = 0;
    for (let from = 0; from < order.length; from += batch) {
      const to = Math.min(from + batch, order.length);
      sum += this.#step(order.subarray(from, to)) * (to - from);
    }
    this.#epochs++;
    const loss = sum / order.length;
    if (!Number.isFinite(loss)) throw new CliError(modelTexts.lossNotFinite(`the network, epoch ${this.#epochs}`));
    return loss;
  }

  /** The rows as the last epoch met them. */
  get order(): Int32Array {
    return this.#order.slice();
  }

  /** The network as it is now: a copy that further training leaves alone. */
  model(): Layers {
    return this.#parameters.model();
  }

  /** The logits of rows as the network is now, `[rows, outputs]`, in float32. */
  logits({ values, rows }: Features): Float32Array {
    const start = performance.now();
    const { backend } = this.#heap;
    const logits = backend.float32(rows * this.#objective.outputs);
    this.#pass.forward(this.#heap.borrow(values), logits);
    this.#heap.giveBack(values);
    const copy = logits.slice();
    backend.free(logits);
    this.#settings.clock?.spend("products", performance.now() - start);
    return copy;
  }

  /** Gives its memory back; nothing can be asked of it afterwards. */
  free(): void {
    for (const each of [this.#parameters, this.#gradient, this.#first, this.#second, this.#pass]) each.free();
    for (const each of this.#batches.values()) each.free();
    this.#heap.backend.free(this.#order);
    this.#heap.giveBack(this.#features.values);
    this.#heap.giveBack(this.#objective.labels);
    if (this.#weights !== null) this.#heap.giveBack(this.#weights.own);
  }

  #step(rows: Int32Array): number {
    const { learningRate, l2, clock } = this.#settings;
    const { backend, kernels } = this.#heap;
    const { loss, activation, alpha, outputs: classes } = this.#objective;
    const batch = this.#batch(rows.length);
    const start = performance.now();
    kernels.gather(this.#values, rows, batch.input);
    kernels.gather(this.#labels, rows, batch.labels);
    const exampleWeights = batch.weights ?? undefined;
    if (this.#weights !== null && batch.weights !== null) kernels.gather(this.#weights.copy, rows, batch.weights);
    this.#pass.forward(batch.input, batch.logits);
    const forward = performance.now();
    const { logits, labels, slopes: gradient } = batch;
    const options = { activation, alpha, exampleWeights, gradient, backend };
    const mean = evaluate(loss, { logits, labels, classes }, options).loss;
    const evaluated = performance.now();
    this.#pass.backward(batch.input, batch.slopes, this.#gradient);
    clock?.spend("loss", evaluated - forward);
    clock?.spend("products", forward - start + performance.now() - evaluated);
    this.#steps++;
    const rate = (learningRate * Math.sqrt(1 - secondMoment ** this.#steps)) / (1 - firstMoment ** this.#steps);
    this.#adam("weights", rate, l2);
    this.#adam("biases", rate, 0);
    return mean;
  }

  #adam(part: "weights" | "biases", rate: number, l2: number): void {
    const values = this.#parameters[part];
    const gradient = this.#gradient[part];
    this.#heap.kernels.adam({ values, gradient, first: this.#first[part], second: this.#second[part] }, { rate, l2 });
  }

  #batch(rows: number): Batch {
    const known = this.#batches.get(rows) ?? new Batch(this.#heap.backend, rows, this.#features.width, this.#objective);
    this.#batches.set(rows, known);
    return known;
  }
}

/** The rows of a step, gathered. */
class Batch {
  readonly input: Float32Array;
  readonly labels: Int32Array;
  readonly weights: Float32Array | null;
  readonly logits: Float32Array;
  readonly slopes: Float32Array;

  constructor(
    private readonly backend: WasmBackend,
    rows: number,
    width: number,
    { activation, outputs, weights }: Objective,
  ) {
    this.input = backend.float32(rows * width);
    const columns = activation === "softmax" ? 1 : outputs;
    this.labels = backend.int32(rows * columns);
    this.weights = weights && backend.float32(rows * columns);
    this.logits = backend.float32(rows * outputs);
    this.slopes = backend.float32(rows * outputs);
  }

  free(): void {
    for (const array of [this.input, this.labels, this.logits, this.slopes]) this.backend.free(array);
    if (this.weights !== null) this.backend.free(this.weights);
  }
}

/** Random weights: variance 2 / inputs before relu, which halves it, 1 / inputs before the logits. */
function initialise({ sizes, layers }: Parameters, lastBias: Float64Array, random: Random): void {
  layers.forEach(({ weights, bias }, l) => {
    const isLast = l === layers.length - 1;
    const scale = Math.sqrt((isLast ? 1 : 2) / sizes[l]);
    for (let k = 0; k < weights.length; k++) weights[k] = scale * random.normal();
    if (isLast) bias.set(lastBias);
  });
}
