// How sentences and numbers are written for people.
import { describe, expect, it } from "vitest";
import { duration, score, sparkline, wrapped } from "../src/words/text.ts";

describe("text", () => {
  it("is broken at spaces, and a per cent sign stays with its number", () => {
    const text = "A recommendation needs 95 % of certainty and 100 % of patience.";
    for (let columns = 14; columns < 70; columns++) {
      const lines = wrapped(text, columns, "").split("\n");
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
      expect(lines.filter((line) => line.startsWith("%"))).toEqual([]);
      expect(lines.join(" ")).toBe(text);
    }
  });

  it("writes numbers as a newspaper does", () => {
    expect([score(0.7554), score(-0.02, 2), score(1), duration(0.2), duration(40), duration(200)]).toEqual([
      ".755",
      "-.02",
      "1.000",
      "1 s",
      "40 s",
      "3 min",
    ]);
    expect(sparkline([0, 0.5, 1], 0, 1)).toBe("▁▅█");
  });
});
