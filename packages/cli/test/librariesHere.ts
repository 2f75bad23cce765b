// The libraries that grow trees, where this machine has them.

import type { FoundLibrary } from "../src/learning/engine.ts";
import { findLibrary, type LibraryName, libraryNames, openLibrary } from "../src/learning/trees/native/find.ts";
import { ForeignLibrary } from "../src/learning/trees/native/foreign.ts";
import type { TreeLibrary } from "../src/learning/trees/native/library.ts";
import { lightgbm } from "../src/learning/trees/native/lightgbm.ts";
import { xgboost } from "../src/learning/trees/native/xgboost.ts";

/** Those that are found; what is not is said, and is a failure where everything should be. */
export const librariesHere: readonly FoundLibrary[] = libraryNames.flatMap((name) => {
  try {
    return [findLibrary(name, undefined)];
  } catch (error) {
    if (process.env.CI) throw error;
    console.log(`not run: the tests with ${name}: ${(error as Error).message}`);
    return [];
  }
});

/** A library that is given slopes in the way that is named. */
export function opened(found: FoundLibrary, takes: TreeLibrary["takes"]): TreeLibrary {
  if (takes === "slopes") return openLibrary(found);
  const library = new ForeignLibrary(found.path);
  return (found.name as LibraryName) === "xgboost" ? xgboost(library, takes) : lightgbm(library, found.version, takes);
}
