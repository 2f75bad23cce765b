// The table in the terminal: it fits, whatever is compared, and says what a loss has to beat.
import { describe, expect, it } from "vitest";
import { findings } from "../src/terminal/findings.ts";
import { lossTable } from "../src/terminal/lossTable.ts";
import { modelTable } from "../src/terminal/modelTable.ts";
import type { Result } from "../src/verdict/result.ts";
import { makeResult, type ResultOptions } from "./results.ts";

const situations: Readonly<Record<string, ResultOptions>> = {
  binary: {},
  "ten folds": { folds: 10 },
  "three folds": { folds: 3 },
  "interrupted after two folds": { finished: 2 },
  "average precision": { metric: "average-precision" },
  multiclass: { kind: "multiclass" },
  multilabel: { kind: "multilabel" },
};

describe.each(Object.entries(situations))("the table of losses: %s", (_, options) => {
  const result = makeResult(options);

  it.each([80, 100, 120])("fits into %d columns, each cell under its heading", (columns) => {
    const { head, prior, families } = lossTable(result, columns);
    for (const line of [...head, prior, ...families]) expect(line.length).toBeLessThanOrEqual(columns);
    const place = head[head.length - 1].indexOf("better/same/worse");
    expect(families[0].indexOf("the baseline")).toBe(place);
    for (const line of families) expect(line[place - 1]).toBe(" ");
  });

  it("says the verdict in at most 25 lines, without a missing number", () => {
    const text = findings(result, { columns: 80, colour: false });
    expect(text.split("\n").length).toBeLessThanOrEqual(25);
    expect(text).not.toMatch(/NaN|undefined|null/);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });
});

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

describe("names that are too long", () => {
  it("give way to those of --losses", () => {
    const result = makeResult();
    const long = result.families.map((family) => ({ ...family, title: `${family.title} ${"x".repeat(40)}` }));
    expect(lossTable({ ...result, families: long }, 80).families[1]).toMatch(/^ balanced-ce /);
  });
});

describe("the thresholds", () => {
  const text = findings(makeResult(), { columns: 100, colour: false });

  it("begin with the one that the model keeps, and tell what they give", () => {
    expect(text).toContain(
      "USE      threshold .167 for costs 1 : 5 (.3 a row; a search finds .300: the calibration is off)",
    );
    expect(text).toContain("saved in the model");
    expect(text).toContain("threshold .140 for balanced accuracy (.760)");
  });

  it("say nothing of a model where nothing is saved", () => {
    const unsaved = findings({ ...makeResult(), saved: [] }, { columns: 100, colour: false });
    expect(unsaved).not.toContain("saved in the model");
  });
});
