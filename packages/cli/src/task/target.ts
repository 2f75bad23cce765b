// The target: which rows have a label, which classes there are, and which of two is the positive one.
import { CliError, tableTexts } from "../errors.ts";
import { type Counted, type Note, targetNotes } from "../notes.ts";
import { rowRange, rowsWhere, type TableRows } from "../table/rows.ts";
import type { Column, Table } from "../table/table.ts";
import { nearestName } from "../words/names.ts";
import { type Levels, labelLevels, levelsOf, mostClasses, presentCode } from "./levels.ts";
import { lookAlikes, whichSaysYes } from "./meaning.ts";

export interface Target {
  readonly kind: "binary" | "multiclass" | "multilabel";
  /** Sigmoid for binary and multilabel, softmax for multiclass. */
  readonly activation: "sigmoid" | "softmax";
  /** The names of the target columns. */
  readonly columns: readonly string[];
  /** Binary: [negative, positive]; multiclass: the classes; multilabel: the names of the labels. */
  readonly classes: readonly string[];
  /** 1; the number of classes; the number of labels. */
  readonly outputs: number;
  /** The rows of the table that have a label, and count, ascending. */
  readonly rows: TableRows;
  /** Per kept row 0/1 or the class's position; multilabel: row-major [rows, outputs] of 0/1, -1 where it is missing. */
  readonly labels: Int32Array;
  /**
   * What each of the labels counts: above 0, and 0 for a label that its row lacks. Null where each counts once. Only
   * their ratios matter to what is learnt and to every score.
   */
  readonly weights: Float64Array | null;
  readonly notes: readonly Note[];
}

export interface TargetOptions {
  /** The class to call positive where there are two; with several targets the value that means present. */
  readonly positive?: string;
  /** Goes on although more than half of the rows have no label. */
  readonly allowMissing?: boolean;
  /** Classes whose rows are left out. */
  readonly dropClasses?: readonly string[];
  /** Which rows there may be at all; all if left out. */
  readonly isPresent?: ((row: number) => boolean) | undefined;
}

/** Makes the target from one column (2 to 100 classes) or from several of two values each (multi-label). */
export function makeTarget(table: Table, columns: readonly string[], options: TargetOptions = {}): Target {
  if (columns.length === 0) throw new CliError(tableTexts.noTarget());
  const seen = new Set<string>();
  for (const name of columns) {
    if (seen.has(name)) throw new CliError(tableTexts.targetTwice(name));
    seen.add(name);
  }
  const found = columns.map((name) => columnNamed(table, name, "target"));
  return found.length === 1 ? singleTarget(table, found[0]!, options) : multilabelTarget(table, found, options);
}

/** The table's column with this name; the error suggests the nearest. */
export function columnNamed(table: Table, name: string, flag: string): Column {
  const found = table.columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  const names = table.columns.map((column) => column.name);
  throw new CliError(tableTexts.unknownColumn(flag, name, nearestName(name, names), names));
}

function singleTarget(table: Table, column: Column, options: TargetOptions): Target {
  const { name } = column;
  const spelled = levelsOf(column);
  const labelled = presentRows(table, [spelled], name, options);
  const all = options.isPresent === undefined ? spelled : countedIn(spelled, labelled.rows);
  const { levels, notes: leftOut } = withoutClasses(name, all, options.dropClasses ?? []);
  const kept = levels.names.flatMap((_, code) => (levels.counts[code]! > 0 ? [code] : []));
  if (kept.length === 1) {
    if ((options.dropClasses ?? []).length > 0) throw new CliError(tableTexts.droppedTooMany(name));
    throw new CliError(tableTexts.oneClass(name, levels.names[kept[0]!]!, levels.counts[kept[0]!]!));
  }
  if (kept.length > mostClasses) throw new CliError(tableTexts.targetTooManyClasses(name, kept.length));
  const tiny = kept.filter((code) => levels.counts[code] === 1).map((code) => levels.names[code]!);
  if (tiny.length > 0) throw new CliError(tableTexts.tinyClasses(name, tiny, kept.length - tiny.length));
  const { order, notes: positive } =
    kept.length === 2 ? positiveLast(name, levels, kept, options.positive) : { order: kept, notes: [] };
  if (kept.length > 2 && options.positive !== undefined) {
    throw new CliError(tableTexts.positiveOfMany(name, kept.length));
  }
  const classes = order.map((code) => levels.names[code]!);
  const classOf = new Int32Array(levels.names.length).fill(-1);
  order.forEach((code, position) => {
    classOf[code] = position;
  });
  const rows = rowsWhere(labelled.rows, (row) => classOf[levels.codes[row]!]! >= 0);
  const binary = order.length === 2;
  return {
    kind: binary ? "binary" : "multiclass",
    activation: binary ? "sigmoid" : "softmax",
    columns: [name],
    classes,
    outputs: binary ? 1 : order.length,
    rows,
    labels: rows.map((row) => classOf[levels.codes[row]!]!),
    weights: null,
    notes: [
      ...labelled.notes,
      ...leftOut,
      ...positive,
      ...lookAlikes(classes).map((alike) => targetNotes.lookAlikes(name, alike.names, alike.differ)),
      ...(binary ? [] : [targetNotes.classes(name, byCount(levels, order))]),
    ],
  };
}

/** The classes with their rows, the most frequent first. */
function byCount({ names, counts }: Levels, order: readonly number[]): readonly Counted[] {
  return [...order]
    .sort((a, b) => counts[b]! - counts[a]! || a - b)
    .map((code) => ({ name: names[code]!, rows: counts[code]! }));
}

/** Two classes, the negative one first. */
function positiveLast(
  name: string,
  { names, counts }: Levels,
  [a, b]: readonly number[],
  asked: string | undefined,
): { readonly order: readonly number[]; readonly notes: readonly Note[] } {
  const total = counts[a!]! + counts[b!]!;
  const both = [names[a!]!, names[b!]!];
  if (asked !== undefined && !both.includes(asked)) {
    throw new CliError(tableTexts.unknownClass("--positive", name, asked, both, nearestName(asked, both)));
  }
  const rare = counts[a!]! < counts[b!]! ? 0 : 1;
  const meant = whichSaysYes(both[0]!, both[1]!);
  const positive = asked !== undefined ? both.indexOf(asked) : (meant ?? rare);
  const [chosen, other] = positive === 0 ? [a!, b!] : [b!, a!];
  const told = { name: names[chosen]!, rows: counts[chosen]! };
  const isRare = counts[chosen]! < counts[other]!;
  const why = asked !== undefined ? "asked" : isRare ? "rare" : meant !== null ? "meant" : "even";
  return {
    order: [other, chosen],
    notes: [
      why === "meant"
        ? targetNotes.positiveMeant(name, told, total, names[other]!)
        : targetNotes.positiveClass(name, told, total, why),
    ],
  };
}

/** The levels with their counts among some rows. */
function countedIn(levels: Levels, rows: TableRows): Levels {
  const counts = levels.names.map(() => 0);
  for (const row of rows) counts[levels.codes[row]!]!++;
  return { ...levels, counts };
}

/** The levels without rows of the classes that are not wanted. */
function withoutClasses(
  name: string,
  levels: Levels,
  drop: readonly string[],
): { readonly levels: Levels; readonly notes: readonly Note[] } {
  const counts = [...levels.counts];
  const notes: Note[] = [];
  for (const unwanted of new Set(drop)) {
    const code = levels.names.indexOf(unwanted);
    if (code === -1) {
      const nearest = nearestName(unwanted, levels.names);
      throw new CliError(tableTexts.unknownClass("--drop-classes", name, unwanted, levels.names, nearest));
    }
    notes.push(targetNotes.classLeftOut(name, counts[code]!, unwanted));
    counts[code] = 0;
  }
  if (counts.every((count) => count === 0)) throw new CliError(tableTexts.droppedTooMany(name));
  return { levels: { ...levels, counts }, notes };
}

function multilabelTarget(table: Table, columns: readonly Column[], options: TargetOptions): Target {
  const named = columns.map((column) => column.name);
  const outputs = named.length;
  const spelled = columns.map(labelLevels);
  const levels = spelled.map((each) => each.levels);
  const { rows: labelled, notes: unlabelled } = presentRows(table, levels, named.join(", "), options);
  const present = levels.map((each, k) => presentCode(named[k]!, each, options.positive));
  const labels = new Int32Array(labelled.length * outputs);
  const masked = new Array<number>(outputs).fill(0);
  const counts = new Array<number>(outputs).fill(0);
  levels.forEach(({ codes, names }, k) => {
    labelled.forEach((row, i) => {
      const label = codes[row] === -1 ? -1 : codes[row] === present[k] ? 1 : 0;
      labels[i * outputs + k] = label;
      if (label === -1) masked[k]!++;
      else counts[k]! += label;
    });
    const positives = counts[k]!;
    const negatives = labelled.length - masked[k]! - positives;
    const isPartial = masked[k]! > 0;
    const rare = positives <= negatives ? names[present[k]!] : names.find((_, code) => code !== present[k]);
    const common = positives > negatives ? names[present[k]!] : names.find((_, code) => code !== present[k]);
    const fewest = Math.min(positives, negatives);
    if (fewest === 0) throw new CliError(tableTexts.labelConstant(named[k]!, common ?? "absent", isPartial));
    if (fewest === 1) throw new CliError(tableTexts.labelTooRare(named[k]!, rare ?? "present"));
  });
  const sorted = counts
    .map((rows, k) => ({ name: named[k]!, rows, of: labelled.length - masked[k]!, k }))
    .sort((a, b) => a.rows / a.of - b.rows / b.of || a.k - b.k);
  const partial = named.flatMap((name, k) => (masked[k] === 0 ? [] : [{ name, rows: masked[k]! }]));
  return {
    kind: "multilabel",
    activation: "sigmoid",
    columns: named,
    classes: named,
    outputs,
    rows: labelled,
    labels,
    weights: partial.length === 0 ? null : Float64Array.from(labels, (label) => (label === -1 ? 0 : 1)),
    notes: [
      ...spelled.flatMap((each) => each.notes),
      ...unlabelled,
      targetNotes.labels(sorted),
      ...(partial.length === 0 ? [] : [targetNotes.masked(partial, labelled.length)]),
    ],
  };
}

/** The rows that have any of the labels. */
function presentRows(
  table: Table,
  levels: readonly Levels[],
  name: string,
  options: TargetOptions,
): { readonly rows: TableRows; readonly notes: readonly Note[] } {
  const every = rowRange(0, table.rows);
  const all = options.isPresent === undefined ? every : rowsWhere(every, options.isPresent);
  const rows = rowsWhere(all, (row) => levels.some(({ codes }) => codes[row] !== -1));
  const missing = all.length - rows.length;
  if (rows.length === 0) throw new CliError(tableTexts.targetEmpty(name));
  if (missing > all.length / 2 && options.allowMissing !== true) {
    throw new CliError(tableTexts.targetMissing(name, missing, all.length));
  }
  return { rows, notes: missing === 0 ? [] : [targetNotes.unlabelled(name, missing, all.length)] };
}
