// Facts about the undo: known numbers, closed forms, refusals, and logits that are no numbers.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { activate, asymmetric, crossEntropy, focal, losses, trueProbabilities } from "../src/index.ts";
import { between, expectAbsolute, expectClose, law, listOf } from "./support.ts";

describe("trueProbabilities", () => {
  it("shows that focal with gamma 2 puts out 19 % where the truth is 2 %", () => {
    // minimum of -0.02 (1-p)^2 log p - 0.98 p^2 log(1-p), by bisection
    let [low, high] = [0, 1];
    for (let halving = 0; halving < 60; halving++) {
      const p = (low + high) / 2;
      const up = 0.02 * ((1 - p) ** 2 / p - 2 * (1 - p) * Math.log(p));
      const down = 0.98 * (p ** 2 / (1 - p) - 2 * p * Math.log1p(-p));
      if (up > down) low = p;
      else high = p;
    }
    expect(low).toBeCloseTo(0.19, 2);
    const found = trueProbabilities(focal({ gamma: 2 }), [Math.log(low / (1 - low))], { activation: "sigmoid" });
    expectClose(found[0], 0.02, 1e-13);
  });

  it("is, for cross entropy and for gamma 0, a shift of the logits by log alpha and by the adjustment", () => {
    for (const loss of [crossEntropy(), focal({ gamma: 0 })]) {
      law(fc.tuple(listOf(6, -30, 30), listOf(3, 0.1, 10), listOf(3, -2, 2)), ([logits, alpha, logitAdjustment]) => {
        const shifted = logits.map((z, k) => z + logitAdjustment[k % 3] - Math.log(alpha[k % 3]));
        const options = { activation: "softmax", classes: 3 } as const;
        const found = trueProbabilities(loss, logits, { ...options, alpha, logitAdjustment });
        expectAbsolute(found, activate(shifted, options), 1e-13);
      });
      law(fc.tuple(between(-30, 30), between(0.01, 0.99)), ([z, a]) => {
        const found = trueProbabilities(loss, [z], { activation: "sigmoid", alpha: a });
        expectClose(found, activate([z - Math.log(a / (1 - a))], { activation: "sigmoid" }), 1e-13);
      });
    }
  });

  it("keeps relative accuracy in the far tail: focal at logit -z has truth (1 + gamma z) e^(-(gamma + 1) z)", () => {
    for (const gamma of [0.5, 2, 5]) {
      for (const z of [-100, -60]) {
        const [found] = trueProbabilities(focal({ gamma }), [z], { activation: "sigmoid" });
        // pull up is q^0 (1 + gamma q |log q|) -> 1, pull down is q^gamma (q + gamma q) = (1 + gamma) q^(gamma + 1)
        expectClose(found, (1 + gamma) * Math.exp((gamma + 1) * z), 1e-11);
      }
    }
  });

  it("undoes label smoothing: with 0.1, cross entropy that shows 95 % of one label means 1, and 5 % means 0", () => {
    const logit = (p: number) => Math.log(p / (1 - p));
    const at = (p: number, labelSmoothing: number) =>
      trueProbabilities(crossEntropy(), [logit(p)], { activation: "sigmoid", labelSmoothing })[0];
    expectAbsolute([at(0.5, 0.1), at(0.23, 0.1), at(0.95, 0.1), at(0.05, 0.1)], [0.5, 0.2, 1, 0], 1e-14);
    expect([at(0.99, 0.1), at(0.01, 0.1)]).toEqual([1, 0]); // no minimum shows so much
    const two = { activation: "softmax", classes: 2, labelSmoothing: 0.3 } as const;
    for (const p of [0.01, 0.1, 0.2, 0.5, 0.8, 0.99])
      expectAbsolute(
        trueProbabilities(focal(), [0, logit(p)], two).slice(1),
        trueProbabilities(focal(), [logit(p)], { activation: "sigmoid", labelSmoothing: 0.3 }),
        1e-14,
      );
  });

  it("is to the last bit what it was where labelSmoothing is 0", () => {
    law(fc.tuple(listOf(6, -300, 300), listOf(3, 0.1, 10)), ([logits, alpha]) => {
      const options = { activation: "softmax", classes: 3, alpha } as const;
      expect(trueProbabilities(focal(), logits, { ...options, labelSmoothing: 0 })).toEqual(
        trueProbabilities(focal(), logits, options),
      );
    });
  });

  it("answers with smoothed labels to NaN with NaN, and to infinite logits with 0 and 1", () => {
    const logits = [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    expect([...trueProbabilities(focal(), logits, { activation: "sigmoid", labelSmoothing: 0.2 })]).toEqual([
      Number.NaN,
      0,
      1,
    ]);
    const soft = { activation: "softmax", classes: 3, labelSmoothing: 0.2 } as const;
    expect([...trueProbabilities(focal(), [Number.NaN, 1, 2], soft)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(trueProbabilities(focal(), [Number.NEGATIVE_INFINITY, 0, 0], soft)).toEqual(Float64Array.of(0, 0.5, 0.5));
  });

  it("refuses a smoothing that is no share, or that leaves nothing of the labels", () => {
    for (const activation of ["sigmoid", "softmax"] as const) {
      const undo = (labelSmoothing: number) => () =>
        trueProbabilities(focal(), [1, 2], { activation, classes: 2, labelSmoothing });
      expect(undo(1.5)).toThrow(/labelSmoothing is 1.5, but must be a number from 0 to 1/);
      expect(undo(Number.NaN)).toThrow(/labelSmoothing is NaN/);
      expect(undo(1)).toThrow(/labelSmoothing is 1.*every label.*nothing/);
    }
  });

  it("refuses a class that weighed nothing, and names it", () => {
    const two = { activation: "softmax", classes: 2 } as const;
    expect(() => trueProbabilities(focal(), [1, 2], { ...two, alpha: [1, 0] })).toThrow(/alpha.*class 1.* 0/);
    expect(() => trueProbabilities(focal(), [1], { activation: "sigmoid", alpha: 0 })).toThrow(/alpha.*label 1.* 0/);
    expect(() => trueProbabilities(focal(), [1], { activation: "sigmoid", alpha: 1 })).toThrow(/alpha.*label 0.* 0/);
    const pair = { positive: [1, 0], negative: 1 };
    expect(() => trueProbabilities(focal(), [1, 2], { activation: "sigmoid", classes: 2, alpha: pair })).toThrow(
      /alpha.*label 1.* 1.* 0/,
    );
  });

  it("refuses a place where the loss is flat, and names the example", () => {
    const loss = asymmetric({ margin: 0.3, gammaPositive: 0 });
    // Below the margin label 0 does not pull, label 1 does: the probability of a minimum there is 0.
    expect(trueProbabilities(loss, [-3], { activation: "sigmoid" })).toEqual(Float64Array.of(0));
    const flat = {
      ...loss,
      definition: { ...loss.definition, formula: loss.definition.negativeFormula ?? loss.definition.formula },
    };
    expect(() => trueProbabilities(flat, [0.5, 9, 0, 0], { activation: "softmax", classes: 2 })).toThrow(
      /example 0.*flat/,
    );
  });
});

describe("logits that are no numbers, or infinite", () => {
  it("give NaN, 0 and 1 under sigmoid, for every loss", () => {
    for (const make of losses) {
      const logits = [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
      expect(Array.from(trueProbabilities(make(), logits, { activation: "sigmoid" }))).toEqual([Number.NaN, 0, 1]);
    }
  });

  it("make a row NaN under softmax, and no other row", () => {
    for (const make of losses) {
      const found = trueProbabilities(make(), [Number.NaN, 0, 0, 0], { activation: "softmax", classes: 2 });
      expect(Array.from(found)).toEqual([Number.NaN, Number.NaN, 0.5, 0.5]);
    }
  });
});
