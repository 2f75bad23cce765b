// The verdict: when to switch, when to keep, when to say that nobody can tell.
import { losses } from "surprisal";
import { describe, expect, it } from "vitest";
import type { Comparison } from "../src/scores/statistics.ts";
import { describeCandidate, familyNames, makeFamilies } from "../src/selection/families.ts";
import { type Challenger, certaintyFor, decideVerdict } from "../src/verdict/verdict.ts";

const [reference, balanced, focal] = makeFamilies(["ce", "balanced", "focal"], false);

function challenger(family: typeof focal, better: number, corrected = 0.01): Challenger {
  const comparison: Comparison = {
    mean: 0.1 - 0.2 * better,
    low: -0.3,
    high: 0.2,
    better,
    same: (1 - better) / 2,
    worse: (1 - better) / 2,
    p: corrected,
  };
  return { family, comparison, corrected };
}
const enough = certaintyFor(100);
const decide = (challengers: readonly Challenger[], certainty = enough, hasThreshold = true) =>
  decideVerdict({ reference, challengers, certainty, hasThreshold });

describe("the verdict", () => {
  it("recommends another loss only with 95 % certainty", () => {
    expect(decide([challenger(focal, 0.96)])).toMatchObject({
      kind: "switch",
      recommended: "focal",
    });
    expect(decide([challenger(focal, 0.94)])).toMatchObject({
      kind: "cannot-tell",
      recommended: "ce",
    });
    expect(decide([challenger(focal, 0.3)])).toMatchObject({ kind: "keep", recommended: "ce" });
  });

  it("asks for the corrected test, too", () => {
    expect(decide([challenger(focal, 0.96, 0.06)]).kind).toBe("cannot-tell");
  });

  it("takes the simpler of two that are certain", () => {
    const both = [challenger(balanced, 0.96), challenger(focal, 0.99)];
    expect(decide(both).recommended).toBe("balanced-ce");
  });

  it("asks for 99 % where positives are few, and ranks nothing where they are fewer", () => {
    expect(decide([challenger(focal, 0.97)], certaintyFor(20)).kind).toBe("cannot-tell");
    expect(decide([challenger(focal, 0.995)], certaintyFor(20)).kind).toBe("switch");
    const few = decide([challenger(focal, 0.999)], certaintyFor(5));
    expect(few).toMatchObject({ kind: "too-few", recommended: "ce" });
    expect(few.reason).toContain("a ranking takes 10");
  });

  it("speaks of the threshold only where there is one", () => {
    expect(decide([challenger(focal, 0.1)]).reason).toContain("threshold");
    expect(decide([challenger(focal, 0.1)], enough, false).reason).toBe("");
  });
});

describe("the families", () => {
  it("have cross entropy first, whatever is asked for", () => {
    expect(reference.id).toBe("ce");
    expect(makeFamilies(["focal"], true).map(({ id }) => id)).toEqual(["ce", "focal"]);
    expect(makeFamilies(["focal", "focal", "ce"], true).map(({ id }) => id)).toEqual(["ce", "focal"]);
  });

  it("order their settings from simple to elaborate", () => {
    expect(focal.candidates.map(({ parameters }) => parameters.gamma)).toEqual([0.5, 1, 2, 3, 5]);
    expect(balanced.candidates.map(({ weighting }) => weighting)).toEqual([
      "inverse-sqrt",
      "effective-number",
      "inverse",
    ]);
    expect(describeCandidate(balanced.candidates[0])).toBe("inverse-sqrt weights");
    expect(describeCandidate(focal.candidates[2])).toBe("gamma 2");
  });

  it("follow from the list of losses: a new loss is a new choice", () => {
    expect(familyNames()).toEqual(
      expect.arrayContaining(["ce", "balanced-ce", "focal", "poly1", "gce", "balanced-asl"]),
    );
    expect(familyNames()).toHaveLength(2 * losses.length);
    for (const name of familyNames()) {
      const family = makeFamilies([name], false).at(-1);
      expect(family?.id).toBe(name);
      expect(family?.candidates.length).toBeGreaterThan(0);
    }
  });

  it("are refused by name", () => {
    expect(() => makeFamilies(["foccal"], false)).toThrow(/there is no loss "foccal"; did you mean "focal"/);
  });
});
