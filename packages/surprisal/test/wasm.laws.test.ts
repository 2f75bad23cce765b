// The WASM back end beside the reference: every kind of problem, every shape, rows unlike those around them.
import { describe, it } from "vitest";
import { asymmetric, crossEntropy, type EvaluateOptions, evaluate, focal } from "../src/index.ts";
import { wasm } from "../src/wasm.ts";
import { expectSame } from "./sameAsReference.ts";
import { everyCase, expectClose, law, samples } from "./support.ts";

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
