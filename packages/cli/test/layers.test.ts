import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const _root = join(dirname(fileURLToPath(import.meta.url)), "..", "src");

/**
 * The floors, from the ground up. A room is a folder with all that is in it, or a file at the top; a folder inside a room
 * that is named here is a room of its own. A file imports from its own room or from a floor below.
 */
const _floors: readonly (readonly string[])[] = [
  ["words", "random.ts", "version.ts", "world.ts"],
  ["errors.ts"],
  ["disk"],
  ["table"],
  ["task"],
  ["folds", "scores", "learning"],
  ["learning/linear", "learning/network"],
  ["learning/engines.ts"],
  ["selection"],
  ["verdict"],
  ["running", "saved", "saved/onnx"],
  ["terminal", "report"],
  ["comparison"],
  ["commands"],
  ["process", "main.ts"],
];
