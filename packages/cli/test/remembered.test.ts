// The model remembers how its table was read: a row has one probability, in whatever table and format it stands.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownCells, workplace } from "./fitted.ts";
import { ask } from "./hostileTables.ts";
import { beside, type Columns, cellOf, csvOf, days, grouped, iso, madeRows, partsOf } from "./tableMaker.ts";
import { surprisal } from "./world.ts";

const { fit, predict, compare, write, path, folder, dispose } = workplace();
afterAll(dispose);

const rows = madeRows(240, "remembered", (random) => 100 + random.integer(4_000_000));
const dayOf = (value: number) => 14_610 + (value % 4500);
const british = (value: number) => {
  const { d, m, y } = partsOf(dayOf(value));
  return `${d}/${m}/${y}`;
};
const codes = ["01", "1", "10", "1A"];
const releases = ["1.10", "1.1", "v2", "v3"];

/** A table of one column of each kind, each in a writing of its own. */
const columns: Columns = {
  price: ({ value }) => `$${grouped(value, ",")}`,
  when: ({ value }) => british(value),
  code: ({ value }) => codes[value % 4]!,
  release: ({ value }) => releases[value % 4]!,
  truth: ({ value }) => (value % 3 === 0 ? "True" : "False"),
  size: ({ value }, k) => (k % 11 === 0 ? "n/a" : String((value % 97) / 4)),
  ...beside,
};
const { bought: _, ...features } = columns;
const names = Object.keys(features);

let model = "";
let whole: readonly string[] = [];
beforeAll(async () => {
  const said = await fit(write("train.csv", csvOf(rows, columns)), "bought");
  expect(said.code, said.told).toBe(0);
  model = said.model;
  const all = await predict(model, write("all.csv", csvOf(rows, features)));
  expect(all.code, all.told).toBe(0);
  whole = all.probabilities;
});

/** Predicts some rows, by the writing of the training or by another one. */
const predicted = async (which: readonly number[], more: Partial<Columns> = {}, delimiter = ",") => {
  const cells = (name: string) => (more[name] ?? features[name])!;
  const lines = which.map((k) => names.map((name) => cellOf(cells(name)(rows[k]!, k), delimiter)).join(delimiter));
  return predict(model, write("some.csv", `${[names.join(delimiter), ...lines].join("\n")}\n`));
};
const wholeOf = (which: readonly number[]) => which.map((k) => whole[k]!);

describe("a row has one probability", () => {
  it.each([0, 3, 11, 101, 239])("alone in a file: row %i", async (k) => {
    const said = await predicted([k]);
    expect(said.code, said.told).toBe(0);
    expect(said.probabilities).toEqual(wholeOf([k]));
  });

  it("with its columns in another order, and others among them", async () => {
    const turned = { note: () => "7", ...Object.fromEntries(Object.entries(features).reverse()) };
    const said = await predict(model, write("turned.csv", csvOf(rows, turned)));
    expect(said.probabilities).toEqual(whole);
  });

  it("among rows whose cells would be read in another way, if the file decided", async () => {
    const early = rows.flatMap(({ value }, k) => (Number(partsOf(dayOf(value)).d) <= 12 ? [k] : []));
    expect((await predicted(early)).probabilities).toEqual(wholeOf(early));
    const digits = rows.flatMap(({ value }, k) => (value % 4 < 2 ? [k] : []));
    const said = await predicted(digits);
    expect(said.probabilities).toEqual(wholeOf(digits));
    expect(said.told).not.toMatch(/does not know|expected/);
  });

  it("in a file with another delimiter, with quotes, with a byte-order mark", async () => {
    const some = [5, 6, 7];
    expect((await predicted(some, {}, ";")).probabilities).toEqual(wholeOf(some));
    const quoted = csvOf(rows, features)
      .trim()
      .split("\n")
      .slice(0, 4)
      .map((line) => (line.includes('"') ? line : line.replace(/[^,]+/g, '"$&"')));
    const said = await predict(model, write("q.csv", `\ufeff${quoted.join("\r\n")}\r\n`));
    expect(said.probabilities).toEqual(wholeOf([0, 1, 2]));
  });

  it("a cell that does not fit is a gap, told with its row; with --strict an error", async () => {
    const some = [20, 21, 23];
    const odd = { price: (row: (typeof rows)[number], k: number) => (k === 21 ? "many" : features.price!(row, k)) };
    const gap = { price: (row: (typeof rows)[number], k: number) => (k === 21 ? "" : features.price!(row, k)) };
    const said = await predicted(some, odd);
    expect(said.code, said.told).toBe(0);
    expect(said.probabilities).toEqual((await predicted(some, gap)).probabilities);
    expect(said.probabilities[0]).toBe(whole[20]);
    expect(said.told).toMatch(/price.*row 2\b.*"many"/);
    const strict = await predict(model, path("some.csv"), "--strict");
    expect(strict.code, strict.told).toBe(0);
    await predicted(some, odd);
    const refused = await predict(model, path("some.csv"), "--strict");
    expect(refused.code).toBe(2);
    expect(refused.told).toMatch(/"price".*"many".*row 2\b/);
  });

  it("a decimal comma in a model of decimal points is no number, and never ten times one", async () => {
    const some = [20, 21, 23];
    const said = await predicted(some, { size: () => "1,5" }, ";");
    expect(said.code, said.told).toBe(0);
    expect(said.probabilities).toEqual((await predicted(some, { size: () => "" }, ";")).probabilities);
    expect(said.told).toMatch(/size.*"1,5"/);
  });

  it("where a column is empty in the whole file", async () => {
    const some = [20, 21, 23];
    for (const name of ["price", "when", "code", "size"]) {
      const empty = await predicted(some, { [name]: () => "" });
      expect(empty.code, empty.told).toBe(0);
      const one = await predicted([20, 21], { [name]: (row, k) => (k === 20 ? "NA" : features[name]!(row, k)) });
      expect(one.probabilities, name).toEqual([empty.probabilities[0], whole[21]]);
    }
  });

  it("in Parquet and in JSON, where the cells have types", async () => {
    const typed = rows.map(({ value, age }, k) => ({
      price: value,
      when: iso(dayOf(value)),
      code: codes[value % 4]!,
      release: releases[value % 4]!,
      truth: value % 3 === 0,
      size: k % 11 === 0 ? null : (value % 97) / 4,
      age,
    }));
    const lines = write("new.jsonl", typed.map((row) => JSON.stringify(row)).join("\n"));
    const table = path("new.parquet");
    await ask(
      `COPY (SELECT price::BIGINT AS price, "when"::DATE AS "when", code::VARCHAR AS code, release::VARCHAR AS release, truth::BOOLEAN AS truth, size::DOUBLE AS size, age::INT AS age FROM read_json('${lines}', columns = {price: 'BIGINT', 'when': 'VARCHAR', code: 'VARCHAR', release: 'VARCHAR', truth: 'BOOLEAN', size: 'DOUBLE', age: 'INT'})) TO '${table}' (FORMAT parquet)`,
    );
    const parquet = await predict(model, table);
    expect(parquet.code, parquet.told).toBe(0);
    expect(parquet.probabilities).toEqual(whole);
    expect(parquet.told).not.toMatch(/does not know/);
    // JSON has no dates: the text is that of the training.
    const texts = typed.map((row, k) => JSON.stringify({ ...row, when: british(rows[k]!.value) }));
    const json = await predict(model, write("text.jsonl", texts.join("\n")));
    expect(json.code, json.told).toBe(0);
    expect(json.probabilities).toEqual(whole);
  });

  it("with texts of Parquet in the writing of the training", async () => {
    const lines = write("texts.csv", csvOf(rows, features));
    const table = path("texts.parquet");
    await ask(`COPY (SELECT * FROM read_csv('${lines}', all_varchar = true, header = true)) TO '${table}'`);
    const said = await predict(model, table);
    expect(said.code, said.told).toBe(0);
    expect(said.probabilities).toEqual(whole);
  });

  it("by the flags of the training, which need not be said again", async () => {
    const ambiguous = madeRows(120, "ambiguous", (random) => {
      const day = days(random);
      return day - Number(partsOf(day).d) + 1 + random.integer(12);
    });
    const text = (value: number) => {
      const { d, m, y } = partsOf(value);
      return `${d}/${m}/${y}`;
    };
    const table = (when: (value: number) => string) =>
      csvOf(ambiguous, { when: ({ value }) => when(value), ...beside });
    const asked = await fit(write("a.csv", table(text)), "bought", "--read", "when=day/month/year");
    const plain = await fit(write("b.csv", table(iso)), "bought");
    const said = await predict(asked.model, write("c.csv", table(text)));
    const expected = await predict(plain.model, write("d.csv", table(iso)));
    expect(said.probabilities).toEqual(expected.probabilities);
    expect(said.told).not.toContain("--read");
  });
});

describe("the cells of the user come out as they went in", () => {
  it("in CSV, whatever they look like", async () => {
    const odd = [
      "0.50",
      "1e-7",
      "00012",
      "1234567890123456789",
      "25/12/2020",
      "N/A",
      " padded ",
      'a "b"',
      "x\ny",
      "€ 5",
    ];
    const lines = odd.map(
      (cell, k) => `${cellOf(cell, ",")},${names.map((name) => cellOf(features[name]!(rows[k]!, k), ",")).join(",")}`,
    );
    const said = await predict(model, write("odd.csv", `note,${names.join(",")}\n${lines.join("\n")}\n`));
    expect(said.code, said.told).toBe(0);
    expect(said.probabilities).toEqual(whole.slice(0, odd.length));
    const expected = odd.map((cell, k) => [cell, ...names.map((name) => features[name]!(rows[k]!, k))]);
    expect(ownCells(said, names.length + 1)).toEqual(expected);
  });

  it("in Parquet, with their types", async () => {
    const table = path("types.parquet");
    await ask(
      `COPY (SELECT '$1,200' AS price, DATE '2020-01-05' AS "when", '01' AS code, '1.10' AS release, true AS truth, 1.5::FLOAT AS size, 30::TINYINT AS age, 1234567890123456789::BIGINT AS id, '01234' AS zip, 1.10::DECIMAL(4,2) AS cost) TO '${table}'`,
    );
    const output = path("types.out.parquet");
    const said = await surprisal(folder, "predict", model, table, "--output", output);
    expect(said.code, said.err).toBe(0);
    const found = await ask(`SELECT * FROM '${output}'`);
    const own = await ask(`SELECT * FROM '${table}'`);
    expect(found.columnTypes().slice(0, 10).map(String)).toEqual(own.columnTypes().map(String));
    expect(found.getRowsJson()[0]!.slice(0, 10)).toEqual(own.getRowsJson()[0]);
  });
});

describe("what knows the readings", () => {
  it("--resume after a change of a flag of reading is refused", async () => {
    const table = write(
      "resumed.csv",
      csvOf(rows, { x: ({ value }) => grouped(1000 + (value % 9000), ","), ...beside }),
    );
    const argv = ["compare", table, "bought", "--fast", "--model", "linear", "--losses", "ce", "--fold-count", "3"];
    const first = await surprisal(folder, ...argv, "--output", path("kept"));
    expect(first.code, first.err).toBe(0);
    const other = await surprisal(folder, ...argv, "--output", path("kept"), "--resume", "--decimal", "x=,");
    expect(other.code, other.out + other.err).toBe(2);
    expect(other.err).toMatch(/--resume/);
    const same = await surprisal(folder, ...argv, "--output", path("kept"), "--resume");
    expect(same.code, same.err).toBe(0);
  });

  it("the JSON of a comparison says how each column was read", async () => {
    const { result } = await compare(path("train.csv"), "bought");
    expect(JSON.stringify(result.readings ?? result.features)).toMatch(/day\/month\/year|dmy/);
  });
});
