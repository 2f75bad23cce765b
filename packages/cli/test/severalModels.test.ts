// Several models in one comparison, by the built program: which is used, what is told of the others, what is left
// behind.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../src/random.ts";
import { readModelFile } from "../src/saved/modelFile.ts";
import type { Result } from "../src/verdict/result.ts";
import { command, scratch, surprisal, twoClasses } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

/** A table whose answer is yes where two numbers have the same sign, mostly: no line parts it. */
function crossed(rows: number, seed: string, answers = ["no", "yes"]): string {
  const random = new Random(seed);
  const lines = Array.from({ length: rows }, () => {
    const [a, b] = [random.normal(), random.normal()];
    const same = Number(a * b > 0) !== Number(random.next() < 0.05);
    const answer = answers.length === 2 ? answers[Number(same)] : answers[same ? 0 : a > 0 ? 1 : 2];
    return `${a.toFixed(4)},${b.toFixed(4)},${answer}`;
  });
  return `a,b,answer\n${lines.join("\n")}\n`;
}

const quick = ["--fast", "--losses", "ce,focal", "--fold-count", "4"];
const both = ["--model", "linear,mlp"];

async function compared(table: string, ...flags: readonly string[]): Promise<Result> {
  const { code, out, err } = await surprisal(place.folder, "compare", table, "answer", ...quick, "--json", ...flags);
  expect([code, err.includes("surprisal:") ? err : ""]).toEqual([0, ""]);
  return JSON.parse(out) as Result;
}

/** All but the command, which is another one. */
const numbers = ({ command: _, ...rest }: Result) => rest;

let table = "";
let straight = "";
let two: Result;
beforeAll(async () => {
  table = place.write("crossed.csv", crossed(400, "crossed"));
  straight = place.write("straight.csv", twoClasses(400, "straight"));
  mkdirSync(place.path("two"));
  two = await compared(table, ...both, "--output", place.path("two"));
}, 120_000);

describe("a table that no line parts", () => {
  it("calls for the network, with its certainty, and says that the model matters more than the loss", () => {
    const { models, modelVerdict, plan } = two;
    expect(modelVerdict).toMatchObject({ kind: "switch", recommended: "mlp", missing: [] });
    expect(modelVerdict.headline).toMatch(
      /^Use the small network: better than the linear model with >?\d[\d.]* % certainty/,
    );
    expect(modelVerdict.matters?.text).toMatch(
      /^The model matters more than the loss: the small network gains \.\d{4} of log loss over the linear model, /,
    );
    expect(plan.model).toBe("mlp");
    expect(models.map(({ name, chosen }) => [name, chosen])).toEqual([
      ["linear", 0],
      ["mlp", 4],
    ]);
    const [linear, mlp] = models;
    expect(mlp.comparison).toBe(null);
    expect(linear.comparison?.worse).toBeGreaterThan(0.95);
    expect(linear.families[0].expected.logLoss.mean - mlp.families[0].expected.logLoss.mean).toBeCloseTo(
      modelVerdict.matters?.model ?? Number.NaN,
      10,
    );
  });

  it("expects of the choice what the chosen one has, since every fold would have chosen it", () => {
    expect(two.modelVerdict.expected).toEqual(two.families[0].expected);
    expect(two.modelVerdict.chosenPerFold).toEqual([1, 1, 1, 1]);
  });

  it("has for the network what a comparison of the network alone has, and for the line what one of it alone has", async () => {
    for (const [k, name] of ["linear", "mlp"].entries()) {
      const alone = await compared(table, "--model", name, "--no-save");
      expect(alone.models).toEqual([{ ...two.models[k], comparison: null, chosen: 4 }]);
      expect(alone.modelVerdict).toMatchObject({ kind: "one", recommended: name, matters: null });
      const { models: _, modelVerdict: __, saved: ___, ...rest } = numbers(alone);
      if (name === "mlp") expect(numbers(two)).toMatchObject(rest);
    }
  }, 120_000);

  it("saves the network, of which predict's table is right where a line's could not be", async () => {
    const model = place.path("two/crossed.onnx");
    const saved = (await readModelFile(model)).model;
    expect("layers" in saved && saved.layers.length).toBeGreaterThan(1);
    const output = place.path("out.csv");
    expect((await command(["predict", model, table, "--output", output])).code).toBe(0);
    const rows = readFileSync(output, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(","));
    const right = rows.filter((row) => row[2] === row.at(-1)).length / rows.length;
    expect(right).toBeGreaterThan(0.85);
  });

  it("tells all of it in the terminal, in lines that fit, the verdict on models before those on losses", async () => {
    const argv = ["compare", table, "answer", ...quick, ...both, "--no-save"];
    const { code, out } = await surprisal(place.folder, ...argv);
    expect(code).toBe(0);
    const lines = out.split("\n");
    expect(lines.length).toBeLessThanOrEqual(26);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(out).toMatch(/^ plan +2 losses in .*, 1x4 folds, linear model, small network/m);
    expect(out).toMatch(/^ log loss {2,}linear model {2,}small network$/m);
    expect(out).toMatch(/^ cross entropy .*\.\d{4} ±\.\d{3} \*$/m);
    expect(out).toMatch(/^ better\/same\/worse {2,}\d+ \/ \d+ \/ \d+ % {2,}use this$/m);
    expect(out.indexOf("VERDICT")).toBeLessThan(out.indexOf(" LOSS "));
    expect(out).toMatch(/^ EXPECT {3}log loss \.\d{4} ±\.\d{3} on new data, choice of model included \(mlp 4×\)$/m);
  }, 60_000);
});

describe("a table that a line parts", () => {
  it("keeps the line, and says nothing of a model that matters", async () => {
    const result = await compared(straight, ...both, "--no-save");
    expect(result.modelVerdict.recommended).toBe("linear");
    expect(result.modelVerdict.kind).toMatch(/^(keep|cannot-tell)$/);
    expect(result.modelVerdict.matters).toBe(null);
    expect(result.plan.model).toBe("linear");
    expect(result.models[0].comparison).toBe(null);
    expect(result.models[1].comparison).not.toBe(null);
  }, 60_000);

  it("is not ranked where its positives are few: the simplest is kept", async () => {
    const lines = twoClasses(120, "few").split("\n");
    const few = place.write("few.csv", lines.filter((row, n) => n === 0 || !row.endsWith("yes") || n < 60).join("\n"));
    const result = await compared(few, ...both, "--no-save");
    expect(result.modelVerdict).toMatchObject({ kind: "too-few", recommended: "linear", matters: null });
    expect(result.modelVerdict.headline).toBe("Too few positives to rank models: take the simplest, the linear model.");
  }, 60_000);
});

describe("other problems", () => {
  it("have a verdict on models, too: three classes", async () => {
    const path = place.write("three.csv", crossed(300, "three", ["a", "b", "c"]));
    const result = await compared(path, ...both, "--no-save");
    expect(result.modelVerdict).toMatchObject({ kind: "switch", recommended: "mlp" });
  }, 60_000);

  it("have a verdict on models, too: several labels", async () => {
    const [head, ...rows] = crossed(300, "labels").trim().split("\n");
    const second = rows.map((row, n) => `${row},${Number(row.split(",")[0]) > (n % 3) - 1 ? 1 : 0}`);
    const path = place.write("labels.csv", `${head},second\n${second.join("\n")}\n`);
    const result = await compared(path, "second", ...both, "--no-save");
    expect(result.target).toMatchObject({ kind: "multilabel", columns: ["answer", "second"] });
    expect(result.modelVerdict).toMatchObject({ kind: "switch", recommended: "mlp" });
  }, 60_000);

  it("have the numbers of each model alone, also where rows count by weights and follow each other in time", async () => {
    const [head, ...rows] = crossed(300, "time").trim().split("\n");
    const more = rows.map((row, n) => `${row},${1 + (n % 3)},${n}`);
    const path = place.write("time.csv", `${head},w,t\n${more.join("\n")}\n`);
    const flags = ["--weight", "w", "--time", "t", "--no-save"];
    const result = await compared(path, ...both, ...flags);
    const alone = await compared(path, "--model", "linear", ...flags);
    expect(result.models[0].families).toEqual(alone.models[0].families);
    expect(result.plan.time?.column).toBe("t");
  }, 60_000);

  it("are decided by the score that is asked for", async () => {
    const result = await compared(table, ...both, "--no-save", "--metric", "average-precision");
    expect(result.modelVerdict.matters?.text).toMatch(/gains \.\d{3} of average precision over/);
    expect(result.models[0].comparison?.mean).toBeGreaterThan(0); // oriented: worse
  }, 60_000);
});

describe("what it is asked", () => {
  it("may name the models in any order, or all of them", async () => {
    const reversed = await compared(table, "--model", " mlp, linear", "--output", place.path("two"), "--resume");
    expect(numbers(reversed)).toEqual(numbers(two));
    const { code, out } = await command(["compare", "--help"]);
    expect([code, out.includes("or all")]).toEqual([0, true]);
  }, 60_000);

  it.each([
    ["linear,,mlp", "Expected the names of models, separated by commas, such as linear,mlp."],
    ["", "Expected the names of models, separated by commas, such as linear,mlp."],
    ["linear,", "Expected the names of models, separated by commas, such as linear,mlp."],
    ["linear,linear", '"linear" is named twice; give each model once.'],
    ["all,linear", "all stands for every model; give it alone."],
    ["linear,forest", 'There is no model "forest"; the models are: '],
    ["liner", 'There is no model "liner"; did you mean "linear"? the models are: '],
    ["Linear", 'There is no model "Linear"; did you mean "linear"? the models are: '],
  ])("is refused as --model '%s'", async (given, text) => {
    const { code, out, err } = await command(["compare", table, "answer", "--model", given]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(`surprisal: option '--model <kinds>' argument '${given}' is invalid. ${text}`);
  });

  it.each(["linear,mlp", "all", "linear,"])("is one model in fit: --model %s is refused", async (given) => {
    const { code, err } = await command(["fit", table, "answer", "--model", given, "--output", place.folder]);
    expect(code).toBe(2);
    expect(err).toContain(
      `argument '${given}' is invalid. One model is fitted at a time; name one, or compare several with surprisal compare.`,
    );
  });
});

describe("the results", () => {
  it("are the same with one and with two jobs", async () => {
    const one = await compared(table, ...both, "--no-save", "--jobs", "1");
    const other = await compared(table, ...both, "--no-save", "--jobs", "2");
    expect(other).toEqual(one);
    expect(numbers(one).families).toEqual(two.families);
  }, 120_000);

  it("are the same bytes after --resume, whichever folds of whichever model were done", async () => {
    const folder = place.path("resumed");
    const argv = ["compare", table, "answer", ...quick, ...both, "--jobs", "1", "--output", folder, "--resume"];
    const bytes = () =>
      ["onnx", "report.json", "report.html"].map((end) => readFileSync(`${folder}/crossed.${end}`).toString("latin1"));
    await surprisal(place.folder, ...argv);
    const whole = bytes();
    const journal = `${folder}/crossed.journal.jsonl`;
    const lines = readFileSync(journal, "utf8").split("\n");
    expect(lines.length).toBe(10); // the identity, four folds of two models, and the end of the last line
    const done = lines.slice(1, 9).map((line) => JSON.parse(line) as { model: string; fold: number });
    expect(done.map(({ model, fold }) => `${model} ${fold}`)).toEqual(
      [0, 1, 2, 3].flatMap((fold) => [`linear ${fold}`, `mlp ${fold}`]),
    );
    writeFileSync(journal, `${[lines[0], lines[8], lines[1], lines[4]].join("\n")}\n`);
    const { code, err } = await surprisal(place.folder, ...argv);
    expect([code, err.includes("damaged")]).toEqual([0, false]);
    expect(bytes()).toEqual(whole);
  }, 120_000);

  it("of other models are another comparison's", async () => {
    const argv = ["compare", table, "answer", ...quick, "--output", place.path("two"), "--resume"];
    const { code, err } = await surprisal(place.folder, ...argv, "--model", "mlp");
    expect(code).toBe(2);
    expect(err).toContain("belongs to another comparison");
  });
});

describe("a hold-out", () => {
  it("judges the model that is used, and decides nothing", async () => {
    const fresh = place.write("fresh.csv", crossed(200, "fresh"));
    const result = await compared(table, ...both, "--no-save", "--test", fresh);
    const alone = await compared(table, "--model", "mlp", "--no-save", "--test", fresh);
    expect(result.test).toEqual(alone.test);
    expect(result.modelVerdict).toEqual(two.modelVerdict);
  }, 120_000);
});
