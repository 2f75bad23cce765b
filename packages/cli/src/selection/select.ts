// What the inner rows choose: the strength of L2, and alpha and gamma of each family.
import { holdout } from "../folds/folds.ts";
import { windowsInTime } from "../folds/windows.ts";
import type { Clock } from "../learning/clock.ts";
import { engineNamed } from "../learning/engines.ts";
import type { Model } from "../learning/model.ts";
import { meanOf } from "../scores/statistics.ts";
import type { Positions } from "../task/positions.ts";
import { amountOf } from "../task/task.ts";
import { type Candidate, crossEntropy, type Family, isReference } from "./families.ts";
import type { Plan } from "./plan.ts";
import { makeWatchedSplit, prepare, type Split, type WatchedSplit } from "./split.ts";
import { chooseStrength } from "./strength.ts";
import type { Study } from "./study.ts";
import { type Best, makeTrainee, type Ready, type Trainee } from "./trainee.ts";

/** What was chosen for a family inside the training rows. */
export interface Choice {
  readonly candidate: Candidate;
  /** The selection score of the chosen candidate on the inner splits, lower is better; it flatters. */
  readonly innerScore: number;
  /** The portions to train for. */
  readonly epochs: number;
  /** The selection score of every candidate of the family, all after the same budget. */
  readonly grid: readonly number[];
}

/** How much a model may bend, the same for every loss. */
export interface Capacity {
  /** L2 for all the rows, as a share of the pull of a loss at its best constant; 0 where it is fixed. */
  readonly strength: number;
  /** The leaves of a tree; null where there are no trees. */
  readonly leaves: number | null;
}

/** What the inner splits decided. */
export interface Selection extends Capacity {
  readonly choices: readonly Choice[];
  /** How many models were trained to decide it. */
  readonly fits: number;
}

/** The share of the training rows that is held out to choose settings. */
const innerShare = 0.25;
/** Fewer held rows than this tell settings apart by luck: a small table is split more often than once. */
const enoughHeld = 1000;
const mostSplits = { fast: 4, default: 10, thorough: 10 } as const;

/** The rows that may be looked at, and for whom they choose. */
export interface SelectOptions {
  /** Positions among the kept rows. */
  readonly rows: Positions;
  readonly families: readonly Family[];
  /** Of the inner splits. */
  readonly seed: string;
  readonly clock: Clock;
}

/**
 * Chooses L2 with plain cross entropy, then alpha and gamma for each family, the same way for all.
 *
 * Settings that are behind after a rung of the plan are given up.
 */
export function select(study: Study, { rows, families, seed, clock }: SelectOptions): Selection {
  const { plan } = study;
  const { l2, believedL2, leaves: sizes } = plan.training;
  const splits = innerSplits(study, rows, seed);
  const ready = (candidate: Candidate) =>
    splits.map((split): Ready => ({ split, prepared: prepare(split, candidate) }));
  // A penalty holds against the sum of the losses, which grows with what the rows count.
  const amount = amountOf(study.task.target, rows);
  const trainee = (each: readonly Ready[], chosen: Capacity, near?: readonly Model[]): Trainee =>
    makeTrainee(plan, each, { ...chosen, amount, near, clock });

  // Every strength of L2 with cross entropy, from strong to weak: the stronger wins among equals, and a linear model
  // starts close to its end. The same strength for every loss is the same share of its own pull: focal's slopes are
  // smaller than cross entropy's. Of trees every number of leaves instead, the fewer first.
  const reference = ready(crossEntropy);
  const pull = meanOf(reference.map(({ prepared }) => prepared.pull));
  const strengths = l2.map((each) => each / pull).sort((a, b) => b - a);
  const capacities: readonly Capacity[] =
    sizes.length > 0
      ? sizes.map((leaves) => ({ strength: 0, leaves }))
      : strengths.map((strength) => ({ strength, leaves: null }));
  const tried: Climb[] = [];
  for (const each of capacities) tried.push(climb(plan, [trainee(reference, each, tried.at(-1)?.best.models)]));
  let plain = tried.reduce(better);
  let chosen = capacities[tried.indexOf(plain)];
  let fits = tried.length * splits.length;
  if (believedL2 !== null) {
    const scores = splits.map((_, k) => tried.map(({ best }) => best.scores[k]).reverse());
    const strength = chooseStrength(strengths.toReversed(), scores, believedL2 / pull, heldShareOf(study, splits));
    chosen = { strength, leaves: null };
    plain = climb(plan, [trainee(reference, chosen, plain.best.models)]);
    fits += splits.length;
  }

  const choices = families.map((family): Choice => {
    const climbed = isReference(family)
      ? plain
      : climb(
          plan,
          family.candidates.map((candidate) => trainee(ready(candidate), chosen, plain.best.models)),
        );
    if (climbed !== plain) fits += family.candidates.length * splits.length;
    const { candidate, best, first } = climbed;
    return { candidate, innerScore: best.score, epochs: best.epoch, grid: first };
  });
  for (const split of splits) split.free();
  return { ...chosen, choices, fits };
}

/** What came of training some settings rung by rung. */
interface Climb {
  /** The setting that is left, and the best that it has reached. */
  readonly candidate: Candidate;
  readonly best: Best;
  /** The scores of all of them after the first rung, the same budget for each. */
  readonly first: readonly number[];
}

/** Successive halving: after each rung only the best few go on, and what is left is trained to its end. */
function climb({ training: { rungs, maxEpochs } }: Plan, runs: readonly Trainee[]): Climb {
  let left = runs;
  let first: readonly number[] | null = null;
  let epochs = 0;
  const advance = (to: number) => {
    for (const run of left) run.advance(to - epochs);
    epochs = to;
    first ??= runs.map(({ best }) => best.score);
  };
  for (const { epochs: to, keep } of rungs) {
    advance(to);
    left = [...left].sort((a, b) => a.best.score - b.best.score).slice(0, keep);
  }
  advance(maxEpochs ?? 1);
  // Settings are ordered from simple to elaborate: the first of equals is the simplest.
  const { candidate, best } = runs.filter((run) => left.includes(run)).reduce(better);
  for (const run of runs) run.free();
  return { candidate, best, first: first ?? [] };
}

/** The one with the lower score; of equals the first. */
function better<T extends { readonly best: Best }>(a: T, b: T): T {
  return b.best.score < a.best.score ? b : a;
}

/** One split, or several of a small table, each with other rows held out; where rows have an order, later ones. */
function innerSplits({ plan, task, groups, time }: Study, rows: Positions, seed: string): readonly WatchedSplit[] {
  const count = Math.min(Math.ceil(enoughHeld / (innerShare * rows.length)), mostSplits[plan.pace]);
  const engine = engineNamed(plan.model);
  const windows = time === undefined ? [] : windowsInTime(task.target, rows, time, groups, count);
  if (windows.length > 0)
    return windows.map(({ train, test }) => makeWatchedSplit(task, { train, held: test, engine }));
  return Array.from({ length: count }, (_, k): WatchedSplit => {
    const { train, test } = holdout(task.target, rows, innerShare, k === 0 ? seed : `${seed}, split ${k}`, groups);
    return makeWatchedSplit(task, { train, held: test, engine });
  });
}

/** Rows held out for each that is trained on; in time the mean of the splits. */
function heldShareOf({ time }: Study, splits: readonly Split[]): number {
  if (time === undefined) return innerShare / (1 - innerShare);
  return meanOf(splits.map(({ trainingRows, heldRows }) => heldRows.length / trainingRows.length));
}
