// The kernel that looks for the best cut of each feature: the numbers of plain loops, and what a cut means.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { treeKernels } from "../src/trees.ts";
import { expectSame, few, own, shapes, tableOf } from "./treeTables.ts";

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
    const expectCut = (found: readonly number[], [cut, best, ...left]: readonly number[]) => {
      expect([found[0], ...found.slice(2)]).toEqual([cut, ...left]);
      expect(found[1]).toBeCloseTo(best, 12);
    };
    expectCut(cutOf([...sums, [4, 3]]), [2, gain(-5, 5), -5, 5]);
    expectCut(cutOf([...sums, [4, 3]], { least: 6 }), [1, gain(1, 6), 1, 6]);
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
