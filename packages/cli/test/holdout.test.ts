// A hold-out beside the folds: read as the model reads, judged once, and nothing is chosen by it.
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { report } from "../src/report/page.ts";
import type { Scores } from "../src/scores/scores.ts";
import { findings } from "../src/terminal/findings.ts";
import type { Result, TestResult } from "../src/verdict/result.ts";
import { textsOf } from "./columns.ts";
import { makeResult } from "./results.ts";
import { command, scratch, surprisal } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

/** Rows from a place on: a date, a colour, a number and an answer, each by `cells`. */
function table(name: string, from: number, to: number, cells: (n: number) => string, header = "when,colour,x,answer") {
  const rows = Array.from({ length: to - from }, (_, k) => cells(from + k));
  return place.write(name, `${header}\n${rows.join("\n")}\n`);
}

const x = (n: number) => (n * 37) % 101;
const answer = (n: number) => (x(n) + ((n * 13) % 59) > 75 ? "yes" : "no");
const cells = (n: number) =>
  `2020-0${1 + (n % 9)}-${10 + (n % 19)},${["01", "1A", "True"][n % 3]},${x(n)}.5,${answer(n)}`;
const train = table("train.csv", 0, 150, cells);
const fresh = table("fresh.csv", 400, 460, cells);

const quick = ["--fast", "--model", "linear", "--losses", "ce", "--fold-count", "2"];
/** In the built program, since folds run on threads. */
const compare = (test: string, ...more: readonly string[]) =>
  surprisal(place.folder, "compare", train, "answer", ...quick, "--test", test, ...more);

async function resultOf(test: string, ...more: readonly string[]): Promise<Result> {
  const { code, out, err } = await compare(test, "--json", "--no-save", ...more);
  expect([code, err.includes("surprisal:") ? err : ""]).toEqual([0, ""]);
  return JSON.parse(out);
}

/** What is refused is refused before anything is trained. */
const refusal = async (test: string, ...more: readonly string[]) => {
  const { code, err } = await command(["compare", train, "answer", ...quick, "--test", test, "--no-save", ...more]);
  expect(code).toBe(2);
  return err;
};

describe("a hold-out", () => {
  it("is judged by the model that is saved: its scores are those of what predict says", async () => {
    const { code, out } = await compare(fresh, "--output", place.path("saved"));
    expect(code).toBe(0);
    const result: Result = JSON.parse(readFileSync(place.path("saved/train.report.json"), "utf8"));
    const { test } = result;
    expect(test).toMatchObject({ source: "fresh.csv", rows: 60, unlabelled: 0, known: 0, family: "ce" });
    const output = place.path("fresh.out.csv");
    expect((await command(["predict", place.path("saved/train.onnx"), fresh, "--output", output])).code).toBe(0);
    const [, ...lines] = readFileSync(output, "utf8").trim().split("\n");
    const rows = lines.map((line) => line.split(","));
    const losses = rows.map(([, , , label, p]) => -Math.log(label === "yes" ? Number(p) : 1 - Number(p)));
    const logLoss = losses.reduce((sum, each) => sum + each, 0) / 60;
    expect(test?.scores.logLoss.score).toBeCloseTo(logLoss, 10);
    const decided = (label: string, said: string) => rows.filter((row) => row[3] === label && row[5] === said).length;
    expect(test?.confusion).toEqual([
      [decided("no", "no"), decided("no", "yes")],
      [decided("yes", "no"), decided("yes", "yes")],
    ]);
    for (const { score, low, high } of Object.values(test?.scores ?? {})) {
      expect(low).toBeLessThanOrEqual(score);
      expect(high).toBeGreaterThanOrEqual(score);
      expect(high - low).toBeGreaterThan(0);
    }
    expect(out).toMatch(/ TEST {5}fresh\.csv · 60 rows · log loss \.\d+ \(\.\d+ to \.\d+\)/);
    const page = readFileSync(place.path("saved/train.report.html"), "utf8");
    expect(page).toContain('<section id="hold-out"');
    expect(page).toContain("60 rows of fresh.csv");
  });

  it("changes nothing else: the same folds, verdict and numbers as without it", async () => {
    const { test, notes, command: _, ...one } = await resultOf(fresh);
    const bare = await surprisal(place.folder, "compare", train, "answer", ...quick, "--json", "--no-save");
    const { test: none, notes: fewer, command: __, ...other } = JSON.parse(bare.out);
    expect(none).toBeNull();
    expect(one).toEqual(other);
    expect(textsOf(notes).filter((note) => !textsOf(fewer).includes(note))).toEqual([]);
    expect(test?.threshold).toBe(one.families[0].thresholds[0].byFormula);
  });

  it("is read as the training table is, whatever its own cells look like", async () => {
    const european = (n: number) => `${10 + (n % 19)}/0${1 + (n % 9)}/2020,0${n % 3},"${x(n)},5",${answer(n)}`;
    const ambiguous = (n: number) => `0${1 + (n % 9)}/0${1 + (n % 7)}/2020,0${n % 3},${x(n)},${answer(n)}`;
    const from = table("european.csv", 0, 150, european);
    const to = table("ambiguous.csv", 400, 460, ambiguous);
    const { code, out } = await surprisal(
      place.folder,
      ...["compare", from, "answer", ...quick, "--test", to, "--json", "--output", place.path("european")],
    );
    expect(code).toBe(0);
    const { test }: Result = JSON.parse(out);
    const output = place.path("ambiguous.out.csv");
    await command(["predict", place.path("european/european.onnx"), to, "--output", output]);
    const [, ...lines] = readFileSync(output, "utf8").trim().split("\n");
    const losses = lines
      .map((line) => line.split(","))
      .map(([, , , label, p]) => -Math.log(label === "yes" ? Number(p) : 1 - Number(p)));
    expect(test?.scores.logLoss.score).toBeCloseTo(losses.reduce((sum, each) => sum + each, 0) / 60, 10);
  });

  it("may have several classes, or several labels", async () => {
    const three = (n: number) => `${x(n)},${["a", "b", "c"][Math.floor(x(n) / 34 + n) % 3]}`;
    const classes = [
      table("three.csv", 0, 120, three, "x,answer"),
      table("three.new.csv", 200, 240, three, "x,answer"),
    ];
    const ask = async (paths: readonly string[], ...more: readonly string[]): Promise<Result> => {
      const argv = ["compare", paths[0], "answer", ...quick, "--test", paths[1], "--json", "--no-save", ...more];
      return JSON.parse((await surprisal(place.folder, ...argv)).out);
    };
    const one = await ask(classes);
    expect(one.test?.confusion.flat().reduce((sum, each) => sum + each, 0)).toBe(40);
    expect(one.test?.threshold).toBeNull();
    const labels = (n: number) => `${x(n)},${Number(x(n) + (n % 50) > 60)},${["no", "yes"][n % 2]}`;
    const header = "x,answer,other";
    const both = [table("labels.csv", 0, 120, labels, header), table("labels.new.csv", 200, 240, labels, header)];
    const other = await ask(both, "--labels", "other");
    expect(other.test).toMatchObject({ rows: 40, confusion: [] });
    expect(other.test?.scores.logLoss.score).toBeGreaterThan(0);
  });

  it("has rows that were trained on counted and told, as they flatter", async () => {
    const mixed = table("mixed.csv", 140, 180, cells);
    const { test, notes } = await resultOf(mixed);
    expect(test).toMatchObject({ rows: 40, known: 10 });
    expect(textsOf(notes).join("\n")).toContain("mixed.csv: 10 of 40 rows are in the training table, too");
    const same = await resultOf(train);
    expect(same.test).toMatchObject({ rows: 150, known: 150 });
  });

  it("has rows told that are not later than the last one that is learnt from, with --time", async () => {
    const timed = (n: number) => `${1900 + n},${x(n)},${answer(n)}`;
    const from = table("timed.csv", 0, 120, timed, "year,x,answer");
    const ask = async (to: string): Promise<Result> => {
      const argv = ["compare", from, "answer", ...quick, "--time", "year", "--test", to, "--json", "--no-save"];
      return JSON.parse((await surprisal(place.folder, ...argv)).out);
    };
    const later = await ask(table("later.csv", 100, 160, timed, "year,x,answer"));
    expect(textsOf(later.notes).join("\n")).toContain(
      "later.csv: 20 of 60 rows are not later than the last row of the training",
    );
    const timeless = await ask(table("timeless.csv", 200, 240, (n) => timed(n).replace(/^\d+,/, ""), "x,answer"));
    expect([timeless.test?.rows, textsOf(timeless.notes).join("\n").includes("not later")]).toEqual([40, false]);
  });

  it("counts by the weights of --weight where it has them, and takes rows that lack some of several labels", async () => {
    const weighed = (n: number) => `${x(n)},${n % 3},${answer(n)}`;
    const from = table("weighed.csv", 0, 120, weighed, "x,w,answer");
    const ask = async (paths: readonly string[], ...more: readonly string[]): Promise<Result> => {
      const argv = ["compare", paths[0], "answer", ...quick, "--test", paths[1], "--json", "--no-save", ...more];
      const { code, out, err } = await surprisal(place.folder, ...argv);
      expect([code, err.includes("surprisal:") ? err : ""]).toEqual([0, ""]);
      return JSON.parse(out);
    };
    const to = table("weighed.new.csv", 200, 260, weighed, "x,w,answer");
    const { test } = await ask([from, to], "--weight", "w");
    const weights = Array.from({ length: 60 }, (_, k) => (200 + k) % 3);
    expect(test?.rows).toBe(weights.filter((weight) => weight > 0).length);
    const sum = weights.reduce((total, each) => total + each, 0);
    expect(test?.confusion.flat().reduce((total, each) => total + each, 0)).toBeCloseTo(sum, 9);
    const bare = table("bare.new.csv", 200, 260, (n) => weighed(n).replace(/,\d,/, ","), "x,answer");
    expect((await ask([from, bare], "--weight", "w")).test?.rows).toBe(60);
    const labels = (n: number) => `${x(n)},${Number(x(n) + (n % 50) > 60)},${n % 4 === 0 ? "" : ["no", "yes"][n % 2]}`;
    const partial = [
      table("part.csv", 0, 120, labels, "x,answer,other"),
      table("part.new.csv", 200, 240, labels, "x,answer,other"),
    ];
    const other = await ask(partial, "--labels", "other");
    expect(other.test).toMatchObject({ rows: 40, unlabelled: 0 });
    expect(other.test?.prior.logLoss).toBeGreaterThan(0.4);
    expect(other.test?.prior.logLoss).toBeLessThan(0.9);
  });

  it("leaves out rows without a label, and those of dropped classes, and tells both", async () => {
    const rows = (n: number) => cells(n).replace(/yes$/, n % 4 === 0 ? "" : n % 4 === 1 ? "maybe" : "yes");
    const path = table("gaps.csv", 400, 460, rows);
    const gaps = Array.from({ length: 60 }, (_, k) => rows(400 + k).split(",")[3]);
    const maybe = gaps.filter((label) => label === "maybe").length;
    const own = table("maybe.csv", 0, 150, (n) => (n % 50 === 7 ? cells(n).replace(/(yes|no)$/, "maybe") : cells(n)));
    const { code, out } = await surprisal(
      place.folder,
      ...["compare", own, "answer", ...quick, "--test", path, "--json", "--no-save", "--drop-classes", "maybe"],
    );
    expect(code).toBe(0);
    const { test, notes }: Result = JSON.parse(out);
    const empty = gaps.filter((label) => label === "").length;
    expect(test).toMatchObject({ rows: 60 - maybe - empty, unlabelled: empty });
    expect(textsOf(notes).join("\n")).toMatch(new RegExp(`gaps.csv: ${empty} rows have no label and are left out`));
  });
});

describe("what is shown of a hold-out", () => {
  const range = { score: 0.4, low: 0.3, high: 0.5 };
  const result = makeResult({ verdict: "switch" });
  const prior = { logLoss: 0.61, brier: 0.2, averagePrecision: 0.1, rocAuc: 0.5 } as Scores;
  const test: TestResult = {
    source: "<new>.csv",
    rows: 100,
    unlabelled: 2,
    known: 3,
    family: "focal",
    threshold: 0.25,
    scores: { logLoss: range, brier: range, averagePrecision: range, rocAuc: { ...range, score: Number.NaN } },
    reference: { ...prior, logLoss: 0.4321 },
    prior,
    confusion: [
      [80, 5],
      [1, 14],
    ],
    recalls: [
      { rows: 85, found: 80, recall: 0.94, low: 0.9, high: 0.97 },
      { rows: 15, found: 14, recall: 0.93, low: 0.7, high: 0.99 },
    ],
  };

  it("is in the report, beside cross entropy where another loss is recommended, and with names as text", () => {
    const page = report({ ...result, test });
    expect(page).toContain("On the hold-out, log loss is .4");
    expect(page).toContain("&lt;new&gt;.csv");
    expect(page).not.toContain("<new>");
    expect(page).toContain(".4321");
    expect(page).toContain("3 of them are in the training table");
    expect(report(result)).not.toContain("hold-out");
  });

  it("is one entry in the terminal, without scores that are none", () => {
    const lines = findings({ ...result, test }, { columns: 1000, colour: false }).split("\n");
    expect(lines.find((line) => line.startsWith(" TEST"))).toBe(
      ' TEST     <new>.csv · 100 rows · log loss .4000 (.3000 to .5000), AP .400 (.300 to .500) · from .250 on 14 of 15 rows of "yes" found, 5 false alarms · class shares only: log loss .6100',
    );
  });
});

describe("a hold-out is refused, before anything is trained", () => {
  it("without the target, or without a column that is learnt from, and no flag is named that compare lacks", async () => {
    const without = table("without.csv", 0, 9, (n) => `2020-01-1${n},01,${n}`, "when,colour,x");
    expect(await refusal(without)).toMatch(/--test: .*without\.csv has no column "answer"/);
    const fewer = table("fewer.csv", 0, 9, (n) => `${n},${answer(n)}`, "x,answer");
    expect(await refusal(fewer)).toMatch(
      /--test: .*fewer\.csv has no columns "when", "colour".*leave .* out with --drop/,
    );
  });

  it("with a class that the training table lacks, with its row", async () => {
    const other = table("other.csv", 0, 9, (n) => cells(n).replace(/(yes|no)$/, n === 4 ? "perhaps" : "$1"));
    expect(await refusal(other)).toMatch(
      /--test: row 5 of .*other\.csv is of class "perhaps", which "answer" does not have in the training table: "no", "yes"/,
    );
  });

  it("without any row that has a label, and where there is no such file", async () => {
    const none = table("none.csv", 0, 9, (n) => cells(n).replace(/(yes|no)$/, ""));
    expect(await refusal(none)).toMatch(/--test: .*none\.csv has no row with a label/);
    expect(await refusal(place.path("nowhere.csv"))).toMatch(/nowhere\.csv: there is no such file/);
  });

  it("where a result would be written over it", async () => {
    const path = table("train.report.json", 0, 9, cells);
    const { code, err } = await command([
      "compare",
      train,
      "answer",
      ...quick,
      "--test",
      path,
      "--output",
      place.folder,
    ]);
    expect([code, err]).toEqual([2, expect.stringContaining("this file is read and would be replaced")]);
  });
});
