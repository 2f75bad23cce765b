// The verdict on models in words: which to use, how sure that is, what may be better still.
import { describe, expect, it } from "vitest";
import { type Said, sayModels, withArticle } from "../src/verdict/modelWords.ts";
import { certaintyFor } from "../src/verdict/verdict.ts";

const sure = certaintyFor(100);

describe("the verdict in words", () => {
  const difference = {
    mean: 0.1,
    low: 0.05,
    high: 0.15,
    better: 0,
    same: 0.01,
    worse: 0.99,
    p: 0.001,
    corrected: 0.003,
  };
  const said = (more: Partial<Said>): ReturnType<typeof sayModels> =>
    sayModels({
      metric: "log-loss",
      words: ["linear model", "small network", "boosted trees"],
      against: [difference, { ...difference, worse: 0.96 }, null],
      chosen: 2,
      certainty: sure,
      matters: null,
      ...more,
    });

  it("names all that are surely worse, with the least certainty of them", () => {
    expect(said({})).toMatchObject({
      kind: "switch",
      headline: "Use boosted trees: better than the linear model and the small network with 96 % certainty.",
      reason: "The gain over the small network is .1000 of log loss (95 %: .0500 to .1500).",
    });
  });

  it("names one that may be better still", () => {
    const open = { ...difference, better: 0.8, worse: 0.1, corrected: 0.4 };
    expect(said({ against: [difference, null, open], chosen: 1 })).toMatchObject({
      headline: "Use the small network: better than the linear model with 99 % certainty.",
      reason:
        "The gain is .1000 of log loss (95 %: .0500 to .1500). Boosted trees may be better still (80 %), which is not enough.",
    });
  });

  it("keeps the simplest, and says whether another may be better", () => {
    const maybe = { ...difference, better: 0.8, worse: 0.1, corrected: 0.4 };
    expect(said({ against: [null, maybe, difference], chosen: 0 })).toMatchObject({
      kind: "cannot-tell",
      headline: "Cannot tell: the small network may be better (80 %), which is not enough to leave the linear model.",
    });
    const uncorrected = { ...maybe, better: 0.96, corrected: 0.06 };
    expect(said({ against: [null, uncorrected, difference], chosen: 0 }).reason).toBe(
      "A recommendation needs 95 %, also where its p-value is corrected for the number of pairs. More data or --thorough may settle it.",
    );
    expect(said({ against: [null, difference, difference], chosen: 0 })).toMatchObject({
      kind: "keep",
      headline: "Take the linear model, the simplest: no other model is better with 95 % certainty.",
    });
  });

  it("says what matters in the words of the score", () => {
    expect(said({}).matters).toBe(null);
    expect(said({ matters: { other: 0, model: 0.0512, loss: 0.0008 } }).matters?.text).toBe(
      "The model matters more than the loss: boosted trees gain .0512 of log loss over the linear model, the best other loss .0008.",
    );
    expect(
      said({
        metric: "roc-auc",
        chosen: 1,
        against: [difference, null, difference],
        matters: { other: 0, model: 0.05, loss: 0 },
      }).matters?.text,
    ).toBe(
      "The model matters more than the loss: the small network gains .050 of ROC-AUC over the linear model, no other loss anything.",
    );
  });

  it("gives names of their own no article", () => {
    expect(["small network", "boosted trees", "XGBoost"].map(withArticle)).toEqual([
      "the small network",
      "boosted trees",
      "XGBoost",
    ]);
  });
});
