// Patterns of names: every letter stands for itself, but for those that are wild.
import fc from "fast-check";
import { expect, it } from "vitest";
import { escaped, fitsPattern } from "../src/words/patterns.ts";

it("a name fits itself, and a pattern of its beginning", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (name, more) => {
      expect(new RegExp(`^${escaped(name)}$`, "u").test(name)).toBe(true);
      expect(fitsPattern(`${name}*`, name + more, "*?")).toBe(true);
      expect(fitsPattern(name.replaceAll("*", ""), name.replaceAll("*", ""), "*")).toBe(true);
    }),
  );
});

it("what is not wild is a letter", () => {
  expect(fitsPattern("tag-?*", "tag-a1", "*?")).toBe(true);
  expect(fitsPattern("tag-?", "tag-a", "*")).toBe(false);
  expect(fitsPattern("a.b", "aXb", "*?")).toBe(false);
});
