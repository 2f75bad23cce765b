// Where terms of a loss cancel: soft labels whose sides balance, the asymmetric loss beside its margin, curvatures
// where they change sign, poly-1 towards epsilon = -1. Exact values of 80 digits; errors are relative to the terms.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { evaluate, losses, reference } from "../src/index.ts";

type Case = readonly [
  name: string,
  parameters: Record<string, number>,
  logit: number,
  label: number,
  exact: readonly [value: number, gradient: number, curvature: number],
  terms: readonly [value: number, gradient: number, curvature: number],
];
const cases = JSON.parse(
  readFileSync(new URL("./data/cancellations.json", import.meta.url), "utf8"),
) as readonly Case[];
const outputs = ["value", "gradient", "curvature"] as const;

/** The largest error of each output by loss, relative to a magnitude. */
function worst(magnitude: (exact: number, terms: number) => number) {
  const most: Record<string, number> = {};
  for (const [name, parameters, logit, label, exact, terms] of cases) {
    const make = losses.find((each) => each.name === name);
    const { loss, gradient, curvature } = evaluate(
      (make as (typeof losses)[number])(parameters),
      { logits: [logit], labels: [label] },
      { activation: "sigmoid", reduction: "sum", gradient: true, curvature: true },
    );
    [loss, gradient[0], curvature[0]].forEach((found, k) => {
      const key = `${name} ${outputs[k]}`;
      const error = Math.abs(found - exact[k]) / magnitude(exact[k], terms[k]);
      if (exact[k] !== 0) most[key] = Math.max(most[key] ?? 0, error);
    });
  }
  return most;
}

it("the reference keeps its tolerance relative to the terms that cancel", () => {
  for (const [key, error] of Object.entries(worst((_, terms) => terms))) {
    expect(error, key).toBeLessThan(reference.tolerance.gradient);
  }
});

it("relative to what is left it cannot, which is why the tolerance is declared so", () => {
  const errors = worst((exact) => Math.abs(exact));
  expect(errors["crossEntropy gradient"]).toBeGreaterThan(1e-9);
  expect(errors["asymmetric value"]).toBeGreaterThan(1e-9);
  expect(errors["poly1 curvature"]).toBeGreaterThan(1e-9);
});
