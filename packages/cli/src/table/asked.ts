// How columns are to be read where somebody says so: the flags of reading, for all columns or for one.
import { CliError, readingTexts, tableTexts } from "../errors.ts";
import { nearestName } from "../words/names.ts";
import type { Asked } from "./decide.ts";
import { spellingsOf } from "./missing.ts";
import type { Reading } from "./reading.ts";

/** A value of a flag, of one column or, without a name, of all. */
export interface Of<V> {
  readonly column: string | null;
  readonly value: V;
}

/** What is asked of the reading of a table. */
export interface ReadingOptions {
  readonly kinds?: readonly Of<NonNullable<Asked["kind"]>>[];
  readonly decimals?: readonly Of<"." | ",">[];
  readonly missing?: readonly Of<readonly string[]>[];
  /** Whether a cell that does not fit its column's reading is an error instead of a gap. */
  readonly strict?: boolean;
}

/** What is asked for a column. */
export function askedOf({ kinds, decimals, missing }: ReadingOptions, column: string): Asked {
  const kind = lastOf(kinds, column);
  const decimal = lastOf(decimals, column);
  const spellings = lastOf(missing, column);
  return {
    ...(kind !== undefined && { kind }),
    ...(decimal !== undefined && { decimal }),
    ...(spellings !== undefined && { missing: spellingsOf(spellings) }),
  };
}

/** What was said last of a column, or else of all. */
function lastOf<V>(given: readonly Of<V>[] | undefined, column: string): V | undefined {
  const of = (name: string | null) => given?.findLast((each) => each.column === name)?.value;
  return of(column) ?? of(null);
}

/** @throws CliError if a flag names a column that the table does not have */
export function checkAsked(
  { kinds = [], decimals = [], missing = [] }: ReadingOptions,
  names: readonly string[],
): void {
  const flags = { "--read": kinds, "--decimal": decimals, "--missing": missing };
  for (const [flag, given] of Object.entries(flags)) {
    for (const { column } of given) {
      if (column === null || names.includes(column)) continue;
      throw new CliError(tableTexts.unknownColumn(flag, column, nearestName(column, names), names));
    }
  }
}

/** A reading of a model, changed as asked for another table. @throws CliError if it would be another kind */
export function changed(reading: Reading, { kind, decimal, missing }: Asked, column: string): Reading {
  const spelled = missing === undefined ? reading : { ...reading, missing };
  const own = kind === undefined || kind === "number" || kind === "category" || kind === "date" ? kind : "date";
  if (own !== undefined && own !== reading.as) throw new CliError(readingTexts.otherKind(column, own, reading.as));
  if (spelled.as === "number") return decimal === undefined ? spelled : { ...spelled, decimal };
  if (spelled.as === "date" && kind !== undefined && kind !== "date") {
    return { ...spelled, order: kind as typeof spelled.order };
  }
  return spelled;
}
