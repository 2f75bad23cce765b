// Dates and moments that were learnt as categories are known again, whatever kind of file they come from.
import { readFileSync, writeFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, expect, it } from "vitest";
import { command, scratch } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

it.each([
  ["TIMESTAMP", ["2021-03-04 13:30:00", "2021-03-04 00:00:00", "2021-03-05 06:00:00.25"]],
  ["DATE", ["2021-03-04", "2021-03-05", "2021-03-06"]],
])("knows a %s that was learnt as a category from a text, with its time of day", async (type, moments) => {
  const at = (row: number) => moments[row % 3];
  const learnt = Array.from({ length: 90 }, (_, row) => `${row},${row < 3 ? "soon" : at(row)},${row % 3 ? "b" : "a"}`);
  writeFileSync(place.path("learnt.csv"), `n,when,answer\n${learnt.join("\n")}\n`);
  const fit = ["fit", place.path("learnt.csv"), "answer", "--model", "linear", "--keep", "n", "--output", place.folder];
  expect((await command(fit)).code).toBe(0);
  const rows = [0, 1, 2].map((row) => `SELECT ${40 + row} AS n, ${type} '${at(row)}' AS when`);
  await (await (await DuckDBInstance.create()).connect()).run(
    `COPY (${rows.join(" UNION ALL ")}) TO '${place.path("moments.parquet")}'`,
  );
  writeFileSync(place.path("moments.csv"), `n,when\n${[0, 1, 2].map((row) => `${40 + row},${at(row)}`).join("\n")}\n`);
  const outputs = ["moments.csv", "moments.parquet"].map(async (table) => {
    const path = place.path(`${table}.out.csv`);
    const { err } = await command(["predict", place.path("learnt.onnx"), place.path(table), "--output", path]);
    expect(err).not.toContain("does not know");
    return readFileSync(path, "utf8").replace(/^.*?,.*?,/gm, "");
  });
  const [text, typed] = await Promise.all(outputs);
  expect(typed).toBe(text);
});
