// The model that is left behind: settings chosen once more on all rows, trained on all rows.
import { basename } from "node:path";
import type { PreparedComparison } from "../comparison/compare.ts";
import type { Encoder } from "../learning/encode.ts";
import type { Model } from "../learning/model.ts";
import type { ClassWeighting } from "../learning/objective.ts";
import type { SavedModel } from "../saved/savedModel.ts";
import { versions } from "../version.ts";
import { type Candidate, type Family, lossOf } from "./families.ts";
import { refit, select } from "./fold.ts";
import type { Plan } from "./plan.ts";
import { type Data, makeSplit, prepare } from "./split.ts";

/** What training a family on all rows gives; plain data, which threads can hand over. */
export interface FinalFit {
  readonly candidate: Candidate;
  readonly encoder: Encoder;
  readonly alpha: ClassWeighting | undefined;
  readonly model: Model;
}

/** Chooses the settings of a family on all rows, and trains on all rows. */
export function fitFinal(plan: Plan, data: Data, groups: Int32Array | null, family: Family): FinalFit {
  const all = Int32Array.from(data.target.rows.keys());
  const { strength, choices } = select({ ...plan, families: [family] }, data, all, groups, `final ${plan.seed}`);
  const split = makeSplit(data, all, all.subarray(0, 0));
  const [{ candidate, epochs }] = choices;
  const ready = prepare(split, candidate);
  const model = refit(plan, split, ready, strength, epochs);
  return { candidate, encoder: split.encoder, alpha: ready.alpha, model };
}

/**
 * A model that was trained on all rows of a prepared table, with all that a file of it needs.
 *
 * @param threshold from which probability on a binary answer is positive
 * @param command the exact command, for the record
 */
export function savedModel(
  { data, plan, folds, table }: PreparedComparison,
  { candidate, encoder, alpha, model }: FinalFit,
  threshold: number,
  command: string,
): SavedModel {
  const { target, columns } = data;
  return {
    target,
    encoder,
    dates: columns.filter((column) => column.kind === "number" && column.from === "date").map(({ name }) => name),
    model,
    loss: lossOf(candidate),
    alpha: alpha ?? null,
    thresholds:
      target.kind === "binary" ? [threshold] : target.kind === "multilabel" ? target.classes.map(() => 0.5) : [],
    provenance: {
      source: basename(table.source),
      rows: target.rows.length,
      foldHash: folds.hash,
      seed: plan.seed,
      command,
      versions,
    },
  };
}
