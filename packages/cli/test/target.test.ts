// What is predicted: classes and labels of a column or several, and the way out where a target cannot work.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CliError } from "../src/errors.ts";
import { makeTarget, type TargetOptions } from "../src/task/target.ts";
import { repeat, tableOf, textsOf } from "./columns.ts";

const single = (cells: readonly (number | string | null)[], options?: TargetOptions) =>
  makeTarget(tableOf({ x: cells.map((_, i) => i), y: cells }), ["y"], options);

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(CliError);
    return (error as CliError).message;
  }
  throw new Error("expected a refusal");
}

describe("two classes", () => {
  test("the rarer one is positive, and the note says so with its flag", () => {
    const target = single(["yes", "no", "no", "yes", "no"]);
    expect(target).toMatchObject({ kind: "binary", activation: "sigmoid", classes: ["no", "yes"], outputs: 1 });
    expect([...target.labels]).toEqual([1, 0, 0, 1, 0]);
    expect(textsOf(target.notes)).toEqual([
      'y: "yes" 2 (40.0 %) is the rare class, taken as positive (--positive changes it)',
    ]);
    expect(single(["stay", "go", "stay", "go", "stay"]).classes).toEqual(["stay", "go"]);
  });

  test("in a tie the second by name is positive", () => {
    const target = single([2, 1, 2, 1]);
    expect(target.classes).toEqual(["1", "2"]);
    expect(target.notes[0]?.text).toMatch(/as frequent as the other and second by name/);
  });

  test("--positive decides, and is refused where it is no class", () => {
    expect(single(["a", "b", "b", "a", "b"], { positive: "b" }).classes).toEqual(["a", "b"]);
    expect(single(["a", "b", "b", "a", "b"], { positive: "a" }).classes).toEqual(["b", "a"]);
    expect(refusal(() => single(["yes", "no", "no", "yes"], { positive: "yse" }))).toMatch(
      /--positive: "yse" is no class of "y", which has "no", "yes"; did you mean "yes"\?/,
    );
  });
});

describe("more classes", () => {
  test("are sorted, numbers by size", () => {
    const target = single([10, 2, 1, 10, 2, 1]);
    expect(target).toMatchObject({ kind: "multiclass", activation: "softmax", classes: ["1", "2", "10"], outputs: 3 });
    expect([...target.labels]).toEqual([2, 1, 0, 2, 1, 0]);
  });

  test("every label names the class of its row", () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.constantFrom("a", "b", "c", "<script>"), { freq: 9 }), { maxLength: 60 }),
        (cells) => {
          const given = [...cells, "a", "b", "c", "<script>", "a", "b", "c", "<script>"];
          const target = single(given, { allowMissing: true });
          expect([...target.rows].map((row, i) => given[row] === target.classes[target.labels[i]!])).not.toContain(
            false,
          );
          expect(target.rows).toHaveLength(given.filter((cell) => cell !== null).length);
        },
      ),
    );
  });

  test("100 are compared, 101 are refused", () => {
    expect(single(repeat(200, (i) => `c${i % 100}`)).outputs).toBe(100);
    expect(refusal(() => single(repeat(202, (i) => `c${i % 101}`)))).toMatch(
      /101 different values, at most 100 classes/,
    );
  });

  test("--positive is refused", () => {
    expect(refusal(() => single([1, 2, 3, 1, 2, 3], { positive: "1" }))).toMatch(/--positive: "y" has 3 classes/);
  });
});

describe("numbers", () => {
  test("a continuous quantity is refused with the way out", () => {
    expect(refusal(() => single(repeat(50, (i) => i / 7)))).toMatch(/expected classes.*above a limit/);
    expect(refusal(() => single(repeat(500, (i) => i)))).toMatch(/more than 100 different values/);
  });

  test("a few fractions, as of marks, are classes", () => {
    expect(single([1.5, 2, 1.5, 2, 2.5, 2.5]).classes).toEqual(["1.5", "2", "2.5"]);
  });
});

describe("missing labels", () => {
  test("are dropped with a note", () => {
    const target = single(["a", null, "b", "a", "b"]);
    expect([...target.rows]).toEqual([0, 2, 3, 4]);
    expect(target.notes[0]?.text).toBe("y: 1 row (20.0 %) has no label and is left out");
  });

  test("in more than half of the rows are an error unless allowed", () => {
    const cells = ["a", "a", "b", "b", null, null, null, null, null];
    expect(refusal(() => single(cells))).toMatch(/missing in 5 of 9 rows, more than half.*--allow-missing-target/);
    expect(single(cells, { allowMissing: true }).rows).toHaveLength(4);
    expect(refusal(() => single([null, null], { allowMissing: true }))).toMatch(/missing in every row/);
  });
});

describe("a target that cannot work says what to do", () => {
  const cases: [string, () => unknown, RegExp][] = [
    ["one class", () => single(["a", "a"]), /"a" in all 2 rows, expected at least two classes/],
    ["a class of one row", () => single(["a", "a", "b", "c", "c"]), /a single row of class "b".*--drop-classes b/],
    [
      "two such classes",
      () => single(["a", "a", "b", "c", "d", "d"]),
      /each of the classes "b", "c".*--drop-classes b,c/,
    ],
    ["too few left", () => single(["a", "a", "b", "b"], { dropClasses: ["a"] }), /fewer than two classes/],
    ["none left", () => single(["a", "a", "b"], { dropClasses: ["a", "b"] }), /fewer than two classes/],
    ["no such class", () => single(["aa", "aa", "b"], { dropClasses: ["aaa"] }), /--drop-classes.*did you mean "aa"\?/],
    [
      "no such column",
      () => makeTarget(tableOf({ churn: [1, 0] }), ["chrun"]),
      /no column "chrun"; did you mean "churn"\?/,
    ],
    ["nothing like it", () => makeTarget(tableOf({ churn: [1, 0] }), ["zebra"]), /no column "zebra"; it has "churn"$/],
    ["none", () => makeTarget(tableOf({ churn: [1, 0] }), []), /no column was named/],
    ["twice", () => makeTarget(tableOf({ a: [1, 0], b: [1, 0] }), ["a", "b", "a"]), /"a" is named twice/],
  ];
  test.each(cases)("%s", (_, run, message) => {
    expect(refusal(run)).toMatch(message);
  });

  test("--drop-classes leaves the rows of a class out", () => {
    const target = single(["a", "a", "b", "c", "c"], { dropClasses: ["b"] });
    expect([...target.rows]).toEqual([0, 1, 3, 4]);
    expect(target.notes[0]?.text).toMatch(/1 row of class "b" is left out as asked/);
  });
});

describe("several targets", () => {
  const cells = {
    x: [1, 2, 3, 4, 5],
    a: [0, 1, 0, 1, 1],
    b: ["no", "yes", "yes", "no", null],
    c: ["true", "false", "true", "false", "true"],
  };

  test("make a label of each, and a label that a row lacks is masked there", () => {
    const target = makeTarget(tableOf(cells), ["a", "b", "c"]);
    expect(target).toMatchObject({ kind: "multilabel", activation: "sigmoid", classes: ["a", "b", "c"], outputs: 3 });
    expect([...target.rows]).toEqual([0, 1, 2, 3, 4]);
    expect([...target.labels]).toEqual([0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, -1, 1]);
    expect([...target.weights!]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1]);
  });

  test("take --positive as the value that means present", () => {
    const table = tableOf({ a: ["in", "out", "in", "out"], b: ["out", "in", "in", "out"] });
    expect(refusal(() => makeTarget(table, ["a", "b"]))).toMatch(
      /each must be 0\/1, true\/false or yes\/no.*"in", "out"/,
    );
    expect([...makeTarget(table, ["a", "b"], { positive: "in" }).labels]).toEqual([1, 0, 0, 1, 1, 1, 0, 0]);
  });

  test("each need both values, at least twice", () => {
    const table = tableOf({ a: [0, 1, 0, 1], b: [0, 0, 0, 0], c: [1, 1, 1, 1], d: [1, 0, 0, 0], e: [0, 1, 2, 0] });
    expect(refusal(() => makeTarget(table, ["a", "b"]))).toMatch(/label "b" is "0" in every row/);
    expect(refusal(() => makeTarget(table, ["a", "c"]))).toMatch(/label "c" is "1" in every row/);
    expect(refusal(() => makeTarget(table, ["a", "d"]))).toMatch(/label "d" is "1" in one row only/);
    expect(refusal(() => makeTarget(table, ["a", "e"]))).toMatch(/"e" has "0", "1", "2"/);
  });
});
