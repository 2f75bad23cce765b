// Laws of what does not count: ignored labels, masks; it may be left out without changing anything else.
import { describe, expect, it } from "vitest";
import { everyCase, law, rowsOf, run, samples, total } from "./support.ts";

const softmaxCases = everyCase.filter(({ activation }) => activation === "softmax");
const sigmoidCases = everyCase.filter(({ activation }) => activation === "sigmoid");
const indexCases = everyCase.filter(({ labelKind }) => labelKind === "class indices");

describe.each(indexCases)("$name", (each) => {
  it("drops the examples whose label is ignored: loss, derivatives and count", () => {
    law(samples(each), (sample) => {
      const kept = Array.from({ length: sample.examples }, (_, n) => n).slice(1);
      const labels = sample.labels.map((label, n) => (n === 0 ? -100 : label)) as Int32Array;
      const logits = sample.logits.map((z, k) => (k === 0 ? Number.NaN : z)); // nobody looks there
      for (const reduction of ["sum", "mean", "weighted-mean"] as const) {
        const found = run({ ...sample, labels, logits }, { reduction, ignoreLabel: -100 });
        expect(found.counted).toBe(kept.length);
        if (kept.length === 0) {
          expect(found.loss).toBe(0);
          expect(Array.from(found.gradient)).toEqual(new Array(sample.classes).fill(0));
          continue;
        }
        const expected = run(rowsOf(sample, kept), { reduction });
        expect(found.loss).toBe(expected.loss);
        expect(found.denominator).toBe(expected.denominator);
        const nothing = new Array(sample.classes).fill(0);
        expect(Array.from(found.gradient)).toEqual([...nothing, ...expected.gradient]);
        expect(Array.from(found.curvature)).toEqual([...nothing, ...expected.curvature]);
      }
    });
  });
});

describe.each(softmaxCases)("$name", (each) => {
  it("drops the examples that are masked, with labels of any kind", () => {
    law(samples(each), (sample) => {
      const { examples, classes } = sample;
      const kept = Array.from({ length: examples }, (_, n) => n).slice(1);
      const mask = Uint8Array.from({ length: examples }, (_, n) => Number(n > 0));
      const found = run(sample, { mask });
      expect(found.counted).toBe(kept.length);
      const nothing = new Array(classes).fill(0);
      const none = { loss: 0, gradient: [], curvature: [] };
      const expected = kept.length > 0 ? run(rowsOf(sample, kept)) : none;
      expect(found.loss).toBe(expected.loss);
      expect(Array.from(found.gradient)).toEqual([...nothing, ...expected.gradient]);
      expect(Array.from(found.curvature)).toEqual([...nothing, ...expected.curvature]);
    });
  });
});

describe.each(sigmoidCases)("$name", (each) => {
  it("drops a label that is masked or ignored, and an example with none left", () => {
    law(samples(each), (sample) => {
      const { classes, examples } = sample;
      const hidden = (k: number) => k < classes || k % 3 === 0;
      const mask = sample.logits.map((_, k) => (hidden(k) ? 0 : 1));
      const weights = sample.logits.map((_, k) => mask[k] * sample.exampleWeights[Math.floor(k / classes)]);
      const left = Array.from({ length: examples }, (_, n) => total(mask.slice(n * classes, (n + 1) * classes)));
      const expected = run(sample, { exampleWeights: weights });
      const labels = Float64Array.from(sample.labels, (label, k) => (hidden(k) ? -1 : label));
      const logits = sample.logits.map((z, k) => (hidden(k) ? Number.NaN : z));
      for (const found of [
        run({ ...sample, logits }, { mask }),
        run({ ...sample, labels, logits }, { ignoreLabel: -1 }),
        run({ ...sample, labels, logits }, { ignoreLabel: -1, mask }),
      ]) {
        expect(found.perExample).toEqual(expected.perExample);
        expect(found.gradient).toEqual(expected.gradient);
        expect(found.curvature).toEqual(expected.curvature);
        expect(found.counted).toBe(left.filter((labelsLeft) => labelsLeft > 0).length);
      }
      expect(run(sample, { mask, reduction: "element-mean" }).denominator).toBe(total(left));
      expect(run(sample, { mask, reduction: "mean" }).denominator).toBe(left.filter((some) => some > 0).length);
    });
  });
});
