// Laws of the steps around a loss: alpha, smoothing, logit adjustment, inputs, reductions, parameters, identities.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { activate, crossEntropy, evaluate, logActivate, losses } from "../src/index.ts";
import {
  between,
  denseLabels,
  everyCase,
  expectClose,
  law,
  listOf,
  run,
  type Sample,
  samples,
  total,
} from "./support.ts";

const indexCases = everyCase.filter(({ labelKind }) => labelKind === "class indices");
const sigmoidCases = everyCase.filter(({ activation }) => activation === "sigmoid");

describe.each(everyCase)("$name", (each) => {
  it("smooths labels exactly as labels that were smoothed by hand", () => {
    law(fc.record({ sample: samples(each), s: between(0, 1) }), ({ sample, s }) => {
      const floor = each.activation === "softmax" ? s / sample.classes : s / 2;
      const smoothed = denseLabels(sample).map((label) => label * (1 - s) + floor);
      const found = run(sample, { labelSmoothing: s });
      const expected = run({ ...sample, labels: smoothed });
      expectClose(found.perExample, expected.perExample, 1e-14);
      expectClose(found.gradient, expected.gradient, 1e-14);
      expectClose(found.curvature, expected.curvature, 1e-14);
    });
  });

  it("adjusts logits exactly as logits to which the adjustment was added by hand", () => {
    const adjusted = samples(each).chain((sample) =>
      fc.record({ sample: fc.constant(sample), logitAdjustment: listOf(sample.classes, -5, 5) }),
    );
    law(adjusted, ({ sample, logitAdjustment }) => {
      const logits = sample.logits.map((z, k) => z + logitAdjustment[k % sample.classes]);
      expect(run(sample, { logitAdjustment })).toEqual(run({ ...sample, logits }));
    });
  });

  it("multiplies by alpha, which is linear in the loss and its derivatives", () => {
    law(fc.record({ sample: samples(each), factor: between(0, 1) }), ({ sample, factor }) => {
      const { alpha, classes, activation } = sample;
      const lessOf = (only: number) => alpha.map((a, j) => (j === only ? a * factor : a));
      const pair = (values: readonly number[], label: 0 | 1) =>
        activation === "softmax"
          ? values
          : {
              positive: label === 1 ? values : alpha,
              negative: (label === 0 ? values : alpha).map((a) => 1 - a),
            };
      const zero = (only: number) => alpha.map((a, j) => (j === only ? 0 : a));
      for (let j = 0; j < classes; j++) {
        const [all, none, some] = [alpha, zero(j), lessOf(j)].map((values) => run(sample, { alpha: pair(values, 1) }));
        const mix = (a: ArrayLike<number>, b: ArrayLike<number>) =>
          Array.from(a, (value, k) => factor * value + (1 - factor) * b[k]);
        expectClose(some.perExample, mix(all.perExample, none.perExample), 1e-13);
        expectClose(some.gradient, mix(all.gradient, none.gradient), 1e-13);
        expectClose(some.curvature, mix(all.curvature, none.curvature), 1e-13);
      }
      if (activation === "sigmoid") {
        const asNumbers = run(sample);
        const asPair = run(sample, { alpha: { positive: alpha, negative: alpha.map((a) => 1 - a) } });
        expect(asPair).toEqual(asNumbers);
      }
    });
  });

  it("divides by what each reduction promises, derivatives included", () => {
    law(samples(each), (sample) => {
      const { examples, classes, exampleWeights, alpha, activation, logits } = sample;
      const sum = run(sample, { reduction: "sum" });
      const none = run(sample, { reduction: "none" });
      expectClose(sum.loss, total(none.perExample), 1e-14);
      expect(sum.loss).toBe(none.loss);
      if (activation === "sigmoid") expectClose(total(none.elements), sum.loss, 1e-14);
      else expect(none.elements).toBeUndefined();
      const labels = denseLabels(sample);
      const weights = labels.map((label, k) => {
        const a = alpha[k % classes];
        const weight = activation === "softmax" ? label * a : label * a + (1 - label) * (1 - a);
        return weight * exampleWeights[Math.floor(k / classes)];
      });
      const denominators = {
        sum: 1,
        none: 1,
        mean: examples,
        "weighted-mean": total(weights),
        ...(activation === "sigmoid" ? { "element-mean": logits.length } : {}),
      };
      for (const [reduction, denominator] of Object.entries(denominators)) {
        const found = run(sample, { reduction: reduction as "mean" });
        expectClose(found.denominator, denominator, 1e-14);
        expectClose(found.loss, sum.loss / denominator, 1e-14);
        expectClose(
          found.gradient,
          sum.gradient.map((slope) => slope / denominator),
          1e-14,
        );
        expectClose(
          found.curvature,
          sum.curvature.map((bend) => bend / denominator),
          1e-14,
        );
        expect(found.counted).toBe(examples);
      }
      expect(run(sample, { reduction: undefined })).toEqual(run(sample, { reduction: "mean" }));
    });
  });

  it("takes probabilities and log-probabilities for the logits that they mean", () => {
    law(samples(each, { reach: 12 }), (sample) => {
      const { activation, classes } = sample;
      const expected = run(sample);
      const probabilities = run(
        { ...sample, logits: activate(sample.logits, { activation, classes }) },
        { inputs: "probabilities" },
      );
      const logarithms = run(
        { ...sample, logits: logActivate(sample.logits, { activation, classes }) },
        { inputs: "log-probabilities" },
      );
      // A sigmoid probability near 1 has lost up to e^12 / 2^53 of its logit; softmax keeps every digit.
      const tolerance = activation === "sigmoid" ? 1e-9 : 1e-12;
      for (const found of [probabilities, logarithms]) {
        expectClose(found.perExample, expected.perExample, tolerance);
        expectClose(found.gradient, expected.gradient, tolerance);
        expectClose(found.curvature, expected.curvature, tolerance);
      }
    });
  });

  it("takes one value per class for one number where all are equal", () => {
    law(samples(each), (sample) => {
      const { factory, loss, classes } = sample;
      const { parameters = {} } = factory.definition;
      const one = Object.entries(loss.parameters).map(
        ([name, value]) => [name, typeof value === "number" ? value : value[0]] as const,
      );
      const many = one.map(([name, value]) => [
        name,
        parameters[name].perClass ? new Array<number>(classes).fill(value) : value,
      ]);
      const found = run({ ...sample, loss: factory(Object.fromEntries(many)) });
      expect(found).toEqual(run({ ...sample, loss: factory(Object.fromEntries(one)) }));
    });
  });

  it("keeps the identities that its definition declares", () => {
    const { identities = [], parameters = {} } = each.factory.definition;
    for (const { parameters: given, equals, factor = 1 } of identities) {
      for (const name of Object.keys(given)) expect(Object.keys(parameters)).toContain(name);
      law(samples(each, { reach: 50 }), (sample) => {
        const found = run({ ...sample, loss: each.factory(given) });
        const expected = run({ ...sample, loss: equals() });
        expectClose(
          found.perExample,
          expected.perExample.map((value) => factor * value),
          1e-13,
        );
        // A soft label of the sigmoid pulls both ways; what is left is as exact as what it was left of.
        const scale = each.labelKind === "soft" ? Math.max(...expected.perExample) : 0;
        expectClose(
          found.gradient,
          expected.gradient.map((value) => factor * value),
          1e-13,
          scale,
        );
        expectClose(
          found.curvature,
          expected.curvature.map((value) => factor * value),
          1e-13,
          scale,
        );
      });
    }
  });
});

describe("the losses together", () => {
  it("declare an identity each, but for cross entropy, which the others are related to", () => {
    for (const { definition } of losses) {
      if (definition.name !== "crossEntropy") expect(definition.identities?.length).toBeGreaterThan(0);
    }
  });

  it("contain the negative log likelihood: cross entropy of log-probabilities is their negative mean at the labels", () => {
    for (const each of indexCases.filter(({ factory }) => factory.definition.name === "crossEntropy")) {
      law(samples(each), (sample) => {
        const logP = logActivate(sample.logits, { activation: "softmax", classes: sample.classes });
        const { loss } = evaluate(
          crossEntropy(),
          { logits: logP, labels: sample.labels, classes: sample.classes },
          { activation: "softmax", inputs: "log-probabilities" },
        );
        const atLabels = Array.from(sample.labels, (label, n) => logP[n * sample.classes + label]);
        expectClose(loss, -total(atLabels) / sample.examples, 1e-14);
      });
    }
  });
});

describe.each(sigmoidCases)("$name", (each) => {
  it("treats every label column as a binary problem of its own", () => {
    law(samples(each), (sample) => {
      const { classes } = sample;
      const all = run(sample);
      for (let j = 0; j < classes; j++) {
        const column = (values: ArrayLike<number>) =>
          Float64Array.from({ length: sample.examples }, (_, n) => values[n * classes + j]);
        const alone = run(columnOf(sample, j));
        expect(alone.perExample).toEqual(column(all.elements));
        expect(alone.gradient).toEqual(column(all.gradient));
        expect(alone.curvature).toEqual(column(all.curvature));
      }
    });
  });
});

/** One label column of a sample, with its own parameters. */
function columnOf(sample: Sample, j: number): Sample {
  const { classes, logits, labels, alpha, loss, factory } = sample;
  const own = Object.entries(loss.parameters).map(([name, value]) => [
    name,
    typeof value === "number" ? value : value[j],
  ]);
  return {
    ...sample,
    classes: 1,
    logits: logits.filter((_, k) => k % classes === j),
    labels: Float64Array.from(labels).filter((_, k) => k % classes === j),
    alpha: [alpha[j]],
    loss: factory(Object.fromEntries(own)),
  };
}
