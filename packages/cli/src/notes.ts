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
  /** The column that it is of, where it is of one. */
  readonly column?: string;
  /** The text with `COLUMN` for the column's name: equal texts of several columns are told as one. */
  readonly pattern?: string;
}

/** What a note is about: the columns that the file has, the cells in them, or a later step, up to what came out. */
export type Subject = "file" | "cells" | "target" | "features" | "folds" | "prediction" | "outcome";

/** A detail stands in the report only; a warning says that the figures may be too good to be true. */
export type Weight = "detail" | "notice" | "warning";

type Texts = Readonly<Record<string, (...given: never[]) => string>>;
type Makers<T extends Texts> = {
  readonly [Code in keyof T & string]: ((...given: Parameters<T[Code]>) => Note<Code>) & Kind;
};

/** What all notes of a code have in common. */
export type Kind = Pick<Note, "about" | "weight">;

/** Texts as functions that make notes, each with its key as its code. */
function notesOf<T extends Texts>(about: Subject, weight: Weight, texts: T): Makers<T> {
  const makers = Object.entries<(...given: never[]) => string>(texts).map(([code, text]) => {
    const make = (...given: never[]): Note<string> => ({ code, about, weight, text: text(...given) });
    return [code, Object.assign(make, { about, weight })];
  });
  return Object.fromEntries(makers) as Makers<T>;
}

type ColumnTexts = Readonly<Record<string, (column: string, ...given: never[]) => string>>;

/** The same for texts of which each is of one column: its name comes first. */
function columnNotesOf<T extends ColumnTexts>(about: Subject, weight: Weight, texts: T): Makers<T> {
  const makers = Object.entries(texts).map(([code, text]) => {
    const make = (column: string, ...given: never[]): Note<string> => {
      const pattern = text(anyColumn, ...given);
      return { code, about, weight, text: text(column, ...given), column, pattern };
    };
    return [code, Object.assign(make, { about, weight })];
  });
  return Object.fromEntries(makers) as Makers<T>;
}

/** What stands for the name of a column in a pattern. */
export const anyColumn = "COLUMN";

function some(names: readonly string[], most: number): string {
  return names.slice(0, most).join(", ") + (names.length > most ? ` and ${names.length - most} more` : "");
}

const share = (part: number, all: number) => `${((100 * part) / all).toFixed(1)} %`;

/** Of the columns that a file has. */
export const fileNotes = {
  ...notesOf("file", "notice", {
    unnamedColumn: (position: number) => `column ${position} has no name and is called "column ${position}"`,
  }),
  ...columnNotesOf("file", "notice", {
    nestedColumn: (name: string) =>
      `${name}: holds lists, objects or bytes and is left out (write its parts as columns of their own)`,
  }),
};

/** Of how cells are read. */
export const cellNotes = columnNotesOf("cells", "notice", {
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

/** A class that is more or less frequent later. */
export interface DriftTold {
  readonly output: string;
  readonly earlier: number;
  readonly later: number;
}

/** Of the columns that are learnt from, and those that are not. */
export const featureNotes = {
  ...columnNotesOf("features", "notice", {
    leftOut: (column: string, why: string) => `${plainName(column)}: ${why}, left out (--keep ${shellWord(column)})`,
    manyLevels: (name: string, levels: number) =>
      `${plainName(name)}: ${count(levels)} different texts, the 50 most frequent are kept and the rest is one (--drop ${shellWord(name)} leaves it out)`,
    copy: (column: string, of: string, proportional: boolean) =>
      `${plainName(column)} is ${plainName(of)} times a constant${proportional ? "" : " plus another"} · harmless, kept (--drop ${shellWord(column)})`,
    repeatingId: (name: string, rows: number) =>
      `${plainName(name)} repeats: ${counted(rows, "row")} each at the median; rows of one in training and in a test flatter every score (--group ${shellWord(name)} keeps them together)`,
    timeOrder: (name: string, drift: DriftTold | null, hasTime: boolean) =>
      `${plainName(name)}: the rows stand in this order${drift === null ? "" : `, and ${quoted(drift.output)} goes from ${share(drift.earlier, 1)} in the earlier half to ${share(drift.later, 1)} in the later`}; folds at random let the future tell the past${hasTime ? ` (--time ${shellWord(name)})` : ""}`,
    alikeLevels: (name: string, pairs: readonly (readonly [string, string])[]) =>
      `${plainName(name)}: ${alike(pairs)} differ in capitals or blanks only and are different texts`,
    alikeNumbers: (name: string, pairs: readonly (readonly [string, string])[]) =>
      `${plainName(name)}: ${alike(pairs)} are one number, but different texts in a category`,
    scaledAway: (name: string, value: number, row: number) =>
      `${plainName(name)}: ${value} in row ${count(row)} is so far off that scaling makes all other values one (correct it, or --drop ${shellWord(name)})`,
    noLevelKept: (name: string, levels: number, told: boolean) =>
      `${plainName(name)}: none of its ${count(levels)} texts is frequent enough for a feature of its own, so that ${told ? "it only says where it is missing" : "it is the same in every row"} (--drop ${shellWord(name)})`,
    strongColumn: (name: string, output: string, auc: number) =>
      `strong column: ${plainName(name)} alone tells ${quoted(output)} from the rest with AUC ${area(auc)}, as a good measurement may; if it is known only afterwards, leave it out (--drop ${shellWord(name)})`,
    group: (name: string, missing: number) =>
      `${name}: its equal values stay together, it is no feature (--group)${missing === 0 ? "" : `; ${counted(missing, "row has", "rows have")} no value there and stay alone`}`,
  }),
  ...notesOf("features", "notice", {
    sameGaps: (names: readonly string[], rows: number) =>
      `${some(names.map(plainName), 12)} are missing in the same ${counted(rows, "row")}: what their gaps say is one thing`,
    leftOutAsAsked: (names: readonly string[]) => `left out as asked (--drop): ${some(names, 8)}`,
    missingCells: (columns: readonly { readonly name: string; readonly missing: number }[]) => {
      const all = columns.reduce((sum, { missing }) => sum + missing, 0);
      const where = columns.map(({ name, missing }) => `${name} ${count(missing)}`);
      return `${counted(all, "cell")} missing in ${counted(columns.length, "column")} (${some(where, 6)}); each gets a feature that says so, numbers also the median of the training rows`;
    },
  }),
  ...notesOf("features", "detail", {
    takenAs: (kind: "numbers" | "dates, in days" | "categories", names: readonly string[]) =>
      `taken as ${kind} (${names.length}): ${some(names, 8)}`,
  }),
  ...columnNotesOf("features", "warning", {
    possibleLeak: (name: string, output: string, auc: number) =>
      `POSSIBLE LEAK: ${plainName(name)} alone tells ${quoted(output)} from the rest with AUC ${area(auc)}; if it is known only afterwards, leave it out (--drop ${shellWord(name)})`,
    leakByGaps: (name: string, what: string, output: string, rows: number) =>
      `POSSIBLE LEAK: ${plainName(name)} is ${what} only where the answer is ${quoted(output)} (${counted(rows, "row")}); if it is known only afterwards, leave it out (--drop ${shellWord(name)})`,
  }),
};

const alike = (pairs: readonly (readonly [string, string])[]) =>
  some(
    pairs.map(([one, other]) => `${quoted(one)} and ${quoted(other)}`),
    3,
  );

const area = (auc: number) => (auc > 0.9995 ? "1.000" : auc.toFixed(3).slice(1));

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
export const predictionNotes = {
  ...columnNotesOf("prediction", "notice", {
    columnMissing: (column: string) => `column ${quoted(column)} is not in this table; every value counts as missing`,
    columnUnseen: (column: string, rows: number, examples: readonly string[], treatment: string) =>
      `column ${quoted(column)}: ${counted(rows, "row has a category", "rows have categories")} that the model does not know by name: ${listNames(examples)}; ${treatment}`,
    columnNotNumber: (column: string, expected: string, rows: number, examples: readonly string[]) =>
      `column ${quoted(column)}: ${expected} were expected, text was found; ${rows === 0 ? "all of it could be read as numbers" : `${counted(rows, "value")} that cannot be read as such ${rows === 1 ? "counts" : "count"} as missing: ${listNames(examples)}`}`,
    columnDates: (column: string, expected: string, found: string) =>
      `column ${quoted(column)}: ${expected} were expected, ${found} were found, and are taken as they are; check the column`,
    columnNotText: (column: string, found: string) =>
      `column ${quoted(column)}: categories were expected, ${found} were found, and are compared as text`,
    writtenAsText: (column: string) =>
      `column ${quoted(column)} holds whole numbers that are too long for a number of Parquet, and is written as text`,
  }),
  ...notesOf("prediction", "notice", {
    columnsExtra: (columns: readonly string[]) => `not used by the model: ${listNames(columns)}`,
    columnsTarget: (columns: readonly string[]) =>
      `the target is in this table (${listNames(columns)}); it is not used`,
    renamed: (position: number, column: string, name: string) =>
      `column ${position}, ${quoted(column)}, is called ${quoted(name)} in the output: Parquet wants names that differ in more than capitals`,
    formulas: (cells: number) =>
      `${counted(cells, "cell begins", "cells begin")} as a formula does and would run in a spreadsheet; --neutralise-formulas puts an apostrophe before each`,
    neutralised: (cells: number) =>
      `${counted(cells, "cell that begins", "cells that begin")} as a formula does got an apostrophe, as asked (--neutralise-formulas)`,
  }),
};

/** Of what the folds came to. */
export const outcomeNotes = notesOf("outcome", "notice", {
  edgeOfGrid: (family: string, setting: string, chosen: number, folds: number, isFast: boolean) =>
    `${family}: ${setting} is at the edge of its grid, and was chosen in ${count(chosen)} of ${counted(folds, "fold")}; what is beyond was not tried${isFast ? " (--fast tries fewer)" : ""}`,
});

/** The makers of all notes, by their codes. */
export const everyNote = {
  ...fileNotes,
  ...cellNotes,
  ...targetNotes,
  ...featureNotes,
  ...foldNotes,
  ...predictionNotes,
  ...outcomeNotes,
};

/** Every note of the catalogue. */
export type NoteCode = keyof typeof everyNote;
