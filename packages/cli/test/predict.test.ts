// Prediction: what comes out per row, what is said about columns that differ, and how it is written.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { trueProbabilities } from "surprisal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { predict } from "../src/saved/predict.ts";
import type { Column } from "../src/table/table.ts";
import { categories, logistic, numbers, simple, tableOf } from "./handModel.ts";
import { kinds, logitModel, randomModel, randomTable, trainings } from "./savedModels.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "surprisal-predict-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("what predict says about rows", () => {
  it("missing and unseen values are treated as in training", () => {
    const table = tableOf(
      numbers("size", [0, Number.NaN, 2, 2, 2]),
      categories("colour", ["red", "blue", "green", null, "red"]),
    );
    const { probabilities, decisions, warnings } = predict(simple, table);
    logistic([-2, 1, 5, 7, 0]).forEach((p, row) => {
      expect(probabilities[row]).toBeCloseTo(p, 12);
    });
    expect(Array.from(decisions)).toEqual([0, 1, 1, 1, 1]);
    expect(warnings).toMatchObject([{ code: "columnUnseen", columns: ["colour"], rows: 1, examples: ["green"] }]);
  });

  it("undoes the loss it was trained with", () => {
    const saved = logitModel("multiclass", 3, trainings["balanced focal"]);
    const table = tableOf(numbers("z0", [1, 0]), numbers("z1", [0, 0]), numbers("z2", [-1, 4]));
    const logits = Float64Array.of(1, 0, -1, 0, 0, 4);
    const expected = trueProbabilities(saved.loss, logits, {
      activation: "softmax",
      classes: 3,
      alpha: saved.alpha ?? [],
    });
    expect(predict(saved, table).probabilities).toEqual(expected);
  });

  it("a row's prediction does not depend on its neighbours", () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.integer({ min: 1, max: 1000 }), (kind, seed) => {
        const saved = randomModel(kind, trainings.focal, seed);
        const table = randomTable(saved, 6, seed);
        const last = table.columns.map(
          (column): Column =>
            column.kind === "number"
              ? { ...column, values: column.values.slice(5) }
              : { ...column, codes: column.codes.slice(5) },
        );
        const alone = predict(saved, { ...table, rows: 1, columns: last.reverse() }).probabilities;
        expect(alone).toEqual(predict(saved, table).probabilities.slice(-saved.target.outputs));
      }),
      { numRuns: 30 },
    );
  });

  it("40,000 rows are predicted as each one alone", () => {
    const rows = 40_000;
    const size = Float64Array.from({ length: rows }, (_, row) => (row % 100) / 10 - 5);
    const table = tableOf(
      numbers("size", Array.from(size)),
      categories("colour", new Array<string>(rows).fill("blue")),
    );
    const { probabilities } = predict(simple, table);
    for (const row of [0, 16_383, 16_384, 39_999]) expect(probabilities[row]).toBeCloseTo(logistic([size[row]])[0], 6);
  });

  it("a table without rows gives none", () => {
    expect(predict(simple, tableOf(numbers("size", []), categories("colour", []))).probabilities.length).toBe(0);
  });
});
