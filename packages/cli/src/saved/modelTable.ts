// What a model needs of a table: its columns, a key of every row, and how many cells a spreadsheet would run.
import type { DuckDBConnection } from "@duckdb/node-api";
import type { ReadingOptions } from "../table/asked.ts";
import { isFormulaSql } from "../table/formulas.ts";
import { asTexts, rowKey } from "../table/ownColumns.ts";
import { readColumns } from "../table/read.ts";
import type { Source } from "../table/source.ts";
import type { Table } from "../table/table.ts";
import type { SavedModel } from "./savedModel.ts";

export interface ModelTable {
  /** The model's columns only. */
  readonly table: Table;
  /** See `rowKey`. */
  readonly keys: Float64Array;
  /** Cells of texts that begin as a formula does. */
  readonly formulas: number;
}

/** Reads, in one scan, the columns of a source that was opened for a model, each as the model has learnt to read it. */
export async function readModelTable(
  connection: DuckDBConnection,
  source: Source,
  { encoder, readings }: Pick<SavedModel, "encoder" | "readings">,
  asked: ReadingOptions = {},
): Promise<ModelTable> {
  const learnt = new Map(encoder.columns.map(({ name }, k) => [name, readings[k]]));
  const texts = asTexts(source).columns.filter(({ text }) => text);
  // One expression over a list: DuckDB needs minutes to plan one for each of thousands of columns.
  const formulas = `list_sum(list_transform([${texts.map(({ sql }) => sql).join(", ")}], lambda x: (${isFormulaSql("x")})::INT))`;
  const more = [rowKey(source), texts.length === 0 ? "0" : `coalesce(${formulas}, 0)`];
  const { table, more: found } = await readColumns(connection, source, more, { readings: learnt, asked });
  return { table, keys: found[0]!, formulas: found[1]!.reduce((sum, each) => sum + each, 0) };
}
