// A model of trees in onnxruntime says what surprisal says, also on thresholds, without a value, at unknown levels.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { joinTrees, TreeDraft } from "../src/learning/trees/trees.ts";
import { Random } from "../src/random.ts";
import { modelBytes } from "../src/saved/modelFile.ts";
import { inputNames } from "../src/saved/onnx/features.ts";
import { readModel } from "../src/saved/onnx/read.ts";
import { predict } from "../src/saved/predict.ts";
import type { SavedModel } from "../src/saved/savedModel.ts";
import type { Table } from "../src/table/table.ts";
import { plainNumbers } from "./columns.ts";
import { columnsOf, type Kind, kinds, largestDifference, logitModel, runOnnx, trainings } from "./savedModels.ts";
import { randomTrees, tableOnThresholds, type Wanted } from "./savedTrees.ts";
import { scratch } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

const shapes: Readonly<Record<string, Wanted>> = {
  "many trees": { trees: 60, leaves: 16 },
  "hundreds of trees": { trees: 300, leaves: 8 },
  "trees of one leaf": { trees: 7, leaves: 1 },
  "one tree": { trees: 1, leaves: 8 },
  "no trees": { trees: 0, leaves: 1 },
  "255 levels": { trees: 30, leaves: 32, levels: 255 },
  "one level": { trees: 10, leaves: 8, levels: 1 },
  "no levels": { trees: 10, leaves: 1, levels: 0 },
  "one number alone": { trees: 12, leaves: 6, columns: 1 },
};

const cases = kinds.flatMap((kind) => Object.keys(shapes).map((shape) => [kind, shape] as const));
const losses = ["crossEntropy", "balanced focal"];

const modelOf = (kind: Kind, shape: string, seed: number): SavedModel =>
  randomTrees(kind, trainings[losses[seed % losses.length]], { ...shapes[shape], seed: `${shape} ${seed}` });

/** onnxruntime goes other ways for one row, for some, and for many. */
const rowCounts = [150, 1, 1200, 40];

const tableFor = (saved: SavedModel, seed: number): Table =>
  tableOnThresholds(saved, rowCounts[seed % rowCounts.length], seed);

describe("trees in onnxruntime", () => {
  it.each(cases)("%s, %s: the probabilities and decisions are those of predict", async (kind, shape) => {
    for (let seed = 1; seed <= 4; seed++) {
      const saved = modelOf(kind, shape, seed);
      const table = tableFor(saved, seed);
      const { probabilities, decisions } = predict(saved, table);
      const found = await runOnnx(saved, table);
      expect(largestDifference(found.probabilities, columnsOf(kind, probabilities))).toBeLessThan(1e-12);
      const { classes } = saved.target;
      const labels = kind === "multilabel" ? Array.from(decisions, BigInt) : Array.from(decisions, (k) => classes[k]);
      expect(Array.from(found.label as ArrayLike<bigint | string>)).toEqual(labels);
    }
  });

  const python = ["python3", "/usr/bin/python3"].find(
    (each) => spawnSync(each, ["-c", "import onnx, onnxruntime"]).status === 0,
  );
  it.skipIf(python === undefined)(
    "are the same in Python's, and pass ONNX's own checker (needs the packages onnx and onnxruntime)",
    () => {
      const script = place.write("check.py", checker);
      const jobs = cases.flatMap(([kind, shape], k) =>
        [1, 2].map((seed) => {
          const saved = modelOf(kind, shape, seed);
          const table = tableFor(saved, seed + 10);
          const path = place.write(`${k}-${seed}.onnx`, modelBytes(saved));
          const probabilities = columnsOf(kind, predict(saved, table).probabilities);
          return { path, feeds: feedsOf(saved, table), probabilities: [...probabilities] };
        }),
      );
      writeFileSync(place.path("jobs.json"), JSON.stringify(jobs));
      const { status, stdout, stderr } = spawnSync(python ?? "", [script, place.path("jobs.json")], {
        encoding: "utf8",
      });
      expect(status, stderr).toBe(0);
      expect(Number(stdout)).toBeLessThan(1e-12);
    },
    120_000,
  );
});

describe("trees that were written and read", () => {
  it.each(cases)("%s, %s: predict the same to the last bit, and give the same bytes", (kind, shape) => {
    for (let seed = 1; seed <= 2; seed++) {
      const before = modelOf(kind, shape, seed);
      const after = readModel(modelBytes(before), "m.onnx");
      const table = tableFor(before, seed);
      expect(predict(after, table)).toEqual(predict(before, table));
      expect(modelBytes(after)).toEqual(modelBytes(before));
      expect(after.encoder).toEqual(before.encoder);
    }
  });

  it("take as many bytes for each leaf as its numbers need: 800 kB for 400 trees of 64 leaves", () => {
    const column = { kind: "number", at: 0, fill: null, center: 0, scale: 1, missingAt: null } as const;
    const columns = Array.from({ length: 30 }, (_, at) => ({ ...column, name: `column ${at}`, at }));
    const full = (seed: number) => {
      const random = new Random(seed);
      const draft = new TreeDraft();
      const open = [draft.addLeaf()];
      while (open.length < 64) {
        const question = { feature: random.integer(30), threshold: random.normal(), levels: null, missingLeft: true };
        open.push(...draft.split(open.shift() as number, question));
      }
      for (const leaf of open) draft.setValue(leaf, random.normal());
      return draft.finish(0);
    };
    const model = joinTrees(
      Array.from({ length: 400 }, (_, seed) => full(seed)),
      30,
      Float64Array.of(0.5),
    );
    const base = logitModel("binary", 1, trainings.crossEntropy);
    const encoder = { width: 30, names: columns.map(({ name }) => name), columns };
    const saved: SavedModel = { ...base, encoder, readings: columns.map(() => plainNumbers), model };
    const bytes = modelBytes(saved);
    expect(bytes.length).toBeLessThan(800_000);
    expect(modelBytes(readModel(bytes, "m.onnx"))).toEqual(bytes);
  });
});

/** What Python feeds a model: numbers with null where there are none, or texts. */
function feedsOf(saved: SavedModel, { columns }: Table) {
  return inputNames(saved.encoder).map((name, k) => {
    const column = columns[k];
    if (column.kind === "number") return { name, type: "float64", values: [...column.values] };
    return { name, type: "object", values: Array.from(column.codes, (code) => column.levels[code] ?? "") };
  });
}

const checker = `
import json, sys
import numpy as np, onnx, onnxruntime

largest = 0
for job in json.load(open(sys.argv[1])):
    onnx.checker.check_model(onnx.load(job["path"]), full_check=True)
    session = onnxruntime.InferenceSession(job["path"])
    feeds = {each["name"]: np.array(each["values"], dtype=each["type"]).reshape(-1, 1) for each in job["feeds"]}
    found, _ = session.run(None, feeds)
    largest = max(largest, np.abs(found.ravel() - np.array(job["probabilities"])).max())
print(largest)
`;
