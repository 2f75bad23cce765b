// How sentences and numbers are written for people.
import { describe, expect, it } from "vitest";
import { count, duration, percent, probability, roughPercent, score, sparkline, wrapped } from "../src/words/text.ts";

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

  it("gives a probability the digits that it needs, and a dash to what is no number", () => {
    const thresholds = [0.3424, 0.1, 0.0994, 0.00712, 0.00996, 0, 1].map(probability);
    expect(thresholds).toEqual([".342", ".100", ".099", ".0071", ".010", ".000", "1.000"]);
    const none = Number.NaN;
    expect([score(none), probability(none), percent(none), count(none)]).toEqual(["–", "–", "–", "–"]);
  });

  it("says all or nothing in per cent only where it is all or nothing", () => {
    expect([0, 0.004, 0.005, 0.141, 0.996, 1].map((share) => percent(share))).toEqual([
      "0 %",
      "<1 %",
      "1 %",
      "14 %",
      ">99 %",
      "100 %",
    ]);
    expect([percent(0.9996, 1), percent(0.0002, 1)]).toEqual([">99.9 %", "<0.1 %"]);
    expect([0, 0.0001, 0.01, 0.063, 0.98, 1, 1.954].map(roughPercent)).toEqual([
      "0.0 %",
      "0.010 %",
      "1.0 %",
      "6.3 %",
      "98 %",
      "100 %",
      "195 %",
    ]);
  });
});
