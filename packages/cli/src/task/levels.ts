// The different values of a column that is to be a target.

import { CliError, tableTexts } from "../errors.ts";
import { type Note, targetNotes } from "../notes.ts";
import { exactOf } from "../table/exact.ts";
import { toNumber } from "../table/quantities.ts";
import type { Column, NumberColumn } from "../table/table.ts";
import { byText } from "../words/names.ts";
import { lookAlikes, meaningOf, saidBy } from "./meaning.ts";

/** More classes than this are refused. */
export const mostClasses = 100;
/** Numbers with more different values than this count as a quantity unless all of them are whole. */
const mostFractions = 20;

export interface Levels {
  /** Sorted: numbers by size, texts by name. */
  readonly names: readonly string[];
  /** How many rows have each. */
  readonly counts: readonly number[];
  /** Per row of the table, -1 is missing. */
  readonly codes: Int32Array;
}

/** The levels of a column, each named as the file spells it; a continuous quantity is refused. */
export function levelsOf(column: Column): Levels {
  const { codes, texts } = exactOf(column);
  const counts = new Array<number>(texts.length).fill(0);
  for (const code of codes) if (code !== -1) counts[code]!++;
  const present = texts.map((_, code) => code).filter((code) => counts[code]! > 0);
  if (column.kind === "category") present.sort((a, b) => byText(texts[a]!, texts[b]!));
  else {
    const values = valuesOf(column, codes, texts);
    refuseQuantity(
      column.name,
      present.map((code) => values[code]!),
    );
    present.sort((a, b) => values[a]! - values[b]! || byText(texts[a]!, texts[b]!));
  }
  const position = new Int32Array(texts.length).fill(-1);
  present.forEach((code, at) => {
    position[code] = at;
  });
  return {
    names: present.map((code) => texts[code]!),
    counts: present.map((code) => counts[code]!),
    codes: codes.map((code) => (code === -1 ? -1 : position[code]!)),
  };
}

/** The number of each text; an infinite one was not read as a value. */
function valuesOf({ values }: NumberColumn, codes: Int32Array, texts: readonly string[]): Float64Array {
  const of = Float64Array.from(texts, (text) => toNumber(text));
  codes.forEach((code, row) => {
    if (code !== -1 && !Number.isNaN(values[row])) of[code] = values[row]!;
  });
  return of;
}

function refuseQuantity(name: string, values: readonly number[]): void {
  const different = new Set(values).size;
  if (different > mostClasses) throw new CliError(tableTexts.targetContinuous(name, `more than ${mostClasses}`));
  if (different > mostFractions && !values.every(Number.isInteger)) {
    throw new CliError(tableTexts.targetContinuous(name, String(different)));
  }
}

/** The levels of a label, which is present or absent: spellings of one value are one, and a note tells which. */
export function labelLevels(column: Column): { readonly levels: Levels; readonly notes: readonly Note[] } {
  const levels = levelsOf(column);
  const first = new Map<string, number>();
  const recode = Int32Array.from(levels.names, (name) => {
    const position = first.get(meaningOf(name)) ?? first.size;
    first.set(meaningOf(name), position);
    return position;
  });
  const names: string[] = [];
  const notes: Note[] = [];
  const counts = new Array<number>(first.size).fill(0);
  recode.forEach((position, code) => {
    counts[position]! += levels.counts[code]!;
    if (names[position] === undefined) names[position] = levels.names[code]!;
    else notes.push(targetNotes.spelling(column.name, levels.names[code]!, names[position]!));
  });
  const alike = lookAlikes(names.slice(0, mostClasses)).map((each) =>
    targetNotes.lookAlikes(column.name, each.names, each.differ),
  );
  const codes = levels.codes.map((code) => (code === -1 ? -1 : recode[code]!));
  return { levels: { names, counts, codes }, notes: [...notes, ...alike] };
}

/** The code of the level that means "present" in a label's column. */
export function presentCode(name: string, { names, counts }: Levels, positive: string | undefined): number {
  const present = names.flatMap((_, code) => (counts[code]! > 0 ? [code] : []));
  const refuse = () =>
    new CliError(
      tableTexts.labelNotBinary(
        name,
        present.map((code) => names[code]!),
      ),
    );
  if (present.length > 2) throw refuse();
  const meanings = names.map(meaningOf);
  const asked = positive === undefined ? -1 : meanings.indexOf(meaningOf(positive));
  if (asked !== -1) return asked;
  const said = present.map((code) => saidBy(names[code]!));
  const [first, second = null] = said;
  if (!first || (present.length === 2 && (second?.family !== first.family || second.yes === first.yes))) throw refuse();
  return present.find((_, k) => said[k]!.yes) ?? -2;
}
