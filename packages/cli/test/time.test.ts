// Folds in time: later rows test earlier ones, and nothing is chosen on rows that lie before those it is learnt from.
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import type { Result } from "../src/verdict/result.ts";
import { textsOf } from "./columns.ts";
import { command, scratch, surprisal } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

interface Shape {
  readonly rows?: number;
  readonly when?: (n: number) => string;
  readonly answer?: (n: number, x: number) => string;
  readonly more?: (n: number) => string;
  readonly header?: string;
}

const day = (n: number) => new Date(Date.UTC(2020, 0, 1 + n)).toISOString().slice(0, 10);

/** Rows in a mixed order, of which `n` is the place in time; a number x tells the answer, mostly. */
function table(name: string, shape: Shape = {}): string {
  const { rows = 180, when = day, more = () => "", header = "when,x,answer" } = shape;
  const answer = shape.answer ?? ((n, x) => (x + ((n * 13) % 29) > 70 ? "yes" : "no"));
  const lines = Array.from({ length: rows }, (_, k) => {
    const n = (k * 77) % rows;
    const x = (n * 37) % 101;
    return `${when(n)},${x},${answer(n, x)}${more(n)}`;
  });
  return place.write(name, `${header}\n${lines.join("\n")}\n`);
}

const quick = ["--fast", "--model", "linear", "--losses", "ce", "--no-save"];
/** In the built program, since folds run on threads. */
const built = (argv: readonly string[]) => surprisal(place.folder, ...argv);
const byTime = (path: string, ...flags: readonly string[]) =>
  built(["compare", path, "answer", "--time", "when", ...quick, ...flags]);

/** The result of a comparison by time. */
async function resultOf(path: string, ...flags: readonly string[]): Promise<Result> {
  const { code, out, err } = await byTime(path, "--json", ...flags);
  expect([code, err.includes("surprisal:") ? err : ""]).toEqual([0, ""]);
  return JSON.parse(out);
}

describe("folds in time", () => {
  it("test each block on what is learnt from all blocks before it, and the first block never", async () => {
    const { plan, folds } = await resultOf(table("plain.csv"), "--fold-count", "5");
    expect(plan).toMatchObject({ folds: 5, repeats: 1, finished: 5 });
    expect(plan.time).toMatchObject({ column: "when", tested: 150, neverTested: 30 });
    expect(plan.time?.blocks.map(({ rows }) => rows)).toEqual([30, 30, 30, 30, 30, 30]);
    expect(plan.time?.blocks[0]).toEqual({ from: "2020-01-01", to: "2020-01-30", rows: 30 });
    expect(plan.time?.blocks[5]).toEqual({ from: "2020-05-30", to: "2020-06-28", rows: 30 });
    expect(folds.map(({ rows, trained }) => [rows, trained])).toEqual([
      [30, 30],
      [30, 60],
      [30, 90],
      [30, 120],
      [30, 150],
    ]);
  });

  it("never part equal times", async () => {
    const path = table("months.csv", { when: (n) => day(31 * Math.floor(n / 17)) });
    const { plan } = await resultOf(path, "--fold-count", "3");
    for (const { rows } of plan.time?.blocks ?? []) expect([rows % 17, (rows + 7) % 17]).toContain(0);
    const edges = (plan.time?.blocks ?? []).flatMap(({ from, to }) => [from, to]);
    expect([...edges].sort()).toEqual(edges);
  });

  it("take the share of the corrected test from their sizes: the mean of tested over trained rows", async () => {
    const { plan } = await resultOf(table("share.csv"), "--fold-count", "4");
    expect(plan.time?.testShare).toBeCloseTo((1 + 1 / 2 + 1 / 3 + 1 / 4) / 4, 10);
  });

  it("are the same whatever the order of the rows", async () => {
    const path = table("mixed.csv");
    const [header, ...lines] = readFileSync(path, "utf8").trim().split("\n");
    const sorted = place.write("sorted.csv", `${header}\n${lines.sort().join("\n")}\n`);
    const [one, other] = [await resultOf(path), await resultOf(sorted)];
    expect(other.plan.time).toEqual(one.plan.time);
    for (const [k, score] of one.families[0].perFold.entries())
      expect(other.families[0].perFold[k]).toBeCloseTo(score, 4);
  });

  it("follow numbers as well as dates: years, seconds", async () => {
    const path = table("numbers.csv", { when: (n) => String(1_600_000_000 + 86_400 * n) });
    const { plan } = await resultOf(path, "--fold-count", "2");
    expect(plan.time?.blocks[0]).toEqual({ from: "1600000000", to: String(1_600_000_000 + 86_400 * 59), rows: 60 });
  });

  it("are made for several classes and several labels, too", async () => {
    const three = table("three.csv", { answer: (n, x) => ["low", "mid", "high"][(n + Math.floor(x / 40)) % 3] });
    expect((await resultOf(three, "--fold-count", "2")).target.kind).toBe("multiclass");
    const labels = table("labels.csv", {
      header: "when,x,answer,other",
      answer: (n) => String(n % 2),
      more: (n) => `,${(n >> 1) % 2}`,
    });
    const { code, out } = await byTime(labels, "--labels", "other", "--fold-count", "2", "--json");
    expect([code, JSON.parse(out).target.kind]).toEqual([0, "multilabel"]);
  });
});

describe("the time column", () => {
  it("is no feature, unless it is kept, and that is told", async () => {
    const path = table("feature.csv");
    const without = await resultOf(path, "--fold-count", "2");
    expect(without.features.map(({ name }) => name)).toEqual(["x"]);
    expect(textsOf(without.notes).join("\n")).toContain(
      "when: tells the order of the rows, it is no feature (--keep when",
    );
    const kept = await resultOf(path, "--fold-count", "2", "--keep", "when");
    expect(kept.features.map(({ name }) => name)).toEqual(["when", "x"]);
  });

  it("is refused where it is text, with the text and the way out", async () => {
    const { code, err } = await byTime(table("text.csv", { when: (n) => `week no. ${n}` }));
    expect(code).toBe(2);
    expect(err).toMatch(/--time: "when" holds text, such as "week no\. \d+", .*dates or numbers.*2024-01-31/);
  });

  it("is refused where it is not there, is the target, or is the group", async () => {
    const path = table("names.csv");
    const ask = (...flags: readonly string[]) => command(["compare", path, "answer", ...quick, ...flags]);
    expect((await ask("--time", "whem")).err).toMatch(/--time: the table has no column "whem"; did you mean "when"/);
    expect((await ask("--time", "answer")).err).toMatch(/--time: "answer" is the target/);
    expect((await ask("--time", "when", "--group", "when")).err).toMatch(/--time, --group: "when" is in both/);
  });

  it("leaves out rows that have no time, and tells how many", async () => {
    const path = table("gaps.csv", { when: (n) => (n % 60 === 7 ? "" : day(n)) });
    const { target, notes, plan } = await resultOf(path, "--fold-count", "2");
    expect(target.rows).toBe(177);
    expect(target.counts[0] + target.counts[1]).toBe(177);
    expect(plan.time?.blocks.map(({ rows }) => rows)).toEqual([59, 59, 59]);
    expect(textsOf(notes).join("\n")).toContain("when: 3 rows have no time and are left out (--time)");
    const one = table("gap.csv", { when: (n) => (n === 7 ? "NA" : day(n)) });
    expect(textsOf((await resultOf(one, "--fold-count", "2")).notes).join("\n")).toContain(
      "when: 1 row has no time and is left out",
    );
  });
});

describe("what cannot be", () => {
  it("is repeats, and other people's folds", async () => {
    const path = table("flags.csv");
    expect((await byTime(path, "--repeats", "2")).err).toMatch(/--time and --repeats exclude each other/);
    expect((await byTime(path, "--folds", path)).err).toMatch(/--time and --folds exclude each other/);
  });

  it("is more blocks than times, with a count that works", async () => {
    const path = table("few.csv", { when: (n) => String(2018 + Math.floor(n / 45)) });
    const { code, err } = await byTime(path, "--fold-count", "5");
    expect(code).toBe(2);
    expect(err).toMatch(/--time: "when" has 4 different times, but 5 folds need 6 blocks .*use --fold-count 3/);
    expect((await resultOf(path, "--fold-count", "3")).plan.time?.blocks[0]).toMatchObject({
      from: "2018",
      to: "2018",
    });
    const two = table("two.csv", { when: (n) => String(2018 + Math.floor(n / 90)) });
    expect((await byTime(two)).err).toMatch(/2 different times.*leave --time out/);
  });

  it("is a block without a class, with a count that works, or without any", async () => {
    const path = table("late.csv", { answer: (n) => (n % 3 === 0 && n >= 40 ? "yes" : "no") });
    const { code, err } = await byTime(path, "--fold-count", "5");
    expect(code).toBe(2);
    expect(err).toMatch(
      /--time: block 1 of 6 \(2020-01-01 to 2020-01-30\) has no row of class "yes".*use --fold-count 3/,
    );
    expect((await byTime(path, "--fold-count", "3")).code).toBe(0);
    const never = table("last.csv", { answer: (n) => (n >= 150 ? "yes" : "no") });
    expect((await byTime(never)).err).toMatch(/has no row of class "yes".*no smaller --fold-count.*leave --time out/);
  });
});

describe("beside other flags", () => {
  it("does not test rows of a group that was learnt from before", async () => {
    const path = table("groups.csv", { header: "when,x,answer,who", more: (n) => `,p${n % 150}` });
    const { plan, notes, folds } = await resultOf(path, "--group", "who", "--fold-count", "2");
    // The last 30 rows are of people that were seen in the first block.
    expect(plan.time).toMatchObject({ tested: 90, neverTested: 90 });
    expect(folds.map(({ rows, trained }) => [rows, trained])).toEqual([
      [60, 60],
      [30, 120],
    ]);
    expect(textsOf(notes).join("\n")).toContain(
      "who: 30 rows are not tested, since rows of their groups come before (--group)",
    );
  });

  it("lets copies be tested as they come, and says so", async () => {
    const path = table("copies.csv", { header: "when,x,answer", answer: (n) => (n % 3 ? "no" : "yes") });
    const { table: read, notes } = await resultOf(path, "--fold-count", "2");
    expect(read.copies.together).toBe(false);
    expect(textsOf(notes).join("\n")).toMatch(
      /79 rows have the same features as another.*by time they are tested as they come/,
    );
  });

  it("does not go on with a journal of folds without time", async () => {
    const path = table("journal.csv");
    const argv = ["compare", path, "answer", "--fast", "--model", "linear", "--losses", "ce", "--fold-count", "3"];
    const at = ["--output", place.path("journal")];
    expect((await built([...argv, ...at])).code).toBe(0);
    const resumed = await built([...argv, "--time", "when", ...at, "--resume"]);
    expect([resumed.code, resumed.err]).toEqual([2, expect.stringContaining("belongs to another comparison")]);
    expect((await built([...argv, "--time", "when", ...at])).code).toBe(0);
    expect((await built([...argv, "--time", "when", ...at, "--resume"])).code).toBe(0);
    const page = readFileSync(place.path("journal/journal.report.html"), "utf8");
    expect(page).toContain("3 in time, by when");
    expect(page).toContain("only earlier rows");
    expect(page).not.toMatch(/stratified|Every row once|1 × 3/);
  });

  it("is said in the plan, and no fold is called what it is not", async () => {
    const { out } = await byTime(table("words.csv"), "--fold-count", "4");
    expect(out).toMatch(/plan .*4 folds in time, by when/);
    expect(out).not.toMatch(/1x4|stratified/);
  });

  it("has fit choose settings on later rows, and leaves the column out of its model", async () => {
    const path = table("fit.csv");
    const argv = ["fit", path, "answer", "--model", "linear", "--time", "when", "--output", place.folder];
    const { code, out } = await command(argv);
    expect(code).toBe(0);
    expect(out).toContain("(1 number, 0 categories)");
    const again = await command(["predict", place.path("fit.onnx"), path, "--output", place.path("fit.out.csv")]);
    expect([again.code, again.err + again.out]).toEqual([0, expect.stringContaining('not used by the model: "when"')]);
  });
});
