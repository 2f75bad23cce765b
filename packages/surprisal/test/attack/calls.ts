// One random call of `evaluate`: every kind of label, weight, option and output, logits at every magnitude of float32.
import { defineLoss, type EvaluateOptions, type NumberArray } from "../../src/index.ts";
import { attackLoss } from "./batches.ts";
import type { AttackLoss } from "./declared.ts";
import type { Random } from "./random.ts";

/** A call as plain data; where its arrays lie is decided by who makes it. */
export interface AttackCall {
  readonly each: AttackLoss;
  readonly activation: "softmax" | "sigmoid";
  readonly examples: number;
  readonly classes: number;
  /** Every logit is a float32. */
  readonly logits: Float32Array;
  readonly labels: NumberArray & ArrayBufferView;
  readonly options: Omit<EvaluateOptions, "activation" | "gradient" | "curvature" | "backend">;
  readonly outputs: { readonly gradient: OutputKind; readonly curvature: OutputKind };
}

/** How an output is asked for: not, a new one, or an array of the caller's. */
export type OutputKind = "none" | "new" | "float32" | "float64";
const outputKinds = ["none", "new", "float32", "float32", "float64"] as const satisfies readonly OutputKind[];

const brier = defineLoss({
  name: "brier",
  formula: ({ mul }, { oneMinusPt }) => mul(oneMinusPt, oneMinusPt),
});
const twoSided = defineLoss({
  name: "twoSided",
  formula: ({ neg, mul }, { logPt, oneMinusPt }) => neg(mul(oneMinusPt, logPt)),
  negativeFormula: ({ neg, mul, pow }, { logPt, oneMinusPt }) => neg(mul(pow(oneMinusPt, 1.5), logPt)),
});

/** Losses to attack with: those of the library at random parameters, formulas at random, and two of a user's. */
export function attackLosses(random: Random, count: number): readonly AttackLoss[] {
  const own = [brier(), twoSided()].map((loss) => ({ loss, tolerance: 1e-5, floor: 0, mayCancel: false }));
  return [...Array.from({ length: count }, () => attackLoss(random)), ...own];
}

/** Counts of classes: around every limit of the kernels. */
export const classCounts = [2, 2, 3, 4, 5, 7, 8, 10, 16, 31, 33, 64, 127, 128, 129, 130, 255, 300] as const;

const largestFloat32 = 3.4028234663852886e38;
const masks = [-1e4, -1e9, -1e10, -1e30, -largestFloat32] as const;

/** What a row of logits looks like. */
type RowKind = (random: Random) => () => number;

const rowKinds: readonly RowKind[] = [
  (random) => () => random.between(-4, 4),
  (random) => () => random.between(-90, 90),
  (random) => {
    const reach = random.magnitude(-3, 6);
    return () => random.between(-reach, reach);
  },
  // Every magnitude of float32, the smallest among them, in one row.
  (random) => () => (random.chance(0.5) ? -1 : 1) * random.magnitude(-45.5, 38.5),
  // One magnitude for all of a row, with few values, so that many are equal.
  (random) => {
    const reach = random.magnitude(-45.5, 38.5);
    const values = [-reach, reach, reach, 0, -0, reach / 2];
    return () => random.pick(values);
  },
  // Large and close together: what counts is their difference.
  (random) => {
    const far = (random.chance(0.5) ? -1 : 1) * random.magnitude(0, 12);
    const step = Math.abs(far) * 2 ** -23;
    return () => far + step * random.whole(-3, 3);
  },
  // Classes that are masked as everybody does.
  (random) => {
    const mask = random.pick(masks);
    return () => (random.chance(0.4) ? mask : random.between(-5, 5));
  },
  (random) => () => (random.chance(0.3) ? random.pick(masks) : random.between(-60, 60)),
];

function randomLogits(random: Random, examples: number, classes: number): Float32Array {
  const logits = new Float32Array(examples * classes);
  let make = random.pick(rowKinds)(random);
  for (let n = 0; n < examples; n++) {
    if (random.chance(0.3)) make = random.pick(rowKinds)(random);
    for (let j = 0; j < classes; j++) {
      // What is beyond float32 after rounding would be infinite.
      logits[n * classes + j] = Math.max(-largestFloat32, Math.min(largestFloat32, make()));
    }
  }
  // Now and then what is not ordinary.
  if (random.chance(0.04) && logits.length > 0) {
    const odd = random.pick([Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    logits[random.whole(0, logits.length - 1)] = odd;
  }
  return logits;
}

const integerArrays = [Int32Array, Int32Array, Uint8Array, Int8Array, Uint16Array, Uint32Array] as const;

function indices(random: Random, examples: number, classes: number): NumberArray & ArrayBufferView {
  const fitting = integerArrays.filter((type) => classes <= 2 ** (8 * type.BYTES_PER_ELEMENT - 1));
  const labels = new (random.pick(fitting))(examples);
  for (let n = 0; n < examples; n++) labels[n] = random.whole(0, classes - 1);
  if (random.chance(0.02) && examples > 0) labels[random.whole(0, examples - 1)] = random.pick([classes, -1]);
  return labels;
}

function shares(random: Random, examples: number, classes: number): Float32Array | Float64Array {
  const labels = new (random.pick([Float32Array, Float64Array]))(examples * classes);
  for (let n = 0; n < examples; n++) {
    const row = Array.from({ length: classes }, () => (random.chance(0.3) ? 0 : random.next()));
    row[random.whole(0, classes - 1)] += 1;
    const sum = row.reduce((all, share) => all + share, 0);
    row.forEach((share, j) => {
      labels[n * classes + j] = share / sum;
    });
  }
  return labels;
}

function zerosAndOnes(random: Random, size: number): NumberArray & ArrayBufferView {
  const labels = new (random.pick([Float32Array, Float64Array, Int32Array, Uint8Array]))(size);
  for (let k = 0; k < size; k++) labels[k] = random.whole(0, 1);
  if (random.chance(0.02) && size > 0) labels[random.whole(0, size - 1)] = random.pick([2, 7, 200]);
  return labels;
}

/** Each is a float32: others are rounded to one. */
function softLabels(random: Random, size: number): Float32Array | Float64Array {
  const labels = new (random.pick([Float32Array, Float64Array]))(size);
  for (let k = 0; k < size; k++) labels[k] = Math.fround(random.chance(0.2) ? random.whole(0, 1) : random.next());
  return labels;
}

function weights(random: Random, length: number): Float32Array | Float64Array {
  // Now and then with a factor of any size that float64 has.
  const factor = random.chance(0.2) ? random.magnitude(-320, 305) : 1;
  const values = new (factor === 1 ? random.pick([Float32Array, Float64Array]) : Float64Array)(length);
  for (let k = 0; k < length; k++) values[k] = random.chance(0.1) ? 0 : factor * random.between(0.01, 3);
  return values;
}

/** Makes a random call with one of some losses. */
export function randomCall(random: Random, choices: readonly AttackLoss[]): AttackCall {
  const each = random.pick(choices);
  const activation = random.pick(["softmax", "sigmoid"] as const);
  const classes = activation === "softmax" ? random.pick(classCounts) : random.pick([1, 1, 2, 3, 5, 80]);
  const most = Math.max(1, Math.floor(400 / classes));
  const examples = random.chance(0.01) ? 0 : random.whole(1, random.chance(0.9) ? most : 4 * most);
  const size = examples * classes;
  const kind = random.chance(0.75) ? "hard" : "soft";
  const labels =
    activation === "softmax"
      ? kind === "hard"
        ? indices(random, examples, classes)
        : shares(random, examples, classes)
      : kind === "hard"
        ? zerosAndOnes(random, size)
        : softLabels(random, size);
  const alphaOfSigmoid = () =>
    random.pick([
      random.next(),
      { positive: random.between(0, 5), negative: random.between(0, 5) },
      Array.from({ length: classes }, () => random.next()),
    ]);
  const perExample = activation === "softmax" || random.chance(0.5) ? examples : size;
  const isRare = (probability: number) => random.chance(probability);
  return {
    each,
    activation,
    examples,
    classes,
    logits: randomLogits(random, examples, classes),
    labels,
    options: {
      reduction: random.pick(
        activation === "softmax"
          ? (["mean", "sum", "none", "weighted-mean"] as const)
          : (["mean", "sum", "none", "weighted-mean", "element-mean"] as const),
      ),
      ...(isRare(0.3) && {
        alpha: activation === "softmax" ? Array.from(weights(random, classes)) : alphaOfSigmoid(),
      }),
      ...(isRare(0.3) && { exampleWeights: weights(random, perExample) }),
      ...(isRare(0.1) && {
        mask: Uint8Array.from({ length: perExample }, () => random.whole(0, 1)),
      }),
      ...(isRare(0.1) && (activation === "sigmoid" || kind === "hard") && { ignoreLabel: random.whole(0, 1) }),
      ...(isRare(0.05) && { labelSmoothing: random.next() }),
      ...(isRare(0.05) && { logitAdjustment: Array.from({ length: classes }, () => random.between(-3, 3)) }),
    },
    outputs: { gradient: random.pick(outputKinds), curvature: isRare(0.6) ? "none" : random.pick(outputKinds) },
  };
}
