// The rooms of the library and who may look into whom; and that it stands on nothing but itself.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { circleIn, importsOf } from "./imports.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".ts"));
const textOf = (source: string) => readFileSync(join(root, "src", source), "utf8");
const written = new Map(sources.map((source) => [source, importsOf(textOf(source))]));
const importedBy = (source: string) =>
  (written.get(source) ?? []).map((target) => posix.join(posix.dirname(source), target));

/** In a plan, the files of a folder that are not named in it. Where they are not in it, they are at the top. */
const others = "(others)";
/**
 * The folders with a plan, each with its floors from the ground up; what stands beside each other on a floor is a room.
 * A file imports from its own room and from those on lower floors, types included.
 */
const plans: Readonly<Record<string, readonly (readonly string[])[]>> = {
  ".": [["errors.ts"], ["formula"], ["losses"], ["activations"], ["batch"], ["probability"], ["backends"]],
  formula: [[others], ["languages"]],
  backends: [["backend.ts", "sum.ts"], ["reference.ts"], ["wasm"]],
  "backends/wasm": [
    ["assembler"],
    ["kernel", "mathematics", "memory"],
    ["formula", "network", "threads", "trees"],
    ["sigmoid", "softmax"],
  ],
};
const floorsOf = (folder: string) =>
  plans[folder].flat().includes(others) ? plans[folder] : [...plans[folder], [others]];

/** The room of a file among those of a folder, and its floor. */
function roomIn(folder: string, file: string): { readonly room: string; readonly floor: number } {
  const first = posix.relative(folder, file).split("/")[0];
  const floors = floorsOf(folder);
  const room = floors.flat().includes(first) ? first : others;
  return { room, floor: floors.findIndex((rooms) => rooms.includes(room)) };
}

const isIn = (folder: string, file: string) => folder === "." || file.startsWith(`${folder}/`);

describe("the rooms", () => {
  it.each(sources)("%s imports only from its own room and from lower floors", (source) => {
    for (const target of written.get(source) ?? []) {
      expect(target, "an import that is not relative would be a dependency").toMatch(/^\.\.?\//);
    }
    for (const target of importedBy(source)) {
      expect(sources).toContain(target);
      for (const folder of Object.keys(plans)) {
        if (!isIn(folder, source) || !isIn(folder, target)) continue;
        const [from, to] = [roomIn(folder, source), roomIn(folder, target)];
        if (from.room === to.room) continue;
        expect(to.floor, `${source} imports ${target}`).toBeLessThan(from.floor);
      }
    }
  });

  it.each(Object.keys(plans))("of %s are all in its plan, and the plan names no other", (folder) => {
    const inside = sources.filter((source) => isIn(folder, source)).map((source) => posix.relative(folder, source));
    const folders = new Set(inside.filter((file) => file.includes("/")).map((file) => file.split("/")[0]));
    const planned = plans[folder].flat().filter((room) => room !== others);
    expect(planned).toEqual(expect.arrayContaining([...folders]));
    for (const room of planned) expect(room.endsWith(".ts") ? inside : [...folders]).toContain(room);
  });

  it("of the WASM back end are those of the table in docs/grammar.md, floor by floor", () => {
    const page = readFileSync(join(root, "../../docs/grammar.md"), "utf8");
    const rows = [...page.matchAll(/^\| (\d) \| (.+) \|$/gm)].map(([, floor, rooms]) => [
      Number(floor),
      [...rooms.matchAll(/`(\w+)\/`/g)].map(([, room]) => room).sort(),
    ]);
    const planned = plans["backends/wasm"].map((rooms, k) => [k + 1, [...rooms].sort()]);
    expect(rows.reverse()).toEqual(planned);
  });

  it("have no circle of files, types included", () => {
    const circle = circleIn(new Map(sources.map((source) => [source, importedBy(source)])));
    expect(circle?.join(" imports ")).toBeUndefined();
  });

  it.each(sources)("%s says in its first line what it is for", (source) => {
    expect(textOf(source).split("\n")[0]).toMatch(/^\/\/ \S.{10,}/);
  });

  it("names every loss in one place only, the list of losses", () => {
    const files = sources.filter((source) => /^losses\/(?!define|index)/.test(source));
    expect(importedBy("losses/index.ts")).toEqual(expect.arrayContaining(files));
    for (const source of sources) {
      if (source.startsWith("losses/") || source === "index.ts") continue;
      expect(importedBy(source).filter((target) => /losses\/(?!define|index)/.test(target))).toEqual([]);
    }
  });
});

describe("the law of the rooms itself", () => {
  it.each([
    ['import { a, type B } from "./a.ts";', ["./a.ts"]],
    ['import type {\n  A,\n  B,\n} from "./a.ts";', ["./a.ts"]],
    ["import type A from './a.ts'", ["./a.ts"]],
    ['import * as a from "./a.ts";', ["./a.ts"]],
    ['import "./a.ts";', ["./a.ts"]],
    ['export { a } from "./a.ts";\nexport * from "./b.ts";', ["./a.ts", "./b.ts"]],
    ['export type { A } from "./a.ts";', ["./a.ts"]],
    ['const a = await import("./a.ts");', ["./a.ts"]],
    ['let a: import("./a.ts").A;', ["./a.ts"]],
    ["const a = import(\n  `./a.ts`\n);", ["./a.ts"]],
    ['const a = require("a");', ["a"]],
    ['// import { a } from "./a.ts";\n/* import("./b.ts") */', []],
    ['/** import { a } from "./a.ts" */ import { b } from "./b.ts";', ["./b.ts"]],
    ['const a = "//"; import { b } from "./b.ts"; // "', ["./b.ts"]],
    ['export const a = Array.from("abc");', []],
    ['export function from(a: string) {\n  return a === "b";\n}', []],
  ])("sees in %j what is imported", (text, imported) => {
    expect([...importsOf(text)].sort()).toEqual([...imported].sort());
  });

  it("sees a circle", () => {
    const graph = { a: ["b", "c"], b: ["d"], c: ["d"], d: ["e"], e: [] as string[] };
    expect(circleIn(new Map(Object.entries(graph)))).toBeNull();
    graph.e.push("b");
    expect(circleIn(new Map(Object.entries(graph)))).toEqual(["b", "d", "e", "b"]);
    expect(circleIn(new Map([["a", ["a"]]]))).toEqual(["a", "a"]);
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
    const allowed = /^backends\/wasm\/(threads\/threads|memory\/system)\.ts$/;
    for (const source of sources.filter((source) => !allowed.test(source))) {
      expect(textOf(source)).not.toMatch(/\b(globalThis|process|window|document)\b\./);
    }
  });
});
