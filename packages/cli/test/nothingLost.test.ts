// Nothing disappears in silence: what a column ends as, what is made equal, and every digit of an id.
import { afterAll, describe, expect, it } from "vitest";
import { readModelFile } from "../src/saved/modelFile.ts";
import { datesOf, learnt, ownCells, workplace } from "./fitted.ts";
import { ask } from "./hostileTables.ts";
import { beside, csvOf, type MadeRow, madeRows } from "./tableMaker.ts";

const { fit, predict, compare, write, path, dispose } = workplace();
afterAll(dispose);

const small = madeRows(120, "small", (random) => random.integer(12));

/** Trains on rows with the column `x`, written so. */
async function read(
  x: (row: MadeRow, position: number) => string,
  flags: readonly string[] = [],
  rows: readonly MadeRow[] = small,
) {
  const said = await fit(write("x.csv", csvOf(rows, { x, ...beside })), "bought", ...flags);
  expect(said.code, said.told).toBe(0);
  const model = await learnt(said.model);
  return { ...said, learnt: model, x: model.encoder.columns.find(({ name }) => name === "x") };
}
const levelsOf = (column: Awaited<ReturnType<typeof read>>["x"]) =>
  column?.kind === "category" ? [...column.levels].sort() : null;

describe("a category keeps the spelling of the file", () => {
  it.each([
    ["True", "False"],
    ["TRUE", "FALSE"],
    ["v1.10", "v1.1"],
    ["01", "1A"],
    ["Ja", "nein"],
  ])("%s and %s", async (one, other) => {
    const { x } = await read(({ value }) => (value < 6 ? one : other));
    expect(levelsOf(x)).toEqual([one, other].sort());
  });

  it("blanks around a value are dropped, told where that makes two of them one", async () => {
    const { x, told } = await read(({ value }) => (value < 4 ? "red" : value < 8 ? " red " : "blue"));
    expect(levelsOf(x)).toEqual(["blue", "red"]);
    expect(told).toMatch(/x:.*blanks.*"red"/);
  });

  it("TRUE counts as True in a new table, told; YES does not count as yes", async () => {
    const truth = await read(({ value }) => (value < 6 ? "True" : "False"));
    const upper = await predict(truth.model, write("u.csv", "x,age\nTRUE,30\nfalse,30\n"));
    const same = await predict(truth.model, write("s.csv", "x,age\nTrue,30\nFalse,30\n"));
    expect(upper.probabilities).toEqual(same.probabilities);
    expect(upper.told).toMatch(/x.*"TRUE".*"True"/);
    const yes = await read(({ value }) => (value < 6 ? "yes" : "no"));
    const strange = await predict(yes.model, write("y.csv", "x,age\nYES,30\n"));
    expect(strange.told).toMatch(/x.*"YES"/);
    const unseen = await predict(yes.model, write("n.csv", "x,age\nmaybe,30\n"));
    expect(strange.probabilities).toEqual(unseen.probabilities);
  });

  it("a number can be taken as a category, by its text", async () => {
    const { x } = await read(({ value }) => (value < 4 ? "1.0" : value < 8 ? "1" : "2"), ["--read", "x=category"]);
    expect(levelsOf(x)).toEqual(["1", "1.0", "2"]);
  });
});

describe("what is missing", () => {
  it("is what --missing says, instead of the usual spellings; an empty cell always is", async () => {
    const x = ({ value }: MadeRow) => ["NA", "-", "?", ""][value % 4]!;
    const usual = await read(({ value }) => (value % 4 === 0 ? "NA" : value % 4 === 1 ? "none" : "red"));
    expect(levelsOf(usual.x)).toEqual(["red"]);
    const { x: asked } = await read(x, ["--missing", "?"]);
    expect(levelsOf(asked)).toEqual(["-", "NA"]);
  });

  it("may be said for one column alone", async () => {
    const rows = csvOf(small, {
      country: ({ value }) => (value < 4 ? "NA" : value < 8 ? "DE" : "?"),
      colour: ({ age }) => (age % 3 === 0 ? "NA" : "red"),
      ...beside,
    });
    const { model, code, told } = await fit(write("one.csv", rows), "bought", "--missing", "country=?");
    expect(code, told).toBe(0);
    const { encoder } = await learnt(model);
    expect(encoder.columns[0]).toMatchObject({ name: "country", levels: ["DE", "NA"] });
    expect(encoder.columns[1]).toMatchObject({ name: "colour", levels: ["red"] });
    // The model remembers it: NA is a country in a new table.
    const said = await predict(model, write("new.csv", "country,colour,age\nNA,red,30\n?,red,30\n"));
    expect(new Set(said.probabilities).size).toBe(2);
    expect(said.told).not.toContain("does not know");
  });

  it("a number may stand for it", async () => {
    const found = await read(({ value }, k) => (k % 9 === 0 ? "-999" : String(value)), ["--missing", "x=-999"]);
    const plain = await read(({ value }, k) => (k % 9 === 0 ? "" : String(value)));
    expect(found.learnt).toEqual(plain.learnt);
    const other = await read(({ value }, k) => (k % 9 === 0 ? "-999.00" : `${value}.0`), ["--missing", "x=-999"]);
    expect(other.learnt).toEqual(plain.learnt);
    // The model remembers it, in whatever format the cell comes.
    const gap = await predict(plain.model, write("gap.csv", "x,age\n,30\n3,30\n"));
    for (const [name, text] of [
      ["new.csv", "x,age\n-999,30\n3,30\n"],
      ["new.jsonl", '{"x":-999,"age":30}\n{"x":3.0,"age":30}\n'],
    ] as const) {
      expect((await predict(found.model, write(name, text))).probabilities, name).toEqual(gap.probabilities);
    }
  });

  const target = (no: string, yes = "yes") =>
    csvOf(small, { x: ({ value }) => String(value), bought: ({ bought }) => (bought === "yes" ? yes : no) });

  it.each(["-", "None", "NA", "n/a", "?", "nil", "--"])(
    "%s is a class where it is frequent in a target, told with the flag that turns it",
    async (no) => {
      const { code, told, model } = await fit(write("t.csv", target(no)), "bought");
      expect(code, told).toBe(0);
      const saved = await readModelFile(model);
      expect([...saved.target.classes].sort()).toEqual([no, "yes"].sort());
      expect(saved.provenance.rows).toBe(120);
      expect(told).toMatch(/bought:.*--missing .?bought=/);
    },
  );

  it.each(["NULL", "", "NaN", "<NA>", "#N/A", "\\N"])("%s is never a class", async (no) => {
    const rows = csvOf(small, {
      x: ({ value }) => String(value),
      bought: ({ bought }, k) => (k % 4 === 0 ? no : bought),
    });
    const { code, told, model } = await fit(write("t.csv", rows), "bought");
    expect(code, told).toBe(0);
    const saved = await readModelFile(model);
    expect(saved.target.classes).toEqual(["no", "yes"]);
    expect(saved.provenance.rows).toBe(90);
    expect(told).toMatch(/30 rows .*have no label/);
  });

  it("a rare NA in a target is a row without a label, and --missing makes a frequent one such", async () => {
    const rows = (each: number) =>
      csvOf(small, { x: ({ value }) => String(value), bought: ({ bought }, k) => (k % each === 0 ? "NA" : bought) });
    const rare = await fit(write("t.csv", rows(20)), "bought");
    expect((await readModelFile(rare.model)).provenance.rows).toBe(114);
    const asked = await fit(write("t.csv", rows(5)), "bought", "--missing", "bought=NA");
    expect((await readModelFile(asked.model)).target.classes).toEqual(["no", "yes"]);
    expect((await readModelFile(asked.model)).provenance.rows).toBe(96);
  });
});

describe("what a column ends as is told", () => {
  it("one value in every row", async () => {
    const { x, told } = await read(() => "same");
    expect(x).toBeUndefined();
    expect(told).toMatch(/x: the same in every row/);
  });

  it("a category of which no level is frequent enough for a feature of its own", async () => {
    const { told } = await read(({ value }, k) => `kind ${(k % 24) + value * 0}`);
    expect(told).toMatch(/x: .*(24|none|no) .*(level|text|value)/);
  });

  it("a column that is empty", async () => {
    const { x, told } = await read(() => "");
    expect(x).toBeUndefined();
    expect(told).toMatch(/x: /);
  });
});

describe("whole numbers beyond 2^53", () => {
  const id = (n: number) => String(9_007_199_254_740_992n + BigInt(n));

  it("are classes by all their digits", async () => {
    const rows = csvOf(small, { x: ({ value }) => String(value), y: ({ bought }) => id(bought === "yes" ? 1 : 0) });
    const { code, told, model } = await fit(write("y.csv", rows), "y");
    expect(code, told).toBe(0);
    expect((await readModelFile(model)).target.classes).toEqual([id(0), id(1)]);
  });

  it("are groups by all their digits", async () => {
    const grouped = (name: string, who: (k: number) => string) =>
      write(name, csvOf(small, { who: (_, k) => who(k), x: ({ value }) => String(value), ...beside }));
    const long = await compare(
      grouped("long.csv", (k) => id(k % 40)),
      "bought",
      "--group",
      "who",
    );
    const text = await compare(
      grouped("text.csv", (k) => `P${String(k % 40).padStart(2, "0")}`),
      "bought",
      "--group",
      "who",
    );
    expect(long.code, long.told).toBe(0);
    expect(long.result.plan.foldHash).toBe(text.result.plan.foldHash);
  });

  it("as a feature are told that they lose digits, and come out of predict with all of them", async () => {
    const { told, model } = await read((_, k) => id(k % 30), ["--keep", "x"]);
    expect(told).toMatch(/x: .*9007199254740993/);
    const said = await predict(model, write("new.csv", `x,age\n${id(1)},30\n${id(7)},30\n`));
    expect(ownCells(said, 2).map(([cell]) => cell)).toEqual([id(1), id(7)]);
  });

  it("as categories differ by their last digit", async () => {
    const { x } = await read(({ value }) => id(value < 6 ? 0 : 1), ["--read", "x=category"]);
    expect(levelsOf(x)).toEqual([id(0), id(1)]);
  });
});

describe("typed formats keep their types", () => {
  /** Trains on the rows as Parquet, `x` being the SQL of a column over `value` and `k`. */
  async function parquet(x: string, ...flags: readonly string[]) {
    const values = small.map(({ value, age, bought }, k) => `(${k}, ${value}, ${age}, '${bought}')`).join(", ");
    const table = path("typed.parquet");
    await ask(
      `COPY (SELECT ${x} AS x, age, bought FROM (VALUES ${values}) t(k, value, age, bought) ORDER BY k) TO '${table}' (FORMAT parquet)`,
    );
    const said = await fit(table, "bought", ...flags);
    expect(said.code, said.told).toBe(0);
    const model = await learnt(said.model);
    return { ...said, x: model.encoder.columns.find(({ name }) => name === "x") };
  }

  it("a Parquet text that looks like a number is a text, told with the flag that turns it", async () => {
    const { x, told } = await parquet("'0' || (1230 + value % 3)");
    expect(levelsOf(x)).toEqual(["01230", "01231", "01232"]);
    expect(told).toMatch(/x: .*--read x=number/);
    const number = await parquet("(1230 + value % 3)::VARCHAR", "--read", "x=number");
    expect(number.x).toMatchObject({ kind: "number" });
  });

  it("a JSON text that looks like a number is a text, and a number a number", async () => {
    const json = (quoted: boolean) =>
      write(
        "x.jsonl",
        small
          .map(({ value, age, bought }) => JSON.stringify({ x: quoted ? String(value % 4) : value % 4, age, bought }))
          .join("\n"),
      );
    const text = await fit(json(true), "bought");
    expect((await learnt(text.model)).encoder.columns[0]).toMatchObject({ kind: "category" });
    expect(text.told).toMatch(/x: .*--read x=number/);
    const number = await fit(json(false), "bought");
    expect((await learnt(number.model)).encoder.columns[0]).toMatchObject({ kind: "number" });
  });

  it("a JSON column of numbers and texts is read as one of CSV is", async () => {
    const odd = (k: number) => k % 10 === 4;
    const lines = small.map(({ value, age, bought }, k) =>
      JSON.stringify({ x: odd(k) ? "unknown" : value, age, bought }),
    );
    const json = await fit(write("mixed.jsonl", lines.join("\n")), "bought");
    expect(json.code, json.told).toBe(0);
    const csv = await read(({ value }, k) => (odd(k) ? "unknown" : String(value)));
    expect(await learnt(json.model)).toEqual(csv.learnt);
    expect(json.told).toMatch(/x: .*\b12\b.*"unknown"/);
  });

  it("dates in texts are dates in Parquet, too", async () => {
    const { model } = await parquet("strftime(DATE '2020-01-01' + value::INT * 17, '%d.%m.%Y')");
    expect(await datesOf(model)).toEqual(["x"]);
  });
});
