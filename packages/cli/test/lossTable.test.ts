// The table in the terminal: it fits, whatever is compared, and says what a loss has to beat.
import { describe, expect, it } from "vitest";
import { findings } from "../src/terminal/findings.ts";
import { lossTable } from "../src/terminal/lossTable.ts";
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
