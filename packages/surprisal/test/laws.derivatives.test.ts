// Laws of derivatives: evaluate = number reading, gradient = dual slope = finite difference, graph = dual.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Program } from "../src/formula/program.ts";
import { graphOf, losses, numbers } from "../src/index.ts";
import {
  between,
  byHand,
  denseLabels,
  everyCase,
  expectClose,
  jet,
  law,
  lossOf,
  parametersAt,
  run,
  type Sample,
  samples,
  textbookViews,
} from "./support.ts";

describe.each(everyCase)("$name", (each) => {
  it("costs what the formula, read over numbers, gives for the textbook's probabilities", () => {
    law(samples(each), (sample) => expectClose(run(sample).perExample, byNumbers(sample), 1e-12));
  });

  it("has the gradient and the curvature that dual numbers give, scattered by hand", () => {
    law(samples(each), (sample) => {
      const { gradient, curvature, perExample } = run(sample);
      const expected = byHand(sample);
      expectClose(perExample, expected.perExample, 1e-12);
      expectClose(gradient, expected.gradient, 1e-12);
      expectClose(curvature, expected.curvature, 1e-11);
    });
  });

  it("has a gradient and a curvature that are the finite differences of value and gradient", () => {
    law(
      samples(each, { reach: 5 }),
      (sample) => {
        fc.pre(!nearKink(sample));
        const step = 1e-3;
        const { gradient, curvature, perExample } = run(sample);
        const moved = sample.logits.map((_, k) => {
          const at = (by: number) =>
            run({ ...sample, logits: sample.logits.map((z, other) => (other === k ? z + by : z)) });
          const slopeOf = (read: (result: ReturnType<typeof run>) => number) =>
            (8 * (read(at(step)) - read(at(-step))) - (read(at(2 * step)) - read(at(-2 * step)))) / (12 * step);
          expectClose(
            slopeOf((result) => result.gradient[k]),
            curvature[k],
            1e-7,
            1e-2,
          );
          return slopeOf((result) => result.loss);
        });
        expectClose(moved, gradient, 1e-7, 1e-3 * Math.max(...perExample.map(Math.abs), 1e-6));
      },
      15,
    );
  });

  it("costs the same whether or not derivatives are asked for", () => {
    law(samples(each), (sample) => {
      const { loss, gradient } = run(sample);
      expect(run(sample, { gradient: false, curvature: false }).loss).toBe(loss);
      const alone = run(sample, { curvature: false });
      expect(alone.loss).toBe(loss);
      expectClose(alone.gradient, gradient, 1e-15);
      expect(run(sample, { gradient: false }).curvature).toEqual(run(sample).curvature);
    });
  });
});

/** The losses of the examples by the plain reading. */
function byNumbers(sample: Sample): Float64Array {
  const { activation, loss, logits, classes, examples, alpha, exampleWeights } = sample;
  const labels = denseLabels(sample);
  const { formula, negativeFormula = formula } = loss.definition;
  return Float64Array.from({ length: examples }, (_, n) => {
    const powers = Array.from(logits.slice(n * classes, (n + 1) * classes), Math.exp);
    const all = powers.reduce((sum, power) => sum + power, 0);
    return powers.reduce((sum, power, i) => {
      const label = labels[n * classes + i];
      const parameters = parametersAt(loss, i);
      const cost =
        activation === "softmax"
          ? alpha[i] * label * formula(numbers, textbookViews(power, all - power), parameters)
          : alpha[i] * label * formula(numbers, textbookViews(power, 1), parameters) +
            (1 - alpha[i]) * (1 - label) * negativeFormula(numbers, textbookViews(1, power), parameters);
      return sum + exampleWeights[n] * cost;
    }, 0);
  });
}

/** Whether a logit is where the asymmetric loss of a label 0 has its kink, so that differences straddle it. */
function nearKink({ activation, logits, loss }: Sample): boolean {
  const { margin } = loss.parameters;
  if (activation === "softmax" || typeof margin !== "number") return false;
  return logits.some((z) => Math.abs(z - Math.log(margin / (1 - margin))) < 0.5);
}

describe.each(losses.map((factory) => ({ factory, name: factory.definition.name })))(
  "the graph of $name",
  ({ factory }) => {
    it("compiles to the value, slope and curvature that dual numbers give", () => {
      const { formula, negativeFormula = formula, parameters = {} } = factory.definition;
      const names = Object.keys(parameters);
      law(fc.record({ loss: lossOf(factory, 1), margin: between(-30, 30) }), ({ loss, margin }) => {
        const views = textbookViews(Math.exp(margin), 1);
        const values = parametersAt(loss, 0);
        for (const each of [formula, negativeFormula]) {
          const program = new Program(graphOf(each, names), names, 2);
          program.registers.set([views.logPt, views.pt, views.oneMinusPt, views.logOneMinusPt]);
          program.setParameters(values);
          program.run();
          const expected = jet(each, views, values);
          expectClose(program.value, expected.value, 1e-14);
          expectClose(program.slope, expected.slope, 1e-13, Math.abs(expected.value));
          expectClose(
            program.curvature,
            expected.curvature,
            1e-13,
            Math.abs(expected.slope) + Math.abs(expected.value),
          );
        }
      });
    });
  },
);
