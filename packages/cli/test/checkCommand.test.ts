// `surprisal check`: how it tells what it finds, one document with --json, the exit code, and --ignore.
import { afterAll, describe, expect, it } from "vitest";
import { heardOf, linesOf, toldOf } from "../src/checks/telling.ts";
import { cellNotes, featureNotes, predictionNotes } from "../src/notes.ts";
import { checker, day, isYes } from "./checked.ts";
import { command } from "./world.ts";

const { place, written, found } = checker();
afterAll(() => place.dispose());

describe("notes of one kind", () => {
  it("are one line: seven leaks, with their names, and all of them in the JSON", async () => {
    const leaks = Object.fromEntries(
      Array.from({ length: 7 }, (_, k) => [`l${k}`, (row: number) => (isYes(row) ? k + 1 : 0)]),
    );
    const path = written(leaks);
    const { out } = await command(["check", path, "answer"], { columns: 200 });
    expect(out.match(/POSSIBLE LEAK/g)).toHaveLength(1);
    expect(out).toMatch(/also l1, l2, l3, l4, l5, l6 S402/);
    expect((await found(leaks)).of("S402")).toHaveLength(7);
  });

  it("are one line: twelve columns with dates in the same order", async () => {
    const date = (row: number) => `${13 + (row % 15)}/${1 + (row % 12)}/2020`;
    const cells = Object.fromEntries(Array.from({ length: 12 }, (_, k) => [`d${k}`, date]));
    const { out } = await command(["check", written(cells), "answer"], { columns: 200 });
    expect(out).toContain("d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, d10, d11: dates are read as day/month/year");
  });
});

describe("lines of notes", () => {
  const { leftOut, possibleLeak, takenAs, missingCells } = featureNotes;
  const told = [
    takenAs("numbers", ["a"]),
    missingCells([{ name: "b", missing: 1 }]),
    leftOut("c", "the same in every row"),
    possibleLeak("d", "yes", 0.9999),
    possibleLeak("e", "yes", 1),
    leftOut("f", "missing in every row"),
  ];

  it("stand by weight, one for each check, with every column", () => {
    const lines = linesOf(toldOf(told));
    expect(lines.map(({ code }) => code)).toEqual(["S402", "S404", "S401", "S408"]);
    expect(lines[0].text).toMatch(/^POSSIBLE LEAK: d alone .* \(--drop d\); also e$/);
    expect(lines[2].text).toBe("c: the same in every row, left out (--keep c); also f");
  });

  it("join names only before a colon, where no verb follows", () => {
    const capitals = ["a", "b"].map((name) => predictionNotes.columnCapitals(name, "TRUE", "true"));
    expect(linesOf(toldOf(capitals))[0].text).toMatch(/^columns "a", "b": "TRUE" counts as "true"/);
    const dates = ["a", "b"].map((name) => cellNotes.dateOrder(name, "day/month/year", null));
    expect(linesOf(toldOf(dates))[0].text).toMatch(/^a, b: dates are read as day/);
    const missing = ["a", "b", "c"].map((name) => predictionNotes.columnMissing(name));
    expect(linesOf(toldOf(missing))[0].text).toBe(
      'column "a" is not in this table; every value counts as missing; also b, c',
    );
  });

  it("are not told where they are ignored, but marked and kept", () => {
    expect(heardOf(told, ["S402"]).map(({ code }) => code)).toEqual(["S404", "S401", "S408"]);
    expect(toldOf(told, ["S402"]).filter(({ ignored }) => ignored)).toHaveLength(2);
    expect(toldOf(told, ["S402"])).toHaveLength(told.length);
  });
});

describe("the command", () => {
  it("tells what can be told without a target", async () => {
    const path = written({ id: (row) => row + 1, cents: (row) => 100 * ((row * 7) % 31) });
    const { code, out } = await command(["check", path]);
    expect(code).toBe(0);
    expect(out).toMatch(/id: looks like an identifier.*cents is size times a constant.*none named/s);
    expect((await command(["check", path, "--positive", "yes"])).code).toBe(2);
  });

  it("gives one document with --json: table, columns with their roles, target, notes", async () => {
    const path = written({
      id: (row) => row + 1,
      when: (row) => day((row * 7) % 60),
      city: (row) => (row % 4 === 0 ? "" : "Oslo"),
    });
    const { out, err } = await command(["check", path, "answer", "--json"]);
    const { table, columns, target } = JSON.parse(out);
    expect([table.rows, target.kind, target.rows, err]).toEqual([60, "binary", 60, ""]);
    expect(target.classes).toEqual([
      { name: "no", rows: 40 },
      { name: "yes", rows: 20 },
    ]);
    const about = Object.fromEntries(columns.map(({ name, ...rest }: { name: string }) => [name, rest]));
    expect(about.id).toMatchObject({ role: "left out", kind: "number", missing: 0, range: [1, 60] });
    expect(about.when).toMatchObject({ role: "feature", kind: "date", range: ["2019-01-01", "2019-03-01"] });
    expect(about.city).toMatchObject({ role: "feature", kind: "category", missing: 15, levels: 1 });
    expect(about.answer).toMatchObject({ role: "target" });
  });

  it("ends with 2 for a table that is not there, and a column that it has not", async () => {
    expect((await command(["check", place.path("nothing.csv")])).code).toBe(2);
    expect((await command(["check", written({}), "nobody"])).code).toBe(2);
  });

  it.each([80, 120])("keeps to %i columns, the numbers of checks dim at the ends", async (columns) => {
    const path = written({
      refund: (row) => (isYes(row) ? row + 1 : 0),
      "a rather long name of a column": (row) => row + 1,
    });
    const { out } = await command(["check", path, "answer"], { columns, colour: true });
    expect(out).toContain("\u001b[2mS402\u001b[22m\n");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes for dim are what is taken away
    for (const line of out.replace(/\u001b\[\d+m/g, "").split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
  });
});

describe("--ignore", () => {
  const cells = { refund: (row: number) => (isYes(row) ? row + 1 : 0) };

  it("silences in the terminal and for the exit code, and marks in the JSON", async () => {
    const path = written(cells);
    const { code, out } = await command(["check", path, "answer", "--ignore", "s402,S303"]);
    expect([code, out.includes("POSSIBLE"), out.includes("S303"), out.includes("2 ignored")]).toEqual([
      0,
      false,
      false,
      true,
    ]);
    expect((await found(cells, "--ignore", "S402")).of("S402")[0].ignored).toBe(true);
  });

  it("is refused with the known ones where there is no such check", async () => {
    const { code, err } = await command(["check", written(cells), "--ignore", "S999"]);
    expect(code).toBe(2);
    expect(err).toMatch(/There is no check "S999".*known: S101, S102/);
  });

  it("is known to fit and predict", async () => {
    const path = written(cells);
    const fitted = await command([
      "fit",
      path,
      "answer",
      "--model",
      "linear",
      "--output",
      place.folder,
      "--ignore",
      "S402",
    ]);
    expect([fitted.code, fitted.out.includes("POSSIBLE")]).toEqual([0, false]);
    const model = path.replace(/csv$/, "onnx");
    const asked = ["predict", model, path, "--output", place.path("out.csv")];
    expect((await command(asked)).err).toMatch(/the target is in this table.* S607$/m);
    expect((await command([...asked, "--ignore", "S607"])).err).toBe("");
  });
});

describe("the lines before training", () => {
  it("begin with the leak, and name surprisal check where no report is written", async () => {
    const path = written({
      id: (row) => row + 1,
      price: (row) => `${row % 8},5`,
      gap: (row) => (row % 7 === 0 ? "" : row % 5),
      city: (row) => `c${row % 29}`,
      refund: (row) => (isYes(row) ? row + 1 : 0),
    });
    const { out } = await command(["fit", path, "answer", "--model", "linear", "--output", place.folder], {
      columns: 300,
    });
    expect(out.split("\n")[1]).toMatch(/^ check {4}POSSIBLE LEAK: refund /);
    expect(out.replace(/\s+/g, " ")).toContain(`and 2 more: surprisal check ${path} answer `);
    expect(out).not.toContain("report");
  });
});
