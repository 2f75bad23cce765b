// The kernels of a network: the numbers of plain loops, bit by bit; and of exact sums, within float32 rounding.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainKernels } from "../src/backends/wasm/network/plain.ts";
import { type NetworkKernels, networkKernels } from "../src/network.ts";
import { wasm } from "../src/wasm.ts";

const own = wasm.create({ relaxed: false });
const fused = wasm.create();
const ownKernels = networkKernels(own);

const seeds = fc.integer({ min: 1, max: 2 ** 30 });
/** Widths on both sides of every block: of one number, of four, of 32, and batches of any size. */
const size = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(30, 31, 32, 33, 36, 63, 64, 67, 70, 96));
const shapes = fc.record({ rows: size, inputs: size, outputs: size, relu: fc.boolean(), seed: seeds });

/** Numbers from -1 to 1 of which every third is 0, the same for the same seed. */
function numbers(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, (_, k) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return k % 3 === 2 ? 0 : state / 2 ** 31;
  });
}

/** Arrays with a border behind each, which must stay as it is. */
const border = 5;
function placed(arrays: Readonly<Record<string, Float32Array>>, backend: typeof wasm | null) {
  const all = Object.entries(arrays).map(([name, values]) => {
    const whole = backend?.float32(values.length + border) ?? new Float32Array(values.length + border);
    whole.fill(7);
    whole.set(values);
    return [name, whole] as const;
  });
  const views = Object.fromEntries(all.map(([name, whole]) => [name, whole.subarray(0, whole.length - border)]));
  return {
    views,
    /** The numbers as they are now; the memory is given back. */
    finish: () =>
      all.map(([name, whole]) => {
        const copy = whole.slice();
        if (backend !== null) backend.free(whole);
        expect(Array.from(copy.slice(-border)), `behind ${name}`).toEqual(Array(border).fill(7));
        return copy;
      }),
  };
}

type Arrays = Readonly<Record<string, Float32Array>>;

const few = { numRuns: 40 };

/** Does the same in plain loops and in kernels that round alike: the bits are equal; fused ones are close. */
function expectSame(arrays: Arrays, run: (kernels: NetworkKernels, views: Record<string, Float32Array>) => void): void {
  const results = [null, own, fused].map((backend) => {
    const { views, finish } = placed(arrays, backend);
    run(backend === null ? plainKernels : networkKernels(backend), views);
    return finish();
  });
  results[0].forEach((values, a) => {
    expect(results[1][a].findIndex((value, k) => !Object.is(value, values[k]))).toBe(-1);
    expect(worst(results[2][a], (k) => values[k])).toBeLessThan(1e-5);
  });
}

/** The largest difference between float32 numbers and exact ones. */
const worst = (found: Float32Array, exact: (index: number) => number) =>
  found.reduce((most, value, k) => Math.max(most, Math.abs(value - exact(k))), 0);

/**
 * How far float32 may be off after adding so many products, and a bias, of numbers from -1 to 1: each sum is rounded.
 */
const mostRounding = (count: number) => (2 ** -24 * (count + 1) * (count + 4)) / 2;

const sumOver = (count: number, term: (k: number) => number) => {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += term(k);
  return sum;
};

describe("the products of matrices", () => {
  it("of a layer are its sums, cut off below 0 by relu", () => {
    fc.assert(
      fc.property(shapes, ({ rows, inputs, outputs, relu, seed }) => {
        const input = numbers(rows * inputs, seed);
        const weights = numbers(inputs * outputs, seed + 1);
        const bias = numbers(outputs, seed + 2);
        const output = new Float32Array(rows * outputs);
        expectSame({ input, weights, bias, output }, (kernels, { input, weights, bias, output }) =>
          kernels.layer({ input, weights, bias, output, rows, relu }),
        );
        plainKernels.layer({ input, weights, bias, output, rows, relu });
        const error = worst(output, (k) => {
          const [n, h] = [Math.floor(k / outputs), k % outputs];
          const sum = bias[h] + sumOver(inputs, (i) => input[n * inputs + i] * weights[i * outputs + h]);
          return relu ? Math.max(sum, 0) : sum;
        });
        expect(error).toBeLessThan(mostRounding(inputs));
      }),
      few,
    );
  });

  it("back to weights are the sums over the rows of a batch, and those of the bias", () => {
    fc.assert(
      fc.property(shapes, ({ rows, inputs, outputs, seed }) => {
        const input = numbers(rows * inputs, seed);
        const slopes = numbers(rows * outputs, seed + 1);
        const weights = new Float32Array(inputs * outputs);
        const bias = new Float32Array(outputs);
        expectSame({ input, slopes, weights, bias }, (kernels, { input, slopes, weights, bias }) =>
          kernels.weightGradient({ input, slopes, weights, bias, rows }),
        );
        plainKernels.weightGradient({ input, slopes, weights, bias, rows });
        const ofWeights = worst(weights, (k) => {
          const [i, h] = [Math.floor(k / outputs), k % outputs];
          return sumOver(rows, (n) => input[n * inputs + i] * slopes[n * outputs + h]);
        });
        const ofBias = worst(bias, (h) => sumOver(rows, (n) => slopes[n * outputs + h]));
        expect(Math.max(ofWeights, ofBias)).toBeLessThan(mostRounding(rows));
      }),
      few,
    );
  });

  it("back to inputs are the sums over the outputs, and exactly 0 where the relu slept", () => {
    fc.assert(
      fc.property(shapes, ({ rows, inputs, outputs, seed }) => {
        const input = numbers(rows * inputs, seed);
        const weights = numbers(inputs * outputs, seed + 1);
        const slopes = numbers(rows * outputs, seed + 2);
        const gradient = new Float32Array(rows * inputs);
        expectSame({ slopes, weights, input, gradient }, (kernels, { slopes, weights, input, gradient }) =>
          kernels.inputGradient({ slopes, weights, input, gradient, rows, inputs }),
        );
        plainKernels.inputGradient({ slopes, weights, input, gradient, rows, inputs });
        const error = worst(gradient, (k) => {
          const [n, i] = [Math.floor(k / inputs), k % inputs];
          const sum = sumOver(outputs, (h) => slopes[n * outputs + h] * weights[i * outputs + h]);
          return input[k] <= 0 ? 0 : sum;
        });
        expect(error).toBeLessThan(mostRounding(outputs));
      }),
      few,
    );
  });

  it("take part of longer arrays, as the last batch of an epoch is smaller", () => {
    const arrays = { input: numbers(64 * 3, 1), weights: numbers(15, 2), bias: numbers(5, 3), output: numbers(320, 4) };
    expectSame(arrays, (kernels, { input, weights, bias, output }) =>
      kernels.layer({ input, weights, bias, output, rows: 6, relu: true }),
    );
  });

  it("let NaN through", () => {
    const [input, weights, bias] = [own.float32(2), own.float32(10), own.float32(5)];
    const [output, gradient] = [own.float32(5), own.float32(2)];
    input.set([1, Number.NaN]);
    ownKernels.layer({ input, weights, bias, output, rows: 1, relu: true });
    expect(Array.from(output)).toEqual(Array(5).fill(Number.NaN));
    output.fill(1);
    weights.fill(3);
    ownKernels.inputGradient({ slopes: output, weights, input, gradient, rows: 1, inputs: 2 });
    expect(Array.from(gradient)).toEqual([15, 15]);
  });
});

describe("a step of Adam", () => {
  it("is the same in plain loops", () => {
    fc.assert(
      fc.property(size, seeds, fc.constantFrom(0, 0.1), (length, seed, l2) => {
        const [values, gradient] = [numbers(length, seed), numbers(length, seed + 1)];
        const zeros = { first: new Float32Array(length), second: new Float32Array(length) };
        expectSame({ values, gradient, ...zeros }, (kernels, { values, gradient, first, second }) => {
          for (let step = 0; step < 3; step++) kernels.adam({ values, gradient, first, second }, { rate: 0.01, l2 });
        });
      }),
    );
  });

  it("moves a parameter by the rate at first, against its slope", () => {
    const arrays = { values: own.float32(3), gradient: own.float32(3), first: own.float32(3), second: own.float32(3) };
    arrays.gradient.set([4, -0.5, 0]);
    ownKernels.adam(arrays, { rate: (0.01 * Math.sqrt(1 - 0.999)) / (1 - 0.9), l2: 0 });
    [-0.01, 0.01, 0].forEach((expected, k) => {
      expect(arrays.values[k]).toBeCloseTo(expected, 7);
    });
  });

  it("ends moments that fade at 0 and not in numbers that slow the machine, and keeps NaN", () => {
    const arrays = { values: own.float32(3), gradient: own.float32(3), first: own.float32(3), second: own.float32(3) };
    arrays.gradient.set([1, 1e-20, Number.NaN]);
    for (let step = 0; step < 1000; step++) {
      ownKernels.adam(arrays, { rate: 0.001, l2: 0 });
      arrays.gradient[0] = 0;
    }
    expect(Array.from(arrays.first)).toEqual([0, 0, Number.NaN]);
    expect(arrays.second[1]).toBe(0);
    expect(arrays.values[2]).toBeNaN();
  });
});

describe("gathering rows", () => {
  it("copies rows of any width in the wanted order, integers too", () => {
    fc.assert(
      fc.property(size, fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 20 }), (width, order) => {
        const matrix = own.float32(10 * width);
        const labels = own.int32(10 * width);
        const indices = own.int32(order.length);
        const [batch, batchLabels] = [own.float32(order.length * width), own.int32(order.length * width)];
        matrix.forEach((_, k) => {
          matrix[k] = k / 7;
          labels[k] = -k;
        });
        indices.set(order);
        ownKernels.gather(matrix, indices, batch);
        ownKernels.gather(labels, indices, batchLabels);
        order.forEach((row, n) => {
          const ours = [n * width, (n + 1) * width] as const;
          const theirs = [row * width, (row + 1) * width] as const;
          expect(batch.slice(...ours)).toEqual(matrix.slice(...theirs));
          expect(batchLabels.slice(...ours)).toEqual(labels.slice(...theirs));
        });
        for (const array of [matrix, labels, indices, batch, batchLabels]) own.free(array);
      }),
    );
  });
});
