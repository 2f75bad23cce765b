// Laws of weights of every size that float64 has: a common factor cancels from a weighted mean, and what can be
// represented comes out. SURPRISAL_ATTACK=long takes a hundred times as many batches and prints how many.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exponentOf, product, scaledBy } from "../src/formula/powersOfTwo.ts";
import { type Backend, crossEntropy, evaluate, type LossFactory, losses, reference } from "../src/index.ts";
import { wasm } from "../src/wasm.ts";
import { attackTime, recordCounts } from "./attack/counts.ts";
import { attack, everyCase, expectClose, expectDigits, type Sample, samples, total } from "./support.ts";

const backends: readonly (readonly [string, Backend])[] = [
  ["the reference", reference],
  ["WASM", wasm],
];

/** A weighted mean of a sample whose weights are multiplied by factors. */
function weightedMean(sample: Sample, backend: Backend, ofExamples: number, ofClasses: number) {
  const { activation, loss, logits, labels, classes, alpha, exampleWeights } = sample;
  const times = (values: readonly number[], factor: number) => values.map((value) => value * factor);
  const positive = times(alpha, ofClasses);
  const negative = times(
    alpha.map((a) => 1 - a),
    ofClasses,
  );
  const options = {
    alpha: activation === "softmax" ? positive : { positive, negative },
    exampleWeights: times(exampleWeights, ofExamples),
    reduction: "weighted-mean",
    gradient: true,
    curvature: true,
    backend,
  } as const;
  const { loss: value, gradient, curvature } = evaluate(loss, { logits, labels, classes }, { activation, ...options });
  return { value, gradient, curvature };
}

describe.each(backends)("on %s", (name, backend) => {
  describe.each(everyCase)("$name", (each) => {
    const exponent = fc.integer({ min: -950, max: 950 });
    it(
      "gives the same weighted mean, to the bit, for weights times any power of two",
      () => {
        attack(
          fc.record({ sample: samples(each), ofExamples: exponent, ofClasses: exponent }),
          ({ sample, ofExamples, ofClasses }) => {
            const expected = weightedMean(sample, backend, 1, 1);
            expect(weightedMean(sample, backend, 2 ** ofExamples, 2 ** ofClasses)).toEqual(expected);
            expect(weightedMean(sample, backend, 1, 2 ** ofClasses)).toEqual(expected);
            expect(weightedMean(sample, backend, 2 ** ofExamples, 1)).toEqual(expected);
          },
          10,
        );
      },
      attackTime,
    );

    it(
      "gives the same weighted mean, but for rounding, for weights times any number",
      () => {
        const factor = fc.double({ min: 1e-306, max: 1e306, noNaN: true });
        attack(
          fc.record({ sample: samples(each), ofExamples: factor, ofClasses: factor }),
          ({ sample, ofExamples, ofClasses }) => {
            const expected = weightedMean(sample, backend, 1, 1);
            const found = weightedMean(sample, backend, ofExamples, ofClasses);
            const tolerance = name === "WASM" ? 2e-6 : 1e-13;
            expectClose(found.value, expected.value, tolerance);
            // What soft labels leave of their sides is as exact as the sides; weights near 1 have pulls near 1.
            const scale = each.labelKind === "soft" ? 1 : 0;
            expectClose(found.gradient, expected.gradient, tolerance, scale);
            expectClose(found.curvature, expected.curvature, 10 * tolerance, scale);
          },
          10,
        );
      },
      attackTime,
    );
  });

  it("gives the plain mean where all weights are equal, the smallest and the largest numbers among them", () => {
    const batch = { logits: Float32Array.of(1, -2, 0.5, 3, 0, -1), labels: [0, 1, 1] };
    for (const activation of ["softmax", "sigmoid"] as const) {
      const labels = activation === "softmax" ? batch.labels : [0, 1, 1, 0, 0, 1];
      const options = { activation, gradient: true, backend } as const;
      const reduction = activation === "softmax" ? "mean" : "element-mean";
      const expected = evaluate(crossEntropy(), { ...batch, labels, classes: 2 }, { ...options, reduction });
      for (const weight of [5e-324, 1e-310, 2.3e-308, 1e-45, 1e-39, 1e-38, 1, 3e38, 1e200, 1.7e308]) {
        const exampleWeights = [weight, weight, weight];
        const found = evaluate(
          crossEntropy(),
          { ...batch, labels, classes: 2 },
          { ...options, exampleWeights, reduction: "weighted-mean" },
        );
        expectClose(found.loss, expected.loss, 1e-6);
        expectClose(found.gradient, expected.gradient, 1e-6);
      }
    }
  });
});

/** A number >= 0 as whole multiples of 2^-2200, exactly. */
function exact(x: number): bigint {
  const own = exponentOf(x);
  return BigInt(scaledBy(x, 60 - own)) << BigInt(own + 2200 - 60);
}

/** above / below, whose unit is 2^unit times that of below, to full accuracy, times a number. */
function quotient(above: bigint, below: bigint, unit: number, by: number): number {
  if (above === 0n || by === 0) return 0;
  const shift = 70 + below.toString(2).length - above.toString(2).length;
  const digits = shift >= 0 ? (above << BigInt(shift)) / below : above / (below << BigInt(-shift));
  return product(unit - shift, Number(digits), by);
}

const anyWeight = fc.oneof(
  fc.constantFrom(0, 5e-324, 1e-310, 2 ** -1022, 1e-45, 1e-39, 1, 1e38, 1e39, 1.7e308),
  fc
    .record({ digits: fc.double({ min: 1, max: 2, noNaN: true }), exponent: fc.integer({ min: -1074, max: 1022 }) })
    .map(({ digits, exponent }) => scaledBy(digits, exponent)),
  fc.double({ min: 0.1, max: 10, noNaN: true }),
);

/** A batch with hard labels whose weights have every size. */
const batches = fc
  .record({
    activation: fc.constantFrom("softmax" as const, "sigmoid" as const),
    factory: fc.constantFrom(...losses) as fc.Arbitrary<LossFactory>,
    examples: fc.integer({ min: 1, max: 5 }),
    classes: fc.integer({ min: 2, max: 4 }),
  })
  .chain((shape) => {
    const { examples, classes, activation } = shape;
    const list = <T>(value: fc.Arbitrary<T>, length: number) =>
      fc.array(value, { minLength: length, maxLength: length });
    return fc.record({
      shape: fc.constant(shape),
      logits: list(fc.double({ min: -30, max: 30, noNaN: true }), examples * classes),
      labels: activation === "softmax" ? list(fc.nat(classes - 1), examples) : list(fc.nat(1), examples * classes),
      weights: list(anyWeight, examples),
      positive: list(anyWeight, classes),
      negative: list(anyWeight, classes),
      isFar: fc.boolean(),
    });
  });

describe("weights of every size, beside exact arithmetic", () => {
  it.each(backends)(
    "weigh values and gradients on %s as they say, whatever the reduction",
    (name, backend) => {
      let count = 0;
      attack(
        batches,
        ({ shape: { activation, factory, examples, classes }, logits, labels, weights, positive, negative }) => {
          const loss = factory();
          const batch = { logits: Float32Array.from(logits), labels, classes };
          const size = examples * classes;
          const plain = evaluate(loss, batch, { activation, reduction: "none", gradient: true, curvature: true });
          const width = activation === "softmax" ? 1 : classes;
          const values = activation === "softmax" ? plain.perExample : plain.elements;
          /** The weight of each target: a product of two. */
          const exactWeights = Array.from({ length: examples * width }, (_, k) => {
            const column = activation === "softmax" ? labels[k] : k % classes;
            const ofClass = activation === "softmax" || labels[k] === 1 ? positive[column] : negative[column];
            return exact(weights[Math.floor(k / width)]) * exact(ofClass);
          });
          const sumOfWeights = exactWeights.reduce((sum, weight) => sum + weight, 0n);
          const denominators = {
            sum: [1n, -4400],
            none: [1n, -4400],
            mean: [BigInt(examples), -4400],
            "weighted-mean": [sumOfWeights || 1n, 0],
          } as const;
          for (const [reduction, [below, unit]] of Object.entries(denominators)) {
            const alpha = activation === "softmax" ? positive : { positive, negative };
            const found = evaluate(loss, batch, {
              activation,
              alpha,
              exampleWeights: weights,
              reduction: reduction as keyof typeof denominators,
              gradient: true,
              curvature: true,
              backend,
            });
            const tolerance = name === "WASM" ? 2e-6 : 1e-13;
            const target = (k: number) => (activation === "softmax" ? Math.floor(k / classes) : k);
            const weighed = (numbers: ArrayLike<number>, of: (k: number) => number) =>
              Array.from(numbers, (number, k) => quotient(exactWeights[of(k)], below, unit, number));
            // Each term within its own digits; terms below float32's reach may become 0 on WASM.
            const isSmall = (expected: readonly number[]) =>
              name === "WASM" ? expected.map((each) => (Math.abs(each) < 1e-35 ? 0 : each)) : expected;
            const trimmed = (numbers: ArrayLike<number>, expected: readonly number[]) =>
              Array.from(numbers, (each, k) => (name === "WASM" && Math.abs(expected[k]) < 1e-35 ? 0 : each));
            const check = (numbers: ArrayLike<number>, expected: readonly number[], by = tolerance) =>
              expectDigits(trimmed(numbers, expected), isSmall(expected), by);
            check(found.gradient, weighed(plain.gradient, target));
            // A curvature that changes sign has few digits in float32.
            const hasDigits = (_: number, k: number) =>
              name !== "WASM" || Math.abs(plain.curvature[k]) > 0.1 * Math.abs(plain.gradient[k]);
            const curvatures = weighed(plain.curvature, target).filter(hasDigits);
            check(Array.from(found.curvature).filter(hasDigits), curvatures, 10 * tolerance);
            const terms = weighed(values, (k) => k);
            if (reduction === "none") {
              if (activation === "sigmoid") check(found.elements ?? [], terms);
              else check(found.perExample ?? [], terms);
            }
            const sum = total(terms);
            if (Number.isFinite(sum)) check([found.loss], [sum]);
            count += size;
          }
        },
        300,
      );
      recordCounts(`weights of every size, ${name}`, { logits: count });
    },
    attackTime,
  );

  it(
    "weigh soft and smoothed labels without a common factor and without NaN",
    () => {
      const soft = everyCase.filter(({ labelKind, activation }) => labelKind === "soft" || activation === "softmax");
      const exponent = fc.integer({ min: -400, max: 400 });
      for (const each of soft) {
        attack(
          fc.record({
            sample: samples(each),
            exponents: fc.array(exponent, { minLength: 20, maxLength: 20 }),
            by: fc.integer({ min: -550, max: 550 }),
            labelSmoothing: fc.constantFrom(0, 0.1, 1),
          }),
          ({ sample, exponents, by, labelSmoothing }) => {
            const { activation, loss, logits, labels, classes, alpha } = sample;
            const spread = (values: readonly number[], from: number) =>
              values.map((value, k) => value * 2 ** exponents[from + k]);
            const [positive, negative] = [spread(alpha, 0), spread(alpha, 5)];
            const at = (unit: number) =>
              evaluate(
                loss,
                { logits, labels, classes },
                {
                  activation,
                  alpha: activation === "softmax" ? positive : { positive, negative },
                  exampleWeights: spread(sample.exampleWeights, 10).map((weight) => weight * 2 ** unit),
                  labelSmoothing,
                  reduction: "weighted-mean",
                  gradient: true,
                  curvature: true,
                },
              );
            const found = at(0);
            const all = [found.loss, ...found.gradient, ...found.curvature];
            expect(all.filter(Number.isNaN)).toEqual([]);
            const other = at(by);
            expect([other.loss, ...other.gradient, ...other.curvature]).toEqual(all);
          },
          5,
        );
      }
    },
    attackTime,
  );

  it("has a mean where the sum of the losses is beyond every float", () => {
    const batch = { logits: [3, 0, 3, 0], labels: [1, 1] };
    const options = { activation: "softmax", exampleWeights: [1.7e308, 1.7e308] } as const;
    const { loss } = evaluate(crossEntropy(), { ...batch, logits: [0, 0.5, 0, 0.5] }, options);
    expectClose(loss, 1.7e308 * Math.log1p(Math.exp(-0.5)), 1e-15);
    const far = evaluate(
      crossEntropy(),
      { logits: [-1.2e308, 0, -1.2e308, 0], labels: [0, 0] },
      { activation: "softmax" },
    );
    expect(far.loss).toBe(1.2e308);
    expect(evaluate(crossEntropy(), batch, options).loss).toBe(Number.POSITIVE_INFINITY);
  });

  it("tells the sum of the weights that it divides by, where float64 has it", () => {
    const batch = { logits: [0, 0, 0, 0], labels: [0, 1] };
    for (const factor of [2 ** -1000, 2 ** -40, 1, 2 ** 40, 2 ** 1000]) {
      const options = { activation: "softmax", exampleWeights: [3 * factor, 5 * factor] } as const;
      expect(evaluate(crossEntropy(), batch, { ...options, reduction: "weighted-mean" }).denominator).toBe(8 * factor);
    }
  });
});
