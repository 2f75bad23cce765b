// The model that is left behind: settings chosen once more on all rows, trained on all rows.
import type { Encoder } from "../learning/encode.ts";
import type { Model } from "../learning/model.ts";
import type { ClassWeighting } from "../learning/weights.ts";
import { allPositions, positionsWhere } from "../task/positions.ts";
import type { Data } from "../task/task.ts";
import type { Candidate, Family } from "./families.ts";
import { refit, select } from "./fold.ts";
import type { Plan } from "./plan.ts";
import { makeSplit, prepare } from "./split.ts";

/** What training a family on all rows gives; plain data, which threads can hand over. */
export interface FinalFit {
  readonly candidate: Candidate;
  readonly encoder: Encoder;
  readonly alpha: ClassWeighting | undefined;
  readonly model: Model;
}

/** Chooses the settings of a family on all rows, and trains on all rows. */
export function fitFinal(plan: Plan, data: Data, groups: Int32Array | null, family: Family): FinalFit {
  const all = allPositions(data.target);
  const { strength, choices } = select({ ...plan, families: [family] }, data, all, groups, `final ${plan.seed}`);
  const split = makeSplit(
    data,
    all,
    positionsWhere(all, () => false),
  );
  const [{ candidate, epochs }] = choices;
  const ready = prepare(split, candidate);
  const model = refit(plan, split, ready, strength, epochs);
  return { candidate, encoder: split.encoder, alpha: ready.alpha, model };
}
