// A table in memory: columns of numbers and of categories, read from a file.

import type { DuckDBConnection } from "@duckdb/node-api";
import { withPlainPath } from "../disk/plainPath.ts";
import { CliError, quoted, tableTexts } from "../errors.ts";
import { byText } from "../words/names.ts";
import { isBeyond, lostDigits } from "./digits.ts";
import { fitThreads, withEngine } from "./duckdb.ts";
import { exactFrom } from "./exact.ts";
import type { Field } from "./field.ts";
import { Budget, defaultMemory } from "./memory.ts";
import { isMissing } from "./missing.ts";
import { possibleReadings, type Reading, toNumber } from "./readings.ts";
import { type Raw, sampleTexts, scan } from "./scan.ts";
import { openSource, type Source } from "./source.ts";
import type { Column, Table } from "./table.ts";
import { WatchedFile } from "./watchedFile.ts";

export interface ReadOptions {
  /** Columns that will be dropped: an infinite number in them is taken as missing instead of refused. */
  readonly drop?: readonly string[];
  /** Columns whose cells are told apart by their text (`exact`); a number in them may be infinite. */
  readonly exact?: readonly string[] | "all";
  /** Columns that are categories whatever their cells look like. */
  readonly categories?: readonly string[];
  /** Whether a model asks, to which no column can be left out and none can become a category. */
  readonly forModel?: boolean;
  /** The most memory that reading may take, in bytes; by default half of the machine's. */
  readonly memory?: number | undefined;
}

/**
 * Reads CSV, TSV, Parquet, JSON or JSONL, also gzipped. Texts that are numbers or dates in every cell that is not
 * missing become numbers; everything else becomes a category. Infinite numbers are refused: they would silently
 * become the largest value or a gap, and which of the two is meant only the owner of the table knows.
 */
export async function readTable(path: string, options: ReadOptions = {}): Promise<Table> {
  return withSource(path, { memory: options.memory }, async (connection, source) => {
    const { table } = await readColumns(connection, source, [], options);
    return table;
  });
}

/** Opens a table for as long as `work` takes; `only` as for `openSource`. */
export async function withSource<T>(
  path: string,
  { memory, only }: { readonly memory: number | undefined; readonly only?: readonly string[] },
  work: (connection: DuckDBConnection, source: Source) => Promise<T>,
): Promise<T> {
  const watched = await WatchedFile.open(path);
  try {
    const budget = new Budget(path, memory ?? defaultMemory());
    return await withPlainPath(path, (plain) =>
      withEngine(budget, async (connection) => {
        const source = await openSource(connection, watched, plain, budget, only);
        await fitThreads(connection, budget, source.own.length);
        if (source.rows <= 0) throw new CliError(tableTexts.headerOnly(path));
        return work(connection, source);
      }),
    );
  } catch (error) {
    // Whatever went wrong may be a consequence of that the file changed.
    await watched.verify();
    throw error;
  } finally {
    await watched.close();
  }
}

/** Reads the columns of a source, and numbers of each row that `more` asks for, in the same scan. */
export async function readColumns(
  connection: DuckDBConnection,
  source: Source,
  more: readonly string[],
  options: ReadOptions,
): Promise<{ readonly table: Table; readonly more: readonly Float64Array[] }> {
  const { path, rows } = source;
  const notes = [...source.notes];
  const isExact = (name: string) => options.exact === "all" || options.exact?.includes(name) === true;
  const categories = new Set(options.categories ?? []);
  const own = source.fields.map((field) => (categories.has(field.name) ? asCategory(field) : field));
  const spelled = source.fields.filter(({ name }) => isExact(name)).map(asExact);
  const asked = more.map((sql): Field => ({ name: "", sql, type: "number", exact: sql, wide: false }));
  const { raw, readings } = await readAll(connection, { ...source, fields: [...own, ...spelled, ...asked] }, notes);
  const exact = new Map(
    spelled.map(({ name }, k) => {
      const found = raw[own.length + k]!;
      if (found.kind === "number") throw new TypeError(`${name}: an exact column is read as text`);
      return [name, exactFrom(name, found.codes, found.texts, notes)];
    }),
  );
  const drop = new Set(options.drop ?? []);
  const columns = own.map((field, i): Column => {
    const spelling = exact.get(field.name);
    const missing = drop.has(field.name) || spelling !== undefined;
    const infinite = missing ? "missing" : options.forModel === true ? "refused" : "droppable";
    const column = toColumn(source, field, raw[i]!, readings[i]!, infinite, notes);
    return spelling === undefined ? column : { ...column, exact: spelling };
  });
  const table = { source: path, rows, columns: await withLost(connection, source, columns), notes };
  await source.verify();
  const numbers = raw.slice(own.length + spelled.length);
  return { table, more: numbers.map((each) => (each.kind === "number" ? each.values : new Float64Array(0))) };
}

function asExact(field: Field): Field {
  return { ...field, sql: field.exact, type: "exact" };
}

/** A column of texts, or of numbers that a float64 would change, as the texts that they are. */
function asCategory(field: Field): Field {
  return field.type === "text" || (field.type === "number" && field.wide) ? asExact(field) : field;
}

/** Looks again at numbers that are too long for a float64. */
async function withLost(
  connection: DuckDBConnection,
  source: Source,
  columns: readonly Column[],
): Promise<readonly Column[]> {
  const fields = source.fields.filter(({ wide }, i) => {
    const column = columns[i]!;
    return wide && column.kind === "number" && isBeyond(column);
  });
  if (fields.length === 0) return columns;
  const found = await scan(
    connection,
    source,
    fields.map((field) => ({ field: asExact(field), reading: "text" })),
  );
  return columns.map((column) => {
    const raw = found[fields.findIndex(({ name }) => name === column.name)];
    if (raw?.kind !== "text" || column.kind !== "number") return column;
    const lost = lostDigits(column, raw.codes, raw.texts);
    return lost === undefined ? column : { ...column, lost };
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
    return field.type === "text" ? possibleReadings(sample[i] ?? []) : ["text"];
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

/** What becomes of an infinite number: it counts as missing, or the table is refused, with or without a way around. */
type Infinite = "missing" | "refused" | "droppable";

function toColumn(
  source: Source,
  { name, type }: Field,
  raw: Raw,
  reading: Reading,
  infinite: Infinite,
  notes: string[],
): Column {
  if (raw.kind === "text") return fromTexts(source, name, raw, type === "exact", infinite, notes);
  const from = reading === "date" || reading.includes("year") ? "date" : "number";
  return { kind: "number", name, values: finite(source.path, name, raw.values, raw.odd, infinite), from };
}

/** Infinite numbers become missing, in place, where they are not refused. */
function finite(path: string, name: string, values: Float64Array, first: number, infinite: Infinite): Float64Array {
  if (first === -1) return values;
  if (infinite !== "missing") throw new CliError(tableTexts.infinite(path, name, first + 1, infinite === "droppable"));
  for (let i = first; i < values.length; i++) if (!Number.isFinite(values[i])) values[i] = Number.NaN;
  return values;
}

function fromTexts(
  { path, budget, rows, fields }: Source,
  name: string,
  { codes, texts }: Extract<Raw, { kind: "text" }>,
  category: boolean,
  infinite: Infinite,
  notes: string[],
): Column {
  const trimmed = texts.map((text) => (isMissing(text) ? null : text.trim()));
  const numbers = Float64Array.from(trimmed, (text) => (text === null ? Number.NaN : toNumber(text)));
  const valued = !category && trimmed.some((text) => text !== null);
  if (valued && trimmed.every((text, i) => text === null || !Number.isNaN(numbers[i]!))) {
    budget.takeRows(rows, 8, fields.length);
    const values = Float64Array.from(codes, (code) => (code === -1 ? Number.NaN : numbers[code]!));
    budget.giveBack(codes.byteLength);
    const first = values.findIndex((value) => value === Infinity || value === -Infinity);
    return { kind: "number", name, values: finite(path, name, values, first, infinite), from: "number" };
  }
  const odd = category || infinite === "refused" ? null : firstOdd(codes, trimmed, numbers);
  if (odd !== null) {
    notes.push(
      `${name}: row ${odd.row} holds ${quoted(odd.text)} among numbers, so the column is taken as a category (write NA there to have numbers)`,
    );
  }
  const boolean = !category && trimmed.every((text) => text === null || /^(true|false)$/i.test(text));
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
