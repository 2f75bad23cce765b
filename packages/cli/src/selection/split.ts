// Training on one split: rows to learn from, rows to score on, and a loss between them.

import { activate, type FloatArray, trueProbabilities } from "surprisal";
import { type Encoder, encode, fitEncoder } from "../learning/encode.ts";
import { fitLinear } from "../learning/linear/linear.ts";
import { type Model, predictLogits, type TrainingSet } from "../learning/model.ts";
import { borrow, giveBack } from "../learning/network/heap.ts";
import { NetworkTrainer } from "../learning/network/network.ts";
import { makeObjective, type Objective } from "../learning/objective.ts";
import { type ClassWeighting, weightsFor } from "../learning/weights.ts";
import { orient, scoreOf } from "../scores/metric.ts";
import { logLoss, type Scores, scores } from "../scores/scores.ts";
import { meanOf } from "../scores/statistics.ts";
import { type Positions, tableRowsOf } from "../task/positions.ts";
import type { Target } from "../task/target.ts";
import type { Data } from "../task/task.ts";
import { labelsOf } from "../task/task.ts";
import { type Candidate, lossOf } from "./families.ts";
import type { Plan } from "./plan.ts";

/** Rows to train on and rows to score on, prepared once for all candidates. */
export interface Split {
  readonly target: Target;
  readonly encoder: Encoder;
  /** Positions among the kept rows. */
  readonly trainingRows: Positions;
  readonly training: TrainingSet;
  readonly held: TrainingSet;
  readonly heldLabels: Int32Array;
}

/** Prepares a split; the features are fitted on its training rows only. */
export function makeSplit({ columns, target }: Data, train: Positions, held: Positions): Split {
  const encoder = fitEncoder(columns, tableRowsOf(target, train));
  const prepared = (positions: Positions): TrainingSet => ({
    rows: positions.length,
    width: encoder.width,
    values: encode(encoder, columns, tableRowsOf(target, positions)),
  });
  return {
    target,
    encoder,
    trainingRows: train,
    training: prepared(train),
    held: prepared(held),
    heldLabels: labelsOf(target, held),
  };
}

/** A candidate made ready for a split: its objective, its weights for the undo, and how hard it pulls. */
export interface Prepared {
  readonly candidate: Candidate;
  readonly objective: Objective;
  readonly alpha: ClassWeighting | undefined;
  /** The mean size of d loss / d logit at the best constant: what a penalty has to hold against. */
  readonly pull: number;
}

/** Weights come from the training rows of the split, and from nothing else. */
export function prepare(split: Split, candidate: Candidate): Prepared {
  const { target, trainingRows } = split;
  const alpha = weightsFor(candidate.weighting, target, trainingRows);
  const labels = labelsOf(target, trainingRows);
  const { activation, outputs } = target;
  const objective = makeObjective({ loss: lossOf(candidate), activation, outputs, labels, alpha });
  return { candidate, alpha, objective, pull: pullOf(objective, trainingRows.length) };
}

function pullOf({ outputs, constantLogits, evaluate }: Objective, rows: number): number {
  const logits = Float64Array.from({ length: rows * outputs }, (_, k) => constantLogits[k % outputs]);
  const gradient = new Float64Array(logits.length);
  evaluate(
    logits,
    Int32Array.from({ length: rows }, (_, n) => n),
    gradient,
  );
  return gradient.reduce((sum, each) => sum + Math.abs(each), 0);
}

/** What a model shows, and what it believes, on the held rows. */
export interface Forecast {
  /** Probabilities as the activation gives them, `[rows, outputs]`. */
  readonly shown: Float64Array;
  /** The same with weights and focusing undone. */
  readonly undone: Float64Array;
}

/** The probabilities of a model on the held rows. */
export function forecast(split: Split, { candidate, alpha }: Prepared, model: Model): Forecast {
  const logits = predictLogits(model, split.held);
  const { activation, outputs: classes } = split.target;
  return {
    shown: activate(logits, { activation, classes }),
    undone: trueProbabilities(lossOf(candidate), logits, { activation, classes, alpha }),
  };
}

/** The scores of what a model believes about the held rows. */
export function heldScores(split: Split, probabilities: Float64Array): Scores {
  return scores(split.target, split.heldLabels, probabilities);
}

/** The selection score of the logits of the held rows, lower is better. */
function selectionScore(plan: Plan, { split, prepared }: Ready, logits: FloatArray): number {
  const { candidate, alpha } = prepared;
  const { activation, outputs: classes } = split.target;
  const undone = trueProbabilities(lossOf(candidate), logits, { activation, classes, alpha });
  if (plan.metric === "log-loss") return logLoss(split.target, split.heldLabels, undone);
  return orient(plan.metric, scoreOf(plan.metric, heldScores(split, undone)));
}

/** A candidate made ready for a split. */
export interface Ready {
  readonly split: Split;
  readonly prepared: Prepared;
}

/** Something that is trained in portions on each of the inner splits, so that weak candidates can be given up early. */
export interface Trainee {
  readonly candidate: Candidate;
  /** Trains for up to so many epochs, or to convergence where that is meant; stops early by the held rows. */
  advance(epochs: number): void;
  /** The best selection score so far, the mean over the splits, lower is better. */
  readonly score: number;
  /** The scores of the splits of which it is the mean. */
  readonly scores: readonly number[];
  /** The best models so far, one per split. */
  readonly models: readonly Model[];
  /** The epochs after which the best was seen. */
  readonly bestEpoch: number;
  /** Gives back what only further training needs. */
  free(): void;
}

/** A linear model: one portion is all it takes. */
export function linearTrainee(
  plan: Plan,
  ready: readonly Ready[],
  strength: number,
  starts: readonly Model[] = [],
): Trainee {
  let models: readonly Model[] = [];
  let scores: readonly number[] = [];
  return {
    candidate: ready[0].prepared.candidate,
    advance() {
      if (models.length > 0) return;
      models = ready.map(({ split, prepared: { objective, pull } }, k) => {
        const start = starts[k];
        return fitLinear(split.training, objective, { l2: strength * pull, tolerance: 1e-4, ...(start && { start }) })
          .model;
      });
      scores = ready.map((each, k) => selectionScore(plan, each, predictLogits(models[k], each.split.held)));
    },
    get score() {
      return meanOf(scores);
    },
    get scores() {
      return scores;
    },
    get models() {
      return models;
    },
    bestEpoch: 0,
    free() {},
  };
}

const patience = 6;

/** A small network that keeps its best epoch and stops when none of the last few was better. */
export function networkTrainee(plan: Plan, ready: readonly Ready[], strength: number, seed: number): Trainee {
  const trainers = ready.map(
    ({ split, prepared: { objective, pull } }) =>
      new NetworkTrainer(split.training, objective, networkSettings(plan, strength * pull, seed)),
  );
  for (const { split } of ready) borrow(split.held.values);
  const now = () => trainers.map((trainer) => trainer.model());
  let best = { score: Number.POSITIVE_INFINITY, scores: [] as readonly number[], epoch: 0, models: now() };
  let epoch = 0;
  return {
    candidate: ready[0].prepared.candidate,
    advance(epochs) {
      for (let k = 0; k < epochs && epoch < plan.maxEpochs && epoch - best.epoch < patience; k++) {
        for (const trainer of trainers) trainer.epoch();
        epoch++;
        const scores = ready.map((each, k) => selectionScore(plan, each, trainers[k].logits(each.split.held)));
        const score = meanOf(scores);
        if (score < best.score) best = { score, scores, epoch, models: now() };
      }
    },
    get score() {
      return best.score;
    },
    get scores() {
      return best.scores;
    },
    get models() {
      return best.models;
    },
    get bestEpoch() {
      return best.epoch;
    },
    free() {
      for (const trainer of trainers) trainer.free();
      for (const { split } of ready) giveBack(split.held.values);
    },
  };
}

/** The settings that all networks of a comparison share. */
export function networkSettings({ hidden }: Plan, l2: number, seed: number) {
  return { hidden: [...hidden], l2, learningRate: 2e-3, batch: 64, seed };
}
