// A new table brought into the shape that a model was trained on: its columns found, their types checked and changed.

import { CliError, fileTexts } from "../errors.ts";
import type { EncodedColumn } from "../learning/encode.ts";
import { type Note, predictionNotes } from "../notes.ts";
import { exactOf } from "../table/exact.ts";
import { toNumber } from "../table/readings.ts";
import type { Column, Table } from "../table/table.ts";
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
 * Finds each of the model's columns in a table and gives it the type that the model expects.
 *
 * @throws CliError if a column is not there
 */
export function align(saved: SavedModel, table: Table, options: AlignOptions = {}): Aligned {
  const { encoder, dates, target } = saved;
  const names = options.names ?? table.columns.map(({ name }) => name);
  const found = new Map(table.columns.map((column) => [column.name, column]));
  const absent = encoder.columns.map(({ name }) => name).filter((name) => !found.has(name));
  if (absent.length > 0 && options.allowMissingColumns !== true)
    throw new CliError(fileTexts.columnsMissing(table.source, absent));
  const aligned = encoder.columns.map((expected) => {
    const column = found.get(expected.name);
    if (column === undefined) return missingColumn(expected, table.rows);
    return expected.kind === "number"
      ? asNumber(column, dates.includes(expected.name) ? "date" : "number")
      : asCategory(column, expected);
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

function missingColumn({ kind, name }: EncodedColumn, rows: number): AlignedColumn {
  const warnings = [{ ...predictionNotes.columnMissing(name), columns: [name], rows, examples: [] }];
  return kind === "number"
    ? { column: { kind, name, from: "number", values: new Float64Array(rows).fill(Number.NaN) }, warnings }
    : { column: { kind, name, codes: new Int32Array(rows).fill(-1), levels: [] }, warnings };
}

const plural = { number: "numbers", date: "dates" } as const;

function asNumber(column: Column, from: "number" | "date"): AlignedColumn {
  const { name } = column;
  if (column.kind === "number") {
    if (column.from === from || column.values.every((value) => Number.isNaN(value))) return { column, warnings: [] };
    const note = predictionNotes.columnDates(name, plural[from], plural[column.from]);
    return { column, warnings: [{ ...note, columns: [name], rows: column.values.length, examples: [] }] };
  }
  const parsed = column.levels.map((level) =>
    from === "date" || level.trim() === "" ? Number.NaN : toNumber(level.trim()),
  );
  const readable = parsed.map((value) => (Number.isFinite(value) ? value : Number.NaN));
  const { rows, examples } = rowsWith(column, (code) => Number.isNaN(readable[code]));
  const values = Float64Array.from(column.codes, (code) => (code < 0 ? Number.NaN : readable[code]));
  const note = predictionNotes.columnNotNumber(name, plural[from], rows, examples);
  return {
    column: { kind: "number", name, from, values },
    warnings: column.codes.some((code) => code >= 0) ? [{ ...note, columns: [name], rows, examples }] : [],
  };
}

function asCategory(column: Column, expected: EncodedColumn & { kind: "category" }): AlignedColumn {
  const { name } = column;
  const warnings: Warning[] = [];
  const category = column.kind === "category" ? inCapitalsOf(expected.levels, column) : textOf(column);
  if (column.kind === "number" && category.levels.length > 0) {
    const note = predictionNotes.columnNotText(name, plural[column.from]);
    warnings.push({ ...note, columns: [name], rows: column.values.length, examples: [] });
  }
  const known = new Set(expected.levels);
  const { rows, examples } = rowsWith(category, (code) => !known.has(category.levels[code]));
  if (rows > 0) {
    const treatment = expected.otherAt === null ? "it counts as none of the known ones" : "it counts as a rare one";
    const note = predictionNotes.columnUnseen(name, rows, examples, treatment);
    warnings.push({ ...note, columns: [name], rows, examples });
  }
  return { column: category, warnings };
}

/** True and false are learnt in small letters, however the table writes them. */
function inCapitalsOf(known: readonly string[], column: Column & { kind: "category" }): Column & { kind: "category" } {
  if (!known.every((level) => level === "true" || level === "false")) return column;
  const levels = column.levels.map((level) => (/^(true|false)$/i.test(level) ? level.toLowerCase() : level));
  return { ...column, levels };
}

/** Numbers and dates as the categories that their texts are. */
function textOf(column: Column & { kind: "number" }): Column & { kind: "category" } {
  const { codes, texts } = exactOf(column);
  const levels = [...new Set(texts)].sort();
  const position = new Map(levels.map((level, code) => [level, code]));
  const recode = Int32Array.from(texts, (text) => position.get(text) as number);
  return { kind: "category", name: column.name, levels, codes: codes.map((code) => (code < 0 ? -1 : recode[code])) };
}

/** How many rows have a level of this kind, and the first few such levels. */
function rowsWith({ codes, levels }: Column & { kind: "category" }, isSuch: (code: number) => boolean) {
  const such = levels.map((_, code) => isSuch(code));
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
