// Boosted trees from the command line: what fit saves is predicted the same everywhere, and show tells what is in it.
import { readFileSync } from "node:fs";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../src/random.ts";
import { damage } from "./damage.ts";
import { workplace } from "./fitted.ts";
import { command, surprisal } from "./world.ts";

const place = workplace();
afterAll(() => place.dispose());

const random = new Random("a table for trees");
const colours = ["red", "green", "blue", "grey"];

/** The colour decides with the size, in a way that no straight line tells; some cells are empty. */
const records = Array.from({ length: 240 }, (_, row) => {
  const colour = colours[random.integer(4)];
  const [size, weight] = [random.integer(20) / 4, random.normal()];
  const isYes = (colour === "red" || colour === "grey") === size > 2.5 ? random.next() < 0.9 : random.next() < 0.1;
  const kind = isYes ? (weight > 0 ? "heavy" : "light") : "none";
  return {
    size: row % 9 === 0 ? "" : String(size),
    weight: weight.toFixed(3),
    colour: row % 11 === 0 ? "" : colour,
    answer: isYes ? "yes" : "no",
    kind,
    first: Number(isYes),
    second: Number(weight > 0.5),
  };
});
type Field = keyof (typeof records)[number];
const csv = (...fields: readonly Field[]) =>
  `${[fields.join(","), ...records.map((record) => fields.map((field) => record[field]).join(","))].join("\n")}\n`;

const features = ["size", "weight", "colour"] as const;
const trees = ["--model", "trees"];

/** What onnxruntime says to a table of the features. */
async function inOnnxruntime(model: string) {
  const session = await InferenceSession.create(readFileSync(model), { logSeverityLevel: 4 });
  const dims = [records.length, 1];
  const numbers = (field: Field) =>
    Float64Array.from(records, (each) => (each[field] === "" ? Number.NaN : Number(each[field])));
  const texts = records.map(({ colour }) => colour);
  const feeds = {
    size: new Tensor("float64", numbers("size"), dims),
    weight: new Tensor("float64", numbers("weight"), dims),
    colour: new Tensor("string", texts, dims),
  };
  const { probabilities } = await session.run(feeds);
  return Array.from(probabilities.data as Float64Array);
}

describe("fit --model trees", () => {
  const tables: Readonly<Record<string, { fields: readonly Field[]; targets: readonly string[]; flags: string[] }>> = {
    "two classes": { fields: [...features, "answer"], targets: ["answer"], flags: [] },
    "two classes, weighted focal loss": {
      fields: [...features, "answer"],
      targets: ["answer"],
      flags: ["--loss", "focal", "--alpha", "inverse"],
    },
    "three classes": { fields: [...features, "kind"], targets: ["kind"], flags: [] },
    "two labels": {
      fields: [...features, "first", "second"],
      targets: ["first", "second"],
      flags: ["--loss", "focal"],
    },
  };

  it.each(Object.entries(tables))(
    "%s: the model's probabilities in onnxruntime are those that predict writes",
    async (name, { fields, targets, flags }) => {
      const table = place.write(`${name}.csv`, csv(...fields));
      const { code, told, model } = await place.fit(table, targets, ...trees, ...flags);
      expect(code, told).toBe(0);
      const { probabilities } = await place.predict(model, table);
      const written = probabilities.flatMap((row) => row.split(" ").map(Number));
      const found = await inOnnxruntime(model);
      const wanted = written.length === records.length ? found.filter((_, k) => k % 2 === 1) : found;
      expect(wanted).toHaveLength(written.length);
      wanted.forEach((p, k) => {
        expect(Math.abs(p - written[k]!)).toBeLessThan(1e-12);
      });
      expect(new Set(written.map((p) => p.toFixed(9))).size).toBeGreaterThan(10);
    },
    60_000,
  );
});

describe("a model of trees", () => {
  let model = "";
  let bytes = Buffer.alloc(0);
  beforeAll(async () => {
    const fitted = await place.fit(place.write("answers.csv", csv(...features, "answer")), "answer", ...trees);
    expect(fitted.code, fitted.told).toBe(0);
    model = fitted.model;
    bytes = readFileSync(model);
  }, 60_000);

  it("takes a level that it does not know as a missing cell, and tells so", async () => {
    const header = "size,weight,colour\n";
    const unknown = await place.predict(model, place.write("pink.csv", `${header}1,0.5,pink\n4,-0.5,pink\n`));
    const missing = await place.predict(model, place.write("none.csv", `${header}1,0.5,\n4,-0.5,\n`));
    expect(unknown.probabilities).toEqual(missing.probabilities);
    expect(unknown.told).toContain("S602");
    expect(unknown.told).toMatch(/2 rows have categories .*"pink"; it counts as missing/);
    expect(missing.told).not.toContain("S602");
  });

  it("takes a column that is not there as missing in every row, where that is allowed", async () => {
    const without = place.write("without.csv", "size,weight\n1,0.5\n4,-0.5\n");
    const empty = place.write("empty.csv", "size,weight,colour\n1,0.5,\n4,-0.5,\n");
    expect((await place.predict(model, without)).code).toBe(2);
    const allowed = await place.predict(model, without, "--allow-missing-columns");
    expect(allowed.probabilities).toEqual((await place.predict(model, empty)).probabilities);
  });

  it("that was damaged is refused, or predicts the same", async () => {
    const table = place.write("some.csv", "size,weight,colour\n1,0.5,red\n4,-0.5,\n");
    const { probabilities } = await place.predict(model, table);
    for (let round = 0; round < 12; round++) {
      const { bytes: damaged, what } = damage(bytes, random);
      const { code, told, probabilities: found } = await place.predict(place.write("damaged.onnx", damaged), table);
      if (code === 0) expect(found, what).toEqual(probabilities);
      else expect([code, told], what).toEqual([2, expect.stringMatching(/^surprisal: .*damaged\.onnx: /)]);
    }
  }, 60_000);

  it("that an older version reads is refused there: its form is 3", () => {
    expect(bytes.toString("latin1")).toContain('{"format":3,');
  });

  it("show tells how it came about, how many trees it has, and what they ask", async () => {
    const { code, out, err } = await surprisal(place.folder, "show", model);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/answers\.csv, 240 rows/);
    expect(out).toMatch(/\d+ trees with [\d,]+ leaves/);
    expect(out).toMatch(/cross entropy/i);
    for (const name of features) expect(out).toMatch(new RegExp(`^ +${name} +[\\d,]+ questions`, "m"));
  });
});

it("show tells of a model of layers what it has", async () => {
  const table = place.write("layers.csv", csv(...features, "answer"));
  const { model } = await place.fit(table, "answer");
  const { code, out } = await surprisal(place.folder, "show", model);
  expect(code).toBe(0);
  expect(out).toMatch(/linear/);
  expect(out).not.toMatch(/tree/);
});

it("show of a file that is no model says so", async () => {
  const { code, err } = await command(["show", place.write("no.onnx", "no model")]);
  expect([code, err]).toEqual([2, expect.stringMatching(/no\.onnx: this is not an ONNX file/)]);
  expect((await command(["show", place.path("none.onnx")])).err).toMatch(/none\.onnx: cannot be read/);
});

it("compare --model trees saves a model that predict reads", async () => {
  const table = place.write("compared.csv", csv(...features, "answer"));
  const flags = ["--model", "trees", "--fast", "--fold-count", "2", "--losses", "ce"];
  const { code, err } = await surprisal(place.folder, "compare", table, "answer", ...flags, "--output", place.folder);
  expect(code, err).toBe(0);
  const predicted = await place.predict(place.path("compared.onnx"), table);
  expect(predicted.code, predicted.told).toBe(0);
  const right = predicted.probabilities.filter((p, row) => Number(p) > 0.5 === (records[row]!.answer === "yes"));
  expect(right.length / records.length).toBeGreaterThan(0.8);
}, 120_000);
