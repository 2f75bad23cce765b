// Numbers that nobody can mean are refused at once; files stand where they are asked for, whatever the table is called.
import { mkdirSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stemOf } from "../src/comparison/options.ts";
import { command, scratch, twoClasses } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());
beforeAll(() => {
  place.write("answers.csv", twoClasses(60, "bounds"));
});

describe("a number that is too large", () => {
  it.each([
    ["--repeats", "1e9"],
    ["--repeats", "1001"],
    ["--fold-count", "1e9"],
    ["--fold-count", "9007199254740993"],
    ["--jobs", "1e9"],
    ["--jobs", "257"],
    ["--top", "1e9"],
    ["--top", "1e300"],
    ["--seed", "1e17"],
    ["--miss-costs", "1e309"],
    ["--recall", "2"],
    ["--precision", "1e9%"],
  ])("%s %s is one clear error, at once", async (flag, value) => {
    const start = performance.now();
    const { code, out, err } = await command([
      "compare",
      place.path("answers.csv"),
      "answer",
      flag,
      value,
      "--no-save",
    ]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(new RegExp(`^surprisal: .*${flag}.*\n(see surprisal compare --help\n)?$`));
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it("is a product, too", async () => {
    const flags = ["--repeats", "1000", "--fold-count", "1000"];
    const { code, err } = await command(["compare", place.path("answers.csv"), "answer", ...flags]);
    expect([code, err]).toEqual([
      2,
      "surprisal: --fold-count, --repeats: 1000 folds in 1000 repeats are 1,000,000 trainings of everything, at most 10,000 are done; give fewer\n",
    ]);
  });
});

describe("the files of a run", () => {
  const names = [".csv", "..csv", "...csv", ".parquet", ".gz", ".csv.gz", "a.csv", "a.b.csv.gz", "-.tsv", ".jsonl"];

  it.each(names)("of a table called %s stand in the folder that was asked for", (name) => {
    for (const output of ["out", "out/deeper", ".", ".."]) {
      for (const table of [name, join("elsewhere", name), `../${name}`]) {
        const stem = stemOf({ table, output });
        for (const file of [`${stem}.onnx`, `${stem}.journal.jsonl`]) expect(resolve(file, "..")).toBe(resolve(output));
      }
    }
  });

  it("are there, and nowhere else", async () => {
    for (const name of [".csv", "...csv"]) {
      place.write(name, twoClasses(60, "bounds"));
      mkdirSync(place.path(`out ${name}`));
      const output = place.path(`out ${name}`);
      const { code, err } = await command(["fit", place.path(name), "answer", "--model", "linear", "--output", output]);
      expect([code, err, readdirSync(output)]).toEqual([0, "", [`${name}.onnx`]]);
    }
    expect(readdirSync(place.folder).filter((name) => name.endsWith(".onnx"))).toEqual([]);
  });
});
