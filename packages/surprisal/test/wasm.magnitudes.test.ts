// Every magnitude of float32, one after the other: masks, ties, small differences between large logits.
import { describe, expect, it } from "vitest";
import {
  asymmetric,
  type Backend,
  crossEntropy,
  defineLoss,
  evaluate,
  type FloatArray,
  focal,
  generalizedCrossEntropy,
  type Loss,
  poly1,
} from "../src/index.ts";
import { wasm } from "../src/wasm.ts";
import { masks } from "./attack/batches.ts";
import { isLong } from "./attack/counts.ts";
import { expectClose } from "./support.ts";

const backends = [wasm, wasm.create({ relaxed: false })];
const entropy = defineLoss({ name: "entropy", formula: ({ neg, mul }, { pt, logPt }) => neg(mul(pt, logPt)) });
const opposite = defineLoss({
  name: "opposite",
  formula: ({ mul, neg, sub }, { oneMinusPt, logOneMinusPt, logPt }) => sub(neg(mul(oneMinusPt, logOneMinusPt)), logPt),
});
const someLosses = [
  ...[crossEntropy(), focal({ gamma: 2 }), focal({ gamma: 3 }), focal({ gamma: 0.7 }), poly1({ epsilon: 2 })],
  ...[generalizedCrossEntropy({ q: 0.5 }), asymmetric(), entropy(), opposite()],
];
const largest = 2 ** 128 - 2 ** 104;
/** 2^-149 to 2^127, of which a third is taken where the long way was not asked for, and the largest. */
const powers = Array.from({ length: 277 }, (_, k) => k - 149).filter((k) => isLong || k % 3 === 0);
const magnitudes = [...powers.map((k) => 2 ** k), largest];

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

type Rows = { readonly logits: Float32Array; readonly labels: Int32Array; readonly classes: number };

/** Rows with their targets. */
function rowsOf(rows: readonly (readonly number[])[], targets: readonly number[]): Rows {
  return { logits: Float32Array.from(rows.flat()), labels: Int32Array.from(targets), classes: rows[0].length };
}

function expectRows(loss: Loss, batch: Rows, tolerance = 1e-5): void {
  const exact = evaluate(loss, batch, { activation: "softmax", reduction: "none", gradient: true });
  for (const backend of backends) {
    const found = evaluate(loss, batch, { activation: "softmax", reduction: "none", gradient: true, backend });
    const forward = evaluate(loss, batch, { activation: "softmax", backend });
    const { classes } = batch;
    exact.perExample.forEach((wanted, n) => {
      expectClose(found.perExample[n], wanted, tolerance, 1e-31);
      const row = [n * classes, (n + 1) * classes] as const;
      expectClose((found.gradient as FloatArray).slice(...row), exact.gradient.slice(...row), tolerance, 1e-31);
    });
    expectClose(forward.loss, exact.loss / batch.labels.length, tolerance, 1e-31);
  }
}

describe("softmax", () => {
  it("of what fell once", () => {
    expectRows(
      crossEntropy(),
      rowsOf(
        [
          [0.5, -1e10],
          [0.5, -1e10],
          [1e30, 1e30],
          [3e38, -3e38],
          [1e9, 1e9 + 64],
        ],
        [0, 1, 0, 1, 0],
      ),
    );
  });

  it.each([2, 5, 129, 200])(
    "of %d classes at every magnitude: masks, ties, neighbours, targets ahead and behind",
    (classes) => {
      const columns = Array.from({ length: classes }, (_, j) => j);
      for (const loss of someLosses) {
        for (const size of classes > 100
          ? magnitudes.filter((size, k) => k % 5 === 0 || size === largest)
          : magnitudes) {
          for (const z of [size, -size]) {
            const target = Math.floor((37 * Math.abs(Math.log2(size))) % classes);
            const other = (target + 1) % classes;
            const near = z * (1 + 2 ** -21);
            const rows = [
              columns.map((j) => (j === target ? 0.5 : z)),
              columns.map((j) => (j === target ? z : Math.sin(j))),
              columns.map((j) => (j === other ? z : Math.sin(j))),
              columns.map(() => z),
              columns.map((j) => (j % 2 ? z : near)),
              columns.map((j) => (j % 3 === target % 3 ? Math.sin(j) : z)),
              columns.map((j) => (j === target ? largest : z)),
              columns.map((j) => Math.sin(j)),
            ].map((row) => row.map((each) => Math.max(-largest, Math.min(largest, Math.fround(each)))));
            expectRows(loss, rowsOf(rows, new Array(rows.length).fill(target)));
          }
        }
      }
    },
    300_000,
  );

  it.each([10, 1000])("of %d classes, some of them masked, stays in the kernels, whatever masks them", (classes) => {
    const rows = 20;
    const labels = Int32Array.from({ length: rows }, (_, n) => (7 * n) % classes);
    for (const mask of masks) {
      const logits = Float32Array.from({ length: rows * classes }, (_, k) =>
        k % 3 === 1 && k % classes !== labels[Math.floor(k / classes)] ? mask : 3 * Math.sin(k),
      );
      for (const loss of [focal({ gamma: 1.5 }), crossEntropy(), focal(), poly1(), generalizedCrossEntropy()]) {
        // A single class is left; 1.5 times the distance of the others may be more than float32 has.
        const isAlone = loss.parameters.gamma !== 1.5;
        for (let j = 0; j < classes; j++) if (j !== labels[3] && isAlone) logits[3 * classes + j] = mask;
        for (const backend of backends.map(watched)) {
          evaluate(loss, { logits, labels, classes }, { activation: "softmax", gradient: true, backend });
          expect(backend.fallbacks).toBe(0);
        }
        expectRows(loss, { logits, labels, classes });
      }
    }
  });

  it("of logits that an open frame could take for others: every float32 near where numbers come round", () => {
    const classes = 64;
    for (const centre of [-2907270, -4360000, -6541461, -7268128, -8721782, -23253000, 11629080, -186264000]) {
      for (let shift = 0; shift < 16; shift++) {
        const rows = Array.from({ length: 8 }, (_, n) =>
          Array.from({ length: classes }, (_, j) =>
            j % 4 === 0 ? Math.sin(j + n) : Math.fround(centre * (1 + (64 * (8 * shift + n) + j - 4096) * 2 ** -23)),
          ),
        );
        expectRows(
          crossEntropy(),
          rowsOf(
            rows,
            rows.map((_, n) => 4 * n),
          ),
        );
      }
    }
  });

  it("loses at most 8e-6 of a sum where one class outweighs thousands that are alike", () => {
    let worst = 0;
    for (const classes of [65, 128, 129, 600, 4100]) {
      for (let behind = 9; behind < 17.5; behind += 0.05) {
        const row = Array.from({ length: classes }, (_, j) => (j === 3 ? 0 : -behind));
        const batch = rowsOf([row, row, row, row], [7, 7, 3, 0]);
        const exact = evaluate(crossEntropy(), batch, { activation: "softmax", gradient: true, reduction: "sum" });
        for (const backend of backends) {
          const found = evaluate(crossEntropy(), batch, {
            activation: "softmax",
            gradient: true,
            reduction: "sum",
            backend,
          });
          for (const k of [3, classes + 3])
            worst = Math.max(worst, Math.abs(found.gradient[k] / exact.gradient[k] - 1));
        }
      }
    }
    expect(worst).toBeLessThan(8e-6);
  });
});

describe("sigmoid", () => {
  const numbers = magnitudes.flatMap((size) => [size, -1.37 * size]).filter((z) => Math.abs(z) <= largest);
  const logits = Float32Array.from(numbers);

  it.each(someLosses.map((loss) => [`${loss.name} ${JSON.stringify(loss.parameters)}`, loss] as const))(
    "of %s at every magnitude, in value, gradient and curvature",
    (_, loss) => {
      const kinds = {
        hard: Uint8Array.from(logits, (_, k) => (k >> 1) % 2),
        opposite: Uint8Array.from(logits, (_, k) => 1 - ((k >> 1) % 2)),
        soft: Float32Array.from(logits, (_, k) => (k % 11) / 10),
      };
      for (const labels of Object.values(kinds)) {
        for (const alpha of [undefined, 0.25]) {
          // By itself, so that one logit that is left to the reference does not take the others along.
          for (let k = 0; k < logits.length; k++) {
            const batch = { logits: logits.subarray(k, k + 1), labels: labels.subarray(k, k + 1), classes: 1 };
            const options = { activation: "sigmoid", alpha, gradient: true, curvature: true } as const;
            const exact = evaluate(loss, batch, options);
            for (const backend of backends) {
              const found = evaluate(loss, batch, { ...options, backend });
              // A trace of a vanished probability, times a logarithm of up to 1e9.
              expectClose(found.loss, exact.loss, 1e-5, 1e-28);
              const size = Math.max(1e-26, Math.abs(exact.gradient[0]), Math.min(1, Math.abs(exact.loss)));
              expectClose(found.gradient, exact.gradient, 1e-5, size);
              expectClose(found.curvature, exact.curvature, 1e-5, size);
            }
          }
        }
      }
    },
  );

  it("of cross entropy, poly-1 and generalized cross entropy stays in the kernels at every magnitude", () => {
    const labels = Uint8Array.from(logits, (_, k) => Number(logits[k] > 0));
    for (const loss of [crossEntropy(), poly1()]) {
      for (const backend of backends.map(watched)) {
        evaluate(loss, { logits, labels }, { activation: "sigmoid", gradient: true, backend });
        expect(backend.fallbacks).toBe(0);
      }
    }
  });
});
