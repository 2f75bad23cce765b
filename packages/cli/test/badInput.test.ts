// Whatever is wrong with a call or a table is told in one line with the way out, and leaves nothing behind.
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "surprisal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { foldTexts } from "../src/errors.ts";
import { readTable } from "../src/table/read.ts";
import type { Result } from "../src/verdict/result.ts";
import { badCalls } from "./badCalls.ts";
import { badTables, goodTable } from "./badTables.ts";
import { command, surprisal as inFolder, scratch, strangeFlags } from "./world.ts";

const quick = ["--model", "linear", "--fast", "--losses", "ce"] as const;
const place = scratch();
const { folder } = place;
afterAll(() => place.dispose());

/** Every file below a folder. */
const filesIn = (root: string) => readdirSync(root, { recursive: true }).map(String).sort();

beforeAll(async () => {
  for (const [name, content] of Object.entries(badTables)) place.write(name, content);
  place.write("taken.csv", goodTable);
  for (const name of ["folder", "taken.onnx"]) mkdirSync(place.path(name));
  const { err } = await command(["fit", place.path("good.csv"), "answer", "--model", "linear", "--output", folder]);
  expect(err).toBe("");
  const model = readFileSync(place.path("good.onnx"));
  place.write("cut.onnx", model.subarray(0, 600));
  model[model.length >> 1] ^= 1;
  place.write("damaged.onnx", model);
});

/** Runs the built program in the scratch folder. */
const surprisal = (...argv: readonly string[]) => inFolder(folder, ...argv);

describe("a wrong call", () => {
  it("is one of at least fifty different ones", () => {
    expect(new Set(badCalls.map(([, call]) => call)).size).toBe(badCalls.length);
    expect(badCalls.length).toBeGreaterThanOrEqual(50);
  });

  it.each(badCalls)("with %s says what is wrong and leaves nothing", async (_, call, message) => {
    const here = readdirSync(process.cwd());
    const before = filesIn(folder);
    const argv = call.split(" ").map((part) => {
      if (part === "@empty") return "";
      return part === "." ? folder : part.startsWith("./") ? place.path(part.slice(2)) : part;
    });
    const { code, out, err } = await command(argv);
    expect(err.replaceAll(folder, ".")).toBe(`surprisal: ${message}\n`);
    expect(out).toBe("");
    expect(code).toBe(2);
    expect(filesIn(folder)).toEqual(before);
    expect(readdirSync(process.cwd())).toEqual(here);
  });

  it("is answered with flags that there are", async () => {
    for (const [, call, message] of badCalls) expect(await strangeFlags(call.split(" "), message), message).toEqual([]);
    expect(await strangeFlags(["predict"], "leave it out with --drop, or use --output")).toEqual(["--drop"]);
    expect(foldTexts.classInOneFold("a", 0, 2)).not.toContain("--fold-count");
  });

  it("that nobody foresaw is told in a line, not in a stack trace", async () => {
    const failing = (error: Error) =>
      command(["losses"], {
        out() {
          throw error;
        },
      });
    expect(await failing(new InputError("focal: gamma is -1"))).toEqual({
      code: 2,
      out: "",
      err: "surprisal: focal: gamma is -1 (the library refused this; other flags or other rows may help)\n",
    });
    const { code, err } = await failing(new TypeError("x is undefined"));
    expect(code).toBe(1);
    expect(err).toMatch(/^surprisal: a fault in surprisal itself, not in your table: TypeError: x is undefined \(at /);
    expect(err.split("\n").length).toBe(2);
  });

  it("without a command shows what there is", async () => {
    const { code, out, err } = await command([]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^Usage: surprisal/);
  });
});

describe("a table that only looks wrong", () => {
  const fit = (name: string, ...more: readonly string[]) =>
    command(["fit", place.path(name), "answer", "--model", "linear", "--output", folder, ...more]);

  it("may have a column of 10,000 categories", async () => {
    const line = (n: number) => `${n % 13},c${n % 10_000},${n % 3 === 0 ? "yes" : "no"}`;
    place.write("categories.csv", `a,b,answer\n${Array.from({ length: 20_000 }, (_, n) => line(n)).join("\n")}\n`);
    const { code, out, err } = await fit("categories.csv");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("10,000 different texts, the 50 most frequent are kept");
    expect(out).toContain("SAVED");
  });

  it("may have numbers and words in one column, and says how it takes them", async () => {
    place.write("mixed.csv", goodTable.replace("\n0.0000,", "\nabout 0,"));
    const { code, out } = await fit("mixed.csv");
    expect(code).toBe(0);
    expect(out.replaceAll(/\s+/g, " ")).toContain(
      'a: row 1 holds "about 0", which is no number, and counts as missing',
    );
  });

  it("may have as few rows as two of each class", async () => {
    const { code, err } = await fit("four.csv");
    expect([code, err]).toEqual([0, ""]);
  });

  it("has the rest of it used where asked: rare classes dropped, rows without a label left out", async () => {
    expect((await fit("lonely.csv", "--drop-classes", "maybe")).code).toBe(0);
    expect((await fit("gaps.csv", "--allow-missing-target")).code).toBe(0);
    expect((await fit("infinite.csv", "--drop", "a")).code).toBe(0);
    expect((await fit("ids.csv", "--keep", "id")).code).toBe(0);
  });
});

describe("names that mean something elsewhere", () => {
  const names = ['"; DROP TABLE x; --', "two\nlines", "a, b", '😀 "quoted"', "<b>{{x}}</b> $(rm) \u001b[31m"];
  const classes = ["<script>alert(1)</script>", 'no, "thanks"\n😀'];
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const target = "'; --answer";
  const rows = goodTable.trim().split("\n").slice(1);
  const lines = rows.map((row, n) => {
    const [a, b, answer] = row.split(",");
    return [a, b, cell(`${b}, "${n % 2}"\n`), String((n * 7) % 11), String(n % 5), classes[answer === "yes" ? 0 : 1]]
      .map(cell)
      .join(",");
  });
  const header = [...names, target].map(cell).join(",");

  it("go through fit and predict unharmed", async () => {
    const table = place.write("odd names.csv", `${header}\n${lines.join("\n")}\n`);
    const fitted = await command(["fit", table, "--model", "linear", "--output", folder, "--", target]);
    expect([fitted.err, fitted.code]).toEqual(["", 0]);
    expect(fitted.out).not.toContain("\u001b");
    for (const ending of ["csv", "parquet"]) {
      const to = place.path(`odd.${ending}`);
      const predicted = await command(["predict", place.path("odd names.onnx"), table, "--output", to]);
      expect(predicted.code).toBe(0);
      expect(predicted.err).not.toContain("\u001b");
      const { columns, rows: count } = await readTable(to);
      expect(count).toBe(60);
      expect(columns.map(({ name }) => name)).toEqual([...names, target, `probability_${classes[0]}`, "prediction"]);
      const answers = columns[names.length];
      expect(answers.kind === "category" && answers.levels).toEqual(classes);
    }
  });

  it("go through compare unharmed, and stand in the report as text", async () => {
    const table = place.write("odd names.csv", `${header}\n${lines.join("\n")}\n`);
    const results = place.path("odd results");
    const { code, out } = await surprisal("compare", table, ...quick, "--output", results, "--", target);
    expect(code).toBe(0);
    expect(out).not.toContain("\u001b");
    const json = readFileSync(join(results, "odd names.report.json"), "utf8");
    expect((JSON.parse(json) as Result).target).toMatchObject({ columns: [target], classes: [classes[1], classes[0]] });
    const html = readFileSync(join(results, "odd names.report.html"), "utf8");
    expect(html).not.toContain("<script>alert");
    expect(html).not.toContain("<b>{{x}}");
    expect(html).toContain("&lt;script&gt;alert(1)");
  });
});
