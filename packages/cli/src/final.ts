// The model that is left behind: settings chosen once more on all rows, trained on all rows.
import { basename } from "node:path";
import { type Candidate, type Family, lossOf } from "./candidates.ts";
import type { PreparedComparison } from "./compare.ts";
import { refit, select } from "./procedure.ts";
import type { SavedModel } from "./savedModel.ts";
import { makeSplit, prepare } from "./training.ts";
import { versions } from "./version.ts";

/** A final model, and the setting that was chosen for it. */
export interface FinalModel {
  readonly saved: SavedModel;
  readonly candidate: Candidate;
}

/**
 * Trains a family on all rows of a prepared table.
 *
 * @param threshold from which probability on a binary answer is positive
 * @param command the exact command, for the record
 */
export function trainFinal(
  prepared: PreparedComparison,
  family: Family,
  threshold: number,
  command: string,
): FinalModel {
  const { data, plan, groups, folds, table } = prepared;
  const { target, columns } = data;
  const all = Int32Array.from(target.rows.keys());
  const { strength, choices } = select({ ...plan, families: [family] }, data, all, groups, `final ${plan.seed}`);
  const split = makeSplit(data, all, all.subarray(0, 0));
  const { candidate, epochs } = choices[0];
  const ready = prepare(split, candidate);
  const saved: SavedModel = {
    target,
    encoder: split.encoder,
    dates: columns.filter((column) => column.kind === "number" && column.from === "date").map(({ name }) => name),
    model: refit(plan, split, ready, strength, epochs),
    loss: lossOf(candidate),
    alpha: ready.alpha ?? null,
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
  return { saved, candidate };
}
