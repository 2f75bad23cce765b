// Numbers as people write them: what each column is read as, what is told of it, and the flags that turn it.
import { afterAll, describe, expect, it } from "vitest";
import { learnt, workplace } from "./fitted.ts";
import { beside, csvOf, grouped, madeRows, numberWritings, shares, wholes } from "./tableMaker.ts";

const { fit, predict, write, dispose } = workplace();
afterAll(dispose);

/** Trains on a table with the column `price`, and says how the model takes it. */
async function read(text: string, ...flags: readonly string[]) {
  const said = await fit(write("price.csv", text), "bought", ...flags);
  expect(said.code, said.told).toBe(0);
  const model = await learnt(said.model);
  const price = model.encoder.columns.find(({ name }) => name === "price");
  expect(price, said.told).toBeDefined();
  return { ...said, learnt: model, price: price! };
}

/** Rows of `price`, each written so. */
const table = (
  rows: ReturnType<typeof madeRows>,
  price: (value: number, position: number) => string,
  { delimiter = ",", more = {} }: { delimiter?: string; more?: Parameters<typeof csvOf>[1] } = {},
) => csvOf(rows, { price: ({ value }, k) => price(value, k), ...more, ...beside }, delimiter);

const plainly = (value: number) => String(value);

describe("the number that was meant", () => {
  it.each(numberWritings)("$name", async ({ values, write: text, delimiter, flags = [] }) => {
    const rows = madeRows(120, "meant", values);
    const found = await read(table(rows, text, delimiter === undefined ? {} : { delimiter }), ...flags);
    const plain = await read(table(rows, plainly));
    expect(found.learnt).toEqual(plain.learnt);
    // One line tells how a cell is read, by an example of the column.
    const [, cell, number] = found.told.match(/price: "([^"]*)" is read as (\S+)/) ?? [];
    expect(cell, found.told).toBeDefined();
    const example = rows.find(({ value }) => text(value) === cell)?.value;
    if (example !== undefined) expect(Number(number!.replace(/[),;.]+$/, ""))).toBe(example);
    expect(found.told.match(/is read as/g)).toHaveLength(1);
  });

  it("is predicted for one row as among all", async () => {
    const rows = madeRows(120, "alone", wholes);
    const { model } = await read(table(rows, (value) => `$${grouped(value, ",")}`));
    const whole = await predict(
      model,
      write(
        "new.csv",
        table(rows, (value) => `$${grouped(value, ",")}`),
      ),
    );
    const one = await predict(
      model,
      write(
        "one.csv",
        table(rows.slice(7, 8), (value) => `$${grouped(value, ",")}`),
      ),
    );
    expect(one.code, one.told).toBe(0);
    expect(one.probabilities).toEqual(whole.probabilities.slice(7, 8));
    // A number without the currency may be of another one: it is a gap, and told.
    const bare = await predict(model, write("bare.csv", table(rows.slice(7, 8), plainly)));
    const gap = await predict(
      model,
      write(
        "gap.csv",
        table(rows.slice(7, 8), () => ""),
      ),
    );
    expect(bare.probabilities).toEqual(gap.probabilities);
    expect(bare.told).toMatch(new RegExp(`price: row 1 holds "${rows[7]!.value}"`));
  });
});

describe("what is not one writing", () => {
  const rows = madeRows(120, "not one", wholes);

  it("1,23,456 is never 1.23: either the number that was meant, or a category that is told", async () => {
    const lakhs = (value: number) => {
      const [, head = "", tail] = String(value).match(/^(\d*?)(\d{1,3})$/)!;
      return head === "" ? tail! : `${head.replace(/\B(?=(\d{2})+$)/g, ",")},${tail}`;
    };
    const large = madeRows(120, "lakh", (random) => 100_000 + 123_457 * random.integer(60));
    const found = await read(table(large, lakhs));
    if (found.price.kind === "number") expect(found.learnt).toEqual((await read(table(large, plainly))).learnt);
    else expect(found.told).toMatch(/price:.*"\d+,\d\d,\d{3}"/);
  });

  it("two units in a column make it a category, which is told", async () => {
    const found = await read(table(rows, (value, k) => `${value % 9} ${k % 2 === 0 ? "kg" : "lb"}`));
    expect(found.price.kind).toBe("category");
    expect(found.told).toMatch(/price:.*"\d (kg|lb)".*"\d (kg|lb)"|price:.*unit/);
  });

  it("a bare number in a column of per cents is a gap, told with its row", async () => {
    const made = madeRows(120, "bare", shares);
    const found = await read(table(made, (value, k) => (k === 77 ? "44.9" : `${value.toFixed(1)}%`)));
    const plain = await read(table(made, (value, k) => (k === 77 ? "" : String(value))));
    expect(found.learnt).toEqual(plain.learnt);
    expect(found.told).toMatch(/price:.*row 78\b.*"44\.9"/);
  });

  it("decimal commas and decimal points in one column make it a category, which is told", async () => {
    const made = madeRows(120, "both", shares);
    const found = await read(table(made, (value, k) => value.toFixed(1).replace(".", k % 2 === 0 ? "." : ",")));
    expect(found.price.kind).toBe("category");
    expect(found.told).toMatch(/price:/);
  });
});

describe("a mark before three digits everywhere", () => {
  const rows = madeRows(120, "three", (random) => 1000 + random.integer(9000));
  const comma = (value: number) => grouped(value, ",");
  const point = (value: number) => grouped(value, ".");
  const thousandth = (value: number) => String(value / 1000);
  const half = (mark: string) => ({ more: { half: (_: unknown, k: number) => `${k % 7}${mark}5` } });
  const told = (text: string, number: string) => new RegExp(`price: "${text}" is read as ${number}\\b`);

  it("a comma parts thousands in a comma-delimited file, told with the flag that turns it", async () => {
    const found = await read(table(rows, comma));
    expect(found.learnt).toEqual((await read(table(rows, plainly))).learnt);
    expect(found.told).toMatch(told("\\d,\\d{3}", "\\d{4}"));
    expect(found.told).toMatch(/--decimal (price=)?,/);
    const turned = await read(table(rows, comma), "--decimal", ",");
    expect(turned.learnt).toEqual((await read(table(rows, thousandth))).learnt);
  });

  it("a comma is decimal in a ; file, told with the flag that turns it", async () => {
    const found = await read(table(rows, comma, { delimiter: ";" }));
    expect(found.learnt).toEqual((await read(table(rows, thousandth))).learnt);
    expect(found.told).toMatch(told("\\d,\\d{3}", "\\d\\.\\d+"));
    for (const flag of [
      ["--decimal", "price=."],
      ["--thousands", ","],
    ]) {
      const turned = await read(table(rows, comma, { delimiter: ";" }), ...flag);
      expect(turned.learnt, flag.join(" ")).toEqual((await read(table(rows, plainly))).learnt);
    }
  });

  it("another column's decimal comma decides in a comma-delimited file", async () => {
    const found = await read(table(rows, comma, half(",")));
    expect(found.learnt).toEqual((await read(table(rows, thousandth, half(".")))).learnt);
  });

  it("another column's decimal point decides in a ; file", async () => {
    const found = await read(table(rows, comma, { delimiter: ";", ...half(".") }));
    expect(found.learnt).toEqual((await read(table(rows, plainly, half(".")))).learnt);
  });

  it("a point is decimal, where no other column says that it is not", async () => {
    const found = await read(table(rows, point));
    expect(found.learnt).toEqual((await read(table(rows, thousandth))).learnt);
    const other = await read(table(rows, point, { delimiter: ";", ...half(",") }));
    expect(other.learnt).toEqual((await read(table(rows, plainly, half(".")))).learnt);
  });

  it("a flag for one column leaves the others alone", async () => {
    const two = { more: { twin: ({ value }: { value: number }) => grouped(value, ",") } };
    const found = await read(table(rows, comma, two), "--decimal", "price=,");
    const plain = { more: { twin: ({ value }: { value: number }) => String(value) } };
    expect(found.learnt).toEqual((await read(table(rows, thousandth, plain))).learnt);
  });
});

describe("cells that are no numbers, in a column of numbers", () => {
  const priced = (rows: number, odd: (position: number) => string | null, value = (k: number) => (k * 37) % 101) =>
    table(
      madeRows(rows, "odd", (_, k) => value(k)),
      (number, k) => odd(k) ?? String(number),
    );
  const gapped = (rows: number, odd: (position: number) => string | null) =>
    priced(rows, (k) => (odd(k) === null ? null : ""));

  it("a text behind the first 600 rows is a gap, told with its row", async () => {
    const odd = (k: number) => (k === 649 ? "ask Bob" : null);
    const found = await read(priced(700, odd));
    expect(found.learnt).toEqual((await read(gapped(700, odd))).learnt);
    expect(found.told).toMatch(/price:.*row 650\b.*"ask Bob"/);
  });

  it("with --strict it is an error with row and text, and nothing is written", async () => {
    const path = write(
      "strict.csv",
      priced(700, (k) => (k === 649 ? "ask Bob" : null)),
    );
    const { code, told } = await fit(path, "bought", "--strict");
    expect(code).toBe(2);
    expect(told).toMatch(/strict\.csv.*"price".*"ask Bob".*row 650\b/);
    const dropped = await fit(path, "bought", "--strict", "--drop", "price");
    expect(dropped.told, "a column that is not learnt from").not.toContain("ask Bob");
    const clean = await fit(
      write(
        "clean.csv",
        priced(700, () => null),
      ),
      "bought",
      "--strict",
    );
    expect(clean.code, clean.told).toBe(0);
  });

  it("19 of 20 cells have to be numbers, where the others differ", async () => {
    const words = "abcdefghijklmnop";
    const texts = (most: number) => (k: number) =>
      k % 17 === 3 && k / 17 < most ? `word ${words[(k - 3) / 17]}` : null;
    const gaps = await read(priced(200, texts(10)));
    expect(gaps.learnt).toEqual((await read(gapped(200, texts(10)))).learnt);
    expect(gaps.told).toMatch(/price:.*\b10 .*"word a" in row 4\b/);
    const category = await read(priced(200, texts(11)));
    expect(category.price.kind).toBe("category");
    expect(category.told).toMatch(/price:.*row 4\b.*"word a".*category/);
  });

  it("one text in 30 % of the cells is a gap, told with its count", async () => {
    const odd = (k: number) => (k % 10 < 3 ? "unknown" : null);
    const found = await read(priced(200, odd));
    expect(found.learnt).toEqual((await read(gapped(200, odd))).learnt);
    expect(found.told).toMatch(/price:.*\b60\b.*"unknown"/);
    expect(found.told).toMatch(/row 1\b/);
  });

  it("one text in 60 % of the cells makes a category", async () => {
    const found = await read(priced(200, (k) => (k % 10 < 6 ? "unknown" : null)));
    expect(found.price.kind).toBe("category");
  });

  it("what is missing does not count among them", async () => {
    const odd = (k: number) => (k % 10 < 8 ? "" : k === 9 ? "ask Bob" : null);
    const found = await read(priced(200, odd));
    expect(found.price.kind).toBe("number");
    expect(found.learnt).toEqual((await read(gapped(200, odd))).learnt);
  });

  it("a 0 before a whole number behind the first 500 rows keeps the column a category", async () => {
    const found = await read(priced(700, (k) => (k === 650 ? "01234" : null)));
    expect(found.price.kind).toBe("category");
    expect(found.told).toMatch(/price: "01234" begins with 0.*--read price=number/);
    const number = await read(
      priced(700, (k) => (k === 650 ? "01234" : null)),
      "--read",
      "price=number",
    );
    expect(number.learnt).toEqual((await read(priced(700, (k) => (k === 650 ? "1234" : null)))).learnt);
  });

  it("0 and 0.5 are numbers: only a whole number with a digit behind its 0 is none", async () => {
    const found = await read(priced(200, (k) => (k % 3 === 0 ? "0" : k % 3 === 1 ? "0.5" : null)));
    expect(found.price.kind).toBe("number");
  });

  it.each(["\\N", "#DIV/0!", "#REF!", "#VALUE!", "#NUM!", "#NAME?", "n.a.", "-"])("%s is missing", async (text) => {
    const odd = (k: number) => (k % 10 === 0 ? text : null);
    const found = await read(priced(200, odd));
    expect(found.learnt).toEqual((await read(gapped(200, odd))).learnt);
    expect(found.told).not.toContain("category");
  });

  it("an infinity is an error, with a way out that the command has", async () => {
    const odd = (k: number) => (k === 9 ? "inf" : null);
    const { code, told } = await fit(write("inf.csv", priced(200, odd)), "bought");
    expect(code).toBe(2);
    expect(told).toMatch(/"price".*row 10\b.*--missing price=inf/);
    const out = await read(priced(200, odd), "--missing", "price=inf");
    expect(out.learnt).toEqual((await read(gapped(200, odd))).learnt);
  });
});
