// Several models, of which not all had the time: those that had are compared, the others are told as missing.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compare } from "../src/comparison/compare.ts";
import type { CompareOptions } from "../src/comparison/options.ts";
import { prepareComparison } from "../src/comparison/prepare.ts";
import { report } from "../src/report/page.ts";
import type { Executor, FoldTask } from "../src/running/executor.ts";
import { findings } from "../src/terminal/findings.ts";
import type { Result } from "../src/verdict/result.ts";
import { quickComparison } from "./asked.ts";
import { threads } from "./threadsHere.ts";
import { scratch, twoClasses } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());
let table = "";
beforeAll(() => {
  table = place.write("answers.csv", twoClasses(200, "stopped models"));
});

/** An executor that is stopped: it does some folds, and no last model. */
const only = (isDone: (fold: FoldTask) => boolean): Executor => ({
  run: (work, events) => threads().run({ ...work, folds: work.folds.filter(isDone), final: null }, events),
});

async function compared(executor: Executor, more: Partial<CompareOptions> = {}): Promise<Result> {
  const options = quickComparison(table, { models: ["linear", "mlp"], losses: ["ce", "focal"], foldCount: 3, ...more });
  const told: string[] = [];
  const progress = {
    started: () => undefined,
    advanced: () => undefined,
    told: (note: string) => told.push(note),
    signal: new AbortController().signal,
  };
  const { result } = await compare(options, await prepareComparison(options), progress, executor);
  expect(told).toEqual([]);
  return result;
}

const terminal = (result: Result) => findings(result, { columns: 120, colour: false });

describe("a comparison of two models that is stopped", () => {
  it("compares them on the folds that both finished", async () => {
    const result = await compared(only(({ model, fold }) => model === "linear" || fold < 2));
    expect(result.models.map(({ families }) => families[0].perFold.length)).toEqual([2, 2]);
    expect(result.plan.finished).toBe(2);
    expect(result.modelVerdict.missing).toEqual([]);
    expect(terminal(result)).toMatch(/^ STOPPED {2}after 2 of 3 folds$/m);
  }, 60_000);

  it("tells of one with a single fold that it is missing, and of the other all that there is", async () => {
    const result = await compared(only(({ model, fold }) => model === "linear" || fold < 1));
    expect(result.modelVerdict).toMatchObject({ kind: "one", recommended: "linear", missing: ["mlp"] });
    expect(result.models.map(({ name }) => name)).toEqual(["linear"]);
    expect(result.plan.finished).toBe(3);
    expect(terminal(result)).toContain("STOPPED  after 3 of 3 folds, small network on too few of them");
    const page = report(result);
    expect(page).toContain("Missing, since too few of its folds finished: small network.");
    expect(page).toContain("after 3 of 3 folds (small network: too few to be compared)");
  }, 60_000);

  it("goes on with --resume: what was missing is there, and what was done is not done again", async () => {
    const output = place.path("resumed");
    const stopped = { output, resume: true };
    await compared(
      only(({ model, fold }) => model === "linear" || fold < 1),
      stopped,
    );
    let ran: readonly FoldTask[] = [];
    const whole = await compared(
      {
        run(work, events) {
          if (work.folds.length > 0) ran = work.folds;
          return threads().run(work, events);
        },
      },
      stopped,
    );
    expect(ran).toEqual([1, 2].map((fold) => ({ model: "mlp", repeat: 0, fold })));
    expect(whole.modelVerdict.missing).toEqual([]);
    expect(whole.saved).toHaveLength(3);
    const { saved: _, ...undisturbed } = await compared(threads());
    expect({ ...whole, saved: undefined }).toEqual({ ...undisturbed, saved: undefined });
  }, 60_000);

  it("says that it is too early where no model has two folds", async () => {
    await expect(compared(only(({ fold }) => fold < 1))).rejects.toThrow(
      "stopped after 2 of 6 folds, too few to say anything; nothing was left behind",
    );
  }, 60_000);
});
