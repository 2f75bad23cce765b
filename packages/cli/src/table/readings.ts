// The ways in which a column of texts can be read, and which of them its first cells allow.
import { isMissing } from "./missing.ts";
import { daysOf } from "./sql.ts";

/** How a column is read: as numbers, as numbers with a decimal comma, as dates in one order, or as texts. */
export type Reading =
  | "number"
  | "decimal comma"
  | "date"
  | "day.month.year"
  | "month/day/year"
  | "day/month/year"
  | "text";

const patterns: { readonly [R in Exclude<Reading, "text">]: RegExp } = {
  number: /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$|^[+-]?inf(inity)?$/i,
  "decimal comma": /^[+-]?\d+(,\d+)?$/,
  date: /^\d{4}[-/]\d{1,2}[-/]\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|UTC|[+-]\d{2}(:?\d{2})?))?)?$/,
  "day.month.year": /^\d{1,2}\.\d{1,2}\.\d{4}$/,
  "month/day/year": /^(0?[1-9]|1[0-2])\/\d{1,2}\/\d{4}$/,
  "day/month/year": /^\d{1,2}\/(0?[1-9]|1[0-2])\/\d{4}$/,
};

/** The readings that fit every cell of a sample, the plainest first, always ending in text. */
export function possibleReadings(sample: readonly (string | null)[]): Reading[] {
  const cells = sample.flatMap((cell) => (cell === null || isMissing(cell) ? [] : [cell.trim()]));
  const names = Object.keys(patterns) as Exclude<Reading, "text">[];
  return [...names.filter((reading) => cells.every((cell) => patterns[reading].test(cell))), "text"];
}

/** Whether a text is a number, infinity included. */
export function isNumber(text: string): boolean {
  return patterns.number.test(text);
}

/** The number that a text is, NaN if it is none. */
export function toNumber(text: string): number {
  if (!isNumber(text)) return Number.NaN;
  return /inf/i.test(text) ? (text.startsWith("-") ? -Infinity : Infinity) : Number(text);
}

/**
 * The SQL of a text read so: missing is NaN, a text that does not fit is -Infinity; $2 lists the spellings of missing.
 *
 * @param oddNumbers whether there may be texts that DuckDB alone takes for numbers: 1_000 and +-1
 */
export function readingSql(
  text: string,
  reading: Exclude<Reading, "text">,
  { oddNumbers }: { readonly oddNumbers: boolean },
): string {
  const odd = `contains(${text}, '_') OR contains(${text}, '+-')`;
  const number = (digits: string): string =>
    oddNumbers ? `CASE WHEN ${odd} THEN NULL ELSE TRY_CAST(${digits} AS DOUBLE) END` : `TRY_CAST(${digits} AS DOUBLE)`;
  const parsed = {
    number: number(text),
    "decimal comma": number(`replace(${text}, ',', '.')`),
    date: daysOf(`TRY_CAST(trim(${text}) AS TIMESTAMP)`),
    "day.month.year": daysOf(`TRY_STRPTIME(trim(${text}), '%d.%m.%Y')`),
    "month/day/year": daysOf(`TRY_STRPTIME(trim(${text}), '%m/%d/%Y')`),
    "day/month/year": daysOf(`TRY_STRPTIME(trim(${text}), '%d/%m/%Y')`),
  }[reading];
  const missing = `${text} IS NULL OR list_contains($2, lower(trim(${text}, ' ' || chr(9) || chr(10) || chr(13))))`;
  return `coalesce(${parsed}, CASE WHEN ${missing} THEN 'nan'::DOUBLE ELSE '-infinity'::DOUBLE END)`;
}
