// A table in memory: columns of numbers and of categories, read from a file.
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { type Raw, sampleTexts, scan } from "./columns.ts";
import { CliError, quoted, tableTexts } from "./errors.ts";
import { isMissing } from "./missing.ts";
import { byText } from "./names.ts";
import { possibleReadings, type Reading, toNumber } from "./readings.ts";
import { openSource, type Source } from "./source.ts";

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
}

/**
 * Reads CSV, TSV, Parquet, JSON or JSONL, also gzipped. Texts that are numbers or dates in every cell that is not
 * missing become numbers; everything else becomes a category. Infinite numbers are refused: they would silently
 * become the largest value or a gap, and which of the two is meant only the owner of the table knows.
 */
export async function readTable(path: string, options: ReadOptions = {}): Promise<Table> {
  const instance = await DuckDBInstance.create(":memory:", { autoinstall_known_extensions: "false" });
  const connection = await instance.connect();
  try {
    // Room for chunks to queue up in order while earlier ones are taken over; with the default of 1 MB they wait.
    await connection.run("SET streaming_buffer_size = '32MB'");
    // Its search for equal expressions takes minutes at thousands of columns, and no two columns share any.
    await connection.run("SET disabled_optimizers = 'common_subexpressions'");
    const source = await openSource(connection, path);
    const notes = [...source.notes];
    const { raw, readings } = await readAll(connection, source, notes);
    const first = raw[0]!;
    const rows = first.kind === "number" ? first.values.length : first.codes.length;
    if (rows === 0) throw new CliError(tableTexts.headerOnly(path));
    const drop = new Set(options.drop ?? []);
    const columns = source.fields.map((field, i) =>
      toColumn(source.path, field.name, raw[i]!, readings[i]!, drop.has(field.name), notes),
    );
    return { source: path, rows, columns, notes };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
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

function toColumn(path: string, name: string, raw: Raw, reading: Reading, dropped: boolean, notes: string[]): Column {
  if (raw.kind === "text") return fromTexts(path, name, raw.codes, raw.texts, dropped, notes);
  const from = reading === "date" || reading.includes("year") ? "date" : "number";
  return { kind: "number", name, values: finite(path, name, raw.values, raw.odd, dropped), from };
}

function finite(path: string, name: string, values: Float64Array, first: number, dropped: boolean): Float64Array {
  if (first === -1) return values;
  if (!dropped) throw new CliError(tableTexts.infinite(path, name, first + 1));
  return values.map((value) => (Number.isFinite(value) ? value : Number.NaN));
}

function fromTexts(
  path: string,
  name: string,
  codes: Int32Array,
  texts: readonly string[],
  dropped: boolean,
  notes: string[],
): Column {
  const trimmed = texts.map((text) => (isMissing(text) ? null : text.trim()));
  const present = trimmed.filter((text) => text !== null);
  const numbers = trimmed.map((text) => (text === null ? Number.NaN : toNumber(text)));
  if (present.length > 0 && trimmed.every((text, i) => text === null || !Number.isNaN(numbers[i]!))) {
    const values = Float64Array.from(codes, (code) => (code === -1 ? Number.NaN : numbers[code]!));
    const first = values.findIndex((value) => value === Infinity || value === -Infinity);
    return { kind: "number", name, values: finite(path, name, values, first, dropped), from: "number" };
  }
  const odd = firstOdd(codes, trimmed, numbers);
  if (odd !== null) {
    notes.push(
      `${name}: row ${odd.row} holds ${quoted(odd.text)} among numbers, so the column is taken as a category (write NA there to have numbers)`,
    );
  }
  const boolean = present.every((text) => /^(true|false)$/i.test(text));
  const named = trimmed.map((text) => (boolean ? (text?.toLowerCase() ?? null) : text));
  const levels = [...new Set(named.filter((text) => text !== null))].sort(byText);
  const position = new Map(levels.map((level, i) => [level, i]));
  const recode = Int32Array.from(named, (text) => (text === null ? -1 : position.get(text)!));
  return { kind: "category", name, codes: codes.map((code) => (code === -1 ? -1 : recode[code]!)), levels };
}

/** The first text in a column most of whose values are numbers; null where there is none or they are not. */
function firstOdd(
  codes: Int32Array,
  texts: readonly (string | null)[],
  numbers: readonly number[],
): { row: number; text: string } | null {
  if (numbers.every(Number.isNaN)) return null;
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
