// The kernels of boosted trees: the numbers of plain loops, bit by bit, and what a histogram and a split mean.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkedKernels } from "../src/backends/wasm/trees/checks.ts";
import { plainKernels } from "../src/backends/wasm/trees/plain.ts";
import { type TreeKernels, treeKernels } from "../src/trees.ts";
import { wasm } from "../src/wasm.ts";

const own = wasm.create({ relaxed: false });
const plain = checkedKernels(() => ({ kernels: plainKernels, heap: null }));
const seeds = fc.integer({ min: 1, max: 2 ** 30 });
const few = { numRuns: 60 };

/** Whole numbers below a limit, the same for the same seed. */
function randomFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return Math.floor(((state >>> 0) / 2 ** 32) * limit);
  };
}

type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array;
type Arrays = Readonly<Record<string, Numbers>>;

/** Copies of arrays on the heap, or not on it, with a border behind each, which must stay as it is. */
function placed<A extends Arrays>(arrays: A, isOnHeap: boolean) {
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
function expectSame<A extends Arrays>(arrays: A, run: (kernels: TreeKernels, views: A) => unknown): void {
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

const shapes = fc.record({
  count: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 5000 })),
  width: fc.integer({ min: 1, max: 70 }),
  outputs: fc.integer({ min: 1, max: 5 }),
  seed: seeds,
});

/** A table of bins, the slopes of its rows, and the rows of a node, which may be all, few or none, in any order. */
function tableOf({ count, width, outputs, seed }: Readonly<Record<"count" | "width" | "outputs" | "seed", number>>) {
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

describe("a histogram", () => {
  it("is the same in plain loops, whatever its size", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const { arrays, sizes } = tableOf(shape);
        const into = new Float64Array(2 * arrays.starts[shape.width]).fill(Number.NaN);
        const { outputs, output } = sizes;
        expectSame({ ...arrays, into }, (kernels, views) => kernels.histogram({ ...views, outputs, output }));
      }),
      few,
    );
  });

  it("has in each bin the sums over its rows, and 0 where there is none", () => {
    const [bins, starts, rows] = [own.uint8(8), own.int32(3), own.int32(3)];
    const [gradient, curvature, into] = [own.float32(8), own.float32(8), own.float64(12)];
    bins.set([0, 1, 2, 0, 2, 1, 1, 1]); // four rows of two features
    starts.set([0, 3, 5]);
    rows.set([3, 1, 2]);
    gradient.set([0, 1, 0, 2, 0, 4, 0, 8]);
    curvature.set([0, 1, 0, 10, 0, 100, 0, 1000]);
    into.fill(5);
    treeKernels(own).histogram({ bins, starts, gradient, curvature, outputs: 2, output: 1, rows, into });
    const [none, first, second, third] = [
      [0, 0],
      [8, 1000],
      [6, 110],
      [2, 10],
    ];
    expect(Array.from(into)).toEqual([...none, ...first, ...second, ...third, 12, 1100, 5, 5]);
  });

  it("is of tables as wide as several tiles, too", () => {
    for (const width of [63, 64, 65, 128, 200]) {
      const { arrays } = tableOf({ count: 4500, width, outputs: 1, seed: width });
      const into = new Float64Array(2 * arrays.starts[width]);
      expectSame({ ...arrays, into }, (kernels, views) => kernels.histogram({ ...views, outputs: 1, output: 0 }));
    }
  });

  it("lets NaN through into its bins, and nowhere else", () => {
    const [bins, starts, rows] = [own.uint8(2), own.int32(2), own.int32(2)];
    const [gradient, curvature, into] = [own.float32(2), own.float32(2), own.float64(4)];
    bins.set([0, 1]);
    starts[1] = 2;
    rows.set([0, 1]);
    gradient.set([1, Number.NaN]);
    treeKernels(own).histogram({ bins, starts, gradient, curvature, outputs: 1, output: 0, rows, into });
    expect(Array.from(into)).toEqual([1, 0, Number.NaN, 0]);
  });

  it("of a node without that of one child is that of the other, with numbers that have no rounding", () => {
    const { arrays, sizes } = tableOf({ count: 3000, width: 9, outputs: 1, seed: 5 });
    const { bins, starts, gradient, curvature } = placed(arrays, true).views;
    gradient.forEach((_, n) => {
      gradient[n] = (n % 7) - 3;
      curvature[n] = n % 4;
    });
    const rows = own.int32(3000);
    rows.forEach((_, n) => {
      rows[n] = n;
    });
    const { histogram, subtract } = treeKernels(own);
    const histogramOf = (part: Int32Array) => {
      const into = own.float64(2 * starts[sizes.width]);
      histogram({ bins, starts, gradient, curvature, outputs: 1, output: 0, rows: part, into });
      return into;
    };
    const [node, left, right] = [rows, rows.subarray(0, 1100), rows.subarray(1100)].map(histogramOf);
    subtract({ from: node, other: left });
    expect(node).toEqual(right);
  });
});

describe("taking a histogram from another", () => {
  it("is the same in plain loops, also for an odd number of values", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), seeds, (length, seed) => {
        const random = randomFrom(seed);
        const some = () => Float64Array.from({ length }, () => random(2 ** 30) / 2 ** random(60));
        expectSame({ from: some(), other: some() }, (kernels, views) => kernels.subtract(views));
      }),
      few,
    );
  });
});

describe("the best cut of each feature", () => {
  const options = { gradient: 3, curvature: 12, l2: 1, least: 1 };

  it("is the same in plain loops, with missing cells and without", () => {
    fc.assert(
      fc.property(shapes, fc.constantFrom(0, 1, 20), fc.constantFrom(0, 1, 1e-3), (shape, least, l2) => {
        const { arrays, random } = tableOf({ ...shape, count: 1 });
        const { starts } = arrays;
        const isWhole = random(2) === 0;
        const some = () => (isWhole ? random(4) : random(2 ** 24) / 2 ** random(24));
        const histogram = Float64Array.from(
          { length: 2 * starts[shape.width] },
          (_, k) => some() * (k % 2 ? 1 : 1 - random(3)),
        );
        for (let f = 1; f <= shape.width; f++) if (random(2)) histogram.fill(0, 2 * starts[f] - 2, 2 * starts[f]);
        let [gradient, curvature] = [0, 0];
        for (let k = 0; k < 2 * starts[1]; k += 2) {
          gradient += histogram[k];
          curvature += histogram[k + 1];
        }
        const features = Int32Array.from({ length: random(shape.width + 1) }, () => random(shape.width));
        const [into, cuts] = [new Float64Array(3 * features.length).fill(5), new Int32Array(features.length).fill(5)];
        expectSame({ histogram, starts, features, into, cuts }, (kernels, views) =>
          kernels.bestCuts({ ...views, gradient, curvature, l2, least }),
        );
      }),
      few,
    );
  });

  const cutOf = (sums: readonly (readonly [number, number])[], given: Partial<typeof options> = {}) => {
    const [histogram, starts, features] = [own.float64(2 * sums.length), own.int32(2), own.int32(1)];
    const [into, cuts] = [own.float64(3), own.int32(1)];
    histogram.set(sums.flat());
    starts[1] = sums.length;
    treeKernels(own).bestCuts({ histogram, starts, features, into, cuts, ...options, ...given });
    return [cuts[0], ...into];
  };

  it("parts the slopes, and sends missing cells where the gain is larger", () => {
    const sums = [
      [-3, 3],
      [-2, 2],
      [4, 4],
    ] as const;
    const gain = (left: number, h: number) => left ** 2 / (h + 1) + (3 - left) ** 2 / (12 - h + 1);
    expect(cutOf([...sums, [4, 3]])).toEqual([2, gain(-5, 5), -5, 5]);
    expect(cutOf([...sums, [4, 3]], { least: 6 })).toEqual([1, gain(1, 6), 1, 6]);
    expect(cutOf([...sums, [-4, 3]], { gradient: -5 })[0]).toBe(3);
  });

  it("is none where too little curvature would be left on a side, or there is one bin only", () => {
    const none = [-1, Number.NEGATIVE_INFINITY, 0, 0];
    expect(cutOf([[1, 1]])).toEqual(none);
    expect(
      cutOf([
        [3, 12],
        [0, 0],
      ]),
    ).toEqual(none);
    expect(
      cutOf(
        [
          [1, 6],
          [2, 6],
          [0, 0],
        ],
        { least: 7 },
      ),
    ).toEqual(none);
    expect(
      cutOf(
        [
          [1, 6],
          [2, 6],
          [0, 0],
        ],
        { least: 6 },
      )[0],
    ).toBe(0);
  });

  it("may part the missing cells from all others", () => {
    expect(
      cutOf([
        [0, 3],
        [0, 3],
        [3, 6],
      ]).slice(0, 3),
    ).toEqual([2, 9 / 7, 0]);
  });
});

describe("dealing out rows", () => {
  it("is the same in plain loops, whatever goes left", () => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 0, max: 4 }), (shape, share) => {
        const { arrays, sizes, random } = tableOf(shape);
        const { bins, rows } = arrays;
        const goesLeft = Uint8Array.from({ length: 256 }, () => (random(4) < share ? 1 + random(255) : 0));
        const { width, feature } = sizes;
        expectSame({ bins, rows, goesLeft }, (kernels, views) => kernels.partition({ ...views, width, feature }));
      }),
      few,
    );
  });

  it("keeps the order on both sides", () => {
    const [bins, goesLeft, rows] = [own.uint8(10), own.uint8(256), own.int32(5)];
    bins.set([9, 0, 9, 3, 9, 255, 9, 3, 9, 0]); // five rows of two features
    rows.set([4, 2, 0, 3, 1]);
    goesLeft[3] = 1;
    goesLeft[255] = 1;
    expect(treeKernels(own).partition({ bins, width: 2, feature: 1, goesLeft, rows })).toBe(3);
    expect(Array.from(rows)).toEqual([2, 3, 1, 4, 0]);
  });
});

describe("adding to the logits of rows", () => {
  it("is the same in plain loops", () => {
    fc.assert(
      fc.property(shapes, fc.double({ min: -1, max: 1, noNaN: true }), (shape, value) => {
        const { arrays, sizes } = tableOf(shape);
        const { gradient: logits, rows } = arrays;
        const { outputs, output } = sizes;
        expectSame({ logits, rows }, (kernels, views) => kernels.addToRows({ ...views, outputs, output, value }));
      }),
      few,
    );
  });
});
