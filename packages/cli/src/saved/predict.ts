// From a saved model and a table to probabilities and decisions, in plain TypeScript.
import { InputError, trueProbabilities } from "surprisal";
import { CliError, fileTexts } from "../errors.ts";
import { encode } from "../learning/encode.ts";
import { predictLogits } from "../learning/model.ts";
import { rowRange, type TableRows } from "../table/rows.ts";
import type { Column, Table } from "../table/table.ts";
import type { Added } from "../table/write.ts";
import { type AlignOptions, align, type Warning } from "./align.ts";
import type { SavedModel } from "./savedModel.ts";

/** What a model says about each row of a table. */
export interface Prediction {
  /** True probabilities `[rows, outputs]`; binary: of the positive class. */
  readonly probabilities: Float64Array;
  /** Binary: 0 or 1; multi-class: the class's index; multi-label: 0 or 1, `[rows, outputs]`. */
  readonly decisions: Int32Array;
  readonly warnings: readonly Warning[];
}

/** How many rows are encoded at a time, so that memory stays small beside the table. */
const rowsAtOnce = 16_384;

/**
 * Predicts every row of a table.
 *
 * @throws CliError if a column is not there
 */
export function predict(saved: SavedModel, table: Table, options: AlignOptions = {}): Prediction {
  const { columns, warnings } = align(saved, table, options);
  const { outputs } = saved.target;
  const probabilities = new Float64Array(table.rows * outputs);
  for (let from = 0; from < table.rows; from += rowsAtOnce) {
    const rows = rowRange(from, Math.min(from + rowsAtOnce, table.rows));
    probabilities.set(probabilitiesOf(saved, columns, rows), from * outputs);
  }
  return { probabilities, decisions: decisionsOf(saved, probabilities), warnings };
}

function probabilitiesOf(saved: SavedModel, columns: readonly Column[], rows: TableRows): Float64Array {
  const { encoder, model, loss, alpha, target } = saved;
  const set = { rows: rows.length, width: encoder.width, values: encode(encoder, columns, rows) };
  const { activation, outputs } = target;
  try {
    return trueProbabilities(loss, predictLogits(model, set), {
      activation,
      classes: outputs,
      ...(alpha !== null && { alpha }),
    });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new CliError(fileTexts.noTrueProbability(`rows ${rows[0] + 1} to ${rows[0] + rows.length}`, error.message));
  }
}

/** The decisions at the model's thresholds; multi-class: the class of the largest probability, of equals the first. */
export function decisionsOf(
  { target, thresholds }: Pick<SavedModel, "target" | "thresholds">,
  probabilities: Float64Array,
): Int32Array {
  const { outputs } = target;
  if (target.kind !== "multiclass")
    return Int32Array.from(probabilities, (p, k) => Number(p >= thresholds[k % outputs]));
  return Int32Array.from({ length: probabilities.length / outputs }, (_, n) => {
    const row = probabilities.subarray(n * outputs, (n + 1) * outputs);
    return row.reduce((best, p, k) => (p > row[best] ? k : best), 0);
  });
}

/**
 * What is added to a table: `probability_<class>` (binary: of the positive class only) and `prediction` (multi-label:
 * `prediction_<label>`, 0 or 1), a class by its position.
 */
export function addedColumns(
  { target: { kind, classes, outputs } }: Pick<SavedModel, "target">,
  { probabilities, decisions }: Prediction,
): readonly Added[] {
  const shown = kind === "binary" ? [classes[1]] : classes;
  const ofClasses = shown.map(
    (each, k): Added => ({
      name: `probability_${each}`,
      as: "number",
      value: (row) => probabilities[row * outputs + k],
    }),
  );
  const ofDecisions =
    kind === "multilabel"
      ? classes.map(
          (each, k): Added => ({
            name: `prediction_${each}`,
            as: "whole",
            value: (row) => decisions[row * outputs + k],
          }),
        )
      : [{ name: "prediction", as: "text", value: (row) => decisions[row] } satisfies Added];
  return [...ofClasses, ...ofDecisions];
}
