// What a model needs of a table: its columns, a key of every row, and how many cells a spreadsheet would run.
import type { DuckDBConnection } from "@duckdb/node-api";
import { isFormulaSql } from "./formulas.ts";
import { asTexts, rowKey } from "./ownColumns.ts";
import type { SavedModel } from "./savedModel.ts";
import type { Source } from "./source.ts";
import { readColumns, type Table } from "./table.ts";

export interface ModelTable {
  /** The model's columns only. */
  readonly table: Table;
  /** See `rowKey`. */
  readonly keys: Float64Array;
  /** Cells of texts that begin as a formula does. */
  readonly formulas: number;
}

/** Reads, in one scan, the columns of a source that was opened for a model. Its categories are texts in every table. */
export async function readModelTable(
  connection: DuckDBConnection,
  source: Source,
  { encoder }: Pick<SavedModel, "encoder">,
): Promise<ModelTable> {
  const categories = encoder.columns.filter(({ kind }) => kind === "category").map(({ name }) => name);
  const texts = asTexts(source).columns.filter(({ text }) => text);
  const formulas = texts.map(({ sql }) => `coalesce(${isFormulaSql(sql)}::INT, 0)`);
  const more = [rowKey(source), formulas.length === 0 ? "0" : sumSql(formulas)];
  const { table, more: found } = await readColumns(connection, source, more, { categories, keepAll: true });
  return { table, keys: found[0]!, formulas: found[1]!.reduce((sum, each) => sum + each, 0) };
}

/** A sum in groups of sums: DuckDB does not add up a thousand terms one behind the other. */
function sumSql(terms: readonly string[]): string {
  if (terms.length <= 50) return `(${terms.join(" + ")})`;
  const size = Math.ceil(terms.length / 50);
  return sumSql(
    Array.from({ length: Math.ceil(terms.length / size) }, (_, k) => sumSql(terms.slice(k * size, (k + 1) * size))),
  );
}
