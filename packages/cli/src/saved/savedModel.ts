// What a model file holds: everything that turns a row of a table into true probabilities, and where it came from.
import type { Alpha, Loss } from "surprisal";
import type { Encoder } from "../learning/encode.ts";
import type { Model } from "../learning/model.ts";
import type { Target } from "../task/target.ts";

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
  /** The number columns that are dates, in days since 1970-01-01. */
  readonly dates: readonly string[];
  readonly model: Model;
  /** The loss and the alpha that it was trained with, and which are undone; no alpha: null. */
  readonly loss: Loss;
  readonly alpha: Alpha | null;
  /** Binary: one; multi-label: one per label; multi-class: none, the largest probability decides. */
  readonly thresholds: readonly number[];
  readonly provenance: Provenance;
}
