// The page on the linear model's time says what was measured.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { linearPage, readLinear } from "../tool/linearPage.ts";

it("docs/linear.md is what the kept numbers give", () => {
  expect(readFileSync(new URL("../../docs/linear.md", import.meta.url), "utf8")).toBe(linearPage(readLinear()));
});
