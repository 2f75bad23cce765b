// Training on one split: rows to learn from, rows to score on, and a loss between them.
import { activate, trueProbabilities } from "surprisal";
import { type Encoder, encode, type FeatureForm, fitEncoder, levelsOf } from "../learning/encode.ts";
import type { Features } from "../learning/features.ts";
import { type Model, predictLogits } from "../learning/model.ts";
import { makeObjective, type Objective } from "../learning/objective.ts";
import { type ClassWeighting, weightsFor } from "../learning/weights.ts";
import { type Scores, scores } from "../scores/scores.ts";
import { type Positions, tableRowsOf } from "../task/positions.ts";
import type { Target } from "../task/target.ts";
import { labelsOf, rowWeightsOf, type Task, weightsOf } from "../task/task.ts";
import { type Candidate, lossOf } from "./families.ts";

/** Rows to train on and rows to score on, prepared once for all candidates. */
export interface Split {
  readonly target: Target;
  readonly encoder: Encoder;
  /** Positions among the kept rows. */
  readonly trainingRows: Positions;
  readonly training: Features;
  readonly held: Features;
  readonly heldLabels: Int32Array;
  /** What each of the held labels counts; null where each counts once. */
  readonly heldWeights: Float64Array | null;
}

/** Which rows, and what features the engine learns from. */
export interface SplitOptions {
  readonly train: Positions;
  readonly held: Positions;
  readonly form: FeatureForm;
}

/** Prepares a split; the features are fitted on its training rows only. */
export function makeSplit({ columns, target }: Task, { train, held, form }: SplitOptions): Split {
  const encoder = fitEncoder(columns, tableRowsOf(target, train), rowWeightsOf(target, train), form);
  const prepared = (positions: Positions): Features => ({
    rows: positions.length,
    width: encoder.width,
    values: encode(encoder, columns, tableRowsOf(target, positions)),
    levels: levelsOf(encoder),
  });
  return {
    target,
    encoder,
    trainingRows: train,
    training: prepared(train),
    held: prepared(held),
    heldLabels: labelsOf(target, held),
    heldWeights: weightsOf(target, held),
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
  const weights = weightsOf(target, trainingRows);
  const objective = makeObjective({ loss: lossOf(candidate), activation, outputs, labels, weights, alpha });
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
  return scores(split.target, split.heldLabels, probabilities, split.heldWeights);
}
