// The model that is left behind: settings chosen once more on all rows, trained on all rows.
import { Clock } from "../learning/clock.ts";
import type { Encoder } from "../learning/encode.ts";
import { engineNamed } from "../learning/engines.ts";
import type { Model } from "../learning/model.ts";
import type { ClassWeighting } from "../learning/weights.ts";
import { allPositions, positionsWhere } from "../task/positions.ts";
import type { Candidate, Family } from "./families.ts";
import { refit } from "./refit.ts";
import { select } from "./select.ts";
import { makeSplit, prepare } from "./split.ts";
import type { Study } from "./study.ts";

/** What training a family on all rows gives; plain data, which threads can hand over. */
export interface FinalFit {
  readonly candidate: Candidate;
  readonly encoder: Encoder;
  readonly alpha: ClassWeighting | undefined;
  readonly model: Model;
}

/** Chooses the settings of a family on all rows, and trains on all rows. */
export function fitFinal(study: Study, family: Family): FinalFit {
  const clock = new Clock();
  const { plan, task } = study;
  const rows = allPositions(task.target);
  const { strength, leaves, choices } = select(study, { rows, families: [family], seed: `final ${plan.seed}`, clock });
  const none = positionsWhere(rows, () => false);
  const split = makeSplit(task, { train: rows, held: none, engine: engineNamed(plan.model) });
  const [{ candidate, epochs }] = choices;
  const prepared = prepare(split, candidate);
  const model = refit(plan, { split, prepared }, { strength, leaves, epochs }, clock);
  split.free();
  return { candidate, encoder: split.encoder, alpha: prepared.alpha, model };
}
