// Random batches that mean harm: logits of every magnitude of float32, masks, ties, every kind of label, weight and
// output.
import {
  asymmetric,
  crossEntropy,
  defineLoss,
  type EvaluateOptions,
  type FloatArray,
  focal,
  generalizedCrossEntropy,
  type Loss,
  type Operand,
  type Operations,
  poly1,
  type Views,
} from "../../src/index.ts";
import type { WasmBackend } from "../../src/wasm.ts";
import type { AttackLoss } from "./declared.ts";
import { Random } from "./random.ts";

/** What masked logits are set to, in programs that are in use, and numbers at which float32 itself has edges. */
export const masks = [
  -1e3, -1e4, -1e5, -1e6, -1e7, -1e9, -1e10, -1e30, -3.3e38, -3.4028234663852886e38, -65504, -2907270, -4360000,
  -8721782, -23253000,
];

/** A way to fill a row: the logit of column j. */
type Filling = (j: number) => number;

const fillings: readonly ((random: Random) => Filling)[] = [
  (random) => {
    const size = random.pick([1, 3, 10, 30, 100]);
    return () => size * random.normal();
  },
  (random) => () => random.float32(),
  // One magnitude, so that differences are a few units in the last place, or none.
  (random) => {
    const base = random.float32();
    const reach = random.pick([0, 1, 3, 50, 5000]);
    return () => base * (1 + (random.below(2 * reach + 1) - reach) * 2 ** -23);
  },
  (random) => {
    const mask = random.chance(0.2) ? Number.NEGATIVE_INFINITY : random.pick(masks);
    const share = random.pick([0.1, 0.5, 0.95]);
    return () => (random.chance(share) ? mask : 3 * random.normal());
  },
  // Masks where shifted numbers look like others.
  (random) => {
    const low = random.pick([-9e6, -3e6, -2.4e7, -200]);
    return () => (random.chance(0.3) ? random.between(low, low * 0.4) : 3 * random.normal());
  },
  (random) => {
    const base = random.pick([1, -1]) * 2 ** random.between(0, 26);
    const size = random.pick([0.1, 3, 40]);
    return () => base + size * random.normal();
  },
  (random) => {
    const sign = random.pick([1, -1]);
    return () => sign * random.between(70, 135);
  },
  (random) => () => random.pick([random.float32(), random.normal(), random.pick(masks), 100 * random.normal(), 0]),
];

/** Logits of some rows, each filled in a way of its own or all alike. */
export function attackLogits(random: Random, rows: number, classes: number): Float32Array {
  const logits = new Float32Array(rows * classes);
  const common = random.chance(0.5) ? random.pick(fillings)(random) : null;
  for (let n = 0; n < rows; n++) {
    const filling = common ?? random.pick(fillings)(random);
    for (let j = 0; j < classes; j++) logits[n * classes + j] = filling(j);
    // Not all may be impossible, nor one alone where it is the target; the caller sees to the latter.
    if (random.chance(0.1)) logits[n * classes + random.below(classes)] = random.float32();
  }
  return logits.map((z) => (Math.abs(z) === Number.POSITIVE_INFINITY && z > 0 ? 3.4028234663852886e38 : z));
}

const known = (loss: Loss, tolerance = 1e-6): AttackLoss => ({ loss, tolerance, floor: 0, mayCancel: false });

/** A loss at random: one of the library's with random parameters, or a formula that nobody has seen. */
export function attackLoss(random: Random): AttackLoss {
  const kind = random.below(10);
  if (kind < 2) return known(crossEntropy());
  if (kind < 4) {
    const gamma = random.pick([0, 1, 2, 3]);
    return known(focal({ gamma }), gamma < 3 ? 1e-6 : 5e-6);
  }
  if (kind === 4) {
    const gamma = random.pick([4, random.between(0, 8)]);
    return known(focal({ gamma }), 5e-6 * Math.max(2, gamma));
  }
  if (kind === 5)
    return known(generalizedCrossEntropy({ q: random.pick([0.3, 0.7, 1, random.between(0.01, 1)]) }), 1e-5);
  if (kind === 6) return known(poly1({ epsilon: random.pick([1, 2, -0.5, random.between(-0.5, 5)]) }), 2e-6);
  if (kind === 7) {
    const gammas = { gammaPositive: random.below(4), gammaNegative: random.below(5) };
    const isSteep = gammas.gammaPositive > 2 || gammas.gammaNegative > 2;
    return known(asymmetric({ ...gammas, margin: 0 }), isSteep ? 5e-6 : 1e-6);
  }
  return { loss: formulaAtRandom(random), tolerance: 3e-5, floor: 0.1, mayCancel: true };
}

/** A formula whose parts stay positive, so that both precisions have the same digits to show. */
function formulaAtRandom(random: Random): Loss {
  const seed = random.below(2 ** 30);
  return defineLoss({
    name: "atRandom",
    formula: (operations, views) => operations.mul(1, read(new Random(seed), operations, views, 3)) as never,
  })();
}

function read<T>(random: Random, operations: Operations<T>, views: Views<T>, depth: number): Operand<T> {
  const { add, mul, div, neg, pow, exp, log1p, expm1 } = operations;
  const positive = (): Operand<T> => {
    const kind = random.below(5);
    if (kind === 0) return random.between(0.25, 3);
    if (kind < 3) return kind === 1 ? views.pt : views.oneMinusPt;
    return neg(kind === 3 ? views.logPt : views.logOneMinusPt);
  };
  const inner = () => read(random, operations, views, depth - 1);
  if (depth === 0) return positive();
  switch (random.below(9)) {
    case 0:
      return positive();
    case 1:
    case 2:
      return add(inner(), inner());
    case 3:
    case 4:
      return mul(inner(), inner());
    case 5:
      return div(inner(), add(inner(), 1));
    case 6:
      return pow(positive(), random.pick([2, 0.5, 3, 1.7]));
    case 7:
      return random.chance(0.5) ? exp(neg(inner())) : neg(expm1(neg(inner())));
    default:
      return log1p(inner());
  }
}

/** A batch with its options, and which outputs are wanted. */
export interface Attack {
  readonly batch: { readonly logits: Float32Array; readonly labels: Labels; readonly classes: number };
  readonly options: Omit<EvaluateOptions, "backend" | "gradient" | "curvature"> & { readonly activation: Activation };
  readonly wants: { readonly gradient: boolean; readonly curvature: boolean };
  /** The largest weight of a label, by which small numbers are multiplied. */
  readonly largestWeight: number;
}
type Activation = "softmax" | "sigmoid";
type Labels = Int32Array | Uint8Array | Float32Array | Float64Array;

const someClasses = [2, 2, 3, 4, 5, 7, 10, 10, 19, 31, 64, 127, 128, 129, 130, 200, 300];

/** A random batch of an activation. */
export function attackBatch(random: Random, activation: Activation): Attack {
  const isSoftmax = activation === "softmax";
  const classes = isSoftmax
    ? random.chance(0.02)
      ? 300 + random.below(5000)
      : random.pick(someClasses)
    : 1 + random.below(7);
  const rows = 1 + random.below(classes > 200 ? 6 : 24);
  const logits = attackLogits(random, rows, classes);
  const labels = isSoftmax ? indices(random, rows, classes) : sigmoidLabels(random, rows * classes);
  if (isSoftmax) makePossible(random, logits, labels, classes);
  else
    logits.forEach((z, k) => {
      if (z === Number.NEGATIVE_INFINITY) logits[k] = random.pick(masks);
    });
  const weights = random.chance(0.3)
    ? Float64Array.from({ length: rows }, () => random.pick([0, 1, random.between(0, 3)]))
    : undefined;
  const alpha = random.chance(0.3) ? Array.from({ length: classes }, () => random.next()) : undefined;
  const isUsual = random.chance(0.8);
  return {
    batch: { logits, labels, classes },
    options: {
      activation,
      alpha: isSoftmax || alpha === undefined || random.chance(0.5) ? alpha : random.next(),
      exampleWeights: weights,
      mask: isUsual ? undefined : Uint8Array.from({ length: rows }, () => random.below(2)),
      reduction: random.pick(["mean", "sum", "none", "none"] as const),
    },
    wants: { gradient: random.chance(0.7), curvature: !isSoftmax && random.chance(0.3) },
    largestWeight: Math.max(1, ...(weights ?? [])),
  };
}

function indices(random: Random, rows: number, classes: number): Int32Array | Uint8Array {
  const length = { length: rows };
  const isShort = classes <= 256 && random.chance(0.3);
  return isShort
    ? Uint8Array.from(length, () => random.below(classes))
    : Int32Array.from(length, () => random.below(classes));
}

function sigmoidLabels(random: Random, count: number): Labels {
  const length = { length: count };
  const hard = () => random.below(2);
  switch (random.below(5)) {
    case 0:
      return Uint8Array.from(length, hard);
    case 1:
      return Int32Array.from(length, hard);
    case 2:
      return Float64Array.from(length, hard);
    case 3:
      return Float32Array.from(length, hard);
    default:
      return Float32Array.from(length, () => random.pick([0, 1, random.next(), random.next()]));
  }
}

/** Targets can happen, so that losses are finite. */
function makePossible(random: Random, logits: Float32Array, labels: Labels, classes: number): void {
  labels.forEach((label: number, n: number) => {
    const k = n * classes + label;
    if (logits[k] === Number.NEGATIVE_INFINITY) logits[k] = random.chance(0.5) ? random.normal() : random.float32();
  });
}

/** A copy of an array on a heap. */
export function onHeap(backend: WasmBackend, array: Labels | FloatArray): Labels | Float32Array {
  const copy =
    array instanceof Uint8Array
      ? backend.uint8(array.length)
      : array instanceof Int32Array
        ? backend.int32(array.length)
        : backend.float32(array.length);
  copy.set(array);
  return copy;
}
