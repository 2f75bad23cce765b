// What predict writes beside its prediction: the cells of the table as they were, in every format.
import { readFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCsv } from "./csvReader.ts";
import { fit, plain } from "./plainTable.ts";
import { readDelimited } from "./strictReaders.ts";
import { attack, command, scratch } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

describe("what predict writes", () => {
  beforeAll(async () => {
    const { code } = await fit(place, "model.csv", plain);
    expect(code).toBe(0);
  });
  const predict = (table: string, output: string, ...flags: readonly string[]) =>
    command(["predict", place.path("model.onnx"), table, "--output", place.path(output), ...flags]);
  const awkward = 'id,age,income,city,note\n1234567890123456789,0.50,1e-7,"  padded ",N/A\n01234,1.00,2,,""\n';

  it("are the cells as they were, blanks in quotes and empty texts among them", async () => {
    const path = place.write("awkward.csv", awkward);
    expect((await predict(path, "awkward.predicted.csv")).code).toBe(0);
    const [names, ...lines] = readFileSync(place.path("awkward.predicted.csv"), "utf8").trim().split("\n");
    expect(names).toBe("id,age,income,city,note,probability_yes,prediction");
    expect(lines[0]).toMatch(/^1234567890123456789,0\.50,1e-7," {2}padded ",N\/A,\d/);
    expect(lines[1]).toMatch(/^01234,1\.00,2,,"",/);
  });

  it("are the columns that --columns names, or none", async () => {
    const path = place.write("awkward.csv", awkward);
    const headerAfter = async (columns: string) => {
      expect((await predict(path, "kept.csv", "--columns", columns)).code).toBe(0);
      return readFileSync(place.path("kept.csv"), "utf8").split("\n")[0];
    };
    expect(await headerAfter("note, id")).toBe("id,note,probability_yes,prediction");
    expect(await headerAfter("i*")).toBe("id,income,probability_yes,prediction");
    expect(await headerAfter("")).toBe("probability_yes,prediction");
    expect(await headerAfter("none")).toBe("probability_yes,prediction");
    const { code, err } = await predict(path, "kept.csv", "--columns", "noet");
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('--columns: the table has no column "noet"; did you mean "note"?'),
    ]);
  });

  it("is JSON, with numbers as they were written", async () => {
    const lines =
      '{"id":1234567890123456789,"age":0.5,"income":1e-7,"city":"Bonn","tags":[1,{"a":null}]}\n{"id":2,"age":null,"income":12345678901234567890123,"city":"a\\"b\\n","tags":[]}\n';
    const path = place.write("typed.jsonl", lines);
    for (const output of ["typed.out.jsonl", "typed.out.json"]) {
      const { code, err } = await predict(path, output);
      expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
      const text = readFileSync(place.path(output), "utf8");
      expect(text).toMatch(
        /"id": 1234567890123456789, "age": 0\.5, "income": 1e-7, "city": "Bonn", "tags": \[1,\{"a":null\}\], "probability_yes": \d/,
      );
      expect(text).toContain('"income": 12345678901234567890123, "city": "a\\"b\\n"');
      const rows = output.endsWith("jsonl")
        ? text
            .trim()
            .split("\n")
            .map((each) => JSON.parse(each))
        : JSON.parse(text);
      expect(rows).toHaveLength(2);
      expect(["yes", "no"]).toContain(rows[1].prediction);
    }
  });

  it("is JSON of a Parquet file, with types as far as JSON has them", async () => {
    const path = place.path("typed.parquet");
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run(`COPY (SELECT 1.5 AS age, 2 AS income, 'Bonn' AS city, DATE '2020-12-25' AS day, 'nan'::DOUBLE AS x,
      1.50::DECIMAL(9, 2) AS price, 170141183460469231731687303715884105727::HUGEINT AS big, true AS ok, [1.5] AS list, '01234' AS zip)
      TO '${path}' (FORMAT parquet)`);
    instance.closeSync();
    expect((await predict(path, "parquet.json")).code).toBe(0);
    const text = readFileSync(place.path("parquet.json"), "utf8");
    expect(text).toContain('"day": "2020-12-25", "x": null, "price": 1.50,');
    expect(text).toContain('"ok": true, "list": [1.5], "zip": "01234"');
    expect(JSON.parse(text)).toHaveLength(1);
  });

  it("keeps every cell of random tables, however they are quoted", async () => {
    const letters = ["a", "é", "漢", ",", '"', " ", "\n", "\r\n", "0", "#", ";", "=", "\t"];
    const cell = fc.record({
      text: fc.string({ unit: fc.constantFrom(...letters), maxLength: 5 }),
      quoted: fc.boolean(),
    });
    const written = ({ text: inside, quoted }: { readonly text: string; readonly quoted: boolean }) =>
      quoted || /[",\r\n]|^ *"/.test(inside) ? `"${inside.replaceAll('"', '""')}"` : inside;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell, fc.nat(50)), { minLength: 1, maxLength: 6 }),
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        async (given, end, blanks) => {
          const records = given.map(([a, b, age]) => `${blanks ? " " : ""}${written(a)},${age},1,${written(b)}`);
          const csv = ["note,age,income,city", ...records, ""].join(end);
          const { rows: cells } = readDelimited(Buffer.from(csv), ",");
          const { code, err } = await predict(place.write("random.csv", csv), "random.predicted.csv");
          expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
          const [, ...out] = readCsv(readFileSync(place.path("random.predicted.csv"), "utf8"));
          expect(out.map((record) => record.slice(0, 4).map(({ text: found }) => found))).toEqual(cells);
          if (!blanks) {
            given.forEach(([a], n) => {
              if (a.text === "") expect(out[n]![0]!.quoted).toBe(a.quoted);
            });
          }
        },
      ),
      { numRuns: attack(60, 3000), seed: 3 },
    );
  }, 600_000);
});
