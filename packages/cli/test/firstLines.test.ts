// Whoever opens a test, a benchmark or a script reads first what it is for, and need not read for long.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folders = ["packages/cli/test", "packages/surprisal/test", "bench", "scripts", "examples"];
const files = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((name) => /\.m?[jt]s$/.test(name) && !/\/node_modules\/|\/output\//.test(name)),
);

it("finds them in every folder", () => {
  for (const folder of folders) expect(files.filter((name) => name.startsWith(`${folder}/`)).length).toBeGreaterThan(0);
});

it.each(files)("%s says in its first line what it is for", (file) => {
  const [first] = readFileSync(join(root, file), "utf8").split("\n");
  expect(first).toMatch(/^\/\/ \S.{10,}/);
});

/** Longer than 300 lines, with the reason in their heads. */
const long = ["packages/cli/test/badCalls.ts"];

it("none of the tool's tests, of the benchmarks and of the scripts is longer than 300 lines without a reason", () => {
  const lengthOf = (file: string) => readFileSync(join(root, file), "utf8").split("\n").length - 1;
  const own = files.filter((file) => !file.startsWith("packages/surprisal/"));
  expect(own.filter((file) => lengthOf(file) > 300)).toEqual(long);
  for (const file of long)
    expect(readFileSync(join(root, file), "utf8")).toMatch(/^(\/\/ .*\n)*\/\/ .*longer than other files/);
});
