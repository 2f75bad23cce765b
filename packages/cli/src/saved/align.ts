// A new table brought into the shape that a model was trained on: its columns found, their types checked and changed.

import { CliError, fileTexts } from "../errors.ts";
import type { EncodedColumn } from "../learning/encode.ts";
import { toNumber } from "../table/readings.ts";
import type { Column, Table } from "../table/table.ts";
import type { SavedModel } from "./savedModel.ts";

/** Something about a column that the user should know before trusting a prediction. */
export interface Warning {
  readonly kind: "unseen" | "missing" | "type" | "extra";
  /** The column; for "extra", all of them. */
  readonly columns: readonly string[];
  /** The rows concerned. */
  readonly rows: number;
  /** Up to five values from them. */
  readonly examples: readonly string[];
  readonly text: string;
}

/** The columns that the model asks for, in its order. */
export interface Aligned {
  readonly columns: readonly Column[];
  readonly warnings: readonly Warning[];
}

/**
 * Finds each of the model's columns in a table and gives it the type that the model expects.
 *
 * @param allowMissingColumns whether a column that is not there counts as missing in every row; else it is an error
 * @param names the names of all columns of the file, if `table` has only some of them
 * @throws CliError if a column is not there
 */
export function align(
  saved: SavedModel,
  table: Table,
  allowMissingColumns: boolean,
  names: readonly string[] = table.columns.map(({ name }) => name),
): Aligned {
  const { encoder, dates, target } = saved;
  const found = new Map(table.columns.map((column) => [column.name, column]));
  const absent = encoder.columns.map(({ name }) => name).filter((name) => !found.has(name));
  if (absent.length > 0 && !allowMissingColumns) throw new CliError(fileTexts.columnsMissing(table.source, absent));
  const warnings: Warning[] = [];
  const columns = encoder.columns.map((expected) => {
    const column = found.get(expected.name);
    if (column === undefined) {
      const text = fileTexts.columnMissing(expected.name);
      warnings.push({ kind: "missing", columns: [expected.name], rows: table.rows, examples: [], text });
      return missingColumn(expected, table.rows);
    }
    return expected.kind === "number"
      ? asNumber(column, dates.includes(expected.name) ? "date" : "number", warnings)
      : asCategory(column, expected, warnings);
  });
  const used = new Set([...encoder.columns.map(({ name }) => name), ...target.columns]);
  const others = names.filter((name) => !used.has(name));
  const targets = target.columns.filter((name) => names.includes(name));
  const extra = (names: readonly string[], text: string) => {
    if (names.length > 0) warnings.push({ kind: "extra", columns: names, rows: table.rows, examples: [], text });
  };
  extra(others, fileTexts.columnsExtra(others));
  extra(targets, fileTexts.columnsTarget(targets));
  return { columns, warnings };
}

function missingColumn({ kind, name }: EncodedColumn, rows: number): Column {
  return kind === "number"
    ? { kind, name, from: "number", values: new Float64Array(rows).fill(Number.NaN) }
    : { kind, name, codes: new Int32Array(rows).fill(-1), levels: [] };
}

const plural = { number: "numbers", date: "dates" } as const;

function asNumber(column: Column, from: "number" | "date", warnings: Warning[]): Column {
  const { name } = column;
  if (column.kind === "number") {
    if (column.from !== from && column.values.some((value) => !Number.isNaN(value))) {
      const text = fileTexts.columnDates(name, plural[from], plural[column.from]);
      warnings.push({ kind: "type", columns: [name], rows: column.values.length, examples: [], text });
    }
    return column;
  }
  const parsed = column.levels.map((level) =>
    from === "date" || level.trim() === "" ? Number.NaN : toNumber(level.trim()),
  );
  const readable = parsed.map((value) => (Number.isFinite(value) ? value : Number.NaN));
  const { rows, examples } = rowsWith(column, (code) => Number.isNaN(readable[code]));
  if (column.codes.some((code) => code >= 0)) {
    const text = fileTexts.columnNotNumber(name, plural[from], rows, examples);
    warnings.push({ kind: "type", columns: [name], rows, examples, text });
  }
  const values = Float64Array.from(column.codes, (code) => (code < 0 ? Number.NaN : readable[code]));
  return { kind: "number", name, from, values };
}

function asCategory(column: Column, expected: EncodedColumn & { kind: "category" }, warnings: Warning[]): Column {
  const { name } = column;
  const category = column.kind === "category" ? inCapitalsOf(expected.levels, column) : textOf(column);
  if (column.kind === "number" && category.levels.length > 0) {
    const text = fileTexts.columnNotText(name, plural[column.from]);
    warnings.push({ kind: "type", columns: [name], rows: column.values.length, examples: [], text });
  }
  const known = new Set(expected.levels);
  const { rows, examples } = rowsWith(category, (code) => !known.has(category.levels[code]));
  if (rows > 0) {
    const treatment = expected.otherAt === null ? "it counts as none of the known ones" : "it counts as a rare one";
    const text = fileTexts.columnUnseen(name, rows, examples, treatment);
    warnings.push({ kind: "unseen", columns: [name], rows, examples, text });
  }
  return category;
}

/** True and false are learnt in small letters, however the table writes them. */
function inCapitalsOf(known: readonly string[], column: Column & { kind: "category" }): Column & { kind: "category" } {
  if (!known.every((level) => level === "true" || level === "false")) return column;
  const levels = column.levels.map((level) => (/^(true|false)$/i.test(level) ? level.toLowerCase() : level));
  return { ...column, levels };
}

/** Numbers as the categories that their text is; a date as year-month-day. */
function textOf({ name, values, from }: Column & { kind: "number" }): Column & { kind: "category" } {
  const text = (value: number) =>
    from === "date" ? new Date(Math.round(value * 86_400_000)).toISOString().slice(0, 10) : String(value);
  const texts = Array.from(values, (value) => (Number.isNaN(value) ? null : text(value)));
  const levels = [...new Set(texts.filter((each) => each !== null))].sort();
  const codes = new Map(levels.map((level, code) => [level, code]));
  return { kind: "category", name, levels, codes: Int32Array.from(texts, (each) => codes.get(each ?? "") ?? -1) };
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
