// Tables that were misread once: each file of data/misread is read as its author meant it.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { readModelFile } from "../src/saved/modelFile.ts";
import { learnt, ownCells, workplace } from "./fitted.ts";

const { fit, predict, compare, write, dispose } = workplace();
afterAll(dispose);

const folder = join(dirname(fileURLToPath(import.meta.url)), "data/misread");
const file = (name: string) => join(folder, name);
const text = (name: string) => readFileSync(file(name), "utf8");

/** The model of a table that has to be fit for a prediction. */
async function modelOf(name: string) {
  const { code, told, model } = await fit(file(name), "bought");
  expect(code, told).toBe(0);
  return model;
}

/** How a model reads a column. */
async function columnOf(model: string, name: string) {
  const { encoder } = await learnt(model);
  return encoder.columns.find((column) => column.name === name);
}

describe("what is predicted", () => {
  it("keeps the cells as they were written, long ids, zeros, padding and all, and adds columns beside them", async () => {
    const said = await predict(await modelOf("idtrain.csv"), file("idnew.csv"));
    expect(said.code, said.told).toBe(0);
    const names = ["order_id", "zip", "rate", "active", "when", "age", "comment"];
    expect(said.cells[0]!.map(({ text }) => text)).toEqual([...names, "probability_yes", "prediction"]);
    expect(ownCells(said, names.length)).toEqual([
      ["1234567890123456789", "01234", "1e-7", "True", "25/12/2020", "0.50", "N/A"],
      ["1234567890123456790", "02139", "0.10", "FALSE", "26/12/2020", "1.00", "  padded "],
    ]);
  });

  it("knows a level that differs from that of the training in capitals only where it is a boolean, and tells it", async () => {
    const model = await modelOf("idtrain.csv");
    const said = await predict(model, file("idnew.csv"));
    const plain = await predict(model, write("idnew plain.csv", text("idnew.csv").replace("FALSE", "False")));
    expect(said.code, said.told).toBe(0);
    expect(said.probabilities).toEqual(plain.probabilities);
    expect(said.told).toMatch(/active.*"FALSE".*"False"/);
  });

  it("a category's level is the text of the training, whatever else stands in the file", async () => {
    const model = await modelOf("cat_train.csv");
    const [all, two] = [await predict(model, file("cat_new_all.csv")), await predict(model, file("cat_new_two.csv"))];
    expect(all.code, all.told).toBe(0);
    expect(two.code, two.told).toBe(0);
    expect(two.probabilities).toEqual(all.probabilities.slice(0, 2));
    expect(new Set(all.probabilities).size).toBe(3);
    expect(await columnOf(model, "code")).toMatchObject({ kind: "category", levels: ["01", "02", "1A"] });
    expect(await columnOf(model, "flag")).toMatchObject({ kind: "category" });
    const { levels } = (await columnOf(model, "flag")) as { levels: readonly string[] };
    expect([...levels].sort()).toEqual(["False", "True", "unknown"]);
    expect(`${all.told}${two.told}`).not.toMatch(/does not know by name/);
  });

  it("a date has the order of the training, also where the new cells allow another", async () => {
    const model = await modelOf("date_train.csv");
    const one = await predict(model, file("date_new_amb.csv"));
    const other = await predict(model, file("date_new_unamb.csv"));
    expect(one.code, one.told).toBe(0);
    expect(other.code, other.told).toBe(0);
    expect(one.probabilities).toEqual(other.probabilities.slice(0, 2));
    // The same with years first, which can be read in one way only.
    const iso = (name: string) =>
      write(
        `iso ${name}`,
        text(name).replace(/^(\d+)\/(\d+)\/(\d{4})/gm, (_, d, m, y) => `${y}-${m}-${d}`),
      );
    const plain = await fit(iso("date_train.csv"), "bought");
    const expected = await predict(plain.model, iso("date_new_unamb.csv"));
    expect(other.probabilities).toEqual(expected.probabilities);
  });

  it("a number with a comma before three digits is a thousand and more, never one and a bit", async () => {
    const model = await modelOf("pct_plain.csv");
    const said = await predict(model, file("new_th.csv"));
    const plain = await predict(model, write("plain.csv", "rate,income\n1051,0.3\n2040,1\n"));
    expect(plain.code, plain.told).toBe(0);
    if (said.code === 0) expect(said.probabilities).toEqual(plain.probabilities);
    else expect(said.told).toMatch(/"rate".*row 1.*"1,051"/);
  });

  it("an infinity does not matter in a column that the model does not use", async () => {
    const said = await predict(await modelOf("pct_plain.csv"), file("new_inf.csv"));
    expect(said.code, said.told).toBe(0);
    expect(ownCells(said, 3)).toEqual([
      ["51.2", "0.3", "inf"],
      ["40.1", "0.2", "2"],
    ]);
  });

  it("an infinity in a column that the model uses is an error, with a way out that predict has", async () => {
    const model = await modelOf("pct_plain.csv");
    const table = write("used.csv", "rate,income\n51.2,inf\n40.1,0.2\n");
    const said = await predict(model, table);
    expect(said.code).toBe(2);
    expect(said.told).toMatch(/"income".*row 1.*--missing/);
    const out = await predict(model, table, "--missing", "income=inf");
    expect(out.code, out.told).toBe(0);
    const gap = await predict(model, write("gap.csv", "rate,income\n51.2,\n40.1,0.2\n"));
    expect(out.probabilities).toEqual(gap.probabilities);
  });
});

describe("quantities", () => {
  it("a comma before three digits everywhere in a comma-delimited file parts thousands", async () => {
    const comma = await compare(file("thou_comma.csv"), "bought");
    const plain = await compare(file("thou_plain.csv"), "bought");
    expect(comma.code, comma.told).toBe(0);
    expect(comma.means).toEqual(plain.means);
    expect(comma.told).toMatch(/price: "\d,\d{3}" is read as \d{4}\b/);
    expect(comma.told).toMatch(/--decimal/);
    expect(plain.told).not.toContain("is read as");
  });

  it("a column of per cents is a number, and keeps its size", async () => {
    const sign = await compare(file("pct_sign.csv"), "bought");
    const plain = await compare(file("pct_plain.csv"), "bought");
    expect(sign.code, sign.told).toBe(0);
    expect(sign.means).toEqual(plain.means);
    const { reading, ...number } = sign.result.features[0];
    expect(reading).toBe("number in %");
    expect(plain.result.features[0]).toMatchObject(number);
    expect(sign.told).toMatch(/rate: "\d+\.\d%" is read as \d+/);
  });

  it("codes that begin with 0 keep it, as a category that can be made a number", async () => {
    const { code, told, model } = await fit(file("zip.csv"), "bought");
    expect(code, told).toBe(0);
    expect(told).toMatch(/zip: "0\d{4}" begins with 0.*--read zip=number/);
    expect(await columnOf(model, "zip")).toMatchObject({ kind: "category", levels: expect.arrayContaining(["01234"]) });
    const number = await fit(file("zip.csv"), "bought", "--read", "zip=number");
    expect(number.code, number.told).toBe(0);
    expect(await columnOf(number.model, "zip")).toMatchObject({ kind: "number" });
    expect(number.told).not.toContain("begins with 0");
  });
});

describe("dates", () => {
  it("one cell that is no date is a gap, told with its row, and the column stays a date", async () => {
    const zero = await compare(file("date_zero.csv"), "bought");
    const ok = await compare(file("date_ok.csv"), "bought");
    expect(zero.code, zero.told).toBe(0);
    expect(zero.told).toMatch(/joined:.*row 78\b.*"0000-00-00"/);
    expect(zero.result.features[0]).toMatchObject({ name: "joined", as: ok.result.features[0].as, missing: 1 });
    expect(Math.abs(zero.means[0]!.logLoss! - ok.means[0]!.logLoss!)).toBeLessThan(0.02);
  });

  it("12-Jan-2020 is a date", async () => {
    const { code, told, model } = await fit(file("monname.csv"), "bought");
    expect(code, told).toBe(0);
    expect(told).not.toContain("identifier");
    const months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const iso = text("monname.csv").replace(/(\d\d)-([A-Z][a-z]{2})-(\d{4})/g, (_, day, month, year) =>
      [year, String(months.indexOf(month) / 3 + 1).padStart(2, "0"), day].join("-"),
    );
    const plain = await fit(write("monname iso.csv", iso), "bought");
    expect((await readModelFile(model)).readings[0]).toMatchObject({ as: "date", order: "dmy" });
    expect(await learnt(model)).toEqual(await learnt(plain.model));
  });
});
