// A model file is written whole or not at all, comes back as it was, and every damage is named.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeAtomically } from "../src/disk/atomicFile.ts";
import { CliError } from "../src/errors.ts";
import { modelBytes, readModelFile, writeModelFile } from "../src/saved/modelFile.ts";
import { makeModelProto } from "../src/saved/onnx/pipeline.ts";
import { readModel } from "../src/saved/onnx/read.ts";
import { decodeModel, encodeModel, type ModelProto } from "../src/saved/onnx/schema.ts";
import { predict } from "../src/saved/predict.ts";
import { kinds, randomModel, randomTable, trainings } from "./savedModels.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "surprisal-model-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const saved = randomModel("multiclass", trainings["balanced focal"], 3);

const messageOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof CliError) return error.message;
    throw error;
  }
  return "no error";
};

describe("a model that was written and read", () => {
  it.each(kinds.flatMap((kind) => Object.keys(trainings).map((name) => [kind, name] as const)))(
    "%s, %s: is the same model",
    (kind, name) => {
      const before = randomModel(kind, trainings[name], 11);
      const after = readModel(modelBytes(before), "m.onnx");
      const table = randomTable(before, 20, 12);
      expect(predict(after, table)).toEqual(predict(before, table));
      expect(modelBytes(after)).toEqual(modelBytes(before));
    },
  );

  it("keeps classes with markup, quotes, line breaks and emoji, and where it came from", async () => {
    const path = join(folder, "kept.onnx");
    const provenance = {
      source: 'a "b" 🦊.csv',
      rows: 5000,
      foldHash: "ab12",
      seed: 7,
      command: "surprisal compare 'x' </script>",
      versions: { "surprisal-cli": "0.1.0" },
    };
    const target = {
      ...saved.target,
      classes: ["<script>", "q\"'\n", "🦊", "", "\u0000", "x", "y", "z"].slice(0, saved.target.outputs),
    };
    await writeModelFile(path, { ...saved, target, provenance });
    const read = await readModelFile(path);
    expect(read.target).toEqual(target);
    expect(read.provenance).toEqual(provenance);
    expect(read.readings).toEqual(saved.readings);
    expect(decodeModel(readFileSync(path)).producerVersion).toBe("0.1.0");
  });

  it("keeps alpha in each of its forms, typed arrays too", () => {
    const binary = randomModel("binary", trainings.crossEntropy, 1);
    for (const alpha of [
      null,
      0.25,
      { positive: 3, negative: 1 },
      [0.3],
      { positive: Float64Array.of(2), negative: [1] },
    ]) {
      const read = readModel(modelBytes({ ...binary, alpha }), "m.onnx");
      expect(JSON.stringify(read.alpha)).toBe(JSON.stringify(alpha).replace('{"0":2}', "[2]"));
    }
  });
});

describe("a file that is no good", () => {
  const bytes = modelBytes(saved);
  const file = decodeModel(bytes) as ModelProto;

  it("cut off anywhere: is refused with a clear error", () => {
    const messages = new Set<string>();
    for (let length = 0; length < bytes.length; length += 1) {
      const message = messageOf(() => readModel(bytes.subarray(0, length), "m.onnx"));
      expect(message).toMatch(/^m\.onnx: .*(cut off|damaged)/);
      messages.add(message);
    }
    expect(messages.size).toBeGreaterThan(1);
  });

  it("with any one byte changed: is refused, or read as the same model", () => {
    const table = randomTable(saved, 5, 1);
    const before = predict(saved, table);
    for (let at = 0; at < bytes.length; at += 11) {
      const changed = bytes.slice();
      changed[at] ^= 1 << (at % 8);
      const message = messageOf(() => expect(predict(readModel(changed, "m.onnx"), table)).toEqual(before));
      expect(message).toMatch(/^no error$|^m\.onnx: /);
    }
  });

  it("of another program: is named as such", () => {
    const foreign = encodeModel({ ...file, producerName: "pytorch", metadataProps: [] });
    expect(messageOf(() => readModel(foreign, "m.onnx"))).toMatch(/m\.onnx: an ONNX file of "pytorch" without/);
  });

  it("that is no ONNX at all: is named as such", () => {
    for (const text of ["", "hello\n", "a,b,c\n1,2,3\n", "PAR1\u0000\u0001", "<html></html>"]) {
      expect(messageOf(() => readModel(new TextEncoder().encode(text), "m.onnx"))).toMatch(/m\.onnx: /);
    }
  });

  it("of a later version, or with an unknown loss: names the version", () => {
    const withMetadata = (change: (text: string) => string) => {
      const metadataProps = file.metadataProps.map(({ key, value }) => ({ key, value: change(value) }));
      return encodeModel({ ...file, metadataProps });
    };
    const later = withMetadata((text) => text.replace('"format":2', '"format":4'));
    expect(messageOf(() => readModel(later, "m.onnx"))).toMatch(/form "4", this version reads forms 2 and 3/);
    const broken = withMetadata((text) => text.slice(0, -5));
    expect(messageOf(() => readModel(broken, "m.onnx"))).toMatch(/damaged or changed/);
    const definition = { ...saved.loss.definition, name: "ownLoss" };
    const own = encodeModel(makeModelProto({ ...saved, loss: { ...saved.loss, name: "ownLoss", definition } }));
    expect(messageOf(() => readModel(own, "m.onnx"))).toMatch(/trained with the loss "ownLoss"/);
  });

  it("with a changed weight: is refused", () => {
    const initializer = file.graph.initializer.map((tensor) => {
      const rawData = tensor.rawData?.slice();
      if (rawData !== undefined && tensor.name.endsWith("layer0/weights")) rawData[3] ^= 1;
      return rawData === undefined ? tensor : { ...tensor, rawData };
    });
    const changed = encodeModel({ ...file, graph: { ...file.graph, initializer } });
    expect(messageOf(() => readModel(changed, "m.onnx"))).toMatch(/checksum/);
  });

  it("that is not there, or is a folder: says so", async () => {
    await expect(readModelFile(join(folder, "none.onnx"))).rejects.toThrow(
      /none\.onnx: cannot be read \(there is no such/,
    );
    await expect(readModelFile(folder)).rejects.toThrow(/cannot be read \(it is a folder\)/);
  });
});

describe("a place that cannot be written to", () => {
  it("is a clear error and leaves nothing behind", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "x");
    const busy = join(folder, "busy.onnx");
    mkdirSync(join(busy, "inside"), { recursive: true });
    const before = readdirSync(folder).sort();
    await expect(writeModelFile(join(folder, "none", "m.onnx"), saved)).rejects.toThrow(
      /cannot be written \(there is no such/,
    );
    await expect(writeModelFile(join(file, "m.onnx"), saved)).rejects.toThrow(/cannot be written \(a part of the path/);
    await expect(writeModelFile(busy, saved)).rejects.toThrow(/cannot be written \(it is a folder\)/);
    await expect(writeModelFile(join(folder, "x".repeat(300)), saved)).rejects.toThrow(/the name is too long/);
    expect(readdirSync(folder).sort()).toEqual(before);
  });

  it("a failure half-way keeps the old file and removes the new part", async () => {
    const path = join(folder, "old.onnx");
    writeFileSync(path, "old");
    const before = readdirSync(folder).sort();
    const full = Object.assign(new Error("write"), { code: "ENOSPC" });
    const failing = writeAtomically(path, async (temporary) => {
      writeFileSync(temporary, "half");
      throw full;
    });
    await expect(failing).rejects.toThrow(/old\.onnx: cannot be written \(the disk is full\)/);
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder).sort()).toEqual(before);
  });

  it("a file that is there is replaced", async () => {
    const path = join(folder, "again.onnx");
    writeFileSync(path, "old");
    await writeModelFile(path, saved);
    expect(new Uint8Array(readFileSync(path))).toEqual(new Uint8Array(modelBytes(saved)));
  });
});
