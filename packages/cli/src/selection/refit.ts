// Training once more on all the training rows, with what the inner splits chose.
import type { Clock } from "../learning/clock.ts";
import { engineNamed } from "../learning/engines.ts";
import type { Model } from "../learning/model.ts";
import type { Plan } from "./plan.ts";
import type { Prepared, Split } from "./split.ts";

/** What was chosen: the strength of L2, as a share of the loss's pull, and the portions to train for. */
export interface Chosen {
  readonly strength: number;
  readonly epochs: number;
}

/** A candidate made ready for a split. */
interface Ready {
  readonly split: Split;
  readonly prepared: Prepared;
}

/** Trains a candidate on all training rows of a split. */
export function refit(plan: Plan, { split, prepared }: Ready, { strength, epochs }: Chosen, clock: Clock): Model {
  const run = engineNamed(plan.model).start(split.training, prepared.objective, {
    plan: plan.training,
    l2: strength * prepared.pull,
    seed: plan.seed,
    end: "exact",
    clock,
  });
  for (let epoch = 0; epoch < epochs; epoch++) run.advance();
  const model = run.model();
  run.free();
  return model;
}
