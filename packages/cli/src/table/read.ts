// Reads a table from a file: columns of numbers and of categories, and what is told of how they were read.

import type { DuckDBConnection } from "@duckdb/node-api";
import { withPlainPath } from "../disk/plainPath.ts";
import { CliError, tableTexts } from "../errors.ts";
import { cellNotes, type Note } from "../notes.ts";
import { type Infinite, toColumn } from "./column.ts";
import { isBeyond, lostDigits } from "./digits.ts";
import { fitThreads, withEngine } from "./duckdb.ts";
import { exactFrom } from "./exact.ts";
import type { Field } from "./field.ts";
import type { FileOptions } from "./fileOptions.ts";
import { Budget, defaultMemory } from "./memory.ts";
import { possibleReadings, type Reading } from "./readings.ts";
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
  /** How the file is written. */
  readonly file?: FileOptions | undefined;
}

/**
 * Reads CSV, TSV, Parquet, JSON or JSONL, also gzipped. Texts that are numbers or dates in every cell that is not
 * missing become numbers; everything else becomes a category. Infinite numbers are refused: they would silently
 * become the largest value or a gap, and which of the two is meant only the owner of the table knows.
 */
export async function readTable(path: string, options: ReadOptions = {}): Promise<Table> {
  return withSource(path, { memory: options.memory, file: options.file }, async (connection, source) => {
    const { table } = await readColumns(connection, source, [], options);
    return table;
  });
}

/** How a table is opened; `only` as for `openSource`. */
export interface OpenOptions {
  readonly memory: number | undefined;
  readonly only?: readonly string[];
  readonly file?: FileOptions | undefined;
}

/** Opens a table for as long as `work` takes. */
export async function withSource<T>(
  path: string,
  { memory, only, file }: OpenOptions,
  work: (connection: DuckDBConnection, source: Source) => Promise<T>,
): Promise<T> {
  const watched = await WatchedFile.open(path);
  const made: WatchedFile[] = [];
  try {
    const budget = new Budget(watched.path, memory ?? defaultMemory());
    return await withPlainPath(watched.place, (plain) =>
      withEngine(budget, async (connection) => {
        const keep = (one: WatchedFile) => made.push(one);
        const source = await openSource(connection, watched, plain, budget, { only, options: file ?? {}, keep });
        await fitThreads(connection, budget, source.own.length);
        if (source.rows <= 0) throw new CliError(tableTexts.headerOnly(source.path));
        return work(connection, source);
      }),
    );
  } catch (error) {
    // Whatever went wrong may be a consequence of that the file changed.
    await watched.verify();
    throw error;
  } finally {
    for (const each of [watched, ...made]) await each.close();
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
  const isExact = (name: string) => options.exact === "all" || options.exact?.includes(name) === true;
  const categories = new Set(options.categories ?? []);
  const own = source.fields.map((field) => (categories.has(field.name) ? asCategory(field) : field));
  const spelled = source.fields.filter(({ name }) => isExact(name)).map(asExact);
  const asked = more.map((sql): Field => ({ name: "", sql, type: "number", exact: sql, wide: false }));
  const read = await readAll(connection, { ...source, fields: [...own, ...spelled, ...asked] });
  const exact = spelled.map(({ name }, k) => {
    const found = read.raw[own.length + k]!;
    if (found.kind === "number") throw new TypeError(`${name}: an exact column is read as text`);
    return { name, ...exactFrom(name, found.codes, found.texts) };
  });
  const spellings = new Map(exact.map((each) => [each.name, each.exact]));
  const drop = new Set(options.drop ?? []);
  const made = own.map((field, i) => {
    const spelling = spellings.get(field.name);
    const missing = drop.has(field.name) || spelling !== undefined;
    const infinite: Infinite = missing ? "missing" : options.forModel === true ? "refused" : "droppable";
    const { column, notes } = toColumn(source, { field, raw: read.raw[i]!, reading: read.readings[i]!, infinite });
    return { column: spelling === undefined ? column : { ...column, exact: spelling }, notes };
  });
  const columns = await withLost(
    connection,
    source,
    made.map(({ column }) => column),
  );
  const notes = [...source.notes, ...read.notes, ...[...exact, ...made].flatMap((each) => each.notes)];
  const table = { source: path, rows, columns, notes };
  await source.verify();
  const numbers = read.raw.slice(own.length + spelled.length);
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

/** What a source gave for each field, by which reading, and what is told of it. */
interface ReadAll {
  readonly raw: readonly Raw[];
  readonly readings: readonly Reading[];
  readonly notes: readonly Note[];
}

/** Scans until every column fits its reading: a column that does not goes on to its next one, text fits always. */
async function readAll(connection: DuckDBConnection, source: Source): Promise<ReadAll> {
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
  const notes = source.fields.flatMap(({ name }, i): Note[] => {
    const reading = readings[i]![0]!;
    if (reading === "decimal comma") return [cellNotes.decimalComma(name)];
    return reading.includes("year") && hasValue(done[i]!) ? [cellNotes.dateOrder(name, reading)] : [];
  });
  return { raw: done, readings: readings.map(([reading]) => reading!), notes };
}

function hasValue(raw: Raw): boolean {
  return raw.kind === "number" && raw.values.some((value) => !Number.isNaN(value));
}
