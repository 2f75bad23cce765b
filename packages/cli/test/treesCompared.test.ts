// Boosted trees through the whole tool: the same for any number of threads and after a stop, for every kind of target.
import { readFileSync, truncateSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { Random } from "../src/random.ts";
import type { Result } from "../src/verdict/result.ts";
import { scratch, surprisal } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

/** Rows of a number with gaps, a category with gaps, a weight, and targets of each kind. */
function writeTable(rows: number): string {
  const random = new Random("trees through the tool");
  const lines = Array.from({ length: rows }, () => {
    const x = random.normal();
    const city = ["Bern", "Cork", "Lille", "Oslo"][random.integer(4)];
    const isUp = x * x + (city === "Cork" || city === "Oslo" ? 1 : -1) + random.normal() > 0.5;
    const kind = isUp ? (x > 0 ? "a" : "b") : "c";
    const [cellX, cellCity] = [random.next() < 0.1 ? "" : x.toFixed(3), random.next() < 0.1 ? "" : city];
    return [cellX, cellCity, 1 + random.integer(3), isUp ? "yes" : "no", kind, Number(isUp), Number(x > 0.3)].join();
  });
  return place.write("table.csv", `${["x,city,w,up,kind,tag_1,tag_2", ...lines].join("\n")}\n`);
}

const table = writeTable(360);
const quick = ["--model", "trees", "--fast", "--fold-count", "3", "--losses", "ce,focal"];
const others = (...names: readonly string[]) => names.flatMap((name) => ["--drop", name]);

async function compare(folder: string, ...more: readonly string[]): Promise<Result> {
  const output = place.path(folder);
  const { code, err } = await surprisal(place.folder, "compare", table, ...more, ...quick, "--output", output);
  expect(err).not.toContain("surprisal:");
  expect(code).toBe(0);
  return JSON.parse(readFileSync(`${output}/table.report.json`, "utf8")) as Result;
}

const forms = [
  { name: "two classes", asked: ["up", ...others("kind", "tag_1", "tag_2")] },
  { name: "three classes", asked: ["kind", ...others("up", "tag_1", "tag_2")] },
  { name: "several labels", asked: ["tag_1", "tag_2", ...others("up", "kind")] },
  { name: "rows that count by weights", asked: ["up", "--weight", "w", ...others("kind", "tag_1", "tag_2")] },
] as const;

describe.each(forms)("trees for $name", ({ name, asked }) => {
  it("are better than the class shares, the same for one thread and two", async () => {
    const one = await compare(`${name} 1`, ...asked, "--jobs", "1");
    expect(one.families[0].expected.logLoss.mean).toBeLessThan(0.95 * one.prior.logLoss.mean);
    expect(one.folds.every(({ leaves }) => one.plan.leaves.includes(leaves ?? 0))).toBe(true);
    const two = await compare(`${name} 2`, ...asked, "--jobs", "2");
    const saved = (folder: string) => readFileSync(place.path(`${folder}/table.onnx`));
    const bare = ({ saved: _, ...rest }: Result) => ({ ...rest, command: "" });
    expect(bare(two)).toEqual(bare(one));
    const size = saved(`${name} 1`).length;
    expect(Math.abs(saved(`${name} 2`).length - size)).toBeLessThan(20); // the command names another folder
  }, 120_000);
});

it("trees of a run that was stopped go on to the same result", async () => {
  const asked = ["up", ...others("kind", "tag_1", "tag_2"), "--repeats", "2"];
  const whole = await compare("whole", ...asked);
  const journal = place.path("whole/table.journal.jsonl");
  const lines = readFileSync(journal, "utf8").split("\n");
  // Of six folds two are left, and a part of the third's line.
  truncateSync(journal, lines.slice(0, 3).join("\n").length + 40);
  const folder = place.path("whole");
  const resumed = await surprisal(place.folder, "compare", table, ...asked, ...quick, "--output", folder, "--resume");
  expect(resumed.code).toBe(0);
  const again = JSON.parse(readFileSync(place.path("whole/table.report.json"), "utf8")) as Result;
  expect(again).toEqual(whole);
}, 120_000);

it("trees learn a square where a line learns nothing", async () => {
  const asked = [
    "up",
    ...others("kind", "tag_1", "tag_2", "city"),
    "--no-save",
    "--json",
    "--losses",
    "ce",
    "--fast",
    "--fold-count",
    "3",
  ];
  const { out } = await surprisal(place.folder, "compare", table, ...asked, "--model", "linear,trees");
  const { models } = JSON.parse(out) as Result;
  const [line, trees] = models.map(({ families: [{ expected }] }) => expected.logLoss.mean);
  expect(trees).toBeLessThan(line);
}, 120_000);
