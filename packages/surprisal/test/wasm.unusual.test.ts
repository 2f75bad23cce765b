// What is not ordinary on the WASM back end: NaN, infinite logits and wrong labels give what the reference gives.
import { describe, expect, it } from "vitest";
import { asymmetric, crossEntropy, type EvaluateOptions, evaluate, focal, type Loss } from "../src/index.ts";
import { wasm } from "../src/wasm.ts";
import { expectSame } from "./sameAsReference.ts";
import { expectClose } from "./support.ts";

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
