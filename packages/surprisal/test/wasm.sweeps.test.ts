// The WASM back end in dense sweeps of margins: how many digits focal loss keeps from p = 0 to p = 1.
import { describe, expect, it } from "vitest";
import {
  asymmetric,
  crossEntropy,
  evaluate,
  focal,
  generalizedCrossEntropy,
  type Loss,
  losses,
  poly1,
} from "../src/index.ts";
import { wasm } from "../src/wasm.ts";

const plain = wasm.create({ relaxed: false });

describe("a dense sweep of margins", () => {
  const length = 40_001;
  const logits = Float32Array.from({ length }, (_, k) => -80 + (160 * k) / (length - 1));
  // Near a margin of 0, as near as float32 comes.
  for (let k = 0; k < 400; k++) logits[k] = (k % 2 ? 1 : -1) * 1.17 ** -k;
  const relative = (found: ArrayLike<number>, exact: ArrayLike<number>) => {
    let most = 0;
    for (let k = 0; k < exact.length; k++) {
      const error = Math.abs(found[k] - exact[k]);
      if (error > 1e-37) most = Math.max(most, error / Math.abs(exact[k]));
    }
    return most;
  };
  it.each([0, 1, 2, 3, 5, 0.5, 0.7, 1.3, 2.5, 7.77])(
    "focal with gamma %d keeps its digits in value and gradient",
    (gamma) => {
      const labels = new Uint8Array(length).fill(1);
      const options = { activation: "sigmoid", reduction: "none", gradient: true } as const;
      const exact = evaluate(focal({ gamma }), { logits, labels }, options);
      for (const backend of [wasm, plain]) {
        const found = evaluate(focal({ gamma }), { logits, labels }, { ...options, backend });
        const tolerance = Number.isInteger(gamma) ? 1e-6 : 5e-6;
        expect(relative(found.elements, exact.elements)).toBeLessThan(tolerance);
        expect(relative(found.gradient, exact.gradient)).toBeLessThan(gamma === 0 ? 2e-7 : tolerance);
      }
    },
  );
});

describe("a dense sweep of margins under softmax", () => {
  const rows = 20_000;
  it.each([2, 10, 200])("of %d classes keeps the digits of focal loss in value and gradient", (classes) => {
    // The target is ahead by -80 to 80 of one other class, and further ahead of the rest.
    const labels = Int32Array.from({ length: rows }, (_, n) => (n * 31) % classes);
    const logits = Float32Array.from({ length: rows * classes }, (_, k) => {
      const n = Math.floor(k / classes);
      if (k % classes === labels[n]) return -40 + (80 * n) / rows + 0.3 * Math.sin(n);
      if (k % classes === (labels[n] + 1) % classes) return 40 - (80 * n) / rows;
      return -60 + Math.sin(k);
    });
    const options = { activation: "softmax", reduction: "none", gradient: true } as const;
    for (const gamma of [0, 1, 2, 3, 4, 5, 1.5]) {
      const loss = gamma === 0 ? crossEntropy() : focal({ gamma });
      const exact = evaluate(loss, { logits, labels, classes }, options);
      for (const backend of [wasm, plain]) {
        const found = evaluate(loss, { logits, labels, classes }, { ...options, backend });
        const tolerance = Number.isInteger(gamma) && gamma <= 4 ? 1e-6 : 5e-6;
        let [worst, worstOfRow] = [0, 0];
        for (let n = 0; n < rows; n++) {
          const error = Math.abs(found.perExample[n] - exact.perExample[n]);
          if (error > 1e-37) worst = Math.max(worst, error / exact.perExample[n]);
          let [largest, mostWrong] = [0, 0];
          for (let k = n * classes; k < (n + 1) * classes; k++) {
            largest = Math.max(largest, Math.abs(exact.gradient[k]));
            mostWrong = Math.max(mostWrong, Math.abs(found.gradient[k] - exact.gradient[k]));
          }
          if (mostWrong > 1e-37) worstOfRow = Math.max(worstOfRow, mostWrong / largest);
        }
        expect(worst).toBeLessThan(tolerance);
        expect(worstOfRow).toBeLessThan(gamma > 0 ? tolerance : 4e-7);
      }
    }
  });
});

describe("what is declared relative to something else", () => {
  const length = 30_001;
  const logits = Float32Array.from({ length }, (_, k) => -120 + (240 * k) / (length - 1));
  const all = { activation: "sigmoid", reduction: "none", gradient: true, curvature: true } as const;
  const hard = (loss: Loss, label: 0 | 1) =>
    evaluate(loss, { logits, labels: new Uint8Array(length).fill(label) }, all);
  /** The largest error, each relative to a size of its own. */
  const worst = (found: ArrayLike<number>, exact: ArrayLike<number>, size: (k: number) => number, smallest = 1e-37) => {
    let most = 0;
    for (let k = 0; k < exact.length; k++) {
      const error = Math.abs(found[k] - exact[k]);
      if (!(error <= smallest)) most = Math.max(most, error / size(k));
    }
    return most;
  };

  it.each([1e-6, 0.01, 0.3, 0.5, 0.7, 0.93, 1])("generalized cross entropy with q = %d keeps its digits", (q) => {
    const loss = generalizedCrossEntropy({ q });
    for (const label of [0, 1] as const) {
      const exact = hard(loss, label);
      for (const backend of [wasm, plain]) {
        const batch = { logits, labels: new Uint8Array(length).fill(label) };
        const found = evaluate(loss, batch, { ...all, curvature: undefined, backend });
        expect(worst(found.elements, exact.elements, (k) => Math.abs(exact.elements[k]))).toBeLessThan(1e-6);
        expect(worst(found.gradient, exact.gradient, (k) => Math.abs(exact.gradient[k]))).toBeLessThan(1e-6);
      }
    }
  });

  it.each(losses.map((factory) => [factory.definition.name, factory] as const))(
    "soft labels with %s: relative to the label's own two terms; a curvature also to the slopes",
    (name, factory) => {
      const loss = name === "asymmetric" ? factory({ margin: 0 } as never) : factory();
      const [zero, one] = [hard(loss, 0), hard(loss, 1)];
      const labels = Float32Array.from(
        logits,
        (z, k) => [1 / (1 + Math.exp(-z)), 0.5, 0.999, 1e-4, (k % 101) / 100][k % 5],
      );
      const exact = evaluate(loss, { logits, labels }, all);
      const terms = (name: "elements" | "gradient" | "curvature") => (k: number) =>
        labels[k] * Math.abs(one[name][k]) + (1 - labels[k]) * Math.abs(zero[name][k]);
      for (const backend of [wasm, plain]) {
        const found = evaluate(loss, { logits, labels }, { ...all, backend });
        const tolerance = name === "generalizedCrossEntropy" ? 2e-6 : 1e-6;
        expect(worst(found.elements, exact.elements, terms("elements"))).toBeLessThan(tolerance);
        expect(worst(found.gradient, exact.gradient, terms("gradient"))).toBeLessThan(tolerance);
        const ofCurvature = (k: number) => Math.max(terms("gradient")(k), terms("curvature")(k));
        expect(worst(found.curvature, exact.curvature, ofCurvature, 1e-35)).toBeLessThan(1e-5);
      }
    },
  );

  it.each([-0.9, -0.5, 1, 2, 30])(
    "a curvature that changes its sign, of poly1 with epsilon %d: relative to the slope",
    (epsilon) => {
      const loss = poly1({ epsilon });
      for (const label of [0, 1] as const) {
        const exact = hard(loss, label);
        for (const backend of [wasm, plain]) {
          const found = evaluate(loss, { logits, labels: new Uint8Array(length).fill(label) }, { ...all, backend });
          const size = (k: number) => Math.max(Math.abs(exact.curvature[k]), Math.abs(exact.gradient[k]));
          expect(worst(found.curvature, exact.curvature, size, 1e-35)).toBeLessThan(1e-5);
        }
      }
    },
  );

  it.each([0.05, 0.2, 1e-3, 0.7])("asymmetric with margin %d: as if the margin were off by 2e-7", (margin) => {
    // Beside the margin p - margin has few digits, and its fourth power fewer.
    const near = Float32Array.from(logits, (z, k) => (k % 2 ? z : Math.log(margin / (1 - margin)) + z / 1000));
    const labels = new Uint8Array(length);
    const options = { activation: "sigmoid", reduction: "none", gradient: true } as const;
    for (const gammaNegative of [1, 2, 4, 2.5]) {
      const at = (each: number) =>
        evaluate(asymmetric({ margin: each, gammaNegative }), { logits: near, labels }, options);
      const [low, high] = [at(margin + 2e-7), at(margin - 2e-7)];
      for (const backend of [wasm, plain]) {
        const found = evaluate(
          asymmetric({ margin, gammaNegative }),
          { logits: near, labels },
          { ...options, backend },
        );
        for (const name of ["elements", "gradient"] as const) {
          const outside: string[] = [];
          for (let k = 0; k < length; k++) {
            const [a, b] = [low[name][k], high[name][k]];
            const slack = 5e-6 * Math.max(Math.abs(a), Math.abs(b)) + 1e-35;
            const isWithin = found[name][k] >= Math.min(a, b) - slack && found[name][k] <= Math.max(a, b) + slack;
            if (!isWithin) outside.push(`${name} at ${near[k]}: ${found[name][k]} is not within ${a} and ${b}`);
          }
          expect(outside.slice(0, 3)).toEqual([]);
        }
      }
    }
  });

  it.each([1e-30, 1e-3, 1e3, 1e30])("numbers weighted by %d keep the digits that they had before", (weight) => {
    const labels = new Uint8Array(length).fill(1);
    for (const loss of [crossEntropy(), focal(), focal({ gamma: 1.5 })]) {
      const options = {
        activation: "sigmoid",
        reduction: "none",
        gradient: true,
        alpha: { positive: weight, negative: 1 },
      } as const;
      const exact = evaluate(loss, { logits, labels }, options);
      const tolerance = loss.parameters.gamma === 1.5 ? 5e-6 : 1e-6;
      for (const backend of [wasm, plain]) {
        const found = evaluate(loss, { logits, labels }, { ...options, backend });
        for (const name of ["elements", "gradient"] as const) {
          const error = worst(found[name], exact[name], (k) => Math.abs(exact[name][k]), 1e-37 * Math.max(1, weight));
          expect(error).toBeLessThan(tolerance);
        }
      }
    }
  });
});
