// Attack: what predict does with columns that are not its own. Every cell comes out as it went in, in its row.
import { readFileSync, rmSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { isLong, recordCounts } from "../../surprisal/test/attack/counts.ts";
import { Random } from "../src/random.ts";
import { writeModelFile } from "../src/saved/modelFile.ts";
import type { SavedModel } from "../src/saved/savedModel.ts";
import { sameDecimal } from "../src/table/decimal.ts";
import { plainNames, plainNumbers } from "./columns.ts";
import { type CsvCell, readCsv } from "./csvReader.ts";
import {
  ask,
  delimited,
  type HostileColumn,
  hostileColumns,
  hostileTexts,
  json,
  pick,
  typedValues,
  writeParquet,
} from "./hostileTables.ts";
import { logitModel, trainings } from "./savedModels.ts";
import { command, scratch } from "./world.ts";

const tables = isLong ? 800 : 8;
const place = scratch();
afterAll(() => place.dispose());

const levels = ["1.10", "1.1", "01", "1", "1234567890123456789", "=1+1", "two\nlines", "true", "N", " x"];
const classes = ["no", 'say "yes", 🦊\n', "=1+1", "1.10", "1.1", "", "a\u0000b"];

/** A model of a number "size" and a category "kind". */
function model(random: Random): SavedModel {
  const kind = pick(random, ["binary", "multiclass", "multilabel"] as const);
  const outputs = kind === "binary" ? 1 : 3;
  const base = logitModel(kind, outputs, trainings.focal);
  const known = levels.filter(() => random.next() < 0.7).map((level) => level.trim());
  const width = 3 + known.length;
  return {
    ...base,
    target: {
      ...base.target,
      classes: Array.from(
        random.shuffle(Int32Array.from(classes.keys())).subarray(0, kind === "binary" ? 2 : 3),
        (k) => classes[k]!,
      ),
    },
    encoder: {
      width,
      names: Array.from({ length: width }, (_, k) => `f${k}`),
      columns: [
        { kind: "number", name: "size", at: 0, fill: 0.5, center: 1, scale: 2, missingAt: 1 },
        { kind: "category", name: "kind", at: 2, levels: known, otherAt: width - 1, missingAt: null },
      ],
    },
    readings: [plainNumbers, plainNames],
    model: {
      kind: "layers",
      layers: [
        {
          inputs: width,
          outputs,
          weights: Float64Array.from({ length: width * outputs }, () => random.normal() / 3),
          bias: Float64Array.from({ length: outputs }, () => random.normal()),
          activation: "identity",
        },
      ],
    },
  };
}

const sizes = [..."1 1.5 -2 00012 +4 1e2 9007199254740993 NA ? many".split(" "), "", " 3 "];
let predicted = 0;
let cellsSeen = 0;

/** Predicts; gives the records of a CSV file. */
async function predict(table: string, output: string, ...more: readonly string[]) {
  rmSync(output, { force: true });
  const { code, err } = await command(["predict", place.path("m.onnx"), table, "--output", output, ...more]);
  expect(code, err).toBe(0);
  predicted++;
}

const all = (rows: number) => Array.from({ length: rows }, (_, row) => row);
const missing = (random: Random, cell: () => string) => () => (random.next() < 0.1 ? null : cell());

/** The last columns of each record: what was predicted. */
const added = (records: readonly CsvCell[][], own: number) =>
  records.slice(1).map((record) => record.slice(own).map(({ text }) => text));

/** Each row alone gets what it gets among the others. */
async function checkAlone(
  random: Random,
  write: (rows: readonly number[]) => Promise<string> | string,
  rows: number,
  together: readonly (readonly string[])[],
  among = all(rows),
) {
  for (let k = 0; k < 2; k++) {
    const row = among[random.integer(rows)]!;
    await predict(await write([row]), place.path("alone.csv"), "--allow-missing-columns");
    const [alone] = added(readCsv(readFileSync(place.path("alone.csv"), "utf8")), -together[row]!.length);
    expect(alone).toEqual(together[row]);
  }
}

/** One after the other; then what was done is counted. */
function* seeds(kind: string) {
  const before = { cells: cellsSeen, predictions: predicted };
  for (let seed = 1; seed <= tables; seed++) yield seed;
  const done = { cells: cellsSeen - before.cells, predictions: predicted - before.predictions };
  recordCounts(`columns that predict hands through: ${kind}`, { tables, ...done });
}

describe("predict gives every own cell back", () => {
  it("of delimited texts: the text, and whether an empty one stood in quotes", async () => {
    for (const seed of seeds("delimited")) {
      const random = new Random(`handed through, delimited, ${seed}`);
      await writeModelFile(place.path("m.onnx"), model(random));
      const rows = 1 + random.integer(12);
      const own: HostileColumn[] = [
        { name: "size", cells: all(rows).map(missing(random, () => pick(random, sizes))) },
        { name: "kind", cells: all(rows).map(missing(random, () => pick(random, [...levels, ...hostileTexts]))) },
      ];
      const columns = hostileColumns(
        random,
        rows,
        own,
        missing(random, () => pick(random, hostileTexts)),
        true,
      );
      const tsv = random.next() < 0.3;
      const delimiter = tsv ? "\t" : ",";
      const end = random.next() < 0.3 ? "\r\n" : "\n";
      const write = (name: string) => (chosen: readonly number[]) =>
        place.write(`${name}.${tsv ? "tsv" : "csv"}`, delimited(random, columns, chosen, delimiter, end));
      const table = write("in")(all(rows));
      await predict(table, place.path("out.csv"));
      const records = readCsv(readFileSync(place.path("out.csv"), "utf8"));
      expect(records.length).toBe(rows + 1);
      columns.forEach(({ name, cells }, k) => {
        expect(records[0]![k]!.text).toBe(name);
        cells.forEach((cell, row) => {
          const { text, quoted } = records[row + 1]![k]!;
          expect([text, quoted || text !== ""]).toEqual(cell === null ? ["", false] : [cell, true]);
        });
      });
      cellsSeen += rows * columns.length;
      await checkAlone(random, write("one"), rows, added(records, columns.length));
      await predict(table, place.path("out.parquet"));
      const typed = (await ask(`SELECT * FROM read_parquet('${place.path("out.parquet")}')`)).getColumns();
      columns.forEach(({ cells }, k) => {
        expect(typed[k]).toEqual(cells);
      });
      expect(typed[columns.length]).toEqual(added(records, columns.length).map(([first]) => Number(first)));
    }
  }, 3_600_000);

  it("of JSON: texts as they are, numbers to their last digit, lists and objects as JSON", async () => {
    const cell = (random: Random) => {
      const value = random.integer(6);
      if (value < 2) return JSON.stringify(pick(random, [...hostileTexts, "a\u0000b"]));
      if (value === 2)
        return pick(random, [
          "1",
          "-7",
          "9007199254740993",
          "1234567890123456789",
          "98765432109876543210987654321",
          "0",
        ]);
      if (value === 3) return pick(random, ["1.5", "0.1", "-0.25", "1e5", "123.456", "3"]);
      if (value === 4) return pick(random, ["true", "false"]);
      return pick(random, ['[1,2,{"a":"x,\\"y"}]', '{"k":[9007199254740993],"d":"2020-01-01"}', "[]", '{"n":1.5}']);
    };
    for (const seed of seeds("json")) {
      const random = new Random(`handed through, json, ${seed}`);
      await writeModelFile(place.path("m.onnx"), model(random));
      const rows = 1 + random.integer(12);
      // A key that no row has is no column.
      const numbers = ["1", "2.5", "-3", "9007199254740993"];
      const text = (from: readonly string[]) => () => JSON.stringify(pick(random, from));
      const own: HostileColumn[] = [
        {
          name: "size",
          cells: all(rows).map((row) => (row === 0 ? "1" : missing(random, () => pick(random, numbers))())),
        },
        {
          name: "kind",
          cells: all(rows).map((row) => (row === 0 ? '"a"' : missing(random, text([...levels, ...hostileTexts]))())),
        },
      ];
      const plain = random.next() < 0.5;
      const kindOf = random.integer(6);
      const same = () => {
        let found = cell(random);
        for (let tries = 0; tries < 50 && plain && kindOfCell(found) !== kindOf; tries++) found = cell(random);
        return found;
      };
      const columns = hostileColumns(random, rows, own, missing(random, same), false).filter(
        // DuckDB calls the key "" by C and its place, and refuses a table that has that name, too.
        ({ name }) => name !== "c1",
      );
      const lines = random.next() < 0.5;
      const write = (name: string) => (chosen: readonly number[]) =>
        place.write(`${name}.${lines ? "jsonl" : "json"}`, json(columns, chosen, lines));
      const table = write("in")(all(rows));
      await predict(table, place.path("out.csv"));
      const records = readCsv(readFileSync(place.path("out.csv"), "utf8"));
      expect(records.length).toBe(rows + 1);
      const at = columns.map(({ name }) => records[0]!.findIndex((each) => each.text === name));
      columns.forEach(({ cells }, k) => {
        if (cells.every((each) => each === null)) return;
        expect(at[k]).not.toBe(-1);
        cells.forEach((each, row) => {
          const found = records[row + 1]![at[k]!]!;
          if (each === null) expect([found.text, found.quoted]).toEqual(["", false]);
          else if (each.startsWith('"')) expect(found.text).toBe(JSON.parse(each));
          else if (/^[[{]/.test(each)) expect(found.text.replaceAll(/\s/g, "")).toBe(each.replaceAll(/\s/g, ""));
          else if (/^[tf]/.test(each)) expect(found.text).toBe(each);
          else expect(sameDecimal(found.text)).toBe(sameDecimal(each));
        });
      });
      cellsSeen += rows * columns.length;
      const ownCount = new Set(columns.filter(({ cells }) => cells.some((each) => each !== null))).size;
      const together = added(records, ownCount);
      const full = all(rows).filter((row) => columns.some(({ cells }) => cells[row] !== null));
      await checkAlone(random, write("one"), full.length, together, full);
      await predict(table, place.path("out.parquet"));
      const typed = await ask(`SELECT * FROM read_parquet('${place.path("out.parquet")}')`);
      const shown = await ask(`SELECT COLUMNS(*)::VARCHAR FROM read_parquet('${place.path("out.parquet")}')`);
      columns.forEach(({ cells }, column) => {
        const k = at[column]!;
        if (cells.every((each) => each === null)) return;
        const texts = shown.getColumns()[k]!;
        cells.forEach((each, row) => {
          if (each === null) expect(texts[row]).toBe(null);
          else if (/^-?\d/.test(each)) expect(sameDecimal(String(texts[row]))).toBe(sameDecimal(each));
          else if (each.startsWith('"')) expect([JSON.parse(each), each]).toContain(texts[row]);
        });
      });
      expect(together.map(([first]) => Number(first))).toEqual(typed.getColumns()[ownCount]);
    }
  }, 3_600_000);

  it("of Parquet: types and values into Parquet, their text into CSV", async () => {
    for (const seed of seeds("parquet")) {
      const random = new Random(`handed through, parquet, ${seed}`);
      await writeModelFile(place.path("m.onnx"), model(random));
      const rows = 1 + random.integer(12);
      const sql = (from: readonly string[]) => missing(random, () => `'${pick(random, from).replaceAll("'", "''")}'`);
      const own = [
        {
          name: "size",
          type: pick(random, ["DOUBLE", "BIGINT", "DECIMAL(18,2)"]),
          cells: all(rows).map(missing(random, () => pick(random, ["1", "-3", "12"]))),
        },
        { name: "kind", type: "VARCHAR", cells: all(rows).map(sql([...levels, ...hostileTexts])) },
      ];
      const typed = Object.keys(typedValues).filter(() => random.next() < 0.4);
      const others = typed.map((type, k) => ({
        name: `${type} ${k}${random.next() < 0.2 ? ' "q"\n' : ""}`,
        type,
        cells: all(rows).map(missing(random, () => pick(random, typedValues[type]!))),
      }));
      const columns = [...others, ...own];
      const write = (name: string) => async (chosen: readonly number[]) => {
        await writeParquet(place.path(`${name}.parquet`), columns, chosen);
        return place.path(`${name}.parquet`);
      };
      const table = await write("in")(all(rows));
      const before = await ask(`SELECT * FROM read_parquet('${table}')`);
      const texts = (await ask(`SELECT COLUMNS(*)::VARCHAR FROM read_parquet('${table}')`)).getColumns();
      await predict(table, place.path("out.parquet"));
      const after = await ask(`SELECT * FROM read_parquet('${place.path("out.parquet")}')`);
      expect(after.columnNames().slice(0, columns.length)).toEqual(before.columnNames());
      expect(after.columnTypes().slice(0, columns.length).map(String)).toEqual(before.columnTypes().map(String));
      expect(after.getRowsJson().map((row) => row.slice(0, columns.length))).toEqual(before.getRowsJson());
      await predict(table, place.path("out.csv"));
      const records = readCsv(readFileSync(place.path("out.csv"), "utf8"));
      columns.forEach(({ name }, k) => {
        expect(records[0]![k]!.text).toBe(name);
        expect(
          records.slice(1).map((record) => (record[k]!.text === "" && !record[k]!.quoted ? null : record[k]!.text)),
        ).toEqual(texts[k]);
      });
      cellsSeen += rows * columns.length;
      await checkAlone(random, write("one"), rows, added(records, columns.length));
    }
  }, 3_600_000);
});

function kindOfCell(cell: string): number {
  if (cell.startsWith('"')) return 0;
  if (/^[[{]/.test(cell)) return 5;
  if (/^[tf]/.test(cell)) return 4;
  return /^-?\d+$/.test(cell) ? 2 : 3;
}
