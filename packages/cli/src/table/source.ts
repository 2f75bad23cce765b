// Where a table's cells come from: the DuckDB expression that scans a file, and its columns with their names.
import type { DuckDBConnection } from "@duckdb/node-api";
import { CliError, tableTexts } from "../errors.ts";
import { delimitedSource } from "./delimited.ts";
import { readHead } from "./head.ts";
import { jsonSource } from "./jsonSource.ts";
import type { Budget } from "./memory.ts";
import { describe, type Place, rowsOf, type Source, type SourceOptions, typedSource } from "./place.ts";
import type { WatchedFile } from "./watchedFile.ts";

export { mostColumns, readingError, type Source } from "./place.ts";

/** Finds a file's kind, its columns and its number of rows. `file` is its path as DuckDB takes it. */
export async function openSource(
  connection: DuckDBConnection,
  watched: WatchedFile,
  file: string,
  budget: Budget,
  asked: SourceOptions,
): Promise<Source> {
  const head = await readHead(watched, asked.options.encoding);
  const place = { ...asked, watched, path: watched.path, file, budget, connection };
  if (head.format !== "delimited") refuseFlags(place, head.format);
  const source =
    head.format === "delimited"
      ? await delimitedSource(place, head)
      : head.format === "json"
        ? await jsonSource(place, head)
        : await parquetSource(place);
  if (source.fields.length === 0 && (asked.only === undefined || source.own.length === 0))
    throw new CliError(tableTexts.noColumns(source.path));
  return source;
}

/** Flags of a text that another kind of file has no use for were meant for another file. */
function refuseFlags({ path, options }: Place, format: "json" | "parquet"): void {
  const useless = [
    ...(options.delimiter === undefined ? [] : ["--delimiter"]),
    ...(options.skip === undefined ? [] : ["--skip"]),
    ...(options.encoding === undefined || format === "json" ? [] : ["--encoding"]),
    ...(options.header === undefined || format === "json" ? [] : [options.header ? "--header" : "--no-header"]),
  ];
  const name = format === "json" ? "JSON" : "Parquet";
  if (useless.length > 0) throw new CliError(tableTexts.textFlags(path, useless, name));
}

async function parquetSource(place: Place): Promise<Source> {
  // Its bytes are looked at for their checksum alone.
  for await (const _ of place.watched.blocks());
  const from = "read_parquet($1, hive_partitioning = false)";
  const types = (await describe(place, from)).map(([, type]) => type!);
  const names = parquetNames(await rowsOf(place, "SELECT name, coalesce(num_children, 0) FROM parquet_schema($1)"));
  const [footer] = await rowsOf(place, "SELECT num_rows FROM parquet_file_metadata($1)");
  const raw = types.map(() => false);
  return { ...typedSource(place, from, names, types, raw), rows: Number(footer![0]) };
}

/** The names of a Parquet file's top-level columns, which DuckDB would make different where only capitals differ. */
function parquetNames(schema: readonly string[][]): string[] {
  const names: string[] = [];
  // The root comes first; below a column come as many as it has children, and theirs.
  let inside = 0;
  for (const [name, children] of schema.slice(1)) {
    if (inside === 0) names.push(name!);
    else inside--;
    inside += Number(children);
  }
  return names;
}
