// The kernels of boosted trees: the numbers of plain loops, bit by bit, and what a histogram and a split mean.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { treeKernels } from "../src/trees.ts";
import { expectSame, few, own, placed, randomFrom, seeds, shapes, tableOf } from "./treeTables.ts";

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
