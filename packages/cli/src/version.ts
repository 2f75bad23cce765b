// The versions that go into every result.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

function versionOf(manifest: string): string {
  return (require(manifest) as { version: string }).version;
}

/** What made a result. */
export const versions = { "surprisal-cli": versionOf("../package.json") } as const;
