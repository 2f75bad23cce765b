// How files are written: lines of at most 120 columns, but for texts, which are not to be broken; files of at most 300
// lines, unless they say why.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { stringOrComment } from "./imports.ts";

const workspace = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const folders = ["packages/surprisal", "packages/cli", "scripts", "bench", "examples"];
const files = folders.flatMap((folder) =>
  readdirSync(join(workspace, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((file) => /\.(ts|mjs)$/.test(file) && !/\/(node_modules|dist|output)\//.test(file)),
);
const columns = 120;

/** The lines of a file that are longer, not counting what stands in strings, nor a regular expression of its own. */
function longLines(text: string): readonly string[] {
  const withoutTexts = text.replace(stringOrComment, (found, string: string | undefined) =>
    string === undefined ? found : found.replace(/[^\n]/g, ""),
  );
  const lines = text.split("\n");
  return withoutTexts
    .split("\n")
    .map((line) => line.replace(/^\s*\/[^*/].*\/[a-z]*[;,]?$/, ""))
    .map((line, k) => (/html`|^\s*<\w/.test(lines[k]) ? "" : line)) // templates in templates are texts, too
    .flatMap((line, k) => (line.length > columns ? [`line ${k + 1}, ${line.length} columns: ${lines[k].trim()}`] : []));
}

it.each(files)("%s has lines of at most 120 columns", (file) => {
  expect(longLines(readFileSync(join(workspace, file), "utf8"))).toEqual([]);
});

it.each(files.filter((file) => file.startsWith("packages/surprisal/")))(
  "%s has at most 300 lines, or says why",
  (file) => {
    const lines = readFileSync(join(workspace, file), "utf8").split("\n");
    const head = lines
      .slice(
        0,
        lines.findIndex((line) => !line.startsWith("//")),
      )
      .join("\n");
    if (lines.length > 301) expect(head).toMatch(/\blong(er)?\b/i);
  },
);

it("the law sees long comments and code, and no long texts", () => {
  const long = "x".repeat(columns);
  expect(longLines(`const a = "${long}"; // ${long}`)).toHaveLength(1);
  expect(longLines(`/** ${long} */`)).toHaveLength(1);
  expect(longLines(`const ${long} = 1;`)).toHaveLength(1);
  expect(longLines(`const a = "${long}";\nconst b = \`\n${long}\n\`;`)).toEqual([]);
  expect(files.length).toBeGreaterThan(200);
});
