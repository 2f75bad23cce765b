// The page about trees says what was measured, and what was not.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { treesPage } from "../trees/page.ts";
import { readTreeResults, type TreeResults } from "../trees/results.ts";

it("docs/trees.md is what the kept results say", () => {
  const page = readFileSync(new URL("../../docs/trees.md", import.meta.url), "utf8");
  expect(page).toBe(treesPage(readTreeResults()));
});

it("a part that could not run says why, and one that has not been run says so", () => {
  const page = treesPage({ speed: { notRun: "there is no python3" } });
  expect(page).toContain("\n\nNot run: there is no python3.\n\n## The first tree");
  expect(page.match(/Not run yet\./g)).toHaveLength(4);
});

it("goals that are missed are told", () => {
  const fit = { cpuSeconds: 2, peakMegabytes: 100, startMegabytes: 60, logLoss: 0.5 };
  const size = { rows: 4000, columns: 19, turns: 3, xgboost: { ...fit, cpuSeconds: 1 } };
  const speed = (cpuRatio: number, peakMegabytes: number): TreeResults => ({
    speed: { machine: "M.", version: "3", sizes: [{ ...size, cpuRatio, ours: { ...fit, peakMegabytes } }] },
  });
  expect(treesPage(speed(2, 120))).toContain(
    "the goal of 1.5 times is MISSED at 4,000 × 19, that of 1 at none. The peak of the whole process is above its at 4,000 × 19",
  );
  expect(treesPage(speed(0.9, 90))).toContain(
    "the goal of 1.5 times is met at every size, that of 1 too. The peak of the whole process is nowhere above its; what the fit adds to the table in memory is nowhere more.",
  );
  const tree = { table: "wine", positive: "c1", rows: 178, columns: 13, splits: 5, leaves: 6, largest: 3e-8 };
  const first = (difference: string | null): TreeResults => ({
    first: { machine: "M.", version: "3", trees: [{ ...tree, difference }] },
  });
  expect(treesPage(first(null))).toContain("all 5 splits are those of XGBoost 3");
  expect(treesPage(first("one splits"))).toContain("after 5 equal splits DIFFERENT: one splits.");
});

it("the treatment of categories that the tool has is told beside the one that is lowest in the mean", () => {
  const scores = { a: { codes: 0.3, groups: 0.1 }, b: { codes: 0.1, groups: 0.2 } };
  const page = (used: string) => treesPage({ categories: { machine: "M.", used, scores } });
  expect(page("groups")).toContain("the lowest is `groups` (0.1500), which is what the tool does.");
  expect(page("codes")).toContain("the lowest is `groups` (0.1500), while the tool does `codes` (0.2000).");
});
