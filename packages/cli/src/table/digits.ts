// Whole numbers beyond 2^53, which lose digits as float64: found, told, and still told apart.

import { cellNotes, type Note } from "../notes.ts";
import { firstInexact, sameDecimal } from "./decimal.ts";
import type { Column, Lost, NumberColumn } from "./table.ts";

/** Whether a column holds a number that may have lost digits. */
export function isBeyond({ values, from }: NumberColumn): boolean {
  return from === "number" && values.some((value) => value >= firstInexact || value <= -firstInexact);
}

/**
 * Compares what was read with the texts in the file. Numbers with an exponent are measurements, whose last digits a
 * float64 rounds as every program does.
 */
export function lostDigits({ values }: NumberColumn, codes: Int32Array, texts: readonly string[]): Lost | undefined {
  const positions = new Map<string, number>();
  const written = texts.map((text) => text.trim());
  const same = written.map(sameDecimal);
  const recode = same.map((each) => {
    if (each === null) return -1;
    const position = positions.get(each) ?? positions.size;
    positions.set(each, position);
    return position;
  });
  const changed = written.map(
    (text, code) =>
      /^[+-]?[\d.]+$/.test(text) && same[code] !== null && same[code] !== sameDecimal(throughFloat64(text)),
  );
  let rows = 0;
  let first = -1;
  codes.forEach((code, row) => {
    if (code === -1 || !changed[code] || Math.abs(values[row]!) < firstInexact) return;
    if (rows++ === 0) first = row;
  });
  if (first === -1) return undefined;
  const example = [written[codes[first]!]!, values[first]!] as const;
  return { codes: codes.map((code) => (code === -1 ? -1 : recode[code]!)), rows, example };
}

/** A number as its float64 is. */
function throughFloat64(text: string): string {
  return String(Number(text));
}

/** What is told of the columns that lost digits. */
export function lostNotes(columns: readonly Column[]): readonly Note[] {
  return columns.flatMap((column) => {
    if (column.kind !== "number" || column.lost === undefined) return [];
    const { rows, example } = column.lost;
    return [cellNotes.digitsLost(column.name, rows, firstInexact, example)];
  });
}
