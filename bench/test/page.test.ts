// The page about performance says what was measured.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { writePage } from "../page/page.ts";
import { readResults } from "../results.ts";

it("docs/performance.md is what the kept results say", () => {
  const page = readFileSync(new URL("../../docs/performance.md", import.meta.url), "utf8");
  expect(page).toBe(writePage(readResults()));
});
