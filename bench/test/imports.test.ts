// No benchmark imports itself through others, not even for a type; and only one file writes Markdown tables.
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { expect, it } from "vitest";

const root = new URL("../", import.meta.url);
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".ts") && !name.includes("node_modules/"));
const textOf = (file: string) => readFileSync(new URL(file, root), "utf8");
const importsOf = (file: string) =>
  [...textOf(file).matchAll(/ from "(\.[^"]+)";$/gm)]
    .map(([, target]) => posix.join(posix.dirname(file), target))
    .filter((target) => files.includes(target));

it.each(files)("%s is not among those that it imports", (file) => {
  const reached = new Set<string>();
  const follow = (from: string) => {
    for (const target of importsOf(from)) {
      if (reached.has(target)) continue;
      reached.add(target);
      follow(target);
    }
  };
  follow(file);
  expect(reached.has(file), [...reached].join(", ")).toBe(false);
});

it("writes the rule of a table in markdown.ts alone", () => {
  expect(files.filter((file) => !file.startsWith("test/") && textOf(file).includes('"---:"'))).toEqual(["markdown.ts"]);
});
