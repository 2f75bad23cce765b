// A model file that was damaged in any way: the same predictions as before, or a clear error.
import { afterAll, describe, expect, it } from "vitest";
import { recordCounts } from "../../surprisal/test/attack/counts.ts";
import { CliError } from "../src/errors.ts";
import { Random } from "../src/random.ts";
import { modelBytes } from "../src/saved/modelFile.ts";
import { readModel } from "../src/saved/onnx/read.ts";
import { predict } from "../src/saved/predict.ts";
import { kinds, randomModel, randomTable, trainings } from "./savedModels.ts";
import { randomTrees, tableOnThresholds } from "./savedTrees.ts";
import { attack } from "./world.ts";

const counts: Record<string, number> = {};
afterAll(() => {
  recordCounts("damaged models", counts);
});

const numbersOf = (bytes: Buffer): readonly RegExpMatchArray[] => [...bytes.toString("latin1").matchAll(/\d/g)];

/** What is done to the bytes of a model. */
const damages: Readonly<Record<string, (bytes: Buffer, random: Random) => Buffer>> = {
  "a flipped bit": (bytes, random) => {
    bytes[random.integer(bytes.length)] ^= 1 << random.integer(8);
    return bytes;
  },
  "many flipped bits": (bytes, random) => {
    for (let k = 0; k < 2 + random.integer(50); k++) bytes[random.integer(bytes.length)] ^= 1 << random.integer(8);
    return bytes;
  },
  "a cut": (bytes, random) => bytes.subarray(0, random.integer(bytes.length)),
  "a piece lost": (bytes, random) => {
    const from = random.integer(bytes.length);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + random.integer(200))]);
  },
  "a piece doubled": (bytes, random) => {
    const from = random.integer(bytes.length);
    return Buffer.concat([bytes.subarray(0, from + 1 + random.integer(400)), bytes.subarray(from)]);
  },
  "a piece exchanged": (bytes, random) => {
    const [a, b, length] = [random.integer(bytes.length), random.integer(bytes.length), 1 + random.integer(64)];
    const piece = Buffer.from(bytes.subarray(a, a + length));
    bytes.copyWithin(a, b, b + length);
    piece.copy(bytes, b);
    return bytes;
  },
  "zeros or ones": (bytes, random) => {
    const from = random.integer(bytes.length);
    return bytes.fill(random.next() < 0.5 ? 0 : 255, from, Math.min(bytes.length, from + 1 + random.integer(100)));
  },
  "the file twice": (bytes, random) => Buffer.concat([bytes, bytes.subarray(random.integer(bytes.length))]),
  "a digit changed": (bytes, random) => {
    const digits = numbersOf(bytes);
    const { index = 0 } = digits[random.integer(digits.length)];
    bytes[index] = 0x30 + random.integer(10);
    return bytes;
  },
  "something after it": (bytes, random) =>
    Buffer.concat([bytes, Buffer.from(Array.from({ length: 1 + random.integer(40) }, () => random.integer(256)))]),
};

describe.each(Object.keys(damages))("%s in a model", (name) => {
  it("gives the same predictions or a clear error", () => {
    const random = new Random(`damaged models, ${name}`);
    const rounds = attack(60, 6000);
    for (const [k, kind] of kinds.entries()) {
      const training = Object.values(trainings)[k];
      const layers = randomModel(kind, training, 100 + k);
      const trees = randomTrees(kind, training, { trees: 6, leaves: 6, levels: 4, seed: k });
      const models = [layers, trees].map((saved, of) => {
        const table = of === 0 ? randomTable(saved, 6, 5) : tableOnThresholds(saved, 6, 5);
        return { saved, table, bytes: Buffer.from(modelBytes(saved)), before: predict(saved, table) };
      });
      for (let round = 0; round < models.length * rounds; round++) {
        const { saved, table, bytes, before } = models[round % models.length];
        const damaged = damages[name](Buffer.from(bytes), random);
        let outcome = "same predictions";
        try {
          const read = readModel(damaged, "m.onnx");
          expect(predict(read, table)).toEqual(before);
          expect(read.target).toEqual(saved.target);
        } catch (error) {
          if (!(error instanceof CliError)) throw error;
          expect(error.message).toMatch(/^m\.onnx: [^\n]+$/);
          outcome = "error";
        }
        counts[outcome] = (counts[outcome] ?? 0) + 1;
      }
    }
  }, 600_000);
});
