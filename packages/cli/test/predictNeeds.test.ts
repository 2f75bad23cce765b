// What predict needs of a table: the model's columns and nothing else. What it reads it never replaces.
import { linkSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { writeModelFile } from "../src/saved/modelFile.ts";
import { goodTable } from "./badTables.ts";
import { readCsv } from "./csvReader.ts";
import { goodModel, wider } from "./goodModel.ts";
import { ask, hostileTexts } from "./hostileTables.ts";
import { logitModel, trainings } from "./savedModels.ts";
import { command, twoClasses } from "./world.ts";

const { place, predict, added } = goodModel();
const { folder } = place;
const lines = goodTable.trim().split("\n");

describe("predict does not mind what is in a column that the model does not use", () => {
  const cases: readonly (readonly [string, string, (row: number) => string])[] = [
    ["an infinite number", "x", (row) => (row === 4 ? "inf" : "1")],
    ["a number beyond every float", "x", () => "1e999"],
    ["two columns of one name", "x,x", () => "1,2"],
    ["names that are empty", ",", () => ","],
    ["6,000 columns", Array.from({ length: 6000 }, (_, k) => `w${k}`).join(","), () => "1,".repeat(6000).slice(0, -1)],
    [
      "texts that all differ, some of them odd",
      "x",
      (row) => `"${(hostileTexts[row % hostileTexts.length] ?? "").replaceAll('"', '""')}"`,
    ],
  ];
  it.each(cases)("%s", async (_, header, cell) => {
    expect((await predict(place.path("good.csv"))).code).toBe(0);
    const before = added();
    const { code, err } = await predict(place.write("wide.csv", wider(header, cell)));
    expect([code, err.startsWith("surprisal:") ? err : ""]).toEqual([0, ""]);
    expect(added()).toEqual(before);
  });

  it("odd values in the target, and nested values in JSON and Parquet", async () => {
    const rows = lines.slice(1).map((line) => line.split(","));
    const json = rows.map(([a, b], row) => ({
      a: Number(a),
      b,
      answer: row % 3 ? [1, { deep: null }] : "inf",
      list: [row],
    }));
    expect((await predict(place.path("good.csv"))).code).toBe(0);
    const before = added();
    expect((await predict(place.write("nested.json", JSON.stringify(json)))).err).not.toMatch(/^surprisal/);
    expect(added()).toEqual(before);
    const sql = rows.map(
      ([a, b]) => `SELECT ${a}::DOUBLE AS a, '${b}' AS b, {'x': [1, NULL]} AS answer, 'inf'::DOUBLE AS n`,
    );
    await ask(`COPY (${sql.join(" UNION ALL ")}) TO '${place.path("nested.parquet")}'`);
    expect((await predict(place.path("nested.parquet"))).err).not.toMatch(/^surprisal/);
    expect(added()).toEqual(before);
  });

  it("but it minds the model's own, and advises no flag that it lacks", async () => {
    const { code, err } = await predict(place.write("inf.csv", goodTable.replace("\n0.0000,", "\ninf,")));
    expect(code).toBe(2);
    expect(err).toMatch(
      /column "a" is infinite in row 1, .* leave the cell empty \(then it is missing, as every infinity is with --missing a=inf,-inf\)\n$/,
    );
    const twice = await predict(
      place.write(
        "twice.csv",
        wider("a", () => "1"),
      ),
    );
    expect([twice.code, twice.err]).toEqual([2, expect.stringContaining('both named "a"')]);
  });
});

describe("what is read is not replaced", () => {
  const linked = (of: string, name: string) => {
    symlinkSync(of, place.path(name));
    return place.path(name);
  };
  const ways: readonly (readonly [string, (of: string, name: string) => string])[] = [
    ["its own name", (of) => of],
    ["another spelling", (of) => join(folder, "sub", "..", ".", relative(folder, of))],
    ["a relative path", (of) => relative(process.cwd(), of)],
    ["a symbolic link", (of, name) => linked(of, name)],
    [
      "a hard link",
      (of, name) => {
        linkSync(of, place.path(name));
        return place.path(name);
      },
    ],
    ["a path through a linked folder", (of, name) => join(linked(folder, name), relative(folder, of))],
  ];
  beforeAll(() => mkdirSync(place.path("sub")));

  it.each(ways)("by predict, given by %s", async (_, way) => {
    for (const [input, kind] of [
      ["kept.csv", "table"],
      ["kept.model.csv", "model"],
    ] as const) {
      const content = kind === "table" ? Buffer.from(goodTable) : readFileSync(place.path("good.onnx"));
      const path = place.write(input, content);
      const output = way(path, `link ${Math.random()}.csv`);
      const model = kind === "model" ? path : place.path("good.onnx");
      const table = kind === "table" ? path : place.path("good.csv");
      const { code, out, err } = await command(["predict", model, table, "--output", output]);
      expect([code, out]).toEqual([2, ""]);
      expect(err).toMatch(/is read and would be replaced; name another place with --output\n$/);
      expect(readFileSync(path)).toEqual(content);
    }
  });

  it("by fit and compare", async () => {
    const table = place.write("own.csv", twoClasses(60, "own"));
    for (const name of ["own.onnx", "own.report.json", "own.journal.jsonl", "own.journal.bin"])
      linkSync(table, place.path(name));
    const flags = ["--model", "linear", "--output", folder];
    for (const argv of [
      ["fit", table, "answer"],
      ["compare", table, "answer", "--fast", "--losses", "ce"],
    ]) {
      const { code, out, err } = await command([...argv, ...flags]);
      expect([code, out]).toEqual([2, ""]);
      expect(err).toContain("is read and would be replaced");
    }
    expect(readFileSync(table, "utf8")).toBe(twoClasses(60, "own"));
    const other = place.write("other.csv", twoClasses(60, "own"));
    const folds = place.write(
      "other.report.json",
      JSON.stringify(Array.from({ length: 60 }, (_, row) => ({ r: row % 3 }))),
    );
    const { code, err } = await command([
      "compare",
      other,
      "answer",
      "--folds",
      folds,
      "--fast",
      "--losses",
      "ce",
      ...flags,
    ]);
    expect([code, err]).toEqual([
      2,
      expect.stringContaining("other.report.json: this file is read and would be replaced"),
    ]);
  });
});

describe("a class", () => {
  it("may hold a null character, a line end, quotes, or the name of a column", async () => {
    const classes = ["a\u0000b", 'x\n"y"', "z0"];
    const model = logitModel("multiclass", 3, trainings.crossEntropy);
    await writeModelFile(place.path("nul.onnx"), { ...model, target: { ...model.target, classes } });
    const table = place.write("nul.csv", "z0,z1,z2,probability_z0,Prediction\n9,0,0,1,2\n0,9,0,1,2\n0,0,9,1,2\n");
    const csv = await command(["predict", place.path("nul.onnx"), table, "--output", place.path("nul.out.csv")]);
    expect(csv.code).toBe(0);
    const records = readCsv(readFileSync(place.path("nul.out.csv"), "utf8")).map((record) =>
      record.map(({ text }) => text),
    );
    expect(records[0]!.slice(3)).toEqual([
      "probability_z0",
      "Prediction",
      "probability_a\u2400b",
      'probability_x\n"y"',
      "probability_z0_2",
      "prediction_2",
    ]);
    expect(records.slice(1).map((record) => record.at(-1))).toEqual(classes);
    expect(
      (await command(["predict", place.path("nul.onnx"), table, "--output", place.path("nul.parquet")])).code,
    ).toBe(0);
    const typed = await ask(`SELECT * FROM read_parquet('${place.path("nul.parquet")}')`);
    expect(typed.getColumns().at(-1)).toEqual(classes);
  });
});
