// The page about the truth of what the tool says tells what was measured.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readTruth, truthPage } from "../truth/page.ts";

it("docs/truth.md is what the kept results say", () => {
  const page = readFileSync(new URL("../../docs/truth.md", import.meta.url), "utf8");
  expect(page).toBe(truthPage(readTruth()));
});

it("false alarms are told where they are more than 5 %", () => {
  const few = { learner: "trees", tables: 200, rows: 150, advantage: 1, taken: 2, p: 10, naive: 80 };
  const page = (p: number) => truthPage({ machine: "M.", alarms: [{ ...few, p }], nested: [] });
  expect(page(10)).toContain("equal learners are told apart in at most 5 % of the tables");
  expect(page(11)).toContain(
    "equal learners are told apart in MORE than 5 % of the tables: trees (taken 1.0 %, p ≤ .05 5.5 %).",
  );
});
