// Runs a code block of the documentation on the library's source, to learn its output.
import { format } from "node:util";
import * as library from "../../packages/surprisal/src/index.ts";

/**
 * The lines that a block prints. The block is plain JavaScript with one import, from "surprisal".
 *
 * @throws Error if it imports anything else, and whatever the block throws
 */
export function outputOf(code: string): string {
  const body = code.replace(/^import \{([^}]+)\} from "surprisal";$/m, (_, names: string) => {
    return `const {${names}} = surprisal;`;
  });
  if (/^import /m.test(body)) throw new Error(`a generated example may import only from "surprisal":\n${code}`);
  const lines: string[] = [];
  new Function("surprisal", "console", body)(library, {
    log: (...values: readonly unknown[]) => lines.push(format(...values)),
  });
  return lines.join("\n");
}
