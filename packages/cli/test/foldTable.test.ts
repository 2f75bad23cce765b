// Folds that others made: read from a table, or refused with the way out.

import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { CliError } from "../src/errors.ts";
import { foldsFromTable } from "../src/folds/foldTable.ts";
import type { Column, Table } from "../src/table/table.ts";
import type { Target } from "../src/task/target.ts";
import { plainDates, plainNames, plainNumbers, rowsOf } from "./columns.ts";
import { binaryTarget } from "./simulation.ts";
import { labelTarget } from "./targets.ts";

describe("folds from a table", () => {
  const target: Target = { ...binaryTarget(Int32Array.of(0, 1, 0, 1, 0, 1)), rows: rowsOf([0, 1, 2, 4, 5, 6]) };
  const number = (name: string, values: number[]): Column => ({
    kind: "number",
    name,
    values: Float64Array.from(values),
    from: "number",
    reading: plainNumbers,
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
      table({ kind: "category", reading: plainNames, name: "seed0", codes: new Int32Array(7), levels: ["a"] }),
      '"folds.csv": column "seed0" holds text, but whole numbers that name a fold are expected (--folds)',
    ],
    [
      "dates",
      table({ kind: "number", name: "seed0", values: new Float64Array(7), from: "date", reading: plainDates }),
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
