// The kernels of a network: the numbers of plain loops, bit by bit; and of exact sums, within float32 rounding.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkedKernels } from "../src/backends/wasm/network/checks.ts";
import { plainKernels } from "../src/backends/wasm/network/plain.ts";
import { InputError } from "../src/index.ts";
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

describe("arrays of a product that share memory", () => {
  const area = 200;
  const shapes = { rows: 2, inputs: 3, outputs: 4 };
  const { rows, inputs, outputs } = shapes;
  const lengths: Readonly<Record<string, Readonly<Record<string, number>>>> = {
    layer: { input: rows * inputs, weights: inputs * outputs, bias: outputs, output: rows * outputs },
    weightGradient: { input: rows * inputs, slopes: rows * outputs, weights: inputs * outputs, bias: outputs },
    inputGradient: { slopes: rows * outputs, weights: inputs * outputs, input: rows * inputs, gradient: rows * inputs },
    adam: { values: 12, gradient: 12, first: 12, second: 12 },
    gather: { matrix: 12, indices: 2, into: 6 },
  };
  const written: Readonly<Record<string, readonly string[]>> = {
    layer: ["output"],
    weightGradient: ["weights", "bias"],
    inputGradient: ["gradient"],
    adam: ["values", "first", "second"],
    gather: ["into"],
  };
  const call = (kernels: NetworkKernels, name: string, arrays: Readonly<Record<string, Float32Array | Int32Array>>) => {
    if (name === "gather") {
      kernels.gather(arrays.matrix as Float32Array, arrays.indices as Int32Array, arrays.into as Float32Array);
    } else if (name === "adam") kernels.adam(arrays as never, { rate: 0.1, l2: 0 });
    else (kernels as never as Record<string, (given: object) => void>)[name]({ ...arrays, ...shapes, relu: true });
  };

  it.each(Object.keys(lengths))(
    "of %s are refused where one is written, wherever they overlap, and nothing is written",
    (name) => {
      let refused = 0;
      for (const output of written[name]) {
        for (const other of Object.keys(lengths[name]).filter((each) => each !== output)) {
          for (const kernels of [ownKernels, checkedKernels(() => ({ kernels: plainKernels, heap: null }))]) {
            for (let shift = -lengths[name][output]; shift <= lengths[name][other]; shift++) {
              const make = (length: number) =>
                kernels === ownKernels ? own.float32(length) : new Float32Array(length);
              const whole = make(area).fill(0);
              const view = (each: string, at: number) => {
                const Type = each === "indices" ? Int32Array : Float32Array;
                return new Type(whole.buffer as ArrayBuffer, whole.byteOffset + 4 * at, lengths[name][each]);
              };
              const [rest] = [100];
              const arrays = Object.fromEntries(
                Object.keys(lengths[name]).map((each, k) => [
                  each,
                  view(each, each === other ? 50 : each === output ? 50 + shift : rest + 20 * k),
                ]),
              );
              const overlaps = shift > -lengths[name][output] && shift < lengths[name][other];
              if (overlaps) {
                expect(() => call(kernels, name, arrays)).toThrow(InputError);
                expect(() => call(kernels, name, arrays)).toThrow(/share memory/);
                expect(whole.every((value) => value === 0)).toBe(true);
                refused++;
              } else call(kernels, name, arrays);
              if (kernels === ownKernels) own.free(whole);
            }
          }
        }
      }
      expect(refused).toBeGreaterThan(20);
    },
  );

  it("of the wrong type, or freed, are refused, each by its name", () => {
    for (const name of Object.keys(lengths)) {
      for (const wrong of Object.keys(lengths[name])) {
        const arrays = Object.fromEntries(
          Object.entries(lengths[name]).map(([each, length]) => [
            each,
            each === "indices" ? own.int32(length) : own.float32(length),
          ]),
        );
        const freed = wrong === "indices" ? own.int32(12) : own.float32(12);
        own.free(freed);
        for (const array of [
          own.uint8(100),
          wrong === "indices" ? own.float32(12) : own.int32(12),
          freed,
          [1, 2],
          null,
        ]) {
          const run = () => call(ownKernels, name, { ...arrays, [wrong]: array as never });
          // Rows of class indices may be gathered, too; then the other one has the wrong type.
          expect(run, `${name}, ${wrong}`).toThrow(
            name === "gather" && wrong === "matrix" ? InputError : new RegExp(`${name}: ${wrong} (is|lies)`),
          );
        }
        for (const each of Object.values(arrays)) own.free(each);
      }
    }
  });

  it("may be rows of a matrix of which the last is not whole, and no index reaches into that", () => {
    const [matrix, indices, into] = [own.float32(5), own.int32(1), own.float32(2)];
    indices[0] = 2;
    expect(() => ownKernels.gather(matrix, indices, into)).toThrow(
      "indices[0] is 2, but the matrix has 2 rows (0 to 1)",
    );
  });
});

describe("what does not fit", () => {
  it("is an error that names the array", () => {
    const [input, weights, bias, output] = [own.float32(6), own.float32(6), own.float32(2), own.float32(4)];
    const layer = { input, weights, bias, output, rows: 2, relu: false };
    const { layer: forward, gather } = ownKernels;
    expect(() => forward({ ...layer, input: new Float32Array(6) })).toThrow(/layer: input is not on this heap/);
    expect(() => forward({ ...layer, rows: 3 })).toThrow(/input has length 6, but at least 9/);
    expect(() => forward({ ...layer, rows: 0 })).toThrow(/a size is 0/);
    expect(() => forward({ ...layer, bias: own.float32(4) })).toThrow(InputError);
    expect(() => gather(input, own.int32(4), own.float32(6))).toThrow(/a size is 1.5/);
  });
});
