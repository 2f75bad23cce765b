// Tables that were misread, and what is right: targets, groups, and how the files are written.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { readModelFile } from "../src/saved/modelFile.ts";
import { learnt, workplace } from "./fitted.ts";

const { fit, predict, compare, write, dispose } = workplace();
afterAll(dispose);

const folder = join(dirname(fileURLToPath(import.meta.url)), "data/misread");
const file = (name: string) => join(folder, name);
const text = (name: string) => readFileSync(file(name), "utf8");

describe("targets and groups", () => {
  it("+ and - are classes, and no row is missing", async () => {
    const { code, told, model } = await fit(file("plusminus.csv"), "class");
    expect(code, told).toBe(0);
    const { target, provenance } = await readModelFile(model);
    expect([...target.classes].sort()).toEqual(["+", "-"]);
    expect(provenance.rows).toBe(120);
    expect(told).toContain("120 rows");
    expect(told).toMatch(/"-".*class/);
    expect(told).not.toContain("have no label");
  });

  it("001, 010 and 100 are classes as they are written", async () => {
    const { code, told, model } = await fit(file("codes.csv"), "icd");
    expect(code, told).toBe(0);
    expect((await readModelFile(model)).target.classes).toEqual(["001", "010", "100"]);
    expect(told).toContain('3 classes, "001" 42, "010" 40, "100" 38');
  });

  it("ids of 19 digits as groups are as many as they are as text, in the same folds", async () => {
    const merge = await compare(file("grp_merge.csv"), "bought", "--group", "patient");
    const asText = await compare(file("grp_text.csv"), "bought", "--group", "patient");
    expect(merge.code, merge.told).toBe(0);
    expect(merge.result.plan.foldHash).toBe(asText.result.plan.foldHash);
    expect(merge.means).toEqual(asText.means);
  });

  it("a row counts for the labels that it has", async () => {
    const { code, told, model } = await fit(file("ml.csv"), ["a", "b", "c"]);
    expect(code, told).toBe(0);
    expect((await readModelFile(model)).provenance.rows).toBe(120);
    expect(told).not.toMatch(/60 rows[^.]*left out/);
    // 64 of the 120 that have a, 47 of the 80 that have b, 51 of the 90 that have c
    expect(told).toMatch(/"a" 53\.3 %/);
    expect(told).toMatch(/"b" 58\.8 %/);
  });

  it.each([
    ["0", "1"],
    ["false", "true"],
    ["no", "yes"],
    ["No", "Yes"],
  ])("of %s and %s the second is positive, also where it is the larger class", async (no, yes) => {
    const words = text("major1.csv").replace(/,([01])$/gm, (_, label) => `,${label === "1" ? yes : no}`);
    const { code, told, model } = await fit(write(`major ${yes}.csv`, words), "bought");
    expect(code, told).toBe(0);
    expect(told).toMatch(new RegExp(`"${yes}" 78 \\(65\\.0 %\\).*positive`));
    const said = await predict(model, write("new.csv", "age,income\n0.1,0.2\n"));
    expect(said.cells[0]!.map(({ text }) => text)).toContain(`probability_${yes}`);
  });

  it("an id that repeats is told, with the flag that keeps its rows together", async () => {
    const { code, told } = await fit(file("patient.csv"), "bought");
    expect(code, told).toBe(0);
    expect(told).toMatch(/patient_id.*repeat/);
    expect(told).toContain("--group patient_id");
  });
});

describe("files", () => {
  it.each(["excel_lf.csv", "excel_nolf.csv"])("%s: line 42 has one value too many", async (name) => {
    const { code, told } = await fit(file(name), "bought");
    expect(code).toBe(2);
    expect(told).toMatch(/line 42\b.*has 5 values/);
  });

  it("a line break inside a cell changes nothing", async () => {
    const table = text("excel_lf.csv").replaceAll("late, again,", "late,");
    const { code, told } = await fit(write("lf.csv", table), "bought");
    expect(code, told).toBe(0);
    expect(told).toContain("120 rows");
  });

  it("a leak is the first thing told, notes of one kind are one line, and nothing points to a report that is not written", async () => {
    const { code, told } = await compare(file("euro_leak.csv"), "kuendigt");
    expect(code, told).toBe(0);
    const leak = told.indexOf("LEAK");
    expect(leak).toBeGreaterThan(-1);
    expect(told.slice(leak)).toContain("mahnstufe");
    const comma = told.search(/decimal (comma|point)|is read as/);
    if (comma !== -1) expect(leak).toBeLessThan(comma);
    expect(told.match(/decimal (comma|point)|is read as/g)?.length ?? 0).toBeLessThanOrEqual(1);
    expect(told).not.toContain("in the report");
  });

  it("fit tells the leak first, too", async () => {
    const { code, told } = await fit(file("euro_leak.csv"), "kuendigt");
    expect(code, told).toBe(0);
    const checks = told.slice(told.indexOf(" check "));
    expect(checks.indexOf("LEAK")).toBeGreaterThan(-1);
    expect(checks.indexOf("LEAK")).toBeLessThan(40);
    expect(told).not.toContain("in the report");
  });

  it.each([
    ["sep.csv", "sep=; is an instruction of Excel"],
    ["title.csv", "a title row is skipped"],
  ])("%s: %s", async (name) => {
    const { code, told, model } = await fit(file(name), "bought");
    expect(code, told).toBe(0);
    expect(told).toContain("120 rows");
    const header = `age,income,bought\n${text(name).split("\n").slice(2).join("\n").replaceAll(";", ",")}`;
    const plain = await fit(write("plain.csv", header), "bought");
    expect(await learnt(model)).toEqual(await learnt(plain.model));
    if (name === "title.csv") expect(told).toMatch(/line 1|first line|title/);
  });

  it("a first line that looks like values is told, with the flag that takes it as such", async () => {
    const { code, told } = await fit(file("nohead.csv"), "no");
    expect(code, told).toBe(0);
    expect(told).toMatch(/first line.*--no-header/);
    const bare = await fit(file("nohead.csv"), "column 3", "--no-header");
    expect(bare.code, bare.told).toBe(0);
    expect(bare.told).toContain("120 rows");
    expect(bare.told).not.toMatch(/first line looks/);
  });

  it("blanks before quotes belong to neither names nor values", async () => {
    const { code, told, model } = await fit(file("spacequote.csv"), "bought", "--keep", "city");
    expect(code, told).toBe(0);
    const { encoder, target } = await readModelFile(model);
    expect(encoder.columns.map(({ name }) => name)).toEqual(["age", "income", "city"]);
    expect(encoder.columns[2]).toMatchObject({ levels: ["Springfield, IL"] });
    expect(target).toMatchObject({ columns: ["bought"], classes: ["no", "yes"] });
  });

  it("a byte-order mark before JSON is as one before CSV", async () => {
    const { code, told, model } = await fit(file("bom.json"), "bought");
    expect(code, told).toBe(0);
    expect(told).toContain("120 rows");
    const plain = await fit(write("nobom.json", text("bom.json").replace("\ufeff", "")), "bought");
    expect(await learnt(model)).toEqual(await learnt(plain.model));
  });

  it("a line that is no JSON is named", async () => {
    const { code, told } = await fit(file("bad.jsonl"), "bought");
    expect(code).toBe(2);
    expect(told).toMatch(/bad\.jsonl.*line 2\b/);
  });
});
