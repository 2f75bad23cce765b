// Training once more on all the training rows, with what the inner splits chose.
import type { Clock } from "../learning/clock.ts";
import { engineNamed } from "../learning/engines.ts";
import type { Model } from "../learning/model.ts";
import type { Plan } from "./plan.ts";
import type { Capacity } from "./select.ts";
import type { Prepared, Split } from "./split.ts";

/** What was chosen: how much the model may bend, and the portions to train for. */
export interface Chosen extends Capacity {
  readonly epochs: number;
}

/** A candidate made ready for a split. */
interface Ready {
  readonly split: Split;
  readonly prepared: Prepared;
}

/** Trains a candidate on all training rows of a split. */
export function refit(
  plan: Plan,
  { split, prepared }: Ready,
  { strength, leaves, epochs }: Chosen,
  clock: Clock,
): Model {
  const run = engineNamed(plan.model).start(split.training, prepared.objective, {
    plan: plan.training,
    l2: strength * prepared.pull,
    leaves,
    seed: plan.seed,
    end: "exact",
    clock,
  });
  for (let epoch = 0; epoch < epochs; epoch++) run.advance();
  const model = run.model();
  run.free();
  return model;
}
