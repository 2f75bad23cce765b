// The checks before training: which columns are features, which are left out and why, and what deserves a look.

import { CliError, tableTexts } from "../errors.ts";
import { featureNotes, type Note } from "../notes.ts";
import { lostNotes } from "../table/digits.ts";
import { rowRange, type TableRows } from "../table/rows.ts";
import type { Column, NumberColumn, Table } from "../table/table.ts";
import { countMissing } from "../table/table.ts";
import { shellWord } from "../words/shell.ts";
import { linearCopies } from "./copies.ts";
import { sameGaps } from "./gaps.ts";
import { findFault } from "./identifiers.ts";
import { suspect } from "./leaks.ts";
import { driftAlong, isInOrder } from "./order.ts";
import { questionsOf } from "./questions.ts";
import { isWithin, rowsOfEach } from "./repeats.ts";
import { alikeLevels } from "./spellings.ts";
import { columnNamed, type Target } from "./target.ts";

/** More levels than this are worth a word. */
export const manyLevels = 1000;

export interface Dropped {
  readonly column: string;
  readonly why: string;
  /** The flag that changes it. */
  readonly flag: string;
}

export interface Checked {
  readonly features: readonly Column[];
  readonly dropped: readonly Dropped[];
  /** What the user had better do before anything else. */
  readonly advice: readonly Note[];
  readonly notes: readonly Note[];
}

export interface CheckOptions {
  readonly drop?: readonly string[];
  readonly keep?: readonly string[];
  /** The column whose equal values stay in one fold; it is no feature. */
  readonly group?: string;
  /** The column that tells the order of the rows; it is a feature only if it is kept. */
  readonly time?: string | undefined;
  /** The column by which rows count; it is no feature. */
  readonly weight?: string | undefined;
  /** The flags of the command, of which advice may speak; all of them if it is not said. */
  readonly flags?: readonly string[] | undefined;
}

/** Chooses the features: all columns but the target (if any), the group, and those that are dropped or cannot help. */
export function checkFeatures(table: Table, target: Target | null, options: CheckOptions = {}): Checked {
  const rows = target?.rows ?? rowRange(0, table.rows);
  const targets = target?.columns ?? [];
  const drop = new Set(options.drop ?? []);
  const keep = new Set(options.keep ?? []);
  refuseNames(table, targets, drop, keep, options.group);
  refuseWeight(options, drop, keep);
  const features: Column[] = [];
  const dropped: Dropped[] = [];
  for (const column of table.columns) {
    const { name } = column;
    if (targets.includes(name) || name === options.group || name === options.weight) continue;
    if (name === options.time && !keep.has(name) && !drop.has(name)) continue;
    if (drop.has(name)) {
      dropped.push({ column: name, why: "left out as asked", flag: "--drop" });
      continue;
    }
    const why = keep.has(name) ? null : findFault(column, rows);
    if (why === null) features.push(column);
    else dropped.push({ column: name, why, flag: `--keep ${shellWord(name)}` });
  }
  if (features.length === 0 && target !== null) throw new CliError(tableTexts.noFeatures(dropped));
  const notes = [
    ...kindNotes(features),
    ...missingNotes(features, rows),
    ...lostNotes(features),
    ...levelNotes(features),
    ...(target === null ? [] : leakNotes(features, target)),
    ...copyNotes(features, rows),
    ...gapNotes(features, rows),
    ...spellingNotes(features),
    ...groupNotes(table, rows, options.group),
    ...(options.time === undefined || keep.has(options.time) ? [] : [featureNotes.time(options.time)]),
  ];
  return {
    features,
    dropped,
    advice: [
      ...repeatNotes(table, features, rows, options.group),
      ...(options.time === undefined ? orderNotes(features, target, rows, options.flags) : []),
    ],
    notes,
  };
}

/** What is told of the columns that were left out: those that were named together, each other with its reason. */
export function droppedNotes(dropped: readonly Dropped[]): readonly Note[] {
  const asked = dropped.filter(({ flag }) => flag === "--drop").map(({ column }) => column);
  return [
    ...dropped.filter(({ flag }) => flag !== "--drop").map(({ column, why }) => featureNotes.leftOut(column, why)),
    ...(asked.length === 0 ? [] : [featureNotes.leftOutAsAsked(asked)]),
  ];
}

function refuseNames(
  table: Table,
  targets: readonly string[],
  drop: ReadonlySet<string>,
  keep: ReadonlySet<string>,
  group: string | undefined,
): void {
  const named: [string, string][] = [
    ...[...drop].map((name): [string, string] => ["--drop", name]),
    ...[...keep].map((name): [string, string] => ["--keep", name]),
    ...(group === undefined ? [] : [["--group", group] as [string, string]]),
  ];
  for (const [flag, name] of named) {
    columnNamed(table, name, flag);
    if (targets.includes(name)) throw new CliError(tableTexts.dropsTarget(flag, name));
    if (drop.has(name) && keep.has(name)) throw new CliError(tableTexts.droppedAndKept(name));
  }
}

/** The weight is a column of its own: none that is learnt from, nor one that is left out. */
function refuseWeight({ group, weight }: CheckOptions, drop: ReadonlySet<string>, keep: ReadonlySet<string>): void {
  if (weight === undefined) return;
  if (weight === group) throw new CliError(tableTexts.weightIsToo("--group", weight));
  if (drop.has(weight)) throw new CliError(tableTexts.weightIsToo("--drop", weight));
  if (keep.has(weight)) throw new CliError(tableTexts.weightIsToo("--keep", weight));
}

function kindNotes(features: readonly Column[]): readonly Note[] {
  const kinds = {
    numbers: features.filter((column) => column.kind === "number" && column.from === "number"),
    "dates, in days": features.filter((column) => column.kind === "number" && column.from === "date"),
    categories: features.filter((column) => column.kind === "category"),
  };
  return (Object.keys(kinds) as (keyof typeof kinds)[]).flatMap((kind) => {
    const names = kinds[kind].map(({ name }) => name);
    return names.length === 0 ? [] : [featureNotes.takenAs(kind, names)];
  });
}

function missingNotes(features: readonly Column[], rows: TableRows): readonly Note[] {
  const counts = features
    .map((column) => ({ name: column.name, missing: countMissing(column, rows) }))
    .filter(({ missing }) => missing > 0)
    .sort((a, b) => b.missing - a.missing);
  return counts.length === 0 ? [] : [featureNotes.missingCells(counts)];
}

function levelNotes(features: readonly Column[]): readonly Note[] {
  return features.flatMap((column) =>
    column.kind === "category" && column.levels.length > manyLevels
      ? [featureNotes.manyLevels(column.name, column.levels.length)]
      : [],
  );
}

function leakNotes(features: readonly Column[], target: Target): readonly Note[] {
  const questions = questionsOf(target);
  const found = features.flatMap((column) => {
    const suspicion = suspect(column, questions);
    return suspicion === null ? [] : [{ name: column.name, ...suspicion }];
  });
  const area = (each: (typeof found)[number]): number => (each.kind === "gaps" ? 0 : each.auc);
  return found
    .sort((a, b) => area(b) - area(a))
    .map((each) => {
      if (each.kind === "gaps") return featureNotes.leakByGaps(each.name, each.what, each.where, each.rows);
      const makers = { leak: featureNotes.possibleLeak, strong: featureNotes.strongColumn };
      return makers[each.kind](each.name, each.output, each.auc);
    });
}

function repeatNotes(table: Table, features: readonly Column[], rows: TableRows, group: string | undefined) {
  const own = group === undefined ? null : columnNamed(table, group, "--group");
  return features.flatMap((column) => {
    const each = rowsOfEach(column, rows);
    if (each === null || (own !== null && isWithin(column, own, rows))) return [];
    return [featureNotes.repeatingId(column.name, each)];
  });
}

function orderNotes(
  features: readonly Column[],
  target: Target | null,
  rows: TableRows,
  flags: readonly string[] | undefined,
): readonly Note[] {
  const ordered = features.find(
    (column): column is NumberColumn => column.kind === "number" && isInOrder(column, rows),
  );
  if (ordered === undefined) return [];
  const drift = target === null ? null : driftAlong(ordered, target);
  return [featureNotes.timeOrder(ordered.name, drift, flags?.includes("--time") === true)];
}

function gapNotes(features: readonly Column[], rows: TableRows): readonly Note[] {
  return sameGaps(features, rows).map(({ names, rows: missing }) => featureNotes.sameGaps(names, missing));
}

function spellingNotes(features: readonly Column[]): readonly Note[] {
  return features.flatMap((column) => {
    if (column.kind === "number") return [];
    const { words, numbers } = alikeLevels(column);
    return [
      ...(words.length > 0 ? [featureNotes.alikeLevels(column.name, words)] : []),
      ...(numbers.length > 0 ? [featureNotes.alikeNumbers(column.name, numbers)] : []),
    ];
  });
}

function copyNotes(features: readonly Column[], rows: TableRows): readonly Note[] {
  const numbers = features.filter((column): column is NumberColumn => column.kind === "number");
  return linearCopies(numbers, rows).map(({ column, of, proportional }) => featureNotes.copy(column, of, proportional));
}

function groupNotes(table: Table, rows: TableRows, group: string | undefined): readonly Note[] {
  if (group === undefined) return [];
  return [featureNotes.group(group, countMissing(columnNamed(table, group, "--group"), rows))];
}
