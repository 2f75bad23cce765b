// The versions that go into every result.
import { createRequire } from "node:module";
import { versions as runtime } from "node:process";

const require = createRequire(import.meta.url);
const manifest = require("../package.json") as {
  readonly version: string;
  /** Exact, so that what is asked for is what is there. */
  readonly dependencies: Readonly<Record<string, string>>;
};

/** What made a result: the tool, the runtime and the libraries. */
export const versions: Readonly<Record<"surprisal-cli" | "node", string>> & Readonly<Record<string, string>> = {
  "surprisal-cli": manifest.version,
  node: runtime.node,
  ...manifest.dependencies,
};
