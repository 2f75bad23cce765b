// Every example that other systems publish, reproduced by the options that the table of systems names; and the
// conventions that no published example shows.
import { describe, expect, it } from "vitest";
import {
  activate,
  crossEntropy,
  type EvaluateOptions,
  evaluate,
  focal,
  InputError,
  logActivate,
} from "../../src/index.ts";
import { sections, topics } from "./conventions.ts";
import { examples, flat, type PublishedExample } from "./examples.ts";
import { sourceSystems, systemOf } from "./systems.ts";
import { reproductions } from "./translate.ts";

/** How near to the float64 value an answer must be, relatively. */
const relative = 1e-9;

/** The examples that no option reproduces: the error that they give, and why it is right. */
const exceptions: Readonly<Record<string, { readonly message: string; readonly reason: string }>> = {
  "onnx/onnx@f7546912 docs/Operators.md NegativeLogLikelihoodLoss Example 1": {
    message: 'crossEntropy: logits[0] is 1, but with inputs "log-probabilities" it must be at most 0',
    reason: "its inputs are positive, hence no log-probabilities",
  },
  "onnx/onnx@f7546912 docs/Operators.md NegativeLogLikelihoodLoss Example 3 (printed -1.57)": {
    message: 'crossEntropy: logits[0] is 1, but with inputs "log-probabilities" it must be at most 0',
    reason: "its inputs are positive, hence no log-probabilities",
  },
};

/** The ways to reproduce an example that keep its published tolerance but cannot come within 1e-9, and why. */
const roundedThere = [
  "22 crossEntropy, sigmoid: Keras clips probabilities, in float32",
  "45 cross entropy, softmax: here softmax normalises rows of rounded log-probabilities",
  "57 cross entropy, softmax: here softmax normalises rows of rounded log-probabilities",
];

/** The largest distance from the published numbers, as its tolerance measures it, and the most that is allowed. */
function publishedError({ expected, tolerance }: PublishedExample, actual: readonly number[]): [number, number] {
  const published = flat(expected);
  const worst = (distance: (a: number, b: number) => number) =>
    Math.max(...actual.map((value, k) => (value === published[k] ? 0 : distance(value, published[k]))));
  if (typeof tolerance === "number") return [worst((a, b) => Math.abs(a - b)), tolerance];
  const rtol = /^rtol (\S+)$/.exec(tolerance)?.[1];
  if (rtol !== undefined) return [worst((a, b) => Math.abs(a - b) / Math.abs(b)), Number(rtol)];
  // "approximate": a round number, so that one digit must be the same.
  if (tolerance.startsWith("approximate")) return [worst((a, b) => Math.abs(Number(a.toPrecision(1)) - b)), 0];
  throw new Error(`unknown tolerance ${tolerance}`);
}

/** The largest relative distance from the float64 values; absolute where they are 0. */
function float64Error({ float64 }: PublishedExample, actual: readonly number[]): number {
  const exact = flat(float64);
  return Math.max(
    ...actual.map((value, k) => (value === exact[k] ? 0 : Math.abs(value - exact[k]) / (Math.abs(exact[k]) || 1))),
  );
}

const numbered = examples.map((example, index) => ({ ...example, index }));
const reproduced = numbered.filter(({ source }) => !(source in exceptions));

describe("a published example comes out the same", () => {
  it.each(reproduced)("$index $source: $function", (example) => {
    for (const { run, differs } of reproductions(example)) {
      const actual = Array.from(run());
      expect(actual).toHaveLength(flat(example.expected).length);
      const [error, tolerance] = publishedError(example, actual);
      expect(error).toBeLessThanOrEqual(tolerance);
      if (differs === undefined) expect(float64Error(example, actual)).toBeLessThan(relative);
      else expect(float64Error(example, actual)).toBeLessThan(1e-4);
    }
  });

  it("within 1e-9 of its float64 value in at least one way, except where the other system clips in float32", () => {
    const differing = reproduced.flatMap((example) =>
      reproductions(example)
        .filter(({ run }) => float64Error(example, Array.from(run())) > relative)
        .map(({ way, differs }) => `${example.index} ${way}: ${differs}`),
    );
    expect(differing).toEqual(roundedThere);
    const without = reproduced.filter((example) =>
      reproductions(example).every(({ run }) => float64Error(example, Array.from(run())) > relative),
    );
    expect(without.map(({ index }) => index)).toEqual([22]);
  });

  it.each(numbered.filter(({ source }) => source in exceptions))("or is an error: $source", (example) => {
    const { message } = exceptions[example.source];
    for (const { run } of reproductions(example)) expect(run).toThrow(new InputError(message));
  });

  it("with no more exceptions than listed", () => {
    const failing = numbered.filter((example) => {
      try {
        for (const { run } of reproductions(example)) run();
        return false;
      } catch {
        return true;
      }
    });
    expect(failing.map(({ source }) => source)).toEqual(Object.keys(exceptions));
  });
});

describe("the tables of conventions", () => {
  it("have one system for each example, and an example for each system", () => {
    const systems = new Set(examples.map(({ source }) => systemOf(source)));
    expect([...systems].map(({ name }) => name).sort()).toEqual(sourceSystems.map(({ name }) => name).sort());
  });
  it("name in their sections every system of the examples once", () => {
    expect(sections.flatMap(({ systems }) => systems)).toEqual(sourceSystems.map(({ name }) => name));
  });
  it("use every reduction rule for some example", () => {
    const unused = sourceSystems.flatMap((system) =>
      (["softmax", "sigmoid"] as const).flatMap((activation) =>
        Object.keys(system[activation]?.reductions ?? {}).filter(
          (words) =>
            !["none", "mean", "sum"].includes(words) &&
            !examples.some(({ source, params }) => systemOf(source) === system && params.reduction === words),
        ),
      ),
    );
    expect(unused).toEqual([]);
  });
  it("cover at least 20 differences, in the order of the topics", () => {
    expect(sections.flatMap(({ differences }) => differences).length).toBeGreaterThanOrEqual(20);
    for (const { differences } of sections) {
      const order = differences.map(({ topic }) => topics.indexOf(topic));
      expect(order).toEqual([...order].sort((a, b) => a - b));
    }
  });
});

// What no published example shows, against formulas written out as the other system defines them.
describe("a convention without a published example", () => {
  const logits = Float64Array.of(0.3, -1.2, 2, 1.5, 0.1, -0.7, -2, 0.4, 0.9);
  const classes = 3;
  const logP = logActivate(logits, { activation: "softmax", classes });
  const p = activate(logits, { activation: "sigmoid" });
  const soft = Float64Array.of(1, 0, 0.3, 0, 1, 0.8, 0.5, 0, 1);
  const hard = soft.map(Math.round);
  const w = [0.5, 2, 3];
  const s = 0.2;
  const binaryCrossEntropy = (y: number, k: number) => -y * Math.log(p[k]) - (1 - y) * Math.log(1 - p[k]);
  const sum = (terms: Iterable<number>) => [...terms].reduce((total, term) => total + term, 0);
  const sigmoid = (labels: Float64Array, options: Partial<EvaluateOptions>, gamma = 0) =>
    evaluate(gamma === 0 ? crossEntropy() : focal({ gamma }), { logits, labels, classes }, {
      ...options,
      activation: "sigmoid",
    } as EvaluateOptions);

  it("PyTorch: class weights, smoothing and ignored rows together", () => {
    const labels = Int32Array.of(2, -100, 0);
    const rows = [0, 2].map((n) => {
      const losses = w.map((weight, c) => -weight * logP[n * classes + c]);
      return (1 - s) * losses[labels[n]] + (s / classes) * sum(losses);
    });
    const options = { activation: "softmax", alpha: w, labelSmoothing: s, ignoreLabel: -100 } as const;
    const { loss } = evaluate(crossEntropy(), { logits, labels }, { ...options, reduction: "weighted-mean" });
    expect(loss).toBeCloseTo(sum(rows) / (w[2] + w[0]), 13);
  });

  it("PyTorch: probabilities as labels with class weights divide by the number of rows", () => {
    const labels = Float64Array.of(0.2, 0.3, 0.5, 1, 0, 0, 0, 0.5, 0.5);
    const { loss } = evaluate(crossEntropy(), { logits, labels, classes }, { activation: "softmax", alpha: w });
    expect(loss).toBeCloseTo(sum(labels.map((y, k) => -w[k % classes] * y * logP[k])) / 3, 13);
  });

  it("PyTorch: all ignored, or no weight at all, is 0 and never NaN", () => {
    const batch = { logits, labels: Int32Array.of(-100, -100, -100) };
    for (const reduction of ["mean", "weighted-mean", "sum"] as const) {
      const result = evaluate(crossEntropy(), batch, {
        activation: "softmax",
        ignoreLabel: -100,
        reduction,
        gradient: true,
      });
      expect([result.loss, result.counted]).toEqual([0, 0]);
      expect(result.gradient.every((slope) => slope === 0)).toBe(true);
    }
    expect(sigmoid(hard, { exampleWeights: [0, 0, 0], reduction: "weighted-mean" }).loss).toBe(0);
    expect(sigmoid(hard, { mask: new Uint8Array(9), reduction: "element-mean" }).loss).toBe(0);
  });

  it("torchvision, Keras, optax, Addons: one mixed factor, equal for labels 0 and 1, unequal for soft ones", () => {
    const theirs = (labels: Float64Array) =>
      labels.map((y, k) => {
        const pt = y * p[k] + (1 - y) * (1 - p[k]);
        return (0.25 * y + 0.75 * (1 - y)) * (1 - pt) ** 2 * binaryCrossEntropy(y, k);
      });
    const ours = (labels: Float64Array) => sigmoid(labels, { alpha: 0.25, reduction: "none" }, 2).elements ?? [];
    theirs(hard).forEach((value, k) => {
      expect(ours(hard)[k]).toBeCloseTo(value, 13);
    });
    const differing = [...soft.keys()].filter((k) => Math.abs(theirs(soft)[k] - ours(soft)[k]) > 1e-3);
    expect(differing).toEqual([2, 5, 6]);
  });

  it("focal-loss: the two-sided form with pos_weight", () => {
    const theirs = soft.map(
      (y, k) => -3 * y * (1 - p[k]) ** 2 * Math.log(p[k]) - (1 - y) * p[k] ** 2 * Math.log(1 - p[k]),
    );
    const { elements } = sigmoid(soft, { alpha: { positive: 3, negative: 1 }, reduction: "none" }, 2);
    theirs.forEach((value, k) => {
      expect(elements?.[k]).toBeCloseTo(value, 13);
    });
  });

  it("torchvision: the gradient stays finite at saturation for gamma between 0 and 1", () => {
    const { gradient } = evaluate(
      focal({ gamma: 0.5 }),
      { logits: Float32Array.of(40, -40), labels: Float32Array.of(1, 0) },
      { activation: "sigmoid", gradient: true },
    );
    expect(gradient.every(Number.isFinite)).toBe(true);
  });

  it("Keras: mean_with_sample_weight divides row means by the sum of the sample weights", () => {
    const theirs = sum(soft.map((y, k) => (w[Math.floor(k / classes)] * binaryCrossEntropy(y, k)) / classes)) / sum(w);
    expect(sigmoid(soft, { exampleWeights: w, reduction: "weighted-mean" }).loss).toBeCloseTo(theirs, 13);
  });

  it("TensorFlow, TF.js: sums divided by the number of weights that are not 0", () => {
    const weights = Float64Array.of(1, 0, 2, 0, 0, 3, 1, 1, 0);
    const nonzero = weights.filter((weight) => weight !== 0).length;
    const theirs = sum(soft.map((y, k) => weights[k] * binaryCrossEntropy(y, k))) / nonzero;
    const options = { exampleWeights: weights, reduction: "element-mean" } as const;
    expect(sigmoid(soft, { ...options, mask: weights }).loss).toBeCloseTo(theirs, 13);
    const softmax = evaluate(
      crossEntropy(),
      { logits, labels: Int32Array.of(1, -1, 2) },
      { activation: "softmax", exampleWeights: [2, 0, 3], ignoreLabel: -1 },
    );
    expect(softmax.loss).toBeCloseTo((-2 * logP[1] - 3 * logP[8]) / 2, 13);
  });

  it("scikit-learn: log_loss with sample weights divides by their sum", () => {
    const labels = Int32Array.of(1, 0, 2);
    const theirs = sum(w.map((weight, n) => -weight * logP[n * classes + labels[n]])) / sum(w);
    const options = { activation: "softmax", exampleWeights: w, reduction: "weighted-mean" } as const;
    expect(evaluate(crossEntropy(), { logits, labels }, options).loss).toBeCloseTo(theirs, 13);
  });

  it("mmpretrain, segmentation_models.pytorch: s / (1 + s) and 2 s are their label smoothings", () => {
    const labels = Int32Array.of(1, 0, 2);
    const theirs = sum(
      logP.map((each, k) => (-each * (Number(labels[Math.floor(k / 3)] === k % 3) + s / 3)) / (1 + s)),
    );
    const options = { activation: "softmax", labelSmoothing: s / (1 + s), reduction: "sum" } as const;
    expect(evaluate(crossEntropy(), { logits, labels }, options).loss).toBeCloseTo(theirs, 13);
    const binary = sum(hard.map((y, k) => binaryCrossEntropy(y * (1 - s) + (1 - y) * s, k)));
    expect(sigmoid(hard, { labelSmoothing: 2 * s, reduction: "sum" }).loss).toBeCloseTo(binary, 13);
  });

  it("Keras, scikit-learn: rows of probabilities that do not sum to 1 are an error here", () => {
    const probabilities = { logits: [0.9, 0.05, 0.05, 0.5, 0.89, 0.6], labels: [0, 1], classes };
    expect(() => evaluate(crossEntropy(), probabilities, { activation: "softmax", inputs: "probabilities" })).toThrow(
      "the probabilities of example 1 sum to 1.99",
    );
  });

  it("Keras, BCELoss: a certain mistake costs Infinity here, a certain success 0", () => {
    const certain = { logits: [0, 1, 1, 0], labels: [1, 0, 1, 0] };
    const options = { activation: "sigmoid", inputs: "probabilities", reduction: "none" } as const;
    expect([...evaluate(crossEntropy(), certain, options).elements]).toEqual([Infinity, Infinity, 0, 0]);
  });
});
