// What is told of several models in the terminal: a table that fits, every verdict, what to expect.
import { describe, expect, it } from "vitest";
import { report } from "../src/report/page.ts";
import { findings } from "../src/terminal/findings.ts";
import { modelTable } from "../src/terminal/modelTable.ts";
import type { Result } from "../src/verdict/result.ts";
import { makeResult } from "./results.ts";

describe.each([2, 3, 5])("the table of %d models and losses", (models) => {
  const result = makeResult({ models });

  it.each([80, 100, 120])("fits into %d columns, each cell under its model", (columns) => {
    const { head, prior, losses, certainty } = modelTable(result, columns);
    const lines = [head, prior, ...losses, certainty ?? ""];
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    expect(losses).toHaveLength(4);
    const last = result.models[models - 1];
    const place = head.indexOf(head.includes(last.words) ? last.words : last.name);
    for (const line of [...losses, certainty ?? ""]) expect(line.slice(place - 2, place + 1)).toMatch(/^ {2}\S$/);
    expect(losses[0]).toMatch(/ \*$/);
    expect(losses.slice(1).join()).not.toContain("*");
    expect(certainty).toMatch(/0 ?\/ ?3 ?\/ ?97 % .*use this$/);
  });

  it.each([80, 120])("says all verdicts in at most 25 lines of %d columns", (columns) => {
    const text = findings(result, { columns, colour: false });
    expect(text.split("\n").length).toBeLessThanOrEqual(25);
    expect(text).not.toMatch(/NaN|undefined|null/);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
    expect(text.indexOf("Use boosted trees")).toBeLessThan(text.indexOf("keep plain cross entropy"));
  });
});

it("the table of models has no certainty where positives are few", () => {
  expect(modelTable(makeResult({ models: 3, verdict: "too-few" }), 80).certainty).toBe(null);
});

describe("what to expect of several models", () => {
  const result = makeResult({ models: 2 });
  const [linear, network] = result.models;
  const told = (models: Result["models"]) => {
    const each = { ...result, models };
    const page = report(each).replaceAll(/<[^>]*>/g, "");
    return [
      findings(each, { columns: 200, colour: false }).match(/^ EXPECT.*/m)?.[0],
      page.match(/Log loss .* gives/)?.[0],
    ];
  };

  it("is that of the one to use, where the inner rows of every fold choose it, too", () => {
    expect(told(result.models)).toEqual([
      " EXPECT   log loss .3200 ±.012 on new data, choice of model included (mlp 5×)",
      "Log loss .320 ±.012 on new data, the choice of the model included; knowing only the class shares gives",
    ]);
  });

  it("is told beside that of choosing by the inner rows, where these choose another one", () => {
    expect(
      told([
        { ...linear, chosen: 3 },
        { ...network, chosen: 2 },
      ]),
    ).toEqual([
      " EXPECT   log loss .3200 ±.012 on new data; .3200 ±.012 where the inner rows choose the model (linear 3×, mlp 2×)",
      "Log loss .320 ±.012 on new data; .320 ±.012 where the inner rows choose the model; knowing only the class shares gives",
    ]);
  });
});

describe("what is said of the losses of several models", () => {
  const losses = (models: Result["models"]) =>
    findings({ ...makeResult({ models: 3 }), models }, { columns: 200, colour: false })
      .split("\n")
      .find((line) => line.startsWith(" LOSS"));
  const { models } = makeResult({ models: 3 });

  it("is said once where it is the same", () => {
    expect(losses(models)).toBe(" LOSS     keep plain cross entropy, in every model");
  });

  it("is said of each where it is not, of the one to use first", () => {
    const verdict = { kind: "switch", recommended: "focal", headline: "Use focal: better.", reason: "" } as const;
    const [linear, ...others] = models;
    expect(losses([{ ...linear, verdict }, ...others])).toBe(
      " LOSS     boosted trees, small network: keep plain cross entropy · linear model: use focal: better",
    );
  });
});

describe("the report of several models", () => {
  const page = (models: number) => report(makeResult({ models })).replaceAll(/<[^>]*>/g, "");

  it("opens at the verdict on them, and has their table", () => {
    expect(page(3)).toContain("Models and losses on new data, by log loss (lower is better)");
    expect(page(3).indexOf("Use boosted trees")).toBeLessThan(page(3).indexOf("Keep plain cross entropy"));
    expect(page(3)).toContain("which model, which loss?");
    expect(page(3)).toContain("Models compared");
  });

  it("is without all that where there is one", () => {
    expect(page(1)).not.toMatch(/Models|which model|other model/);
  });
});
