// The sentences on what a table calls for say what the scores of its folds say, each under its own condition.
import { describe, expect, it } from "vitest";
import { adviceFor, type Measured } from "../tool/advice.ts";

const folds = [0.3, 0.31, 0.29, 0.305, 0.295];
const moved = (by: number, noise = 0) => folds.map((each, k) => each + by + noise * (k % 2 === 0 ? 1 : -1));

function measured({
  linear = moved(0),
  mlp = moved(0),
  trees = moved(0),
  losses = {},
  rarest = 100,
}: Partial<Record<"linear" | "mlp" | "trees", number[]>> & Partial<Pick<Measured, "losses" | "rarest">>): Measured {
  const models = [
    { name: "linear", perFold: linear },
    { name: "mlp", perFold: mlp },
    { name: "trees", perFold: trees },
  ] as const;
  return { models, losses, rarest };
}

describe("the model that a table calls for", () => {
  it("is the best where it is surely better than each other", () => {
    const advice = adviceFor(measured({ trees: moved(-0.1, 0.001), mlp: moved(-0.02, 0.002) }));
    expect(advice).toMatchObject({ model: "trees", isCertain: true });
    expect(advice.sentence).toMatch(
      /^Take boosted trees \(0\.2002\): better than the linear model \(0\.3000\) and the small network \(0\.2804\) with (at least |>)\d+(\.\d)? % certainty\./,
    );
  });

  it("is the simplest of those that the best is not surely better than", () => {
    const advice = adviceFor(measured({ linear: moved(0.1), trees: moved(-0.008, 0.02) }));
    expect(advice).toMatchObject({ model: "mlp", isCertain: false });
    expect(advice.sentence).toMatch(
      /^The small network \(0\.3000\) will do: the lowest log loss has boosted trees \(0\.2960\), but it is better with only \d+ % certainty\./,
    );
  });

  it("is the linear model where that leads, even if nothing is sure", () => {
    const advice = adviceFor(measured({ linear: moved(-0.01, 0.02) }));
    expect(advice).toMatchObject({ model: "linear", isCertain: false });
    expect(advice.sentence).toMatch(
      /^Take the linear model \(.*\): no model is simpler, none lower; .* is behind with \d+ %/,
    );
  });

  it("is a model that leads and is surely better than what is simpler, even if a more elaborate one is near", () => {
    const advice = adviceFor(measured({ linear: moved(0.1), mlp: moved(-0.008, 0.02) }));
    expect(advice).toMatchObject({ model: "mlp", isCertain: false });
    expect(advice.sentence).toMatch(
      /^Take the small network \(0\.2960\): surely better than what is simpler; boosted trees \(0\.3000\) is behind with \d+ %/,
    );
  });

  it("is the simplest where Holm's correction leaves too little certainty, which is told", () => {
    const trees = [0.285, 0.27, 0.28, 0.275, 0.281];
    const { model, sentence } = adviceFor(measured({ mlp: moved(0.1), trees }));
    expect(model).toBe("linear");
    expect(sentence).toMatch(/but it is better with only 9\d % certainty, and p is 0\.\d\d after Holm's correction\./);
  });

  it("is the simplest where a fold tests too few rows of the rarest class to rank models", () => {
    const advice = adviceFor(measured({ trees: moved(-0.1), rarest: 6.4 }));
    expect(advice).toMatchObject({ model: "linear", isCertain: false });
    expect(advice.sentence).toMatch(
      /^The linear model will do: a fold tests 6\.4 rows of the rarest class, too few to rank models; the lowest log loss has boosted trees \(0\.2000\)\./,
    );
  });

  it("takes 99 % certainty where a fold tests fewer than 30 of them", () => {
    const trees = [0.283, 0.274, 0.276, 0.277, 0.281];
    expect(adviceFor(measured({ mlp: moved(0.1), trees, rarest: 100 })).isCertain).toBe(true);
    expect(adviceFor(measured({ mlp: moved(0.1), trees, rarest: 29 })).isCertain).toBe(false);
  });
});

describe("the loss that a table calls for", () => {
  const lossesOf = (focal: number[]) => [
    { name: "ce", perFold: moved(0) },
    { name: "focal", perFold: focal },
  ];

  it("is another than cross entropy only where that is surely better, with the model that is called for", () => {
    const losses = { linear: lossesOf(moved(-0.05, 0.001)), trees: lossesOf(moved(0)) };
    const linear = adviceFor(measured({ linear: moved(-0.05), losses }));
    expect(linear.loss).toMatchObject({ kind: "switch", recommended: "focal" });
    expect(linear.sentence).toContain("Loss: use focal: better than cross entropy with >99.9 % certainty.");
    const trees = adviceFor(measured({ trees: moved(-0.05), losses }));
    expect(trees.loss).toMatchObject({ kind: "keep", recommended: "ce" });
    expect(trees.sentence).toContain("Loss: keep plain cross entropy: no other loss is better with 95 % certainty.");
  });

  it("is cross entropy where another may be better", () => {
    const losses = { linear: lossesOf(moved(-0.01, 0.015)) };
    const advice = adviceFor(measured({ linear: moved(-0.05), losses }));
    expect(advice.loss).toMatchObject({ kind: "cannot-tell", recommended: "ce" });
    expect(advice.sentence).toMatch(/Loss: cannot tell: focal may be better \(\d+ %\)/);
  });

  it("tells whether models lie further apart than losses", () => {
    const far = { linear: lossesOf(moved(0.2)) };
    expect(adviceFor(measured({ linear: moved(-0.05), losses: far })).sentence).toContain(
      "Between models lie 0.0500, between losses 0.2000: the loss matters more than the model.",
    );
    const near = { linear: lossesOf(moved(0.01)) };
    expect(adviceFor(measured({ linear: moved(-0.05), losses: near })).sentence).toContain(
      "the model matters more than the loss.",
    );
  });

  it("is not told where losses have not been run", () => {
    const advice = adviceFor(measured({ linear: moved(-0.05) }));
    expect(advice.loss).toBeNull();
    expect(advice.sentence).toMatch(/Losses: not run yet\.$/);
  });
});
