// What other systems get wrong, and what is right: values of 50 digits and more, rounded to float64.
import { describe, expect, it } from "vitest";
import { crossEntropy, evaluate, focal } from "../src/index.ts";
import { expectDigits } from "./support.ts";

/** The sigmoid with every step rounded to float32. */
const sigmoidInFloat32 = (z: number) => Math.fround(1 / Math.fround(1 + Math.fround(Math.exp(-z))));

describe("focal loss with gamma 0.5 at a saturated logit", () => {
  // torchvision and Keras differentiate (1 - p)^gamma as gamma (1 - p)^(gamma - 1), which is 0^-0.5 * 0 = NaN there.
  // value = -(1-p)^g log p; slope = (1-p)^g (g p log p - (1-p)), p = 1 / (1 + e^-z); curvature = d slope / d z
  const exact = [
    [20, 9.357622949552676e-14, -1.4036434405041515e-13, 2.1054651559343527e-13],
    [24, 2.319522830156004e-16, -3.479284245146441e-16, 5.218926367500749e-16],
    [40, 8.75651076269652e-27, -1.3134766144044781e-26, 1.970214921606717e-26],
    [89, 1.0512031797864597e-58, -1.5768047696796896e-58, 2.3652071545195343e-58],
    [400, 2.6503965530043108e-261, -3.9755948295064664e-261, 5.963392244259699e-261],
  ] as const;

  it.each(exact)("is exact for sigmoid at logit %d, for both labels", (z, value, slope, curvature) => {
    for (const label of [1, 0]) {
      const sign = label === 1 ? 1 : -1;
      const result = evaluate(
        focal({ gamma: 0.5 }),
        { logits: Float32Array.of(sign * z), labels: [label] },
        { activation: "sigmoid", gradient: true, curvature: true },
      );
      expectDigits([result.loss, result.gradient[0], result.curvature[0]], [value, sign * slope, curvature], 1e-14);
    }
  });

  it.each(exact)("is exact for softmax at a lead of %d", (z, value, slope, curvature) => {
    const result = evaluate(
      focal({ gamma: 0.5 }),
      { logits: Float32Array.of(z, 0), labels: Int32Array.of(0) },
      { activation: "softmax", gradient: true, curvature: true },
    );
    expectDigits([result.loss], [value], 1e-14);
    expectDigits(result.gradient, [slope, -slope], 1e-14);
    expectDigits(result.curvature, [curvature, curvature], 1e-14);
  });

  it("is 0, not NaN, where the exact value is below the smallest float64", () => {
    for (const z of [745, 1000, 1e4]) {
      const result = evaluate(
        focal({ gamma: 0.5 }),
        { logits: [z, -z], labels: [1, 0] },
        { activation: "sigmoid", gradient: true, curvature: true },
      );
      expect([result.loss, ...result.gradient, ...result.curvature].map((each) => each + 0)).toEqual([0, 0, 0, 0, 0]);
    }
  });
});

describe("focal loss with gamma 2 at logit 17 in float32", () => {
  it("keeps every digit, where 1 - p taken in float32 is 0", () => {
    expect(1 - sigmoidInFloat32(17)).toBe(0); // what the others square
    // (1-p)^2 log(1 + e^-17) and its derivatives
    const exact = [7.095473427914229e-23, -2.128641954937226e-22, 6.38592557106352e-22];
    const options = { activation: "sigmoid", gradient: true, curvature: true } as const;
    const result = evaluate(focal({ gamma: 2 }), { logits: Float32Array.of(17), labels: [1] }, options);
    expectDigits([result.loss, result.gradient[0], result.curvature[0]], exact, 1e-14);
  });
});

describe("cross entropy of class indices from logits", () => {
  // TF.js clips its inputs to [1e-7, 1 - 1e-7] as if they were probabilities, also where they are logits.
  // value = log(sum_j e^z_j) - z_label; gradient_j = p_j - [j = label]
  const cases = [
    {
      logits: [2, -1, 0.5],
      label: 1,
      value: 3.241311296657157,
      clipped: 1.6802695386260706,
      gradient: [0.7855970345892759, -0.9608874267293126, 0.1752903921400367],
    },
    {
      logits: [20, 0, -20],
      label: 2,
      value: 40.00000000206116,
      clipped: 1.5514445987086791,
      gradient: [0.9999999979388464, 2.0611536181902037e-9, -1],
    },
  ];

  it.each(cases)("does not clip the logits $logits", ({ logits, label, value, clipped, gradient }) => {
    const result = evaluate(crossEntropy(), { logits, labels: [label] }, { activation: "softmax", gradient: true });
    expectDigits([result.loss], [value], 1e-15);
    expectDigits(result.gradient, gradient, 1e-15);
    expect(Math.abs(result.loss - clipped)).toBeGreaterThan(1);
  });
});

describe("label smoothing of a batch of sequences, [batch 2, time 3, classes 4]", () => {
  // TF.js divides by the size of axis 1, here the 3 steps in time, instead of the 4 classes.
  // value_n = sum_j ((1 - s) [j = label] + s / 4) (log sum_k e^z_k - z_j), s = 0.1
  const logits = [
    [1, -2, 0.5, 3],
    [0, 0.25, -1, 2],
    [4, -4, 1, 0],
    [-0.5, 0.5, 1.5, 2.5],
    [3, 2, 1, 0],
    [0, 0, 0, 1],
  ].flat();
  const labels = [3, 1, 0, 2, 0, 3];
  const exact = [
    0.43975344767935176, 2.0504228225110754, 0.4411979278271283, 1.4901896985611953, 0.5901896985611953,
    0.8186683806286792,
  ];

  it("divides by the number of classes", () => {
    const options = { activation: "softmax", labelSmoothing: 0.1 } as const;
    const { perExample } = evaluate(crossEntropy(), { logits, labels, classes: 4 }, { ...options, reduction: "none" });
    expectDigits(perExample, exact, 1e-14);
    const { loss } = evaluate(crossEntropy(), { logits, labels, classes: 4 }, options);
    expectDigits([loss], [0.9717369959614376], 1e-14);
    expect(Math.abs(loss - 1.0481907291601522)).toBeGreaterThan(0.07); // what the division by 3 gives
  });
});

describe("the gradient of cross entropy for a confident target", () => {
  // PyTorch computes p - 1 in float32, which is exactly 0 from a lead of 17 on; the example stops to teach.
  // gradient = -e^-z / (1 + e^-z)
  const exact = [
    [17, -4.1399375473943306e-8],
    [25, -1.3887943864771146e-11],
    [60, -8.75651076269652e-27],
  ] as const;

  it.each(exact)("is not 0 at a lead of %d, also in a Float32Array", (z, slope) => {
    expect(sigmoidInFloat32(z) - 1).toBe(0);
    const gradient = new Float32Array(2);
    evaluate(
      crossEntropy(),
      { logits: Float32Array.of(z, 0), labels: Int32Array.of(0) },
      { activation: "softmax", gradient },
    );
    expect(Array.from(gradient)).toEqual([Math.fround(slope), Math.fround(-slope)]);
    const binary = evaluate(
      crossEntropy(),
      { logits: Float32Array.of(z), labels: [1] },
      { activation: "sigmoid", gradient: true },
    );
    expectDigits(binary.gradient, [slope], 1e-14);
  });

  it("is exact with three classes, where the row sums to 0", () => {
    const { loss, gradient } = evaluate(
      crossEntropy(),
      { logits: Float32Array.of(20, 1, -3), labels: Int32Array.of(0) },
      { activation: "softmax", gradient: true },
    );
    expectDigits([loss], [5.705415217578405e-9], 1e-14);
    expectDigits(gradient, [-5.705415201302524e-9, 5.602796405570987e-9, 1.0261879573153606e-10], 1e-14);
  });
});
