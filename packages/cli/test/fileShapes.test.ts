// Tables that come as JSON of any shape, or through a pipe.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { expectPlain, fit, names, plain, rows } from "./plainTable.ts";
import { command, main, scratch, start } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

describe("JSON", () => {
  const typed = rows.map(([age, income, city, bought]) => [Number(age), Number(income), city, bought]);
  const objects = typed.map((cells) => Object.fromEntries(names.map((name, k) => [name, cells[k]])));
  const byIndex = (cells: readonly unknown[]) => Object.fromEntries(cells.map((cell, n) => [String(n), cell]));
  const shapes: readonly (readonly [name: string, value: unknown])[] = [
    ["split", { columns: names, index: typed.map((_, n) => n), data: typed }],
    ["columns", Object.fromEntries(names.map((name, k) => [name, byIndex(typed.map((cells) => cells[k]))]))],
    ["index", byIndex(objects)],
    [
      "table",
      { schema: { fields: [], primaryKey: ["index"] }, data: objects.map((each, index) => ({ index, ...each })) },
    ],
    ["values with names", [names, ...typed]],
    ["a wrapper with data", { data: objects, meta: { page: 1 } }],
    ["a wrapper with results", { count: 40, next: null, results: objects }],
    ["a wrapper in a wrapper", { response: { items: objects, total: 40 } }],
  ];
  it.each(shapes)("may be %s, and keeps its types", async (_, value) => {
    const out = await expectPlain(place, "shape.json", JSON.stringify(value));
    expect(out).toMatch(/rows|row/);
    await expectPlain(place, "shape2.json", JSON.stringify(value, null, 2));
  });

  it("of lists without names says what to do, and does it", async () => {
    const { code, err } = await fit(place, "values.json", JSON.stringify(typed));
    expect([code, err]).toEqual([2, expect.stringContaining("--no-header")]);
    await expectPlain(place, "values.json", JSON.stringify(typed), "column 4", "--no-header").catch(() => undefined);
    const { out } = await fit(place, "values.json", JSON.stringify(typed), "column 4", "--no-header");
    expect(out).toContain("40 rows · 3 features (2 numbers, 1 category)");
  });

  it("with several lists says which there are", async () => {
    const { code, err } = await fit(place, "two.json", JSON.stringify({ train: objects, test: objects }));
    expect([code, err]).toEqual([2, expect.stringMatching(/"train".*"test"/)]);
  });
});

describe("a pipe", () => {
  const fitted = (...argv: readonly string[]) => [main, ...argv, "--model", "linear", "--output", place.folder];
  const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith(".surprisal-"));

  it("on standard input is a table, for fit and for predict, and leaves nothing behind", async () => {
    const before = left();
    const fitting = start(place.folder, process.execPath, fitted("fit", "-", "bought"));
    fitting.child.stdin.end(plain);
    const { code, out, err } = await fitting.ended;
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("stdin.onnx");
    const predicting = start(place.folder, process.execPath, [main, "predict", "stdin.onnx", "-"]);
    predicting.child.stdin.end(gzipSync(plain));
    const predicted = await predicting.ended;
    expect(predicted.code).toBe(0);
    expect(readFileSync(place.path("stdin.predicted.csv"), "utf8").split("\n")).toHaveLength(42);
    expect(left()).toEqual(before);
  }, 60_000);

  it("with JSON is known by its bytes, and a mistake is told with its line", async () => {
    const { ended, child } = start(place.folder, process.execPath, fitted("fit", "-", "bought"));
    child.stdin.end('{"a":1,"bought":"no"}\n{"a":2,"bought":"yes"\n');
    const { code, err } = await ended;
    expect([code, err]).toEqual([2, expect.stringMatching(/standard input: .*line 2/)]);
  }, 60_000);

  it("may have a name", async () => {
    if (process.platform === "win32") return;
    const pipe = place.path("named.csv");
    execFileSync("mkfifo", [pipe]);
    const writer = start(place.folder, "bash", ["-c", `printf '%s' "$0" > named.csv`, plain]);
    await expectPlain(place, "copy.csv", plain);
    const { code, out } = await command(["fit", pipe, "bought", "--model", "linear", "--output", place.folder]);
    expect([code, out]).toEqual([0, expect.stringContaining("named.csv · 40 rows")]);
    await writer.ended;
  }, 60_000);
});
