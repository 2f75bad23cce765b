// Rows that have some of the labels: each counts for those, and the others are masked.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Random } from "../src/random.ts";
import type { Result } from "../src/verdict/result.ts";
import { textsOf } from "./columns.ts";
import { command, scratch, surprisal } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

type Cells = readonly string[];

/** Rows of two features and of labels that lean on them; `has` says which cells of labels are there. */
function makeRows(count: number, seed: string, labels: number, has: (n: number, label: number) => boolean) {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, n): Cells => {
    const [x, z] = [random.normal(), random.normal()];
    const cells = Array.from({ length: labels }, (__, k) => {
      const label = random.next() < 1 / (1 + Math.exp(0.8 - (k % 2 === 0 ? x : z) * 2));
      return has(n, k) ? String(Number(label)) : "";
    });
    return [x.toFixed(3), z.toFixed(3), ...cells];
  });
}

const names = ["a", "b", "c", "d"];
const csv = (rows: readonly Cells[], head: Cells = ["x", "z", ...names.slice(0, rows[0].length - 2)]) =>
  `${[head, ...rows].map((cells) => cells.join(",")).join("\n")}\n`;

let folders = 0;
function folder(): string {
  const path = place.path(`out${folders++}`);
  mkdirSync(path);
  return path;
}

const fit = (table: string, labels: readonly string[], ...flags: readonly string[]) =>
  command(["fit", table, ...labels, "--model", "linear", "--output", folder(), ...flags]);

const quick = ["--model", "linear", "--fast", "--fold-count", "3", "--losses", "ce,balanced-ce", "--jobs", "1"];

async function compared(table: string, labels: readonly string[], ...flags: readonly string[]): Promise<Result> {
  const { code, out, err } = await surprisal(
    place.folder,
    "compare",
    table,
    ...labels,
    ...quick,
    "--no-save",
    "--json",
    ...flags,
  );
  expect(code, err).toBe(0);
  return JSON.parse(out);
}

const flat = (text: string) => text.replace(/\s+/g, " ");
const every = () => true;

describe("rows that have some of the labels", () => {
  it("count each label by a weight that no column of a label may be", async () => {
    const rows = makeRows(80, "not a label", 2, (n, k) => k === 0 || n % 3 !== 0);
    const { code, err } = await fit(place.write("itself.csv", csv(rows)), ["a", "b"], "--weight", "b");
    expect(err).toMatch(/--weight: "b" is the target/);
    expect(code).toBe(2);
  });

  it("count for those that they have, which is told label by label", async () => {
    const rows = makeRows(120, "told", 3, (n, k) => !(k === 1 && n % 5 === 0) && !(k === 2 && n % 4 === 0));
    const { code, out, err } = await fit(place.write("told.csv", csv(rows)), names.slice(0, 3));
    expect(code, err).toBe(0);
    expect(flat(out)).toContain("label b: 24 of 120 rows have no value");
    expect(flat(out)).toContain("label c: 30 of 120 rows have no value and are masked there");
    expect(out).not.toContain("have no label");
  });

  it("are left out where they have none, as ever", async () => {
    const rows = makeRows(120, "none", 2, (n, k) => n % 10 !== 0 && !(k === 1 && n % 7 === 0));
    const result = await compared(place.write("none.csv", csv(rows)), ["a", "b"]);
    expect(result.target.rows).toBe(108);
    expect(textsOf(result.notes).join("\n")).toMatch(/12 rows \(10\.0 %\) have no label and are left out/);
    expect(result.target.known).toEqual([108, 108 - 16]);
  });

  it("have the shares of the rows that know the label", async () => {
    const rows = makeRows(120, "shares", 2, (n, k) => k === 0 || n < 60);
    const result = await compared(place.write("shares.csv", csv(rows)), ["a", "b"]);
    const known = rows.slice(0, 60).map((cells) => Number(cells[3]));
    const positive = known.reduce((sum, each) => sum + each, 0);
    expect(result.target.counts[1]).toBe(positive);
    expect(result.target.shares[1]).toBeCloseTo(positive / 60, 12);
  });

  it("are refused where a label is the same in all rows that have it", async () => {
    const rows = makeRows(80, "constant", 2, every).map((cells) =>
      cells[3] === "1" ? [...cells.slice(0, 3), ""] : cells,
    );
    const { code, err } = await fit(place.write("constant.csv", csv(rows)), ["a", "b"]);
    expect(err).toMatch(/label "b" is "0" in every row that has it/);
    expect(code).toBe(2);
  });

  it("are counted without the masked ones where a label is too rare for the folds", async () => {
    const rows = makeRows(80, "rare", 2, every).map((cells, n) => [
      ...cells.slice(0, 3),
      n < 4 ? "1" : n < 40 ? "0" : "",
    ]);
    const table = place.write("rare.csv", csv(rows));
    const { code, err } = await command(["compare", table, "a", "b", ...quick, "--no-save", "--fold-count", "5"]);
    expect(err).toMatch(/label "b" is 1 in 4 rows, but 5 folds need at least 5/);
    expect(code).toBe(2);
    const few = rows.map((cells, n) => [...cells.slice(0, 3), n < 30 ? "1" : n < 34 ? "0" : ""]);
    const other = await command([
      "compare",
      place.write("few.csv", csv(few)),
      "a",
      "b",
      ...quick,
      "--no-save",
      "--fold-count",
      "5",
    ]);
    expect(other.err).toMatch(/label "b" is 0 in 4 rows, but 5 folds need at least 5/);
  });

  it("have a score in every fold, since folds share out what is known of each label", async () => {
    const rows = makeRows(90, "folds", 2, (n, k) => k === 0 || n % 6 === 0);
    const result = await compared(place.write("folds.csv", csv(rows)), ["a", "b"]);
    for (const { perFold, expected } of result.families) {
      expect(perFold.every(Number.isFinite)).toBe(true);
      expect(Object.values(expected).every(({ mean }) => Number.isFinite(mean))).toBe(true);
    }
  });

  it("do not hide a column that tells the label", async () => {
    const rows = makeRows(120, "leak", 2, (n, k) => k === 0 || n % 3 !== 0).map((cells, n) => [
      cells[0],
      cells[3] === "" ? String(n / 100) : String(Number(cells[3]) * 5 + n / 1000),
      ...cells.slice(2),
    ]);
    const { out } = await fit(place.write("leak.csv", csv(rows)), ["a", "b"]);
    expect(flat(out)).toContain('POSSIBLE LEAK: z alone tells "b" from the rest');
  });

  it("belong to a journal: after one more label --resume is refused", async () => {
    const where = folder();
    const rows = makeRows(90, "journal", 2, (n, k) => k === 0 || n % 3 !== 0);
    const table = place.write("journal.csv", csv(rows));
    const argv = ["compare", table, "a", "b", ...quick, "--output", where];
    expect((await surprisal(place.folder, ...argv)).code).toBe(0);
    expect((await surprisal(place.folder, ...argv, "--resume")).code).toBe(0);
    place.write("journal.csv", csv(rows.map((cells, n) => (n === 0 ? [...cells.slice(0, 3), "0"] : cells))));
    const changed = await surprisal(place.folder, ...argv, "--resume");
    expect(changed.err).toContain("belongs to another comparison");
    expect(changed.code).toBe(2);
  });

  it("are predicted for every label", async () => {
    const where = folder();
    const rows = makeRows(120, "predicted", 2, (n, k) => (k === 0) === n < 60);
    const table = place.write("halves.csv", csv(rows));
    const fitted = await command(["fit", table, "a", "b", "--model", "linear", "--output", where]);
    expect(fitted.code, fitted.err).toBe(0);
    const target = join(where, "p.csv");
    const said = await command(["predict", join(where, "halves.onnx"), table, "--output", target]);
    expect(said.code, said.err).toBe(0);
    const lines = readFileSync(target, "utf8").trim().split("\n");
    expect(lines).toHaveLength(121);
    expect(lines[1].split(",").every((cell, k) => k < 4 || cell !== "")).toBe(true);
  });

  it("may be of a small network, and have weights", async () => {
    const rows = makeRows(120, "network", 2, (n, k) => k === 0 || n % 4 !== 0).map((cells, n) => [
      String(1 + (n % 3)),
      ...cells,
    ]);
    const table = place.write("network.csv", csv(rows, ["w", "x", "z", "a", "b"]));
    const { code, out, err } = await fit(table, ["a", "b"], "--model", "mlp", "--weight", "w");
    expect(code, err).toBe(0);
    expect(flat(out)).toContain("label b: 30 of 120 rows have no value and are masked there");
    expect(flat(out)).toContain('rows count by "w" (sum 240');
  });

  it("leave everything as it is where each has all labels", async () => {
    const rows = makeRows(120, "whole", 2, every);
    const result = await compared(place.write("whole.csv", csv(rows)), ["a", "b"]);
    expect(result.target.known).toBeNull();
    expect(textsOf(result.notes).join("\n")).not.toContain("masked");
  });

  it("are too few where most rows have no label at all", async () => {
    const rows = makeRows(100, "most", 2, (n) => n % 3 === 0);
    const { code, err } = await fit(place.write("most.csv", csv(rows)), ["a", "b"]);
    expect(err).toMatch(/is missing in 66 of 100 rows, more than half/);
    expect(code).toBe(2);
  });
});
