// The target: which rows have a label, which classes there are, and which of two is the positive one.
import { CliError, quoted, tableTexts } from "../errors.ts";
import type { Column, Table } from "../table/table.ts";
import { nearestName } from "../words/names.ts";
import { type Levels, labelLevels, levelsOf, lookAlikes, mostClasses, presentCode } from "./levels.ts";

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
  /** The rows of the table that have a label, ascending. */
  readonly rows: Int32Array;
  /** Per kept row 0/1 or the class's position; multilabel: row-major [rows, outputs] of 0/1. */
  readonly labels: Int32Array;
  readonly notes: readonly string[];
}

export interface TargetOptions {
  /** The class to call positive where there are two; with several targets the value that means present. */
  readonly positive?: string;
  /** Goes on although more than half of the rows have no label. */
  readonly allowMissing?: boolean;
  /** Classes whose rows are left out. */
  readonly dropClasses?: readonly string[];
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
  const notes: string[] = [];
  const all = levelsOf(column);
  const labelled = presentRows(table, [all], name, options, notes);
  const levels = withoutClasses(name, all, options.dropClasses ?? [], notes);
  const kept = levels.names.flatMap((_, code) => (levels.counts[code]! > 0 ? [code] : []));
  if (kept.length === 1) {
    if ((options.dropClasses ?? []).length > 0) throw new CliError(tableTexts.droppedTooMany(name));
    throw new CliError(tableTexts.oneClass(name, levels.names[kept[0]!]!, levels.counts[kept[0]!]!));
  }
  if (kept.length > mostClasses) throw new CliError(tableTexts.targetTooManyClasses(name, kept.length));
  const tiny = kept.filter((code) => levels.counts[code] === 1).map((code) => levels.names[code]!);
  if (tiny.length > 0) throw new CliError(tableTexts.tinyClasses(name, tiny, kept.length - tiny.length));
  const order = kept.length === 2 ? positiveLast(name, levels, kept, options.positive, notes) : kept;
  if (kept.length > 2 && options.positive !== undefined) {
    throw new CliError(tableTexts.positiveOfMany(name, kept.length));
  }
  for (const alike of lookAlikes(order.map((code) => levels.names[code]!))) {
    notes.push(`${name}: ${alike.map(quoted).join(" and ")} are written differently and so are different classes`);
  }
  const classOf = new Int32Array(levels.names.length).fill(-1);
  order.forEach((code, position) => {
    classOf[code] = position;
  });
  const rows = labelled.filter((row) => classOf[levels.codes[row]!]! >= 0);
  const binary = order.length === 2;
  if (!binary) notes.push(`${name}: ${order.length} classes, ${countsText(levels, order)}`);
  return {
    kind: binary ? "binary" : "multiclass",
    activation: binary ? "sigmoid" : "softmax",
    columns: [name],
    classes: order.map((code) => levels.names[code]!),
    outputs: binary ? 1 : order.length,
    rows,
    labels: rows.map((row) => classOf[levels.codes[row]!]!),
    notes,
  };
}

function countsText(levels: Levels, order: readonly number[]): string {
  const byCount = [...order].sort((a, b) => levels.counts[b]! - levels.counts[a]! || a - b);
  const shown = byCount
    .slice(0, 6)
    .map((code) => `${quoted(levels.names[code]!)} ${levels.counts[code]!.toLocaleString("en")}`);
  return (
    shown.join(", ") +
    (byCount.length > 6 ? `, … ${quoted(levels.names[byCount.at(-1)!]!)} ${levels.counts[byCount.at(-1)!]}` : "")
  );
}

function positiveLast(
  name: string,
  { names, counts }: Levels,
  [a, b]: readonly number[],
  asked: string | undefined,
  notes: string[],
): number[] {
  const total = counts[a!]! + counts[b!]!;
  let positive = counts[a!]! < counts[b!]! ? a! : b!;
  if (asked !== undefined) {
    const both = [names[a!]!, names[b!]!];
    if (!both.includes(asked)) {
      throw new CliError(tableTexts.unknownClass("--positive", name, asked, both, nearestName(asked, both)));
    }
    positive = asked === names[a!] ? a! : b!;
  }
  const why =
    asked !== undefined
      ? "is the positive class as asked"
      : counts[a!] === counts[b!]
        ? "is as frequent as the other and second by name, taken as positive (--positive changes it)"
        : "is the rare class, taken as positive (--positive changes it)";
  const share = ((100 * counts[positive]!) / total).toFixed(1);
  notes.push(`${name}: ${quoted(names[positive]!)} ${counts[positive]!.toLocaleString("en")} (${share} %) ${why}`);
  return positive === a ? [b!, a!] : [a!, b!];
}

function withoutClasses(name: string, levels: Levels, drop: readonly string[], notes: string[]): Levels {
  const counts = [...levels.counts];
  for (const unwanted of new Set(drop)) {
    const code = levels.names.indexOf(unwanted);
    if (code === -1) {
      const nearest = nearestName(unwanted, levels.names);
      throw new CliError(tableTexts.unknownClass("--drop-classes", name, unwanted, levels.names, nearest));
    }
    notes.push(
      `${name}: ${counts[code]!.toLocaleString("en")} rows of class ${quoted(unwanted)} are left out as asked (--drop-classes)`,
    );
    counts[code] = 0;
  }
  if (counts.every((count) => count === 0)) throw new CliError(tableTexts.droppedTooMany(name));
  return { ...levels, counts };
}

function multilabelTarget(table: Table, columns: readonly Column[], options: TargetOptions): Target {
  const notes: string[] = [];
  const named = columns.map((column) => column.name);
  const levels = columns.map((column) => labelLevels(column, notes));
  const labelled = presentRows(table, levels, named.join(", "), options, notes);
  const present = levels.map((each, k) => presentCode(named[k]!, each, options.positive));
  const labels = new Int32Array(labelled.length * columns.length);
  levels.forEach(({ codes, names }, k) => {
    let positives = 0;
    labelled.forEach((row, i) => {
      const label = codes[row] === present[k] ? 1 : 0;
      labels[i * columns.length + k] = label;
      positives += label;
    });
    const negatives = labelled.length - positives;
    const rare = positives <= negatives ? names[present[k]!] : names.find((_, code) => code !== present[k]);
    const common = positives > negatives ? names[present[k]!] : names.find((_, code) => code !== present[k]);
    const fewest = Math.min(positives, negatives);
    if (fewest === 0) throw new CliError(tableTexts.labelConstant(named[k]!, common ?? "absent"));
    if (fewest === 1) throw new CliError(tableTexts.labelTooRare(named[k]!, rare ?? "present"));
  });
  const counts = named.map((_, k) => labelled.reduce((sum, _row, i) => sum + labels[i * named.length + k]!, 0));
  const order = counts.map((_, k) => k).sort((a, b) => counts[a]! - counts[b]! || a - b);
  const share = (k: number) => `${quoted(named[k]!)} ${((100 * counts[k]!) / labelled.length).toFixed(1)} %`;
  notes.push(
    `${named.length} labels, each on its own: from ${share(order[0]!)} to ${share(order.at(-1)!)} of the rows`,
  );
  return {
    kind: "multilabel",
    activation: "sigmoid",
    columns: named,
    classes: named,
    outputs: named.length,
    rows: labelled,
    labels,
    notes,
  };
}

function presentRows(
  table: Table,
  levels: readonly Levels[],
  name: string,
  options: TargetOptions,
  notes: string[],
): Int32Array {
  const rows = Int32Array.from({ length: table.rows }, (_, row) => row).filter((row) =>
    levels.every(({ codes }) => codes[row] !== -1),
  );
  const missing = table.rows - rows.length;
  if (rows.length === 0) throw new CliError(tableTexts.targetEmpty(name));
  if (missing > table.rows / 2 && options.allowMissing !== true) {
    throw new CliError(tableTexts.targetMissing(name, missing, table.rows));
  }
  if (missing > 0) {
    const share = ((100 * missing) / table.rows).toFixed(1);
    const flag = missing > table.rows / 2 ? " (--allow-missing-target)" : "";
    notes.push(`${name}: ${missing.toLocaleString("en")} rows (${share} %) have no label and are left out${flag}`);
  }
  return rows;
}
