// A prediction stands in its own row, in tables so long that DuckDB reads them in pieces; else nothing is written.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeModelFile } from "../src/saved/modelFile.ts";
import { readModelTable } from "../src/saved/modelTable.ts";
import { addedColumns, predict } from "../src/saved/predict.ts";
import { withSource } from "../src/table/read.ts";
import { writePrediction } from "../src/table/write.ts";
import { ask } from "./hostileTables.ts";
import { logitModel, trainings } from "./savedModels.ts";
import { command, scratch } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

const rows = 200_000;
const model = logitModel("binary", 1, trainings.crossEntropy);
const idOf = (row: number) => `00${BigInt(row) * 9_007_199_254_741n + 9_007_199_254_740_993n}`;
const sizeOf = (row: number) => ((row * 7919) % 20_011) / 1000 - 10;
beforeAll(() => writeModelFile(place.path("m.onnx"), model));

describe("200,000 rows", () => {
  const text = () => {
    const lines = Array.from(
      { length: rows },
      (_, row) => `${idOf(row)},${sizeOf(row)},=${row},"a${"x".repeat(row % 80)}\n"`,
    );
    return `id,z0,note,filler\n${lines.join("\n")}\n`;
  };
  const files: readonly (readonly [string, (name: string) => Promise<unknown> | unknown])[] = [
    ["long.csv", (name) => place.write(name, text())],
    ["long.csv.gz", (name) => place.write(name, gzipSync(text(), { level: 1 }))],
    [
      "long.parquet",
      (name) =>
        ask(`COPY (SELECT '00' || (i * 9007199254741::HUGEINT + 9007199254740993)::VARCHAR AS id,
          ((i * 7919) % 20011)::DOUBLE / 1000 - 10 AS z0, '=' || i AS note, repeat('x', (i % 60)::INT) AS filler
          FROM range(${rows}) t(i)) TO '${place.path(name)}' (FORMAT parquet, ROW_GROUP_SIZE 5000)`),
    ],
    [
      "long.jsonl",
      (name) =>
        place.write(
          name,
          Array.from(
            { length: rows },
            (_, row) => `{"id":"${idOf(row)}","z0":${sizeOf(row)},"note":"=${row}","filler":"x"}`,
          ).join("\n"),
        ),
    ],
  ];

  it.each(files)(
    "of %s keep their order and their predictions",
    async (name, write) => {
      await write(name);
      const output = place.path(`${name}.out.csv`);
      const { code, err } = await command(["predict", place.path("m.onnx"), place.path(name), "--output", output]);
      expect(code, err).toBe(0);
      expect(err).toContain("200,000 cells begin as a formula does");
      const found = await ask(
        `SELECT id, probability_yes FROM read_csv('${output}', all_varchar = true, header = true, quote = '"')`,
      );
      const [ids, probabilities] = found.getColumns() as string[][];
      expect(ids!.length).toBe(rows);
      const wrong = ids!.findIndex(
        (id, row) =>
          id !== idOf(row) || Math.abs(Number(probabilities![row]) - 1 / (1 + Math.exp(-sizeOf(row)))) > 1e-6,
      );
      expect(wrong).toBe(-1);
    },
    120_000,
  );
});

describe("a row that is not the one that was read", () => {
  it("is an error, and nothing is written", async () => {
    const table = place.write(
      "short.csv",
      `id,z0\n${Array.from({ length: 5000 }, (_, row) => `${row},${row % 9}`).join("\n")}\n`,
    );
    const whole = readFileSync(table, "utf8");
    const changes: readonly ((keys: Float64Array) => Float64Array)[] = [
      (keys) => keys.map((key, row) => (row === 4321 ? keys[0]! : key)),
      (keys) => keys.slice(1),
      (keys) => Float64Array.of(...keys, 1),
      (keys) => keys.slice().reverse(),
    ];
    for (const change of changes) {
      for (const name of ["moved.csv", "moved.parquet"]) {
        const before = readdirSync(place.folder).sort();
        const writing = withSource(table, { memory: undefined, only: ["z0"] }, async (connection, source) => {
          const { table: read, keys } = await readModelTable(connection, source, model);
          const added = addedColumns(model, predict(model, read));
          const texts = model.target.classes;
          await writePrediction(connection, place.path(name), {
            source,
            keys: change(keys),
            added,
            texts,
            neutralise: false,
          });
        });
        await expect(writing).rejects.toThrow(/did not come in the same order twice.*nothing was written/);
        expect(readdirSync(place.folder).sort()).toEqual(before);
      }
    }
    expect(existsSync(place.path("moved.csv"))).toBe(false);
    expect(readFileSync(table, "utf8")).toBe(whole);
  });
});
