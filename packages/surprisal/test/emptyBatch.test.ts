// An empty batch: no error, nothing made for its classes, and loss 0.
import { describe, expect, it } from "vitest";
import { activate, activateGradient, decide, evaluate, focal, logActivate, trueProbabilities } from "../src/index.ts";
import { wasm } from "../src/wasm.ts";
import { inSigmoid, inSoftmax } from "./badInput/calls.ts";

describe("an empty batch", () => {
  const empty = new Float64Array(0);
  const counted = { loss: 0, counted: 0 };
  it.each([
    ["class indices", { labels: new Int32Array(0), classes: 3 }, { ignoreLabel: -1, alpha: [1, 2, 3] }],
    ["class indices, without classes", { labels: [] }, { alpha: [1, 2, 3] }],
    ["probabilities", { labels: empty, classes: 3 }, { exampleWeights: [] }],
    ["sigmoid", { labels: [] }, { activation: "sigmoid", mask: [], alpha: 0.25 }],
    ["sigmoid with columns", { labels: empty, classes: 4 }, { activation: "sigmoid", exampleWeights: [] }],
  ] as const)("costs nothing and is no error: %s", (_, batch, options) => {
    for (const reduction of ["mean", "sum", "none", "weighted-mean"] as const) {
      const settings = { activation: "softmax", ...options, reduction, gradient: true, curvature: true } as const;
      const result = evaluate(focal(), { logits: empty, ...batch }, settings);
      expect(result).toMatchObject({ ...counted, gradient: empty, curvature: empty });
    }
  });

  it("makes nothing for each of its classes, which may be any number", () => {
    const classes = 2 ** 40;
    for (const backend of [undefined, wasm]) {
      const options = { gradient: true, curvature: true, reduction: "none", ...(backend && { backend }) } as const;
      const batch = { logits: empty, labels: [], classes };
      expect(evaluate(focal(), batch, { ...options, activation: "softmax" })).toMatchObject(counted);
      for (const alpha of [undefined, 0.25, { positive: 3, negative: 1 }] as const) {
        expect(evaluate(focal(), batch, { ...options, activation: "sigmoid", alpha })).toMatchObject(counted);
      }
      expect(() => evaluate(focal(), batch, { ...options, activation: "sigmoid", alpha: 2 })).toThrow("alpha is 2");
      for (const activation of ["softmax", "sigmoid"] as const) {
        const lists = { alpha: [0.5, 0.5], exampleWeights: [1], mask: [1], logitAdjustment: [0, 0] };
        for (const [name, list] of Object.entries(lists)) {
          expect(() => evaluate(focal(), batch, { ...options, activation, [name]: list })).toThrow(
            `focal: ${name} has`,
          );
        }
        const perClass = focal({ gamma: [1, 2] });
        expect(() => evaluate(perClass, batch, { ...options, activation })).toThrow("gamma has 2 values");
      }
    }
    for (const activation of ["softmax", "sigmoid"] as const) {
      expect(activate([], { activation, classes })).toEqual(empty);
      expect(logActivate([], { activation, classes })).toEqual(empty);
      expect(activateGradient([], [], { activation, classes })).toEqual(empty);
      expect(decide([], { activation, classes })).toEqual(new Int32Array(0));
      expect(trueProbabilities(focal(), [], { activation, classes })).toEqual(empty);
    }
    expect(trueProbabilities(focal(), [], { ...inSigmoid, classes, alpha: 0.3 })).toEqual(empty);
  });

  it("gives no probabilities and no decisions", () => {
    expect(activate([], inSoftmax)).toEqual(empty);
    expect(decide([], inSoftmax)).toEqual(new Int32Array(0));
    expect(trueProbabilities(focal(), [], { ...inSoftmax, alpha: [1, 2, 3] })).toEqual(empty);
  });
});
