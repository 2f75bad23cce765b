// What kernels write: every subset of outputs, for every kind of labels and weights, and nothing beside them.
import { describe, expect, it } from "vitest";
import type { Outputs } from "../src/backends/backend.ts";
import { kernelLossOf } from "../src/backends/wasm/formula/parameters.ts";
import { Kernels, type Variant } from "../src/backends/wasm/kernels.ts";
import { detectFeatures } from "../src/backends/wasm/memory/features.ts";
import { Heap } from "../src/backends/wasm/memory/heap.ts";
import { narrowScratch } from "../src/backends/wasm/softmax/narrow.ts";
import { wideScratch } from "../src/backends/wasm/softmax/wide.ts";
import type { Problem } from "../src/batch/problem.ts";
import { asymmetric, crossEntropy, evaluate, type FloatArray, focal, type Loss, poly1 } from "../src/index.ts";
import { wasm } from "../src/wasm.ts";
import { expectClose } from "./support.ts";

const someLosses = [crossEntropy(), focal({ gamma: 2 }), focal({ gamma: 0.7 }), asymmetric()];
const booleans = [false, true];
const sentinel = 0xa5;
const guardBytes = 64;

/** Memory with a kernel, whose arrays lie in it with guard words around each. */
class Guarded {
  private readonly heap = Heap.create() as Heap;
  private readonly kernels: Kernels;
  private readonly placed: number[] = [];
  /** Where the kernel may write. */
  private readonly open: [from: number, to: number][] = [];

  constructor(fused: boolean) {
    this.kernels = new Kernels(this.heap, { fused });
  }

  /** Forgets all arrays. */
  clear(): this {
    for (const address of this.placed) this.heap.release(address);
    this.placed.length = 0;
    this.open.length = 0;
    return this;
  }

  private place(bytes: number): number {
    const address = this.heap.allocate(bytes + 2 * guardBytes);
    this.placed.push(address);
    this.heap.uint8s.fill(sentinel, address, address + bytes + 2 * guardBytes);
    return address + guardBytes;
  }

  input(values: ArrayLike<number>, kind: "float32" | "int32" | "uint8"): number {
    const address = this.place((kind === "uint8" ? 1 : 4) * values.length);
    const from = kind === "uint8" ? address : address / 4;
    this.heap[`${kind}s`].set(values, from);
    return address;
  }

  output(length: number): number {
    const address = this.place(4 * length);
    this.open.push([address, address + 4 * length]);
    return address;
  }

  floats(address: number, length: number): Float32Array {
    return this.heap.float32s.slice(address / 4, address / 4 + length);
  }

  /** Runs a kernel on whatever is given, and expects every byte outside the outputs to be as it was. */
  run(
    loss: Loss,
    variant: Variant,
    values: Readonly<Record<string, number>>,
    given: readonly (number | null)[],
  ): number {
    const known = kernelLossOf(loss);
    const kernel = known && this.kernels.of(loss, known, variant);
    if (kernel === null || known === null) throw new Error("no kernel");
    for (const [name, index] of kernel.symbols) this.heap.float32s[index] = values[name] ?? known.symbols[name];
    const scratchBytes =
      variant.activation === "softmax" && variant.classes ? narrowScratch(variant.classes) : wideScratch;
    const scratch = this.place(scratchBytes);
    this.open.push([scratch, scratch + scratchBytes]);
    // Whatever is stored through a pointer that was not given lands here, or in the first line of memory.
    const trap = this.place(1 << 14);
    for (const missing of [0, trap]) {
      const pointers = given.map((address) => address ?? missing);
      const before = this.closed();
      const sum = kernel.run(kernel.constants, scratch, values.classes, values.count, ...pointers);
      expect(Buffer.compare(this.closed(), before)).toBe(0);
      if (missing === trap) return sum;
    }
    return Number.NaN;
  }

  /** All of memory, with zeros where a kernel may write. */
  private closed(): Buffer {
    const bytes = Buffer.from(this.heap.uint8s);
    for (const [from, to] of this.open) bytes.fill(0, from, to);
    return bytes;
  }
}

const logitsOf = (length: number) => Float32Array.from({ length }, (_, k) => 4 * Math.sin(k * 12.9898 + (k % 7)));

describe.each(detectFeatures().relaxedSimd ? [false, true] : [false])("kernels with multiply-add: %s", (fused) => {
  const guarded = new Guarded(fused);
  const variants = booleans.flatMap((gradient) =>
    booleans.flatMap((curvature) => booleans.map((elements) => ({ gradient, curvature, elements }))),
  );
  it.each(variants)(
    "a sigmoid kernel of %j writes these, right, and nothing else",
    ({ gradient, curvature, elements }) => {
      for (const labels of ["hard", "soft"] as const) {
        for (const labelType of ["float32", "int32", "uint8"] as const) {
          for (const weights of ["none", "byLabel", "byElement"] as const) {
            for (const [loss, count] of someLosses.map((each, k) => [each, [1, 18, 67, 131][k]] as const)) {
              if (labels === "hard" && loss.name === "asymmetric") continue;
              const memory = guarded.clear();
              const logits = logitsOf(count);
              const soft = labels === "soft" && labelType === "float32";
              const y = Float32Array.from(logits, (_, k) => (soft ? (k % 5) / 4 : (k * 7) % 2));
              const positive = Float32Array.from(logits, (_, k) => (k % 4) / 2);
              const negative = Float32Array.from(logits, (_, k) => (k % 3) / 2);
              const out = (isThere: boolean) => (isThere ? memory.output(count) : null);
              const [slopes, bends, losses] = [out(gradient), out(curvature), out(elements)];
              const isByElement = weights === "byElement";
              const sum = memory.run(
                loss,
                { activation: "sigmoid", labels, labelType, weights, gradient, curvature, elements },
                { classes: 1, count, scale: 0.5, minusScale: -0.5, weightOfOne: 0.25, weightOfZero: 0.75 },
                [
                  memory.input(logits, "float32"),
                  memory.input(y, labelType),
                  ...[slopes, bends, losses],
                  isByElement ? memory.input(positive, "float32") : null,
                  isByElement ? memory.input(negative, "float32") : null,
                ],
              );
              // One column for each logit, so that each has weights of its own.
              const alpha = {
                none: undefined,
                byLabel: { positive: 0.25, negative: 0.75 },
                byElement: { positive, negative },
              }[weights];
              const options = {
                activation: "sigmoid",
                alpha,
                reduction: "none",
                gradient: true,
                curvature: true,
              } as const;
              const exact = evaluate(loss, { logits, labels: y, classes: isByElement ? count : 1 }, options);
              expectClose(sum, exact.loss, 1e-5);
              for (const [address, wanted, scale] of [
                [slopes, exact.gradient, 0.5],
                [bends, exact.curvature, 0.5],
                [losses, exact.elements, 1],
              ] as const) {
                if (address !== null)
                  expectClose(
                    memory.floats(address, count),
                    wanted.map((each) => scale * each),
                    1e-5,
                  );
              }
            }
          }
        }
      }
    },
  );

  it.each([2, 3, 10, 128, 150, 3000])(
    "a softmax kernel of %d classes writes what it is to write, and nothing else",
    (classes) => {
      for (const gradient of booleans) {
        for (const weighted of booleans) {
          for (const losses of booleans) {
            for (const [loss, rows] of someLosses.slice(0, 3).map((each, k) => [each, [1, 5, 6][k]] as const)) {
              const memory = guarded.clear();
              const logits = logitsOf(rows * classes);
              const labels = Int32Array.from({ length: rows }, (_, n) => (n * 53) % classes);
              const weights = Float32Array.from({ length: rows }, (_, n) => (n % 3) / 2);
              // One row has a frame of its own, one an origin, one masks.
              if (rows > 4) {
                for (let j = 0; j < classes; j++) {
                  logits[classes + j] += 300;
                  logits[2 * classes + j] *= 1e30;
                  if (j !== labels[3] && j % 3 === 1) logits[3 * classes + j] = -3.4e38;
                }
              }
              const slopes = gradient ? memory.output(rows * classes) : null;
              const each = losses ? memory.output(rows) : null;
              const sum = memory.run(
                loss,
                {
                  activation: "softmax",
                  order: gradient ? 1 : 0,
                  classes: classes > 128 ? null : classes,
                  weights: weighted,
                  losses,
                },
                { classes, count: rows, scale: 0.5, minusScale: -0.5 },
                [
                  memory.input(logits, "float32"),
                  memory.input(labels, "int32"),
                  slopes,
                  each,
                  weighted ? memory.input(weights, "float32") : null,
                ],
              );
              const options = { activation: "softmax", reduction: "none", gradient: true } as const;
              const exact = evaluate(
                loss,
                { logits, labels, classes },
                { ...options, exampleWeights: weighted ? weights : undefined },
              );
              expectClose(sum, exact.loss, 1e-5);
              if (each !== null) expectClose(memory.floats(each, rows), exact.perExample, 1e-5);
              if (slopes !== null)
                expectClose(
                  memory.floats(slopes, rows * classes),
                  exact.gradient.map((g) => g / 2),
                  1e-5,
                );
            }
          }
        }
      }
    },
  );
});

describe("every subset of outputs, through the back end", () => {
  const rows = 9;
  const subsets = Array.from({ length: 16 }, (_, bits) => ({
    gradient: (bits & 1) > 0,
    curvature: (bits & 2) > 0,
    perExample: (bits & 4) > 0,
    elements: (bits & 8) > 0,
  }));
  const backend = wasm.create();
  const canary = () => {
    const batch = { logits: [0.5, -1, 2], labels: [2], classes: 3 };
    const { loss, gradient } = evaluate(focal(), batch, { activation: "softmax", gradient: true, backend });
    return [loss, ...gradient];
  };

  it.each(subsets)("%j gives what the reference gives, and spoils nothing", (subset) => {
    const calm = canary();
    for (const activation of ["sigmoid", "softmax"] as const) {
      for (const [classes, isOnHeap] of [
        [3, true],
        [3, false],
        [1, true],
        [140, true],
      ] as const) {
        if (activation === "softmax" && classes === 1) continue;
        const size = rows * classes;
        const logits = logitsOf(size);
        const labels =
          activation === "softmax"
            ? Int32Array.from({ length: rows }, (_, n) => (n * 5) % classes)
            : Float32Array.from(logits, (_, k) => k % 2);
        for (const loss of [crossEntropy(), focal({ gamma: 1.5 }), poly1(), asymmetric()]) {
          const outputs = (isHeap: boolean): Outputs => ({
            gradient: subset.gradient ? (isHeap ? backend.float32(size) : new Float64Array(size)) : null,
            curvature: subset.curvature ? (isHeap ? backend.float32(size) : new Float64Array(size)) : null,
            perExample: subset.perExample ? new Float64Array(rows) : null,
            elements: subset.elements && activation === "sigmoid" ? new Float64Array(size) : null,
          });
          const problem: Problem = {
            ...{ activation, examples: rows, classes, logits, labels, labelsAreIndices: activation === "softmax" },
            ...{ ignoreLabel: null, mask: null, alpha: null, exampleWeights: null, logitAdjustment: null },
            ...{ weightUnit: 0, areWeightsExtreme: false },
            ...{ labelSmoothing: 0, inputs: "logits", reduction: "sum" },
          };
          const [found, exact] = [outputs(isOnHeap), outputs(false)];
          const sum = backend.run(loss, problem, 0.5, found);
          const wanted = evaluate(
            loss,
            { logits, labels, classes },
            { activation, reduction: "none", gradient: true, curvature: true },
          );
          expectClose(sum, wanted.loss, 1e-5);
          for (const name of ["gradient", "curvature", "perExample", "elements"] as const) {
            if (exact[name] === null) continue;
            const scale = name === "gradient" || name === "curvature" ? 0.5 : 1;
            expectClose(
              found[name] as FloatArray,
              (wanted[name] as Float64Array).map((each) => scale * each),
              1e-5,
            );
          }
        }
      }
    }
    expect(canary()).toEqual(calm);
  });
});
