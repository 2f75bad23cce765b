// The whole procedure on one outer fold: choose settings inside the training rows, train, and only then look outside.
import { activate } from "surprisal";
import { holdout } from "../folds/folds.ts";
import { type Spent, timed } from "../learning/clock.ts";
import { fitLinear } from "../learning/linear/linear.ts";
import type { Model } from "../learning/model.ts";
import { NetworkTrainer } from "../learning/network/network.ts";
import type { Scores } from "../scores/scores.ts";
import { allPositions, type Positions, positionsWhere } from "../task/positions.ts";
import type { Data } from "../task/task.ts";
import type { Candidate, Family } from "./families.ts";
import type { Plan } from "./plan.ts";
import {
  forecast,
  heldScores,
  linearTrainee,
  makeSplit,
  networkSettings,
  networkTrainee,
  type Prepared,
  prepare,
  type Ready,
  type Split,
  type Trainee,
} from "./split.ts";
import { chooseStrength } from "./strength.ts";

/** What was chosen for a family inside the training rows. */
export interface Choice {
  readonly candidate: Candidate;
  /** The selection score of the chosen candidate on the inner splits, lower is better; it flatters. */
  readonly innerScore: number;
  /** The epochs to train for; 0 for a linear model. */
  readonly epochs: number;
  /** The selection score of every candidate of the family, all after the same budget. */
  readonly grid: readonly number[];
}

/** What the inner splits decided. */
export interface Selection {
  /** L2 for all the rows, as a share of the pull of a loss at its best constant. */
  readonly strength: number;
  readonly choices: readonly Choice[];
  /** How many models were trained to decide it. */
  readonly fits: number;
}

/** The share of the training rows that is held out to choose settings. */
const innerShare = 0.25;
/** Fewer held rows than this tell settings apart by luck: a small table is split more often than once. */
const enoughHeld = 1000;
const mostSplits = { fast: 4, default: 10, thorough: 10 } as const;

const crossEntropy: Candidate = { loss: "crossEntropy", parameters: {}, weighting: "none" };

/**
 * Chooses L2 with plain cross entropy, then alpha and gamma for each family, the same way for all.
 *
 * Networks that are behind after a rung of the plan are given up.
 */
export function select(plan: Plan, data: Data, rows: Positions, groups: Int32Array | null, seed: string): Selection {
  const splits = innerSplits(plan, data, rows, groups, seed);
  const ready = (candidate: Candidate) =>
    splits.map((split): Ready => ({ split, prepared: prepare(split, candidate) }));
  // A penalty holds against the sum of the losses, which grows with the rows; strengths are per row of their mean.
  const fewer = rows.length / splits[0].training.rows;
  const trainee = (each: readonly Ready[], strength: number, starts?: readonly Model[]): Trainee =>
    plan.model === "linear"
      ? linearTrainee(plan, each, strength * fewer, starts)
      : networkTrainee(plan, each, strength * fewer, plan.seed);

  // Every strength of L2 with cross entropy, from strong to weak: the stronger wins among equals, and a linear model
  // starts close to its end. The same strength for every loss is the same share of its own pull: focal's slopes are
  // smaller than cross entropy's.
  const reference = ready(crossEntropy);
  const pull = reference.reduce((sum, { prepared }) => sum + prepared.pull, 0) / reference.length;
  const strengths = plan.l2.map((l2) => l2 / pull).sort((a, b) => b - a);
  const tried: Climb[] = [];
  for (const strength of strengths) {
    tried.push(climb(plan, [trainee(reference, strength, tried.at(-1)?.best.models)]));
  }
  let plain = tried.reduce((a, b) => (b.best.score < a.best.score ? b : a));
  let strength = strengths[tried.indexOf(plain)];
  let fits = tried.length * splits.length;
  if (plan.believedL2 !== null) {
    const scores = splits.map((_, k) => tried.map(({ best }) => best.scores[k]).reverse());
    strength = chooseStrength(strengths.toReversed(), scores, plan.believedL2 / pull, innerShare / (1 - innerShare));
    plain = climb(plan, [trainee(reference, strength, plain.best.models)]);
    fits += splits.length;
  }

  const choices = plan.families.map((family): Choice => {
    const { best, first } =
      family.id === "ce"
        ? plain
        : climb(
            plan,
            family.candidates.map((candidate) => trainee(ready(candidate), strength, plain.best.models)),
          );
    if (family.id !== "ce") fits += family.candidates.length * splits.length;
    return { candidate: best.candidate, innerScore: best.score, epochs: best.bestEpoch, grid: first };
  });
  return { strength, choices, fits };
}

/** What came of training some settings rung by rung. */
interface Climb {
  readonly best: Trainee;
  /** The scores of all of them after the first rung, the same budget for each. */
  readonly first: readonly number[];
}

/** Successive halving: after each rung only the best few go on, and what is left is trained to its end. */
function climb({ rungs, maxEpochs }: Plan, runs: readonly Trainee[]): Climb {
  let left = runs;
  let first: readonly number[] = [];
  let epochs = 0;
  const advance = (to: number) => {
    for (const run of left) run.advance(to - epochs);
    epochs = to;
  };
  rungs.forEach((rung, k) => {
    advance(rung.epochs);
    if (k === 0) first = runs.map((run) => run.score);
    left = [...left].sort((a, b) => a.score - b.score).slice(0, rung.keep);
  });
  advance(maxEpochs);
  // Settings are ordered from simple to elaborate: the first of equals is the simplest.
  const best = runs.filter((run) => left.includes(run)).reduce((a, b) => (b.score < a.score ? b : a));
  for (const run of runs) run.free();
  return { best, first };
}

/** One split, or several of a small table, each with other rows held out. */
function innerSplits(plan: Plan, data: Data, rows: Positions, groups: Int32Array | null, seed: string) {
  const count = Math.ceil(enoughHeld / (innerShare * rows.length));
  return Array.from({ length: Math.min(count, mostSplits[plan.pace]) }, (_, k): Split => {
    const { train, test } = holdout(data.target, rows, innerShare, k === 0 ? seed : `${seed}, split ${k}`, groups);
    return makeSplit(data, train, test);
  });
}

/** Trains a candidate on all training rows of a split, with what the inner splits chose. */
export function refit(plan: Plan, split: Split, prepared: Prepared, strength: number, epochs: number): Model {
  const l2 = strength * prepared.pull;
  if (plan.model === "linear") return fitLinear(split.training, prepared.objective, { l2 }).model;
  const trainer = new NetworkTrainer(split.training, prepared.objective, networkSettings(plan, l2, plan.seed));
  for (let epoch = 0; epoch < epochs; epoch++) trainer.epoch();
  const model = trainer.model();
  trainer.free();
  return model;
}

/** One family on one outer fold. */
export interface FamilyFold {
  readonly family: string;
  readonly choice: Choice;
  /** The scores of the true probabilities on the outer rows, and of the probabilities as shown. */
  readonly undone: Scores;
  readonly shown: Scores;
  readonly undoneProbabilities: Float64Array;
  readonly shownProbabilities: Float64Array;
}

/** Everything that one outer fold gives. */
export interface FoldResult {
  readonly repeat: number;
  readonly fold: number;
  readonly strength: number;
  readonly fits: number;
  /** The scores of predicting the class shares of the training rows. */
  readonly prior: Scores;
  readonly families: readonly FamilyFold[];
  /** The only part that differs from run to run. */
  readonly spent: Spent;
}

/** Runs one outer fold. `folds` is the fold of each kept row in this repeat. */
export function runFold(
  plan: Plan,
  data: Data,
  folds: Int32Array,
  groups: Int32Array | null,
  repeat: number,
  fold: number,
): FoldResult {
  const positions = allPositions(data.target);
  const train = positionsWhere(positions, (position) => folds[position] !== fold);
  const held = positionsWhere(positions, (position) => folds[position] === fold);
  const seed = `inner ${plan.seed} ${repeat} ${fold}`;
  const { result, spent } = timed(() => runProcedure(plan, data, train, held, groups, seed));
  return { repeat, fold, ...result, spent };
}

/** Chooses and trains on some rows, and judges on others. */
function runProcedure(
  plan: Plan,
  data: Data,
  train: Positions,
  held: Positions,
  groups: Int32Array | null,
  seed: string,
): Omit<FoldResult, "repeat" | "fold" | "spent"> {
  const selection = select(plan, data, train, groups, seed);
  const split = makeSplit(data, train, held);
  const families = plan.families.map((family: Family, index): FamilyFold => {
    const choice = selection.choices[index];
    const prepared = prepare(split, choice.candidate);
    const model = refit(plan, split, prepared, selection.strength, choice.epochs);
    const { shown, undone } = forecast(split, prepared, model);
    return {
      family: family.id,
      choice,
      undone: heldScores(split, undone),
      shown: heldScores(split, shown),
      undoneProbabilities: undone,
      shownProbabilities: shown,
    };
  });
  const prior = heldScores(split, priorProbabilities(split, held.length));
  return { strength: selection.strength, fits: selection.fits + families.length, prior, families };
}

/** The class shares of the training rows, for each held row. */
function priorProbabilities({ target, trainingRows }: Split, rows: number): Float64Array {
  const { constantLogits } = prepare({ target, trainingRows } as Split, crossEntropy).objective;
  const one = activate(constantLogits, { activation: target.activation, classes: target.outputs });
  return Float64Array.from({ length: rows * target.outputs }, (_, k) => one[k % target.outputs]);
}
