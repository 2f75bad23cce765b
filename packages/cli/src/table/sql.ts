// Names and texts as parts of an SQL statement: quoted, so that none of them can be read as a command.

/** A name as an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The text of a value that is JSON, without the quotes of a string. */
export function jsonText(sql: string): string {
  return `(${sql} ->> '$')`;
}

/** Whether a value that is JSON is a number. */
export function isJsonNumber(sql: string): string {
  return `coalesce(json_type(${sql}) IN ('BIGINT', 'UBIGINT', 'HUGEINT', 'UHUGEINT', 'DOUBLE'), false)`;
}

/** A value as text. */
export function asText(sql: string): string {
  return `CAST(${sql} AS VARCHAR)`;
}

/** A moment as its days since 1970-01-01. */
export function daysOf(moment: string): string {
  return `epoch_us(${moment}) / 86400000000.0`;
}
