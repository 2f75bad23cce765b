// Laws of symmetry: what may be moved, permuted, split, repeated or left out without changing anything.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluate, type Loss } from "../src/index.ts";
import {
  between,
  denseLabels,
  everyCase,
  expectClose,
  law,
  oneHot,
  rowsOf,
  run,
  type Sample,
  samples,
  total,
} from "./support.ts";

const softmaxCases = everyCase.filter(({ activation }) => activation === "softmax");
const indexCases = everyCase.filter(({ labelKind }) => labelKind === "class indices");

describe.each(softmaxCases)("$name", (each) => {
  it("does not change when a constant is added to all logits of an example", () => {
    // Multiples of 1/16 are added and removed again without rounding, so that every digit must stay.
    const coarse = samples(each).map((sample) => ({
      ...sample,
      logits: sample.logits.map((z) => Math.round(z * 16) / 16),
    }));
    law(fc.record({ sample: coarse, shift: fc.integer({ min: -160_000, max: 160_000 }) }), ({ sample, shift }) => {
      const moved = run({ ...sample, logits: sample.logits.map((z) => z + shift / 16) });
      expect(moved).toEqual(run(sample));
    });
  });

  it("has gradient rows that sum to 0", () => {
    law(samples(each, { reach: 20 }), (sample) => {
      const { gradient } = run(sample);
      for (let n = 0; n < sample.examples; n++) {
        const row = gradient.slice(n * sample.classes, (n + 1) * sample.classes);
        expectClose(total(row), 0, 1e-14, Math.max(...row.map(Math.abs)));
      }
    });
  });
});

describe.each(everyCase)("$name", (each) => {
  it("permutes its derivatives when classes, their alpha and their parameters are permuted", () => {
    const permuted = samples(each).chain((sample) => {
      const order = Array.from({ length: sample.classes }, (_, j) => j);
      return fc.record({
        sample: fc.constant(sample),
        order: fc.shuffledSubarray(order, { minLength: order.length, maxLength: order.length }),
      });
    });
    law(permuted, ({ sample, order }) => {
      const { classes } = sample;
      const columns = (values: Float64Array) =>
        values.map((_, k) => values[k - (k % classes) + order[k % classes]]) as Float64Array;
      const indices = sample.labels instanceof Int32Array && sample.labels.length === sample.examples && classes > 1;
      const labels = indices
        ? (sample.labels.map((label) => order.indexOf(label)) as Int32Array)
        : columns(Float64Array.from(sample.labels));
      const parameters = Object.entries(sample.loss.parameters).map(([name, value]) => [
        name,
        typeof value === "number" ? value : order.map((j) => value[j]),
      ]);
      const expected = run(sample);
      const found = run({
        ...sample,
        logits: columns(sample.logits),
        labels,
        alpha: order.map((j) => sample.alpha[j]),
        loss: sample.factory(Object.fromEntries(parameters)),
      });
      expectClose(found.perExample, expected.perExample, 1e-14);
      expectClose(found.gradient, columns(expected.gradient), 1e-14);
      expectClose(found.curvature, columns(expected.curvature), 1e-13);
    });
  });

  it("permutes its results when the examples are permuted", () => {
    const permuted = samples(each).chain((sample) => {
      const order = Array.from({ length: sample.examples }, (_, n) => n);
      return fc.record({
        sample: fc.constant(sample),
        order: fc.shuffledSubarray(order, { minLength: order.length, maxLength: order.length }),
      });
    });
    law(permuted, ({ sample, order }) => {
      const expected = run(sample);
      const found = run(rowsOf(sample, order));
      const rows = (values: Float64Array) =>
        order.flatMap((n) => [...values.slice(n * sample.classes, (n + 1) * sample.classes)]);
      expect([...found.perExample]).toEqual(order.map((n) => expected.perExample[n]));
      expect([...found.gradient]).toEqual(rows(expected.gradient));
      expect([...found.curvature]).toEqual(rows(expected.curvature));
      expectClose(found.loss, expected.loss, 1e-14);
    });
  });

  it("counts an example with weight 2 as if it were there twice", () => {
    law(samples(each), (sample) => {
      const twice = rowsOf(sample, [0, ...Array.from({ length: sample.examples }, (_, n) => n)]);
      const heavier = { ...sample, exampleWeights: sample.exampleWeights.map((w, n) => (n === 0 ? 2 * w : w)) };
      for (const reduction of ["sum", "weighted-mean"] as const) {
        const found = run(heavier, { reduction });
        const expected = run(twice, { reduction });
        expectClose(found.loss, expected.loss, 1e-14);
        expectClose(found.denominator, expected.denominator, 1e-14);
        const { classes } = sample;
        const joined = (values: Float64Array) => {
          const first = values.slice(0, classes).map((value, j) => value + values[classes + j]);
          return [...first, ...values.slice(2 * classes)];
        };
        expectClose(found.gradient, joined(expected.gradient), 1e-14);
        expectClose(found.curvature, joined(expected.curvature), 1e-14);
      }
    });
  });

  it("drops an example with weight 0, which only the plain mean still counts", () => {
    law(samples(each), (sample) => {
      const kept = Array.from({ length: sample.examples }, (_, n) => n).slice(1);
      if (kept.length === 0) return;
      const light = { ...sample, exampleWeights: sample.exampleWeights.map((w, n) => (n === 0 ? 0 : w)) };
      const without = rowsOf(sample, kept);
      for (const reduction of ["sum", "none", "weighted-mean"] as const) {
        const found = run(light, { reduction });
        const expected = run(without, { reduction });
        expect(found.loss).toBe(expected.loss);
        expect(Array.from(found.gradient)).toEqual([...new Array(sample.classes).fill(0), ...expected.gradient]);
        expect(Array.from(found.curvature)).toEqual([...new Array(sample.classes).fill(0), ...expected.curvature]);
      }
      expect(run(light, { reduction: "mean" }).denominator).toBe(sample.examples);
    });
  });

  it("is, for a soft label, the mix of what the hard labels give", () => {
    law(samples(each), (sample) => {
      const { activation, classes, examples } = sample;
      const soft = denseLabels(sample);
      const expected = { loss: 0, gradient: new Float64Array(soft.length) };
      const addShare = (labels: Float64Array, shares: (example: number) => number) => {
        for (let n = 0; n < examples; n++) {
          const hard = run(rowsOf({ ...sample, labels }, [n]));
          expected.loss += shares(n) * hard.loss;
          for (let j = 0; j < classes; j++) expected.gradient[n * classes + j] += shares(n) * hard.gradient[j];
        }
      };
      if (activation === "softmax") {
        for (let i = 0; i < classes; i++) {
          addShare(oneHot(new Array(examples).fill(i), classes), (n) => soft[n * classes + i]);
        }
      } else {
        // One label column at a time: the others get no weight.
        for (let k = 0; k < soft.length; k++) {
          const weights = soft.map((_, other) => (other === k ? sample.exampleWeights[Math.floor(k / classes)] : 0));
          for (const label of [0, 1]) {
            const hard = run({ ...sample, labels: soft.map(() => label) }, { exampleWeights: weights });
            const share = label === 1 ? soft[k] : 1 - soft[k];
            expected.loss += share * hard.loss;
            expected.gradient[k] += share * hard.gradient[k];
          }
        }
      }
      const { loss, gradient } = run(sample);
      expectClose(loss, expected.loss, 1e-13);
      expectClose(gradient, expected.gradient, 1e-13);
    });
  });
});

describe.each(indexCases)("$name", (each) => {
  it("gives the same for class indices of any type as for one-hot rows", () => {
    law(samples(each), (sample) => {
      const indices = Array.from(sample.labels);
      const expected = run({ ...sample, labels: oneHot(indices, sample.classes) });
      const { logits, classes, activation, loss, alpha, exampleWeights } = sample;
      const forms = [indices, Uint8Array.from(indices), Int32Array.from(indices), BigInt64Array.from(indices, BigInt)];
      for (const labels of forms) {
        const options = {
          activation,
          alpha,
          exampleWeights,
          reduction: "none",
          gradient: true,
          curvature: true,
        } as const;
        expect(evaluate(loss, { logits, labels, classes }, options)).toEqual(expected);
      }
    });
  });
});

describe.each(indexCases)("$name, two classes", (each) => {
  const pair = fc.record({
    sample: samples(each, { classes: 2, reach: 300 }),
    a: between(0, 1),
  });

  it("is sigmoid of the difference of the logits, with alpha [1 - a, a] for alpha a", () => {
    law(pair, ({ sample, a }) => {
      const { negativeFormula } = sample.loss.definition;
      // A formula for label 0 of its own is sigmoid's alone, so there only label 1 can be compared.
      const labels = negativeFormula ? new Int32Array(sample.examples).fill(1) : (sample.labels as Int32Array);
      const logits = Float64Array.from(
        { length: sample.examples },
        (_, n) => sample.logits[2 * n + 1] - sample.logits[2 * n],
      );
      // Logits that are differences already, so that the difference above does not round.
      const rows = Float64Array.from(sample.logits, (_, k) => (k % 2 === 0 ? 0 : logits[(k - 1) / 2]));
      const loss = withOneParameter(sample);
      const two = run({ ...sample, loss, labels, logits: rows, alpha: [1 - a, a] });
      const one = run({ ...sample, loss, labels, logits, classes: 1, activation: "sigmoid", alpha: [a] });
      for (let n = 0; n < sample.examples; n++) {
        expectClose(two.perExample[n], one.perExample[n], 1e-14);
        expectClose(two.gradient[2 * n + 1], one.gradient[n], 1e-13);
        expectClose(two.gradient[2 * n], -one.gradient[n], 1e-13);
        expectClose(two.curvature[2 * n], one.curvature[n], 1e-12);
        expectClose(two.curvature[2 * n + 1], one.curvature[n], 1e-12);
      }
    });
  });
});

/** The sample's loss with one number for every parameter. */
function withOneParameter({ loss, factory }: Sample): Loss {
  const first = Object.entries(loss.parameters).map(([name, value]) => [
    name,
    typeof value === "number" ? value : value[0],
  ]);
  return factory(Object.fromEntries(first));
}
