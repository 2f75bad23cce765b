// Rows of a table, as a type of their own: so that nothing else that counts from 0 is taken for them.

declare const row: unique symbol;

/** Some rows of a table, each by its number from 0. */
export type TableRows = Int32Array & { readonly [row]: true };

/** The rows from one up to another, which is not among them. */
export function rowRange(from: number, to: number): TableRows {
  return new Int32Array(to - from).map((_, k) => from + k) as TableRows;
}

/** Those of the rows for which something holds. */
export function rowsWhere(rows: TableRows, holds: (row: number, index: number) => boolean): TableRows {
  return rows.filter(holds) as TableRows;
}

/** The rows at some places of a list of rows. */
export function rowsAt(rows: TableRows, places: Int32Array): TableRows {
  return places.map((place) => rows[place]) as TableRows;
}
