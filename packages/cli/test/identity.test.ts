// A journal is taken over by the very comparison that wrote it, and by no other.
import { afterAll, describe, expect, it } from "vitest";
import type { CompareOptions } from "../src/comparison/options.ts";
import { prepareComparison } from "../src/comparison/prepare.ts";
import { identityOf } from "../src/running/identity.ts";
import { quickComparison } from "./asked.ts";
import { scratch, twoClasses } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

const rows = twoClasses(200, "identity");

/** The identity of a comparison of a table. */
async function identity(text: string, options: Partial<CompareOptions> = {}): Promise<string> {
  const table = place.write("answers.csv", text);
  return identityOf(await prepareComparison(quickComparison(table, options)));
}

const lines = rows.trim().split("\n");
const withLast = (line: string) => `${[...lines.slice(0, -1), line].join("\n")}\n`;
const [a, b, colour, answer] = lines.at(-1)!.split(",");

describe("a journal belongs to one comparison", () => {
  it("which is the same where nothing that a fold depends on differs", async () => {
    expect(await identity(rows, { jobs: 2, output: place.folder, resume: true, command: "other" })).toBe(
      await identity(rows),
    );
  });

  it.each<[what: string, text: string, options: Partial<CompareOptions>]>([
    ["a number", withLast(`${Number(a) + 1},${b},${colour},${answer}`), {}],
    ["a number that is missing", withLast(`,${b},${colour},${answer}`), {}],
    ["a category", withLast(`${a},${b},other,${answer}`), {}],
    ["an answer", withLast(`${a},${b},${colour},${answer === "yes" ? "no" : "yes"}`), {}],
    ["the name of a column", rows.replace("a,b,colour", "a,c,colour"), {}],
    ["the order of rows", `${[lines[0], ...lines.slice(1).reverse()].join("\n")}\n`, {}],
    ["the positive class", rows, { positive: "no" }],
    ["the features", rows, { drop: ["b"] }],
    ["the groups", rows, { group: "colour", foldCount: 2 }],
    ["the seed", rows, { seed: 1 }],
    ["the losses", rows, { losses: ["ce"] }],
    ["the model", rows, { models: ["mlp"] }],
    ["the models", rows, { models: ["linear", "mlp"] }],
    ["the pace", rows, { pace: "default" }],
  ])("and to no other: %s differs", async (_, text, options) => {
    const same = "group" in options ? { foldCount: 2 } : {};
    expect(await identity(text, options)).not.toBe(await identity(rows, same));
  });
});
