// Trees beside the trees of others: which goals are met, computed from the scores of both.
import { mean } from "../averages.ts";
import type { Benchmarks } from "./benchmarks.ts";
import { type Numbers, type Rival, rivalNames, tuned, untuned } from "./peers.ts";

/** So much lower than each untuned one the mean log loss is to be. */
const lowerBy = 0.05;
/** Level is a log loss higher by at most this, or by this share. */
const levelBy = 0.003;
const levelShare = 0.01;
/** The most of a tuned one's CPU time. */
const cpuShare = 1 / 3;

/** Ours and theirs on a table. */
export interface TreeRow {
  readonly name: string;
  readonly ours: Numbers & { readonly cpuSeconds: number };
  /** By the name of the learner; absent where it was not run. */
  readonly rivals: Readonly<Record<string, Rival>>;
}

/** Every table on which ours was run. */
export function treeRows({ tables, rivals, runs }: Pick<Benchmarks, "tables" | "rivals" | "runs">): readonly TreeRow[] {
  return tables.flatMap(({ name }) => {
    const run = runs[name].trees;
    if (run === null) return [];
    const { cpuSeconds, families } = run;
    return [{ name, ours: { ...families[0].undone, cpuSeconds }, rivals: rivals.results[name] ?? {} }];
  });
}

/** The tables that every learner was run on: those that means are taken over. */
export function comparable(rows: readonly TreeRow[]): readonly TreeRow[] {
  return rows.filter(({ rivals }) => rivalNames.every((rival) => rival in rivals));
}

/** The mean log loss beside an untuned learner's. */
export interface MeanGoal {
  readonly rival: string;
  readonly ours: number;
  readonly theirs: number;
  /** How much lower ours is, as a share of theirs. */
  readonly lower: number;
  readonly isMet: boolean;
}

/** Goal: in the mean lower than each of the untuned by at least 5 %. */
export function meanGoals(rows: readonly TreeRow[]): readonly MeanGoal[] {
  const all = comparable(rows);
  const ours = mean(all.map((row) => row.ours.logLoss));
  return untuned.map((rival) => {
    const theirs = mean(all.map(({ rivals }) => rivals[rival].logLoss));
    const lower = 1 - ours / theirs;
    return { rival, ours, theirs, lower, isMet: lower >= lowerBy };
  });
}

/** A table beside the better of the tuned learners. */
export interface LevelGoal {
  readonly name: string;
  readonly rival: string;
  readonly ours: number;
  readonly theirs: number;
  /** Ours may be higher by so much. */
  readonly allowed: number;
  readonly isLevel: boolean;
  readonly cpu: { readonly ours: number; readonly theirs: number; readonly share: number; readonly isMet: boolean };
}

/** Goals on each table: level with the better of the tuned, at no more than a third of that one's CPU time. */
export function levelGoals(rows: readonly TreeRow[]): readonly LevelGoal[] {
  return comparable(rows).map(({ name, ours, rivals }) => {
    const rival = tuned.reduce((a, b) => (rivals[b].logLoss < rivals[a].logLoss ? b : a));
    const { logLoss: theirs, cpuSeconds } = rivals[rival];
    const allowed = Math.max(levelBy, levelShare * theirs);
    const share = ours.cpuSeconds / cpuSeconds;
    return {
      name,
      rival,
      ours: ours.logLoss,
      theirs,
      allowed,
      isLevel: ours.logLoss <= theirs + allowed,
      cpu: { ours: ours.cpuSeconds, theirs: cpuSeconds, share, isMet: share <= cpuShare },
    };
  });
}
