// The WASM back end against the exact values, on float32 logits, with and without a multiply-add that rounds once.
import { describe, expect, it } from "vitest";
import { type Backend, crossEntropy, evaluate, focal } from "../src/index.ts";
import { wasm } from "../src/wasm.ts";
import { cases } from "./exact.ts";

/**
 * The largest relative error, of each number or relative to the largest entry of its row.
 *
 * @param smallest below this float32 has no digits left: a smaller error is none
 */
function worst(
  actual: ArrayLike<number>,
  expected: readonly number[],
  rowLength: number,
  byRow: boolean,
  smallest = 1e-37,
): number {
  let most = 0;
  for (let k = 0; k < expected.length; k++) {
    const error = Math.abs(actual[k] - expected[k]);
    if (error <= smallest) continue;
    const row = k - (k % rowLength);
    const scale = byRow ? Math.max(...expected.slice(row, row + rowLength).map(Math.abs)) : Math.abs(expected[k]);
    most = Number.isNaN(error) ? Number.NaN : Math.max(most, error / scale);
  }
  return most;
}

/** A back end that notes how often it had to leave a problem to the reference. */
function watched(backend: Backend): Backend & { fallbacks: number } {
  return {
    name: backend.name,
    tolerance: backend.tolerance,
    fallbacks: 0,
    attempt(...args) {
      const sum = backend.attempt?.(...args) ?? null;
      if (sum === null) this.fallbacks++;
      return sum;
    },
    run: (...args) => backend.run(...args),
  };
}

describe.each([
  ["relaxed SIMD, where the engine has it", true],
  ["plain SIMD", false],
])("with %s", (_, relaxed) => {
  const backend = wasm.create({ relaxed });
  it.each(cases)("$id: $activation, $classes classes, gamma $gamma, $targetKind labels", (example) => {
    const { activation, classes, gamma, alpha, targetKind, expected } = example;
    const soft = targetKind === "soft";
    const labels = targetKind === "index" ? Int32Array.from(example.targets) : Float64Array.from(example.targets);
    const logits = Float32Array.from(example.logits);
    const options = { activation, alpha: alpha ?? undefined, gradient: true, backend: watched(backend) } as const;
    const batch = { logits, labels, classes };
    const tolerance = Number.isInteger(gamma) ? backend.tolerance.value : 5 * backend.tolerance.value;
    const each = evaluate(focal({ gamma }), batch, { ...options, reduction: "none" });
    const values = expected.examples ?? expected.elements ?? [];
    const actual = activation === "softmax" ? each.perExample : each.elements;
    expect(worst(actual, values, 1, soft)).toBeLessThan(tolerance);
    expect(worst(each.gradient, expected.gradient, classes, soft)).toBeLessThan(tolerance);
    // Between two labels, soft ones, a slope is a difference that cancels.
    if (gamma === 0) expect(worst(each.gradient, expected.gradient, classes, true)).toBeLessThan(soft ? 4e-7 : 2e-7);
    const sum = evaluate(focal({ gamma }), batch, { ...options, reduction: "sum" });
    if (gamma === 0) {
      const same = evaluate(crossEntropy(), batch, { ...options, reduction: "sum" });
      expect(worst([same.loss], [sum.loss], 1, soft)).toBeLessThan(tolerance);
      expect(worst(same.gradient, expected.gradient, classes, true)).toBeLessThan(soft ? 4e-7 : 2e-7);
    }
    const exactSum = values.reduce((total, value) => total + value, 0);
    expect(worst([sum.loss], [exactSum], 1, soft)).toBeLessThan(tolerance);
    expect(Array.from(sum.gradient)).toEqual(Array.from(each.gradient));
    // Soft targets of softmax are a case for the reference; nothing else here is.
    expect(options.backend.fallbacks > 0).toBe(activation === "softmax" && soft);
    const bent = evaluate(focal({ gamma }), batch, { ...options, reduction: "sum", curvature: true });
    expect(worst(bent.curvature, expected.hessianDiagonal, classes, true, 1e-35)).toBeLessThan(
      backend.tolerance.curvature,
    );
  });
});
