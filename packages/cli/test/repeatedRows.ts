// Rows that count by whole weights, written out, and the weights of their labels.

/** Rows written out as often as their weights say. */
export function repeated<A extends Int32Array | Float64Array | Float32Array>(
  values: A,
  width: number,
  counts: readonly number[],
): A {
  const rows = counts.flatMap((count, row) =>
    new Array<readonly number[]>(count).fill([...values.subarray(row * width, (row + 1) * width)]),
  );
  return new (values.constructor as new (values: readonly number[]) => A)(rows.flat());
}

/** What each row counts, for each of its labels. */
export const perLabel = (counts: readonly number[], columns: number) =>
  Float64Array.from({ length: counts.length * columns }, (_, k) => counts[Math.floor(k / columns)]);
