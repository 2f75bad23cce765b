// The whole procedure on one outer fold: choose settings inside the training rows, train, and only then look outside.
import { activate } from "surprisal";
import { type Folds, sidesOf } from "../folds/assignment.ts";
import { Clock, type Spent } from "../learning/clock.ts";
import { type EngineName, engineNamed } from "../learning/engines.ts";
import type { Scores } from "../scores/scores.ts";
import { allPositions } from "../task/positions.ts";
import { crossEntropy } from "./families.ts";
import { refit } from "./refit.ts";
import { type Choice, select } from "./select.ts";
import { forecast, heldLogits, heldScores, makeSplit, prepare, type Split } from "./split.ts";
import type { Study } from "./study.ts";

/** One family on one outer fold. */
export interface FamilyFold {
  readonly family: string;
  readonly choice: Choice;
  /** The scores of the true probabilities on the outer rows, and of the probabilities as shown. */
  readonly undone: Scores;
  readonly shown: Scores;
  /** What the model put out for the outer rows, `[rows, outputs]`: all probabilities follow from it. */
  readonly logits: Float64Array;
}

/** Everything that one outer fold gives. */
export interface FoldResult {
  /** What was trained. */
  readonly model: EngineName;
  readonly repeat: number;
  readonly fold: number;
  readonly strength: number;
  readonly leaves: number | null;
  readonly fits: number;
  /** The scores of predicting the class shares of the training rows. */
  readonly prior: Scores;
  readonly families: readonly FamilyFold[];
  /** The only part that differs from run to run. */
  readonly spent: Spent;
}

/** Which outer fold. */
export interface FoldPlace {
  readonly repeat: number;
  readonly fold: number;
}

/** Runs one outer fold: chooses and trains on the rows of the others, and judges on its own. */
export function runFold(study: Study<Folds>, { repeat, fold }: FoldPlace): FoldResult {
  const clock = new Clock();
  const { plan, task } = study;
  const { train: rows, test: held } = sidesOf(study.folds, repeat, fold, allPositions(task.target));
  const seed = `inner ${plan.seed} ${repeat} ${fold}`;
  const { strength, leaves, choices, fits } = select(study, { rows, families: plan.families, seed, clock });
  const split = makeSplit(task, { train: rows, held, engine: engineNamed(plan.model) });
  const families = plan.families.map((family, index): FamilyFold => {
    const choice = choices[index];
    const prepared = prepare(split, choice.candidate);
    const model = refit(plan, { split, prepared }, { strength, leaves, epochs: choice.epochs }, clock);
    const logits = heldLogits(split, model);
    const { shown, undone } = forecast(task.target, prepared, logits);
    return {
      family: family.id,
      choice,
      undone: heldScores(split, undone),
      shown: heldScores(split, shown),
      logits,
    };
  });
  split.free();
  const prior = heldScores(split, priorProbabilities(split, held.length));
  const all = fits + families.length;
  return { model: plan.model, repeat, fold, strength, leaves, fits: all, prior, families, spent: clock.spent };
}

/** The class shares of the training rows, for each held row. */
function priorProbabilities(split: Split, rows: number): Float64Array {
  const { constantLogits } = prepare(split, crossEntropy).objective;
  const { activation, outputs: classes } = split.target;
  const one = activate(constantLogits, { activation, classes });
  return Float64Array.from({ length: rows * classes }, (_, k) => one[k % classes]);
}
