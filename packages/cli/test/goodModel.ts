// A model of the good table, and what predict writes with it beside the columns of other tables.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect } from "vitest";
import { goodTable } from "./badTables.ts";
import { readCsv } from "./csvReader.ts";
import { command, scratch } from "./world.ts";

const lines = goodTable.trim().split("\n");

/** The good table with more columns. */
export function wider(header: string, cell: (row: number) => string): string {
  return `${[`${lines[0]},${header}`, ...lines.slice(1).map((line, row) => `${line},${cell(row)}`)].join("\n")}\n`;
}

/** A folder with good.csv and good.onnx, made before the tests of a file and removed behind them. */
export function goodModel() {
  const place = scratch();
  afterAll(() => place.dispose());
  beforeAll(async () => {
    const table = place.write("good.csv", goodTable);
    const { err } = await command(["fit", table, "answer", "--model", "linear", "--output", place.folder]);
    expect(err).toBe("");
  });
  return {
    place,
    /** Predicts a table into out.csv. */
    predict: (table: string, ...more: readonly string[]) =>
      command(["predict", place.path("good.onnx"), table, "--output", place.path("out.csv"), ...more]),
    /** The columns that the last prediction has added. */
    added: () =>
      readCsv(readFileSync(place.path("out.csv"), "utf8")).map((record) => record.slice(-2).map(({ text }) => text)),
  };
}
