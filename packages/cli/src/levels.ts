// The different values of a column that is to be a target.
import { CliError, tableTexts } from "./errors.ts";
import type { CategoryColumn, Column, NumberColumn } from "./table.ts";

/** More classes than this are refused. */
export const mostClasses = 100;
/** Numbers with more different values than this count as a quantity unless all of them are whole. */
const mostFractions = 20;

export interface Levels {
  /** Sorted: numbers by size, texts by name. */
  readonly names: readonly string[];
  /** How many rows have each. */
  readonly counts: readonly number[];
  /** Per row of the table, -1 is missing. */
  readonly codes: Int32Array;
}

/** The levels of a column; a continuous quantity is refused. */
export function levelsOf(column: Column): Levels {
  return column.kind === "number" ? numberLevels(column) : categoryLevels(column);
}

function categoryLevels({ codes, levels }: CategoryColumn): Levels {
  const counts = new Array<number>(levels.length).fill(0);
  for (const code of codes) if (code !== -1) counts[code]!++;
  return { names: levels, counts, codes };
}

function numberLevels({ name, values, from }: NumberColumn): Levels {
  const counts = new Map<number, number>();
  let whole = true;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    counts.set(value, (counts.get(value) ?? 0) + 1);
    whole &&= Number.isInteger(value);
    if (counts.size > mostClasses) throw new CliError(tableTexts.targetContinuous(name, `more than ${mostClasses}`));
  }
  if (!whole && counts.size > mostFractions) {
    throw new CliError(tableTexts.targetContinuous(name, String(counts.size)));
  }
  const sorted = [...counts.keys()].sort((a, b) => a - b);
  const code = new Map(sorted.map((value, i) => [value, i]));
  return {
    names: sorted.map((value) => (from === "date" ? dateText(value) : String(value))),
    counts: sorted.map((value) => counts.get(value)!),
    codes: Int32Array.from(values, (value) => code.get(value) ?? -1),
  };
}

/** Days since 1970-01-01 as 2021-03-04, with the time of day where there is one. */
export function dateText(days: number): string {
  const date = new Date(Math.round(days * 86_400_000));
  if (Number.isNaN(date.getTime())) return String(days);
  const text = date.toISOString();
  return Number.isInteger(days) ? text.slice(0, -14) : text;
}

/** The code of the level that means "present" in a label's column. */
export function labelsOf(name: string, { names, counts }: Levels, positive: string | undefined): number {
  const present = names.flatMap((_, code) => (counts[code]! > 0 ? [code] : []));
  const refuse = () =>
    new CliError(
      tableTexts.labelNotBinary(
        name,
        present.map((code) => names[code]!),
      ),
    );
  if (present.length > 2) throw refuse();
  const asked = positive === undefined ? -1 : names.indexOf(positive);
  if (asked !== -1) return asked;
  const yes = present.filter((code) => /^(1|true|yes)$/i.test(names[code]!));
  const no = present.filter((code) => /^(0|false|no)$/i.test(names[code]!));
  if (yes.length + no.length !== present.length || yes.length > 1 || no.length > 1) throw refuse();
  return yes[0] ?? -2;
}
