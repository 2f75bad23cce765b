// `fit` alone: one loss on all rows, without folds, so that nothing is refused or recorded for folds that nobody uses.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { modelBytes, readModelFile } from "../src/saved/modelFile.ts";
import { command, scratch, twoClasses } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

/** A call of fit on a table, into a folder of its own. */
async function fit(name: string, text: string, ...flags: readonly string[]) {
  const table = place.write(`${name}.csv`, text);
  const folder = place.path(join("models", name));
  const called = await command(["fit", table, "answer", "--model", "linear", "--output", folder, ...flags]);
  return { ...called, model: join(folder, `${name}.onnx`) };
}

describe("fit", () => {
  it("makes its folder, as compare does, and records no folds", async () => {
    const { code, model } = await fit("plain", twoClasses(200, "fit"));
    expect(code).toBe(0);
    expect((await readModelFile(model)).provenance.foldHash).toBeNull();
  });

  it("takes tables that no two folds could be dealt of", async () => {
    // All rows with the answer yes are in one group: folds would leave one without them.
    const lines = twoClasses(200, "groups").trim().split("\n");
    const grouped = lines.map((line, n) => `${line},${n === 0 ? "who" : line.endsWith("yes") ? "one" : `other ${n}`}`);
    const { code, err } = await fit("grouped", grouped.join("\n"), "--group", "who");
    expect(code, err).toBe(0);
  });

  it("says of copies what it does with them, which is not a matter of folds", async () => {
    const [head, ...rows] = twoClasses(200, "copies").trim().split("\n");
    const twice = [head, ...rows, ...rows].join("\n");
    const together = await fit("together", twice);
    expect(together.out.replace(/\s+/g, " ")).toContain(
      "200 rows have the same features as another and stay together with it where settings are chosen (--keep-duplicates",
    );
    expect(together.out).not.toContain("fold");
    const apart = await fit("apart", twice, "--keep-duplicates");
    expect(apart.out.replace(/\s+/g, " ")).toContain(
      "may be held out apart from it where settings are chosen, as asked",
    );
  });

  it.each([
    ["--gamma 2", ["--loss", "focal", "--gamma", "2"], ["--loss", "focal", "--set", "gamma=2"]],
    ["the usual threshold", ["--threshold", "0.5"], []],
  ])("takes %s as it takes the same in other words", async (_, one, other) => {
    const models = await Promise.all(
      [one, other].map(async (flags, k) => (await fit(`words ${k}`, twoClasses(150, "words"), ...flags)).model),
    );
    const [first, second] = await Promise.all(
      models.map(async (path) => {
        const { provenance, ...saved } = await readModelFile(path);
        return modelBytes({ ...saved, provenance: { ...provenance, command: "", source: "" } });
      }),
    );
    expect(first).toEqual(second);
  });

  it("leaves nothing where it is refused", async () => {
    const { code, model } = await fit("refused", "a,answer\n1,yes\n2,yes\n");
    expect(code).toBe(2);
    expect(existsSync(model)).toBe(false);
  });
});
