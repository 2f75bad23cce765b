// Where results go: folders are made, and what cannot be one is refused before any work.
import { existsSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeFolder } from "../src/disk/outputFolder.ts";
import { command, scratch, surprisal, twoClasses } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());
beforeAll(() => {
  place.write("file", "");
  symlinkSync(place.path("nowhere"), place.path("dangling"));
});

describe("the folder for results", () => {
  it("is made with those above it, and may be there already", () => {
    makeFolder(place.path("one/two/three"));
    makeFolder(place.path("one/two"));
    expect(existsSync(place.path("one/two/three"))).toBe(true);
  });

  it.each([
    ["a file", "file", "there is a file of that name"],
    ["below a file", "file/results", "a part of the path is a file, not a folder"],
    ["below new folders, with a name that is too long", `new/newer/${"x".repeat(300)}`, "the name is too long"],
    ["a path of thousands of folders", "deep/".repeat(2000), "the name is too long"],
    ["below a link to nowhere", "dangling/results", "there is a file of that name"],
    ["with a null character", "new/null\0", "a path cannot hold a null character"],
  ])("that cannot be made (%s) is refused, and no part of it is left", (_, name, reason) => {
    const before = readdirSync(place.folder);
    expect(() => makeFolder(place.path(name))).toThrow(`cannot be written (${reason}); name another folder`);
    expect(readdirSync(place.folder)).toEqual(before);
  });

  // Where there is no /proc, nothing is known to take no folders.
  it.runIf(existsSync("/proc/self"))(
    "is refused at once where the system takes no folders",
    async () => {
      place.write("answers.csv", twoClasses(60, "output"));
      for (const output of ["/proc/results", "/proc/deep/results"]) {
        expect(await surprisal(place.folder, "compare", "answers.csv", "answer", "--output", output)).toEqual({
          code: 2,
          out: "",
          err: `surprisal: --output: ${output} cannot be written (no folder can be made there); name another folder\n`,
        });
      }
    },
    20_000,
  );
});

describe("a null character in a path", () => {
  it("is told, not taken for a fault of the program", async () => {
    const table = place.write("answers.csv", twoClasses(60, "output"));
    const output = join(place.folder, "a\0b");
    for (const [message, ...argv] of [
      ["there is no such file", "compare", `${table}\0`, "answer"],
      ["a path cannot hold a null character", "fit", table, "answer", "--output", output],
      ["a path cannot hold a null character", "predict", "a\0b", table],
    ]) {
      const { code, err } = await command(argv);
      expect(code, err).toBe(2);
      expect(err).toContain(message);
    }
  });
});
