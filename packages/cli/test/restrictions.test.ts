// Where Node.js makes no code from strings, as some companies and institutes have it, every command does its work.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main, scratch, start, twoClasses } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());
beforeAll(() => {
  place.write("answers.csv", twoClasses(150, "restrictions"));
});

/** Runs the built program with flags of Node.js; what it wrote of these files. */
async function written(name: string, flags: readonly string[], argv: readonly string[], files: readonly string[]) {
  const folder = place.path(name);
  mkdirSync(folder, { recursive: true });
  for (const file of ["answers.csv"]) place.write(join(name, file), readFileSync(place.path(file)));
  const { code, err } = await start(folder, process.execPath, [...flags, main, ...argv]).ended;
  expect([code, err.split("\n").filter((line) => /surprisal:/.test(line))], err).toEqual([0, []]);
  return files.map((file) => readFileSync(join(folder, file)).toString("latin1"));
}

const calls = [
  [
    ["compare", "answers.csv", "answer", "--fast", "--losses", "ce,focal", "--jobs", "2"],
    ["onnx", "report.html", "report.json"],
  ],
  [["fit", "answers.csv", "answer", "--loss", "focal"], ["onnx"]],
  [["predict", "answers.onnx", "answers.csv", "--output", "answers.new.csv"], ["new.csv"]],
  [["losses"], []],
  [["show", "focal"], []],
] as const;

describe("--disallow-code-generation-from-strings", () => {
  it("changes nothing: the same files, to the byte", async () => {
    for (const [argv, endings] of calls) {
      const files = endings.map((ending) => `answers.${ending}`);
      const free = await written("free", [], argv, files);
      const bound = await written("bound", ["--disallow-code-generation-from-strings"], argv, files);
      expect(bound).toEqual(free);
    }
  }, 120_000);
});
