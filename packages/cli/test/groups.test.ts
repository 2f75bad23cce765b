// Rows that belong together: found, joined, and never torn apart by folds.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeFolds } from "../src/folds/folds.ts";
import { columnGroups, duplicateGroups, mergeGroups } from "../src/folds/groups.ts";
import { Random } from "../src/random.ts";
import type { Column } from "../src/table/table.ts";
import { allRows, plainNames, plainNumbers, rowsOf } from "./columns.ts";
import { binaryTarget } from "./simulation.ts";
import { tally } from "./targets.ts";

const options = { folds: 5, repeats: 3, seed: 1, groups: null };

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
      {
        kind: "number",
        name: "x",
        from: "number",
        reading: plainNumbers,
        values: Float64Array.of(1, 1, Number.NaN, Number.NaN, 0, -0, 2, 1),
      },
      {
        kind: "category",
        reading: plainNames,
        name: "c",
        levels: ["a", "b"],
        codes: Int32Array.of(0, 0, -1, -1, 1, 1, 0, 1),
      },
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
          {
            kind: "number",
            name: "x",
            from: "number",
            reading: plainNumbers,
            values: Float64Array.from(table, ([x]) => x),
          },
          {
            kind: "number",
            name: "y",
            from: "number",
            reading: plainNumbers,
            values: Float64Array.from(table, ([, y]) => y),
          },
          {
            kind: "category",
            reading: plainNames,
            name: "c",
            levels: ["a", "b"],
            codes: Int32Array.from(table, ([, , c]) => c),
          },
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
    const columns: Column[] = [{ kind: "number", name: "x", from: "number", reading: plainNumbers, values }];
    const start = performance.now();
    expect(duplicateGroups(columns, rowsOf(values.keys())).duplicates).toBe(1000);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test("of a column: equal values belong together, missing ones to nobody", () => {
    const rows = allRows(5);
    const codes = Int32Array.of(1, -1, 0, 1, -1);
    expect(columnGroups({ kind: "category", reading: plainNames, name: "g", codes, levels: ["a", "b"] }, rows)).toEqual(
      Int32Array.of(0, 1, 2, 0, 3),
    );
    const values = Float64Array.of(7, Number.NaN, 7, -1, Number.NaN);
    expect(columnGroups({ kind: "number", name: "g", values, from: "number", reading: plainNumbers }, rows)).toEqual(
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
