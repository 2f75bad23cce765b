// Every check by the code of its note: a note without an entry does not compile.
import type { NoteCode } from "../notes.ts";
import { cellChecks } from "./cells.ts";
import type { Check } from "./check.ts";
import { featureChecks } from "./features.ts";
import { fileChecks } from "./file.ts";
import { foldChecks } from "./folds.ts";
import { outcomeChecks } from "./outcome.ts";
import { predictionChecks } from "./prediction.ts";
import { targetChecks } from "./target.ts";

/** The catalogue, by subject and number. */
export const checks: { readonly [Code in NoteCode]: Check } = {
  ...fileChecks,
  ...cellChecks,
  ...targetChecks,
  ...featureChecks,
  ...foldChecks,
  ...predictionChecks,
  ...outcomeChecks,
};

/** Every number, in order. */
export const checkNumbers: readonly string[] = Object.values<Check>(checks)
  .map(({ number }) => number)
  .sort();
