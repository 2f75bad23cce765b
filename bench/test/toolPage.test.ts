// The page about public tables says what was measured.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readBenchmarks } from "../tool/benchmarks.ts";
import { benchmarkPage } from "../tool/page.ts";

it("docs/benchmarks.md is what the kept results say", () => {
  const page = readFileSync(new URL("../../docs/benchmarks.md", import.meta.url), "utf8");
  expect(page).toBe(benchmarkPage(readBenchmarks()));
});
