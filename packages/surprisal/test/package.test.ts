// What a user installs: its contents, its types, its size, and that it runs where it says.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const workspace = join(root, "../..");
const scratch = mkdtempSync(join(tmpdir(), "surprisal-package-"));
let files: string[] = [];
let tarball = "";

beforeAll(async () => {
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", scratch], {
    cwd: root,
  });
  const parsed = JSON.parse(stdout) as unknown;
  const [packed] = (Array.isArray(parsed) ? parsed : Object.values(parsed as object)) as {
    filename: string;
    files: { path: string }[];
  }[];
  files = packed.files.map(({ path }) => path);
  tarball = join(scratch, packed.filename);
});
afterAll(() => rmSync(scratch, { recursive: true }));

/** What a program with this code weighs when it is sent to a browser, in bytes. */
async function bundledSize(code: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: root },
    alias: { surprisal: join(root, "dist/index.js") },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

describe("the package", () => {
  it("contains its code, its types, README, LICENSE and package.json, and nothing else", () => {
    const others = files.filter((path) => !/^dist\/.+\.(js|d\.ts)$/.test(path));
    expect(others.sort()).toEqual(["LICENSE", "README.md", "package.json"]);
    expect(files).toContain("dist/index.js");
    expect(files.every((path) => !path.endsWith(".js") || files.includes(path.replace(/\.js$/, ".d.ts")))).toBe(true);
  });

  it("is clean by publint", async () => {
    const { stdout } = await run(join(workspace, "node_modules/.bin/publint"), ["--strict", tarball]);
    expect(stdout).toContain("All good!");
  });

  it("has types that resolve, by arethetypeswrong", async () => {
    const attw = join(workspace, "node_modules/.bin/attw");
    // It exits with 1 for any problem; require() of an ES module, which Node 20.19 can do, is outside the profile.
    const { stdout } = await run(attw, [tarball, "--profile", "esm-only", "--no-color", "--no-emoji"]);
    const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { exports: object };
    for (const entry of Object.keys(exports)) {
      const row = stdout.split("\n").find((line) => line.includes(`"${posix.join("surprisal", entry)}"`));
      expect(row, `the row of ${entry}`).toMatch(/OK \(ESM\).*OK/);
    }
  });

  it("bundles crossEntropy and evaluate alone into at most 12 kB, minified and gzipped", async () => {
    expect(await bundledSize('export { crossEntropy, evaluate } from "surprisal";')).toBeLessThanOrEqual(12_000);
  });

  it("leaves out what is not imported", async () => {
    const one = await bundledSize('export { crossEntropy } from "surprisal";');
    const all = await bundledSize('export * from "surprisal";');
    expect(one).toBeLessThan(0.7 * all);
    expect(await bundledSize('import "surprisal";')).toBeLessThan(60);
  });

  it("names no registry host in the lock file", () => {
    expect(readFileSync(join(workspace, "package-lock.json"), "utf8")).not.toMatch(/"resolved": "https?:/);
  });
});
