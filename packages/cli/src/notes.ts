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

/** A sum of weights: whole from 100 on, else with four digits. */
const digits = (value: number) => count(value >= 100 ? Math.round(value) : Number(value.toPrecision(4)));

const share = (part: number, all: number) => `${((100 * part) / all).toFixed(1)} %`;

/** Of the columns that a file has. */
export const fileNotes = {
  ...notesOf("file", "notice", {
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
  }),
  ...columnNotesOf("file", "notice", {
    nestedColumn: (name: string) =>
      `${name}: holds lists, objects or bytes and is left out (write its parts as columns of their own)`,
  }),
};

/** What a number would be with the other decimal mark. */
export interface Turned {
  readonly mark: "." | ",";
  readonly value: number;
}

/** A cell that is shown: its row from 1, and its text. */
export interface ShownCell {
  readonly row: number;
  readonly text: string;
}

/** Of how cells are read. */
export const cellNotes = columnNotesOf("cells", "notice", {
  numberWriting: (name: string, text: string, value: number, turned: Turned | null) =>
    `${name}: ${quoted(text)} is read as ${value}${turned === null ? "" : ` (--decimal ${shellWord(`${name}=${turned.mark}`)} reads ${turned.value})`}`,
  dateOrder: (name: string, order: string, other: string | null) =>
    `${name}: dates are read as ${order}${other === null ? "" : ` (--read ${shellWord(`${name}=${other}`)} reads the other order)`}`,
  cellsUnread: (name: string, kind: "number" | "date", cells: number, shown: readonly ShownCell[]) => {
    const [{ row, text }] = shown;
    if (cells === 1)
      return `${name}: row ${row} holds ${quoted(text)}, which is no ${kind}, and counts as missing there`;
    const each = shown.map((cell) => `${quoted(cell.text)} in row ${count(cell.row)}`).join(", ");
    return `${name}: ${count(cells)} cells are no ${kind}s and count as missing: ${each}${cells > shown.length ? " …" : ""}`;
  },
  dateUnread: (name: string, text: string) =>
    `${name}: ${quoted(text)} looks like a date in a format that is not read; the column is taken as a category (write dates as 2020-12-31)`,
  madeEqual: (name: string, one: string, other: string) =>
    `${name}: ${quoted(one)} and ${quoted(other)} are one number (--read ${shellWord(`${name}=category`)} keeps them apart)`,
  leadingZero: (name: string, text: string) =>
    `${name}: ${quoted(text)} begins with 0, so the column is taken as a category (--read ${shellWord(`${name}=number`)})`,
  typedNumbers: (name: string, text: string) =>
    `${name}: holds texts such as ${quoted(text)}, not numbers, and is taken as a category (--read ${shellWord(`${name}=number`)})`,
  unitsMixed: (name: string, examples: string) =>
    `${name}: numbers in different units or writings (${examples}) are taken as a category; write them in one way to have numbers`,
  wordsAreClasses: (name: string, words: readonly string[]) =>
    `${name}: ${listNames(words)} ${words.length === 1 ? "is" : "are"} frequent and so no gap but a class (--missing ${shellWord(`${name}=${words.join(",")}`)} makes ${words.length === 1 ? "it" : "them"} missing)`,
  wordsAreMissing: (name: string, words: readonly string[]) =>
    `${name}: ${listNames(words)} counts as missing (--missing ${shellWord(`${name}=`)} makes it a class)`,
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
    `${name}: ${counted(missing, "row")} (${share(missing, rows)}) ${missing === 1 ? "has no label and is" : "have no label and are"} left out${missing > rows / 2 ? " (--allow-missing-target)" : ""}`,
  classLeftOut: (name: string, rows: number, left: string) =>
    `${name}: ${counted(rows, "row")} of class ${quoted(left)} ${rows === 1 ? "is" : "are"} left out as asked (--drop-classes)`,
  positiveClass: (column: string, { name, rows }: Counted, all: number, why: keyof typeof positiveReasons) =>
    `${column}: ${quoted(name)} ${count(rows)} (${share(rows, all)}) ${positiveReasons[why]}`,
  positiveMeant: (column: string, { name, rows }: Counted, all: number, other: string) =>
    `${column}: ${quoted(name)} ${count(rows)} (${share(rows, all)}) is taken as positive, since the other class is ${quoted(other)} (--positive changes it)`,
  lookAlikes: (name: string, alike: readonly string[], differ: string) =>
    `${name}: ${alike.slice(0, -1).map(quoted).join(", ")} and ${quoted(alike[alike.length - 1])} differ in ${differ} only and are different classes; write them alike to join them`,
  labelsFound: (pattern: string, names: readonly string[]) =>
    `--labels ${plainName(pattern)}: ${counted(names.length, "column")}, ${some(names.map(plainName), 8)}`,
  classes: (name: string, sorted: readonly Counted[]) => {
    const shown = sorted.slice(0, 6).map(({ name, rows }) => `${quoted(name)} ${count(rows)}`);
    const last = sorted.slice(6).at(-1);
    const rest = last === undefined ? "" : `, … ${quoted(last.name)} ${last.rows}`;
    return `${name}: ${sorted.length} classes, ${shown.join(", ")}${rest}`;
  },
  spelling: (name: string, found: string, meant: string) => `${name}: ${quoted(found)} counts as ${quoted(meant)}`,
  labels: (sorted: readonly (Counted & { readonly of: number })[]) => {
    const told = ({ name, rows, of }: Counted & { readonly of: number }) => `${quoted(name)} ${share(rows, of)}`;
    const whose = sorted.every(({ of }) => of === sorted[0].of) ? "the rows" : "the rows that have it";
    return `${sorted.length} labels, each on its own: from ${told(sorted[0])} to ${told(sorted[sorted.length - 1])} of ${whose}`;
  },
  masked: (partial: readonly Counted[], all: number) => {
    const told = partial.map(
      ({ name, rows }) => `label ${plainName(name)}: ${count(rows)} of ${count(all)} rows have no value`,
    );
    const more = told.length > 8 ? `; and ${told.length - 8} labels more` : "";
    return `${told.slice(0, 8).join("; ")} and are masked there${more}`;
  },
  weighted: (name: string, sum: number, effective: number) =>
    `weight: rows count by ${quoted(name)} (sum ${digits(sum)}, effective number of rows ${digits(effective)})`,
  weightedEqually: (name: string, weight: number) =>
    `weight: ${quoted(name)} is ${digits(weight)} in every row, so that all rows count the same`,
  weightZero: (name: string, rows: number) =>
    `weight: ${rows === 1 ? "1 row has the weight 0 and is" : `${count(rows)} rows have the weight 0 and are`} left out (${quoted(name)})`,
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
    timeOrder: (name: string, drift: DriftTold | null, hasTime: boolean) => {
      const change = drift && [quoted(drift.output), share(drift.earlier, 1), share(drift.later, 1)];
      const drifts =
        change === null
          ? ""
          : `, and ${change[0]} goes from ${change[1]} in the earlier half to ${change[2]} in the later`;
      const flag = hasTime ? ` (--time ${shellWord(name)})` : "";
      return `${plainName(name)}: the rows stand in this order${drifts}; folds at random let the future tell the past${flag}`;
    },
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
  ...notesOf("features", "notice", {
    time: (name: string) =>
      `${plainName(name)}: tells the order of the rows, it is no feature (--keep ${shellWord(name)} makes it one, --time)`,
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
export const foldNotes = {
  ...notesOf("folds", "notice", {
    copiesTogether: (rows: number) => `${copied(rows)} and stay in one fold with it (--keep-duplicates parts them)`,
    copiesAsAsked: (rows: number) => `${copied(rows)} and may be in another fold than it, as asked (--keep-duplicates)`,
    copiesHeldTogether: (rows: number) =>
      `${copied(rows)} and stay together with it where settings are chosen (--keep-duplicates parts them)`,
    copiesHeldAsAsked: (rows: number) =>
      `${copied(rows)} and may be held out apart from it where settings are chosen, as asked (--keep-duplicates)`,
    copiesHeldApart: (rows: number) =>
      `${copied(rows)} and are not kept together with it, since no row could be held out then to choose settings`,
    timeBlocks: (name: string, folds: number, rows: number, untested: number) =>
      `${name}: later rows test earlier ones, in ${folds + 1} blocks of about ${count(rows)} rows; each but the first is tested on what all before it teach, ${counted(untested, "row is", "rows are")} only learnt from (--time)`,
    timeOfSettings: (name: string) => `${name}: settings are chosen on later rows than they are learnt from (--time)`,
    timeMissing: (name: string, rows: number) =>
      `${name}: ${counted(rows, "row has", "rows have")} no time and ${rows === 1 ? "is" : "are"} left out (--time)`,
    groupsSeen: (group: string, rows: number) =>
      `${group}: ${counted(rows, "row is", "rows are")} not tested, since rows of ${rows === 1 ? "its group" : "their groups"} come before (--group)`,
    copiesInTime: (rows: number) =>
      `${copied(rows)}; by time they are tested as they come, in one block with it where their times are equal (--time)`,
    copiesTogetherInFile: (rows: number) => `${copied(rows)}; the folds of --folds keep them together`,
    copiesPartedInFile: (rows: number) => `${copied(rows)}; the folds of --folds part them, which flatters every score`,
    copiesParted: (rows: number, folds: number) =>
      `${copied(rows)}; kept together they leave a class in too few places for ${folds} folds, so they are dealt one by one, which may flatter every score${folds > 2 ? " (a smaller --fold-count may keep them together)" : ""}`,
    testUnlabelled: (source: string, rows: number) =>
      `${source}: ${counted(rows, "row has", "rows have")} no label and ${rows === 1 ? "is" : "are"} left out (--test)`,
  }),
  ...notesOf("folds", "warning", {
    testEarly: (source: string, early: number, rows: number) =>
      `${source}: ${count(early)} of ${counted(rows, "row")} ${early === 1 ? "is" : "are"} not later than the last row of the training table, so that the model knows what came after (--time, --test)`,
    testKnown: (source: string, known: number, rows: number) =>
      `${source}: ${count(known)} of ${counted(rows, "row")} ${known === 1 ? "is" : "are"} in the training table, too, and ${known === 1 ? "flatters" : "flatter"} what is measured there (--test)`,
  }),
};

/** Of a table that is predicted, and of what is written beside it. */
export const predictionNotes = {
  ...columnNotesOf("prediction", "notice", {
    columnMissing: (column: string) => `column ${quoted(column)} is not in this table; every value counts as missing`,
    columnUnseen: (column: string, rows: number, examples: readonly string[], treatment: string) =>
      `column ${quoted(column)}: ${counted(rows, "row has a category", "rows have categories")} that the model does not know by name: ${listNames(examples)}; ${treatment}`,
    columnCapitals: (column: string, found: string, meant: string) =>
      `column ${quoted(column)}: ${quoted(found)} counts as ${quoted(meant)}`,
    writtenAsText: (column: string) =>
      `column ${quoted(column)} holds whole numbers that are too long for a number of Parquet, and is written as text`,
  }),
  ...notesOf("prediction", "notice", {
    columnsExtra: (columns: readonly string[]) => `not used by the model: ${listNames(columns)}`,
    columnsTarget: (columns: readonly string[]) =>
      `the target is in this table (${listNames(columns)}); it is not used`,
    renamed: (position: number, column: string, name: string) =>
      `column ${position}, ${quoted(column)}, is called ${quoted(name)} in the output: Parquet wants names that differ in more than capitals`,
    renamedKey: (position: number, column: string, name: string) =>
      `column ${position}, ${quoted(column)}, is called ${quoted(name)} in the output: the names of a JSON object must differ`,
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
