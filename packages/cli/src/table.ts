// A table in memory: columns of numbers and of categories, read from a file.
import type { DuckDBConnection } from "@duckdb/node-api";
import { type Raw, sampleTexts, scan } from "./columns.ts";
import { fitThreads, withEngine } from "./engine.ts";
import { CliError, quoted, tableTexts } from "./errors.ts";
import { Budget, defaultMemory } from "./memory.ts";
import { isMissing } from "./missing.ts";
import { byText } from "./names.ts";
import { withPlainPath } from "./plainPath.ts";
import { possibleReadings, type Reading, toNumber } from "./readings.ts";
import { openSource, type Source } from "./source.ts";
import { WatchedFile } from "./watchedFile.ts";

export interface NumberColumn {
  readonly kind: "number";
  readonly name: string;
  /** NaN is missing; a date is its days since 1970-01-01. Never infinite. */
  readonly values: Float64Array;
  readonly from: "number" | "date";
}

export interface CategoryColumn {
  readonly kind: "category";
  readonly name: string;
  /** Positions in `levels`, -1 is missing. */
  readonly codes: Int32Array;
  /** Sorted; the levels of a column of booleans are "false" and "true". */
  readonly levels: readonly string[];
}

export type Column = NumberColumn | CategoryColumn;

export interface Table {
  readonly source: string;
  readonly rows: number;
  readonly columns: readonly Column[];
  readonly notes: readonly string[];
}

export interface ReadOptions {
  /** Columns that will be dropped: an infinite number in them is taken as missing instead of refused. */
  readonly drop?: readonly string[];
  /** The most memory that reading may take, in bytes; by default half of the machine's. */
  readonly memory?: number | undefined;
}

/**
 * Reads CSV, TSV, Parquet, JSON or JSONL, also gzipped. Texts that are numbers or dates in every cell that is not
 * missing become numbers; everything else becomes a category. Infinite numbers are refused: they would silently
 * become the largest value or a gap, and which of the two is meant only the owner of the table knows.
 */
export async function readTable(path: string, options: ReadOptions = {}): Promise<Table> {
  const watched = await WatchedFile.open(path);
  try {
    return await withPlainPath(path, (plain) => readWatched(watched, plain, options));
  } catch (error) {
    // Whatever went wrong may be a consequence of that the file changed.
    await watched.verify();
    throw error;
  } finally {
    await watched.close();
  }
}

async function readWatched(watched: WatchedFile, plain: string, options: ReadOptions): Promise<Table> {
  const { path } = watched;
  const budget = new Budget(path, options.memory ?? defaultMemory());
  return withEngine(budget, async (connection) => {
    const source = await openSource(connection, watched, plain, budget);
    await fitThreads(connection, budget, source.fields.length);
    if (source.rows <= 0) throw new CliError(tableTexts.headerOnly(path));
    const notes = [...source.notes];
    const { raw, readings } = await readAll(connection, source, notes);
    await watched.verify();
    const drop = new Set(options.drop ?? []);
    const columns = source.fields.map((field, i) =>
      toColumn(source, field.name, raw[i]!, readings[i]!, drop.has(field.name), notes),
    );
    return { source: path, rows: source.rows, columns, notes };
  });
}

/** Scans until every column fits its reading: a column that does not goes on to its next one, text fits always. */
async function readAll(
  connection: DuckDBConnection,
  source: Source,
  notes: string[],
): Promise<{ raw: Raw[]; readings: Reading[] }> {
  const sample = await sampleTexts(connection, source);
  const readings = source.fields.map((field, i): Reading[] => {
    if (field.type === "number" || field.type === "date") return [field.type];
    return field.type === "boolean" ? ["text"] : possibleReadings(sample[i] ?? []);
  });
  const done: Raw[] = new Array(source.fields.length);
  let open = source.fields.map((_, i) => i);
  while (open.length > 0) {
    const found = await scan(
      connection,
      source,
      open.map((i) => ({ field: source.fields[i]!, reading: readings[i]![0]! })),
    );
    const again: number[] = [];
    found.forEach((raw, k) => {
      const i = open[k]!;
      if (raw.kind === "number" && raw.odd !== -1 && readings[i]!.length > 1) {
        source.budget.giveBack(raw.values.byteLength);
        readings[i]!.shift();
        again.push(i);
      } else done[i] = raw;
    });
    open = again;
  }
  source.fields.forEach(({ name }, i) => {
    const reading = readings[i]![0]!;
    if (reading === "decimal comma") notes.push(`${name}: the comma is read as the decimal point`);
    else if (reading.includes("year") && anyValue(done[i]!)) notes.push(`${name}: dates are read as ${reading}`);
  });
  return { raw: done, readings: readings.map(([reading]) => reading!) };
}

function anyValue(raw: Raw): boolean {
  return raw.kind === "number" && raw.values.some((value) => !Number.isNaN(value));
}

function toColumn(source: Source, name: string, raw: Raw, reading: Reading, dropped: boolean, notes: string[]): Column {
  if (raw.kind === "text") return fromTexts(source, name, raw.codes, raw.texts, dropped, notes);
  const from = reading === "date" || reading.includes("year") ? "date" : "number";
  return { kind: "number", name, values: finite(source.path, name, raw.values, raw.odd, dropped), from };
}

/** Infinite numbers become missing, in place, where the column is dropped. */
function finite(path: string, name: string, values: Float64Array, first: number, dropped: boolean): Float64Array {
  if (first === -1) return values;
  if (!dropped) throw new CliError(tableTexts.infinite(path, name, first + 1));
  for (let i = first; i < values.length; i++) if (!Number.isFinite(values[i])) values[i] = Number.NaN;
  return values;
}

function fromTexts(
  { path, budget, rows, fields }: Source,
  name: string,
  codes: Int32Array,
  texts: readonly string[],
  dropped: boolean,
  notes: string[],
): Column {
  const trimmed = texts.map((text) => (isMissing(text) ? null : text.trim()));
  const numbers = Float64Array.from(trimmed, (text) => (text === null ? Number.NaN : toNumber(text)));
  const valued = trimmed.some((text) => text !== null);
  if (valued && trimmed.every((text, i) => text === null || !Number.isNaN(numbers[i]!))) {
    budget.takeRows(rows, 8, fields.length);
    const values = Float64Array.from(codes, (code) => (code === -1 ? Number.NaN : numbers[code]!));
    budget.giveBack(codes.byteLength);
    const first = values.findIndex((value) => value === Infinity || value === -Infinity);
    return { kind: "number", name, values: finite(path, name, values, first, dropped), from: "number" };
  }
  const odd = firstOdd(codes, trimmed, numbers);
  if (odd !== null) {
    notes.push(
      `${name}: row ${odd.row} holds ${quoted(odd.text)} among numbers, so the column is taken as a category (write NA there to have numbers)`,
    );
  }
  const boolean = trimmed.every((text) => text === null || /^(true|false)$/i.test(text));
  const named = trimmed.map((text) => (boolean ? (text?.toLowerCase() ?? null) : text));
  const levels = [...new Set(named.filter((text) => text !== null))].sort(byText);
  const position = new Map(levels.map((level, i) => [level, i]));
  const recode = Int32Array.from(named, (text) => (text === null ? -1 : position.get(text)!));
  for (let i = 0; i < codes.length; i++) if (codes[i] !== -1) codes[i] = recode[codes[i]!]!;
  return { kind: "category", name, codes, levels };
}

/** The first text in a column most of whose values are numbers; null where there is none or they are not. */
function firstOdd(
  codes: Int32Array,
  texts: readonly (string | null)[],
  numbers: Float64Array,
): { row: number; text: string } | null {
  if (numbers.every((value) => Number.isNaN(value))) return null;
  let numeric = 0;
  let other = 0;
  let first = -1;
  codes.forEach((code, row) => {
    const text = code === -1 ? null : texts[code]!;
    if (text === null) return;
    if (!Number.isNaN(numbers[code]!)) numeric++;
    else if (other++ === 0) first = row;
  });
  return first !== -1 && numeric > other ? { row: first + 1, text: texts[codes[first]!]! } : null;
}
