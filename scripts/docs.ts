// Writes the generated documentation: a page per loss, the page of the checks, the tables in both READMEs, the picture,
// the list of public names.
//
//     npx tsx scripts/docs.ts            writes what differs
//     npx tsx scripts/docs.ts --check    writes nothing; exits with 1 and names the files that differ
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { losses } from "../packages/surprisal/src/index.ts";
import { apiPage } from "./docs/api.ts";
import { type AttackCounts, attackTable } from "./docs/attackTable.ts";
import { checksPage } from "./docs/checksPage.ts";
import { publicNames } from "./docs/declarations.ts";
import { lossPage } from "./docs/lossPage.ts";
import { lossTable, lossTableInText } from "./docs/lossTable.ts";
import { picture, themes } from "./docs/picture.ts";
import { replaceGenerated } from "./docs/regions.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** Every generated file by its path from the root, and what it should contain. */
function generatedFiles(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { definition } of losses) files.set(`docs/losses/${definition.name}.md`, lossPage(definition));
  files.set("README.md", replaceGenerated("README.md", read("README.md"), { losses: lossTable("docs/losses") }));
  const inPackage = "packages/surprisal/README.md";
  files.set(inPackage, replaceGenerated(inPackage, read(inPackage), { losses: lossTableInText() }));
  const reliability = "docs/reliability.md";
  const attacks = attackTable(JSON.parse(read("docs/reliability.json")) as AttackCounts);
  files.set(reliability, replaceGenerated(reliability, read(reliability), { attacks }));
  files.set("docs/picture.svg", picture(themes.light));
  files.set("docs/picture-dark.svg", picture(themes.dark));
  files.set("docs/api.md", apiPage(publicNames(root)));
  files.set("docs/checks.md", checksPage());
  return files;
}

/** Pages of losses that no longer exist. */
function orphans(files: ReadonlyMap<string, string>): readonly string[] {
  const folder = join(root, "docs/losses");
  const found = existsSync(folder) ? readdirSync(folder).map((name) => `docs/losses/${name}`) : [];
  return found.filter((path) => !files.has(path));
}

const files = generatedFiles();
const stale = [...files].filter(([path, text]) => !existsSync(join(root, path)) || read(path) !== text);
const surplus = orphans(files);

if (process.argv.includes("--check")) {
  for (const [path] of stale) console.error(`${path}: differs from what the code says`);
  for (const path of surplus) console.error(`${path}: there is no such loss`);
  if (stale.length + surplus.length > 0) {
    console.error("Run: npx tsx scripts/docs.ts");
    process.exitCode = 1;
  }
} else {
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(`wrote   ${path}`);
  }
  for (const path of surplus) {
    rmSync(join(root, path));
    console.log(`removed ${path}`);
  }
  if (stale.length + surplus.length === 0) console.log(`${files.size} files, all up to date`);
}
