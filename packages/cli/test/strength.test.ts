// How strong L2 is to be: what splits agree on, and the believed strength where they do not.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseStrength } from "../src/selection/strength.ts";

const strengths = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];
const held = 1 / 3;
/** Scores of a split whose best strength is e^center. */
const bowl = (center: number, depth = 1) => strengths.map((strength) => depth * (Math.log(strength) - center) ** 2);
const splits = fc.array(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 7, maxLength: 7 }), {
  minLength: 1,
  maxLength: 6,
});

/** Two strengths are equally good, but for the roundings of a sum. */
const tied = [
  [0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0],
  [0, 0.9999999981390589, 0, 0.99999999999273, 0, 0.2403109495493678, 0],
  [0, 0.9999999980592165, 0, 0.9999999999995371, 0.1698876863238508, 0, 0],
];

describe("the strength of L2", () => {
  it("is the believed one where no split tells strengths apart", () => {
    const flat = [strengths.map(() => 0.3), strengths.map(() => 0.4)];
    expect(chooseStrength(strengths, flat, 0.02, held)).toBeCloseTo(0.02, 12);
  });

  it("is the believed one where the splits disagree", () => {
    expect(chooseStrength(strengths, [bowl(-6), bowl(-1)], 0.02, held)).toBeCloseTo(0.02, 12);
  });

  it("is the bottom of the curve, also between tried strengths, where the splits agree", () => {
    const sure = [bowl(-2.9), bowl(-2.9), bowl(-2.9)];
    expect(Math.log(chooseStrength(strengths, sure, 0.001, held))).toBeCloseTo(-2.9, 1);
    expect(Math.log(chooseStrength(strengths, [bowl(-2.9)], 0.001, held))).toBeCloseTo(-2.9, 1);
  });

  it("goes no further from the believed one than the splits are sure of", () => {
    const centers = [-3, -2.6, -3.4, -2.8, -3.2];
    const chosen = Math.log(
      chooseStrength(
        strengths,
        centers.map((center) => bowl(center)),
        0.001,
        held,
      ),
    );
    expect(chosen).toBeLessThan(-3);
    expect(chosen).toBeGreaterThan(-3.6);
  });

  it("does not depend on the order of the splits, nor on how hard a split is", () => {
    fc.assert(
      fc.property(splits, fc.double({ min: 0.0005, max: 2, noNaN: true }), (scores, believed) => {
        const chosen = chooseStrength(strengths, scores, believed, held);
        expect(chosen).toBeGreaterThanOrEqual(0.001 * (1 - 1e-12));
        expect(chosen).toBeLessThanOrEqual(1 + 1e-12);
        expect(chooseStrength(strengths, [...scores].reverse(), believed, held)).toBe(chosen);
      }),
      { examples: [[tied, 0.0005]] },
    );
    const scores = [bowl(-3), bowl(-2), bowl(-2.7)];
    const harder = scores.map((each, k) => each.map((score) => score + 10 * k));
    expect(chooseStrength(strengths, harder, 0.5, held)).toBeCloseTo(chooseStrength(strengths, scores, 0.5, held), 6);
  });
});
