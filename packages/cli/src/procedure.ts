// The whole procedure on one outer fold: choose settings inside the training rows, train, and only then look outside.
import { activate } from "surprisal";
import type { Candidate, Family } from "./candidates.ts";
import { holdout } from "./folds.ts";
import { fitLinear } from "./linear.ts";
import type { Scores } from "./metrics.ts";
import type { Model } from "./model.ts";
import { NetworkTrainer } from "./network.ts";
import type { Plan } from "./plan.ts";
import {
  type Data,
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
} from "./training.ts";

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
const mostSplits = { fast: 1, default: 10, thorough: 10 } as const;

const crossEntropy: Candidate = { loss: "crossEntropy", parameters: {}, weighting: "none" };

/**
 * Chooses L2 with plain cross entropy, then alpha and gamma for each family, the same way for all.
 *
 * Networks that are behind after the first epochs are given up, except the best two of a family.
 */
export function select(plan: Plan, data: Data, rows: Int32Array, groups: Int32Array | null, seed: string): Selection {
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
  const tried: Trainee[] = [];
  const scoresAfterFirst: number[] = [];
  for (const strength of strengths) {
    const run = trainee(reference, strength, tried.at(-1)?.models);
    run.advance(plan.firstEpochs);
    scoresAfterFirst.push(run.score);
    run.advance(plan.maxEpochs - plan.firstEpochs);
    tried.push(run);
  }
  const plain = tried.reduce((best, run) => (run.score < best.score ? run : best));
  const strength = strengths[tried.indexOf(plain)];
  let fits = tried.length * splits.length;

  const choices = plan.families.map((family): Choice => {
    const isReference = family.id === "ce";
    const runs = isReference ? [plain] : family.candidates.map((each) => trainee(ready(each), strength, plain.models));
    if (!isReference) {
      fits += runs.length * splits.length;
      for (const run of runs) run.advance(plan.firstEpochs);
    }
    const grid = isReference ? [scoresAfterFirst[tried.indexOf(plain)]] : runs.map((run) => run.score);
    const finalists = [...runs].sort((a, b) => a.score - b.score).slice(0, 2);
    for (const run of finalists) run.advance(plan.maxEpochs - plan.firstEpochs);
    // Candidates are ordered from simple to elaborate: the first of equals is the simplest.
    const chosen = runs.filter((run) => finalists.includes(run)).reduce((a, b) => (b.score < a.score ? b : a));
    return { candidate: chosen.candidate, innerScore: chosen.score, epochs: chosen.bestEpoch, grid };
  });
  return { strength, choices, fits };
}

/** One split, or several of a small table, each with other rows held out. */
function innerSplits(plan: Plan, data: Data, rows: Int32Array, groups: Int32Array | null, seed: string) {
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
  return trainer.model();
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
  const positions = Int32Array.from(folds.keys());
  const train = positions.filter((position) => folds[position] !== fold);
  const held = positions.filter((position) => folds[position] === fold);
  const selection = select(plan, data, train, groups, `inner ${plan.seed} ${repeat} ${fold}`);
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
  const prior = priorProbabilities(split, held.length);
  return {
    repeat,
    fold,
    strength: selection.strength,
    fits: selection.fits + families.length,
    prior: heldScores(split, prior),
    families,
  };
}

/** The class shares of the training rows, for each held row. */
function priorProbabilities({ target, trainingRows }: Split, rows: number): Float64Array {
  const { constantLogits } = prepare({ target, trainingRows } as Split, crossEntropy).objective;
  const one = activate(constantLogits, { activation: target.activation, classes: target.outputs });
  return Float64Array.from({ length: rows * target.outputs }, (_, k) => one[k % target.outputs]);
}
