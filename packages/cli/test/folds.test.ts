// Laws of the folds: even in every class and label, recomputable by others, refused where they cannot be dealt.

import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { holdout, makeFolds } from "../src/folds/folds.ts";
import { Random } from "../src/random.ts";
import { rowRange } from "../src/table/rows.ts";
import { allPositions } from "../src/task/positions.ts";
import { positionsOf } from "./columns.ts";
import { binaryTarget } from "./simulation.ts";
import { classTarget, draw, labelTarget, tally } from "./targets.ts";

const spreadOf = (counts: readonly number[]) => Math.max(...counts) - Math.min(...counts);
const options = { folds: 5, repeats: 3, seed: 1, groups: null };

describe("stratified folds", () => {
  test("differ by one row at most, in all and in every class", () => {
    const shape = fc.record({
      counts: fc.array(fc.integer({ min: 10, max: 60 }), { minLength: 2, maxLength: 6 }),
      folds: fc.integer({ min: 2, max: 10 }),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(shape, ({ counts, folds, seed }) => {
        const labels = counts.flatMap((count, each) => new Array<number>(count).fill(each));
        const target = classTarget(
          labels,
          counts.map((_, each) => `class ${each}`),
        );
        const { repeats, count } = makeFolds(target, { folds, repeats: 2, seed, groups: null });
        expect(count).toBe(folds);
        for (const assignment of repeats) {
          expect(spreadOf(tally(assignment, folds))).toBeLessThanOrEqual(1);
          for (const each of counts.keys()) {
            const mine = assignment.filter((_, row) => labels[row] === each);
            expect(spreadOf(tally(mine, folds))).toBeLessThanOrEqual(1);
          }
        }
      }),
    );
  });

  test("depend on the seed and the repeat, and on nothing else", () => {
    const target = binaryTarget(Int32Array.from(draw(200, [0.8, 0.2], "rows")));
    const first = makeFolds(target, options);
    expect(makeFolds(target, options)).toEqual(first);
    expect(first.repeats[0]).not.toEqual(first.repeats[1]);
    expect(makeFolds(target, { ...options, seed: 2 }).hash).not.toBe(first.hash);
    expect(first.hash).toBe("1c8716cd7f58");
  });

  test("put any two rows together about as often as chance does", () => {
    const target = binaryTarget(Int32Array.from({ length: 40 }, (_, row) => Number(row < 10)));
    const { repeats } = makeFolds(target, { ...options, repeats: 2000 });
    const together = repeats.filter((folds) => folds[20] === folds[30]).length / repeats.length;
    expect(together).toBeCloseTo(5 / 29, 1.7); // 6 of the 30 negatives are in a fold
    const place = tally(
      repeats.map((folds) => folds[0]),
      5,
    );
    expect(spreadOf(place)).toBeLessThan(120);
  });

  test("have a hash that others can recompute: SHA-256 of the folds as CSV, 12 digits", () => {
    const target = binaryTarget(Int32Array.from({ length: 12_345 }, (_, row) => row % 2));
    const { repeats, hash } = makeFolds(target, options);
    const csv = Array.from(repeats[0].keys(), (row) => `${repeats.map((folds) => folds[row]).join(",")}\n`).join("");
    expect(hash).toBe(createHash("sha256").update(csv).digest("hex").slice(0, 12));
  });

  test("of a million rows take seconds", () => {
    const labels = Int32Array.from({ length: 1_000_000 }, (_, row) => Number(row % 20 === 0));
    const start = performance.now();
    makeFolds(binaryTarget(labels), { ...options, repeats: 1, groups: labels.map((_, row) => row >> 1) });
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

describe("multi-label folds", () => {
  const rates = [0.75, 0.43, 0.3, 0.1, 0.05, 0.015];
  const random = new Random("labels");
  const labels = Array.from({ length: 2400 }, () => rates.map((rate) => Number(random.next() < rate)));
  const target = labelTarget(
    labels,
    rates.map((_, k) => `label ${k}`),
  );

  test("have nearly the same number of each label (Sechidis et al. 2011)", () => {
    const { repeats } = makeFolds(target, options);
    for (const folds of repeats) {
      expect(spreadOf(tally(folds, 5))).toBeLessThanOrEqual(3);
      rates.forEach((_, k) => {
        const mine = tally(
          folds.filter((__, row) => labels[row][k] === 1),
          5,
        );
        expect(spreadOf(mine)).toBeLessThanOrEqual(3);
      });
    }
    expect(repeats[0]).not.toEqual(repeats[1]);
  });

  test("keep groups together", () => {
    const groups = Int32Array.from({ length: 2400 }, (_, row) => row >> 1);
    const [folds] = makeFolds(target, { ...options, groups }).repeats;
    for (let row = 0; row < 2400; row += 2) expect(folds[row]).toBe(folds[row + 1]);
    const rare = tally(
      folds.filter((_, row) => labels[row][5] === 1),
      5,
    );
    expect(spreadOf(rare)).toBeLessThanOrEqual(2);
  });

  test("also deal rows without any label", () => {
    const sparse = labelTarget(
      Array.from({ length: 30 }, (_, row) => [Number(row < 10), Number(row >= 20)]),
      ["a", "b"],
    );
    const [folds] = makeFolds(sparse, options).repeats;
    expect(tally(folds.slice(10, 20), 5)).toEqual([2, 2, 2, 2, 2]);
  });
});

describe("a holdout", () => {
  test("takes the share of every class, of the given rows only, and depends on its seed", () => {
    const labels = draw(1000, [0.7, 0.25, 0.05], "holdout");
    const target = classTarget(labels, ["a", "b", "c"]);
    const rows = positionsOf(rowRange(100, 900));
    const { train, test: held } = holdout(target, rows, 0.25, "fold 3", null);
    expect([...train, ...held].sort((a, b) => a - b)).toEqual([...rows]);
    const all = tally(
      Array.from(rows, (row) => labels[row]),
      3,
    );
    const taken = tally(
      Array.from(held, (row) => labels[row]),
      3,
    );
    taken.forEach((count, each) => {
      expect(Math.abs(count - all[each] / 4)).toBeLessThanOrEqual(1);
    });
    expect(holdout(target, rows, 0.25, "fold 3", null).test).toEqual(held);
    expect(holdout(target, rows, 0.25, "fold 4", null).test).not.toEqual(held);
  });

  test("has every class with two rows on either side, and leaves a single row in training", () => {
    const target = classTarget([...new Array<number>(50).fill(0), 1, 1, 2], ["a", "b", "c"]);
    const { train, test: held } = holdout(target, allPositions(target), 0.1, "x", null);
    expect(held.length).toBeLessThanOrEqual(7);
    expect([...held].filter((row) => row >= 50)).toHaveLength(1);
    expect(train).toContain(52);
  });

  test("keeps groups together, and never leaves a side empty", () => {
    const target = binaryTarget(Int32Array.from({ length: 60 }, (_, row) => row % 2));
    const groups = Int32Array.from({ length: 60 }, (_, row) => Math.floor(row / 20));
    const { train, test: held } = holdout(target, allPositions(target), 0.25, "x", groups);
    expect([train.length, held.length]).toEqual([40, 20]);
    expect(() => holdout(target, allPositions(target), 0.25, "x", new Int32Array(60))).toThrow(
      "because they are one group",
    );
    const lopsided = Int32Array.from({ length: 60 }, (_, row) => Number(row === 59));
    expect(holdout(target, allPositions(target), 0.25, "x", lopsided).test).toEqual(Int32Array.of(59));
  });
});

describe("folds are refused", () => {
  const twelve = binaryTarget(Int32Array.from({ length: 12 }, (_, row) => Number(row < 3)));

  test("below two", () => {
    expect(() => makeFolds(twelve, { ...options, folds: 1 })).toThrow("at least 2 is expected; use --fold-count 5");
  });

  test("with fewer rows than folds", () => {
    expect(() => makeFolds(twelve, { ...options, folds: 13 })).toThrow(
      "folds: there are 12 rows with a label, but 13 folds need at least 13; use --fold-count 12 or fewer",
    );
  });

  test("with a class that has fewer rows than folds, saying which, and what would work", () => {
    expect(() => makeFolds(twelve, options)).toThrow(
      'folds: class "yes" has 3 rows, but 5 folds need at least 5; use --fold-count 3',
    );
    expect(makeFolds(twelve, { ...options, folds: 3 }).count).toBe(3);
    const single = binaryTarget(Int32Array.from({ length: 12 }, (_, row) => Number(row < 1)));
    expect(() => makeFolds(single, options)).toThrow(
      'folds: class "yes" has 1 row, but 5 folds need at least 5; leave the class out, or join it with another one',
    );
  });

  test("with a class in fewer groups than folds", () => {
    const target = binaryTarget(Int32Array.from({ length: 40 }, (_, row) => row % 2));
    const groups = Int32Array.from({ length: 40 }, (_, row) => (row % 2 ? row % 4 : 100 + row));
    expect(() => makeFolds(target, { ...options, groups })).toThrow(
      'folds: class "yes" has 2 groups of rows, but 5 folds need at least 5; use --fold-count 2, or smaller groups (--group)',
    );
  });

  test("with a label that is rare, or rarely absent", () => {
    const rows = Array.from({ length: 20 }, (_, row) => [Number(row < 10), Number(row < 4)]);
    expect(() => makeFolds(labelTarget(rows, ["a", "b"]), options)).toThrow(
      'folds: label "b" is 1 in 4 rows, but 5 folds need at least 5; use --fold-count 4, or leave the label out',
    );
    const always = rows.map(([a]) => [a, 1]);
    expect(() => makeFolds(labelTarget(always, ["a", "b"]), options)).toThrow(
      'folds: label "b" is 0 in 0 rows, but 5 folds need at least 5; leave the label out',
    );
  });
});
