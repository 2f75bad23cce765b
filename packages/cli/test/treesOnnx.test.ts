// A model of trees in onnxruntime says what surprisal says, also on thresholds, without a value, at unknown levels.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { joinTrees, TreeDraft } from "../src/learning/trees/trees.ts";
import { Random } from "../src/random.ts";
import { modelBytes } from "../src/saved/modelFile.ts";
import { inputNames } from "../src/saved/onnx/features.ts";
import { checksum, metadataKey, toMetadata } from "../src/saved/onnx/metadata.ts";
import { makeModelProto } from "../src/saved/onnx/pipeline.ts";
import { readModel } from "../src/saved/onnx/read.ts";
import { type AttributeProto, encodeModel } from "../src/saved/onnx/schema.ts";
import { listOf } from "../src/saved/onnx/tensors.ts";
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

describe("lists that are no trees, though their checksum is right", () => {
  const saved = modelOf("multilabel", "many trees", 3);
  const content = toMetadata(saved);
  const { graph, ...file } = makeModelProto(saved);

  /** Reads a file in which one list of the ensemble is another. */
  const readWith = (name: string, change: (attribute: AttributeProto) => AttributeProto) => {
    const changed = graph.node.map((node) => {
      if (node.opType !== "TreeEnsemble") return node;
      return { ...node, attribute: node.attribute?.map((each) => (each.name === name ? change(each) : each)) ?? [] };
    });
    const other = { ...graph, node: changed };
    const metadata = { ...content, checksum: checksum(content, other) };
    const metadataProps = [{ key: metadataKey, value: JSON.stringify(metadata) }];
    return readModel(encodeModel({ ...file, graph: other, metadataProps }), "m.onnx");
  };

  const ints = (list: (ints: number[]) => readonly number[]) => (each: AttributeProto) => {
    return { ...each, ints: list([...(each.ints ?? [])]) };
  };
  const first = (value: number) => ints(([_, ...rest]) => [value, ...rest]);
  const doubles = (values: readonly number[]) => (each: AttributeProto) => ({ ...each, t: listOf("double", values) });
  const changes: readonly (readonly [string, string, (each: AttributeProto) => AttributeProto])[] = [
    ["a feature that is not there", "nodes_featureids", first(99)],
    ["a feature less", "nodes_featureids", ints((list) => list.slice(1))],
    ["a child that is not there", "nodes_truenodeids", first(1e6)],
    ["a child that is its parent", "nodes_falsenodeids", ints((list) => list.map(() => 0))],
    ["a leaf that is a node", "nodes_trueleafs", ints((list) => list.map(() => 0))],
    ["a node that is a leaf", "nodes_falseleafs", ints((list) => list.map(() => 1))],
    ["a flag of 2", "nodes_missing_value_tracks_true", first(2)],
    ["a root twice", "tree_roots", ints((list) => [list[0], ...list.slice(0, -1)])],
    ["a root less", "tree_roots", ints((list) => list.slice(1))],
    ["no roots", "tree_roots", ints(() => [])],
    ["an output that is not there", "leaf_targetids", first(99)],
    ["leaves of a tree for several outputs", "leaf_targetids", ints((list) => list.map((_, k) => k % 2))],
    ["no leaves", "leaf_weights", doubles([])],
    ["a mode that is not known", "nodes_modes", (each) => ({ ...each, t: listOf("uint8", [3]) })],
    ["sets without their ends", "membership_values", doubles([1, 2])],
    ["a level beyond all", "membership_values", doubles([256, Number.NaN])],
    ["half a level", "membership_values", doubles([0.5, Number.NaN])],
    ["too few sets", "membership_values", doubles([1, Number.NaN])],
    ["thresholds of NaN", "nodes_splits", (each) => ({ ...each, t: listOf("double", [Number.NaN]) })],
  ];

  it("the file as it was is read", () => {
    expect(readWith("", (each) => each).model).toEqual(readModel(modelBytes(saved), "m.onnx").model);
  });

  it.each(changes)("%s: is refused", (_, name, change) => {
    expect(() => readWith(name, change)).toThrow(/^m\.onnx: the file was damaged or changed/);
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
