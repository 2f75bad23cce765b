// Tables of bins at random for the kernels of boosted trees, and what these do beside plain loops.
import fc from "fast-check";
import { expect } from "vitest";
import { checkedKernels } from "../src/backends/wasm/trees/checks.ts";
import { plainKernels } from "../src/backends/wasm/trees/plain.ts";
import { type TreeKernels, treeKernels } from "../src/trees.ts";
import { wasm } from "../src/wasm.ts";

export const own = wasm.create({ relaxed: false });
const plain = checkedKernels(() => ({ kernels: plainKernels, heap: null }));
export const seeds = fc.integer({ min: 1, max: 2 ** 30 });
export const few = { numRuns: 60 };

/** Whole numbers below a limit, the same for the same seed. */
export function randomFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return Math.floor(((state >>> 0) / 2 ** 32) * limit);
  };
}

type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array;
type Arrays = Readonly<Record<string, Numbers>>;

/** Copies of arrays on the heap, or not on it, with a border behind each, which must stay as it is. */
export function placed<A extends Arrays>(arrays: A, isOnHeap: boolean) {
  const border = 9;
  const makers = {
    Float32Array: "float32",
    Float64Array: "float64",
    Int32Array: "int32",
    Uint8Array: "uint8",
  } as const;
  const wholes = Object.entries(arrays).map(([name, values]) => {
    const kind = makers[values.constructor.name as keyof typeof makers];
    const length = values.length + border;
    const whole = isOnHeap ? own[kind](length) : new (values.constructor as typeof Float32Array)(length);
    whole.fill(7);
    whole.set(values);
    return [name, whole] as const;
  });
  const views = Object.fromEntries(
    wholes.map(([name, whole]) => [name, whole.subarray(0, whole.length - border)]),
  ) as A;
  return {
    views,
    /** The numbers as they are now; the memory is given back. */
    finish: () =>
      wholes.map(([name, whole]) => {
        const copy = Array.from(whole);
        if (isOnHeap) own.free(whole);
        expect(copy.slice(-border), `behind ${name}`).toEqual(Array(border).fill(7));
        return copy.slice(0, -border);
      }),
  };
}

/** Does the same in plain loops and in kernels: every number is equal, and so is what they give. */
export function expectSame<A extends Arrays>(arrays: A, run: (kernels: TreeKernels, views: A) => unknown): void {
  const [expected, found] = [false, true].map((isOnHeap) => {
    const { views, finish } = placed(arrays, isOnHeap);
    const given = run(isOnHeap ? treeKernels(own) : plain, views);
    return [given, ...finish()];
  });
  expected.forEach((numbers, k) => {
    if (!Array.isArray(numbers)) expect(found[k]).toBe(numbers);
    else expect((found[k] as number[]).findIndex((value, j) => !Object.is(value, numbers[j]))).toBe(-1);
  });
}

export const shapes = fc.record({
  count: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 5000 })),
  width: fc.integer({ min: 1, max: 70 }),
  outputs: fc.integer({ min: 1, max: 5 }),
  seed: seeds,
});

/** A table of bins, the slopes of its rows, and the rows of a node, which may be all, few or none, in any order. */
export function tableOf({
  count,
  width,
  outputs,
  seed,
}: Readonly<Record<"count" | "width" | "outputs" | "seed", number>>) {
  const random = randomFrom(seed);
  const binCounts = Array.from({ length: width }, () => [1, 2, 5, 255, 256][random(5)]);
  const starts = Int32Array.from({ length: width + 1 }, (_, f) => binCounts.slice(0, f).reduce((a, b) => a + b, 0));
  const bins = Uint8Array.from({ length: count * width }, (_, k) => random(binCounts[k % width]));
  const slopes = () =>
    Float32Array.from({ length: count * outputs }, () => (random(2 ** 24) - 2 ** 23) / 2 ** random(60));
  const rows = Int32Array.from({ length: count }, (_, n) => n);
  if (random(3) > 0) {
    for (let n = count - 1; n > 0; n--) {
      const other = random(n + 1);
      [rows[n], rows[other]] = [rows[other], rows[n]];
    }
  }
  const from = random(3) > 0 ? 0 : random(count);
  return {
    arrays: { bins, starts, gradient: slopes(), curvature: slopes(), rows: rows.slice(from, from + random(count + 2)) },
    random,
    sizes: { width, outputs, output: random(outputs), feature: random(width) },
  };
}
