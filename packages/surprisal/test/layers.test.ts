// The rooms of the library and who may look into whom; and that it stands on nothing but itself.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".ts"));
const textOf = (source: string) => readFileSync(join(root, "src", source), "utf8");
const importsOf = (source: string) =>
  [...textOf(source).matchAll(/^(?:import|export)[^"]*? from "([^"]+)";$/gms)].map((match) => match[1]);

/** A folder may import from itself and from those before it; the files at the top may import everything. */
const layers = ["errors.ts", "formula", "losses", "activations", "batch", "probability", "backends", "(front)"];
const layerOf = (source: string) => {
  const first = source.split("/")[0];
  const index = layers.indexOf(first);
  return index === -1 ? layers.indexOf("(front)") : index;
};

describe("the layers", () => {
  it.each(sources)("%s imports only from its own layer and those before it", (source) => {
    for (const target of importsOf(source)) {
      expect(target, "an import that is not relative would be a dependency").toMatch(/^\.\.?\//);
      const file = posix.join(posix.dirname(source), target);
      expect(sources).toContain(file);
      expect(layerOf(file), `${source} imports ${file}`).toBeLessThanOrEqual(layerOf(source));
    }
  });

  it.each(sources)("%s says in its first line what it is for", (source) => {
    expect(textOf(source).split("\n")[0]).toMatch(/^\/\/ \S.{10,}/);
  });

  it("names every loss in one place only, the list of losses", () => {
    const files = sources.filter((source) => /^losses\/(?!define|index)/.test(source));
    const list = importsOf("losses/index.ts").map((target) => posix.join("losses", target));
    expect(list).toEqual(expect.arrayContaining(files));
    for (const source of sources) {
      if (source.startsWith("losses/") || source === "index.ts") continue;
      expect(importsOf(source).filter((target) => /losses\/(?!define|index)/.test(target))).toEqual([]);
    }
  });
});

describe("the package", () => {
  it("has no dependency of any kind", () => {
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<string, unknown>;
    for (const kind of ["dependencies", "peerDependencies", "optionalDependencies", "bundledDependencies"]) {
      expect(manifest[kind]).toBeUndefined();
    }
  });

  it("keeps no global state: no source touches globalThis, process, window or document", () => {
    // But for those that start threads and ask how much room there is for them, where Node and browsers differ.
    const others = sources.filter((source) => !/^backends\/wasm\/(threads|system)\.ts$/.test(source));
    for (const source of others) expect(textOf(source)).not.toMatch(/\b(globalThis|process|window|document)\b\./);
  });
});
