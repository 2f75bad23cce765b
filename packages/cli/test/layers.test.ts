// The rooms of the tool: who may look into whom, and who touches the process and the disk, as CONTRIBUTING.md tells.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { circleIn, importsOf } from "../../surprisal/test/imports.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * The floors, from the ground up, each with its rooms: a folder with all that is in it, or a file at the top. A folder
 * in a room that is named here is a room of its own.
 */
const floors: readonly (readonly string[])[] = [
  ["words", "random.ts", "version.ts", "world.ts"],
  ["errors.ts", "notes.ts"],
  ["disk", "checks"],
  ["table"],
  ["task"],
  ["folds", "scores", "learning"],
  ["learning/linear", "learning/network"],
  ["learning/engines.ts"],
  ["selection"],
  ["verdict"],
  ["running", "saved"],
  ["terminal", "report"],
  ["comparison"],
  ["commands"],
  ["process"],
  ["main.ts"],
];

/** What belongs to the process, the disk and the machine, and the only files and rooms that may ask for it. */
const outside: Readonly<Record<string, readonly string[]>> = {
  "node:fs": ["disk/", "running/journal.ts", "main.ts", "learning/trees/native/find.ts"],
  "node:fs/promises": ["disk/", "table/watchedFile.ts"],
  "node:net": ["disk/lock.ts"],
  "node:os": [
    "disk/lock.ts",
    "disk/passing.ts",
    "disk/plainPath.ts",
    "table/memory.ts",
    "table/duckdb.ts",
    "process/program.ts",
  ],
  "node:process": ["version.ts", "table/memory.ts", "learning/trees/native/find.ts"],
  "node:child_process": ["main.ts"],
  "node:worker_threads": ["process/program.ts"],
  koffi: ["learning/trees/native/foreign.ts"],
};
/** Who may name `process`: those who answer signals and set the exit code, and those who ask what runs where. */
const namesProcess = ["main.ts", "process/", "disk/lock.ts", "disk/plainPath.ts", "disk/temporary.ts"];

const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".ts"));
const textOf = (source: string) => readFileSync(join(root, "src", source), "utf8");

/** What a file imports, and those that it has run in a thread or a process of their own. */
function namesIn(source: string): readonly string[] {
  const threads = [...textOf(source).matchAll(/new URL\([^)]*\? "([^"]+)"/g)].map((match) => match[1]);
  return [...importsOf(textOf(source)), ...threads];
}

const filesOf = (source: string) =>
  namesIn(source)
    .filter((target) => target.startsWith("."))
    .map((target) => posix.join(posix.dirname(source), target));

/** The innermost room that holds a file. */
function roomOf(file: string): string {
  const rooms = floors.flat().filter((room) => file === room || file.startsWith(`${room}/`));
  return rooms.reduce((a, b) => (b.length > a.length ? b : a), "");
}
const floorOf = (room: string) => floors.findIndex((rooms) => rooms.includes(room));

describe("the rooms", () => {
  it.each(sources)("%s imports only from its own room and from floors below", (source) => {
    const room = roomOf(source);
    expect(room, `${source} stands in no room`).not.toBe("");
    for (const target of filesOf(source)) {
      if (target.endsWith("package.json")) continue;
      expect(sources).toContain(target);
      const other = roomOf(target);
      if (other !== room) expect(floorOf(other), `${source} imports ${target}`).toBeLessThan(floorOf(room));
    }
  });

  it("has no circle of files, types included", () => {
    expect(circleIn(new Map(sources.map((source) => [source, filesOf(source)])))).toBeNull();
  });

  it("are the table of CONTRIBUTING.md", () => {
    const page = readFileSync(join(root, "..", "..", "CONTRIBUTING.md"), "utf8");
    const rows = [...page.matchAll(/^\| (\d+) \| `([^`]+)` \| \S.+ \|$/gm)].map(([, floor, room]) => [
      Number(floor),
      room,
    ]);
    expect(rows).toEqual(floors.flatMap((rooms, floor) => rooms.map((room) => [floor + 1, room])));
  });

  it("has no room without a file", () => {
    expect(floors.flat().filter((room) => !sources.some((source) => roomOf(source) === room))).toEqual([]);
  });

  it.each(sources)("%s says in its first line what it is for", (source) => {
    const [first, second] = textOf(source).split("\n");
    expect(first.startsWith("#!") ? second : first).toMatch(/^\/\/ \S.{10,}/);
  });

  it.each(sources)("%s has at most 300 lines, or says why", (source) => {
    const lines = textOf(source).split("\n");
    if (lines.length > 301) expect(lines[0]).toMatch(/\bcatalogue\b/);
  });
});

describe("what is outside", () => {
  const isAmong = (source: string, places: readonly string[]) => places.some((place) => source.startsWith(place));

  it.each(sources)("%s touches the process and the disk only if the law names it", (source) => {
    for (const target of namesIn(source)) {
      if (Object.hasOwn(outside, target)) expect(isAmong(source, outside[target]), target).toBe(true);
    }
    const code = textOf(source).replace(/\/\*.*?\*\/|\/\/[^\n]*/gs, "");
    if (!isAmong(source, namesProcess)) expect(code).not.toMatch(/\bprocess\.\w/);
  });

  it.each(Object.keys(outside))("%s is asked for by all whom the law allows it", (target) => {
    const users = sources.filter((source) => namesIn(source).includes(target));
    expect(outside[target].filter((place) => !users.some((user) => user.startsWith(place)))).toEqual([]);
  });
});
