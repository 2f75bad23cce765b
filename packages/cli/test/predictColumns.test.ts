// What predict says about the columns of a table, and what it writes beside them.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeModelFile } from "../src/saved/modelFile.ts";
import { predict } from "../src/saved/predict.ts";
import type { SavedModel } from "../src/saved/savedModel.ts";
import { readTable } from "../src/table/read.ts";
import type { Table } from "../src/table/table.ts";
import { plainDates, plainNames, plainNumbers } from "./columns.ts";
import { categories, logistic, numbers, simple, tableOf } from "./handModel.ts";
import { logitModel, makeTarget, trainings } from "./savedModels.ts";
import { command } from "./world.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "surprisal-predict-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const textsOf = (saved: SavedModel, table: Table, allowMissingColumns = false) =>
  predict(saved, table, { allowMissingColumns }).warnings.map(({ text }) => text);

describe("what predict says about columns", () => {
  const size = numbers("size", [1, 2]);
  const colour = categories("colour", ["red", "blue"]);

  it("nothing, where all is as in training", () => {
    expect(textsOf(simple, tableOf(size, colour))).toEqual([]);
  });

  it("a missing column is an error, which names the flag", () => {
    expect(() => predict(simple, tableOf(size))).toThrow(
      'new.csv: the column "colour" of the model is not in this table',
    );
    expect(() => predict(simple, tableOf(size))).toThrow("--allow-missing-columns");
    expect(() => predict(simple, tableOf(numbers("x", [1])))).toThrow('2 columns "size", "colour"');
  });

  it("with the flag it counts as missing", () => {
    const { probabilities, warnings } = predict(simple, tableOf(size), { allowMissingColumns: true });
    expect(probabilities[0]).toBeCloseTo(logistic([1 + 5])[0], 12);
    expect(warnings).toMatchObject([{ code: "columnMissing", columns: ["colour"], rows: 2 }]);
  });

  /** A table of a file, read as the model reads. */
  const tableFrom = async (saved: SavedModel, text: string) => {
    const path = join(folder, "new.csv");
    writeFileSync(path, text);
    const readings = new Map(saved.encoder.columns.map(({ name }, k) => [name, saved.readings[k]]));
    return readTable(path, { readings });
  };

  it("text where a number was expected is a gap that is told", async () => {
    const table = await tableFrom(simple, 'size,colour\n1.5,red\nmany,red\n,red\n" 2 ",red\n');
    const { probabilities } = predict(simple, table);
    logistic([-0.5, -1, -1, 0]).forEach((p, row) => {
      expect(probabilities[row]).toBeCloseTo(p, 12);
    });
    expect(table.notes).toMatchObject([
      { code: "cellsUnread", text: 'size: row 2 holds "many", which is no number, and counts as missing there' },
    ]);
  });

  it("numbers where a category was expected are the texts that they are", async () => {
    const [, category] = simple.encoder.columns;
    const columns = [simple.encoder.columns[0], { ...category, levels: ["1.0", "2"] }];
    const saved = { ...simple, encoder: { ...simple.encoder, columns } } as SavedModel;
    const { probabilities, warnings } = predict(saved, await tableFrom(saved, "size,colour\n1,1.0\n2,\n3,1\n"));
    logistic([-1, 7, 6]).forEach((p, row) => {
      expect(probabilities[row]).toBeCloseTo(p, 12);
    });
    expect(warnings).toMatchObject([{ code: "columnUnseen", columns: ["colour"], examples: ["1"] }]);
  });

  it("a number of JSON is the same whether or not texts stand in its column", async () => {
    const dollars = { ...plainNumbers, prefix: "$" };
    for (const reading of [dollars, { ...plainNumbers, decimal: "," as const }]) {
      const readings = new Map([["size", reading]]);
      const valuesIn = async (...sizes: readonly unknown[]) => {
        const path = join(folder, "sizes.jsonl");
        writeFileSync(path, sizes.map((size) => `${JSON.stringify({ size })}\n`).join(""));
        const [column] = (await readTable(path, { readings })).columns;
        return column.kind === "number" ? [...column.values] : [];
      };
      expect(await valuesIn(1.234, 5)).toEqual([1.234, 5]);
      expect((await valuesIn(1.234, "many", 5)).slice(0, 1)).toEqual([1.234]);
    }
  });

  it("dates where numbers were expected, and the reverse, are gaps that are told", async () => {
    const text = "size,colour\n2020-01-01,red\n2,red\n";
    expect((await tableFrom(simple, text)).notes).toMatchObject([{ code: "cellsUnread" }]);
    const dated = { ...simple, readings: [plainDates, plainNames] };
    const { columns, notes } = await tableFrom(dated, text);
    expect(columns[0]).toMatchObject({ from: "date", values: Float64Array.of(18262, Number.NaN) });
    expect(notes).toMatchObject([{ text: 'size: row 2 holds "2", which is no date, and counts as missing there' }]);
  });

  it("a column that is empty is missing, whatever its type", async () => {
    const table = await tableFrom(simple, "size,colour\n,\n,\n");
    expect(textsOf(simple, table)).toEqual([]);
    expect(predict(simple, table).probabilities[0]).toBeCloseTo(logistic([6])[0], 12);
  });

  it("other columns are noted, the target apart", () => {
    const table = tableOf(size, colour, numbers("id", [1, 2]), categories("target", ["a", "b"]));
    expect(predict(simple, table).warnings).toMatchObject([
      { code: "columnsExtra", columns: ["id"] },
      { code: "columnsTarget", columns: ["target"] },
    ]);
  });
});

describe("the output", () => {
  const query = async (sql: string) => {
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    return connection.runAndReadAll(sql);
  };
  /** Predicts a file as the command does; gives what it said and where the output is. */
  const predicted = async (saved: SavedModel, table: string, output: string) => {
    const model = join(folder, "model.onnx");
    await writeModelFile(model, saved);
    const said = await command(["predict", model, join(folder, table), "--output", join(folder, output)]);
    return { ...said, path: join(folder, output) };
  };
  const hostile = {
    ...logitModel("multiclass", 5, trainings.crossEntropy),
    target: makeTarget("multiclass", 5),
  };
  const names = [
    '"; DROP TABLE t; --',
    "NAME",
    "name",
    "half",
    "day",
    "moment",
    "z0",
    "z1",
    "z2",
    "z3",
    "z4",
    "prediction",
  ];
  const classes = ["no", "yes", "<script>alert(1)</script>", 'say "hi"\n', "🦊 fox"];
  const cell = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const rows = [
    ["001", 'say "hi", 🦊\nbye', "a", "0.50", "1970-01-01", "01.01.1970 12:00", "0", "1", "2", "3", "4", "old"],
    ["2", "N/A", " b ", "", "2024-10-04", "04.10.2024 06:00", "0", "-1", "-2", "-3", "-4", "old"],
  ];
  const text = [names, ...rows].map((row) => row.map(cell).join(",")).join("\n");

  it("has the input's columns as they are, then the probabilities and the prediction", async () => {
    writeFileSync(join(folder, "in.csv"), `${text}\n`);
    const { code, path } = await predicted(hostile, "in.csv", "it's.csv");
    expect(code).toBe(0);
    const added = [...classes.map((each) => `probability_${each}`), "prediction_2"];
    const found = readFileSync(path, "utf8");
    expect(found.startsWith(`${[...names, ...added].map(cell).join(",")}\n${rows[0].map(cell).join(",")},`)).toBe(true);
    expect(found).toContain(`,🦊 fox\n${rows[1].map(cell).join(",")},`);
    expect(found.endsWith(",no\n")).toBe(true);
  });

  it("is the same as Parquet, with the types of the input", async () => {
    const types = `SELECT 1::BIGINT AS "${names[0].replaceAll('"', '""')}", 'x' AS other, 'a' AS name, 0.5::DOUBLE AS half,
      DATE '1970-01-01' AS day, TIMESTAMP '1970-01-01 12:00:00' AS moment, 0 AS z0, 1 AS z1, 2 AS z2, 3 AS z3, 4 AS z4
      UNION ALL SELECT 2, NULL, 'b', NULL, DATE '2024-10-04', TIMESTAMP '2024-10-04 06:00:00', 0, -1, -2, -3, -4`;
    await query(`COPY (${types}) TO '${join(folder, "in.parquet")}'`);
    const { code, path } = await predicted(hostile, "in.parquet", "out.PARQUET");
    expect(code).toBe(0);
    const table = tableOf(...[0, 1, 2, 3, 4].map((k) => numbers(`z${k}`, [k, -k])));
    const prediction = predict(hostile, table);
    const reader = await query(`SELECT * FROM read_parquet('${path}')`);
    const values = reader.getColumns();
    expect(reader.columnTypes().slice(0, 6).map(String)).toEqual([
      "BIGINT",
      "VARCHAR",
      "VARCHAR",
      "DOUBLE",
      "DATE",
      "TIMESTAMP",
    ]);
    expect(values[3]).toEqual([0.5, null]);
    for (let k = 0; k < 5; k++)
      expect(values[11 + k]).toEqual([prediction.probabilities[k], prediction.probabilities[5 + k]]);
    expect(values[16]).toEqual(["🦊 fox", "no"]);
    expect(reader.columnTypes().slice(11).map(String)).toEqual([...new Array(5).fill("DOUBLE"), "VARCHAR"]);
  });

  it("binary: the probability of the positive class; multi-label: one of each per label", async () => {
    writeFileSync(join(folder, "binary.csv"), "size,colour\n0,red\n4,blue\n");
    const binary = await predicted(simple, "binary.csv", "binary.out.csv");
    const [first] = (await query(`SELECT * FROM '${binary.path}'`)).getRowObjectsJson();
    expect(Object.keys(first)).toEqual(["size", "colour", "probability_yes", "prediction"]);
    writeFileSync(join(folder, "many.csv"), "z0,z1\n-9,9\n");
    const many = await predicted(logitModel("multilabel", 2, trainings.crossEntropy), "many.csv", "many.parquet");
    const labels = await query(`SELECT * FROM '${many.path}'`);
    expect(labels.columnNames().slice(2)).toEqual([
      "probability_no",
      "probability_yes",
      "prediction_no",
      "prediction_yes",
    ]);
    expect(labels.getRowsJson()[0].slice(4)).toEqual(["0", "1"]);
    expect(labels.columnTypes().slice(2).map(String)).toEqual(["DOUBLE", "DOUBLE", "BIGINT", "BIGINT"]);
  });

  it("in another format, or where it cannot be written: a clear error, and nothing left behind", async () => {
    writeFileSync(join(folder, "size.csv"), "size,colour\n0,red\n4,blue\n");
    expect((await predicted(simple, "size.csv", "x.xlsx")).err).toContain(
      "end the name in .csv, .parquet, .json or .jsonl",
    );
    const before = readdirSync(folder).sort();
    expect((await predicted(simple, "size.csv", "none/x.csv")).err).toMatch(/none.x\.csv: cannot be written/);
    expect(readdirSync(folder).sort()).toEqual(before);
    expect(existsSync(join(folder, "none"))).toBe(false);
  });
});
