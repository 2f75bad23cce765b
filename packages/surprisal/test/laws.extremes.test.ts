// Laws at the edges: huge, equal, tiny, infinite and missing logits; nothing counted; arrays of either precision.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CompensatedSum } from "../src/backends/sum.ts";
import { crossEntropy, evaluate, type FloatArray, losses } from "../src/index.ts";
import { everyCase, expectClose, law, run, type Sample, samples, total } from "./support.ts";

const softmaxCases = everyCase.filter(({ activation }) => activation === "softmax");
const indexCases = everyCase.filter(({ labelKind }) => labelKind === "class indices");
const hardCases = everyCase.filter(({ labelKind }) => labelKind === "class indices" || labelKind === "hard");

/** Logits at which implementations break: huge, equal, one rounding step apart, subnormal. */
const hardLogit = fc.oneof(
  fc.constantFrom(0, -0, 1e4, -1e4, 5e-324, -5e-324, 1e-310, 17, -17, 36.7, 89, -104, 709.8, -745.2, 1, 1 + 2 ** -52),
  fc.double({ min: -1e4, max: 1e4, noNaN: true }),
  fc.double({ min: -40, max: 40, noNaN: true }),
);

/** A sample with other logits. */
const withLogits = (each: (typeof everyCase)[number], logit: fc.Arbitrary<number>, minClasses?: number) =>
  samples(each, minClasses ? { minClasses } : {}).chain((sample) =>
    fc
      .array(logit, { minLength: sample.logits.length, maxLength: sample.logits.length })
      .map((logits): Sample => ({ ...sample, logits: Float64Array.from(logits) })),
  );

const allFinite = (values: ArrayLike<number>) => Array.from(values).every(Number.isFinite);

describe.each(everyCase)("$name", (each) => {
  it("is finite in value, gradient and curvature for every logit up to 1e4", () => {
    law(
      withLogits(each, hardLogit),
      (sample) => {
        const { loss, perExample, gradient, curvature } = run(sample);
        expect([loss, ...perExample, ...gradient, ...curvature].filter((value) => !Number.isFinite(value))).toEqual([]);
        expect(perExample.every((value) => value >= 0)).toBe(true);
      },
      300,
    );
  });

  it("is finite where all logits are equal, however large, and depends on their number only", () => {
    for (const classes of [2, 3, 7]) {
      const results = [0, 1e4, -1e4, 5e-324].map((z) => {
        const labels =
          each.labelKind === "class indices" ? Int32Array.of(1) : new Float64Array(classes).fill(1 / classes);
        const batch = { logits: new Float64Array(classes).fill(z), labels, classes };
        return evaluate(each.factory(), batch, { activation: each.activation, gradient: true, curvature: true });
      });
      for (const result of results) {
        expect(allFinite([result.loss, ...result.gradient, ...result.curvature])).toBe(true);
        if (each.activation === "softmax") expect(result).toEqual(results[0]);
      }
    }
  });

  it("answers NaN with NaN in that place and in the total, and nowhere else", () => {
    law(fc.record({ sample: samples(each), place: fc.nat(1000) }), ({ sample, place }) => {
      const { classes, logits, activation } = sample;
      const at = place % logits.length;
      const found = run({ ...sample, logits: logits.map((z, k) => (k === at ? Number.NaN : z)) });
      const clean = run(sample);
      const touched = (k: number) =>
        activation === "softmax" ? Math.floor(k / classes) === Math.floor(at / classes) : k === at;
      const poisoned = (values: Float64Array) => values.map((value, k) => (touched(k) ? Number.NaN : value));
      expect(found.loss).toBeNaN();
      expect(found.gradient).toEqual(poisoned(clean.gradient));
      expect(found.curvature).toEqual(poisoned(clean.curvature));
      const row = Math.floor(at / classes);
      expect(found.perExample).toEqual(clean.perExample.map((value, n) => (n === row ? Number.NaN : value)));
      if (activation === "sigmoid") expect(found.elements).toEqual(poisoned(clean.elements));
    });
  });

  it("gives the same numbers for a Float32Array of logits as for its values in a Float64Array", () => {
    law(withLogits(each, hardLogit), (sample) => {
      const { loss, labels, classes, activation } = sample;
      const single = Float32Array.from(sample.logits);
      const options = { activation, reduction: "none", gradient: true, curvature: true } as const;
      const [a, b, c] = [single, Float64Array.from(single), Array.from(single)].map((logits) =>
        evaluate(loss, { logits, labels, classes }, options),
      );
      expect(a).toEqual(b);
      expect(c).toEqual(b);
    });
  });

  it("writes into the caller's arrays, returns the same objects, and rounds where they are Float32Arrays", () => {
    law(withLogits(each, hardLogit), (sample) => {
      const fresh = run(sample);
      const size = sample.logits.length;
      for (const make of [() => new Float64Array(size), () => new Float32Array(size)]) {
        const [gradient, curvature]: FloatArray[] = [make().fill(Number.NaN), make().fill(Number.NaN)];
        const found = run(sample, { gradient, curvature });
        expect(found.gradient).toBe(gradient);
        expect(found.curvature).toBe(curvature);
        expect(gradient).toEqual(make() instanceof Float32Array ? Float32Array.from(fresh.gradient) : fresh.gradient);
        expect(curvature).toEqual(
          make() instanceof Float32Array ? Float32Array.from(fresh.curvature) : fresh.curvature,
        );
        expect(found.loss).toBe(fresh.loss);
      }
    });
  });

  it("is 0 with gradient 0 where nothing counts, for every reduction", () => {
    law(samples(each), (sample) => {
      const { examples, logits, activation } = sample;
      const ignored =
        each.labelKind === "class indices"
          ? [
              {
                sample: { ...sample, labels: new Int32Array(examples).fill(-100) },
                step: { ignoreLabel: -100 },
                counted: 0,
              },
            ]
          : [];
      const masked =
        activation === "sigmoid" ? [{ sample, step: { mask: new Uint8Array(logits.length) }, counted: 0 }] : [];
      const weightless = [{ sample, step: { exampleWeights: new Float64Array(examples) }, counted: examples }];
      const reductions = [
        "mean",
        "sum",
        "none",
        "weighted-mean",
        ...(activation === "sigmoid" ? ["element-mean"] : []),
      ];
      for (const { sample: empty, step, counted } of [...ignored, ...masked, ...weightless]) {
        for (const reduction of reductions as "mean"[]) {
          const found = run(empty, { ...step, reduction });
          expect(found.loss).toBe(0);
          expect(found.counted).toBe(counted);
          expect(found.gradient.every((slope) => slope === 0)).toBe(true);
          expect(found.curvature.every((bend) => bend === 0)).toBe(true);
        }
      }
    });
  });
});

describe.each(softmaxCases)("$name", (each) => {
  it("treats a class with logit -Infinity, unless it is a target, as a class that is not there", () => {
    law(withLogits(each, fc.double({ min: -50, max: 50, noNaN: true }), 3), (given) => {
      const { classes, examples, loss, factory } = given;
      const gone = classes - 1;
      const isGone = (k: number) => k % classes === gone;
      const keep = (values: Float64Array) => values.filter((_, k) => !isGone(k));
      const indices = each.labelKind === "class indices";
      const rows = (width: number) => Array.from({ length: examples }, (_, n) => n * width);
      const labels = indices
        ? (given.labels.map((label) => label % gone) as Int32Array)
        : Float64Array.from(given.labels);
      if (!indices) {
        for (const start of rows(classes)) {
          labels[start] += labels[start + gone];
          labels[start + gone] = 0;
        }
      }
      const parameters = Object.entries(loss.parameters).map(([name, value]) => [
        name,
        typeof value === "number" ? value : value.slice(0, gone),
      ]);
      const found = run({
        ...given,
        labels,
        logits: given.logits.map((z, k) => (isGone(k) ? Number.NEGATIVE_INFINITY : z)),
      });
      const expected = run({
        ...given,
        classes: gone,
        labels: labels instanceof Int32Array ? labels : keep(labels),
        logits: keep(given.logits),
        alpha: given.alpha.slice(0, gone),
        loss: factory(Object.fromEntries(parameters)),
      });
      expectClose(found.perExample, expected.perExample, 1e-15);
      expectClose(keep(found.gradient), expected.gradient, 1e-15);
      expectClose(keep(found.curvature), expected.curvature, 1e-15);
      expect(found.gradient.every((slope, k) => !isGone(k) || slope === 0)).toBe(true);
      expect(found.curvature.every((bend, k) => !isGone(k) || bend === 0)).toBe(true);
    });
  });
});

describe.each(hardCases)("$name", (each) => {
  it("has at a target with logit -Infinity its limit: a bounded loss its bound, every other Infinity; a finite gradient", () => {
    const at = (z: number) => {
      const batch =
        each.activation === "softmax"
          ? { logits: [0.5, z, -1], labels: Int32Array.of(1), classes: 3 }
          : { logits: [z], labels: [1], classes: 1 };
      return evaluate(each.factory(), batch, { activation: each.activation, gradient: true, curvature: true });
    };
    const limit = at(-1e4);
    const found = at(Number.NEGATIVE_INFINITY);
    const bounded = limit.loss < 1e3;
    expect(bounded).toBe(each.factory.definition.name === "generalizedCrossEntropy");
    if (bounded) expectClose(found.loss, limit.loss, 1e-15);
    else expect(found.loss).toBe(Number.POSITIVE_INFINITY);
    expectClose(found.gradient, limit.gradient, 1e-15);
    expectClose(found.curvature, limit.curvature, 1e-12, 1e-300);
  });
});

describe.each(indexCases)("$name", (each) => {
  it("costs nothing, with gradient 0, where every class but the target has logit -Infinity", () => {
    const batch = { logits: [Number.NEGATIVE_INFINITY, 3, Number.NEGATIVE_INFINITY], labels: [1], classes: 3 };
    const found = evaluate(each.factory(), batch, { activation: "softmax", gradient: true, curvature: true });
    expect(found.loss).toBe(0);
    expect(allFinite(found.gradient)).toBe(true);
    expect(total(found.gradient.map(Math.abs))).toBe(0);
    expect(total(found.curvature.map(Math.abs))).toBe(0);
  });
});

describe("the total", () => {
  it("is compensated: a million equal terms lose no digit, where plain addition loses five", () => {
    const count = 1_000_000;
    const { loss } = evaluate(
      crossEntropy(),
      { logits: new Float32Array(count), labels: new Uint8Array(count) },
      { activation: "sigmoid", reduction: "sum" },
    );
    const exact = count * Math.LN2; // LN2 itself has a relative error of 3e-17
    expect(Math.abs(loss - exact) / exact).toBeLessThan(2 ** -52);
    let plain = 0;
    for (let n = 0; n < count; n++) plain += Math.LN2;
    expect(Math.abs(plain - exact) / exact).toBeGreaterThan(1e-13);
  });

  it("keeps small terms beside a huge one", () => {
    const small = 100_000;
    const logits = new Float64Array(small + 1);
    const exampleWeights = new Float64Array(small + 1).fill(1);
    exampleWeights[0] = 2 ** 60;
    const { loss } = evaluate(
      crossEntropy(),
      { logits, labels: new Uint8Array(small + 1) },
      { activation: "sigmoid", exampleWeights, reduction: "sum" },
    );
    expect(loss - 2 ** 60 * Math.LN2).toBeCloseTo(small * Math.LN2, -3); // to the spacing of numbers near 8e17, 128
  });

  it("is Infinity, not NaN, where one example is impossible", () => {
    for (const factory of losses) {
      const { loss } = evaluate(
        factory(),
        { logits: [Number.NEGATIVE_INFINITY, 0.3, -0.2], labels: [1, 0, 1] },
        { activation: "sigmoid" },
      );
      expect(loss).not.toBeNaN();
    }
  });
});

describe("between the smallest normal number and 0", () => {
  const reach = Float64Array.from({ length: 700 }, (_, k) => 300 + 0.7 * k); // e^-708 is the last normal number

  it.each(losses.map((make) => [make.name, make] as const))("%s stays finite, and so do its derivatives", (_, make) => {
    const ranges = Object.entries(make.definition.parameters ?? {});
    const share = fc.integer({ min: 0, max: 50 }).map((k) => k / 50);
    const parameters = fc.record(
      Object.fromEntries(ranges.map(([name, { min = 0, max = 6 }]) => [name, share.map((s) => min + s * (max - min))])),
    );
    law(parameters, (given) => {
      for (const sign of [1, -1]) {
        const logits = reach.map((z) => sign * z);
        for (const label of [0, 1]) {
          const labels = new Uint8Array(logits.length).fill(label);
          const options = { activation: "sigmoid", reduction: "none", gradient: true, curvature: true } as const;
          const { elements, gradient, curvature } = evaluate(make(given), { logits, labels }, options);
          for (const all of [elements, gradient, curvature]) expect(all.every(Number.isFinite)).toBe(true);
        }
      }
    });
  });
});

describe("the sum over examples", () => {
  it("keeps what a huge loss among small ones would swallow", () => {
    const exampleWeights = [1, 1e100, 1];
    const total = evaluate(
      crossEntropy(),
      { logits: [0, 0, 0, 0, 0, 0], labels: Int32Array.of(0, 1, 0), classes: 2 },
      { activation: "softmax", reduction: "sum", exampleWeights },
    ).loss;
    expect(total).toBe(1e100 * Math.LN2);
    const sum = new CompensatedSum();
    for (const each of [1, 1e100, 1, -1e100]) sum.add(each);
    expect(sum.value).toBe(2);
  });
});
