// The main job, from a table on disk to a verdict, a report and a model.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readModelFile } from "../src/saved/modelFile.ts";
import type { Result } from "../src/verdict/result.ts";
import { surprisal as inFolder, scratch, twoClasses } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());
let table = "";
beforeAll(() => {
  table = place.write("answers.csv", twoClasses(400, "compare"));
});

/** Runs the built program in the scratch folder. */
const surprisal = (...argv: readonly string[]) => inFolder(place.folder, ...argv);
const quick = ["--model", "linear", "--fast", "--losses", "ce,balanced,focal"] as const;

describe("compare", () => {
  it("ends with a verdict, and leaves a model, a report and its numbers", async () => {
    const { code, out } = await surprisal("compare", table, "answer", ...quick, "--output", place.path("first"));
    expect(code).toBe(0);
    expect(out).toMatch(/^ read {5}answers\.csv · 400 rows · 3 features \(2 numbers, 1 category\)/);
    expect(out).toContain("prior only");
    expect(out).toContain("VERDICT");
    expect(out.split("\n").length).toBeLessThanOrEqual(26);
    for (const line of out.split("\n").filter((each) => !each.includes(place.folder))) {
      expect(line.length).toBeLessThanOrEqual(80);
    }
    const files = readdirSync(place.path("first")).sort();
    expect(files).toEqual([
      "answers.journal.bin",
      "answers.journal.jsonl",
      "answers.onnx",
      "answers.report.html",
      "answers.report.json",
    ]);
    const result = JSON.parse(readFileSync(place.path("first/answers.report.json"), "utf8")) as Result;
    expect(result.families.map(({ id }) => id)).toEqual(["ce", "balanced-ce", "focal"]);
    expect(result.families[0].expected.logLoss.mean).toBeLessThan(result.prior.logLoss.mean);
  });

  it.each(["linear", "mlp"])("gives the same bytes with one and with two jobs: %s", async (model) => {
    const argv = ["compare", table, "answer", ...quick, "--model", model, "--no-save", "--json"];
    const one = await surprisal(...argv, "--jobs", "1");
    const two = await surprisal(...argv, "--jobs", "2");
    expect(two.out).toBe(one.out);
    expect((JSON.parse(one.out) as Result).verdict.headline).not.toBe("");
  });

  it("trains the same networks where a thread has trained others before: --resume ends with the same bytes", async () => {
    const argv = ["compare", table, "answer", ...quick, "--model", "mlp", "--jobs", "1", "--resume"];
    const folder = place.path("resumed");
    const bytes = () =>
      ["onnx", "report.json"].map((end) => readFileSync(`${folder}/answers.${end}`).toString("latin1"));
    await surprisal(...argv, "--output", folder);
    const whole = bytes();
    const journal = `${folder}/answers.journal.jsonl`;
    const lines = readFileSync(journal, "utf8").split("\n");
    expect(lines.length).toBe(7); // the identity, five folds, and the end of the last line
    writeFileSync(journal, `${lines.slice(0, 4).join("\n")}\n`);
    await surprisal(...argv, "--output", folder);
    expect(bytes()).toEqual(whole);
  });

  it("keeps the threshold that was asked for in the model, and discloses what was asked", async () => {
    const flags = [...quick, "--recall", "90%", "--top", "30", "--output", place.path("asked")];
    const { code, out } = await surprisal("compare", table, "answer", ...flags);
    expect(code).toBe(0);
    expect(out).toMatch(/USE {6}threshold \.\d+ for recall ≥ \.9 \(recall \.\d\d, precision \.\d\d/);
    expect(out).toContain("for top 30 rows");
    const result = JSON.parse(readFileSync(place.path("asked/answers.report.json"), "utf8")) as Result;
    expect(result.goals).toEqual({ costs: null, recall: 0.9, precision: null, top: { rows: 30 } });
    expect(result.folds.map(({ repeat, fold }) => [repeat, fold])).toEqual([0, 1, 2, 3, 4].map((fold) => [0, fold]));
    expect(Object.keys(result.versions)).toEqual(expect.arrayContaining(["surprisal-cli", "node", "surprisal"]));
    const [recall] = result.families[0].thresholds;
    expect(Math.abs(recall.recall - 0.9)).toBeLessThan(0.1);
    expect((await readModelFile(place.path("asked/answers.onnx"))).thresholds).toEqual([recall.byFormula]);
  });

  it("refuses to go on with the journal of another comparison", async () => {
    const folder = place.path("other");
    await surprisal("compare", table, "answer", ...quick, "--output", folder);
    const { code, err } = await surprisal(
      "compare",
      table,
      "answer",
      ...quick,
      "--seed",
      "1",
      "--output",
      folder,
      "--resume",
    );
    expect(code).toBe(2);
    expect(err).toContain("belongs to another comparison");
  });

  it("says that it cannot rank where positives are few", async () => {
    const rows = twoClasses(120, "few").split("\n");
    const few = place.write("few.csv", rows.filter((row, n) => n === 0 || !row.endsWith("yes") || n < 60).join("\n"));
    const { code, out } = await surprisal("compare", few, "answer", ...quick, "--no-save");
    expect(code).toBe(0);
    expect(out).toContain("Too few");
  });

  it("compares three classes and several labels, too", async () => {
    const three = await surprisal("compare", table, "colour", ...quick, "--no-save", "--json");
    expect((JSON.parse(three.out) as Result).target.kind).toBe("multiclass");
    const rows = twoClasses(200, "labels")
      .trim()
      .split("\n")
      .map((row, n) => `${row},${n === 0 ? "second" : n % 3 === 0 ? "yes" : "no"}`);
    const both = place.write("labels.csv", rows.join("\n"));
    const many = await surprisal("compare", both, "--labels", "answer,second", ...quick, "--no-save", "--json");
    expect((JSON.parse(many.out) as Result).target).toMatchObject({
      kind: "multilabel",
      classes: ["answer", "second"],
    });
  });
});

describe("fit and predict", () => {
  it("leave a model whose probabilities are true on average", async () => {
    const folder = place.path("fitted");
    const flags = ["--loss", "focal", "--gamma", "2", "--alpha", "inverse", "--model", "linear", "--output", folder];
    expect((await surprisal("fit", table, "answer", ...flags)).code).toBe(0); // the folder is made
    const { code } = await surprisal("predict", join(folder, "answers.onnx"), table, "--output", "predicted.csv");
    expect(code).toBe(0);
    const [head, ...rows] = readFileSync(place.path("predicted.csv"), "utf8").trim().split("\n");
    const column = head.split(",").indexOf("probability_yes");
    const mean = rows.reduce((sum, row) => sum + Number(row.split(",")[column]), 0) / rows.length;
    const share = rows.filter((row) => row.split(",")[3] === "yes").length / rows.length;
    expect(Math.abs(mean - share)).toBeLessThan(0.01);
  });
});
