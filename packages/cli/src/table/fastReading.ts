// Readings that DuckDB does by itself, many times faster than cell by cell; what it cannot read is marked.
import { type DateReading, gapsOf, type NumberReading } from "./reading.ts";
import { daysOf, literal } from "./sql.ts";

/** What the SQL below gives for a cell that has to be looked at again; an infinite number must be, too. */
export const mark = Number.NEGATIVE_INFINITY;

/** What of a source the SQL hangs on. */
export interface Spelling {
  /** Whether there may be texts that DuckDB alone takes for numbers: 1_000 and +-1. */
  readonly oddNumbers: boolean;
}

/**
 * The SQL of a text read so, null where there is none: NaN is missing, -Infinity a cell that only `cellReader` can
 * read, or none. What it reads it reads as `cellReader` does.
 */
export function fastSql(text: string, reading: NumberReading | DateReading, spelling: Spelling): string | null {
  const number = parsedSql(text, reading, spelling);
  if (number === null) return null;
  const gaps = gapsOf(reading).filter(Number.isFinite);
  const isGap = `${number} IN (${gaps.map((gap) => `${gap}::DOUBLE`).join(", ")})`;
  const parsed = gaps.length === 0 ? number : `CASE WHEN ${isGap} THEN 'nan'::DOUBLE ELSE ${number} END`;
  const spellings = `[${reading.missing.map(literal).join(", ")}]`;
  const trimmed = `lower(trim(${text}, ' ' || chr(9) || chr(10) || chr(13)))`;
  const missing = `${text} IS NULL OR list_contains(${spellings}, ${trimmed})`;
  return `coalesce(${parsed}, CASE WHEN ${missing} THEN 'nan'::DOUBLE ELSE '-infinity'::DOUBLE END)`;
}

function parsedSql(text: string, reading: NumberReading | DateReading, { oddNumbers }: Spelling): string | null {
  if (reading.as === "date") {
    if (reading.order === "dmy") return partedSql(text, "%d", "%m");
    if (reading.order === "mdy") return partedSql(text, "%m", "%d");
    if (reading.order !== "ymd") return null;
    // DuckDB knows moments by name (epoch, infinity) and years before Christ, and does not mind an offset from UTC.
    // Every operand stands once: DuckDB is told not to look for what it computes twice.
    const year = `(${text} LIKE '____-%' OR ${text} LIKE '____/%') AND TRY_CAST(left(${text}, 4) AS SMALLINT) >= 1000`;
    const odd = `contains(${text}, '+') OR contains(${text}, '(') OR ${text} LIKE '%:%-%'`;
    return `CASE WHEN ${year} AND NOT (${odd}) THEN ${daysOf(`TRY_CAST(${text} AS TIMESTAMP)`)} END`;
  }
  if (reading.prefix !== "" || reading.suffix !== "") return null;
  // A leading zero may mean that these are no numbers; in this order "00" to "09" stand between "00" and "0:".
  const odd = [`${text} >= '00' AND ${text} < '0:'`];
  if (oddNumbers) odd.push(`contains(${text}, '_')`, `contains(${text}, '+-')`);
  if (reading.decimal === ",") odd.push(`contains(${text}, '.')`);
  const digits = reading.decimal === "," ? `replace(${text}, ',', '.')` : text;
  return `CASE WHEN ${odd.join(" OR ")} THEN NULL ELSE TRY_CAST(${digits} AS DOUBLE) END`;
}

/** Days whose year comes last, in numbers and without a time of day. */
function partedSql(text: string, first: string, second: string): string {
  const marks = ["/", ".", "-"];
  const year = marks.map((each) => `${text} LIKE '%${each}____'`).join(" OR ");
  // The last four of 13.1.20 are no year.
  const plain = `(${year}) AND TRY_CAST(right(${text}, 4) AS SMALLINT) >= 1000`;
  const formats = marks.map((each) => literal([first, second, "%Y"].join(each))).join(", ");
  return `CASE WHEN ${plain} THEN ${daysOf(`TRY_STRPTIME(${text}, [${formats}])`)} END`;
}
