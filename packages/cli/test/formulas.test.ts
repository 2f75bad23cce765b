// Cells that a spreadsheet would run: found, told, and made harmless where that is asked.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeModelFile } from "../src/saved/modelFile.ts";
import { isFormula, isFormulaSql, neutralise } from "../src/table/formulas.ts";
import { goodTable } from "./badTables.ts";
import { readCsv } from "./csvReader.ts";
import { goodModel, wider } from "./goodModel.ts";
import { ask, hostileTexts } from "./hostileTables.ts";
import { logitModel, trainings } from "./savedModels.ts";
import { command } from "./world.ts";

const { place, predict, added } = goodModel();
const lines = goodTable.trim().split("\n");

describe("cells that a spreadsheet would run", () => {
  const formulas = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "=",
    "+a",
    "-a-b",
    "＝1",
    "--x",
  ];
  const plain = [
    "-3.5",
    "+1",
    "-1,234.50",
    "+05:30",
    "-1e-5",
    "-5%",
    "-",
    "--",
    "1=2",
    "a+b",
    "",
    " =1",
    "'=1",
    "-.5",
    "-inf",
  ];

  it("are told with their count, and get an apostrophe where that is asked", async () => {
    const cells = [...formulas, ...plain];
    const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const table = place.write(
      "formulas.csv",
      wider('=x,"y"', (row) => `${cell(cells[row % cells.length]!)},-1`),
    );
    const count = 1 + lines.slice(1).filter((_, row) => formulas.includes(cells[row % cells.length]!)).length;
    const untouched = await predict(table);
    expect(untouched.err).toContain(
      ` check    ${count} cells begin as a formula does and would run in a spreadsheet; --neutralise-formulas`,
    );
    const before = readCsv(readFileSync(place.path("out.csv"), "utf8"));
    const asked = await predict(table, "--neutralise-formulas");
    expect(asked.err).toContain(` check    ${count} cells that begin as a formula does got an apostrophe`);
    const after = readCsv(readFileSync(place.path("out.csv"), "utf8"));
    expect(after.map((record) => record.map(({ text }) => text))).toEqual(
      before.map((record) => record.map(({ text }) => neutralise(text))),
    );
    expect(after.flat().filter(({ text }, k) => text !== before.flat()[k]!.text).length).toBe(count);
    expect(
      (
        await command([
          "predict",
          place.path("good.onnx"),
          table,
          "--output",
          place.path("o.parquet"),
          "--neutralise-formulas",
        ])
      ).code,
    ).toBe(2);
  });

  it("of classes and labels are among them", async () => {
    const model = logitModel("binary", 1, trainings.crossEntropy);
    await writeModelFile(place.path("evil.onnx"), {
      ...model,
      target: { ...model.target, classes: ["=no()", "@yes"] },
    });
    const table = place.write("z.csv", "z0,id\n-9,1\n9,2\n");
    const { err } = await command([
      "predict",
      place.path("evil.onnx"),
      table,
      "--output",
      place.path("out.csv"),
      "--neutralise-formulas",
    ]);
    expect(err).toContain("2 cells that begin");
    expect(added().map(([, answer]) => answer)).toEqual(["prediction", "'=no()", "'@yes"]);
  });

  it("are the same in SQL as here", async () => {
    expect(formulas.filter(isFormula)).toEqual(formulas);
    expect(plain.filter(isFormula)).toEqual([]);
    const piece = fc.constantFrom(
      "=",
      "+",
      "-",
      "@",
      "\t",
      "1",
      "5",
      ".",
      ",",
      "e",
      "%",
      ":",
      "inf",
      "nan",
      "a",
      " ",
      "＋",
      "é",
      "🦊",
    );
    const texts = [
      ...hostileTexts,
      ...formulas,
      ...plain,
      ...fc.sample(
        fc.array(piece, { maxLength: 6 }).map((parts) => parts.join("")),
        { seed: 5, numRuns: 3000 },
      ),
    ];
    const values = texts.map((text) => `('${text.replaceAll("'", "''")}')`).join(", ");
    const found = (await ask(`SELECT ${isFormulaSql("t")} FROM (VALUES ${values}) v(t)`)).getColumns()[0]!;
    texts.forEach((text, k) => {
      expect([text, found[k]]).toEqual([text, isFormula(text)]);
    });
  });
});
