// What is found in a table before anything is learnt: columns that cannot help, possible leaks, copies; each is said.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CliError } from "../src/errors.ts";
import { Random } from "../src/random.ts";
import { readTable } from "../src/table/read.ts";
import { type CheckOptions, checkFeatures } from "../src/task/features.ts";
import { midranks } from "../src/task/leaks.ts";
import { makeTarget } from "../src/task/target.ts";
import { repeat, tableOf, textsOf } from "./columns.ts";

const random = new Random(1);
const n = 200;
const y = repeat(n, (i) => (i % 4 === 0 ? "yes" : "no"));
const noise = repeat(n, () => random.normal());
type Cells = Parameters<typeof tableOf>[0];

function check(cells: Cells, options?: CheckOptions) {
  const table = tableOf({ ...cells, y });
  return checkFeatures(table, makeTarget(table, ["y"]), options);
}

describe("columns that cannot help are dropped with the flag that keeps them", () => {
  const hex = (i: number): string => ((i * 2654435761) % 2 ** 32).toString(16).padStart(8, "0");
  const cases: [string, Cells, RegExp][] = [
    ["a constant number", { c: repeat(n, () => 7) }, /same in every row/],
    ["a constant text", { c: repeat(n, () => "a") }, /same in every row/],
    ["a column without values", { c: repeat(n, () => null) }, /missing in every row/],
    ["1 to n", { c: repeat(n, (i) => i + 1) }, /whole numbers that count the rows/],
    ["n numbers in any order", { c: repeat(n, (i) => 5000 + ((i * 7) % n)) }, /whole numbers that count the rows/],
    ["different numbers called an id", { customer_id: repeat(n, (i) => i * 13 + (i % 3)) }, /and its name/],
    ["different texts", { c: repeat(n, (i) => `name ${i}`) }, /all texts differ/],
    ["hashes that seldom repeat", { c: repeat(n, (i) => hex(i % 150)) }, /hashes/],
    ["texts called an id that seldom repeat", { userId: repeat(n, (i) => `u ${Math.max(i, 3)}`) }, /and its name/],
  ];
  test.each(cases)("%s", (_, cells, why) => {
    const name = Object.keys(cells)[0]!;
    const checked = check({ noise, ...cells });
    expect(checked.dropped).toEqual([{ column: name, why: expect.stringMatching(why), flag: `--keep ${name}` }]);
    expect(checked.features.map((column) => column.name)).toEqual(["noise"]);
    expect(check({ noise, ...cells }, { keep: [name] }).dropped).toEqual([]);
  });

  test("measurements, repeated numbers and one value beside gaps are kept", () => {
    const cells = {
      salary: repeat(n, (i) => 1000 + i * 13),
      age: repeat(n, (i) => i % 60),
      promoted: repeat(n, (i) => (i % 5 === 0 ? "yes" : null)),
    };
    expect(check(cells).dropped).toEqual([]);
  });

  test("if none is left, the error names them and the flag", () => {
    expect(() => check({ id: repeat(n, (i) => i), c: repeat(n, () => 1) })).toThrow(
      /no column is left: "id" \(looks.*\), "c" \(the same in every row\); .*--keep id/,
    );
    expect(() => check({})).toThrow(/no column is left beside the target/);
  });
});

describe("--drop, --keep and --group", () => {
  test("take columns out and say so", () => {
    const checked = check(
      { noise, a: noise.map((x) => x ** 2), g: repeat(n, (i) => i % 9) },
      { drop: ["a"], group: "g" },
    );
    expect(checked.features.map(({ name }) => name)).toEqual(["noise"]);
    expect(checked.dropped).toEqual([{ column: "a", why: "left out as asked", flag: "--drop" }]);
    expect(checked.notes.at(-1)?.text).toMatch(/^g: its equal values stay together/);
  });

  test.each<[CheckOptions, RegExp]>([
    [{ drop: ["nosie"] }, /--drop: the table has no column "nosie"; did you mean "noise"\?/],
    [{ keep: ["nothing"] }, /--keep: the table has no column/],
    [{ group: "grp" }, /--group: the table has no column/],
    [{ drop: ["y"] }, /--drop: "y" is the target/],
    [{ group: "y" }, /--group: "y" is the target/],
    [{ drop: ["noise"], keep: ["noise"] }, /"noise" is in both/],
  ])("%o is refused", (options, message) => {
    expect(() => check({ noise }, options)).toThrow(CliError);
    expect(() => check({ noise }, options)).toThrow(message);
  });
});

describe("possible leaks", () => {
  const leaks = (cells: Cells) =>
    textsOf(check({ noise, ...cells }).notes.filter(({ code }) => code === "possibleLeak"));

  test("a number that ranks the classes, in either direction", () => {
    expect(leaks({ l: y.map((label, i) => (label === "yes" ? 5 : 0) + noise[i]! / 4) })).toEqual([
      'POSSIBLE LEAK: l alone tells "yes" from the rest with AUC 1.000; if it is known only afterwards, leave it out (--drop l)',
    ]);
    expect(leaks({ l: y.map((label, i) => (label === "yes" ? -5 : 0) + noise[i]! / 4) })).toHaveLength(1);
  });

  test("a category that says it in other words, and a gap that says it", () => {
    expect(
      leaks({ reason: y.map((label, i) => (label === "yes" ? ["price", "moved"][(i / 4) % 2]! : "none")) }),
    ).toHaveLength(1);
    expect(leaks({ closed: y.map((label) => (label === "yes" ? 3 : null)) })).toHaveLength(1);
  });

  test("noise is none, and neither is a category with a level for nearly every row", () => {
    expect(leaks({})).toEqual([]);
    expect(leaks({ c: repeat(n, (i) => `c${i % 150}`) })).toEqual([]);
  });

  test("are found for one class of several and for one label of several", () => {
    const classes = repeat(n, (i) => `c${i % 3}`);
    const many = tableOf({ noise, l: classes.map((c) => (c === "c1" ? 1 : 0)), classes });
    const found = textsOf(checkFeatures(many, makeTarget(many, ["classes"])).notes).join("\n");
    expect(found).toMatch(/POSSIBLE LEAK: l alone tells "c1" from the rest/);
    const labels = { a: repeat(n, (i) => i % 2), b: repeat(n, (i) => (i % 3 === 0 ? 1 : 0)) };
    const multi = tableOf({ noise, l: labels.b.map((b) => -b), ...labels });
    expect(textsOf(checkFeatures(multi, makeTarget(multi, ["a", "b"])).notes).join("\n")).toMatch(
      /l alone tells "b" from the rest/,
    );
  });

  test("ranks are those of counting", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 }), (scores) => {
        const expected = scores.map(
          (score) => scores.filter((s) => s < score).length + (scores.filter((s) => s === score).length + 1) / 2,
        );
        expect([...midranks(Float64Array.from(scores))]).toEqual(expected);
      }),
    );
  });
});

describe("what else is said", () => {
  const text = (cells: Cells): string => textsOf(check(cells).notes).join("\n");

  test("copies up to a constant, also when rounded to cents, and not columns that are merely close", () => {
    const minutes = repeat(n, (i) => Math.round(1000 + 900 * noise[i]!) / 10);
    const charge = minutes.map((m) => Math.round(m * 17) / 100);
    expect(text({ minutes, charge })).toMatch(/charge is minutes times a constant · harmless, kept \(--drop charge\)/);
    const celsius = noise;
    expect(text({ celsius, f: celsius.map((c) => c * 1.8 + 32) })).toMatch(
      /f is celsius times a constant plus another/,
    );
    expect(text({ celsius, close: celsius.map((c, i) => c + (i % 7) / 500) })).not.toMatch(/constant/);
    expect(text({ minutes, gap: charge.map((c, i) => (i === 5 ? null : c)) })).not.toMatch(/times a constant/);
  });

  test("what was taken as number, date and category, gaps, and texts with many levels", () => {
    const table = tableOf({
      noise: repeat(3000, (i) => i % 17),
      city: repeat(3000, (i) => (i < 12 ? null : `c${i % 1400}`)),
      y: repeat(3000, (i) => i % 2),
    });
    const { notes } = checkFeatures(table, makeTarget(table, ["y"]));
    expect(textsOf(notes)).toEqual([
      "taken as numbers (1): noise",
      "taken as categories (1): city",
      expect.stringMatching(/^12 cells missing in 1 column \(city 12\)/),
      expect.stringMatching(/^city: 1,400 different texts, the 50 most frequent are kept/),
    ]);
  });
});

const churn = fileURLToPath(new URL("../../../examples/data/churn.csv", import.meta.url));
test.skipIf(!existsSync(churn))(
  "the churn table of the examples gives 15 numbers, 4 categories and 4 copies",
  async () => {
    const table = await readTable(churn);
    const target = makeTarget(table, ["churn"]);
    const checked = checkFeatures(table, target);
    expect(table.rows).toBe(5000);
    expect(textsOf(target.notes)).toEqual([expect.stringMatching(/"yes" 707 \(14\.1 %\) is the rare class/)]);
    expect(checked.features.filter(({ kind }) => kind === "number")).toHaveLength(15);
    expect(checked.features.filter(({ kind }) => kind === "category")).toHaveLength(4);
    expect(checked.dropped).toEqual([]);
    const copies = checked.notes.filter(({ code }) => code === "copy");
    expect(
      copies.map(({ text }) => text.match(/^total_\w+_charge is total_\w+_minutes times a constant/)),
    ).toHaveLength(4);
    expect(textsOf(checked.notes).join()).not.toMatch(/LEAK|missing/);
  },
);
