// A row of the table and a position among the kept rows cannot be taken for one another: the compiler refuses it.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { holdout } from "../src/folds/folds.ts";
import { duplicateGroups } from "../src/folds/groups.ts";
import { fitEncoder } from "../src/learning/encode.ts";
import { weightsFor } from "../src/learning/weights.ts";
import { rowRange, rowsWhere } from "../src/table/rows.ts";
import { countMissing } from "../src/table/table.ts";
import { allPositions, positionsWhere, tableRowsOf } from "../src/task/positions.ts";
import { makeTarget } from "../src/task/target.ts";
import { labelsOf } from "../src/task/task.ts";
import { repeat, tableOf } from "./columns.ts";

// The first three rows have no label: position 0 is row 3.
const table = tableOf({
  x: repeat(43, (row) => (row % 5 === 0 ? null : row)),
  y: repeat(43, (row) => (row < 3 ? null : row % 2)),
});
const target = makeTarget(table, ["y"]);
const positions = allPositions(target);

it("a position stands for the row that was kept there", () => {
  expect(Array.from(tableRowsOf(target, positions))).toEqual(Array.from(rowRange(3, 43)));
  const some = positionsWhere(positions, (position) => position % 20 === 1);
  expect(Array.from(tableRowsOf(target, some))).toEqual([4, 24]);
  expect(Array.from(rowsWhere(target.rows, (row) => row > 40))).toEqual([41, 42]);
});

it("a mix-up does not compile", () => {
  // Never called: `npm run types` looks at it, and a line that compiles after all is an error there.
  const mixedUp = () => [
    // @ts-expect-error: columns are asked for rows of the table
    fitEncoder(table.columns, positions),
    // @ts-expect-error: columns are asked for rows of the table
    countMissing(table.columns[0], positions),
    // @ts-expect-error: columns are asked for rows of the table
    duplicateGroups(table.columns, positions),
    // @ts-expect-error: labels stand by position
    labelsOf(target, target.rows),
    // @ts-expect-error: weights are counted from labels
    weightsFor("inverse", target, target.rows),
    // @ts-expect-error: what is split are positions
    holdout(target, target.rows, 0.25, "seed", null),
    // @ts-expect-error: a row of the table is no position
    tableRowsOf(target, target.rows),
    // @ts-expect-error: numbers alone are neither
    labelsOf(target, Int32Array.of(0, 1)),
    // @ts-expect-error: groups, folds and codes are neither
    fitEncoder(table.columns, new Int32Array(40)),
  ];
  expect(mixedUp).toBeTypeOf("function");
});

it("only the files of the two types say of numbers which they are", () => {
  const root = fileURLToPath(new URL("../src/", import.meta.url));
  const sources = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const saying = sources.filter((name) => /\bas (TableRows|Positions)\b/.test(readFileSync(root + name, "utf8")));
  expect(saying.map((name) => name.replaceAll("\\", "/")).sort()).toEqual(["table/rows.ts", "task/positions.ts"]);
});
