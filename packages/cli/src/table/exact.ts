// The cells of a column as the file spells them, where a name tells rows apart: targets, groups, folds.

import { cellNotes, type Note } from "../notes.ts";
import { isMissing, missingWords } from "./missing.ts";
import type { Column, Exact } from "./table.ts";

/** The cells of a column by their text; of a column that was made without a file, by the text of its values. */
export function exactOf(column: Column): Exact {
  if (column.exact !== undefined) return column.exact;
  if (column.kind === "category") return { codes: column.codes, texts: column.levels };
  const texts: string[] = [];
  const textOf = column.from === "date" ? dateText(column.values) : String;
  const known = new Map<number, number>();
  const codes = Int32Array.from(column.values, (value) => {
    if (Number.isNaN(value)) return -1;
    const code = known.get(value) ?? texts.push(textOf(value)) - 1;
    known.set(value, code);
    return code;
  });
  return { codes, texts };
}

/** Of a target, words such as "none" are a class where they are at least so frequent. */
const frequentShare = 0.1;

/** What counts as missing. */
export interface ExactMissing {
  readonly missing: readonly string[];
  /** Whether a word for "no value" that is frequent is a value after all. */
  readonly words: boolean;
}

/** Cells as they were read: blanks around a text are dropped, and a note tells where that makes two texts one. */
export function exactFrom(
  name: string,
  { codes, texts }: Pick<Exact, "codes" | "texts">,
  { missing, words }: ExactMissing,
): { readonly exact: Exact; readonly notes: readonly Note[] } {
  const notes: Note[] = [];
  const kept = words ? frequentWords({ codes, texts }) : new Set<string>();
  const positions = new Map<string, number>();
  const joined = new Set<string>();
  const gaps = new Set<string>();
  const recode = Int32Array.from(texts, (text) => {
    const trimmed = text.trim();
    if (isMissing(text, missing) && !kept.has(trimmed)) {
      gaps.add(trimmed);
      return -1;
    }
    const known = positions.get(trimmed);
    if (known !== undefined) joined.add(trimmed);
    positions.set(trimmed, known ?? positions.size);
    return known ?? positions.size - 1;
  });
  const [example] = joined;
  if (example !== undefined) notes.push(cellNotes.blanksDropped(name, example));
  if (kept.size > 0) notes.push(cellNotes.wordsAreClasses(name, [...kept]));
  const spelled = words ? [...gaps].filter((text) => missingWords.includes(text.toLowerCase())) : [];
  if (spelled.length > 0) notes.push(cellNotes.wordsAreMissing(name, spelled));
  return {
    exact: { codes: codes.map((code) => (code === -1 ? -1 : recode[code]!)), texts: [...positions.keys()] },
    notes,
  };
}

/** The words for "no value", as they are spelt, that are frequent. */
function frequentWords({ codes, texts }: Pick<Exact, "codes" | "texts">): ReadonlySet<string> {
  const rows = new Map<string, number>();
  const words = texts.map((text) => (missingWords.includes(text.trim().toLowerCase()) ? text.trim() : null));
  if (words.every((word) => word === null)) return new Set();
  for (const code of codes) {
    const word = code === -1 ? null : words[code]!;
    if (word !== null) rows.set(word, (rows.get(word) ?? 0) + 1);
  }
  return new Set([...rows].filter(([, count]) => count >= frequentShare * codes.length).map(([word]) => word));
}

/**
 * Days since 1970-01-01 as DuckDB and pandas write them in a text: 2021-03-04, and with the time of day in each,
 * 2021-03-04 13:30:00, where one of the column has any.
 */
function dateText(column: Float64Array): (days: number) => string {
  const timed = column.some((days) => !Number.isNaN(days) && !Number.isInteger(days));
  return (days) => {
    const microseconds = Math.round(days * 86_400_000_000);
    const date = new Date(Math.floor(microseconds / 1000));
    if (Number.isNaN(date.getTime())) return String(days);
    const [day, time] = date.toISOString().split("T");
    if (!timed) return day!;
    const fraction = String(((microseconds % 1_000_000) + 1_000_000) % 1_000_000)
      .padStart(6, "0")
      .replace(/0+$/, "");
    return `${day} ${time!.slice(0, 8)}${fraction === "" ? "" : `.${fraction}`}`;
  };
}
