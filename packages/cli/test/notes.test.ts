// Notes are values: what is shown follows from their code and their weight, and no step fills a list of another.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { prepareComparison } from "../src/comparison/prepare.ts";
import * as catalogue from "../src/notes.ts";
import { preface } from "../src/terminal/preface.ts";
import { quickComparison } from "./asked.ts";
import { scratch } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

const root = fileURLToPath(new URL("../src/", import.meta.url));
const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".ts"));
const textOf = (source: string) => readFileSync(root + source, "utf8");

const groups = Object.entries(catalogue).filter(([name]) => name.endsWith("Notes"));
const entries = groups.flatMap(([group, makers]) => Object.keys(makers).map((code) => `${group}.${code}`));

describe("the catalogue of notes", () => {
  it("gives every note a code of its own", () => {
    const codes = entries.map((entry) => entry.split(".")[1]);
    expect(codes.length).toBeGreaterThan(30);
    expect(new Set(codes).size).toBe(codes.length);
    expect(catalogue.fileNotes.unnamedColumn(3)).toEqual({
      code: "unnamedColumn",
      about: "file",
      weight: "notice",
      text: 'column 3 has no name and is called "column 3"',
    });
  });

  const everything = sources
    .filter((source) => source !== "notes.ts")
    .map(textOf)
    .join("\n");
  it.each(entries)("%s is told somewhere", (entry) => {
    expect(everything).toMatch(new RegExp(`\\b${entry.replace(".", "\\.")}\\b`));
  });
});

describe("the steps", () => {
  it.each(sources)("%s hands no list of notes down to be filled", (source) => {
    expect(textOf(source)).not.toMatch(/\b(notes|warnings): (string|Note|Warning)\[\]\s*[,)]/);
  });
});

describe("the lines before training", () => {
  /** What is told of a table before anything is trained. */
  const told = async (name: string, header: string, row: (n: number) => string) => {
    const rows = Array.from({ length: 60 }, (_, n) => row(n));
    const table = place.write(name, `${header}\n${rows.join("\n")}\n`);
    const asked = { losses: ["ce"], foldCount: 2, keepDuplicates: true };
    const [prepared] = await prepareComparison(quickComparison(table, asked));
    return preface(prepared, { columns: 200, colour: false }, { ignore: [], rest: ", in the report" });
  };
  const answer = (n: number) => (n % 3 === 0 ? "yes" : "no");

  it("leave out a note for what it is, not for the words that a column's name lends it", async () => {
    const lines = await told("taken.csv", "a,taken as read,answer", (n) => `${(n * 7) % 11},1,${answer(n)}`);
    expect(lines).toContain(" check    taken as read: the same in every row, left out");
    expect(lines).not.toContain("taken as numbers");
  });

  it("show a possible leak, however much else there is to say", async () => {
    const lines = await told(
      "leak.csv",
      "a,one,two,three,leak,answer",
      (n) => `${(n * 7) % 11},1,2,3,${n % 3 === 0 ? 50 + n : n / 8},${answer(n)}`,
    );
    expect(lines).toContain(" check    POSSIBLE LEAK: leak alone tells");
    expect(lines).toMatch(/^ read .*\n check {4}POSSIBLE LEAK/);
    expect(lines).toContain("one, two, three: the same in every row, left out (--keep COLUMN) S401");
    expect(lines).not.toContain("more, in the report");
  });
});
