// Every error of the tool: one class, and one catalogue of texts that name the place and the way out.
import { listNames, quoted } from "./words/quoted.ts";
import { listWord, shellWord } from "./words/shell.ts";

/** What a user did that cannot work; the tool prints the message and exits with 2. */
export class CliError extends Error {
  override readonly name = "CliError";
}

const meant = (nearest: string | null): string => (nearest === null ? "" : `; did you mean ${quoted(nearest)}?`);

/** A line as an editor counts, and as a spreadsheet does, for which a line break inside of a cell begins no line. */
export interface LineAt {
  readonly row: number;
  readonly line: number;
}

const lineAt = ({ row, line }: LineAt): string =>
  row === line ? `line ${line}` : `line ${row} (line ${line} in an editor, a cell above holds a line break)`;

const listWords = (words: readonly string[]): string => words.join(" and ");

/** The texts about tables, targets and features. */
export const tableTexts = {
  noSuchFile: (path: string) =>
    `${path}: there is no such file; check the path (a table is read from CSV, TSV, Parquet, JSON or JSONL, also .csv.gz)`,
  notAFile: (path: string) => `${path}: this is a directory, a table is one file; name the file inside it`,
  notPlain: (path: string) =>
    `${path}: this is a device, a table is a file or what comes through a pipe; write it to a file first and name that file`,
  oddName: (path: string, reason: string) =>
    `${path}: a name with *, ?, [ or \\ is read by way of the temporary folder, which cannot be written (${reason}); set TMPDIR, or name the file without them`,
  changed: (path: string) =>
    `${path}: the file changed while it was read; wait until nothing writes to it any more, or copy it and name the copy`,
  noPermission: (path: string) => `${path}: the file cannot be read; check its permissions`,
  emptyFile: (path: string) => `${path}: the file is empty; a table needs a line of column names and rows below it`,
  headerOnly: (path: string) =>
    `${path}: column names but no rows; a comparison needs rows, export the table again with its data`,
  binary: (path: string) =>
    `${path}: this is not a table (binary content); expected CSV, TSV, Parquet, JSON or JSONL, also compressed with gzip`,
  nulInName: (path: string, name: string) =>
    `${path}: the name of column ${quoted(name)} holds a NUL, which no other program can show; rename it`,
  nulInText: (path: string, name: string, row: number) =>
    `${path}: column ${quoted(name)} holds a NUL in row ${row}, which is no text that can be written again; remove it, most often it is a leftover of binary data`,
  archive: (path: string) =>
    `${path}: this is a zip archive or an Excel workbook; save the sheet as CSV (UTF-8), or unpack the archive, and name that file`,
  utf16: (path: string, name: string) =>
    `${path}: the text seems to be UTF-16 without a mark, expected UTF-8; say so with --encoding ${name}`,
  notUtf8: (path: string, line: number) =>
    `${path}: line ${line} is not valid UTF-8; say what it is, most often --encoding windows-1252, or convert the file, for instance: iconv -f windows-1252 -t utf-8 OLD > NEW`,
  notInEncoding: (path: string, line: number, encoding: string) =>
    `${path}: line ${line} is not valid ${encoding}; name another one with --encoding`,
  raggedRow: (path: string, line: LineAt, found: number, expected: number, names = "the first line") =>
    `${path}: ${lineAt(line)} has ${found} ${found === 1 ? "value" : "values"}, ${names} has ${expected}; correct that line, or put quotes around a value that holds the delimiter`,
  skippedAll: (path: string, skip: number, lines: number) =>
    `${path}: --skip ${skip} leaves nothing, the file has ${lines} ${lines === 1 ? "line" : "lines"}; give the number of lines above the column names`,
  textFlags: (path: string, flags: readonly string[], format: string) =>
    `${path}: this is ${format}, for which ${listWords(flags)} ${flags.length === 1 ? "means" : "mean"} nothing; leave ${flags.length === 1 ? "it" : "them"} out`,
  unclosedQuote: (path: string, line: number) =>
    `${path}: line ${line} has a quote that is not closed where it should be; close it, and write a quote inside a quoted value twice ("")`,
  loneReturn: (path: string, line: number) =>
    `${path}: line ${line} does not end like the lines before it: a carriage return alone and a line feed cannot both end lines; put quotes around a value that holds one, or make all ends alike, for instance: tr '\\r' '\\n' < OLD > NEW`,
  lineTooLong: (path: string, line: number) =>
    `${path}: line ${line} is longer than a line can be; most often a quote before it was never closed: close it`,
  headerTooLong: (path: string) =>
    `${path}: the first line does not end within the first 4 MB; expected column names, most often a quote was never closed or this is not a table`,
  nestedTooDeep: (path: string, line: number, limit: number) =>
    `${path}: line ${line} is nested more than ${limit} levels deep; expected objects that hold values: write their parts as columns of their own`,
  miscounted: (path: string, found: number, expected: number) =>
    `${path}: ${found.toLocaleString("en")} rows were read of ${expected.toLocaleString("en")} that are in the file; expected every row once: export the table again, Parquet is the safest`,
  tooLarge: (path: string, rows: string, columns: number, needed: string, limit: string) =>
    `${path}: ${rows} rows of ${columns.toLocaleString("en")} ${columns === 1 ? "column" : "columns"} need ${needed} than the ${limit} of memory that may be taken; allow more with --max-memory, or write the table with fewer rows or columns`,
  tooManyTexts: (path: string, texts: number, limit: string) =>
    `${path}: more than ${texts.toLocaleString("en")} different texts, which need more than the ${limit} of memory that may be taken; leave out columns of free text or identifiers, or allow more with --max-memory (and, beyond half of what Node.js takes, NODE_OPTIONS=--max-old-space-size=MEGABYTES)`,
  outOfMemory: (path: string, limit: string) =>
    `${path}: reading needs more than the ${limit} of memory that may be taken; allow more with --max-memory, or write the table with fewer columns or shorter values`,
  malformedJson: (path: string, detail: string) =>
    `${path}: this is not valid JSON (${detail}); expected a list of objects, or one object on each line`,
  jsonLists: (path: string) =>
    `${path}: the JSON holds lists whose first has no names; say --no-header (then columns are called "column 1", "column 2"), --header if the first list holds the names, or write objects such as [{"age": 31, "churn": "no"}]`,
  jsonSeveral: (path: string, keys: readonly string[]) =>
    `${path}: the JSON holds several lists that could be the rows (${keys.map((key) => `under ${quoted(key)}`).join(", ")}); write the one that is meant as a file of its own`,
  jsonEven: (path: string) =>
    `${path}: the JSON is an object of objects, in which rows cannot be told from columns; write a list of objects such as [{"age": 31, "churn": "no"}] (pandas: orient="records")`,
  jsonRagged: (path: string, row: number, found: number, expected: number) =>
    `${path}: row ${row} of the JSON has ${found} ${found === 1 ? "value" : "values"}, but there are ${expected} ${expected === 1 ? "name" : "names"}; correct it`,
  jsonTooLarge: (path: string, limit: string) =>
    `${path}: the JSON is no list of objects, and larger than the ${limit} up to which other forms are read; write one object on each line (pandas: orient="records", lines=True)`,
  jsonNotRecords: (path: string) =>
    `${path}: the JSON holds no rows; expected a list of objects such as [{"age": 31, "churn": "no"}], or one object on each line`,
  unreadable: (path: string, detail: string) =>
    `${path}: the table cannot be read (${detail}); expected CSV, TSV, Parquet, JSON or JSONL, also compressed with gzip: export it again`,
  noColumns: (path: string) =>
    `${path}: no column that can be used; expected at least a target and one feature, export the table again`,
  duplicateColumn: (path: string, name: string, first: number, second: number) =>
    `${path}: columns ${first} and ${second} are both named ${quoted(name)}, names must differ; rename one of them${/^[+-]?[\d.]+$/.test(name) ? ", or say --no-header if the first line holds values" : ""}`,
  tooManyColumns: (path: string, found: number, limit: number) =>
    `${path}: ${found.toLocaleString("en")} columns, at most ${limit.toLocaleString("en")} are read; keep the columns that matter, or write the table with fewer (for counts of words or genes: select or project them first)`,
  infinite: (path: string, column: string, row: number, droppable: boolean) =>
    `${path}: column ${quoted(column)} is infinite in row ${row}, a feature must be a finite number; write a number or leave the cell empty (then it is missing, as every infinity is with --missing ${shellWord(`${column}=inf,-inf`)})${droppable ? `, or leave the column out with --drop ${shellWord(column)}` : ""}`,
  reordered: (path: string) =>
    `${path}: its rows did not come in the same order twice, so that no prediction can stand beside them; nothing was written: write the table as Parquet and name that file`,
  unknownColumn: (flag: string, name: string, nearest: string | null, columns: readonly string[]) =>
    `${flag}: the table has no column ${quoted(name)}${nearest === null ? `; it has ${listNames(columns)}` : meant(nearest)}${columns.some((each) => /^[+-]?\d*\.\d+$/.test(each)) ? '; if its first line holds values, say --no-header, and columns are called "column 1", "column 2"' : ""}`,

  noTarget: () => `target: no column was named; name the column that holds the classes`,
  noColumnFits: (pattern: string, columns: readonly string[]) =>
    `--labels: no column fits ${quoted(pattern)}; the table has ${listNames(columns)} (* stands for any characters, ? for one)`,
  targetTwice: (name: string) => `target: ${quoted(name)} is named twice; name each target column once`,
  targetContinuous: (name: string, levels: string) =>
    `target: ${quoted(name)} holds numbers (${levels} different values), expected classes; this tool does not predict quantities: write the question as classes, for instance a column that says whether ${quoted(name)} is above a limit`,
  targetTooManyClasses: (name: string, levels: number) =>
    `target: ${quoted(name)} has ${levels.toLocaleString("en")} different values, at most 100 classes are compared; merge rare classes, keep the frequent ones, or check that this is the target and not a name or a text`,
  targetEmpty: (name: string) =>
    `target: ${quoted(name)} is missing in every row; expected a class in each, name another column`,
  targetMissing: (name: string, missing: number, rows: number) =>
    `target: ${quoted(name)} is missing in ${missing.toLocaleString("en")} of ${rows.toLocaleString("en")} rows, more than half; check the column, or go on with the others by --allow-missing-target`,
  oneClass: (name: string, level: string, rows: number) =>
    `target: ${quoted(name)} is ${quoted(level)} in all ${rows.toLocaleString("en")} rows, expected at least two classes; add rows of another class or name another target`,
  tinyClasses: (name: string, levels: readonly string[], others: number) =>
    `target: ${quoted(name)} has a single row of ${levels.length === 1 ? "class" : "each of the classes"} ${listNames(levels)}, a class needs at least 2; ${others < 2 ? "add rows" : `merge it with another class in the table, or leave it out with --drop-classes ${listWord(levels.slice(0, 5))}`}`,
  droppedTooMany: (name: string) =>
    `target: --drop-classes leaves fewer than two classes of ${quoted(name)}; keep at least two`,
  unknownClass: (flag: string, name: string, found: string, levels: readonly string[], nearest: string | null) =>
    `${flag}: ${quoted(found)} is no class of ${quoted(name)}, which has ${listNames(levels)}${meant(nearest)}`,
  positiveOfMany: (name: string, classes: number) =>
    `--positive: ${quoted(name)} has ${classes} classes, a positive class exists only where there are two; leave the flag out`,
  labelNotBinary: (name: string, levels: readonly string[]) =>
    `target: with several targets each must be 0/1, true/false or yes/no, but ${quoted(name)} has ${listNames(levels)}; write it as 0/1, say which value means present with --positive, or name one target only`,
  labelConstant: (name: string, level: string, partial = false) =>
    `target: label ${quoted(name)} is ${quoted(level)} in every row${partial ? " that has it" : ""}, expected both values; leave this label out`,
  labelTooRare: (name: string, level: string) =>
    `target: label ${quoted(name)} is ${quoted(level)} in one row only, expected at least 2; leave this label out or add rows`,

  testColumns: (source: string, absent: readonly string[], targets: readonly string[]) => {
    const needed = absent.filter((name) => targets.includes(name));
    const wayOut = needed.length > 0 ? "add the true classes" : "add them, or leave them out with --drop";
    return `--test: ${source} has no ${absent.length === 1 ? "column" : "columns"} ${listNames(absent)}; ${wayOut}`;
  },
  testClass: (source: string, row: number, found: string, target: string, classes: readonly string[]) =>
    `--test: row ${row} of ${source} is of class ${quoted(found)}, which ${quoted(target)} does not have in the training table: ${listNames(classes)}; write it as there, or leave such rows out`,
  testWithoutLabels: (source: string) =>
    `--test: ${source} has no row with a label, so nothing can be judged on it; give a table with the true classes`,
  weightCell: (name: string, row: number, found: string) =>
    `weight: ${quoted(name)} ${found} in row ${row}, expected a number that is not negative in each row with a label; correct the cell, write 0 where a row is not to count, or leave --weight out`,
  weightDates: (name: string) =>
    `weight: ${quoted(name)} holds dates, expected numbers that are not negative; name another column (--weight)`,
  weightZero: (name: string) =>
    `weight: ${quoted(name)} is 0 in every row with a label, expected some rows that count; name another column (--weight)`,
  weightClass: (name: string, level: string) =>
    `weight: ${quoted(name)} is 0 in every row of ${quoted(level)}, expected some rows of it that count; correct the weights, or leave it out of the target`,
  weightIsToo: (flag: string, name: string) =>
    `--weight, ${flag}: ${quoted(name)} is named by both, expected two columns; take it off one of them`,

  dropsTarget: (flag: string, name: string) =>
    `${flag}: ${quoted(name)} is the target, expected another column; take it off ${flag}`,
  droppedAndKept: (name: string) => `--drop, --keep: ${quoted(name)} is in both; decide for one`,
  noFeatures: (dropped: readonly { column: string; why: string; flag: string }[]) => {
    if (dropped.length === 0)
      return `features: no column is left beside the target; the table needs at least one feature`;
    const left = dropped.slice(0, 5).map(({ column, why }) => `${quoted(column)} (${why})`);
    const more = dropped.length > 5 ? ` and ${dropped.length - 5} more` : "";
    const useless = dropped.find(({ flag }) => flag !== "--drop");
    const wayOut = useless === undefined ? "take one off --drop" : `keep one with --keep ${shellWord(useless.column)}`;
    return `features: no column is left: ${left.join(", ")}${more}; add a feature, or ${wayOut}`;
  },
} as const;

/** The texts about how cells are read. */
export const readingTexts = {
  misfit: (path: string, column: string, row: number, text: string, kind: "number" | "date") =>
    `${path}: column ${quoted(column)} holds ${quoted(text)} in row ${row}, expected a ${kind}; correct the cell, say that it is missing with --missing ${shellWord(`${column}=${text}`)}, or leave --strict out (then it counts as missing)`,
  otherKind: (column: string, asked: string, learnt: string) =>
    `--read: ${quoted(column)} cannot be read as a ${asked}, the model has learnt it as a ${learnt}; leave the flag out, or fit the model again`,
  noKind: (found: string, known: readonly string[]) =>
    `--read: ${quoted(found)} is no reading; expected COLUMN=KIND with one of: ${known.join(", ")}`,
  noMark: (flag: string, found: string, known: readonly string[]) =>
    `${flag}: ${quoted(found)} is no mark; expected ${known.join(" or ")}, of one column as COLUMN=MARK`,
} as const;

/** The texts about folds and metrics. */
export const foldTexts = {
  foldCount: (found: number) =>
    `folds: the number of folds is ${found}, but a whole number of at least 2 is expected; use --fold-count 5`,
  fewerRowsThanFolds: (rows: number, folds: number) =>
    `folds: there are ${rows} rows with a label, but ${folds} folds need at least ${folds}; ${rows < 2 ? "give a table with more rows" : `use --fold-count ${rows} or fewer`}`,
  rareClass: (name: string, found: number, folds: number, grouped: boolean) =>
    `folds: class ${quoted(name)} has ${found} ${grouped ? (found === 1 ? "group of rows" : "groups of rows") : found === 1 ? "row" : "rows"}, but ${folds} folds need at least ${folds}; ${found < 2 ? "leave the class out, or join it with another one" : `use --fold-count ${found}`}${grouped ? ", or smaller groups (--group)" : ""}`,
  rareLabel: (name: string, value: 0 | 1, found: number, folds: number, grouped: boolean) =>
    `folds: label ${quoted(name)} is ${value} in ${found} ${grouped ? (found === 1 ? "group of rows" : "groups of rows") : found === 1 ? "row" : "rows"}, but ${folds} folds need at least ${folds}; ${found < 2 ? "leave the label out" : `use --fold-count ${found}, or leave the label out`}`,
  classInOneFold: (name: string, fold: number, folds: number) =>
    `folds: all rows of class ${quoted(name)} are in fold ${fold}, so that no model can learn it from the others; its groups are too large: use ${folds > 2 ? "fewer folds (--fold-count 2), or " : ""}other groups (--group)`,
  noHoldout: (rows: number) =>
    `folds: ${rows} training rows cannot be split again to choose settings, because they are one group; use smaller groups (--group)`,
  fileEmpty: (source: string) =>
    `${quoted(source)}: the table of folds has no columns, but one for each repeat is expected`,
  fileRows: (source: string, found: number, expected: number) =>
    `${quoted(source)}: the table of folds has ${found} rows, but the table has ${expected}; give one row for each, in the same order (--folds)`,
  fileColumn: (source: string, column: string, found: string) =>
    `${quoted(source)}: column ${quoted(column)} holds ${found}, but whole numbers that name a fold are expected (--folds)`,
  fileOneFold: (source: string, column: string) =>
    `${quoted(source)}: column ${quoted(column)} has one fold only, but at least 2 are expected (--folds)`,
  fileSpellings: (source: string, column: string, one: string, other: string) =>
    `${quoted(source)}: column ${quoted(column)} names a fold ${quoted(one)} and ${quoted(other)}, the same number in two spellings; write it in one (--folds)`,
  fileFoldSize: (source: string, column: string, fold: string, found: number) =>
    `${quoted(source)}: fold ${fold} of column ${quoted(column)} has ${found === 0 ? "no row" : "1 row"} with a label, but at least 2 are expected to judge a model on (--folds)`,
  fileCounts: (source: string, first: string, one: number, second: string, other: number) =>
    `${quoted(source)}: column ${quoted(first)} has ${one} folds and column ${quoted(second)} has ${other}, but all repeats need the same number (--folds)`,
  fileClass: (source: string, column: string, fold: string, name: string) =>
    `${quoted(source)}: without fold ${fold} of column ${quoted(column)} no row of class ${quoted(name)} is left to learn from; spread the class over at least 2 folds (--folds)`,
  timeIsText: (name: string, example: string) =>
    `--time: ${quoted(name)} holds text, such as ${quoted(example)}, but dates or numbers are expected; write them as 2024-01-31 or 2024-01-31 13:30, or say how they are read (--read ${shellWord(name)}=day/month/year)`,
  timeEmpty: (name: string) =>
    `--time: ${quoted(name)} has no value in any row, but dates or numbers are expected; name another column`,
  timeAndGroup: (name: string) =>
    `--time, --group: ${quoted(name)} is in both; equal times stay in one block as it is, leave it out of --group`,
  timeTooFew: (name: string, times: number, folds: number) =>
    `--time: ${quoted(name)} has ${times} different ${times === 1 ? "time" : "times"}, but ${folds} folds need ${folds + 1} blocks of rows that follow each other; ${times > 2 ? `use --fold-count ${times - 1}` : "leave --time out"}`,
  timeWithoutClass: (
    { block, of, from, to }: { block: number; of: number; from: string; to: string },
    name: string,
    fewer: number | null,
  ) =>
    `--time: block ${block} of ${of} (${from} to ${to}) has no row of class ${quoted(name)} to ${block === 1 ? "learn from" : "test"}; ${fewer === null ? "no smaller --fold-count helps: take rows of another span, or leave --time out" : `use --fold-count ${fewer}`}`,
  noScores: (found: number) =>
    `comparison: ${found === 0 ? "no fold has" : "only one fold has"} a score that is a number, but at least 2 are expected; use another --metric or fewer folds (--fold-count)`,
} as const;

/** The texts about models and training. */
export const modelTexts = {
  lossNotFinite: (what: string) =>
    `training of ${what}: the loss became NaN or infinite, a finite number was expected; ` +
    "look for columns with huge values and leave them out with --drop",
} as const;

/** The texts about libraries that grow trees. */
export const libraryTexts = {
  noTrees: (engine: string, models: readonly string[]) =>
    `--engine: ${engine} can grow trees only, but ${models.join(", ")} ${models.length === 1 ? "is" : "are"} to be trained; name a model that it can do with --model, or leave --engine out`,
  noEngine: () => "--library: there is no --engine that would use it; name one of them, or leave --library out",
  noKoffi: () =>
    "--engine: libraries are called by the package koffi, which is not installed; install it beside surprisal-cli: npm install koffi@3",
  notFound: (title: string, variable: string, installed: string) =>
    `--engine: ${title} was found neither by the system nor in Python's packages; install it (${installed}), or say where it is with --library or ${variable}`,
  noSuchLibrary: (by: string, path: string, title: string) =>
    `${by}: there is no ${path}; name the file of ${title}'s library, or the folder of its Python package`,
  notInFolder: (by: string, path: string, title: string) =>
    `${by}: the library of ${title} is not in ${path}; name its file, or the folder of its Python package`,
  notALibrary: (path: string, detail: string) =>
    `--library: ${path} cannot be loaded (${detail}); name a shared library for this system and processor`,
  lacksFunction: (path: string, wanted: string, name: string) =>
    `--library: ${path} is not ${wanted} or newer: it lacks ${name}; name another file, or install a newer version`,
  refused: (title: string, detail: string) =>
    `${title}: ${detail.split("\n", 1)[0]}; the trees of surprisal itself are grown without --engine`,
  slopesNotFinite: (title: string) =>
    `${title}: a gradient or curvature is NaN or infinite, a finite number was expected; look for columns with huge values and leave them out with --drop`,
  strangeTree: (title: string, found: string) =>
    `${title}: a tree has ${found}, which was not asked for; use another version, or leave --engine out`,
} as const;

/** The texts about model files and prediction. */
export const fileTexts = {
  noFeatures: () => "model file: no feature is left, so there is nothing to predict from; keep a column with --keep",
  cannotWrite: (path: string, reason: string) =>
    `${path}: cannot be written (${reason}); nothing was left behind; name another place with --output`,
  cannotRead: (path: string, reason: string) =>
    `${path}: cannot be read (${reason}); give the path of a model that compare or fit has saved (.onnx)`,
  notOnnx: (path: string) =>
    `${path}: this is not an ONNX file, or it was cut off; give a model that compare or fit has saved (.onnx)`,
  foreignModel: (path: string, producer: string) =>
    `${path}: an ONNX file${producer === "" ? "" : ` of ${quoted(producer)}`} without the metadata of surprisal; either another program wrote it, or it was cut off: predict reads models that compare or fit has saved`,
  newerModel: (path: string, found: unknown, known: readonly number[]) =>
    `${path}: the file has form ${quoted(String(found))}, this version reads forms ${known.join(" and ")}; use the version of surprisal-cli that wrote it`,
  damagedModel: (path: string) =>
    `${path}: the file was damaged or changed after it was written (its checksum differs); make it again with compare or fit`,
  modelLossUnknown: (path: string, loss: string) =>
    `${path}: the model was trained with the loss ${quoted(loss)}, which this version does not know; use the version of surprisal-cli that wrote it`,
  columnsMissing: (source: string, columns: readonly string[]) =>
    `${source}: ${columns.length === 1 ? "the column" : `${columns.length} columns`} ${listNames(columns)} of the model ${columns.length === 1 ? "is" : "are"} not in this table; add ${columns.length === 1 ? "it" : "them"}, or treat ${columns.length === 1 ? "it" : "them"} as missing values with --allow-missing-columns${columns.every((each) => /^column \d+$/.test(each)) ? ", or say --no-header if the table has no line of names" : ""}`,
  outputFormat: (path: string) =>
    `${path}: predictions are written as CSV, Parquet or JSON; end the name in .csv, .parquet, .json or .jsonl`,
  neutraliseTyped: (path: string) =>
    `--neutralise-formulas: ${path} is no CSV, and nothing runs in it; leave the flag out, or end the name in .csv`,
  overwrites: (path: string, input: string) =>
    `${path === input ? path : `${path} is ${input}`}: this file is read and would be replaced; name another place with --output`,
  noPassing: (folder: string, reason: string) =>
    `${folder}: a temporary file cannot be written there (${reason}); make room, or set TMPDIR to another folder`,
  noPipe: (path: string, reason: string) => `${path}: the pipe cannot be read (${reason}); write the table to a file`,
  noTrueProbability: (row: string, reason: string) => `${row}: no true probability can be given: ${reason}`,
} as const;

const flagsOut = (flags: readonly string[]) => (flags.join(", ").includes(",") ? "the flags out" : "the flag out");

/** The texts about commands and their flags. */
export const commandTexts = {
  unknownLoss: (place: string, name: string, nearest: string | null, known: readonly string[]) =>
    `${place}: there is no loss ${quoted(name)}${meant(nearest)}${nearest === null ? ";" : ""} the losses are: ${known.join(", ")}${place === "--loss" ? "; classes are weighted with --alpha" : ""}`,
  settingRefused: (place: string, reason: string) =>
    `${place}: ${reason}; \`surprisal show LOSS\` tells what a loss takes`,
  noCosts: () =>
    "--miss-costs, --false-alarm-costs: both are 0, so every threshold is as good; give at least one that is more",
  goalsOfMany: (flags: readonly string[], name: string) =>
    `${flags.join(", ")}: ${quoted(name)} has more than two classes, a threshold is chosen only where there are two; leave ${flagsOut(flags)}`,
  goalsOfLabels: (flags: readonly string[], labels: number) =>
    `${flags.join(", ")}: there are ${labels} labels, a threshold is chosen for one target at a time; leave ${flagsOut(flags)}, or name one target`,
  topOfFewer: (rows: number, all: number) =>
    `--top: ${rows.toLocaleString("en")} of ${all.toLocaleString("en")} rows cannot be flagged; give fewer rows, or a share such as 5%`,
  tooManyFolds: (folds: number, repeats: number, most: number) =>
    `--fold-count, --repeats: ${folds} folds in ${repeats} repeats are ${(folds * repeats).toLocaleString("en-US")} trainings of everything, at most ${most.toLocaleString("en-US")} are done; give fewer`,
  resumeUnsaved: () =>
    "--resume and --no-save exclude each other: what is not saved cannot go on; leave one of them out",
  nothingToResume: (path: string) => `--resume: there is no ${path}; the comparison begins anew`,
  journalStopped: (path: string, reason: string) =>
    `${path}: cannot be written (${reason}); the folds before are kept: make room and go on with --resume, or name another folder with --output`,
  refused: (reason: string) => `${reason} (the library refused this; other flags or other rows may help)`,
  fault: (what: string, where: string) =>
    `a fault in surprisal itself, not in your table: ${what}${where}; please report it with the command that you gave`,
  unknownAlpha: (found: string, known: readonly string[]) =>
    `--alpha: ${quoted(found)} is no weighting; expected one of: ${known.join(", ")}`,
  thresholdAbove: (found: number) => `--threshold: ${found} is no probability; expected a number from 0 to 1`,
  settingTwice: (place: string, name: string) =>
    `${place}: ${quoted(name)} is set twice; give each parameter of the loss one value`,
  settingNotNumber: (found: string) => `--set: ${quoted(found)} is no setting; expected name=number, such as gamma=2`,
  fastAndThorough: () => "--fast and --thorough exclude each other; give one of them",
  timeAndRepeats: () =>
    "--time and --repeats exclude each other: rows have one order in time, so their folds can be dealt once; leave --repeats out",
  timeAndFolds: () => "--time and --folds exclude each other: both say which rows test which; leave one of them out",
  otherJournal: (path: string) =>
    `--resume: ${path} belongs to another comparison (other table, flags or version); run without --resume to begin anew`,
  journalDamaged: (path: string, lines: number) =>
    `${path}: ${lines === 1 ? "a line is" : `${lines} lines are`} damaged or of another comparison, and left out; folds that are missing now are run again`,
  journalCutOff: (path: string) => `${path}: the last line is cut off, as by a crash; its fold is run again`,
  locked: (stem: string) =>
    `--output: another run is writing ${stem}.*; wait until it has ended, or name another folder`,
  unwritable: (path: string, reason: string) => `--output: ${path} cannot be written (${reason}); name another folder`,
  trainedSlowly: (reason: string) =>
    `networks are trained without WASM, many times slower (${reason}); --model linear does not need it`,
  noTargetFor: (flag: string) => `${flag} says something of the target; name the column: surprisal check TABLE TARGET`,
  interruptedEarly: (finished: number, all: number, saved: boolean) =>
    `stopped after ${finished} of ${all} folds, too few to say anything; ${saved ? "--resume goes on from there" : "nothing was left behind"}`,
} as const;

/** The texts about the value of a flag, which stand behind its name: commander writes `option '--top <rows>' ...`. */
export const valueTexts = {
  names: () => "Expected names, separated by commas.",
  path: () => "Expected a path.",
  atMost: (whole: boolean, most: number) => `Expected a ${whole ? "whole " : ""}number of at most ${most}.`,
  atLeast: (whole: boolean, least: number) => `Expected a ${whole ? "whole " : ""}number of at least ${least}.`,
  tooLarge: () => "Expected a number below 2^53.",
  size: (least: string) => `Expected a size of at least ${least}, such as 512MB or 4GB.`,
  share: () => "Expected a share above 0 and up to 1, such as 0.9 or 90%.",
  rows: () => "Expected a number of rows, such as 100, or a share of them, such as 5%.",
  models: () => "Expected the names of models, separated by commas, such as linear,mlp.",
  oneModel: () => "One model is fitted at a time; name one, or compare several with surprisal compare.",
  allModelsAlone: () => "all stands for every model; give it alone.",
  modelTwice: (name: string) => `${quoted(name)} is named twice; give each model once.`,
  unknownModel: (name: string, nearest: string | null, known: readonly string[]) =>
    `There is no model ${quoted(name)}${meant(nearest)}${nearest === null ? ";" : ""} the models are: ${known.join(", ")}.`,
  unknownCheck: (given: string, nearest: string | null, known: readonly string[]) =>
    `There is no check ${quoted(given)}${meant(nearest)}; known: ${known.join(", ")} (docs/checks.md says what they mean).`,
  delimiter: () => "Expected one letter, tab, or space for runs of blanks.",
  encoding: () => "Expected the name of an encoding, such as utf-8, windows-1252, iso-8859-15, utf-16le or shift_jis.",
} as const;

/** What stands for a reason, or for what was found, in other texts. */
export const detailTexts = {
  noFolders: () => "no folder can be made there",
  noTemporaryFolder: () => "no temporary folder",
  damagedGzip: () => "damaged gzip data",
  diskFailed: () => "the disk failed",
  afterTheList: () => "something follows the end of the list",
  endOfData: () => "unexpected end of data",
  keyTwice: (where: string, key: string) => `in ${where} the key "${key.slice(0, 60)}" twice in one object`,
  missingValue: () => "a missing value",
  jsonLine: (line: number, letter: number, expected: string) =>
    `line ${line}${letter === 1 ? "" : `, letter ${letter}`}: expected ${expected}`,
  jsonEnd: () => "the end of the file behind the list",
  jsonValue: () => "a value",
  jsonQuote: () => 'a quote (") at the end of a text',
  jsonKey: () => "a name in quotes, or }",
  jsonColon: () => "a colon behind a name",
  jsonNext: (close: string) => `a comma, or ${close}`,
} as const;

/** What the codes of the system mean. */
export const systemTexts = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of the path is a file, not a folder",
  EEXIST: "there is a file of that name",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
  EPERM: "the system does not permit it",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be too large",
  ENAMETOOLONG: "the name is too long",
  ERR_INVALID_ARG_VALUE: "a path cannot hold a null character",
} as const;

/** The texts about the process: its signals, its output, its memory. */
export const processTexts = {
  stopped: (signal: "SIGINT" | "SIGTERM" | "SIGHUP", journal: boolean) =>
    `stopped by ${{ SIGINT: "Ctrl-C", SIGTERM: "SIGTERM", SIGHUP: "the end of its terminal (SIGHUP)" }[signal]}; ${journal ? "the finished folds are kept, --resume goes on from there" : "nothing was left behind"}`,
  outputFailed: (reason: string) =>
    `standard output: cannot be written (${reason}); what was printed is not whole, files that were asked for are: make room, or send it elsewhere`,
  outOfMemory: () =>
    "the memory that Node.js may use is full; give a smaller table or fewer columns (--drop), run fewer --jobs, or allow more: NODE_OPTIONS=--max-old-space-size=8000",
  died: (what: string) =>
    `the program was ended by the system (${what}), most often because memory was short; give a smaller table or fewer columns (--drop), or free memory; if that does not help, report it with the command that you gave`,
} as const;
