// Writes packages/cli/test/data/firstTrees.json: the first trees of XGBoost and LightGBM, which ours are held against.
// With both libraries installed: npx tsx scripts/firstTrees.ts
import { writeFileSync } from "node:fs";
import { findLibrary, libraryNames, openLibrary } from "../packages/cli/src/learning/trees/native/find.ts";
import { firstTree } from "../packages/cli/test/firstTree.ts";

const trees = libraryNames.map((name) => {
  const found = findLibrary(name, undefined);
  return { title: found.title, version: found.version, tree: firstTree(openLibrary(found)) };
});
writeFileSync(
  new URL("../packages/cli/test/data/firstTrees.json", import.meta.url),
  `${JSON.stringify(trees, null, 1)}\n`,
);
