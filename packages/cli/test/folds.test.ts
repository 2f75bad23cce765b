import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CliError } from "../src/errors.ts";
import { holdout, makeFolds } from "../src/folds/folds.ts";
import { foldsFromTable } from "../src/folds/foldTable.ts";
import { columnGroups, duplicateGroups, mergeGroups } from "../src/folds/groups.ts";
import { Random } from "../src/random.ts";
import { rowRange } from "../src/table/rows.ts";
import type { Column, Table } from "../src/table/table.ts";
import { allPositions } from "../src/task/positions.ts";
import type { Target } from "../src/task/target.ts";
import { allRows, positionsOf, rowsOf } from "./columns.ts";
import { binaryTarget } from "./simulation.ts";

function classTarget(labels: readonly number[], classes: readonly string[]): Target {
  const base = binaryTarget(Int32Array.from(labels));
  return { ...base, kind: "multiclass", activation: "softmax", classes, outputs: classes.length };
}

function labelTarget(labels: readonly (readonly number[])[], names: readonly string[]): Target {
  const rows = allRows(labels.length);
  const base = binaryTarget(Int32Array.from(labels.flat()));
  return { ...base, kind: "multilabel", classes: names, columns: names, outputs: names.length, rows };
}

/** How often each value from 0 on occurs. */
function tally(values: Iterable<number>, count: number): number[] {
  const counts = new Array<number>(count).fill(0);
  for (const value of values) counts[value]++;
  return counts;
}

const spreadOf = (counts: readonly number[]) => Math.max(...counts) - Math.min(...counts);
const draw = (rows: number, shares: readonly number[], seed: string) => {
  const random = new Random(seed);
  return Array.from({ length: rows }, () => {
    let u = random.next();
    const found = shares.findIndex((share) => {
      u -= share;
      return u < 0;
    });
    return found < 0 ? shares.length - 1 : found;
  });
};
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

describe("groups", () => {
  test("stay together, and classes are still even", () => {
    const random = new Random("groups");
    const rows = 3000;
    const groups = Int32Array.from({ length: rows }, () => Math.floor(300 * random.next() ** 2));
    const rate = Float64Array.from({ length: 300 }, () => 0.4 * random.next());
    const labels = Int32Array.from(groups, (group) => Number(random.next() < rate[group]));
    const { repeats } = makeFolds(binaryTarget(labels), { ...options, groups });
    for (const folds of repeats) {
      for (let group = 0; group < 300; group++) {
        expect(new Set(folds.filter((_, row) => groups[row] === group)).size).toBeLessThanOrEqual(1);
      }
      const positives = tally(
        folds.filter((_, row) => labels[row] === 1),
        5,
      );
      const sizes = tally(folds, 5);
      expect(Math.max(...positives) / Math.min(...positives)).toBeLessThan(1.03);
      expect(Math.max(...sizes) / Math.min(...sizes)).toBeLessThan(1.03);
    }
  });

  test("of identical rows are found: numbers, categories, missing values, -0 and 0", () => {
    const columns: Column[] = [
      { kind: "number", name: "x", from: "number", values: Float64Array.of(1, 1, Number.NaN, Number.NaN, 0, -0, 2, 1) },
      { kind: "category", name: "c", levels: ["a", "b"], codes: Int32Array.of(0, 0, -1, -1, 1, 1, 0, 1) },
    ];
    const rows = allRows(8);
    expect(duplicateGroups(columns, rows)).toEqual({ groups: Int32Array.of(0, 0, 1, 1, 2, 2, 3, 4), duplicates: 3 });
    expect(duplicateGroups(columns, rowsOf([0, 2, 4, 6, 7]))).toEqual({ groups: null, duplicates: 0 });
    expect(duplicateGroups(columns, rowsOf([7, 1, 0]))).toEqual({ groups: Int32Array.of(0, 1, 1), duplicates: 1 });
  });

  test("of identical rows are those that comparing all pairs finds", () => {
    const value = fc.constantFrom(0, -0, 1, 2 ** -1074, 1e300, Number.NaN);
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, fc.integer({ min: -1, max: 1 })), { maxLength: 40 }), (table) => {
        const columns: Column[] = [
          { kind: "number", name: "x", from: "number", values: Float64Array.from(table, ([x]) => x) },
          { kind: "number", name: "y", from: "number", values: Float64Array.from(table, ([, y]) => y) },
          { kind: "category", name: "c", levels: ["a", "b"], codes: Int32Array.from(table, ([, , c]) => c) },
        ];
        const { groups, duplicates } = duplicateGroups(columns, rowsOf(table.keys()));
        const text = table.map((row) => row.map((each) => String(each + 0)).join());
        expect(duplicates).toBe(table.length - new Set(text).size);
        table.forEach((_, a) => {
          table.forEach((__, b) => {
            expect((groups === null ? a === b : groups[a] === groups[b]) || a === b).toBe(text[a] === text[b]);
          });
        });
      }),
    );
  });

  test("of identical rows are found in a million rows within seconds", () => {
    const rows = 1_000_000;
    const values = Float64Array.from({ length: rows }, (_, row) => (row % 999_000) / 7);
    const columns: Column[] = [{ kind: "number", name: "x", from: "number", values }];
    const start = performance.now();
    expect(duplicateGroups(columns, rowsOf(values.keys())).duplicates).toBe(1000);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test("of a column: equal values belong together, missing ones to nobody", () => {
    const rows = allRows(5);
    const codes = Int32Array.of(1, -1, 0, 1, -1);
    expect(columnGroups({ kind: "category", name: "g", codes, levels: ["a", "b"] }, rows)).toEqual(
      Int32Array.of(0, 1, 2, 0, 3),
    );
    const values = Float64Array.of(7, Number.NaN, 7, -1, Number.NaN);
    expect(columnGroups({ kind: "number", name: "g", values, from: "number" }, rows)).toEqual(
      Int32Array.of(0, 1, 0, 2, 3),
    );
  });

  test("of two kinds are joined through chains", () => {
    expect(mergeGroups(Int32Array.of(0, 0, 1, 1, 2, 3), Int32Array.of(0, 1, 1, 2, 3, 4))).toEqual(
      Int32Array.of(0, 0, 0, 0, 1, 2),
    );
    expect(mergeGroups(null, null)).toBeNull();
    expect(mergeGroups(Int32Array.of(0, 0), null)).toEqual(Int32Array.of(0, 0));
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

describe("folds from a table", () => {
  const target: Target = { ...binaryTarget(Int32Array.of(0, 1, 0, 1, 0, 1)), rows: rowsOf([0, 1, 2, 4, 5, 6]) };
  const number = (name: string, values: number[]): Column => ({
    kind: "number",
    name,
    values: Float64Array.from(values),
    from: "number",
  });
  const table = (...columns: Column[]): Table => ({ source: "folds.csv", rows: 7, columns, notes: [] });

  test("are read for the rows that have a label, a column a repeat, whatever the folds' numbers", () => {
    const folds = foldsFromTable(
      table(number("seed0", [1, 1, 2, Number.NaN, 2, 3, 3]), number("seed1", [0, 0, 1, 1, 1, 5, 5])),
      target,
      7,
    );
    expect(folds.count).toBe(3);
    expect(folds.repeats).toEqual([Int32Array.of(0, 0, 1, 1, 2, 2), Int32Array.of(0, 0, 1, 1, 2, 2)]);
    expect(folds.hash).toBe(createHash("sha256").update("0,0\n0,0\n1,1\n1,1\n2,2\n2,2\n").digest("hex").slice(0, 12));
  });

  const good = number("seed0", [0, 0, 1, 1, 1, 2, 2]);
  const wrong: readonly [string, Table, string][] = [
    ["no columns", table(), '"folds.csv": the table of folds has no columns, but one for each repeat is expected'],
    [
      "another number of rows",
      { ...table(good), rows: 6 },
      '"folds.csv": the table of folds has 6 rows, but the table has 7; give one row for each, in the same order (--folds)',
    ],
    [
      "text",
      table({ kind: "category", name: "seed0", codes: new Int32Array(7), levels: ["a"] }),
      '"folds.csv": column "seed0" holds text, but whole numbers that name a fold are expected (--folds)',
    ],
    [
      "dates",
      table({ kind: "number", name: "seed0", values: new Float64Array(7), from: "date" }),
      '"folds.csv": column "seed0" holds dates, but whole numbers that name a fold are expected (--folds)',
    ],
    [
      "a missing fold",
      table(number("seed0", [0, 0, Number.NaN, 1, 1, 2, 2])),
      '"folds.csv": column "seed0" holds a missing value, but whole numbers that name a fold are expected (--folds)',
    ],
    [
      "a fraction",
      table(number("seed0", [0, 0, 0.5, 1, 1, 2, 2])),
      '"folds.csv": column "seed0" holds 0.5, but whole numbers that name a fold are expected (--folds)',
    ],
    [
      "one fold",
      table(number("seed0", [3, 3, 3, 3, 3, 3, 3])),
      '"folds.csv": column "seed0" has one fold only, but at least 2 are expected (--folds)',
    ],
    [
      "a fold without labelled rows",
      table(number("seed0", [0, 0, 0, 9, 1, 1, 1])),
      '"folds.csv": fold 9 of column "seed0" has no row with a label, but at least 2 are expected to judge a model on (--folds)',
    ],
    [
      "row numbers in place of folds",
      table(number("id", [1, 2, 3, 4, 5, 6, 7])),
      '"folds.csv": fold 1 of column "id" has 1 row with a label, but at least 2 are expected to judge a model on (--folds)',
    ],
    [
      "repeats of different size",
      table(good, number("seed1", [0, 0, 0, 1, 1, 1, 1])),
      '"folds.csv": column "seed0" has 3 folds and column "seed1" has 2, but all repeats need the same number (--folds)',
    ],
    [
      "a class in one fold only",
      table(number("seed0", [0, 1, 0, 0, 1, 0, 1])),
      '"folds.csv": without fold 0 of column "seed0" no row of class "no" is left to learn from; spread the class over at least 2 folds (--folds)',
    ],
  ];
  test("are refused with a label that is 1, or 0, in one fold only", () => {
    const labels = labelTarget(
      [
        [1, 0],
        [1, 1],
        [0, 1],
        [1, 1],
        [0, 1],
        [1, 1],
      ],
      ["a", "b"],
    );
    const found = (folds: number[]) => () => foldsFromTable({ ...table(number("seed0", folds)), rows: 6 }, labels, 6);
    expect(found([0, 1, 0, 1, 1, 0])).toThrow('without fold 0 of column "seed0" no row of class "b = 0" is left');
    const flipped = { ...labels, labels: labels.labels.map((label) => 1 - label) };
    const again = () => foldsFromTable({ ...table(number("seed0", [0, 1, 0, 1, 1, 0])), rows: 6 }, flipped, 6);
    expect(again).toThrow('no row of class "b = 1" is left');
  });

  for (const [name, found, message] of wrong) {
    test(`are refused with ${name}`, () => {
      expect(() => foldsFromTable(found, target, 7)).toThrow(new CliError(message));
    });
  }
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
