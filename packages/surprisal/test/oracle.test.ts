// Every one of the 360 exact cases: loss, gradient and curvature, from float32 and from float64 logits.
import { describe, expect, it } from "vitest";
import { activate, evaluate, focal, reference } from "../src/index.ts";
import { cases } from "./exact.ts";

/** The largest error: relative where labels are hard, relative to the row's largest entry where they are soft. */
function worst(actual: ArrayLike<number>, expected: readonly number[], rowLength: number, soft: boolean): number {
  let most = 0;
  for (let k = 0; k < expected.length; k++) {
    const error = Math.abs(actual[k] - expected[k]);
    if (!(error > 1e-300)) {
      if (Number.isNaN(error)) return Number.NaN;
      continue;
    }
    const row = Math.floor(k / rowLength);
    const scale = soft
      ? Math.max(...expected.slice(row * rowLength, (row + 1) * rowLength).map(Math.abs))
      : Math.abs(expected[k]);
    most = Math.max(most, error / scale);
  }
  return most;
}

it("the reference back end promises 13 digits", () => {
  expect(reference.tolerance).toEqual({ value: 1e-13, gradient: 1e-13 });
});

describe.each([
  ["Float32Array", Float32Array],
  ["Float64Array", Float64Array],
] as const)("the exact values, from a %s", (_, FloatArray) => {
  const largest = { value: 0, gradient: 0, curvature: 0, probability: 0 };
  it.each(cases)("$id: $activation, $classes classes, gamma $gamma, $targetKind labels", (example) => {
    const { activation, classes, gamma, alpha, targetKind, expected } = example;
    const soft = targetKind === "soft";
    const labels = targetKind === "index" ? Int32Array.from(example.targets) : Float64Array.from(example.targets);
    const logits = FloatArray.from(example.logits);
    const result = evaluate(
      focal({ gamma }),
      { logits, labels, classes },
      { activation, alpha: alpha ?? undefined, reduction: "none", gradient: true, curvature: true },
    );
    const value =
      activation === "softmax"
        ? worst(result.perExample, expected.examples ?? [], 1, soft)
        : worst(result.elements, expected.elements ?? [], 1, soft);
    const gradient = worst(result.gradient, expected.gradient, classes, soft);
    const curvature = worst(result.curvature, expected.hessianDiagonal, classes, soft);
    const probability = worst(activate(logits, { activation, classes }), expected.probabilities, classes, false);
    expect(value).toBeLessThan(1e-12);
    expect(gradient).toBeLessThan(1e-12);
    expect(curvature).toBeLessThan(1e-12);
    expect(probability).toBeLessThan(1e-12);
    largest.value = Math.max(largest.value, value);
    largest.gradient = Math.max(largest.gradient, gradient);
    largest.curvature = Math.max(largest.curvature, curvature);
    largest.probability = Math.max(largest.probability, probability);
  });
  it("stays within the tolerance that the reference back end declares", () => {
    expect(largest.value).toBeLessThan(reference.tolerance.value);
    expect(largest.gradient).toBeLessThan(reference.tolerance.gradient);
    expect(largest.curvature).toBeLessThan(reference.tolerance.gradient);
    expect(largest.probability).toBeLessThan(reference.tolerance.value);
  });
});
