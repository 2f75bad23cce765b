// No batch is computed twice: a kernel runs once, or the reference does after one refusal.
import { afterAll, describe, expect, it } from "vitest";
import {
  asymmetric,
  crossEntropy,
  type EvaluateOptions,
  evaluate,
  focal,
  InputError,
  type LabelArray,
} from "../src/index.ts";
import { wasm } from "../src/wasm.ts";

/** Counts how often kernels run: every function that a module exports counts, until `end`. */
function countRuns() {
  const { Instance } = WebAssembly;
  const runs = {
    count: 0,
    end() {
      WebAssembly.Instance = Instance;
    },
  };
  WebAssembly.Instance = new Proxy(Instance, {
    construct(target, given) {
      const { exports } = Reflect.construct(target, given) as WebAssembly.Instance;
      const counted = Object.entries(exports as Record<string, (...values: number[]) => number>).map(([name, run]) => [
        name,
        (...values: number[]) => {
          runs.count++;
          return run(...values);
        },
      ]);
      return { exports: Object.fromEntries(counted) };
    },
  });
  return runs;
}

const runs = countRuns();
const backend = wasm.create();
// What the JavaScript engine can do is found out by running modules; on one without SIMD there is nothing to count.
const { simd } = backend.features;
afterAll(() => {
  runs.end();
  backend.dispose();
});

const losses = { crossEntropy: crossEntropy(), focal: focal(), asymmetric: asymmetric() };
const examples = 40;
const classes = 5;
const length = examples * classes;
const last = length - 1;

const plain = (k: number) => 3 * Math.sin(7 * k + 1);
const logits: Readonly<Record<string, (k: number) => number>> = {
  plain,
  "with one NaN": (k) => (k === 57 ? Number.NaN : plain(k)),
  "with NaN last": (k) => (k === last ? Number.NaN : plain(k)),
  "with Infinity": (k) => (k === 57 ? Number.POSITIVE_INFINITY : plain(k)),
  "with -Infinity": (k) => (k === 57 ? Number.NEGATIVE_INFINITY : plain(k)),
  "with a huge one": (k) => (k === 57 ? 1e30 : plain(k)),
  "that are all huge": (k) => plain(k) * 1e38,
};

const hard = (k: number) => ((k * 7) % 3) & 1;
const bits = Array.from({ length }, (_, k) => hard(k));
const indices = Array.from({ length: examples }, (_, n) => (n * 3) % classes);
const onHeap = <A extends Float32Array | Int32Array | Uint8Array>(array: A, values: readonly number[]): A => {
  array.set(values);
  return array;
};
const float = (values: readonly number[]) => Float32Array.from(values);
const withOne = (index: number, label: number) => bits.map((bit, k) => (k === index ? label : bit));

type Activation = EvaluateOptions["activation"];
const labels: Readonly<Record<Activation, Readonly<Record<string, LabelArray>>>> = {
  softmax: {
    "in a list": indices,
    "as int32": Int32Array.from(indices),
    "on the heap": onHeap(backend.int32(examples), indices),
    "out of range": indices.with(examples - 1, classes),
    "that are none": indices.with(3, Number.NaN),
    soft: float(Array.from({ length }, (_, k) => (k % classes < 2 ? 0.5 : 0))),
  },
  sigmoid: {
    "in a list": bits,
    "as bytes": Uint8Array.from(bits),
    "as int32": Int32Array.from(bits),
    "as float32": float(bits),
    "as int32 on the heap": onHeap(backend.int32(length), bits),
    "as float32 on the heap": onHeap(backend.float32(length), bits),
    soft: float(bits.map((bit) => 0.1 + 0.8 * bit)),
    "soft in float64": Float64Array.from(bits, (bit) => 0.1 + 0.8 * bit),
    "soft on the heap": onHeap(
      backend.float32(length),
      bits.map((bit) => 0.1 + 0.8 * bit),
    ),
    "out of range": float(withOne(17, 2)),
    "that are none": float(withOne(17, Number.NaN)),
    "out of range as bytes": Uint8Array.from(withOne(17, 2)),
    "out of range in the end": float(withOne(last, -1)),
  },
};

const weights: Readonly<Record<string, Partial<EvaluateOptions>>> = {
  "no weights": {},
  alpha: { alpha: [0.1, 0.2, 0.3, 0.4, 0.5] },
  "example weights": { exampleWeights: Array.from({ length: examples }, (_, n) => 1 + (n % 3)) },
  "extreme weights": { exampleWeights: Array.from({ length: examples }, (_, n) => 10 ** (20 * (n % 3))) },
  "an ignored label": { ignoreLabel: 1 },
  "a mask": { mask: Array.from({ length: examples }, (_, n) => (n === 3 ? 0 : 1)) },
  "a weighted mean": { reduction: "weighted-mean" },
};

const cases = (["softmax", "sigmoid"] as const).flatMap((activation) =>
  Object.entries(labels[activation]).flatMap(([ofLabels, given]) =>
    Object.keys(logits).map((ofLogits) => ({ activation, ofLabels, labels: given, ofLogits })),
  ),
);

/** How often kernels run for a batch, and whether it is an error. */
function evaluated(
  loss: (typeof losses)[keyof typeof losses],
  batch: { logits: Float32Array; labels: LabelArray },
  options: EvaluateOptions,
) {
  const before = runs.count;
  try {
    evaluate(loss, { ...batch, classes }, { ...options, backend });
    return { runs: runs.count - before, isError: false };
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return { runs: runs.count - before, isError: true };
  }
}

describe.runIf(simd).each(cases)("$activation, labels $ofLabels, logits $ofLogits", (each) => {
  const { activation, ofLogits } = each;
  const batch = { logits: Float32Array.from({ length }, (_, k) => logits[ofLogits](k)), labels: each.labels };
  it.each(Object.keys(weights))("with %s: a kernel runs at most once", (ofWeights) => {
    for (const loss of Object.values(losses)) {
      for (const gradient of [false, true]) {
        for (const reduction of ["mean", "none"] as const) {
          const options = { activation, gradient, reduction, ...weights[ofWeights] };
          const found = evaluated(loss, batch, options);
          expect(found.runs, `${loss.name} ${JSON.stringify(options)}`).toBeLessThanOrEqual(1);
        }
      }
    }
  });
});

describe.runIf(simd)("soft labels that the few at which one looks do not show", () => {
  const batch = (labels: LabelArray) => ({ logits: Float32Array.from({ length }, (_, k) => plain(k)), labels });
  const late = batch(float(withOne(last, 0.5)));
  const clean = batch(float(bits));
  const options = { activation: "sigmoid", gradient: true } as const;

  it("are computed again the first time, and from then on once, until a batch has none", () => {
    const inTurn = [late, late, late, clean, clean, late, late];
    const found = inTurn.map((each) => evaluated(losses.focal, each, options).runs);
    expect(found).toEqual([2, 1, 1, 1, 1, 2, 1]);
  });

  it("give the same bits whether or not they were expected", () => {
    const results = [late, late].map((each) => evaluate(losses.focal, { ...each, classes }, { ...options, backend }));
    expect(results[0]).toEqual(results[1]);
  });
});
