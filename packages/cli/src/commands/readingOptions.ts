// The flags that say how the cells of a table are read, for all columns or, with `COLUMN=` in front, for one.
import type { Command } from "commander";
import { CliError, readingTexts } from "../errors.ts";
import type { Of, ReadingOptions } from "../table/asked.ts";
import { type DateOrder, dateOrders } from "../table/dates.ts";
import type { Asked } from "../table/decide.ts";
import { list } from "./values.ts";

/** What they hold. */
export interface ReadingFlags {
  readonly read: readonly Of<NonNullable<Asked["kind"]>>[];
  readonly decimal: readonly Of<"." | ",">[];
  readonly thousands: readonly Of<"." | ",">[];
  readonly missing: readonly Of<readonly string[]>[];
  readonly strict?: boolean;
}

/** Adds them to a command. */
export function addReadingOptions(command: Command): Command {
  return command
    .option("--read <column=kind>", `how a column is read: ${[...kinds.keys()].join(", ")}`, readKind, [])
    .option("--decimal <mark>", "the decimal mark: , or . (COLUMN=, of one column)", decimalMark, [])
    .option("--thousands <mark>", "what separates thousands: , . ' or a blank", thousandsMark, [])
    .option("--missing <spellings>", 'what means "no value" instead of the usual: "NA,?" or COLUMN=NA', spellings, [])
    .option("--strict", "refuse a cell that does not fit its column, instead of taking it as missing");
}

/** What the flags ask for. */
export function readingOptions({ read, decimal, thousands, missing, strict }: ReadingFlags): ReadingOptions {
  return { kinds: read, decimals: [...thousands, ...decimal], missing, strict: strict === true };
}

const kinds: ReadonlyMap<string, NonNullable<Asked["kind"]>> = new Map<string, NonNullable<Asked["kind"]>>([
  ["number", "number"],
  ["category", "category"],
  ["date", "date"],
  ...Object.entries(dateOrders).map(([order, words]) => [words, order as DateOrder] as const),
]);

function readKind(text: string, before: ReadingFlags["read"]): ReadingFlags["read"] {
  const { column, value } = parted(text);
  const kind = kinds.get(value);
  if (column === null || kind === undefined) throw new CliError(readingTexts.noKind(text, [...kinds.keys()]));
  return [...before, { column, value: kind }];
}

function decimalMark(text: string, before: ReadingFlags["decimal"]): ReadingFlags["decimal"] {
  const { column, value } = parted(text);
  if (value !== "." && value !== ",")
    throw new CliError(readingTexts.noMark("--decimal", text, ["a comma", "a point"]));
  return [...before, { column, value }];
}

/** A blank or an apostrophe can only separate thousands, whatever the decimal mark is: nothing has to be said then. */
function thousandsMark(text: string, before: ReadingFlags["thousands"]): ReadingFlags["thousands"] {
  const { column, value } = parted(text);
  if (value === ",") return [...before, { column, value: "." }];
  if (value === ".") return [...before, { column, value: "," }];
  if (value === "'" || value === "’" || /^\s$/.test(value)) return before;
  throw new CliError(readingTexts.noMark("--thousands", text, ["a comma", "a point", "an apostrophe", "a blank"]));
}

function spellings(text: string, before: ReadingFlags["missing"]): ReadingFlags["missing"] {
  const { column, value } = parted(text);
  return [...before, { column, value: value.trim() === "" ? [] : list(value) }];
}

/** `COLUMN=VALUE`; a value without a column is of all. */
function parted(text: string): Of<string> {
  const at = text.lastIndexOf("=");
  return at === -1 ? { column: null, value: text } : { column: text.slice(0, at), value: text.slice(at + 1) };
}
