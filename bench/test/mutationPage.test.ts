// The page about mutations says what was found.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { mutationPage, type Outcome } from "../../scripts/mutate/report.ts";

it("docs/mutation.md is what docs/mutation.json says, for every area, and no survivor is without a reason", () => {
  const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
  const outcomes = JSON.parse(read("mutation.json")) as readonly Outcome[];
  expect(outcomes).toHaveLength(3);
  expect(read("mutation.md")).toBe(mutationPage(outcomes));
  expect(read("mutation.md")).not.toContain("a test is missing");
});
