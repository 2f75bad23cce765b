// What the kernels of a network refuse: arrays that overlap, are of another type or length, or lie elsewhere.
import { describe, expect, it } from "vitest";
import { checkedKernels } from "../src/backends/wasm/network/checks.ts";
import { plainKernels } from "../src/backends/wasm/network/plain.ts";
import { InputError } from "../src/index.ts";
import { type NetworkKernels, networkKernels } from "../src/network.ts";
import { wasm } from "../src/wasm.ts";

const own = wasm.create({ relaxed: false });
const ownKernels = networkKernels(own);

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
