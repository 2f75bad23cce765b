// Class weights, alpha and logit adjustment from counts and priors, against explicit formulas.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { activate, binaryAlpha, classWeights, evaluate, focal, logitAdjustment } from "../src/index.ts";
import { between, distributions, expectClose, expectDigits, law, listOf, total } from "./support.ts";

describe("classWeights", () => {
  const counts = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 2, maxLength: 8 });
  const options = fc.record({
    scheme: fc.constantFrom("inverse", "inverse-sqrt", "effective-number"),
    beta: between(0, 0.99999),
  } as const);

  it("have mean 1 over the examples, and fall with the count", () => {
    law(
      fc.tuple(counts, options),
      ([n, settings]) => {
        const weights = classWeights(n, settings);
        expectClose(total(weights.map((w, c) => w * n[c])) / total(n), 1, 1e-13);
        for (let c = 1; c < n.length; c++) {
          if (n[c] > n[0]) expect(weights[c]).toBeLessThanOrEqual(weights[0] * (1 + 1e-14));
        }
      },
      200,
    );
  });

  it("depend on the ratios of counts only, at every size", () => {
    law(fc.tuple(counts, fc.integer({ min: -500, max: 500 })), ([n, exponent]) => {
      const scaled = n.map((count) => count * 4 ** exponent); // of which roots are exact
      for (const scheme of ["inverse", "inverse-sqrt"] as const) {
        expect(classWeights(scaled, { scheme })).toEqual(classWeights(n, { scheme }));
      }
      expect(binaryAlpha(scaled.slice(0, 2))).toBe(binaryAlpha(n.slice(0, 2)));
    });
    expect(Array.from(classWeights([1.7e308, 1.7e308]))).toEqual([1, 1]);
    expect(Array.from(classWeights([5e-324, 1e-323]))).toEqual([1.5, 0.75]);
  });

  it("are scikit-learn's class_weight balanced: examples / (classes count)", () => {
    law(counts, (n) => {
      expectDigits(
        classWeights(n),
        n.map((count) => total(n) / (n.length * count)),
        1e-14,
      );
      expect(classWeights(n, { scheme: "inverse" })).toEqual(classWeights(n));
    });
    expectDigits(classWeights([900, 100]), [5 / 9, 5], 1e-15);
  });

  it("are the square root of the inverse for inverse-sqrt, up to the common factor", () => {
    law(counts, (n) => {
      const weights = classWeights(n, { scheme: "inverse-sqrt" });
      expectDigits(
        weights.map((w) => w / weights[0]),
        n.map((count) => Math.sqrt(n[0] / count)),
        1e-13,
      );
    });
  });

  it("go from no weights to inverse weights as beta goes from 0 to 1 (effective number)", () => {
    law(counts, (n) => {
      expectDigits(
        classWeights(n, { scheme: "effective-number", beta: 0 }),
        n.map(() => 1),
        1e-14,
      );
      expectDigits(classWeights(n, { scheme: "effective-number", beta: 1 - 1e-12 }), classWeights(n), 1e-6);
      const beta = 0.99;
      const direct = n.map((count) => (1 - beta) / (1 - beta ** count));
      const weights = classWeights(n, { scheme: "effective-number", beta });
      expectDigits(
        weights.map((w) => w / weights[0]),
        direct.map((w) => w / direct[0]),
        1e-12,
      );
    });
  });

  it("follow the policy for a class without examples, and keep their mean over the examples", () => {
    expect(() => classWeights([3, 0, 6])).toThrow(/counts\[1\] is 0/);
    expect(() => classWeights([0, 0], { emptyClass: "zero" })).toThrow(/counts/);
    law(fc.tuple(counts, options), ([n, settings]) => {
      const some = classWeights(n, settings);
      for (const emptyClass of ["zero", "largest"] as const) {
        const weights = classWeights([0, ...n, 0], { ...settings, emptyClass });
        expectDigits(weights.slice(1, -1), some, 1e-14);
        const expected = emptyClass === "zero" ? 0 : Math.max(...weights.slice(1, -1));
        expect([weights[0], weights.at(-1)]).toEqual([expected, expected]);
      }
    });
  });
});

describe("binaryAlpha", () => {
  it("balances both labels: it is the share of label 0, and agrees with the weights of two classes", () => {
    expect(binaryAlpha([900, 100])).toBeCloseTo(0.9, 15);
    law(fc.tuple(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1e6 })), ([negative, positive]) => {
      expectClose(binaryAlpha([negative, positive]), negative / (negative + positive), 1e-14);
      for (const scheme of ["inverse", "inverse-sqrt", "effective-number"] as const) {
        const [w0, w1] = classWeights([negative, positive], { scheme });
        expectClose(binaryAlpha([negative, positive], { scheme }), w1 / (w0 + w1), 1e-14);
      }
    });
    expect(() => binaryAlpha([1, 2, 3])).toThrow(/two/);
    expect(() => binaryAlpha([0, 2])).toThrow(/counts\[0\] is 0/);
  });
});

describe("logitAdjustment", () => {
  const prior = fc
    .integer({ min: 2, max: 6 })
    .chain((classes) => listOf(classes, 0.01, 1).map((p) => distributions(p, classes)));

  it("multiplies probabilities (softmax) or odds (sigmoid) by the prior's, to the power tau", () => {
    law(fc.record({ prior, tau: between(-2, 2), z: listOf(6, -5, 5) }), ({ prior: p, tau, z }) => {
      const logits = z.slice(0, p.length);
      const options = { activation: "softmax", classes: p.length } as const;
      const adjusted = logits.map((each, c) => each + logitAdjustment(p, { tau })[c]);
      const product = activate(logits, options).map((q, c) => q * p[c] ** tau);
      expectDigits(
        activate(adjusted, options),
        product.map((q) => q / total(product)),
        1e-12,
      );
      const odds = p.map((each) => each / (1 - each));
      const sigmoid = logitAdjustment(p, { tau, activation: "sigmoid" });
      expectDigits(
        sigmoid.map(Math.exp),
        odds.map((each) => each ** tau),
        1e-12,
      );
    });
  });

  it("with tau 1 lets a model that knows nothing put out the prior", () => {
    law(prior, (p) => {
      const options = { activation: "softmax", logitAdjustment: logitAdjustment(p), gradient: true } as const;
      const batch = { logits: new Float64Array(p.length), labels: p, classes: p.length };
      expectClose(
        evaluate(focal({ gamma: 0 }), batch, options).gradient,
        p.map(() => 0),
        1e-15,
        1,
      );
    });
    expect(() => logitAdjustment([0.5, 0])).toThrow(/prior\[1\] is 0/);
    expect(logitAdjustment([1])).toEqual(Float64Array.of(0)); // softmax over a single class
    expect(() => logitAdjustment([0.5, 1], { activation: "sigmoid" })).toThrow(/prior\[1\] is 1/);
  });
});

describe("the effective number", () => {
  it("weighs all classes alike at beta 0", () => {
    expect(Array.from(classWeights([5, 500], { scheme: "effective-number", beta: 0 }))).toEqual([1, 1]);
  });
});
