// Training on one split: rows to learn from, rows to score on, and a loss between them.
import { activate, trueProbabilities } from "surprisal";
import { type Encoder, encode, fitEncoder, levelsOf } from "../learning/encode.ts";
import type { Engine } from "../learning/engine.ts";
import type { Features } from "../learning/features.ts";
import { type Model, predictLogits } from "../learning/model.ts";
import { makeObjective, type Objective } from "../learning/objective.ts";
import { type ClassWeighting, weightsFor } from "../learning/weights.ts";
import { type Scores, scores } from "../scores/scores.ts";
import { type Positions, positionsFrom, tableRowsOf } from "../task/positions.ts";
import type { Target } from "../task/target.ts";
import { labelsOf, rowWeightsOf, type Task, weightsOf } from "../task/task.ts";
import { type Candidate, lossOf } from "./families.ts";

/** Rows to train on and rows to score on, prepared once for all candidates. */
export interface Split extends Task {
  readonly encoder: Encoder;
  /** Positions among the kept rows. */
  readonly trainingRows: Positions;
  readonly training: Features;
  /** The same arrays for all candidates, of which many are trained at a time. */
  readonly trainingLabels: Int32Array;
  readonly trainingWeights: Float64Array | null;
  readonly heldRows: Positions;
  readonly heldLabels: Int32Array;
  /** What each of the held labels counts; null where each counts once. */
  readonly heldWeights: Float64Array | null;
  /** Gives the memory of its features back. */
  free(): void;
}

/** A split whose held rows are looked at again and again. */
export interface WatchedSplit extends Split {
  readonly held: Features;
}

/** Which rows, and who learns from them. */
export interface SplitOptions {
  readonly train: Positions;
  readonly held: Positions;
  readonly engine: Engine;
}

/** Prepares a split; the features are fitted on its training rows only. */
export function makeSplit(task: Task, { train, held, engine }: SplitOptions): Split {
  const { columns, target } = task;
  const encoder = fitEncoder(columns, tableRowsOf(target, train), rowWeightsOf(target, train), engine.form);
  const { features: training, free } = prepared(engine, encoder, task, train);
  return {
    columns,
    target,
    encoder,
    trainingRows: train,
    training,
    trainingLabels: labelsOf(target, train),
    trainingWeights: weightsOf(target, train),
    heldRows: held,
    heldLabels: labelsOf(target, held),
    heldWeights: weightsOf(target, held),
    free,
  };
}

/** The same with the features of the held rows. */
export function makeWatchedSplit(task: Task, options: SplitOptions): WatchedSplit {
  const split = makeSplit(task, options);
  const { features: held, free } = prepared(options.engine, split.encoder, task, options.held);
  const freeBoth = () => {
    split.free();
    free();
  };
  return { ...split, held, free: freeBoth };
}

/** Features in memory of the engine. */
function prepared(engine: Engine, encoder: Encoder, { columns, target }: Task, positions: Positions) {
  const { width } = encoder;
  const { values, free } = engine.room(positions.length * width);
  encode(encoder, columns, tableRowsOf(target, positions), values);
  return { features: { rows: positions.length, width, values, levels: levelsOf(encoder) }, free };
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
  const { target, trainingRows, trainingLabels: labels, trainingWeights: weights } = split;
  const alpha = weightsFor(candidate.weighting, target, trainingRows);
  const { activation, outputs } = target;
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

/** What a model shows, and what it believes. */
export interface Forecast {
  /** Probabilities as the activation gives them, `[rows, outputs]`. */
  readonly shown: Float64Array;
  /** The same with weights and focusing undone. */
  readonly undone: Float64Array;
}

/** So many held rows become features at a time: all at once would take as much memory as training on them. */
const rowsAtOnce = 4096;

/** The logits of a model for the held rows. */
export function heldLogits({ encoder, columns, target, heldRows }: Split, model: Model): Float64Array {
  const logits = new Float64Array(heldRows.length * target.outputs);
  for (let from = 0; from < heldRows.length; from += rowsAtOnce) {
    const positions = positionsFrom(heldRows, from, rowsAtOnce);
    const values = encode(encoder, columns, tableRowsOf(target, positions));
    const features = { rows: positions.length, width: encoder.width, values, levels: levelsOf(encoder) };
    logits.set(predictLogits(model, features), from * target.outputs);
  }
  return logits;
}

/** What logits say that a candidate was trained to. */
export function forecast(
  { activation, outputs: classes }: Target,
  { candidate, alpha }: Pick<Prepared, "candidate" | "alpha">,
  logits: Float64Array,
): Forecast {
  return {
    shown: activate(logits, { activation, classes }),
    undone: trueProbabilities(lossOf(candidate), logits, { activation, classes, alpha }),
  };
}

/** The scores of what a model believes about the held rows. */
export function heldScores(split: Split, probabilities: Float64Array): Scores {
  return scores(split.target, split.heldLabels, probabilities, split.heldWeights);
}
