// A setting in training on each of the inner splits, judged after every portion.
import { type FloatArray, trueProbabilities } from "surprisal";
import type { Clock } from "../learning/clock.ts";
import { engineNamed } from "../learning/engines.ts";
import type { Model } from "../learning/model.ts";
import { type Metric, orient, scoreOf } from "../scores/metric.ts";
import { logLoss } from "../scores/scores.ts";
import { meanOf } from "../scores/statistics.ts";
import { amountOf } from "../task/task.ts";
import { type Candidate, lossOf } from "./families.ts";
import type { Plan } from "./plan.ts";
import { heldScores, type Prepared, type WatchedSplit } from "./split.ts";

/** A candidate made ready for a split. */
export interface Ready {
  readonly split: WatchedSplit;
  readonly prepared: Prepared;
}

/** Something that is trained in portions on each of the inner splits, so that weak candidates can be given up early. */
export interface Trainee {
  readonly candidate: Candidate;
  /** Trains for up to so many portions; stops early by the held rows. */
  advance(epochs: number): void;
  /** What was best so far. */
  readonly best: Best;
  /** Gives back what only further training needs. */
  free(): void;
}

/** The best that a setting has reached. */
export interface Best {
  /** The selection score, the mean over the splits, lower is better. */
  readonly score: number;
  /** The scores of the splits of which it is the mean. */
  readonly scores: readonly number[];
  /** The portions after which it was seen. */
  readonly epoch: number;
  /** The models that reached it, one per split, if others can start near them. */
  readonly models: readonly Model[] | undefined;
}

/** So many portions without a better score end the training. */
const patience = 6;

/** What trainees of a selection have in common. */
export interface TraineeOptions {
  /** L2, as a share of the pull that the loss has on rows that count so much. */
  readonly strength: number;
  readonly leaves: number | null;
  readonly amount: number;
  /** Models of a similar setting, one per split, near which training may start. */
  readonly near?: readonly Model[] | undefined;
  readonly clock: Clock;
}

/** A setting that keeps its best portion and stops when none of the last few was better. */
export function makeTrainee(
  { model, training, seed, metric }: Plan,
  ready: readonly Ready[],
  { strength, leaves, amount, near, clock }: TraineeOptions,
): Trainee {
  const engine = engineNamed(model);
  const runs = ready.map(({ split, prepared: { objective, pull } }, k) =>
    engine.start(split.training, objective, {
      plan: training,
      // A penalty holds against the sum of the losses, which grows with what the rows count.
      l2: strength * (amount / amountOf(split.target, split.trainingRows)) * pull,
      leaves,
      seed,
      end: "to rank",
      near: near?.[k],
      watched: split.held,
      clock,
    }),
  );
  const most = training.maxEpochs ?? 1;
  let best: Best = { score: Number.NaN, scores: [], epoch: 0, models: undefined };
  let epoch = 0;
  return {
    candidate: ready[0].prepared.candidate,
    advance(epochs) {
      for (let k = 0; k < epochs && epoch < most && epoch - best.epoch < patience; k++) {
        for (const run of runs) run.advance();
        epoch++;
        const scores = ready.map((each, k) => selectionScore(metric, each, runs[k].logits(each.split.held)));
        const score = meanOf(scores);
        const isBetter = score < best.score || (Number.isNaN(best.score) && (epoch === 1 || !Number.isNaN(score)));
        if (isBetter)
          best = { score, scores, epoch, models: engine.startsNear ? runs.map((run) => run.model()) : undefined };
      }
    },
    get best() {
      return best;
    },
    free() {
      for (const run of runs) run.free();
    },
  };
}

/** The selection score of the logits of the held rows, lower is better. */
function selectionScore(metric: Metric, { split, prepared }: Ready, logits: FloatArray): number {
  const { candidate, alpha } = prepared;
  const { activation, outputs: classes } = split.target;
  const undone = trueProbabilities(lossOf(candidate), logits, { activation, classes, alpha });
  if (metric === "log-loss") return logLoss(split.target, split.heldLabels, undone, split.heldWeights);
  return orient(metric, scoreOf(metric, heldScores(split, undone)));
}
