// A column of a file as SQL: what its values are, how they are read, and how they are handed through.
import { asText, isJsonNumber, jsonText } from "./sql.ts";

/** One column as SQL sees it. */
export interface Field {
  /** The name as the file has it. */
  readonly name: string;
  /** A quoted identifier, or an expression over one. */
  readonly sql: string;
  /** What the values are before they are looked at: text still has to be recognised. */
  readonly type: "text" | "number" | "boolean" | "date" | "exact";
  /** The text of a value, exact in every digit. */
  readonly exact: string;
  /** Whether a number can have more digits than a float64 keeps. */
  readonly wide: boolean;
  /** Whether the format knows numbers, so that a text which looks like one is a text. */
  readonly typed: boolean;
  /** Of values with different types: whether this one is a number, as SQL. */
  readonly isNumber?: string;
}

/** One column of the file as it is, whether or not it can be learnt from. */
export interface OwnColumn {
  /** The name as the file has it, blanks included; in a delimited text names may repeat or be empty. */
  readonly name: string;
  /** The name that stands for it in messages and as a `Field`. */
  readonly called: string;
  readonly sql: string;
  /** The type that DuckDB sees in the values. */
  readonly type: string;
  /** Whether `sql` gives JSON, of which the values are that type. */
  readonly json: boolean;
}

const flat =
  /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\)|BOOLEAN|DATE|TIME.*|VARCHAR|ENUM.*|UUID|INTERVAL|JSON)$/;

/** Whether a type has plain values; DuckDB calls a JSON column of mixed types JSON. */
export function isFlat(type: string): boolean {
  return flat.test(type);
}

/** The field of a column that has a type of its own. */
export function typedField({ called: name, sql, type, json }: OwnColumn): Field {
  const exact = json || type === "JSON" ? jsonText(sql) : asText(sql);
  const field = { name, sql: exact, exact, wide: false, typed: type !== "JSON" };
  if (type === "JSON") return { ...field, type: "text", wide: true, isNumber: isJsonNumber(sql) };
  if (type === "BOOLEAN") return { ...field, type: "boolean" };
  if (/^(DATE|TIMESTAMP.*)$/.test(type)) return { ...field, sql, type: "date" };
  if (!/INT(EGER)?$|^(FLOAT|DOUBLE|DECIMAL)/.test(type)) return { ...field, type: "text", wide: true };
  const wide = json || !/^(FLOAT|DOUBLE)$/.test(type);
  // A float64 of 1 is 1 for everybody but DuckDB.
  const digits = wide ? exact : `regexp_replace(${exact}, '\\.0$', '')`;
  return { name, sql: `CAST(${json ? exact : sql} AS DOUBLE)`, type: "number", exact: digits, wide, typed: true };
}

/** A type of JSON values: a text that looks like a date or a name is a text, also inside lists and objects. */
export function withoutTimes(type: string): string {
  return type.replace(/"(?:[^"]|"")*"|\b(?:DATE|TIMESTAMP(?:_\w+)?(?: WITH TIME ZONE)?|TIME|UUID)\b/g, (word) =>
    word.startsWith('"') ? word : "VARCHAR",
  );
}

/** The field as the texts that its values are, exact in every digit. */
export function asExact(field: Field): Field {
  return { ...field, sql: field.exact, type: "exact" };
}
