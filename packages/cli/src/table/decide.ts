// How a column is read, decided on its cells: the reading that fits them all, or nearly all, and what was even.

import { dateOf, shownOrders } from "./dates.ts";
import { isMissing, missingSpellings } from "./missing.ts";
import { isPlainNumber, quantityOf, unitsOf } from "./quantities.ts";
import type { DateReading, NumberReading, Reading } from "./reading.ts";

/** Different texts of a column, each with its number of rows. */
export interface CountedTexts {
  readonly texts: readonly string[];
  readonly rows: ArrayLike<number>;
}

/** What is asked for a column instead of what its cells show. */
export interface Asked {
  readonly kind?: "number" | "category" | "date" | DateReading["order"];
  readonly decimal?: "." | ",";
  readonly missing?: readonly string[];
}

/** What the rest of the file shows. */
export interface Evidence {
  /** The decimal mark of its numbers, if they show one. */
  readonly decimal: "." | "," | null;
  readonly order: "dmy" | "mdy" | null;
  /** What parts the values of a delimited text. */
  readonly delimiter: string | null;
  /** Whether the format knows numbers, so that a text which looks like one is a text. */
  readonly typed: boolean;
}

/** A reading, and why it was taken. */
export interface Decision {
  readonly reading: Reading;
  /** Whether the cells fit another one as well, so that the file or a rule decided. */
  readonly even: boolean;
  /** What kept numbers from being read as such. */
  readonly because: null | "leading zero" | "typed text" | "units";
  /** A cell for which that holds; of numbers with a decimal comma one that has it. */
  readonly example: string | null;
  /** Two spellings of one number in a column of few, as versions have them: 1.1 and 1.10. */
  readonly alike?: readonly [string, string] | null;
}

/** So much of what is present must fit; what does not is a gap. */
const fittingShare = 0.95;

interface Candidate {
  readonly reading: NumberReading | DateReading;
  readonly fits: number;
}

/** Decides on all of a column's texts, or on some of them. */
export function decide(texts: CountedTexts, evidence: Evidence, asked: Asked = {}): Decision {
  const missing = asked.missing ?? missingSpellings;
  const plain = (reading: Reading): Decision => ({ reading, even: false, because: null, example: null });
  if (asked.kind === "category" || (asked.kind === undefined && isProse(texts))) {
    return plain({ as: "category", missing });
  }
  const cells = presentCells(texts, missing);
  const candidates = [
    ...numberCandidates(cells, missing, evidence, asked),
    ...dateCandidates(cells, missing, evidence, asked),
  ];
  const most = Math.max(0, ...candidates.map(({ fits }) => fits));
  const best = candidates.find(({ fits }) => fits === most);
  if (asked.kind !== undefined && best !== undefined) return plain(best.reading);
  if (best === undefined || !isGoodEnough(best, cells)) {
    return { ...plain({ as: "category", missing }), ...unitsMixed(cells) };
  }
  const { reading } = best;
  const kept = reading.as === "number" ? textInstead(cells, reading, evidence) : null;
  if (kept !== null) return { reading: { as: "category", missing }, even: false, ...kept };
  const even = candidates.filter(({ fits, reading: { as } }) => fits === most && as === reading.as).length > 1;
  const example = reading.as === "number" && reading.decimal === "," ? commaIn(cells, reading) : null;
  const alike = reading.as === "number" ? spelledTwice(cells, reading) : null;
  return { reading, even: even && cells.length > 0, because: null, example, alike };
}

/** More different texts than this are measurements, which may be written with any number of digits. */
const versionTexts = 60;

function spelledTwice(cells: readonly PresentCell[], reading: NumberReading): readonly [string, string] | null {
  if (cells.length > versionTexts) return null;
  const numberIn = quantityOf(reading);
  const first = new Map<number, string>();
  for (const { text } of cells) {
    const value = /^\d+[.,]\d+$/.test(text) ? numberIn(text) : null;
    if (value === null) continue;
    const before = first.get(value);
    if (before !== undefined && before !== text) return [before, text];
    first.set(value, text);
  }
  return null;
}

function commaIn(cells: readonly PresentCell[], reading: NumberReading): string | null {
  const fitting = fitter(reading);
  return cells.find(({ text }) => text.includes(",") && fitting(text))?.text ?? null;
}

interface PresentCell {
  readonly text: string;
  readonly rows: number;
}

function presentCells({ texts, rows }: CountedTexts, missing: readonly string[]): readonly PresentCell[] {
  const cells: PresentCell[] = [];
  texts.forEach((text, k) => {
    if (rows[k]! > 0 && !isMissing(text, missing)) cells.push({ text: text.trim(), rows: rows[k]! });
  });
  return cells;
}

/** Where there are so many different texts, the first of them tell whether it is worth reading all as numbers. */
const manyTexts = 20_000;
const fewTexts = 2000;

/** Whether texts are so many and so little like numbers or dates that they are names without another look. */
function isProse({ texts, rows }: CountedTexts): boolean {
  if (texts.length < manyTexts) return false;
  const few = { texts: texts.slice(0, fewTexts), rows: Array.prototype.slice.call(rows, 0, fewTexts) as number[] };
  const cells = presentCells(few, missingSpellings);
  const nothing: Evidence = { decimal: null, order: null, delimiter: null, typed: false };
  const candidates = [...numberCandidates(cells, [""], nothing, {}), ...dateCandidates(cells, [""], nothing, {})];
  return Math.max(...candidates.map(({ fits }) => fits)) < rowsOf(cells) / 4;
}

const rowsOf = (cells: readonly PresentCell[]): number => cells.reduce((sum, { rows }) => sum + rows, 0);

/** Whether a reading fits nearly all cells, or all but those with one word, whose gap then says as much as it did. */
function isGoodEnough({ reading, fits }: Candidate, cells: readonly PresentCell[]): boolean {
  const all = rowsOf(cells);
  if (fits >= fittingShare * all) return fits > 0 || all === 0;
  if (fits < all / 2) return false;
  const fitting = fitter(reading);
  const others = new Set(cells.filter(({ text }) => !fitting(text)).map(({ text }) => text));
  return others.size === 1 && [...others].every((text) => !/\d/.test(text));
}

function fitter(reading: NumberReading | DateReading): (text: string) => boolean {
  const numberIn = reading.as === "number" ? quantityOf(reading) : dateOf(reading.order);
  return (text) => numberIn(text) !== null;
}

function countFits(reading: NumberReading | DateReading, cells: readonly PresentCell[]): Candidate {
  const fitting = fitter(reading);
  return { reading, fits: cells.reduce((sum, { text, rows }) => sum + (fitting(text) ? rows : 0), 0) };
}

/** The unit that most cells have, read with each of the decimal marks that may be meant: the likelier first. */
function numberCandidates(
  cells: readonly PresentCell[],
  missing: readonly string[],
  evidence: Evidence,
  asked: Asked,
): readonly Candidate[] {
  if (asked.kind !== undefined && asked.kind !== "number") return [];
  const units = new Map<string, number>();
  for (const { text, rows } of cells) {
    const found = unitsOf(text);
    if (found === null) continue;
    const key = JSON.stringify([found.prefix, found.suffix]);
    units.set(key, (units.get(key) ?? 0) + rows);
  }
  const [most] = [...units].sort(([, a], [, b]) => b - a);
  const [prefix, suffix] = JSON.parse(most?.[0] ?? '["",""]') as [string, string];
  const marks = asked.decimal === undefined ? likelyMarks(cells, evidence) : [asked.decimal];
  return marks.map((decimal) => countFits({ as: "number", decimal, prefix, suffix, missing }, cells));
}

/** Of texts that fit both marks, those in which there is one: the rest of the file decides, then how such files are. */
function likelyMarks(cells: readonly PresentCell[], { decimal, delimiter }: Evidence): readonly ("." | ",")[] {
  const commas = cells.some(({ text }) => text.includes(","));
  const points = cells.some(({ text }) => text.includes("."));
  if (!commas && !points) return [decimal ?? "."];
  const usual = commas && !points && delimiter === ";" ? "," : ".";
  const first = decimal ?? usual;
  return [first, first === "." ? "," : "."];
}

function dateCandidates(
  cells: readonly PresentCell[],
  missing: readonly string[],
  evidence: Evidence,
  { kind }: Asked,
): readonly Candidate[] {
  if (kind === "number") return [];
  // Whoever parts them by points begins with the day.
  const order = cells.every(({ text }) => text.includes(".")) ? "dmy" : evidence.order;
  const shown = [...shownOrders].sort((a, b) => Number(b === order) - Number(a === order));
  const orders = kind === undefined || kind === "date" ? shown : [kind as DateReading["order"]];
  // Orders that differ in nothing are one: where the names of months tell them, nothing is even.
  const read = orders.map((each) => countFits({ as: "date", order: each, missing }, cells));
  const best = Math.max(...read.map(({ fits }) => fits));
  const same = read.filter(({ fits }) => fits === best);
  if (same.length < 2 || !isSameEverywhere(same, cells)) return read;
  // A month by its name says nothing of the order; the day first is the writing of most.
  return [same.find(({ reading }) => (reading as DateReading).order === "dmy") ?? same[0]!];
}

function isSameEverywhere(candidates: readonly Candidate[], cells: readonly PresentCell[]): boolean {
  const readers = candidates.map(({ reading }) => dateOf((reading as DateReading).order));
  return cells.every(({ text }) => new Set(readers.map((numberIn) => numberIn(text))).size === 1);
}

/** Whether numbers are names after all: whole ones with leading zeros, or texts of a format that has numbers. */
function textInstead(
  cells: readonly PresentCell[],
  reading: NumberReading,
  { typed }: Evidence,
): Pick<Decision, "because" | "example"> | null {
  const fitting = fitter(reading);
  const numbers = cells.filter(({ text }) => fitting(text));
  if (reading.prefix !== "" || numbers.length === 0) return null;
  const padded = numbers.find(({ text }) => /^0\d/.test(text));
  if (padded !== undefined && numbers.every(({ text }) => /^\d+\p{L}*$/u.test(text))) {
    return { because: "leading zero", example: padded.text };
  }
  const plainly = typed && numbers.every(({ text }) => isPlainNumber(text));
  return plainly ? { because: "typed text", example: numbers[0]!.text } : null;
}

/** Whether all cells are numbers, but of different units, or some with a decimal comma and some with a point. */
function unitsMixed(cells: readonly PresentCell[]): Pick<Decision, "because" | "example"> {
  const units = new Map<string, string>();
  for (const { text } of cells) {
    const found = unitsOf(text);
    if (found === null) return { because: null, example: null };
    units.set(`${found.prefix} ${found.suffix}`, text);
  }
  const examples = units.size === 1 ? marksMixed(cells, [...units.keys()][0]!) : [...units.values()];
  if (examples.length < 2 || examples.length > 6 || rowsOf(cells) < 10) return { because: null, example: null };
  return { because: "units", example: examples.join(", ") };
}

/** A cell that only a decimal point fits, and one that only a comma does; none where one of them is not there. */
function marksMixed(cells: readonly PresentCell[], unit: string): readonly string[] {
  const [prefix = "", suffix = ""] = unit.split(" ");
  const [point, comma] = ([".", ","] as const).map((decimal) => quantityOf({ decimal, prefix, suffix }));
  const only = (one: typeof point, other: typeof point) =>
    cells.find(({ text }) => one!(text) !== null && other!(text) === null)?.text;
  const found = [only(point, comma), only(comma, point)];
  return found.filter((text) => text !== undefined).length === 2 ? (found as string[]) : [];
}

/** What the columns of a file show together: the mark and the order that those have which fit no other. */
export function evidenceOf(columns: readonly CountedTexts[]): Pick<Evidence, "decimal" | "order"> {
  const nothing: Evidence = { decimal: null, order: null, delimiter: null, typed: false };
  const votes = { ".": 0, ",": 0, dmy: 0, mdy: 0 };
  for (const texts of columns) {
    const { reading, even } = decide(texts, nothing);
    if (even) continue;
    if (reading.as === "number" && showsMark(reading, texts)) votes[reading.decimal]++;
    if (reading.as === "date" && (reading.order === "dmy" || reading.order === "mdy")) votes[reading.order]++;
  }
  const more = <K extends keyof typeof votes>(a: K, b: K): K | null =>
    votes[a] === votes[b] ? null : votes[a] > votes[b] ? a : b;
  return { decimal: more(".", ","), order: more("dmy", "mdy") };
}

/** Whether cells tell the mark: they fit it and not the other one. */
function showsMark(reading: NumberReading, texts: CountedTexts): boolean {
  const own = fitter(reading);
  const other = fitter({ ...reading, decimal: reading.decimal === "." ? "," : "." });
  return presentCells(texts, reading.missing).some(({ text }) => /[.,]/.test(text) && own(text) && !other(text));
}

/** Texts with their numbers of rows. */
export function countTexts(cells: Iterable<string | null>): CountedTexts {
  const rows = new Map<string, number>();
  for (const cell of cells) if (cell !== null) rows.set(cell, (rows.get(cell) ?? 0) + 1);
  return { texts: [...rows.keys()], rows: [...rows.values()] };
}
