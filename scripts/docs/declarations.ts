// Reads the declarations that the compiler emits: every public name with its doc comment and its signature.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A public name. */
export interface PublicName {
  readonly name: string;
  /** What it is imported from: "surprisal", "surprisal/wasm", "surprisal/network" or "surprisal/trees". */
  readonly specifier: string;
  /** The source file that declares it, from the source folder, without ending: `batch/alpha`. */
  readonly module: string;
  /** The text of its doc comment, without the stars. */
  readonly comment: string;
  /** Its declaration, without `export declare`. */
  readonly signature: string;
}

/** The files from which a user imports. */
const entries = ["index", "wasm", "network", "trees"];

/**
 * The public names of the library, in the order of its index and of its other entries.
 *
 * @param root the root of the workspace
 * @throws Error if the library does not compile, or names lack a doc comment
 */
export function publicNames(root: string): readonly PublicName[] {
  const scratch = mkdtempSync(join(tmpdir(), "surprisal-docs-"));
  try {
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const folder = join(root, "packages/surprisal");
    execFileSync(process.execPath, [tsc, "-p", folder, "--emitDeclarationOnly", "--outDir", scratch], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    return readNames(scratch);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function readNames(folder: string): readonly PublicName[] {
  const names = entries.flatMap((entry) => readEntry(folder, entry));
  const bare = names.filter(({ comment }) => comment === "").map(({ name, module }) => `${name} (${module}.ts)`);
  if (bare.length > 0) throw new Error(`public names without a doc comment: ${bare.join(", ")}`);
  return names;
}

function readEntry(folder: string, entry: string): readonly PublicName[] {
  const index = readFileSync(join(folder, `${entry}.d.ts`), "utf8");
  const specifier = entry === "index" ? "surprisal" : `surprisal/${entry}`;
  return [...index.matchAll(/^export (?:type )?\{([^}]+)\} from "\.\/(.+)\.ts";$/gm)].flatMap(([, list, module]) => {
    const lines = readFileSync(join(folder, `${module}.d.ts`), "utf8").split("\n");
    return list
      .split(",")
      .map((each) => each.trim().replace(/^type /, ""))
      .filter((name) => name !== "")
      .map((name) => ({ ...readName(name, module, lines), specifier }));
  });
}

function readName(name: string, module: string, lines: readonly string[]): Omit<PublicName, "specifier"> {
  const opening = new RegExp(
    `^export (?:declare )?(?:abstract )?(?:function|const|class|interface|type|enum) ${name}\\b`,
  );
  const start = lines.findIndex((line) => opening.test(line));
  if (start === -1) throw new Error(`${module}.ts does not declare ${name}`);
  let end = start;
  while (!isComplete(lines.slice(start, end + 1).join("\n"))) {
    end++;
    if (end === lines.length) throw new Error(`${module}.ts: the declaration of ${name} does not end`);
  }
  const signature = lines
    .slice(start, end + 1)
    .join("\n")
    .replace(/^export (declare )?/, "")
    .replace(/^( {4})+/gm, (indent) => " ".repeat(indent.length / 2));
  return { name, module, comment: commentBefore(lines, start), signature };
}

/** Whether a declaration has ended: all brackets are closed, and the last character closes it. */
function isComplete(text: string): boolean {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/"[^"\n]*"/g, '""');
  const opened = code.match(/[{([]/g)?.length ?? 0;
  const closed = code.match(/[})\]]/g)?.length ?? 0;
  return opened === closed && /[;}]$/.test(code.trimEnd());
}

/** The text of the doc comment that ends right above a line; empty if there is none. */
function commentBefore(lines: readonly string[], line: number): string {
  if (!lines[line - 1]?.endsWith("*/")) return "";
  let first = line - 1;
  while (first > 0 && !lines[first].startsWith("/**")) first--;
  return lines
    .slice(first, line)
    .join("\n")
    .replace(/^\/\*\*[ ]?/, "")
    .replace(/\s*\*\/$/, "")
    .replace(/^ \* ?/gm, "")
    .trim();
}
