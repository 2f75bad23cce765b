// Reads a table from a file: columns of numbers and of categories, and what is told of how they were read.

import type { DuckDBConnection } from "@duckdb/node-api";
import { withPlainPath } from "../disk/plainPath.ts";
import { CliError, tableTexts } from "../errors.ts";
import { checkAsked, type ReadingOptions } from "./asked.ts";
import { categoryColumn, type Infinite, type Making, numberColumn } from "./column.ts";
import { isBeyond, lostDigits } from "./digits.ts";
import { fitThreads, withEngine } from "./duckdb.ts";
import { exactFrom } from "./exact.ts";
import { asExact, type Field } from "./field.ts";
import type { FileOptions } from "./fileOptions.ts";
import { Budget, defaultMemory } from "./memory.ts";
import { missingSpellings } from "./missing.ts";
import { type ReadColumn, readFields } from "./readFields.ts";
import type { Reading } from "./reading.ts";
import { scan } from "./scan.ts";
import { openSource, type Source } from "./source.ts";
import type { Column, Table } from "./table.ts";
import { WatchedFile } from "./watchedFile.ts";

export interface ReadOptions {
  /** Columns that will be dropped: an infinite number in them is taken as missing instead of refused. */
  readonly drop?: readonly string[];
  /** Columns whose cells are told apart by their text (`exact`); a number in them may be infinite. */
  readonly exact?: readonly string[] | "all";
  /** Those of them that are targets: a word for "no value" that is frequent there is a class. */
  readonly targets?: readonly string[];
  /** How columns are read, as a model has learnt it; then nothing is decided. */
  readonly readings?: ReadonlyMap<string, Reading>;
  /** What flags say of the reading. */
  readonly asked?: ReadingOptions | undefined;
  /** The most memory that reading may take, in bytes; by default half of the machine's. */
  readonly memory?: number | undefined;
  /** How the file is written. */
  readonly file?: FileOptions | undefined;
}

/**
 * Reads CSV, TSV, Parquet, JSON or JSONL, also gzipped. How a column is read is decided on all of its cells, see
 * `decide.ts`, unless a model says how. Infinite numbers are refused: they would silently become the largest value or
 * a gap, and which of the two is meant only the owner of the table knows.
 *
 * @param more what is asked only once the names of the columns are known
 */
export async function readTable(
  path: string,
  options: ReadOptions = {},
  more: (names: readonly string[]) => ReadOptions = () => ({}),
): Promise<Table> {
  return withSource(path, { memory: options.memory, file: options.file }, async (connection, source) => {
    const names = source.fields.map(({ name }) => name);
    const { table } = await readColumns(connection, source, [], { ...options, ...more(names) });
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
  const { path, rows, fields } = source;
  const asked = options.asked ?? {};
  checkAsked(
    asked,
    source.own.map(({ called }) => called),
  );
  const isExact = (name: string) => options.exact === "all" || options.exact?.includes(name) === true;
  const spelled = fields.filter(({ name }) => isExact(name));
  const read = await readFields(connection, source, {
    asked,
    readings: options.readings ?? null,
    texts: spelled.map(asExact),
    numbers: more.map((sql): Field => ({ name: "", sql, type: "number", exact: sql, wide: false, typed: true })),
  });
  const exact = spelled.map(({ name }, k) => {
    const { codes, texts } = read.texts[k]!;
    const { missing } = read.columns[fields.findIndex((field) => field.name === name)]!.reading;
    const words = options.targets?.includes(name) === true && missing === missingSpellings;
    return { name, ...exactFrom(name, { codes, texts }, { missing, words }) };
  });
  const spellings = new Map(exact.map((each) => [each.name, each.exact]));
  const drop = new Set(options.drop ?? []);
  const made = fields.map(({ name }, k) => {
    const spelling = spellings.get(name);
    const infinite: Infinite =
      drop.has(name) || spelling !== undefined ? "missing" : options.readings !== undefined ? "refused" : "droppable";
    const quiet = drop.has(name) || spelling !== undefined;
    const { column, notes } = columnOf(read.columns[k]!, {
      path,
      name,
      infinite,
      quiet,
      strict: asked.strict === true,
    });
    return { column: spelling === undefined ? column : { ...column, exact: spelling }, notes };
  });
  const columns = await withLost(
    connection,
    source,
    made.map(({ column }) => column),
  );
  const notes = [...source.notes, ...[...exact, ...made].flatMap((each) => each.notes)];
  await source.verify();
  return { table: { source: path, rows, columns, notes }, more: read.numbers };
}

function columnOf({ raw, reading, decision }: ReadColumn, making: Omit<Making, "decision">) {
  if (raw.kind === "number" && reading.as !== "category") return numberColumn({ ...making, decision }, raw, reading);
  if (raw.kind === "text" && reading.as === "category") return categoryColumn({ ...making, decision }, raw, reading);
  throw new TypeError(`${making.name}: cells that were read as ${raw.kind} are no ${reading.as}`);
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
    fields.map((field) => ({ field: asExact(field), how: "texts" })),
  );
  return columns.map((column) => {
    const raw = found[fields.findIndex(({ name }) => name === column.name)];
    if (raw?.kind !== "text" || column.kind !== "number") return column;
    const lost = lostDigits(column, raw.codes, raw.texts);
    return lost === undefined ? column : { ...column, lost };
  });
}
