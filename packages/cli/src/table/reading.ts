// How the cells of a column are read: decided once, kept by the model, applied to each cell by itself.
import { type DateOrder, dateOf, dateOrders } from "./dates.ts";
import { isMissing } from "./missing.ts";
import { type QuantityForm, quantityOf } from "./quantities.ts";

/** The spellings of "no value", in small letters; an empty cell always is one. */
export type MissingSpellings = readonly string[];

/** Cells that are numbers, all written in one way. */
export interface NumberReading extends QuantityForm {
  readonly as: "number";
  readonly missing: MissingSpellings;
}

/** Cells that are moments, as days since 1970-01-01. */
export interface DateReading {
  readonly as: "date";
  readonly order: DateOrder;
  readonly missing: MissingSpellings;
}

/** Cells that are names, as they are spelt but for blanks around them. */
export interface CategoryReading {
  readonly as: "category";
  readonly missing: MissingSpellings;
}

/** Plain JSON. */
export type Reading = NumberReading | DateReading | CategoryReading;

/** What a cell of numbers or dates is: its number, NaN where it is missing, null where it does not fit. */
export type ReadCell = (text: string) => number | null;

/**
 * The meaning of a cell's text; every faster way must give the same. A number may be infinite. An ordinary category
 * has no number.
 */
export function cellReader(reading: NumberReading | DateReading): ReadCell {
  const numberIn = numberReader(reading);
  const gaps = new Set(gapsOf(reading));
  return (text) => {
    if (isMissing(text, reading.missing)) return Number.NaN;
    const value = numberIn(text.trim());
    return value !== null && gaps.has(value) ? Number.NaN : value;
  };
}

/** The numbers that mean "no value", as -999 does where somebody says so: however a cell writes them. */
export function gapsOf(reading: NumberReading | DateReading): readonly number[] {
  const numberIn = numberReader(reading);
  return reading.missing.flatMap((text) => {
    const value = numberIn(text);
    return value === null || Number.isNaN(value) ? [] : [value];
  });
}

function numberReader(reading: NumberReading | DateReading): ReadCell {
  return reading.as === "number" ? quantityOf(reading) : dateOf(reading.order);
}

/** A reading in a few words: `number`, `number in %`, `number, decimal comma`, `date, day/month/year`, `category`. */
export function readingWords(reading: Reading): string {
  if (reading.as === "category") return "category";
  if (reading.as === "date") return reading.order === "time" ? "time of day" : `date, ${dateOrders[reading.order]}`;
  const unit = reading.prefix || reading.suffix;
  return `number${unit === "" ? "" : ` in ${unit}`}${reading.decimal === "," ? ", decimal comma" : ""}`;
}

/** Whether parsed JSON is a reading. */
export function isReading(json: unknown): json is Reading {
  if (typeof json !== "object" || json === null || !("as" in json) || !("missing" in json)) return false;
  if (!Array.isArray(json.missing) || !json.missing.every((each) => typeof each === "string")) return false;
  if (json.as === "category") return true;
  if (json.as === "date") return "order" in json && Object.hasOwn(dateOrders, String(json.order));
  return (
    json.as === "number" &&
    "decimal" in json &&
    (json.decimal === "." || json.decimal === ",") &&
    "prefix" in json &&
    typeof json.prefix === "string" &&
    "suffix" in json &&
    typeof json.suffix === "string"
  );
}
