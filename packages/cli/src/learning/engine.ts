// What learns: the interface of an engine, which plans its training, and trains a model portion by portion.
import type { FloatArray } from "surprisal";
import type { Clock } from "./clock.ts";
import type { FeatureForm } from "./encode.ts";
import type { Features } from "./features.ts";
import type { Model } from "./model.ts";
import type { Objective } from "./objective.ts";

/** How much time a comparison may take. */
export type Pace = "fast" | "default" | "thorough";

/** A way to learn: one file that implements it, and one line in engines.ts. */
export interface Engine<M extends Model = Model> {
  /** As on the command line. */
  readonly name: string;
  /** In words, for a line of the terminal: "small network". */
  readonly words: string;
  /** What it learns from. */
  readonly form: FeatureForm;
  /** Whether every setting is trained to its end, so that the scores of all settings can be compared. */
  readonly isExhaustive: boolean;
  /** Whether a run that is told of a model near its own end starts there. */
  readonly startsNear: boolean;
  /** The libraries that can do its work in its place. */
  readonly libraries?: readonly string[];
  /** What will be tried, and for how long; by a library, if one is to do it, and can. */
  plan(pace: Pace, rows: number, library?: FoundLibrary): EnginePlan;
  /** The model and its plan in words, for the report. */
  describe(plan: EnginePlan): string;
  /** Why it is slow on this machine, in words; null where it is not. */
  obstacle(): string | null;
  /** Memory for so many features where it learns from them best, all 0, and how it is given back. */
  room(length: number): Room;
  /** Begins to train a model; nothing is learned before the first portion. */
  start(features: Features, objective: Objective, options: StartOptions<M>): Run<M>;
}

/** Memory that an engine lends. */
export interface Room {
  readonly values: Float32Array;
  /** Gives it back; nothing may be asked of the values afterwards. */
  free(): void;
}

/** Memory that nobody has to give back. */
export function plainRoom(length: number): Room {
  return { values: new Float32Array(length), free() {} };
}

/** What an engine plans; plain JSON, and part of every result. */
export interface EnginePlan {
  /** The strengths of L2, per row of an outer training set, that the inner splits try; none where L2 is fixed. */
  readonly l2: readonly number[];
  /** The strength that is taken unless the inner splits speak against it; null: the tried one that scores best. */
  readonly believedL2: number | null;
  /** The hidden units of a network, a layer each; none where there are no layers in between. */
  readonly hidden: readonly number[];
  /** The leaves of a tree that the inner splits try, ascending; none where there are no trees. */
  readonly leaves: readonly number[];
  /** What of the best value of a leaf is taken; null where there are no trees. */
  readonly shrinkage: number | null;
  /** The most portions of training; null where one is all it takes. */
  readonly maxEpochs: number | null;
  /** When weak settings of a family are given up; the first of the rungs is climbed by all. */
  readonly rungs: readonly Rung[];
  /** What does the work in the engine's place; left out where nothing does. */
  readonly library?: FoundLibrary;
}

/** A library that was found on this machine. */
export interface FoundLibrary {
  /** As on the command line: "xgboost". */
  readonly name: string;
  /** As people write it: "XGBoost". */
  readonly title: string;
  readonly version: string;
  /** Where it is. */
  readonly path: string;
}

/** A rung of successive halving: after so many portions so many settings go on. */
export interface Rung {
  readonly epochs: number;
  readonly keep: number;
}

/** How one model is trained. */
export interface StartOptions<M extends Model = Model> {
  readonly plan: EnginePlan;
  /** The strength of the penalty l2 / 2 times the sum of the squared weights, beside the mean loss. */
  readonly l2: number;
  /** The leaves of a tree, for an engine of trees. */
  readonly leaves?: number | null | undefined;
  readonly seed: number;
  /** How exactly the end is to be reached: well enough to rank settings, or as well as it can be. */
  readonly end: "to rank" | "exact";
  /** A model of a similar setting, for an engine that starts near one. */
  readonly near?: M | undefined;
  /** Features whose logits will be asked for after every portion. */
  readonly watched?: Features | undefined;
  /** Told where the time goes. */
  readonly clock?: Clock | undefined;
}

/** The training of one model. */
export interface Run<M extends Model = Model> {
  /** Trains for one more portion: an epoch, a round, or to the end where that is one piece. */
  advance(): void;
  /** The logits of rows as the model is now, `[rows, outputs]`. */
  logits(features: Features): FloatArray;
  /** The model as it is now: a copy that further training leaves alone. */
  model(): M;
  /** Gives back what only further training needs. */
  free(): void;
}
