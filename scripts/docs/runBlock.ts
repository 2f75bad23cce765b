// Runs a code block of the documentation on the library's source, to learn its output.
import { format } from "node:util";
import * as surprisal from "../../packages/surprisal/src/index.ts";
import * as network from "../../packages/surprisal/src/network.ts";
import * as trees from "../../packages/surprisal/src/trees.ts";
import * as wasm from "../../packages/surprisal/src/wasm.ts";

/** What a block may import from, and what it gets there. */
export const entries: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  surprisal,
  "surprisal/wasm": wasm,
  "surprisal/network": network,
  "surprisal/trees": trees,
};

/**
 * The lines that a block prints. The block is plain JavaScript with imports from the library's entries.
 *
 * @throws Error if it imports anything else, and whatever the block throws
 */
export function outputOf(code: string): string {
  const body = code.replace(/^import \{([^}]+)\} from "([^"]+)";$/gm, (line, names: string, entry: string) => {
    if (!Object.hasOwn(entries, entry)) throw new Error(`a generated example may not have this line: ${line}`);
    return `const {${names}} = entries["${entry}"];`;
  });
  const lines: string[] = [];
  new Function("entries", "console", body)(entries, {
    log: (...values: readonly unknown[]) => lines.push(format(...values)),
  });
  return lines.join("\n");
}
