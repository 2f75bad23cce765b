// The mean loss of a linear model in float32, by kernels on a heap: exact enough to rank settings, and to come near the
// end of a fit.
import { evaluate } from "surprisal";
import { type NetworkKernels, networkKernels } from "surprisal/network";
import { type WasmBackend, wasm } from "surprisal/wasm";
import type { Clock } from "../clock.ts";
import type { Features } from "../features.ts";
import { bendsOf, curvatureOf, denseShare, type Labelled, type MeanLoss, priceOf, sparseGram } from "./meanLoss.ts";

/** The heap with losses and products on it. Without multiply-adds that round once: not every machine has them. */
let made: { readonly backend: WasmBackend; readonly kernels: NetworkKernels } | null = null;

function heap() {
  if (made === null) {
    const backend = wasm.create({ relaxed: false });
    made = { backend, kernels: networkKernels(backend) };
  }
  return made;
}

/** So many rows are summed in float32, and these sums in float64. */
const rowsPerSum = 1024;

/** Where fewer than this share of the features are not 0, lists of entries take less than kernels do. */
const leastShare = 1 / 8;
/** More numbers than this are not copied to the heap. */
const mostNumbers = 4e6;
/** Float32 has room for weights in this range. */
const [smallest, largest] = [2 ** -20, 2 ** 20];

/** Whether float32 will do for these features and weights. */
export function fitsFloat32({ rows, width }: Features, nonzeros: number, weights: Float64Array | null): boolean {
  const numbers = rows * width;
  if (numbers === 0 || numbers > mostNumbers || nonzeros < leastShare * numbers) return false;
  return weights === null || weights.every((each) => each === 0 || (each >= smallest && each <= largest));
}

/** Features that were used last, the last of them behind; no more numbers than this are kept. */
const kept = new Map<Float32Array, HeapRows>();
const mostKept = 16e6;

/** Features on the heap, which stay there until others need the place: a path uses those of its splits by turns. */
export function heapRowsOf(features: Features, nonzeros: number, ofOneOutput: boolean): HeapRows {
  const { values } = features;
  const known = kept.get(values);
  kept.delete(values);
  if (known !== undefined && (known.byColumn !== null || !ofOneOutput)) {
    kept.set(values, known);
    return known;
  }
  known?.free();
  let numbers = values.length;
  for (const { byRow } of kept.values()) numbers += byRow.length;
  for (const [oldest, { byRow }] of kept) {
    if (numbers <= mostKept) break;
    numbers -= byRow.length;
    kept.get(oldest)?.free();
    kept.delete(oldest);
  }
  const fresh = new HeapRows(features, nonzeros, ofOneOutput);
  kept.set(values, fresh);
  return fresh;
}

/** Features on the heap, row by row, and for models of one output column by column, too. */
class HeapRows {
  readonly byRow: Float32Array;
  readonly byColumn: Float32Array | null;
  private made: {
    readonly problems: readonly Labelled[];
    readonly clock: Clock | undefined;
    readonly losses: readonly (MeanLoss & { free(): void })[];
  } | null = null;

  constructor(
    readonly features: Features,
    readonly nonzeros: number,
    ofOneOutput: boolean,
  ) {
    const { rows, width, values } = features;
    const { backend } = heap();
    this.byRow = backend.float32(values.length);
    this.byColumn = ofOneOutput ? backend.float32(values.length) : null;
    this.byRow.set(values);
    if (this.byColumn !== null) transpose(values, rows, width, this.byColumn);
  }

  /** The losses of these problems, which stay there for the next search for the same. */
  lossesOf(problems: readonly Labelled[], clock: Clock | undefined): readonly MeanLoss[] {
    if (this.made?.problems !== problems || this.made.clock !== clock) {
      this.freeLosses();
      this.made = { problems, clock, losses: problems.map((problem) => float32Loss(this, problem, clock)) };
    }
    return this.made.losses;
  }

  private freeLosses(): void {
    for (const each of this.made?.losses ?? []) each.free();
    this.made = null;
  }

  /** The Gram matrix of the rows, each counting `bends`, with a 1 behind its features. */
  gram(bends: Float64Array | null): Float64Array {
    const { byRow, features, nonzeros } = this;
    const isDense = nonzeros >= denseShare * features.values.length;
    return isDense ? denseGram(byRow, features, bends) : sparseGram(features, bends);
  }

  free(): void {
    this.freeLosses();
    heap().backend.free(this.byRow);
    if (this.byColumn !== null) heap().backend.free(this.byColumn);
  }
}

function transpose(values: Float32Array, rows: number, width: number, out: Float32Array): void {
  for (let from = 0; from < rows; from += 64) {
    const to = Math.min(from + 64, rows);
    for (let i = 0; i < width; i++) for (let n = from; n < to; n++) out[i * rows + n] = values[n * width + i];
  }
}

/** The mean loss in float32, which is to be freed. */
function float32Loss(
  heapRows: ReturnType<typeof heapRowsOf>,
  labelled: Labelled,
  clock: Clock | undefined,
): MeanLoss & { free(): void } {
  const { backend, kernels } = heap();
  const { features, nonzeros, byRow, byColumn } = heapRows;
  const { rows, width } = features;
  const { loss, activation, outputs, alpha } = labelled;
  const size = width * outputs;
  const isSingle = outputs === 1 && byColumn !== null;
  const arrays = {
    weights: backend.float32(size),
    bias: backend.float32(isSingle ? rows : outputs),
    logits: backend.float32(rows * outputs),
    slopes: backend.float32(rows * outputs),
    labels: backend.int32(labelled.labels.length),
    rowWeights: labelled.weights && backend.float32(rows),
    none: backend.float32(Math.max(width, outputs)),
    weightSlopes: backend.float32(size),
    biasSlopes: backend.float32(outputs),
  };
  const { weights, bias, logits, slopes, labels, rowWeights, none, weightSlopes, biasSlopes } = arrays;
  labels.set(labelled.labels);
  if (labelled.weights !== null) rowWeights?.set(labelled.weights);
  none.fill(0);
  const batch = { logits, labels, classes: outputs };
  const options = { activation, alpha, exampleWeights: rowWeights ?? undefined, backend };

  const forward = (x: Float64Array) => {
    for (let k = 0; k < size; k++) weights[k] = x[k];
    if (isSingle) {
      bias.fill(x[size]);
      // The rows are the columns of the product, so that its vectors are full.
      kernels.layer({ input: weights, weights: byColumn, bias, output: logits, rows: 1, relu: false });
      return;
    }
    for (let k = 0; k < outputs; k++) bias[k] = x[size + k];
    kernels.layer({ input: byRow, weights, bias, output: logits, rows, relu: false });
  };

  const backward = (gradient: Float64Array) => {
    gradient.fill(0);
    for (let from = 0; from < rows; from += rowsPerSum) {
      const to = Math.min(from + rowsPerSum, rows);
      const input = byRow.subarray(from * width, to * width);
      const part = slopes.subarray(from * outputs, to * outputs);
      if (isSingle) {
        const zero = none.subarray(0, width);
        kernels.layer({ input: part, weights: input, bias: zero, output: weightSlopes, rows: 1, relu: false });
      } else {
        kernels.weightGradient({ input, slopes: part, weights: weightSlopes, bias: biasSlopes, rows: to - from });
        for (let k = 0; k < outputs; k++) gradient[size + k] += biasSlopes[k];
      }
      for (let k = 0; k < size; k++) gradient[k] += weightSlopes[k];
    }
    if (isSingle) for (let n = 0; n < rows; n++) gradient[size] += slopes[n];
    if (activation === "softmax") centre(gradient, outputs);
  };

  return {
    weights: size,
    isCurvatureExact: outputs === 1,
    rounding: 1e-6,
    curvaturePrice: priceOf(features, nonzeros, outputs, true),
    evaluate(x, gradient) {
      const start = performance.now();
      forward(x);
      const before = performance.now();
      const value = evaluate(loss, batch, { ...options, gradient: slopes }).loss;
      const after = performance.now();
      backward(gradient);
      clock?.spend("loss", after - before);
      clock?.spend("products", before - start + performance.now() - after);
      return value;
    },
    curvature(isConstant) {
      const bends = bendsOf(labelled, batch, options);
      return curvatureOf(features, bends, (each) => heapRows.gram(each), isConstant && labelled.weights === null);
    },
    free() {
      for (const array of Object.values(arrays)) if (array !== null) backend.free(array);
    },
  };
}

/** Takes from each row its mean: what softmax does not see must not be left to rounding. */
function centre(gradient: Float64Array, outputs: number): void {
  for (let from = 0; from < gradient.length; from += outputs) {
    let sum = 0;
    for (let k = 0; k < outputs; k++) sum += gradient[from + k];
    for (let k = 0; k < outputs; k++) gradient[from + k] -= sum / outputs;
  }
}

/** The Gram matrix of rows that count by `bends`, with a 1 behind the features of each, by the kernel of products. */
function denseGram(byRow: Float32Array, { rows, width, values }: Features, bends: Float64Array | null): Float64Array {
  const { backend, kernels } = heap();
  const inputs = width + 1;
  const gram = new Float64Array(inputs * inputs);
  const most = Math.min(rows, rowsPerSum);
  const weighed = backend.float32(most * inputs);
  const products = backend.float32(width * inputs);
  const sums = backend.float32(inputs);
  for (let from = 0; from < rows; from += rowsPerSum) {
    const count = Math.min(rowsPerSum, rows - from);
    for (let n = 0; n < count; n++) {
      const bend = bends === null ? 1 : bends[from + n];
      const at = n * inputs;
      const row = (from + n) * width;
      for (let i = 0; i < width; i++) weighed[at + i] = bend * values[row + i];
      weighed[at + width] = bend;
    }
    const input = byRow.subarray(from * width, (from + count) * width);
    kernels.weightGradient({ input, slopes: weighed, weights: products, bias: sums, rows: count });
    for (let k = 0; k < products.length; k++) gram[k] += products[k];
    for (let k = 0; k < inputs; k++) gram[width * inputs + k] += sums[k];
  }
  for (const array of [weighed, products, sums]) backend.free(array);
  for (let i = 0; i < inputs; i++) for (let j = i + 1; j < inputs; j++) gram[i * inputs + j] = gram[j * inputs + i];
  return gram;
}
