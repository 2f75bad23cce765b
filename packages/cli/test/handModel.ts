// A model of two columns that can be worked out by hand, and tables for it.
import type { SavedModel } from "../src/saved/savedModel.ts";
import type { Column, Table } from "../src/table/table.ts";
import { plainNames, plainNumbers } from "./columns.ts";
import { logitModel, trainings } from "./savedModels.ts";

export const numbers = (name: string, values: readonly number[]): Column => {
  return { kind: "number", name, from: "number", reading: plainNumbers, values: Float64Array.from(values) };
};

export const categories = (name: string, values: readonly (string | null)[]): Column => {
  const levels = [...new Set(values.filter((value) => value !== null))].sort();
  const codes = Int32Array.from(values, (value) => (value === null ? -1 : levels.indexOf(value)));
  return { kind: "category", reading: plainNames, name, levels, codes };
};

export const tableOf = (...columns: readonly Column[]): Table => {
  const [first] = columns;
  return { source: "new.csv", rows: (first.kind === "number" ? first.values : first.codes).length, columns, notes: [] };
};

/** logit = size (missing: 1) - 2 if colour is red, + 3 if rare, + 5 if missing */
export const simple: SavedModel = {
  ...logitModel("binary", 1, trainings.crossEntropy),
  encoder: {
    width: 5,
    names: ["size", "colour red", "colour blue", "colour rare", "colour missing"],
    columns: [
      { kind: "number", name: "size", at: 0, fill: 1, center: 0, scale: 1, missingAt: null },
      { kind: "category", name: "colour", at: 1, levels: ["red", "blue"], otherAt: 3, missingAt: 4 },
    ],
  },
  readings: [plainNumbers, plainNames],
  model: {
    kind: "layers",
    layers: [
      {
        inputs: 5,
        outputs: 1,
        weights: Float64Array.of(1, -2, 0, 3, 5),
        bias: Float64Array.of(0),
        activation: "identity",
      },
    ],
  },
};

export const logistic = (logits: readonly number[]) => logits.map((logit) => 1 / (1 + Math.exp(-logit)));
