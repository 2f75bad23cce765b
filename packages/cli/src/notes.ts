// What the tool tells without being asked: a note as a value, and the one catalogue of their texts.
import { listNames, plainName, quoted } from "./words/quoted.ts";
import { shellWord } from "./words/shell.ts";
import { count, counted } from "./words/text.ts";

/** Something that was found or done on the way, which the user may want to know or to change. */
export interface Note<Code extends string = NoteCode> {
  /** Which note of the catalogue it is. */
  readonly code: Code;
  readonly about: Subject;
  readonly weight: Weight;
  readonly text: string;
}

/** What a note is about: the columns that the file has, the cells in them, or a later step. */
export type Subject = "file" | "cells" | "target" | "features" | "folds" | "prediction";

/** A detail stands in the report only; a warning says that the figures may be too good to be true. */
export type Weight = "detail" | "notice" | "warning";

type Texts = Readonly<Record<string, (...given: never[]) => string>>;
type Makers<T extends Texts> = {
  readonly [Code in keyof T & string]: (...given: Parameters<T[Code]>) => Note<Code>;
};

/** Texts as functions that make notes, each with its key as its code. */
function notesOf<T extends Texts>(about: Subject, weight: Weight, texts: T): Makers<T> {
  const makers = Object.entries<(...given: never[]) => string>(texts).map(([code, text]) => [
    code,
    (...given: never[]): Note<string> => ({ code, about, weight, text: text(...given) }),
  ]);
  return Object.fromEntries(makers) as Makers<T>;
}

function some(names: readonly string[], most: number): string {
  return names.slice(0, most).join(", ") + (names.length > most ? ` and ${names.length - most} more` : "");
}

const share = (part: number, all: number) => `${((100 * part) / all).toFixed(1)} %`;

/** Of the columns that a file has. */
export const fileNotes = notesOf("file", "notice", {
  unnamedColumn: (position: number) => `column ${position} has no name and is called "column ${position}"`,
  skippedLines: (lines: readonly number[], example: string) => {
    const [first, last] = [lines[0], lines[lines.length - 1]];
    const where = lines.length === 1 ? `line ${first} stands` : `lines ${first} to ${last} stand`;
    return `${where} above the column names and ${lines.length === 1 ? "is" : "are"} skipped${example === "" ? " (blank)" : `: ${quoted(example)}`} (--skip changes it)`;
  },
  valuesAsNames: (example: string) =>
    `the first line looks like values (${quoted(example)}) but is taken as column names (--no-header: there are none)`,
  noHeader: (columns: number) =>
    `no line holds names: ${columns === 1 ? 'the column is called "column 1"' : `columns are called "column 1" to "column ${columns}"`} (--no-header)`,
  rowNames: (name: string) =>
    `the line of names has one name fewer than rows have values: the first value of each is called ${quoted(name)}, as R writes them`,
  namesAgain: (line: number, more: number) =>
    `line ${line}${more === 0 ? "" : ` and ${counted(more, "more line")}`} ${more === 0 ? "holds" : "hold"} the column names again, ${more === 0 ? "is" : "are"} no ${more === 0 ? "row" : "rows"} and left out (--no-header keeps such lines)`,
  commentLines: (line: number, more: number) =>
    `line ${line}${more === 0 ? "" : ` and ${counted(more, "more line")}`} ${more === 0 ? "is a comment" : "are comments"} and left out`,
  delimiterFound: (what: string) => `values are parted by ${what} (--delimiter changes it)`,
  encodingFound: (encoding: string) => `the text is ${encoding}, as its mark says`,
  jsonShape: (where: string) => `the rows of the JSON are ${where}`,
  nestedColumn: (name: string) =>
    `${name}: holds lists, objects or bytes and is left out (write its parts as columns of their own)`,
});

/** Of how cells are read. */
export const cellNotes = notesOf("cells", "notice", {
  decimalComma: (name: string) => `${name}: the comma is read as the decimal point`,
  dateOrder: (name: string, order: string) => `${name}: dates are read as ${order}`,
  textAmongNumbers: (name: string, row: number, text: string) =>
    `${name}: row ${row} holds ${quoted(text)} among numbers, so the column is taken as a category (write NA there to have numbers)`,
  blanksDropped: (name: string, example: string) =>
    `${name}: blanks around a value are dropped, ${quoted(example)} with and without them is one value`,
  digitsLost: (name: string, rows: number, limit: number, [written, read]: readonly [string, number]) =>
    `${name}: ${counted(rows, "whole number")} beyond ${count(limit)} lose digits, as every computation with float64 does: ${written} counts as ${BigInt(Math.trunc(read))}`,
});

/** A class, or a label, with its rows. */
export interface Counted {
  readonly name: string;
  readonly rows: number;
}

const positiveReasons = {
  asked: "is the positive class as asked",
  even: "is as frequent as the other and second by name, taken as positive (--positive changes it)",
  rare: "is the rare class, taken as positive (--positive changes it)",
} as const;

/** Of rows without a label, classes and labels. */
export const targetNotes = notesOf("target", "notice", {
  unlabelled: (name: string, missing: number, rows: number) =>
    `${name}: ${count(missing)} rows (${share(missing, rows)}) have no label and are left out${missing > rows / 2 ? " (--allow-missing-target)" : ""}`,
  classLeftOut: (name: string, rows: number, left: string) =>
    `${name}: ${count(rows)} rows of class ${quoted(left)} are left out as asked (--drop-classes)`,
  positiveClass: (column: string, { name, rows }: Counted, all: number, why: keyof typeof positiveReasons) =>
    `${column}: ${quoted(name)} ${count(rows)} (${share(rows, all)}) ${positiveReasons[why]}`,
  lookAlikes: (name: string, alike: readonly string[]) =>
    `${name}: ${alike.map(quoted).join(" and ")} are written differently and so are different classes`,
  classes: (name: string, sorted: readonly Counted[]) => {
    const shown = sorted.slice(0, 6).map(({ name, rows }) => `${quoted(name)} ${count(rows)}`);
    const last = sorted.slice(6).at(-1);
    const rest = last === undefined ? "" : `, … ${quoted(last.name)} ${last.rows}`;
    return `${name}: ${sorted.length} classes, ${shown.join(", ")}${rest}`;
  },
  spelling: (name: string, found: string, meant: string) => `${name}: ${quoted(found)} counts as ${quoted(meant)}`,
  labels: (sorted: readonly Counted[], all: number) => {
    const told = ({ name, rows }: Counted) => `${quoted(name)} ${share(rows, all)}`;
    return `${sorted.length} labels, each on its own: from ${told(sorted[0])} to ${told(sorted[sorted.length - 1])} of the rows`;
  },
});

const times = (proportional: boolean) => (proportional ? "times a constant" : "times a constant plus another");

/** One column that is another one times a constant. */
export interface CopyTold {
  readonly column: string;
  readonly of: string;
  readonly proportional: boolean;
}

/** Of the columns that are learnt from, and those that are not. */
export const featureNotes = {
  ...notesOf("features", "notice", {
    leftOut: (column: string, why: string, flag: string) => `${plainName(column)}: ${why}, left out (${flag})`,
    leftOutAsAsked: (names: readonly string[]) => `left out as asked (--drop): ${some(names, 8)}`,
    missingCells: (columns: readonly { readonly name: string; readonly missing: number }[]) => {
      const all = columns.reduce((sum, { missing }) => sum + missing, 0);
      const where = columns.map(({ name, missing }) => `${name} ${count(missing)}`);
      return `${count(all)} cells missing in ${columns.length} ${columns.length === 1 ? "column" : "columns"} (${some(where, 6)}); each gets a feature that says so, numbers also the median of the training rows`;
    },
    manyLevels: (name: string, levels: number) =>
      `${plainName(name)}: ${count(levels)} different texts, the 50 most frequent are kept and the rest is one (--drop ${shellWord(name)} leaves it out)`,
    copy: ({ column, of, proportional }: CopyTold) =>
      `${plainName(column)} is ${plainName(of)} ${times(proportional)} · harmless, kept (--drop ${shellWord(column)})`,
    copies: (copies: readonly CopyTold[]) => {
      const each = copies.map(({ column, of, proportional }) => `${column} is ${of} ${times(proportional)}`);
      return `${copies.length} columns are linear copies of others · harmless, kept (--drop): ${some(each, 8)}`;
    },
    group: (name: string, missing: number) =>
      `${name}: its equal values stay together, it is no feature (--group)${missing === 0 ? "" : `; ${counted(missing, "row has", "rows have")} no value there and stay alone`}`,
  }),
  ...notesOf("features", "detail", {
    takenAs: (kind: "numbers" | "dates, in days" | "categories", names: readonly string[]) =>
      `taken as ${kind} (${names.length}): ${some(names, 8)}`,
  }),
  ...notesOf("features", "warning", {
    possibleLeak: (name: string, output: string, auc: number) =>
      `POSSIBLE LEAK: ${plainName(name)} alone tells ${quoted(output)} from the rest with AUC ${auc > 0.9995 ? "1.000" : auc.toFixed(3).slice(1)}; if it is known only afterwards, leave it out (--drop ${shellWord(name)})`,
    moreLeaks: (names: readonly string[], limit: number) =>
      `POSSIBLE LEAK: also ${some(names, 10)} alone reach an AUC over ${String(limit).slice(1)} (--drop)`,
  }),
};

const copied = (rows: number) =>
  rows === 1 ? "1 row has the same features as another" : `${count(rows)} rows have the same features as another`;

/** Of rows with the features of another row: whether they stay in one fold with it, or together without folds. */
export const foldNotes = notesOf("folds", "notice", {
  copiesTogether: (rows: number) => `${copied(rows)} and stay in one fold with it (--keep-duplicates parts them)`,
  copiesAsAsked: (rows: number) => `${copied(rows)} and may be in another fold than it, as asked (--keep-duplicates)`,
  copiesHeldTogether: (rows: number) =>
    `${copied(rows)} and stay together with it where settings are chosen (--keep-duplicates parts them)`,
  copiesHeldAsAsked: (rows: number) =>
    `${copied(rows)} and may be held out apart from it where settings are chosen, as asked (--keep-duplicates)`,
  copiesHeldApart: (rows: number) =>
    `${copied(rows)} and are not kept together with it, since no row could be held out then to choose settings`,
  copiesTogetherInFile: (rows: number) => `${copied(rows)}; the folds of --folds keep them together`,
  copiesPartedInFile: (rows: number) => `${copied(rows)}; the folds of --folds part them, which flatters every score`,
  copiesParted: (rows: number, folds: number) =>
    `${copied(rows)}; kept together they leave a class in too few places for ${folds} folds, so they are dealt one by one, which may flatter every score${folds > 2 ? " (a smaller --fold-count may keep them together)" : ""}`,
});

/** Of a table that is predicted, and of what is written beside it. */
export const predictionNotes = notesOf("prediction", "notice", {
  columnMissing: (column: string) => `column ${quoted(column)} is not in this table; every value counts as missing`,
  columnUnseen: (column: string, rows: number, examples: readonly string[], treatment: string) =>
    `column ${quoted(column)}: ${rows} ${rows === 1 ? "row has a category" : "rows have categories"} that the model does not know by name: ${listNames(examples)}; ${treatment}`,
  columnNotNumber: (column: string, expected: string, rows: number, examples: readonly string[]) =>
    `column ${quoted(column)}: ${expected} were expected, text was found; ${rows === 0 ? "all of it could be read as numbers" : `${rows} ${rows === 1 ? "value" : "values"} that cannot be read as such count as missing: ${listNames(examples)}`}`,
  columnDates: (column: string, expected: string, found: string) =>
    `column ${quoted(column)}: ${expected} were expected, ${found} were found, and are taken as they are; check the column`,
  columnNotText: (column: string, found: string) =>
    `column ${quoted(column)}: categories were expected, ${found} were found, and are compared as text`,
  columnsExtra: (columns: readonly string[]) => `not used by the model: ${listNames(columns)}`,
  columnsTarget: (columns: readonly string[]) => `the target is in this table (${listNames(columns)}); it is not used`,
  renamed: (position: number, column: string, name: string) =>
    `column ${position}, ${quoted(column)}, is called ${quoted(name)} in the output: Parquet wants names that differ in more than capitals`,
  renamedKey: (position: number, column: string, name: string) =>
    `column ${position}, ${quoted(column)}, is called ${quoted(name)} in the output: the names of a JSON object must differ`,
  writtenAsText: (column: string) =>
    `column ${quoted(column)} holds whole numbers that are too long for a number of Parquet, and is written as text`,
  formulas: (cells: number) =>
    `${count(cells)} ${cells === 1 ? "cell begins" : "cells begin"} as a formula does and would run in a spreadsheet; --neutralise-formulas puts an apostrophe before each`,
  neutralised: (cells: number) =>
    `${count(cells)} ${cells === 1 ? "cell that begins" : "cells that begin"} as a formula does got an apostrophe, as asked (--neutralise-formulas)`,
});

/** Every note of the catalogue. */
export type NoteCode =
  | keyof typeof fileNotes
  | keyof typeof cellNotes
  | keyof typeof targetNotes
  | keyof typeof featureNotes
  | keyof typeof foldNotes
  | keyof typeof predictionNotes;
