// Flags with several names in them, and words that are shown to be pasted.
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { list } from "../src/commands/values.ts";
import { listWord, shellWord } from "../src/words/shell.ts";
import { command, scratch, start } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

const name = fc.string({
  minLength: 1,
  unit: fc.constantFrom("a", "B", "é", "漢", " ", ",", '"', "'", "$", "\\", "-"),
});
const names = fc.array(name, { minLength: 1, maxLength: 4 });

describe("several names in a flag", () => {
  it("are separated by commas, with or without blanks", () => {
    expect(list("a,b")).toEqual(["a", "b"]);
    expect(list(" a , b,, ")).toEqual(["a", "b"]);
  });

  it("stand in quotes where they hold a comma, as in CSV", () => {
    expect(list('"a, b",c')).toEqual(["a, b", "c"]);
    expect(list('c, "say ""no"", or go" ')).toEqual(["c", 'say "no", or go']);
    expect(list('6" pipe,b')).toEqual(['6" pipe', "b"]);
    expect(list('" a"')).toEqual([" a"]);
  });

  it("are read as they are written", () => {
    fc.assert(
      fc.property(names, (given) => {
        const word = listWord(given);
        expect(list(word.startsWith("'") ? word.slice(1, -1).replaceAll("'\\''", "'") : word)).toEqual(given);
      }),
    );
  });
});

describe("a word that is shown to be pasted", () => {
  it("is what a shell makes of it", async () => {
    const words = fc.sample(name, { seed: 1, numRuns: 50 });
    const printed = await start(place.folder, "bash", ["-c", `printf '%s\\n' ${words.map(shellWord).join(" ")}`]).ended;
    expect(printed.out).toBe(`${words.join("\n")}\n`);
  });
});

describe("a table with commas in its names", () => {
  const row = (n: number) => `${n % 7},${n % 3 === 0 ? '"no, never"' : n % 3 === 1 ? "yes" : '"maybe, later"'}`;
  const rows = Array.from({ length: 60 }, (_, n) => row(n));
  const labels = Array.from({ length: 60 }, (_, n) => `${(n * 7) % 11},${n % 2},${Number(n % 5 < 2)}`);

  it("has its classes left out and its labels named", async () => {
    const table = place.write("classes.csv", `a,answer\n${rows.join("\n")}\n`);
    const flags = ["--model", "linear", "--output", place.folder];
    const dropped = await command(["fit", table, "answer", "--drop-classes", '"no, never"', ...flags]);
    expect([dropped.err, dropped.code]).toEqual(["", 0]);
    expect(dropped.out).toContain('20 rows of class "no, never" are left out');
    const several = place.write("labels.csv", `a,"x, y",z\n${labels.join("\n")}\n`);
    const named = await command(["fit", several, "--labels", '"x, y",z', ...flags]);
    expect([named.err, named.code]).toEqual(["", 0]);
  });

  it("has the way out told in words that work", async () => {
    const table = place.write("lonely.csv", `a,answer\n${rows.join("\n")}\n3,"once, only"\n`);
    const flags = ["--model", "linear", "--output", place.folder];
    const { err } = await command(["fit", table, "answer", ...flags]);
    expect(err).toContain(`leave it out with --drop-classes '"once, only"'\n`);
    expect((await command(["fit", table, "answer", "--drop-classes", '"once, only"', ...flags])).code).toBe(0);
  });
});
