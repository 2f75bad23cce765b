// Random models of trees, and tables whose values lie on their thresholds, are missing, or levels that they do not
// know.
import type { EncodedColumn } from "../src/learning/encode.ts";
import { joinTrees, type Question, type Tree, TreeDraft } from "../src/learning/trees/trees.ts";
import { Random } from "../src/random.ts";
import type { SavedModel } from "../src/saved/savedModel.ts";
import type { Column, Table } from "../src/table/table.ts";
import { plainNames, plainNumbers } from "./columns.ts";
import { type Kind, logitModel, outputsOf, type trainings } from "./savedModels.ts";

export interface Wanted {
  readonly trees: number;
  readonly leaves: number;
  readonly levels?: number;
  readonly columns?: number;
}

/** The numbers that tables have and thresholds are made of. */
const numbers = [-1e300, -1e30, -7.5, -1, -0.1, 0, 1e-300, 0.1, 0.3, 1 / 3, 1, 2.5, 1e9, 1e30, 1e300, 20_000.125];

const levelName = (level: number) => `level ${level} ${level % 7 === 0 ? "é\n🦊" : '"'}`;

/** A model of random trees over numbers and categories. */
export function randomTrees(
  kind: Kind,
  training: (typeof trainings)[string],
  { trees, leaves, levels = 9, columns: count = 5, seed }: Wanted & { readonly seed: number | string },
): SavedModel {
  const random = new Random(`trees ${seed}`);
  const outputs = outputsOf(kind, random);
  const base = logitModel(kind, outputs, training);
  const columns = Array.from({ length: count }, (_, at): EncodedColumn => {
    if (at % 2 === 1)
      return {
        kind: "level",
        name: `category ${at}`,
        at,
        levels: Array.from({ length: levels }, (_, k) => levelName(k)),
      };
    const [center, scale] = [random.normal(), 0.1 + random.next()];
    return { kind: "number", name: `number ${at}`, at, fill: null, center, scale, missingAt: null };
  });
  const made = Array.from({ length: trees }, () => randomTree(columns, random.integer(outputs), leaves, random));
  const constant = Float64Array.from({ length: outputs }, () => random.normal());
  return {
    ...base,
    encoder: { width: count, names: columns.map(({ name }) => name), columns },
    readings: columns.map((column) => (column.kind === "number" ? plainNumbers : plainNames)),
    model: joinTrees(made, count, constant),
  };
}

function randomTree(columns: readonly EncodedColumn[], output: number, leaves: number, random: Random): Tree {
  const draft = new TreeDraft();
  const open = [draft.addLeaf()];
  const wanted = 1 + random.integer(leaves);
  while (open.length < wanted) {
    const [leaf] = open.splice(random.integer(open.length), 1);
    open.push(...draft.split(leaf, randomQuestion(columns[random.integer(columns.length)], random)));
  }
  for (const leaf of open) draft.setValue(leaf, random.normal() * 0.1);
  return draft.finish(output);
}

function randomQuestion(column: EncodedColumn, random: Random): Question {
  const missingLeft = random.next() < 0.5;
  const { at: feature } = column;
  if (column.kind === "number") {
    const raw = numbers[random.integer(numbers.length)];
    const scaled = Math.fround((raw - column.center) / column.scale);
    const all = random.next() < 0.1;
    return { feature, threshold: all ? Number.POSITIVE_INFINITY : scaled, levels: null, missingLeft };
  }
  const count = column.levels.length;
  if (random.next() < 0.2) return { feature, threshold: random.integer(count), levels: null, missingLeft };
  const share = random.next() ** 2;
  const levels = column.levels.map((_, level) => level).filter(() => random.next() < share);
  return { feature, threshold: 0, levels, missingLeft };
}

/** A table whose rows lie on thresholds, beside them, or have no value. */
export function tableOnThresholds({ encoder }: SavedModel, rows: number, seed: number | string): Table {
  const random = new Random(`rows of trees ${seed}`);
  const columns = encoder.columns.map((column): Column => {
    const { name } = column;
    if (column.kind !== "number") {
      const levels = [...column.levels, "unseen", ""].sort();
      const codes = Int32Array.from({ length: rows }, () => random.integer(levels.length + 1) - 1);
      return { kind: "category", name, codes, levels, reading: plainNames };
    }
    const value = () => {
      const chance = random.next();
      if (chance < 0.15) return Number.NaN;
      const near = numbers[random.integer(numbers.length)];
      if (chance < 0.7) return near;
      return chance < 0.85 ? near * (1 + (random.next() - 0.5) * 1e-6) : random.normal() * 3;
    };
    const values = Float64Array.from({ length: rows }, value);
    return { kind: "number", name, from: "number", reading: plainNumbers, values };
  });
  return { source: "t.csv", rows, columns, notes: [] };
}
