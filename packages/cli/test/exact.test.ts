// What differs in the file stays different: groups, classes, folds, copies; and a digit that is lost is told.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { isLong } from "../../surprisal/test/attack/counts.ts";
import { foldsFromTable } from "../src/folds/foldTable.ts";
import { columnGroups, duplicateGroups } from "../src/folds/groups.ts";
import { byWhole, isWhole, sameDecimal } from "../src/table/decimal.ts";
import { exactOf } from "../src/table/exact.ts";
import { isMissing } from "../src/table/missing.ts";
import { readTable } from "../src/table/read.ts";
import { makeTarget } from "../src/task/target.ts";
import { allRows, textsOf } from "./columns.ts";
import { ask } from "./hostileTables.ts";
import { command, scratch } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

/** Texts of which many are one number, or one float64. */
const twins = [
  ..."1 01 1.0 1.00 +1 1e0 1.1 1.10 1.100 0 -0 00 1e2 100 100.0 .5 0.5 0.50".split(" "),
  ..."9007199254740992 9007199254740993 9007199254740993.0 1234567890123456789 1234567890123456788".split(" "),
  ..."12345678901234567890123 12345678901234567890124 0.12345678901234567890 0.12345678901234567891".split(" "),
  ..."True TRUE true yes Yes a A 2020-01-01 01.01.2020 +05:30 1e400 2e400 inf".split(" "),
  "1 ",
  " 01",
];

/** The codes that equal texts share, numbered by first sight. */
function numbered(cells: readonly (string | null)[]): number[] {
  const known = new Map<string, number>();
  let count = 0;
  return cells.map((cell) => {
    if (cell === null || isMissing(cell)) return count++;
    const text = cell.trim();
    if (!known.has(text)) known.set(text, count++);
    return known.get(text)!;
  });
}

/** Whether two numberings part the rows alike. */
function alike(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  const there = new Map<number, number>();
  const back = new Map<number, number>();
  return Array.from(a).every((each, row) => {
    const other = b[row]!;
    if (!there.has(each) && !back.has(other)) {
      there.set(each, other);
      back.set(other, each);
    }
    return there.get(each) === other && back.get(other) === each;
  });
}

const cells = fc.array(fc.option(fc.constantFrom(...twins), { freq: 12 }), { minLength: 2, maxLength: 40 });
const csv = (name: string, column: readonly (string | null)[]) =>
  place.write(
    name,
    `x,who\n${column.map((cell, row) => `${row % 7},${cell === null ? "" : `"${cell}"`}`).join("\n")}\n`,
  );

describe("groups and classes", () => {
  it("are as many as there are texts, whatever numbers they are", async () => {
    await fc.assert(
      fc.asyncProperty(cells, async (column) => {
        const table = await readTable(csv("groups.csv", column), { exact: ["who"] });
        const who = table.columns[1]!;
        expect(alike(columnGroups(who, allRows(column.length)), numbered(column))).toBe(true);
        const { codes, texts } = exactOf(who);
        column.forEach((cell, row) => {
          expect(codes[row] === -1 ? null : texts[codes[row]!]).toBe(
            cell === null || isMissing(cell) ? null : cell.trim(),
          );
        });
      }),
      { seed: 11, numRuns: isLong ? 3000 : 30 },
    );
  }, 600_000);

  it("keep how they are written as classes, also where one number has two spellings, which is told", async () => {
    const column = ["1.10", "1.1", "01", "1", "True", "1234567890123456789", "1234567890123456788"];
    const table = await readTable(csv("classes.csv", [...column, ...column]), { exact: ["who"] });
    const target = makeTarget(table, ["who"]);
    expect([...target.classes].sort()).toEqual([...column].sort());
    expect([...target.rows].map((row) => target.classes[target.labels[row]!])).toEqual([...column, ...column]);
    expect(textsOf(target.notes)).toContain(
      'who: "1.1" and "1.10" differ in how a number is written only and are different classes; write them alike to join them',
    );
    const numbers = column.filter((cell) => cell !== "True");
    const numeric = await readTable(csv("numbers.csv", [...numbers, ...numbers]), { exact: ["who"] });
    expect(makeTarget(numeric, ["who"]).classes).toEqual(["01", "1", "1.1", "1.10", ...numbers.slice(4).sort()]);
  });

  it("of JSON and Parquet are told apart by every digit", async () => {
    const ids = [
      "1234567890123456788",
      "1234567890123456789",
      "98765432109876543210987654321",
      "98765432109876543210987654322",
    ];
    const twice = [...ids, ...ids];
    const json = place.write("ids.json", `[${twice.map((id, row) => `{"x":${row % 3},"who":${id}}`).join(",")}]`);
    const parquet = place.path("ids.parquet");
    const rows = twice.map((id, row) => `(${row % 3}, ${id}::DECIMAL(38,0), ${id.slice(0, 18)}::BIGINT + ${row % 2})`);
    await ask(`COPY (SELECT * FROM (VALUES ${rows.join(", ")}) t(x, who, big)) TO '${parquet}'`);
    for (const path of [json, parquet]) {
      const table = await readTable(path, { exact: ["who"] });
      expect(alike(columnGroups(table.columns[1]!, allRows(8)), numbered(twice))).toBe(true);
      expect([...makeTarget(table, ["who"]).classes].sort()).toEqual([...ids].sort());
    }
  });

  it("that differ in blanks only are one, and a note tells it", async () => {
    const table = await readTable(csv("blanks.csv", ["a", " a", "b", "b"]), { exact: ["who"] });
    expect(makeTarget(table, ["who"]).classes).toEqual(["a", "b"]);
    expect(textsOf(table.notes)).toEqual([
      'who: blanks around a value are dropped, "a" with and without them is one value',
    ]);
  });

  it("of a target may be infinite numbers, and a label may be written 1.0", async () => {
    const table = await readTable(csv("infinite.csv", ["1", "inf", "1", "inf"]), { exact: ["who"] });
    expect([...makeTarget(table, ["who"]).classes].sort()).toEqual(["1", "inf"]);
    const labels = place.write("labels.csv", "x,a,b\n1,1.0,0\n2,0.0,1\n3,1.0,1.0\n4,0.0,0\n5,1.0,1\n6,0.0,0\n");
    const target = makeTarget(await readTable(labels, { exact: ["a", "b"] }), ["a", "b"]);
    expect([...target.labels]).toEqual([1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0]);
    expect(textsOf(target.notes)).toContain('b: "1.0" counts as "1"');
  });
});

describe("folds", () => {
  const target = (rows: number) => ({
    kind: "binary" as const,
    activation: "sigmoid" as const,
    columns: ["y"],
    classes: ["no", "yes"],
    outputs: 1,
    rows: allRows(rows),
    labels: allRows(rows).map((row) => (row >> 2) % 2),
    weights: null,
    notes: [],
  });

  it("of 19 digits are different folds, in the order of their size", async () => {
    const names = ["1234567890123456789", "1234567890123456788", "-5", "98765432109876543210987654321"];
    const rows = Array.from({ length: 32 }, (_, row) => names[row % 4]!);
    const folds = foldsFromTable(
      await readTable(place.write("folds.csv", `r\n${rows.join("\n")}\n`), { exact: "all" }),
      target(32),
      32,
    );
    expect(folds.count).toBe(4);
    expect([...folds.repeats[0]!.subarray(0, 4)]).toEqual([2, 1, 0, 3]);
  });

  it("with one number in two spellings are refused", async () => {
    const rows = Array.from({ length: 24 }, (_, row) => ["1", "2", "01"][row % 3]!);
    const table = await readTable(place.write("spelled.csv", `r\n${rows.join("\n")}\n`), { exact: "all" });
    expect(() => foldsFromTable(table, target(24), 24)).toThrow(
      'names a fold "1" and "01", the same number in two spellings',
    );
  });
});

describe("numbers beyond 2^53", () => {
  const ids = Array.from({ length: 40 }, (_, row) => `12345678901234567${String(row).padStart(2, "0")}`);

  it("do not make rows copies that differ in digits which a float64 does not keep", async () => {
    const table = await readTable(place.write("near.csv", `n\n${ids.join("\n")}\n${ids.slice(0, 3).join("\n")}\n`));
    expect(duplicateGroups(table.columns, allRows(43)).duplicates).toBe(3);
    const json = place.write("near.json", JSON.stringify(ids.map((id) => ({ n: id }))).replaceAll(/"(\d+)"/g, "$1"));
    expect(duplicateGroups((await readTable(json)).columns, allRows(40)).duplicates).toBe(0);
  });

  it("are told as a feature, and to predict", async () => {
    const line = (row: number) => `${1000 + 7 * row}56789012345678${row % 10},${row % 3},${row % 2 ? "yes" : "no"}`;
    const table = place.write("told.csv", `n,x,y\n${Array.from({ length: 80 }, (_, row) => line(row)).join("\n")}\n`);
    const told =
      /n: \d+ whole numbers beyond 9,007,199,254,740,992 lose digits.*: 1000567890123456780 counts as 1000567890123456768/;
    const fitted = await command(["fit", table, "y", "--model", "linear", "--output", place.folder]);
    expect(fitted.code).toBe(0);
    expect(fitted.out.replaceAll(/\s+/g, " ")).toMatch(told);
    const predicted = await command(["predict", place.path("told.onnx"), table, "--output", place.path("out.csv")]);
    expect(predicted.err).toMatch(told);
    expect(readFileSync(place.path("out.csv"), "utf8")).toContain(`\n${line(5)},`);
  });

  it("are told only where a digit is another one", async () => {
    const table = await readTable(
      place.write("fine.csv", "a,b\n9007199254740994,1e23\n-18014398509481984,6.02214076e23\n1,2\n"),
    );
    expect(table.columns.map((column) => column.kind === "number" && column.lost)).toEqual([undefined, undefined]);
  });
});

describe("decimal numbers", () => {
  it("are the same where their values are, at any length", () => {
    const number = fc.tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 40n }), fc.integer({ min: 0, max: 30 }));
    fc.assert(
      fc.property(number, fc.nat(5), fc.nat(5), ([negative, digits, decimals], before, after) => {
        const text = String(digits).padStart(decimals + 1, "0");
        const at = text.length - decimals;
        const written = `${negative ? "-" : ""}${"0".repeat(before)}${text.slice(0, at)}.${text.slice(at)}${"0".repeat(after)}`;
        expect(sameDecimal(written)).toBe(sameDecimal(`${negative ? "-" : ""}${digits}e-${decimals}`));
        expect(isWhole(written)).toBe(digits % 10n ** BigInt(decimals) === 0n);
      }),
      { seed: 3 },
    );
    expect(byWhole("9007199254740993", "9007199254740992")).toBe(1);
    expect(["", ".", "-", "1_0", "0x1", "1e", "x"].map(sameDecimal)).toEqual(new Array(7).fill(null));
  });
});
