// Thresholds by formula and by search: they agree where probabilities are true, and it is said where they are not.
import { describe, expect, test } from "vitest";
import { Random } from "../src/random.ts";
import { binaryConfusion, type Column01 } from "../src/scores/confusion.ts";
import { checkGoals, type GoalsAsked, goalsOf, nothingAsked } from "../src/verdict/goals.ts";
import { chooseThresholds, outcomeOf } from "../src/verdict/thresholds.ts";
import { binaryTarget } from "./simulation.ts";

const asked: GoalsAsked = {
  costs: { miss: 5, falseAlarm: 1 },
  recall: 0.9,
  precision: 0.8,
  top: { rows: 200 },
};

/** Labels drawn with probabilities that are true, mostly small. */
function drawn(rows: number, seed: string): Column01 & { readonly fold: readonly number[] } {
  const random = new Random(seed);
  const probabilities = Float64Array.from({ length: rows }, () => random.next() ** 3);
  const labels = Int32Array.from(probabilities, (p) => Number(random.next() < p));
  return { labels, probabilities, fold: Array.from({ length: rows }, (_, row) => row % 5) };
}

const choose = ({ fold, ...column }: ReturnType<typeof drawn>, goals: GoalsAsked = asked) =>
  chooseThresholds(column, fold, goalsOf(goals, column.labels.length));

describe("where probabilities are true", () => {
  const column = drawn(20_000, "true");
  const choices = choose(column);

  test("formula and search give nearly the same, whatever the goal, and nothing is called off", () => {
    expect(choices.map(({ kind }) => kind)).toEqual(["costs", "recall", "precision", "top", "F1", "balanced accuracy"]);
    for (const { goal, promised, atFormula, atSearch, disagree } of choices) {
      expect(Math.abs(atFormula - promised), goal).toBeLessThan(0.02);
      expect(Math.abs(atSearch - atFormula), goal).toBeLessThan(0.02);
      expect(disagree, goal).toBe(false);
    }
  });

  test("what was asked for is what comes out", () => {
    const [, recall, precision, top] = choices;
    expect(recall.recall).toBeCloseTo(0.9, 1);
    expect(precision.precision).toBeCloseTo(0.8, 1);
    expect(top.flagged).toBe(200);
    expect(top.atFormula).toBe(top.precision);
  });

  test("in 200 small tables a threshold is called off in at most one of ten", () => {
    const off = Array.from({ length: 200 }, (_, n) => choose(drawn(400, `small ${n}`)))
      .flat()
      .filter(({ disagree }) => disagree).length;
    expect(off, "called off although true").toBeLessThan(0.1 * 200 * 6);
  });
});

test("where probabilities are half of what is true, all is called off but recall and F1, which halving hardly moves", () => {
  const { labels, probabilities, fold } = drawn(20_000, "bent");
  const bent = choose({ labels, probabilities: probabilities.map((p) => p / 2), fold });
  const off = bent.filter(({ disagree }) => disagree).map(({ kind }) => kind);
  expect(off).toEqual(["costs", "precision", "top", "balanced accuracy"]);
});

describe("the search", () => {
  test("finds the best threshold of the other folds, as trying every one of them does", () => {
    const column = drawn(60, "few");
    const goals = goalsOf({ ...asked, top: { share: 0.1 } }, 60);
    const choices = chooseThresholds(column, column.fold, goals);
    goals.forEach(({ sought, kind }, k) => {
      const best = [0, 1, 2, 3, 4].map((held) => {
        const others = {
          labels: column.labels.filter((_, row) => column.fold[row] !== held),
          probabilities: column.probabilities.filter((_, row) => column.fold[row] !== held),
        };
        const tried = [1, ...[...others.probabilities].sort((a, b) => b - a)];
        const worths = tried.map((threshold) => sought(binaryConfusion(others, threshold)));
        return tried[worths.indexOf(Math.max(...worths))];
      });
      expect(choices[k].bySearch, kind).toBeCloseTo(best.reduce((sum, each) => sum + each) / 5, 12);
    });
  });

  test("keeps to the formula where there is no other fold", () => {
    for (const { byFormula, bySearch } of choose({ ...drawn(500, "one"), fold: new Array(500).fill(0) }))
      expect(bySearch).toBe(byFormula);
  });
});

test("a precision that no row is sure enough for flags nothing, and says so", () => {
  const random = new Random("unsure");
  const probabilities = Float64Array.from({ length: 400 }, () => 0.4 * random.next());
  const labels = Int32Array.from(probabilities, (p) => Number(random.next() < p));
  const [choice] = choose({ labels, probabilities, fold: drawn(400, "").fold }, { ...nothingAsked, precision: 0.95 });
  expect(choice).toMatchObject({ byFormula: 1, flagged: 0, disagree: false });
  expect(outcomeOf(choice)).toBe("out of reach: no row is so probable");
});

test("nothing asked means F1 first, then balanced accuracy", () => {
  expect(goalsOf(nothingAsked, 10).map(({ goal }) => goal)).toEqual(["F1", "balanced accuracy"]);
  expect(goalsOf({ ...asked, top: { share: 0.05 } }, 10).map(({ goal }) => goal)).toEqual([
    "costs 1 : 5",
    "recall ≥ .9",
    "precision ≥ .8",
    "top 5 %",
    "F1",
    "balanced accuracy",
  ]);
});

test("more rows than there are cannot be flagged", () => {
  const target = binaryTarget(Int32Array.of(0, 1, 0, 1));
  expect(() => checkGoals({ ...nothingAsked, top: { rows: 5 } }, target)).toThrow(/--top: 5 of 4 rows/);
  expect(() => checkGoals({ ...nothingAsked, top: { rows: 4 } }, target)).not.toThrow();
});
