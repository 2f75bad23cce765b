// A journal that was damaged, cut, doubled or written by two: the report is that of an undisturbed run, or an error.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isLong, recordCounts } from "../../surprisal/test/attack/counts.ts";
import { prepareComparison } from "../src/comparison/prepare.ts";
import { CliError } from "../src/errors.ts";
import { Random } from "../src/random.ts";
import { foldCheck } from "../src/running/foldShape.ts";
import { identityOf } from "../src/running/identity.ts";
import { Journal, numbersBeside } from "../src/running/journal.ts";
import type { FoldResult } from "../src/selection/fold.ts";
import { quickComparison } from "./asked.ts";
import { damages, numberDamages } from "./journalDamages.ts";
import { attack, main, scratch, start, surprisal, twoClasses } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

const argv = [
  "compare",
  "answers.csv",
  "answer",
  "--model",
  "linear",
  "--fast",
  "--losses",
  "ce,focal",
  "--repeats",
  "2",
];
const made = ["answers.onnx", "answers.report.html", "answers.report.json"];
const journalName = "answers.journal.jsonl";

let bytes = Buffer.alloc(0);
/** What stands beside them. */
let numbers = Buffer.alloc(0);
let identity = "";
let isFold: (json: unknown) => json is FoldResult;
let folds: readonly FoldResult[] = [];

/** A folder with the table and a journal. */
function folderWith(name: string, journal: Uint8Array, beside: Uint8Array | null = numbers): string {
  mkdirSync(place.path(name));
  copyFileSync(place.path("answers.csv"), join(place.path(name), "answers.csv"));
  writeJournal(join(place.path(name), journalName), journal, beside);
  return place.path(name);
}

/** Writes a journal; null: its numbers are missing. */
function writeJournal(path: string, journal: Uint8Array, beside: Uint8Array | null = numbers): string {
  writeFileSync(path, journal);
  rmSync(numbersBeside(path), { force: true });
  if (beside !== null) writeFileSync(numbersBeside(path), beside);
  return path;
}

const wholeBytes = (folder: string) => made.map((file) => readFileSync(join(folder, file)).toString("latin1"));

beforeAll(async () => {
  const table = place.write("answers.csv", twoClasses(150, "journal"));
  const { code, err } = await surprisal(place.folder, ...argv);
  expect(code, err).toBe(0);
  bytes = readFileSync(place.path(journalName));
  numbers = readFileSync(numbersBeside(place.path(journalName)));
  const prepared = await prepareComparison(quickComparison(table, { repeats: 2 }));
  identity = identityOf(prepared);
  isFold = foldCheck(prepared);
  const path = writeJournal(place.path("read.jsonl"), bytes);
  const read = new Journal(path, identity, true, isFold);
  folds = read.known;
  expect([folds.length, read.notes]).toEqual([10, []]);
}, 60_000);

describe("a damaged journal", () => {
  it("gives folds that are as they were, each once, or a clear error", () => {
    const random = new Random("journal");
    const path = place.path("damaged.jsonl");
    const rounds = attack(15, 1500);
    const counts: Record<string, number> = {};
    for (const [name, damage] of Object.entries(damages)) {
      for (let round = 0; round < rounds; round++) {
        const damaged = damage(Buffer.from(bytes), random);
        writeJournal(path, damaged);
        let outcome = "";
        try {
          const { known, notes } = new Journal(path, identity, true, isFold);
          for (const fold of known) {
            const original = folds.find((each) => each.repeat === fold.repeat && each.fold === fold.fold);
            expect(isDeepStrictEqual(fold, original), name).toBe(true);
          }
          expect(new Set(known.map(({ repeat, fold }) => `${repeat}/${fold}`)).size).toBe(known.length);
          // What is missing although a line of it is there is told.
          if (notes.length === 0 && /flipped|digit/.test(name)) expect(known.length, name).toBe(folds.length);
          outcome = known.length === folds.length ? "all folds" : notes.length > 0 ? "told" : "fewer lines";
          // What was written anew is whole.
          const again = new Journal(path, identity, true, isFold);
          expect([again.known.length, again.notes]).toEqual([known.length, []]);
        } catch (error) {
          if (!(error instanceof CliError)) throw error;
          expect(error.message).toMatch(/^--resume: .* belongs to another comparison/);
          outcome = "error";
        }
        counts[outcome] = (counts[outcome] ?? 0) + 1;
      }
    }
    recordCounts("damaged journals", counts);
  }, 600_000);

  it("of another comparison is not taken over, not even in part", () => {
    const path = writeJournal(place.path("other.jsonl"), bytes);
    expect(() => new Journal(path, `${identity}0`, true, isFold)).toThrow(/belongs to another comparison/);
    // Lines of two runs with different flags in one file: those of the other are left out.
    const own = new Journal(place.path("own.jsonl"), "another", false, isFold);
    own.add(folds[0]);
    writeJournal(path, Buffer.concat([bytes, readFileSync(place.path("own.jsonl"))]));
    const { known, notes } = new Journal(path, identity, true, isFold);
    expect([known.length, notes.length]).toEqual([10, 1]);
  });

  it("keeps numbers that JSON does not know", () => {
    const path = place.path("numbers.jsonl");
    const prior = { ...folds[0].prior, averagePrecision: Number.NaN, rocAuc: -0, ece: Number.POSITIVE_INFINITY };
    const fold = { ...folds[0], prior };
    new Journal(path, identity, false, isFold).add(fold);
    expect(new Journal(path, identity, true, isFold).known).toEqual([fold]);
  });

  it("goes on to the report of an undisturbed run, to the byte", async () => {
    const random = new Random("resumed");
    const names = Object.keys(damages);
    for (const [k, name] of names.entries()) {
      if (k % 3 !== 0 && !isLong) continue;
      const folder = folderWith(`resumed ${k}`, damages[name](Buffer.from(bytes), random));
      const { code, err } = await surprisal(folder, ...argv, "--resume");
      if (code === 2) expect(err).toMatch(/^surprisal: --resume: .*another comparison[^\n]*\n$/);
      else expect([code, wholeBytes(folder)], `${name}: ${err}`).toEqual([0, wholeBytes(place.folder)]);
    }
  }, 120_000);

  it("is told where a line is damaged, and where the last one is cut off", async () => {
    const text = bytes.toString();
    const cut = folderWith("cut", Buffer.from(text.slice(0, -100)));
    const { err } = await surprisal(cut, ...argv, "--resume");
    expect(err).toContain(
      " check    answers.journal.jsonl: the last line is cut off, as by a crash; its fold is run again\n",
    );
    const damaged = folderWith("one line", Buffer.from(text.replace('"fold":3', '"fold":2')));
    expect((await surprisal(damaged, ...argv, "--resume")).err).toContain("a line is damaged or of another comparison");
  }, 60_000);
});

describe("damaged numbers of a journal", () => {
  it("never become a fold: each is as it was, or run again, and that is told", () => {
    const random = new Random("numbers");
    const counts: Record<string, number> = {};
    for (const [name, damage] of Object.entries(numberDamages)) {
      for (let round = 0; round < attack(15, 1500); round++) {
        const damaged = damage(Buffer.from(numbers), random);
        const path = writeJournal(place.path("numbers damaged.jsonl"), bytes, damaged);
        const { known, notes } = new Journal(path, identity, true, isFold);
        for (const fold of known) {
          const original = folds.find((each) => each.repeat === fold.repeat && each.fold === fold.fold);
          expect(isDeepStrictEqual(fold, original), name).toBe(true);
        }
        expect(notes.length, name).toBe(Number(known.length < folds.length));
        if (damaged === null || damaged.length === 0) expect(known).toEqual([]);
        if (name.startsWith("more behind")) expect(known.length).toBe(folds.length);
        // What is run again stands behind what was kept, and both are whole.
        const journal = new Journal(path, identity, true, isFold);
        expect([journal.known.length, journal.notes]).toEqual([known.length, []]);
        for (const fold of folds) if (!isKnown(fold, known)) journal.add(fold);
        const again = new Journal(path, identity, true, isFold);
        expect(again.notes).toEqual([]);
        expect(new Set(again.known), name).toEqual(new Set(folds));
        const outcome = known.length === folds.length ? "all folds" : "told";
        counts[outcome] = (counts[outcome] ?? 0) + 1;
      }
    }
    recordCounts("damaged numbers of journals", counts);
  }, 600_000);

  it("change nothing in the end: --resume gives the report of an undisturbed run, to the byte", async () => {
    for (const [k, beside] of [null, numbers.subarray(0, numbers.length / 2)].entries()) {
      const folder = folderWith(`numbers ${k}`, bytes, beside);
      const { code, err } = await surprisal(folder, ...argv, "--resume");
      expect([code, wholeBytes(folder)], err).toEqual([0, wholeBytes(place.folder)]);
      expect(err).toMatch(/answers\.journal\.jsonl: (10|\d) lines are damaged or of another comparison, and left out/);
    }
  }, 60_000);

  it("are overwritten where a run was killed before it wrote their line", () => {
    const path = writeJournal(place.path("killed.jsonl"), bytes, Buffer.concat([numbers, numbers]));
    expect(new Journal(path, identity, true, isFold).known.length).toBe(10);
    expect(statSync(numbersBeside(path)).size).toBe(numbers.length);
  });

  it("are the whole of what models put out: a number for each row, repeat and family", () => {
    expect(numbers.length).toBe(8 * 150 * 2 * 2);
    expect(bytes.length).toBeLessThan(20_000);
  });
});

function isKnown({ repeat, fold }: FoldResult, known: readonly FoldResult[]): boolean {
  return known.some((each) => each.repeat === repeat && each.fold === fold);
}

describe("two runs into one folder", () => {
  const lasting = [...argv.slice(0, -1), "1000"]; // until it is killed

  it("are told apart: the second ends with one clear error, the first is undisturbed", async () => {
    const folder = folderWith("two", Buffer.alloc(0));
    mkdirSync(place.path("elsewhere"));
    const first = start(folder, process.execPath, [main, ...lasting, "--jobs", "1"]);
    const lines = () => readFileSync(join(folder, journalName), "utf8").split("\n").length;
    while (lines() < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    for (const [cwd, more] of [
      [folder, []],
      [folder, ["--resume"]],
      [place.path("elsewhere"), ["--output", folder]],
    ] as const) {
      const table = cwd === folder ? lasting : [lasting[0], join(folder, "answers.csv"), ...lasting.slice(2)];
      const second = await surprisal(cwd, ...table, ...more);
      expect(second.code).toBe(2);
      expect(second.err).toMatch(/^surprisal: --output: another run is writing [^\n]*answers\.\*; wait until[^\n]*\n$/);
    }
    // Another table may be compared into the same folder.
    copyFileSync(join(folder, "answers.csv"), join(folder, "others.csv"));
    expect((await surprisal(folder, "compare", "others.csv", ...argv.slice(2))).code).toBe(0);
    // A run that is killed leaves no lock behind.
    first.child.kill("SIGKILL");
    await first.ended;
    const third = await surprisal(folder, ...argv);
    expect([third.code, wholeBytes(folder)], third.err).toEqual([0, wholeBytes(place.folder)]);
    expect(readdirSync(folder).filter((file) => file.startsWith(".") || /lock|sock/.test(file))).toEqual([]);
    expect(existsSync(join(folder, journalName))).toBe(true);
  }, 120_000);
});
