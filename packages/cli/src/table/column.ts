// A column from what was read of it: numbers or moments by their reading, else a category with its levels in order.
import { CliError, readingTexts, tableTexts } from "../errors.ts";
import { cellNotes, type Note } from "../notes.ts";
import { byText } from "../words/names.ts";
import { looksLikeDate } from "./dateLike.ts";
import { dateOrders } from "./dates.ts";
import type { Decision } from "./decide.ts";
import { Looked } from "./looked.ts";
import { isMissing } from "./missing.ts";
import { quantityOf, toNumber } from "./quantities.ts";
import type { CategoryReading, DateReading, NumberReading } from "./reading.ts";
import type { RawNumbers, RawTexts } from "./scan.ts";
import { sharedFloat64 } from "./shared.ts";
import type { CategoryColumn, NumberColumn } from "./table.ts";

/** What becomes of an infinite number: it counts as missing, or the table is refused, with or without a way around. */
export type Infinite = "missing" | "refused" | "droppable";

/** A column on its way. */
export interface Making {
  readonly path: string;
  readonly name: string;
  readonly infinite: Infinite;
  /** Whether a cell that does not fit is an error. */
  readonly strict: boolean;
  /** Whether its cells are no features: of what is dropped, nothing is told. */
  readonly quiet: boolean;
  /** Why it is read so, where that was decided here. */
  readonly decision: Decision | null;
}

/** A column, and what is told of how its cells were read. */
export interface Made<C> {
  readonly column: C;
  readonly notes: readonly Note[];
}

/** A column of numbers or moments. */
export function numberColumn(
  making: Making,
  { values, looked }: RawNumbers,
  reading: NumberReading | DateReading,
): Made<NumberColumn> {
  const { path, name, infinite, strict } = making;
  if (looked.infinite !== -1) {
    if (infinite !== "missing") {
      throw new CliError(tableTexts.infinite(path, name, looked.infinite + 1, infinite === "droppable"));
    }
    for (let i = looked.infinite; i < values.length; i++) if (!Number.isFinite(values[i])) values[i] = Number.NaN;
  }
  const kind = reading.as === "date" ? "date" : "number";
  const [first] = looked.shown;
  if (strict && !making.quiet && first !== undefined)
    throw new CliError(readingTexts.misfit(path, name, first.row + 1, first.text, kind));
  const column: NumberColumn = { kind: "number", name, values, from: kind, reading };
  return { column, notes: making.quiet ? [] : numberNotes(making, looked, column) };
}

function numberNotes({ name, decision }: Making, looked: Looked, { reading, values }: NumberColumn): readonly Note[] {
  const notes: Note[] = [];
  if (reading.as === "date" && decision !== null && (reading.order === "dmy" || reading.order === "mdy")) {
    const other = reading.order === "dmy" ? "mdy" : "dmy";
    if (values.some((value) => !Number.isNaN(value)))
      notes.push(cellNotes.dateOrder(name, dateOrders[reading.order], decision.even ? dateOrders[other] : null));
  }
  const text = looked.written ?? decision?.example ?? null;
  if (reading.as === "number" && text !== null) {
    const value = quantityOf(reading)(text) ?? Number.NaN;
    const mark = reading.decimal === "." ? "," : ".";
    const turned = decision?.even === true ? quantityOf({ ...reading, decimal: mark })(text) : null;
    notes.push(cellNotes.numberWriting(name, text, value, turned === null ? null : { mark, value: turned }));
  }
  const alike = decision?.alike ?? null;
  if (alike !== null) notes.push(cellNotes.madeEqual(name, ...alike));
  if (looked.misfits > 0) {
    const shown = looked.shown.map(({ row, text }) => ({ row: row + 1, text }));
    notes.push(cellNotes.cellsUnread(name, reading.as, looked.misfits, shown));
  }
  return notes;
}

/** The numbers or moments that texts are. */
export function numbersOf({ codes, texts }: RawTexts, reading: NumberReading | DateReading): RawNumbers {
  const looked = new Looked(reading);
  const known = new Float64Array(texts.length);
  const state = new Uint8Array(texts.length); // 0: not seen, 1: known, 2: does not fit
  const values = sharedFloat64(codes.length);
  codes.forEach((code, row) => {
    if (code === -1) values[row] = Number.NaN;
    else if (state[code] === 1) values[row] = known[code]!;
    else {
      const before = looked.misfits;
      known[code] = looked.value(texts[code], row, Number.NaN);
      state[code] = looked.misfits > before ? 2 : 1;
      values[row] = known[code]!;
    }
  });
  return { kind: "number", values, looked };
}

/** A column of names, as they are spelt but for blanks around them. */
export function categoryColumn(
  making: Making,
  { codes, texts }: RawTexts,
  reading: CategoryReading,
): Made<CategoryColumn> {
  const { name } = making;
  const trimmed = texts.map((text) => (isMissing(text, reading.missing) ? null : text.trim()));
  const levels = [...new Set(trimmed.filter((text) => text !== null))].sort(byText);
  const position = new Map(levels.map((level, i) => [level, i]));
  const recode = Int32Array.from(trimmed, (text) => (text === null ? -1 : position.get(text)!));
  const notes = making.quiet ? [] : categoryNotes(making, { kind: "text", codes, texts }, trimmed);
  for (let i = 0; i < codes.length; i++) if (codes[i] !== -1) codes[i] = recode[codes[i]!]!;
  return { column: { kind: "category", name, codes, levels, reading }, notes };
}

function categoryNotes(
  { name, decision }: Making,
  { codes, texts }: RawTexts,
  trimmed: readonly (string | null)[],
): readonly Note[] {
  const notes: Note[] = [];
  const joined = joinedByBlanks(texts, trimmed);
  if (joined !== null) notes.push(cellNotes.blanksDropped(name, joined));
  if (decision?.because === "leading zero") notes.push(cellNotes.leadingZero(name, decision.example!));
  else if (decision?.because === "typed text") notes.push(cellNotes.typedNumbers(name, decision.example!));
  else if (decision?.because === "units") notes.push(cellNotes.unitsMixed(name, decision.example!));
  else if (decision !== null) {
    const odd = firstOdd(codes, texts, trimmed);
    const date = dateIn(trimmed);
    if (date !== null) notes.push(cellNotes.dateUnread(name, date));
    if (odd !== null) notes.push(cellNotes.textAmongNumbers(name, odd.row, odd.text));
  }
  return notes;
}

/** A text that stands with and without blanks around it. */
function joinedByBlanks(texts: readonly string[], trimmed: readonly (string | null)[]): string | null {
  if (texts.every((text, k) => trimmed[k] === null || trimmed[k] === text)) return null;
  const seen = new Set<string>();
  for (const text of trimmed) {
    if (text === null) continue;
    if (seen.has(text)) return text;
    seen.add(text);
  }
  return null;
}

/** Of texts that all look like dates the first; so many are looked at. */
const mostDates = 100;

function dateIn(trimmed: readonly (string | null)[]): string | null {
  const texts = trimmed.filter((text) => text !== null).slice(0, mostDates);
  return texts.length > 1 && texts.every(looksLikeDate) ? texts[0]! : null;
}

/** The first text in a column most of whose values are numbers; null where there is none or they are not. */
function firstOdd(
  codes: Int32Array,
  texts: readonly string[],
  trimmed: readonly (string | null)[],
): { readonly row: number; readonly text: string } | null {
  const numeric = trimmed.map((text) => text !== null && !Number.isNaN(toNumber(text)));
  if (!numeric.includes(true)) return null;
  let numbers = 0;
  let others = 0;
  let first = -1;
  codes.forEach((code, row) => {
    if (code === -1 || trimmed[code] === null) return;
    if (numeric[code]) numbers++;
    else if (others++ === 0) first = row;
  });
  return first !== -1 && numbers > others ? { row: first + 1, text: texts[codes[first]!]!.trim() } : null;
}
