// Documentation that cannot go stale: its code runs and prints what it says, and every public name is explained.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const library = join(dirname(fileURLToPath(import.meta.url)), "..");
const workspace = join(library, "../..");
const dist = join(library, "dist");

interface Block {
  /** "README.md, line 20": where it begins. */
  readonly place: string;
  readonly code: string;
  /** What it must print; nothing, if no text block follows. */
  readonly output: string;
}

const documents = [
  "README.md",
  "packages/surprisal/README.md",
  ...readdirSync(join(workspace, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name.replaceAll("\\", "/")}`)
    .sort(),
];

/** The blocks marked ts, each with the block marked text right after it. */
function blocksOf(path: string): readonly Block[] {
  const markdown = readFileSync(join(workspace, path), "utf8");
  return [...markdown.matchAll(/^```ts\n([\s\S]*?)^```$(?:\s*^```text\n([\s\S]*?)^```$)?/gm)].map((match) => ({
    place: `${path}, line ${markdown.slice(0, match.index).split("\n").length}`,
    code: match[1],
    output: (match[2] ?? "").trimEnd(),
  }));
}

const blocks = documents.flatMap(blocksOf);

/** Runs files given as arguments, one after the other, and prints as JSON what each printed or threw. */
const runner = `
import { format } from "node:util";
const print = console.log;
const results = [];
for (const file of process.argv.slice(2)) {
  const lines = [];
  let error = null;
  console.log = (...values) => lines.push(format(...values));
  try {
    await import(file);
  } catch (thrown) {
    error = String(thrown?.stack ?? thrown);
  }
  results.push({ output: lines.join("\\n"), error });
}
print(JSON.stringify(results));
`;

// Inside the workspace, where "surprisal" resolves as it does for a user; git ignores the folder.
const scratch = join(workspace, ".cache", `docs-${process.pid}`);
let results: readonly { readonly output: string; readonly error: string | null }[] = [];
let typeErrors: string | null = null;

beforeAll(async () => {
  if (!existsSync(join(dist, "index.js"))) {
    throw new Error("packages/surprisal/dist is missing; run `npm run build` first");
  }
  mkdirSync(scratch, { recursive: true });
  writeFileSync(join(scratch, "package.json"), '{ "type": "module" }');
  writeFileSync(join(scratch, "runner.mjs"), runner);
  const files = await Promise.all(
    blocks.map(async ({ code }, index) => {
      const { code: javascript } = await transform(code, { loader: "ts" });
      writeFileSync(join(scratch, `block${index}.ts`), code);
      writeFileSync(join(scratch, `block${index}.mjs`), javascript);
      return `./block${index}.mjs`;
    }),
  );
  const { compilerOptions } = JSON.parse(readFileSync(join(library, "tsconfig.test.json"), "utf8")) as {
    compilerOptions: object;
  };
  writeFileSync(
    join(scratch, "tsconfig.json"),
    JSON.stringify({
      extends: join(library, "tsconfig.json"),
      compilerOptions: { ...compilerOptions, noUnusedLocals: false },
      include: ["*.ts"],
    }),
  );
  const [ran, checked] = await Promise.all([
    run(process.execPath, [join(scratch, "runner.mjs"), ...files], { cwd: scratch, timeout: 50_000 }),
    run(process.execPath, [join(workspace, "node_modules/typescript/bin/tsc"), "-p", scratch]).catch(
      (error: { stdout?: string }) => error.stdout ?? String(error),
    ),
  ]);
  results = JSON.parse(ran.stdout) as typeof results;
  typeErrors = typeof checked === "string" ? checked : null;
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe("the code in the documentation", () => {
  it.each(blocks.map((block, index) => ({ ...block, index })))(
    "$place: runs and prints what it says",
    ({ output, index }) => {
      expect(results[index].error).toBeNull();
      expect(results[index].output.trimEnd()).toBe(output);
    },
  );

  it("satisfies the compiler, strictly", () => {
    const placed = typeErrors?.replace(/\S*block(\d+)\.ts\((\d+),/g, (_, index: string, line: string) => {
      return `${blocks[Number(index)].place} + ${line} (`;
    });
    expect(placed ?? "").toBe("");
  });

  it("exists in every README and on every page of a loss", () => {
    for (const path of documents.filter((each) => /README|docs\/losses\//.test(each))) {
      expect(blocksOf(path), path).not.toEqual([]);
    }
  });
});

describe("the generated documentation", () => {
  it("is what scripts/docs.ts would write now", async () => {
    const tsx = join(workspace, "node_modules/tsx/dist/cli.mjs");
    const { stderr } = await run(process.execPath, [tsx, join(workspace, "scripts/docs.ts"), "--check"]).catch(
      (error: { stderr?: string }) => ({ stderr: error.stderr ?? String(error) }),
    );
    expect(stderr).toBe("");
  });
});

describe("links", () => {
  it.each([...documents, "CONTRIBUTING.md", "CHANGELOG.md"])("of %s lead to files that exist", (path) => {
    const markdown = readFileSync(join(workspace, path), "utf8").replace(/```[\s\S]*?```/g, "");
    const targets = [...markdown.matchAll(/(?:\]\(|src="|srcset=")([^)"#\s]+)/g)].map((match) => match[1]);
    for (const target of targets.filter((each) => !/^[a-z]+:/.test(each))) {
      expect(existsSync(join(workspace, dirname(path), target)), `${path} links to ${target}`).toBe(true);
    }
  });
});

describe("the public names", () => {
  const manifest = JSON.parse(readFileSync(join(dist, "../package.json"), "utf8")) as {
    exports: Readonly<Record<string, { types: string }>>;
  };
  const entries = Object.values(manifest.exports).map(({ types }) => join(dist, "..", types));
  const index = entries.map((path) => (existsSync(path) ? readFileSync(path, "utf8") : "")).join("\n");
  const names = [...index.matchAll(/\{([^}]+)\} from "\.\/(.+)\.ts"/g)].flatMap(([, list, module]) =>
    list
      .split(",")
      .map((name) => ({ name: name.trim().replace(/^type /, ""), module }))
      .filter(({ name }) => name !== ""),
  );

  it("are found", () => expect(names.length).toBeGreaterThan(40));

  it.each(names)("$name has a doc comment with at least one sentence", ({ name, module }) => {
    const text = readFileSync(join(dist, `${module}.d.ts`), "utf8");
    const comment = new RegExp(
      `/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s*export (?:declare )?(?:function|const|class|interface|type) ${name}\\b`,
    ).exec(text)?.[1];
    expect(comment, `${module}.ts: ${name} lacks a doc comment`).toBeDefined();
    const [first] = String(comment)
      .replace(/^\s*\*/gm, "")
      .split(/^\s*@/m);
    expect(first.trim()).toMatch(/\w+ \w+[\s\S]*[.:]/);
  });
});

describe("the dependencies", () => {
  const page = readFileSync(join(workspace, "docs/dependencies.md"), "utf8");
  const sections = page.split(/^## /m);
  /** The section of each package that has some, by its heading; the root's comes before all headings. */
  const manifests = [
    ["package.json", ""],
    ["packages/cli/package.json", "surprisal-cli"],
    ["bench/package.json", "Benchmarks"],
  ] as const;

  it.each(manifests)("of %s have a line of reason each, and the page names no others", (path, heading) => {
    const manifest = JSON.parse(readFileSync(join(workspace, path), "utf8")) as Readonly<
      Record<string, Readonly<Record<string, string>> | undefined>
    >;
    const kinds = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];
    // A package that is an optional peer is one to develop with, too.
    const needed = [...new Set(kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {})))];
    const section = heading === "" ? sections[0] : sections.find((each) => each.startsWith(`${heading}\n`));
    const listed = [...(section ?? "").matchAll(/^\| (\S+) \| \S.+ \|$/gm)]
      .map((match) => match[1])
      .filter((name) => name !== "package");
    expect(needed.length).toBeGreaterThan(0);
    expect(listed.sort()).toEqual(needed.sort());
  });

  it("are told in no other section of the page", () => {
    expect(sections.slice(1).map((each) => each.split("\n")[0])).toEqual(["surprisal-cli", "Benchmarks"]);
  });
});
