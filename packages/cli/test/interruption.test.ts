// A run that is stopped by its user or by a full disk: what is done is kept, nothing is half-written.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../src/random.ts";
import type { Result } from "../src/verdict/result.ts";
import { command, main, scratch, start, twoClasses } from "./world.ts";

const quick = ["--model", "linear", "--fast", "--losses", "ce,focal", "--jobs", "1"] as const;
const place = scratch();
let table = "";
afterAll(() => place.dispose());
beforeAll(() => {
  table = place.write("answers.csv", twoClasses(400, "interruption"));
});

/** Runs the built program where no file may grow beyond so many kilobytes, as on a full disk. */
function cramped(kilobytes: number, ...argv: readonly string[]) {
  const shell = `ulimit -f ${kilobytes}; exec "$0" "$@"`;
  return start(place.folder, "bash", ["-c", shell, process.execPath, main, ...argv]).ended;
}

const report = (folder: string) => JSON.parse(readFileSync(join(folder, "answers.report.json"), "utf8")) as Result;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("SIGKILL", () => {
  it.each([
    { models: ["linear"], repeats: 6, kills: 10 },
    { models: ["linear", "mlp"], repeats: 2, kills: 5 },
  ])(
    "at random moments changes nothing: --resume keeps every finished fold and ends with the same bytes: %j",
    async ({ models, repeats, kills }) => {
      const more = ["--model", models.join(), "--repeats", String(repeats), "--jobs", "2", "--resume"];
      const argv = () => [main, "compare", table, "answer", ...quick, ...more];
      const all = 5 * repeats * models.length;
      const [whole, broken] = ["whole", "broken"].map((name) => place.path(`${name} ${models.join()}`));
      for (const folder of [whole, broken]) mkdirSync(folder);
      const journalOf = (folder: string) => join(folder, "answers.journal.jsonl");
      const linesOf = (folder: string) => {
        const text = existsSync(journalOf(folder)) ? readFileSync(journalOf(folder), "utf8") : "";
        return text.split("\n").slice(1, -1); // without the identity, and without a line that is not whole
      };
      const inode = () => statSync(journalOf(broken), { throwIfNoEntry: false })?.ino;

      const undisturbed = start(whole, process.execPath, argv());
      while (linesOf(whole).length < 1) await pause(2);
      const began = performance.now();
      expect((await undisturbed.ended).code).toBe(0);
      const perFold = (performance.now() - began) / all;

      const random = new Random("ten moments");
      const moments = Array.from({ length: kills }, () => random.next() * all).sort((a, b) => a - b);
      for (const moment of moments) {
        const before = linesOf(broken);
        const journal = inode();
        const { child, ended } = start(broken, process.execPath, argv());
        // A run that goes on writes its journal anew: from then on it works.
        while (inode() === journal || linesOf(broken).length < Math.floor(moment)) await pause(2);
        await pause((moment % 1) * perFold);
        child.kill("SIGKILL");
        expect((await ended).code).toBe(null);
        // What was finished is still there, and was not run again; what was in flight, at most one fold a job, is lost.
        expect(linesOf(broken).slice(0, before.length)).toEqual(before);
      }
      const resumed = await start(broken, process.execPath, argv()).ended;
      expect(resumed.code).toBe(0);
      const folds = linesOf(broken).map((line) => {
        const { model, repeat, fold } = JSON.parse(line) as { model: string; repeat: number; fold: number };
        return `${model} ${repeat}/${fold}`;
      });
      expect([folds.length, new Set(folds).size]).toEqual([all, all]);
      const bytes = (folder: string) =>
        ["answers.onnx", "answers.report.html", "answers.report.json"].map((name) =>
          readFileSync(join(folder, name)).toString("latin1"),
        );
      expect(bytes(broken)).toEqual(bytes(whole));
      expect(readdirSync(broken).sort()).toEqual(readdirSync(whole).sort());
    },
    120_000,
  );
});

describe("Ctrl-C", () => {
  it("gives the verdict of what is done, exits with 0, and --resume does the rest", async () => {
    const folder = place.path("stopped");
    const argv = ["compare", table, "answer", ...quick, "--repeats", "10", "--output", folder];
    const journal = join(folder, "answers.journal.jsonl");
    const { child, ended } = start(place.folder, process.execPath, [main, ...argv]);
    const folds = () => (existsSync(journal) ? readFileSync(journal, "utf8").split("\n").length - 2 : 0);
    while (folds() < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill("SIGINT");
    const { code, out, err } = await ended;
    expect(code).toBe(0);
    expect(out).toContain("VERDICT");
    expect(out).toMatch(/STOPPED +after \d+ of 50 folds; --resume goes on/);
    expect(err).not.toMatch(/warning|Error|at .*\.js/i);
    const { finished } = report(folder).plan;
    expect(finished).toBeGreaterThanOrEqual(3);
    expect(finished).toBeLessThan(50);
    const resumed = await start(place.folder, process.execPath, [main, ...argv, "--resume"]).ended;
    expect(resumed.code).toBe(0);
    expect(resumed.out).not.toContain("STOPPED");
    expect(report(folder).plan.finished).toBe(50);
    expect(readdirSync(folder).filter((name) => /part|new/.test(name))).toEqual([]);
  });

  it("before two folds are done says that this is too few", async () => {
    const stopped = new AbortController();
    stopped.abort();
    const folder = place.path("early");
    const argv = ["compare", table, "answer", ...quick, "--output", folder];
    const { code, err } = await command(argv, { signal: stopped.signal });
    expect(code).toBe(2);
    expect(err).toBe("surprisal: stopped after 0 of 5 folds, too few to say anything; --resume goes on from there\n");
    expect(readdirSync(folder).sort()).toEqual(["answers.journal.bin", "answers.journal.jsonl"]);
  });
});

describe("--resume where nothing was begun", () => {
  it("says so and begins", async () => {
    const argv = ["compare", table, "answer", ...quick, "--output", "fresh", "--resume"];
    const { code, err } = await start(place.folder, process.execPath, [main, ...argv]).ended;
    expect(code).toBe(0);
    expect(err).toContain("--resume: there is no fresh/answers.journal.jsonl; the comparison begins anew");
  });
});

describe("a full disk", () => {
  it("stops a comparison with a clear error, and its journal goes on from there", async () => {
    const argv = ["compare", table, "answer", ...quick, "--output", "full"];
    const { code, err } = await cramped(8, ...argv);
    expect(code).toBe(2);
    expect(err.split("\n").filter((line) => line.startsWith("surprisal: "))).toEqual([
      "surprisal: full/answers.journal.jsonl: cannot be written (the file would be too large); the folds before are kept: make room and go on with --resume, or name another folder with --output",
    ]);
    expect(err).not.toMatch(/at .*\.js/);
    expect(readdirSync(place.path("full")).sort()).toEqual(["answers.journal.bin", "answers.journal.jsonl"]);
    const resumed = await start(place.folder, process.execPath, [main, ...argv, "--resume"]).ended;
    expect(resumed.code).toBe(0);
    expect(report(place.path("full")).plan.finished).toBe(5);
  });

  it("leaves no half of a report", async () => {
    const { code, err } = await cramped(48, "compare", table, "answer", ...quick, "--output", "tight");
    expect(code).toBe(2);
    expect(err).toContain(
      "surprisal: tight/answers.report.html: cannot be written (the file would be too large); nothing was left behind; name another place with --output\n",
    );
    expect(readdirSync(place.path("tight")).sort()).toEqual([
      "answers.journal.bin",
      "answers.journal.jsonl",
      "answers.onnx",
    ]);
  });

  it("leaves no half of a model and none of a prediction", async () => {
    const model = await cramped(1, "fit", table, "answer", "--model", "linear");
    expect(model.code).toBe(2);
    expect(model.err).toMatch(/^surprisal: answers\.onnx: cannot be written \(.+\); nothing was left behind/);
    expect(
      (await start(place.folder, process.execPath, [main, "fit", table, "answer", "--model", "linear"]).ended).code,
    ).toBe(0);
    for (const name of ["new.csv", "new.parquet"]) {
      const predicted = await cramped(1, "predict", "answers.onnx", table, "--output", name);
      expect(predicted.code).toBe(2);
      expect(predicted.err).toMatch(
        /^surprisal: new\.\w+: cannot be written \(the file would be too large\); nothing was left behind/,
      );
    }
    expect(readdirSync(place.folder).filter((name) => /new|part/.test(name))).toEqual([]);
  });
});
