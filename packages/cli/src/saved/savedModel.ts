// What a model file holds: everything that turns a row of a table into true probabilities, and where it came from.
import { basename } from "node:path";
import type { Alpha, Loss } from "surprisal";
import type { Encoder } from "../learning/encode.ts";
import type { Model } from "../learning/model.ts";
import { lossOf } from "../selection/families.ts";
import type { FinalFit } from "../selection/final.ts";
import type { PreparedStudy } from "../selection/study.ts";
import type { Reading } from "../table/reading.ts";
import type { Target } from "../task/target.ts";
import { versions } from "../version.ts";

/** How a model came about, so that it can be made again. */
export interface Provenance {
  /** The name of the table's file. */
  readonly source: string;
  readonly rows: number;
  /** The hash of the folds it was compared on; null where nothing was compared. */
  readonly foldHash: string | null;
  readonly seed: number;
  /** The exact command. */
  readonly command: string;
  /** The versions of what made it: `{ "surprisal-cli": "0.1.0", ... }`. */
  readonly versions: Readonly<Record<string, string>>;
}

/** A trained model with the whole way from a table's columns to decisions. */
export interface SavedModel {
  readonly target: Pick<Target, "kind" | "activation" | "columns" | "classes" | "outputs">;
  readonly encoder: Encoder;
  /** How the cells of each of the encoder's columns are read, so that no other table is read otherwise. */
  readonly readings: readonly Reading[];
  readonly model: Model;
  /** The loss and the alpha that it was trained with, and which are undone; no alpha: null. */
  readonly loss: Loss;
  readonly alpha: Alpha | null;
  /** Binary: one; multi-label: one per label; multi-class: none, the largest probability decides. */
  readonly thresholds: readonly number[];
  readonly provenance: Provenance;
}

/**
 * A model that was trained on all rows of a study, with all that a file of it needs.
 *
 * @param options `threshold`: from which probability on a binary answer is positive; `command`: for the record
 */
export function savedModel(
  { task, plan, folds, table }: PreparedStudy,
  { candidate, encoder, alpha, model }: FinalFit,
  { threshold, command }: { readonly threshold: number; readonly command: string },
): SavedModel {
  const { target, columns } = task;
  const { library } = plan.training;
  return {
    target,
    encoder,
    readings: columns.map(({ reading }) => reading),
    model,
    loss: lossOf(candidate),
    alpha: alpha ?? null,
    thresholds:
      target.kind === "binary" ? [threshold] : target.kind === "multilabel" ? target.classes.map(() => 0.5) : [],
    provenance: {
      source: basename(table.source),
      rows: target.rows.length,
      foldHash: folds?.hash ?? null,
      seed: plan.seed,
      command,
      versions: { ...versions, ...(library && { [library.name]: library.version }) },
    },
  };
}
