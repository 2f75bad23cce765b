// The WASM back end beside the reference: every kind of problem, every shape, formulas at random, and what is not
// ordinary.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  asymmetric,
  crossEntropy,
  defineLoss,
  type EvaluateOptions,
  evaluate,
  type FloatArray,
  focal,
  type Loss,
  type Operand,
  type Operations,
  type Views,
} from "../src/index.ts";
import { wasm } from "../src/wasm.ts";
import { between, everyCase, expectClose, law, listOf, samples } from "./support.ts";

const plain = wasm.create({ relaxed: false });

type Outputs = { readonly gradient?: FloatArray; readonly perExample?: FloatArray; readonly loss: number };

/** Expects both back ends to agree, in sum and row by row. */
function expectSame(
  loss: Loss,
  batch: { logits: Float32Array; labels: Int32Array | Float64Array | Float32Array | Uint8Array; classes: number },
  options: Omit<EvaluateOptions, "backend">,
  tolerance = 2e-6,
  scale = 1e-30,
): void {
  const exact = evaluate(loss, batch, { gradient: true, ...options }) as Outputs;
  for (const backend of [wasm, plain]) {
    const found = evaluate(loss, batch, { gradient: true, ...options, backend }) as Outputs;
    expectClose(found.loss, exact.loss, tolerance, scale);
    const { classes } = batch;
    const wanted = exact.gradient as FloatArray;
    for (let row = 0; row < batch.logits.length; row += classes) {
      const actual = (found.gradient as FloatArray).slice(row, row + classes);
      expectClose(actual, wanted.slice(row, row + classes), tolerance, scale);
    }
    if (exact.perExample) expectClose(found.perExample as FloatArray, exact.perExample, tolerance, scale);
  }
}

describe.each(everyCase)("$name", (each) => {
  it("is the same on both back ends, with weights of every kind", () => {
    law(
      samples(each, { reach: 20 }),
      (sample) => {
        const { loss, classes, activation, alpha, exampleWeights } = sample;
        const labels = sample.labels instanceof Int32Array ? sample.labels : Float32Array.from(sample.labels);
        const batch = { logits: Float32Array.from(sample.logits), labels, classes };
        for (const options of [
          {},
          { alpha },
          { exampleWeights },
          { alpha, exampleWeights, reduction: "none" as const },
        ]) {
          expectSame(loss, batch, { activation, ...options }, 1e-5);
        }
      },
      20,
    );
  });
});

describe("every step of the grammar", () => {
  const logits = Float32Array.from({ length: 60 }, (_, k) => ((k * 7919) % 61) / 5 - 6);
  const hard = Float32Array.from({ length: 60 }, (_, k) => (k * 31) % 2);
  const indices = Int32Array.from({ length: 12 }, (_, n) => (n * 7) % 5);
  const steps: readonly Omit<EvaluateOptions, "activation">[] = [
    { reduction: "sum" },
    { reduction: "none" },
    { reduction: "weighted-mean", exampleWeights: Float32Array.from({ length: 12 }, (_, n) => n / 3) },
    { mask: Uint8Array.from({ length: 12 }, (_, n) => n % 2) },
    { ignoreLabel: 0 },
    { labelSmoothing: 0.1 },
    { logitAdjustment: [0.1, -0.2, 0.3, 0, 1] },
    { curvature: true },
  ];
  it.each(steps)("%j gives the same on both back ends", (step) => {
    for (const loss of [crossEntropy(), focal({ gamma: 2 }), focal({ gamma: 0.7 }), asymmetric()]) {
      expectSame(loss, { logits, labels: hard, classes: 5 }, { activation: "sigmoid", ...step });
      expectSame(loss, { logits, labels: indices, classes: 5 }, { activation: "softmax", ...step });
    }
  });

  it("reads labels of any type", () => {
    for (const labels of [hard, Int32Array.from(hard), Uint8Array.from(hard), Float64Array.from(hard)]) {
      expectSame(focal(), { logits, labels, classes: 5 }, { activation: "sigmoid" });
      expectSame(asymmetric(), { logits, labels, classes: 5 }, { activation: "sigmoid" });
    }
    expectSame(focal(), { logits, labels: Uint8Array.from(indices), classes: 5 }, { activation: "softmax" });
  });

  it("takes parameters per class, and inputs that are probabilities", () => {
    const loss = focal({ gamma: [0, 1, 2, 3, 0.5] });
    expectSame(loss, { logits, labels: hard, classes: 5 }, { activation: "sigmoid" });
    expectSame(loss, { logits, labels: indices, classes: 5 }, { activation: "softmax" });
    const p = logits.map((z) => 1 / (1 + Math.exp(-z)));
    expectSame(
      crossEntropy(),
      { logits: p, labels: hard, classes: 5 },
      { activation: "sigmoid", inputs: "probabilities" },
    );
  });
});

describe("every shape", () => {
  const random = (length: number, reach: number) =>
    Float32Array.from({ length }, (_, k) => reach * Math.sin(k * 12.9898 + (k % 7)));

  it.each([2, 3, 4, 5, 7, 10, 16, 19, 20, 21, 31, 127, 128, 129, 130, 1000, 2051, 5003])(
    "softmax of %d classes",
    (classes) => {
      for (const rows of [1, 2, 3, 4, 5, 9]) {
        const labels = Int32Array.from({ length: rows }, (_, n) => (n * 53 + classes - 1) % classes);
        for (const reach of [3, 90]) {
          const logits = random(rows * classes, reach);
          expectSame(crossEntropy(), { logits, labels, classes }, { activation: "softmax" });
          expectSame(focal(), { logits, labels, classes }, { activation: "softmax", reduction: "none" });
        }
      }
    },
  );

  it.each([1, 2, 3, 4, 5, 63, 64, 65, 1023, 70_001])("sigmoid of %d logits", (length) => {
    const labels = Float32Array.from({ length }, (_, k) => (k * 7) % 2);
    for (const reach of [3, 100]) {
      const batch = { logits: random(length, reach), labels, classes: 1 };
      expectSame(crossEntropy(), batch, { activation: "sigmoid" });
      expectSame(crossEntropy(), batch, { activation: "sigmoid", alpha: 0.25 });
      expectSame(focal(), batch, { activation: "sigmoid", reduction: "none" });
    }
  });

  it("softmax rows whose largest logits are far apart, or far from 0", () => {
    for (const classes of [4, 10, 100]) {
      const rows = 9;
      const labels = Int32Array.from({ length: rows }, (_, n) => (n * 3) % classes);
      const centres = [0, 500, -900, 3, 9999, -9999, 30, -30, 70];
      const logits = random(rows * classes, 5).map((z, k) => z + centres[Math.floor(k / classes)]);
      expectSame(crossEntropy(), { logits, labels, classes }, { activation: "softmax", reduction: "none" });
      // A target far ahead of the others, and far behind.
      for (const lead of [20, 60, 75, 85, -60, -100, -1000]) {
        const ahead = random(rows * classes, 1);
        for (let n = 0; n < rows; n++) ahead[n * classes + labels[n]] += lead;
        expectSame(
          focal({ gamma: 0 }),
          { logits: ahead, labels, classes },
          { activation: "softmax", reduction: "none" },
        );
      }
    }
  });
});

describe("a row unlike those around it", () => {
  // As many rows as several blocks have; whatever is odd about one must not touch the others.
  const rows = 300;
  const kinds: readonly (readonly [string, (z: number, isTarget: boolean) => number])[] = [
    ["far above", (z) => z + 200],
    ["so far above that a power of two comes round", (z) => z + 420],
    ["far below", (z) => z - 300],
    ["with a target alone on top", (z, isTarget) => (isTarget ? 500 : z)],
    ["with a target alone below", (z, isTarget) => (isTarget ? -500 : z)],
    ["of logits near 1e4", (z) => 1e4 + z],
    ["with classes that cannot happen", (z, isTarget) => (isTarget || z < 1 ? z : Number.NEGATIVE_INFINITY)],
    ["with masked classes, far below", (z, isTarget) => (isTarget || z < 1 ? z : z - 1000)],
    ["with classes that are hardly in the frame", (z, isTarget) => (isTarget || z < 1 ? z : z - 100)],
  ];
  it.each(kinds)("%s", (_, bend) => {
    for (const classes of [2, 6, 10, 23, 200]) {
      const labels = Int32Array.from({ length: rows }, (_, n) => (n * 7) % classes);
      const calm = Float32Array.from({ length: rows * classes }, (_, k) => 3 * Math.sin(k * 12.9898));
      for (const odd of [0, 1, 97, 130, 298, 299]) {
        const logits = calm.slice();
        for (let j = 0; j < classes; j++) {
          const k = odd * classes + j;
          logits[k] = bend(logits[k], j === labels[odd]);
        }
        for (const loss of [crossEntropy(), focal()]) {
          expectSame(loss, { logits, labels, classes }, { activation: "softmax", reduction: "none" });
          expectSame(loss, { logits, labels, classes }, { activation: "softmax" });
        }
      }
    }
  });
});

describe("what is not ordinary", () => {
  const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const result = (run: () => unknown) => {
    try {
      return String(run());
    } catch (error) {
      return String(error);
    }
  };
  const both = (loss: Loss, batch: Parameters<typeof evaluate>[1], options: EvaluateOptions) =>
    [undefined, wasm].map((backend) => result(() => evaluate(loss, batch, { ...options, backend }).loss));

  it("a logit of NaN or infinite gives what the reference gives: the same number, or the same error", () => {
    for (const value of values) {
      for (const [classes, activation] of [
        [5, "softmax"],
        [60, "softmax"],
        [1, "sigmoid"],
      ] as const) {
        for (const at of [0, 3, 7]) {
          const logits = Float32Array.from({ length: 2 * 60 }, (_, k) => Math.sin(k));
          logits[at] = value;
          const labels = activation === "softmax" ? new Int32Array(120 / classes).fill(3) : new Int32Array(120);
          for (const loss of [crossEntropy(), focal(), focal({ gamma: 0.5 }), asymmetric()]) {
            for (const gradient of [true, false]) {
              const [expected, found] = both(loss, { logits, labels, classes }, { activation, gradient });
              if (Number.isFinite(Number(expected))) expectClose(Number(found), Number(expected), 1e-6);
              else expect(found).toBe(expected);
            }
          }
        }
      }
    }
  });

  it("labels that are out of range, and rows without a possible class, give the error of the reference", () => {
    const logits = new Float32Array(200).map((_, k) => Math.sin(k));
    for (const classes of [5, 100]) {
      for (const bad of [-1, classes, 2.5]) {
        const labels = new Array(200 / classes).fill(1);
        labels[1] = bad;
        const [expected, found] = both(focal(), { logits, labels, classes }, { activation: "softmax" });
        expect(expected).toContain("labels[1]");
        expect(found).toBe(expected);
      }
      const impossible = logits.slice().fill(Number.NEGATIVE_INFINITY, 0, classes);
      const [expected, found] = both(
        focal(),
        { logits: impossible, labels: new Int32Array(200 / classes), classes },
        { activation: "softmax" },
      );
      expect(expected).toContain("all logits of example 0");
      expect(found).toBe(expected);
    }
    for (const bad of [-0.1, 1.5, 7, Number.NaN]) {
      const labels = new Float32Array(200).fill(1);
      labels[150] = bad;
      const [expected, found] = both(focal(), { logits, labels }, { activation: "sigmoid" });
      expect(expected).toContain("labels[150]");
      expect(found).toBe(expected);
    }
  });

  it("labels of a sigmoid that are neither 0 nor 1 give the error of the reference, wherever they are", () => {
    const logits = new Float32Array(203).map((_, k) => Math.sin(k));
    for (const at of [0, 1, 7, 16, 63, 100, 191, 200, 202]) {
      for (const bad of [
        Uint8Array.of(2),
        Uint8Array.of(255),
        Int32Array.of(256),
        Int32Array.of(-1),
        Float32Array.of(2),
        Float32Array.of(-1),
      ]) {
        const labels = new (bad.constructor as Uint8ArrayConstructor)(203).fill(1, 0, 90);
        labels[at] = bad[0];
        const [expected, found] = both(focal(), { logits, labels }, { activation: "sigmoid" });
        expect(expected).toContain(`labels[${at}]`);
        expect(found).toBe(expected);
      }
    }
  });

  it("a class that cannot happen costs nothing and gets no gradient", () => {
    for (const classes of [6, 90, 300]) {
      for (const impossible of [Number.NEGATIVE_INFINITY, -3.4e38, -1e9, -1000]) {
        const logits = new Float32Array(4 * classes).map((_, k) => (k % 3 === 1 ? impossible : Math.sin(k)));
        const labels = Int32Array.from({ length: 4 }, () => 3);
        for (const loss of [crossEntropy(), focal()]) {
          expectSame(loss, { logits, labels, classes }, { activation: "softmax" });
          const { gradient } = evaluate(
            loss,
            { logits, labels, classes },
            { activation: "softmax", gradient: true, backend: wasm },
          );
          for (let k = 1; k < gradient.length; k += 3) expect(Math.abs(gradient[k])).toBe(0);
        }
      }
    }
  });

  it("an empty batch has loss 0", () => {
    const batch = { logits: new Float32Array(0), labels: new Int32Array(0), classes: 3 };
    expect(evaluate(crossEntropy(), batch, { activation: "softmax", backend: wasm }).loss).toBe(0);
  });
});

describe("confident targets", () => {
  it("keep their gradient down to 1e-37", () => {
    for (let z = 1; z < 84; z += 0.37) {
      const logit = Math.fround(z);
      const exact = 1 / (1 + Math.exp(logit));
      const sigmoid = evaluate(
        crossEntropy(),
        { logits: [logit], labels: [1] },
        { activation: "sigmoid", gradient: true, backend: wasm },
      );
      expectClose(sigmoid.loss, Math.log1p(Math.exp(-logit)), 1e-6);
      expectClose(sigmoid.gradient, [-exact], 1e-6);
      const softmax = evaluate(
        crossEntropy(),
        { logits: [logit, 0], labels: [0] },
        { activation: "softmax", gradient: true, backend: wasm },
      );
      expectClose(softmax.loss, Math.log1p(Math.exp(-logit)), 1e-6);
      expectClose(softmax.gradient, [-exact, exact], 1e-6);
    }
  });
});

/** A formula as a tree, to be read with any operations. */
type Tree =
  | { readonly view: keyof Views<unknown> }
  | { readonly number: number }
  | { readonly operation: keyof Operations<unknown>; readonly operands: readonly Tree[] };

const leaf: fc.Arbitrary<Tree> = fc.oneof(
  fc.constantFrom("pt", "oneMinusPt", "logPt", "logOneMinusPt" as const).map((view) => ({ view })),
  between(0.25, 3).map((number) => ({ number })),
) as fc.Arbitrary<Tree>;

/** Trees that stay positive and of moderate size, so that both precisions have the same digits to show. */
const tree = fc.letrec<{ tree: Tree }>((tie) => {
  const each = tie("tree");
  const operation = (name: keyof Operations<unknown>, ...operands: fc.Arbitrary<Tree>[]) =>
    fc.tuple(...operands).map((all): Tree => ({ operation: name, operands: all }));
  const negative = fc.constantFrom("logPt", "logOneMinusPt" as const).map((view): Tree => ({ view }));
  const minus = negative.map((view): Tree => ({ operation: "neg", operands: [view] }));
  const positive = fc.oneof(
    fc.constantFrom("pt", "oneMinusPt" as const).map((view): Tree => ({ view })),
    minus,
    between(0.25, 3).map((number): Tree => ({ number })),
  );
  return {
    tree: fc.oneof(
      { maxDepth: 3 },
      positive,
      operation("add", each, each),
      operation("mul", each, each),
      operation("div", each, operation("add", each, fc.constant({ number: 1 }))),
      operation("pow", positive, fc.constantFrom({ number: 2 }, { number: 0.5 }, { number: 3 }, { number: 1.7 })),
      operation("exp", operation("neg", each)),
      operation("log1p", each),
      operation("neg", operation("expm1", operation("neg", each))),
      operation("ifPositive", operation("sub", each, fc.constant({ number: 1 })), each, each),
    ),
  };
}).tree;

function read<T>(node: Tree, operations: Operations<T>, views: Views<T>): Operand<T> {
  if ("view" in node) return views[node.view];
  if ("number" in node) return node.number;
  const operands = node.operands.map((each) => read(each, operations, views));
  return (operations[node.operation] as (...values: Operand<T>[]) => T)(...operands);
}

describe("formulas at random", () => {
  it("compile, and give the same on both back ends", () => {
    law(
      fc.tuple(tree, leaf, listOf(12, -6, 6)),
      ([formula, _, given]) => {
        const loss = defineLoss({
          name: "atRandom",
          formula: (operations, views) => operations.mul(1, read(formula, operations, views)) as never,
        })();
        const logits = Float32Array.from(given);
        const labels = Int32Array.from({ length: 12 }, (_, k) => k % 2);
        expectSame(loss, { logits, labels, classes: 1 }, { activation: "sigmoid", reduction: "none" }, 1e-5, 0.1);
        expectSame(
          loss,
          { logits, labels: Int32Array.of(0, 1, 2, 1), classes: 3 },
          { activation: "softmax", reduction: "none" },
          1e-5,
          0.1,
        );
      },
      150,
    );
  });
});
