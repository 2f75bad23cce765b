// A column from what was read of it: numbers where every text is one, else a category with its levels in order.
import { CliError, tableTexts } from "../errors.ts";
import { cellNotes, type Note } from "../notes.ts";
import { byText } from "../words/names.ts";
import type { Field } from "./field.ts";
import { isMissing } from "./missing.ts";
import { type Reading, toNumber } from "./readings.ts";
import type { Raw } from "./scan.ts";
import type { Source } from "./source.ts";
import type { Column } from "./table.ts";

/** What becomes of an infinite number: it counts as missing, or the table is refused, with or without a way around. */
export type Infinite = "missing" | "refused" | "droppable";

/** The cells of a field as they were read. */
export interface Cells {
  readonly field: Field;
  readonly raw: Raw;
  readonly reading: Reading;
  readonly infinite: Infinite;
}

/** A column, and what is told of how its cells were read. */
export interface Made {
  readonly column: Column;
  readonly notes: readonly Note[];
}

/** Makes a column of cells. */
export function toColumn(source: Source, { field, raw, reading, infinite }: Cells): Made {
  if (raw.kind === "text") return fromTexts(source, field, raw, infinite);
  const { name } = field;
  const from = reading === "date" || reading.includes("year") ? "date" : "number";
  const values = withoutInfinite({ values: raw.values, first: raw.odd, infinite }, source, name);
  return { column: { kind: "number", name, values, from }, notes: [] };
}

/** Numbers of which the row `first` is the first that is infinite, -1 if none is. */
interface Numbers {
  readonly values: Float64Array;
  readonly first: number;
  readonly infinite: Infinite;
}

/** Infinite numbers become missing, in place, where they are not refused. */
function withoutInfinite(numbers: Numbers, { path }: Source, name: string): Float64Array {
  const { values, first, infinite } = numbers;
  if (first === -1) return values;
  if (infinite !== "missing") throw new CliError(tableTexts.infinite(path, name, first + 1, infinite === "droppable"));
  for (let i = first; i < values.length; i++) if (!Number.isFinite(values[i])) values[i] = Number.NaN;
  return values;
}

function fromTexts(
  source: Source,
  { name, type }: Field,
  { codes, texts }: Extract<Raw, { kind: "text" }>,
  infinite: Infinite,
): Made {
  const { budget, rows, fields } = source;
  const category = type === "exact";
  const trimmed = texts.map((text) => (isMissing(text) ? null : text.trim()));
  const numbers = Float64Array.from(trimmed, (text) => (text === null ? Number.NaN : toNumber(text)));
  const valued = !category && trimmed.some((text) => text !== null);
  if (valued && trimmed.every((text, i) => text === null || !Number.isNaN(numbers[i]!))) {
    budget.takeRows(rows, 8, fields.length);
    const values = Float64Array.from(codes, (code) => (code === -1 ? Number.NaN : numbers[code]!));
    budget.giveBack(codes.byteLength);
    const first = values.findIndex((value) => value === Infinity || value === -Infinity);
    const column: Column = {
      kind: "number",
      name,
      values: withoutInfinite({ values, first, infinite }, source, name),
      from: "number",
    };
    return { column, notes: [] };
  }
  const odd = category || infinite === "refused" ? null : firstOdd(codes, trimmed, numbers);
  const boolean = !category && trimmed.every((text) => text === null || /^(true|false)$/i.test(text));
  const named = trimmed.map((text) => (boolean ? (text?.toLowerCase() ?? null) : text));
  const levels = [...new Set(named.filter((text) => text !== null))].sort(byText);
  const position = new Map(levels.map((level, i) => [level, i]));
  const recode = Int32Array.from(named, (text) => (text === null ? -1 : position.get(text)!));
  for (let i = 0; i < codes.length; i++) if (codes[i] !== -1) codes[i] = recode[codes[i]!]!;
  const notes = odd === null ? [] : [cellNotes.textAmongNumbers(name, odd.row, odd.text)];
  return { column: { kind: "category", name, codes, levels }, notes };
}

/** The first text in a column most of whose values are numbers; null where there is none or they are not. */
function firstOdd(
  codes: Int32Array,
  texts: readonly (string | null)[],
  numbers: Float64Array,
): { row: number; text: string } | null {
  if (numbers.every((value) => Number.isNaN(value))) return null;
  let numeric = 0;
  let other = 0;
  let first = -1;
  codes.forEach((code, row) => {
    const text = code === -1 ? null : texts[code]!;
    if (text === null) return;
    if (!Number.isNaN(numbers[code]!)) numeric++;
    else if (other++ === 0) first = row;
  });
  return first !== -1 && numeric > other ? { row: first + 1, text: texts[codes[first]!]! } : null;
}
