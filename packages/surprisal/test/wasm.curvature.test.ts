// The curvature under softmax, which boosted trees ask for: of the kernels beside the reference.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Backend, evaluate, losses, poly1 } from "../src/index.ts";
import { wasm } from "../src/wasm.ts";

const own = wasm.create({ relaxed: false });

/** A back end that must not leave anything to the reference. */
const sure: Backend = {
  ...{ name: "sure", tolerance: own.tolerance },
  attempt: (...given) => own.attempt?.(...given) ?? expect.fail("was left to the reference"),
  run: (...given) => own.run(...given),
};

interface Wanted {
  readonly classes: number;
  readonly rows: number;
  /** The largest logit. */
  readonly reach: number;
  readonly isWeighted: boolean;
  readonly seed: number;
}

const batches: fc.Arbitrary<Wanted> = fc.record({
  classes: fc.oneof(fc.integer({ min: 2, max: 9 }), fc.constantFrom(15, 16, 17, 31, 32, 33, 64, 127, 128)),
  rows: fc.integer({ min: 1, max: 23 }),
  reach: fc.constantFrom(1, 10, 60),
  isWeighted: fc.boolean(),
  seed: fc.integer({ min: 1, max: 2 ** 30 }),
});

function batchOf({ classes, rows, reach, isWeighted, seed }: Wanted) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
  const logits = Float32Array.from({ length: rows * classes }, () => reach * (2 * next() - 1));
  const labels = Int32Array.from({ length: rows }, () => Math.floor(next() * classes));
  const alpha = isWeighted ? Array.from({ length: classes }, () => 0.1 + next()) : undefined;
  const exampleWeights = isWeighted ? Float32Array.from({ length: rows }, () => Math.floor(3 * next())) : undefined;
  return { batch: { logits, labels, classes }, options: { activation: "softmax", alpha, exampleWeights } as const };
}

describe.each(losses)("the curvature of $definition.name under softmax", (factory) => {
  const loss = factory();
  it("is that of the reference, to 1e-5 of the largest number of its row", () => {
    fc.assert(
      fc.property(batches, (given) => {
        const { batch, options } = batchOf(given);
        const { classes } = batch;
        const exact = evaluate(loss, batch, { ...options, gradient: true, curvature: true });
        const found = evaluate(loss, batch, { ...options, gradient: true, curvature: true, backend: sure });
        exact.curvature.forEach((expected, k) => {
          const from = k - (k % classes);
          const row = [...exact.curvature.slice(from, from + classes), ...exact.gradient.slice(from, from + classes)];
          const size = Math.max(...row.map(Math.abs));
          expect(Math.abs(found.curvature[k] - expected)).toBeLessThanOrEqual(1e-5 * size + 1e-35);
        });
      }),
      { numRuns: 40 },
    );
  });
});

describe("a kernel of the curvature under softmax", () => {
  const { batch, options } = batchOf({ classes: 5, rows: 400, reach: 4, isWeighted: true, seed: 3 });
  const loss = poly1();
  const both = evaluate(loss, batch, { ...options, gradient: true, curvature: true, backend: sure });

  it("gives the same without a gradient, and a gradient near that without a curvature", () => {
    const { curvature } = evaluate(loss, batch, { ...options, curvature: true, backend: sure });
    expect(curvature).toEqual(both.curvature);
    const { gradient } = evaluate(loss, batch, { ...options, gradient: true, backend: sure });
    gradient.forEach((each, k) => {
      expect(both.gradient[k]).toBeCloseTo(each, 12);
    });
  });

  it("writes into the arrays of a caller, also over its logits", () => {
    const [logits, gradient] = [own.float32(2000), own.float32(2000)];
    logits.set(batch.logits);
    const onHeap = { ...batch, logits };
    evaluate(loss, onHeap, { ...options, gradient, curvature: logits, backend: own });
    expect(Array.from(logits)).toEqual(Array.from(both.curvature, Math.fround));
    expect(Array.from(gradient)).toEqual(Array.from(both.gradient, Math.fround));
  });

  it("is the same on several threads", () => {
    const shared = wasm.create({ relaxed: false, threads: 2 });
    const large = batchOf({ classes: 7, rows: 20_000, reach: 4, isWeighted: false, seed: 4 });
    const [alone, together] = [own, shared].map((backend) =>
      evaluate(loss, large.batch, { ...large.options, gradient: true, curvature: true, backend }),
    );
    expect(together).toEqual(alone);
    shared.dispose();
  });

  it("leaves numbers that are none to the reference", () => {
    const logits = batch.logits.slice();
    logits[7] = Number.NaN;
    const wrong = { ...batch, logits };
    const exact = evaluate(loss, wrong, { ...options, curvature: true });
    expect(evaluate(loss, wrong, { ...options, curvature: true, backend: own })).toEqual(exact);
  });
});
