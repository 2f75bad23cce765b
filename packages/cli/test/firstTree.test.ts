// The first tree is that of XGBoost and of LightGBM: the same splits, the same rows in every leaf, the same values.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Branch, firstTree } from "./firstTree.ts";
import { librariesHere, opened } from "./librariesHere.ts";

interface Recorded {
  readonly title: string;
  readonly version: string;
  readonly tree: Branch;
}

/** As scripts/firstTrees.ts wrote it. */
const recorded: readonly Recorded[] = JSON.parse(
  readFileSync(new URL("./data/firstTrees.json", import.meta.url), "utf8"),
);

/** Two trees are one: values agree in four digits, everything else exactly. */
function expectSame(tree: Branch, other: Branch, place = "root"): void {
  expect(tree.rows, `rows at ${place}`).toBe(other.rows);
  expect("feature" in tree, `a split at ${place}`).toBe("feature" in other);
  if ("feature" in tree && "feature" in other) {
    expect(tree.feature, `feature at ${place}`).toBe(other.feature);
    expectSame(tree.left, other.left, `${place}, left`);
    expectSame(tree.right, other.right, `${place}, right`);
  } else if ("value" in tree && "value" in other) {
    expect(Math.abs(tree.value - other.value), `value at ${place}`).toBeLessThan(1e-4 * Math.abs(other.value));
  }
}

describe("the first tree on a table of numbers", () => {
  it.each(recorded)("is that of $title $version, as it was recorded", ({ tree }) => {
    expectSame(firstTree(null), tree);
  });

  it.each(librariesHere)("is that of $title $version, as it is here", (found) => {
    expectSame(firstTree(null), firstTree(opened(found, "slopes")));
  });
});
