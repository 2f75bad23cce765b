// A new table brought into the shape that a model was trained on: its columns found, their levels compared.

import { CliError, fileTexts } from "../errors.ts";
import type { EncodedColumn } from "../learning/encode.ts";
import { type Note, predictionNotes } from "../notes.ts";
import type { Reading } from "../table/reading.ts";
import type { CategoryColumn, Column, Table } from "../table/table.ts";
import type { SavedModel } from "./savedModel.ts";

/** Something about a column that the user should know before trusting a prediction. */
export interface Warning extends Note<keyof typeof predictionNotes> {
  /** The column; where it is told of several, all of them. */
  readonly columns: readonly string[];
  /** The rows concerned. */
  readonly rows: number;
  /** Up to five values from them. */
  readonly examples: readonly string[];
}

/** The columns that the model asks for, in its order. */
export interface Aligned {
  readonly columns: readonly Column[];
  readonly warnings: readonly Warning[];
}

/** What a table may lack, and what it has beside its columns. */
export interface AlignOptions {
  /** Whether a column that is not there counts as missing in every row; else it is an error. */
  readonly allowMissingColumns?: boolean;
  /** The names of all columns of the file, if the table has only some of them. */
  readonly names?: readonly string[];
}

/**
 * Finds each of the model's columns in a table that was read as the model reads.
 *
 * @throws CliError if a column is not there
 */
export function align(
  saved: Pick<SavedModel, "encoder" | "readings" | "target">,
  table: Table,
  options: AlignOptions = {},
): Aligned {
  const { encoder, readings, target } = saved;
  const names = options.names ?? table.columns.map(({ name }) => name);
  const found = new Map(table.columns.map((column) => [column.name, column]));
  const absent = encoder.columns.map(({ name }) => name).filter((name) => !found.has(name));
  if (absent.length > 0 && options.allowMissingColumns !== true)
    throw new CliError(fileTexts.columnsMissing(table.source, absent));
  const aligned = encoder.columns.map((expected, k): AlignedColumn => {
    const column = found.get(expected.name);
    if (column === undefined) return missingColumn(expected.name, readings[k], table.rows);
    if (expected.kind !== "number" && column.kind === "category") return asCategory(column, expected);
    return { column, warnings: [] };
  });
  const used = new Set([...encoder.columns.map(({ name }) => name), ...target.columns]);
  const others = names.filter((name) => !used.has(name));
  const targets = target.columns.filter((name) => names.includes(name));
  const extra = (columns: readonly string[], note: Note<Warning["code"]>): readonly Warning[] =>
    columns.length === 0 ? [] : [{ ...note, columns, rows: table.rows, examples: [] }];
  return {
    columns: aligned.map(({ column }) => column),
    warnings: [
      ...aligned.flatMap(({ warnings }) => warnings),
      ...extra(others, predictionNotes.columnsExtra(others)),
      ...extra(targets, predictionNotes.columnsTarget(targets)),
    ],
  };
}

/** A column as the model expects it, and what had to be done for that. */
interface AlignedColumn {
  readonly column: Column;
  readonly warnings: readonly Warning[];
}

function missingColumn(name: string, reading: Reading, rows: number): AlignedColumn {
  const warnings = [{ ...predictionNotes.columnMissing(name), columns: [name], rows, examples: [] }];
  if (reading.as === "category")
    return { column: { kind: "category", name, codes: new Int32Array(rows).fill(-1), levels: [], reading }, warnings };
  const values = new Float64Array(rows).fill(Number.NaN);
  return { column: { kind: "number", name, from: reading.as, values, reading }, warnings };
}

type ExpectedCategory = Exclude<EncodedColumn, { kind: "number" }>;

function asCategory(column: CategoryColumn, expected: ExpectedCategory): AlignedColumn {
  const { name } = column;
  const { category, warnings } = inCapitalsOf(expected.levels, column);
  const known = new Set(expected.levels);
  const { rows, examples } = rowsWith(category, (level) => !known.has(level));
  if (rows === 0) return { column: category, warnings };
  const note = predictionNotes.columnUnseen(name, rows, examples, treatmentOf(expected));
  return { column: category, warnings: [...warnings, { ...note, columns: [name], rows, examples }] };
}

/** What becomes of a level that the model does not know. */
function treatmentOf(expected: ExpectedCategory): string {
  if (expected.kind === "level") return "it counts as missing";
  return expected.otherAt === null ? "it counts as none of the known ones" : "it counts as a rare one";
}

/** True and false are the same in any capitals, if the model knows nothing else. */
function inCapitalsOf(known: readonly string[], column: CategoryColumn) {
  const meant = new Map(known.map((level) => [level.toLowerCase(), level]));
  const booleans = meant.size === known.length && [...meant.keys()].every((level) => /^(true|false)$/.test(level));
  const other = booleans ? column.levels.filter((level) => (meant.get(level.toLowerCase()) ?? level) !== level) : [];
  if (other.length === 0) return { category: column, warnings: [] };
  const levels = column.levels.map((level) => meant.get(level.toLowerCase()) ?? level);
  const warnings = other.map((level): Warning => {
    const note = predictionNotes.columnCapitals(column.name, level, meant.get(level.toLowerCase()) ?? level);
    const { rows } = rowsWith(column, (each) => each === level);
    return { ...note, columns: [column.name], rows, examples: [level] };
  });
  return { category: { ...column, levels }, warnings };
}

/** How many rows have a level of this kind, and the first few such levels. */
function rowsWith({ codes, levels }: CategoryColumn, isSuch: (level: string) => boolean) {
  const such = levels.map(isSuch);
  const present = new Set<number>();
  let rows = 0;
  for (const code of codes) {
    if (code < 0 || !such[code]) continue;
    rows++;
    present.add(code);
  }
  const examples = levels.filter((_, code) => present.has(code)).slice(0, 5);
  return { rows, examples };
}
