// The statistics of several models: which is used, what is expected of choosing one, when the model matters more.
import { describe, expect, it } from "vitest";
import { engines } from "../src/learning/engines.ts";
import { Random } from "../src/random.ts";
import type { Scores } from "../src/scores/scores.ts";
import { compareFolds } from "../src/scores/statistics.ts";
import { makeFamilies } from "../src/selection/families.ts";
import type { FamilyFold, FoldResult } from "../src/selection/fold.ts";
import { nothingAsked } from "../src/verdict/goals.ts";
import { comparable, compareModels, mattersMore } from "../src/verdict/models.ts";
import { between, chooseModel, comparePairs } from "../src/verdict/pairs.ts";
import type { Evidence } from "../src/verdict/summary.ts";
import { certaintyFor } from "../src/verdict/verdict.ts";
import { binaryTarget } from "./simulation.ts";

const sure = certaintyFor(100);
const share = 1 / 4;
const folds = 10;

/** Scores of so many folds around a level. */
function around(level: number, seed: string, spread = 0.002): readonly number[] {
  const random = new Random(seed);
  return Array.from({ length: folds }, () => level + spread * random.normal());
}

const chosen = (...levels: readonly number[]) => {
  const scores = levels.map((level, k) => around(level, `model ${k}`));
  return chooseModel(levels.length, comparePairs(scores, share, 0.003), sure);
};

describe("which model is used", () => {
  it("the simplest of equals", () => {
    expect(chosen(0.3, 0.3)).toBe(0);
    expect(chosen(0.3, 0.299, 0.2985)).toBe(0);
  });

  it("a more elaborate one that is surely better, and of several the best", () => {
    expect(chosen(0.3, 0.25)).toBe(1);
    expect(chosen(0.3, 0.25, 0.2)).toBe(2);
    expect(chosen(0.3, 0.35, 0.2)).toBe(2);
  });

  it("the simpler of two that are both surely better, where the last adds nothing", () => {
    expect(chosen(0.3, 0.25, 0.2495)).toBe(1);
    expect(chosen(0.3, 0.25, 0.26)).toBe(1);
  });

  it("never a worse one, however sure that is", () => {
    expect(chosen(0.2, 0.25, 0.3)).toBe(0);
  });

  it("only with the certainty that losses need, and none where positives are few", () => {
    const scores = [around(0.3, "a", 0.02), around(0.28, "b", 0.02)];
    const pairs = comparePairs(scores, share, 0.003);
    const { better } = between(pairs, 1, 0);
    expect([better > 0.5, better < 0.95]).toEqual([true, true]);
    expect(chooseModel(2, pairs, sure)).toBe(0);
    const clear = comparePairs([around(0.3, "a"), around(0.2, "b")], share, 0.003);
    expect(chooseModel(2, clear, certaintyFor(5))).toBe(0);
    expect(chooseModel(2, clear, certaintyFor(20))).toBe(1);
    const always = comparePairs([around(0.3, "a"), around(0.3, "a").map((score) => score - 0.1)], share, 0.003);
    expect(chooseModel(2, always, certaintyFor(5))).toBe(0);
  });

  it("only where Holm's correction leaves it certain, too", () => {
    const comparison = { mean: -0.1, low: -0.2, high: 0, better: 0.96, same: 0.02, worse: 0.02, p: 0.02 };
    const pair = (corrected: number) => [{ simple: 0, elaborate: 1, comparison: { ...comparison, corrected } }];
    expect(chooseModel(2, pair(0.04), sure)).toBe(1);
    expect(chooseModel(2, pair(0.06), sure)).toBe(0);
    expect(chooseModel(2, pair(0.04), certaintyFor(20))).toBe(0);
  });

  it("by Holm's correction over all pairs: the same difference is less sure among more models", () => {
    const scores = [around(0.3, "a", 0.004), around(0.295, "b", 0.004), around(0.2951, "c", 0.004)];
    const two = between(comparePairs(scores.slice(0, 2), share, 0.0001), 1, 0);
    const three = between(comparePairs(scores, share, 0.0001), 1, 0);
    expect(three.p).toBe(two.p);
    expect(three.corrected).toBeGreaterThan(two.corrected);
  });
});

describe("a pair the other way round", () => {
  it("is the comparison of the opposite differences", () => {
    const scores = [around(0.3, "a"), around(0.297, "b")];
    const { corrected, ...turned } = between(comparePairs(scores, share, 0.003), 0, 1);
    const straight = compareFolds(
      scores[0].map((score, fold) => score - scores[1][fold]),
      share,
      0.003,
    );
    expect(corrected).toBeCloseTo(straight.p, 12);
    for (const [name, value] of Object.entries(turned)) {
      expect(value, name).toBeCloseTo(straight[name as keyof typeof straight], 10);
    }
  });
});

describe("equal models", () => {
  it("cause a false recommendation in at most one of twenty tables, also among three", () => {
    const random = new Random("equal models");
    let wrong = 0;
    const tables = 400;
    for (let table = 0; table < tables; table++) {
      // The corrected test's share stands for what folds have in common.
      const shift = [0, 1, 2].map(() => 0.004 * Math.sqrt(share) * random.normal());
      const scores = shift.map((own) => Array.from({ length: folds }, () => 0.3 + own + 0.004 * random.normal()));
      if (chooseModel(3, comparePairs(scores, share, 0.0001), sure) > 0) wrong++;
    }
    expect(wrong / tables).toBeLessThan(0.05);
  });
});

describe("the model matters more than the loss", () => {
  const matters = (plain: readonly (readonly number[])[], others: readonly (readonly number[])[]) => {
    const pairs = comparePairs(plain, share, 0.003);
    const best = chooseModel(plain.length, pairs, sure);
    return mattersMore({ plain, others, chosen: best, pairs, testShare: share, certainty: sure });
  };
  const [line, network] = [around(0.3, "line"), around(0.2, "network")];
  const minus = (scores: readonly number[], gain: number) =>
    scores.map((score, k) => score - gain * (1 + 0.1 * (k % 3)));

  it("where models surely differ by more than the best loss gains", () => {
    const found = matters([line, network], [minus(network, 0.01), minus(network, -0.02)]);
    expect(found?.other).toBe(0);
    expect(found?.model).toBeCloseTo(0.1, 2);
    expect(found?.loss).toBeCloseTo(0.011, 3);
  });

  it("also where no other loss gains anything", () => {
    expect(matters([line, network], [minus(network, -0.02)])).toMatchObject({ loss: 0 });
  });

  it("also where the simplest is the best of them, by what the worst loses", () => {
    const found = matters([network, around(0.22, "middle"), line], [minus(network, 0.001)]);
    expect(found).toMatchObject({ other: 2 });
  });

  it("not where a loss gains as much, or more", () => {
    expect(matters([line, network], [minus(network, 0.1)])).toBe(null);
    expect(matters([line, network], [minus(network, 0.15)])).toBe(null);
  });

  it("not where the difference is larger, but not surely", () => {
    expect(matters([line, around(0.28, "noisy", 0.05)], [minus(network, 0)])).toBe(null);
    const noisy = network.map((score, k) => score - 0.08 + (k % 2 === 0 ? 0.25 : -0.25));
    expect(matters([line, network], [noisy])).toBe(null);
  });

  it("not where the difference is sure, but too small to matter", () => {
    const near = around(0.3, "near", 0.0001);
    expect(matters([near, minus(near, -0.001)], [minus(near, -0.01)])).toBe(null);
  });

  it("not where models are equal, and not where no other loss was compared", () => {
    expect(matters([line, around(0.3, "same")], [minus(line, -0.01)])).toBe(null);
    expect(matters([line, network], [])).toBe(null);
  });
});

const families = makeFamilies(["ce", "focal"], true);
const labels = Int32Array.from({ length: 400 }, (_, n) => n % 2);
const dealt = { count: 4, repeats: [Int32Array.from(labels, (_, n) => n % 4)], hash: "" };

/** What a model scores on the outer and on the inner rows of each fold, for cross entropy; focal is a little worse. */
function modelled(
  model: Evidence["study"]["plan"]["model"],
  outer: readonly number[],
  inner: readonly number[],
): Evidence {
  const of = (logLoss: number, innerScore: number, k: number): FamilyFold => ({
    family: families[k].id,
    choice: { candidate: families[k].candidates[0], innerScore, epochs: 1, grid: families[k].candidates.map(() => 1) },
    undone: { logLoss, balancedAccuracy: 0.5 } as Scores,
    shown: { logLoss, balancedAccuracy: 0.5 } as Scores,
    logits: new Float64Array(100),
  });
  const results = outer.map(
    (logLoss, fold): FoldResult => ({
      model,
      repeat: 0,
      fold,
      strength: 0,
      leaves: null,
      fits: 3,
      prior: { logLoss: 0.7 } as Scores,
      families: [of(logLoss, inner[fold], 0), of(logLoss + 0.01 + 0.001 * fold, inner[fold] + 0.01, 1)],
      spent: { all: 1, products: 0, loss: 0 },
    }),
  );
  const training = { l2: [], believedL2: null, hidden: [], leaves: [], shrinkage: null, maxEpochs: null, rungs: [] };
  const plan = { model, metric: "log-loss", families, seed: 0, pace: "fast", training } as const;
  const study = { plan, task: { columns: [], target: binaryTarget(labels) }, folds: dealt, groups: null };
  return { study, results, goals: nothingAsked };
}

const [simple, elaborate] = engines.map(({ name }) => name);

describe("what to expect where the model is chosen, too", () => {
  const outer = [
    [0.3, 0.31, 0.32, 0.33],
    [0.29, 0.32, 0.3, 0.34],
  ] as const;
  const inner = [
    [0.3, 0.3, 0.3, 0.3],
    [0.2, 0.4, 0.4, 0.2],
  ] as const;

  it("is the score on the outer rows of the model that the inner rows of the fold chose", () => {
    const all = [modelled(simple, outer[0], inner[0]), modelled(elaborate, outer[1], inner[1])];
    const { models, modelVerdict } = compareModels(comparable(all));
    expect(modelVerdict.chosenPerFold).toEqual([1, 0, 0, 1]);
    expect(models.map(({ chosen: times }) => times)).toEqual([2, 2]);
    const picked = [outer[1][0], outer[0][1], outer[0][2], outer[1][3]];
    expect(modelVerdict.expected.logLoss.mean).toBeCloseTo((0.29 + 0.31 + 0.32 + 0.34) / 4, 12);
    const { mean, high } = compareFolds(picked, 1 / 3, 0);
    expect(modelVerdict.expected.logLoss.margin).toBeCloseTo(high - mean, 12);
  });

  it("does not flatter where models are equal, as the best of the outer scores does", () => {
    const random = new Random("nested models");
    let [nested, best] = [0, 0];
    const tables = 60;
    for (let table = 0; table < tables; table++) {
      const draw = () => Array.from({ length: 4 }, () => 0.3 + 0.02 * random.normal());
      const all = [modelled(simple, draw(), draw()), modelled(elaborate, draw(), draw())];
      const { models, modelVerdict } = compareModels(comparable(all));
      nested += modelVerdict.expected.logLoss.mean / tables;
      best += Math.min(...models.map(({ families: [plain] }) => plain.expected.logLoss.mean)) / tables;
    }
    expect(Math.abs(nested - 0.3)).toBeLessThan(0.003);
    expect(best).toBeLessThan(0.297);
  });

  it("is what the model has where it is the only one", () => {
    const { models, modelVerdict, best } = compareModels(comparable([modelled(simple, outer[0], inner[0])]));
    expect(modelVerdict).toMatchObject({
      kind: "one",
      recommended: simple,
      chosenPerFold: [0, 0, 0, 0],
      matters: null,
    });
    expect(modelVerdict.expected).toEqual(best.summary.families[0].expected);
    expect(models).toMatchObject([{ name: simple, comparison: null, chosen: 4, fits: 12 }]);
  });
});

describe("folds that did not finish", () => {
  const some = (model: typeof simple, ...done: readonly number[]): Evidence => {
    const whole = modelled(model, [0.3, 0.31, 0.32, 0.33], [0.3, 0.3, 0.3, 0.3]);
    return { ...whole, results: whole.results.filter(({ fold }) => done.includes(fold)) };
  };
  const kept = (...all: readonly Evidence[]) => {
    const { all: left, missing } = comparable(all);
    return [left.map(({ study, results }) => [study.plan.model, results.map(({ fold }) => fold)]), missing];
  };

  it("are left out for all models: each is compared on the same ones", () => {
    expect(kept(some(simple, 0, 1, 2, 3), some(elaborate, 0, 1, 2))).toEqual([
      [
        [simple, [0, 1, 2]],
        [elaborate, [0, 1, 2]],
      ],
      [],
    ]);
  });

  it("leave a model out of which fewer than two are done, and that is told", () => {
    expect(kept(some(simple, 0, 1, 2), some(elaborate, 0))).toEqual([[[simple, [0, 1, 2]]], [elaborate]]);
    expect(kept(some(simple), some(elaborate, 0, 3))).toEqual([[[elaborate, [0, 3]]], [simple]]);
  });

  it("leave one out where two have no two in common", () => {
    expect(kept(some(simple, 0, 1), some(elaborate, 2, 3))).toEqual([[[simple, [0, 1]]], [elaborate]]);
    expect(kept(some(simple, 0, 1), some(elaborate, 1, 2, 3))).toEqual([[[elaborate, [1, 2, 3]]], [simple]]);
  });
});
