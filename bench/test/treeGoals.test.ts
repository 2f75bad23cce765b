// The goals of trees are computed from the scores: each is met, and missed, where it should be.
import { describe, expect, it } from "vitest";
import { rivalNames } from "../tool/peers.ts";
import { comparable, levelGoals, meanGoals, type TreeRow } from "../tool/treeGoals.ts";

const others = { averagePrecision: 0.5, rocAuc: 0.5 };

function row(name: string, ours: number, theirs: Readonly<Record<string, number>>, cpuSeconds = 1): TreeRow {
  const rivals = rivalNames.flatMap((rival) =>
    rival in theirs ? [[rival, { ...others, logLoss: theirs[rival], cpuSeconds: 6 }]] : [],
  );
  return { name, ours: { ...others, logLoss: ours, cpuSeconds }, rivals: Object.fromEntries(rivals) };
}

const all = (logLoss: number) => Object.fromEntries(rivalNames.map((rival) => [rival, logLoss]));

describe("the mean", () => {
  it("is taken over the tables that every learner was run on", () => {
    const { xgb_tuned: _, ...without } = all(0.1);
    const rows = [row("a", 0.3, all(0.4)), row("b", 0.9, without), row("c", 0.5, all(0.6))];
    expect(comparable(rows).map(({ name }) => name)).toEqual(["a", "c"]);
    expect(meanGoals(rows)[0]).toMatchObject({ rival: "xgb_100", ours: 0.4, theirs: 0.5 });
  });

  it("has to be 5 % lower than each untuned learner's", () => {
    const rows = [row("a", 0.95, { ...all(1), hgb: 0.999 })];
    expect(
      meanGoals(rows)
        .map(({ rival, isMet }) => (isMet ? "" : rival))
        .filter(Boolean),
    ).toEqual(["hgb"]);
  });
});

describe("level", () => {
  it("is .003 where that is more than 1 %, beside the better of the two", () => {
    const theirs = { ...all(1), lgb_tuned: 0.2, xgb_tuned: 0.1 };
    const [met] = levelGoals([row("a", 0.1029, theirs)]);
    expect(met).toMatchObject({ rival: "xgb_tuned", theirs: 0.1, allowed: 0.003, isLevel: true });
    expect(levelGoals([row("a", 0.1031, theirs)])[0].isLevel).toBe(false);
  });

  it("is 1 % where that is more", () => {
    const [met] = levelGoals([row("a", 0.5049, all(0.5))]);
    expect(met).toMatchObject({ rival: "lgb_tuned", allowed: 0.005, isLevel: true });
    expect(levelGoals([row("a", 0.5051, all(0.5))])[0].isLevel).toBe(false);
  });

  it("allows a third of the CPU time", () => {
    expect(levelGoals([row("a", 0.5, all(0.5), 2)])[0].cpu).toMatchObject({ share: 1 / 3, isMet: true });
    expect(levelGoals([row("a", 0.5, all(0.5), 2.1)])[0].cpu.isMet).toBe(false);
  });
});
