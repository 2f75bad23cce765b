// The WASM back end in dense sweeps of margins: how many digits focal loss keeps from p = 0 to p = 1.
import { describe, expect, it } from "vitest";
import { crossEntropy, evaluate, focal } from "../src/index.ts";
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
