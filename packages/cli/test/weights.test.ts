// Rows that count by a column: read, told, and the same as rows that stand there so many times.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Random } from "../src/random.ts";
import type { Result } from "../src/verdict/result.ts";
import { command, scratch, surprisal } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

/** A row of a table that a straight line nearly tells apart. */
interface Row {
  readonly x: string;
  readonly z: string;
  readonly answer: string;
  readonly w: string;
}

/** Rows, each with a weight that follows from its place and its class. */
function makeRows(count: number, seed: string, weight: (n: number, answer: string) => number | string): readonly Row[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, n) => {
    const [x, z] = [random.normal(), random.normal()];
    const answer = random.next() < 1 / (1 + Math.exp(1 - 1.5 * x + z)) ? "yes" : "no";
    return { x: x.toFixed(3), z: z.toFixed(3), answer, w: String(weight(n, answer)) };
  });
}

const csv = (rows: readonly Row[], columns: readonly (keyof Row)[] = ["x", "z", "w", "answer"]) =>
  `${columns.join(",")}\n${rows.map((row) => columns.map((name) => row[name]).join(",")).join("\n")}\n`;

let folders = 0;
/** A folder of its own for what a call leaves behind. */
function folder(): string {
  const path = place.path(`out${folders++}`);
  mkdirSync(path);
  return path;
}

const fit = (table: string, ...flags: readonly string[]) =>
  command(["fit", table, "answer", "--model", "linear", "--output", folder(), ...flags]);

const quick = ["--model", "linear", "--fast", "--fold-count", "3", "--losses", "ce,balanced-ce", "--jobs", "1"];

/** The result of a quick comparison as JSON. */
async function compared(table: string, ...flags: readonly string[]): Promise<Result> {
  const { code, out, err } = await surprisal(
    place.folder,
    "compare",
    table,
    "answer",
    ...quick,
    "--no-save",
    "--json",
    ...flags,
  );
  expect(code, err).toBe(0);
  return JSON.parse(out);
}

/** The numbers of a comparison, without what names the weight. */
const numbersOf = ({ families, prior, verdict, plan, folds, features }: Result) => ({
  families,
  prior,
  verdict,
  plan,
  folds,
  features,
});

/** The predictions of a model that was fitted on a table, for rows without a weight. */
async function predicted(table: string, rows: readonly Row[], ...flags: readonly string[]): Promise<readonly number[]> {
  const where = folder();
  const fitted = await command(["fit", table, "answer", "--model", "linear", "--output", where, ...flags]);
  expect(fitted.code, fitted.err).toBe(0);
  const name = table.split("/").at(-1)!.replace(".csv", ".onnx");
  const fresh = place.write(`fresh${folders}.csv`, csv(rows, ["x", "z"]));
  const target = join(where, "predicted.csv");
  const said = await command(["predict", join(where, name), fresh, "--output", target]);
  expect(said.code, said.err).toBe(0);
  const [head, ...lines] = readFileSync(target, "utf8").trim().split("\n");
  const at = head.split(",").findIndex((name) => name.startsWith("probability"));
  expect(at, head).toBeGreaterThan(-1);
  return lines.map((line) => Number(line.split(",")[at]));
}

describe("a column of weights", () => {
  it("is no feature, and is told with its sum and the effective number of rows", async () => {
    const rows = makeRows(100, "told", (n) => (n % 2 === 0 ? 1 : 3));
    const { code, out, err } = await fit(place.write("told.csv", csv(rows)), "--weight", "w");
    expect(code, err).toBe(0);
    expect(out).toContain("2 features (2 numbers, 0 categories)");
    expect(out.replace(/\s+/g, " ")).toContain('weight: rows count by "w" (sum 200, effective number of rows 80)');
  });

  it("stands in the result with its sum and the effective number of rows", async () => {
    const rows = makeRows(120, "disclosed", (n) => (n % 2 === 0 ? 1 : 3));
    const table = place.write("disclosed.csv", csv(rows));
    expect((await compared(table, "--weight", "w")).weight).toEqual({ column: "w", sum: 240, effective: 96 });
    expect((await compared(table)).weight).toBeNull();
  });

  it.each([
    ["is missing", "", /weight: "w" is missing in row 8/],
    ["is negative", "-2", /weight: "w" is -2 in row 8/],
    ["is infinite", "inf", /weight: "w" is infinite in row 8|"w" is infinite in row 8/],
    ["is beyond reach", "1e200", /weight: "w" is 1e\+200, too far from 1, in row 8/],
    ["is a text", "heavy", /weight: "w" (holds "heavy"|is missing) in row 8/],
  ])("that %s somewhere is refused with its row", async (_, cell, told) => {
    const rows = makeRows(60, "refused", (n) => (n === 7 ? cell : 1 + (n % 3)));
    const { code, err } = await fit(place.write(`refused ${cell}.csv`, csv(rows)), "--weight", "w");
    expect(err).toMatch(told);
    expect(code).toBe(2);
  });

  it("that is 0 in every row is refused", async () => {
    const { code, err } = await fit(place.write("zeros.csv", csv(makeRows(60, "zeros", () => 0))), "--weight", "w");
    expect(err).toMatch(/weight: "w" is 0 in every row/);
    expect(code).toBe(2);
  });

  it("that is 0 in every row of a class is refused with the class", async () => {
    const rows = makeRows(60, "classless", (_, answer) => (answer === "yes" ? 0 : 2));
    const { code, err } = await fit(place.write("classless.csv", csv(rows)), "--weight", "w");
    expect(err).toMatch(/weight: .*"yes"/);
    expect(code).toBe(2);
  });

  it.each([
    ["the target", ["--weight", "answer"], /--weight: "answer" is the target/],
    ["the group", ["--weight", "w", "--group", "w"], /--weight, --group: "w"/],
    ["no column", ["--weight", "v"], /--weight: the table has no column "v"/],
    ["kept as a feature", ["--weight", "w", "--keep", "w"], /--weight, --keep: "w"/],
  ])("cannot be %s", async (_, flags, told) => {
    const table = place.write("names.csv", csv(makeRows(60, "names", (n) => 1 + (n % 3))));
    const { code, err } = await fit(table, ...flags);
    expect(err).toMatch(told);
    expect(code).toBe(2);
  });

  it("of dates is refused", async () => {
    const rows = makeRows(60, "dates", (n) => `2020-01-${String(1 + (n % 28)).padStart(2, "0")}`);
    const { code, err } = await fit(place.write("dates.csv", csv(rows)), "--weight", "w");
    expect(err).toMatch(/weight: "w" holds dates/);
    expect(code).toBe(2);
  });

  it("may lack where the row has no label, for such a row is left out anyhow", async () => {
    const rows = makeRows(60, "unlabelled", (n) => (n === 7 ? "" : 1 + (n % 3)));
    const table = csv(rows.map((row, n) => (n === 7 ? { ...row, answer: "" } : row)));
    const { code, err } = await fit(place.write("unlabelled.csv", table), "--weight", "w");
    expect([err, code]).toEqual(["", 0]);
  });

  it("with a 0 leaves the row out, which is told, as if it were not in the table", async () => {
    const rows = makeRows(150, "zero", (n) => (n % 5 === 0 ? 0 : 1 + (n % 3)));
    const all = place.write("zero.csv", csv(rows));
    const rest = place.write("rest.csv", csv(rows.filter(({ w }) => w !== "0")));
    const { out } = await fit(all, "--weight", "w");
    expect(out).toMatch(/30 rows have the weight 0 and are left out/);
    const [one, other] = [await compared(all, "--weight", "w"), await compared(rest, "--weight", "w")];
    expect(numbersOf(one)).toEqual(numbersOf(other));
  });

  it.each(["1", "2", "0.1"])("of %s in every row changes no number", async (weight) => {
    const rows = makeRows(150, "ones", () => weight);
    const weighed = await compared(place.write(`all ${weight}.csv`, csv(rows)), "--weight", "w");
    const plain = await compared(place.write("none.csv", csv(rows, ["x", "z", "answer"])));
    expect(numbersOf(weighed)).toEqual(numbersOf(plain));
    expect(weighed.weight?.effective).toBe(150);
    expect(plain.weight).toBeNull();
  });

  it("in another unit changes nothing", async () => {
    const weights = (unit: number) => makeRows(150, "unit", (n) => unit * (1 + (n % 3)));
    const one = await compared(place.write("unit1.csv", csv(weights(1))), "--weight", "w");
    const four = await compared(place.write("unit4.csv", csv(weights(4))), "--weight", "w");
    const known = ({ prior, families, verdict }: Result) => [prior, verdict, families.map(({ perFold }) => perFold)];
    expect(known(four)).toEqual(known(one));
    expect(four.weight).toEqual({ column: "w", sum: 1200, effective: one.weight?.effective });
  });

  it("moves probabilities to the shares that the weights have", async () => {
    const rows = makeRows(400, "shares", (_, answer) => (answer === "yes" ? 9 : 1));
    const table = place.write("shares.csv", csv(rows));
    const mean = (values: readonly number[], of: readonly Row[]) =>
      values.reduce((sum, p, n) => sum + p * Number(of[n].w), 0) / of.reduce((sum, { w }) => sum + Number(w), 0);
    const known = rows.map((row) => ({ ...row, answer: row.answer }));
    const positive = known.reduce((sum, { w, answer }) => sum + (answer === "yes" ? Number(w) : 0), 0);
    const share = positive / known.reduce((sum, { w }) => sum + Number(w), 0);
    expect(mean(await predicted(table, rows, "--weight", "w"), rows)).toBeCloseTo(share, 3);
    expect((await compared(table, "--weight", "w")).target.shares[1]).toBeCloseTo(share, 12);
  });

  it.each(["linear", "mlp"])("gives nearly what repeated rows give (%s)", async (model) => {
    const rows = makeRows(300, "repeated", (n) => 1 + (n % 3));
    const repeated = rows.flatMap((row) => new Array<Row>(Number(row.w)).fill(row));
    const one = await predicted(place.write("weighed.csv", csv(rows)), rows, "--weight", "w", "--model", model);
    const table = place.write("repeated.csv", csv(repeated, ["x", "z", "answer"]));
    const other = await predicted(table, rows, "--model", model);
    const off = one.map((p, n) => Math.abs(p - other[n]));
    expect(off.reduce((sum, each) => sum + each, 0) / off.length).toBeLessThan(model === "linear" ? 0.01 : 0.03);
  });

  it("belongs to a journal: after a change --resume is refused", async () => {
    const where = folder();
    const argv = (...flags: readonly string[]) => ["compare", place.path("journal.csv"), "answer", ...quick, ...flags];
    const rows = makeRows(120, "journal", (n) => 1 + (n % 3));
    place.write("journal.csv", csv(rows));
    const first = await surprisal(place.folder, ...argv("--weight", "w", "--output", where));
    expect(first.code, first.err).toBe(0);
    expect(existsSync(join(where, "journal.onnx"))).toBe(true);
    const again = await surprisal(place.folder, ...argv("--weight", "w", "--output", where, "--resume"));
    expect([again.err.includes("belongs to another"), again.code]).toEqual([false, 0]);
    place.write("journal.csv", csv(rows.map((row, n) => (n === 5 ? { ...row, w: "1.5" } : row))));
    const changed = await surprisal(place.folder, ...argv("--weight", "w", "--output", where, "--resume"));
    expect(changed.err).toContain("belongs to another comparison");
    expect(changed.code).toBe(2);
  });

  it("is weighed in thresholds: what is asked for holds by weight", async () => {
    const rows = makeRows(600, "thresholds", (n, answer) => (answer === "yes" && n % 2 === 0 ? 5 : 1));
    const table = place.write("thresholds.csv", csv(rows));
    const result = await compared(table, "--weight", "w", "--recall", "0.9", "--top", "10%");
    const [recall, top] = result.families[0].thresholds;
    expect(recall.recall).toBeGreaterThan(0.8);
    const all = result.families[0].confusion.flat().reduce((sum, each) => sum + each, 0);
    expect(all).toBe(rows.reduce((sum, { w }) => sum + Number(w), 0));
    expect(top.flagged / all).toBeGreaterThan(0.05);
    expect(top.flagged / all).toBeLessThan(0.2);
  });

  it("of several classes", async () => {
    const rows = makeRows(240, "several", (n) => 1 + (n % 4)).map((row, n) => ({
      ...row,
      answer: n % 6 === 0 ? "maybe" : row.answer,
    }));
    const result = await compared(place.write("several.csv", csv(rows)), "--weight", "w");
    expect(result.families[0].expected.logLoss.mean).toBeLessThan(result.prior.logLoss.mean);
    expect(result.target.shares.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 12);
  });
});
