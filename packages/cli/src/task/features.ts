// The checks before training: which columns are features, which are left out and why, and what deserves a look.

import { CliError, tableTexts } from "../errors.ts";
import { featureNotes, type Note } from "../notes.ts";
import { lostNotes } from "../table/digits.ts";
import type { TableRows } from "../table/rows.ts";
import type { Column, NumberColumn, Table } from "../table/table.ts";
import { countMissing } from "../table/table.ts";
import { shellWord } from "../words/shell.ts";
import { linearCopies } from "./copies.ts";
import { findFault } from "./identifiers.ts";
import { judgeAlone, questionsOf } from "./leaks.ts";
import { columnNamed, type Target } from "./target.ts";

/** An area under the ROC curve that no single honest column should reach. */
export const suspiciousAuc = 0.98;
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
  readonly notes: readonly Note[];
}

export interface CheckOptions {
  readonly drop?: readonly string[];
  readonly keep?: readonly string[];
  /** The column whose equal values stay in one fold; it is no feature. */
  readonly group?: string;
  /** The column by which rows count; it is no feature. */
  readonly weight?: string;
}

/** Chooses the features: all columns but the target, the group, those dropped as asked and those that cannot help. */
export function checkFeatures(table: Table, target: Target, options: CheckOptions = {}): Checked {
  const drop = new Set(options.drop ?? []);
  const keep = new Set(options.keep ?? []);
  refuseNames(table, target, drop, keep, options.group);
  refuseWeight(options, drop, keep);
  const features: Column[] = [];
  const dropped: Dropped[] = [];
  for (const column of table.columns) {
    const { name } = column;
    if (target.columns.includes(name) || name === options.group || name === options.weight) continue;
    if (drop.has(name)) {
      dropped.push({ column: name, why: "left out as asked", flag: "--drop" });
      continue;
    }
    const why = keep.has(name) ? null : findFault(column, target.rows);
    if (why === null) features.push(column);
    else dropped.push({ column: name, why, flag: `--keep ${shellWord(name)}` });
  }
  if (features.length === 0) throw new CliError(tableTexts.noFeatures(dropped));
  const notes = [
    ...kindNotes(features),
    ...missingNotes(features, target.rows),
    ...lostNotes(features),
    ...levelNotes(features),
    ...leakNotes(features, target),
    ...copyNotes(features, target.rows),
    ...groupNotes(table, target, options.group),
  ];
  return { features, dropped, notes };
}

/** What is told of the columns that were left out: those that were named together, each other with its reason. */
export function droppedNotes(dropped: readonly Dropped[]): readonly Note[] {
  const asked = dropped.filter(({ flag }) => flag === "--drop").map(({ column }) => column);
  return [
    ...dropped
      .filter(({ flag }) => flag !== "--drop")
      .map(({ column, why, flag }) => featureNotes.leftOut(column, why, flag)),
    ...(asked.length === 0 ? [] : [featureNotes.leftOutAsAsked(asked)]),
  ];
}

function refuseNames(
  table: Table,
  target: Target,
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
    if (target.columns.includes(name)) throw new CliError(tableTexts.dropsTarget(flag, name));
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
  const suspects = features
    .map((column) => ({ name: column.name, ...judgeAlone(column, questions) }))
    .filter(({ auc }) => auc > suspiciousAuc)
    .sort((a, b) => b.auc - a.auc);
  const others = suspects.slice(5).map(({ name }) => name);
  return [
    ...suspects.slice(0, 5).map(({ name, auc, output }) => featureNotes.possibleLeak(name, output, auc)),
    ...(others.length === 0 ? [] : [featureNotes.moreLeaks(others, suspiciousAuc)]),
  ];
}

function copyNotes(features: readonly Column[], rows: TableRows): readonly Note[] {
  const numbers = features.filter((column): column is NumberColumn => column.kind === "number");
  const copies = linearCopies(numbers, rows);
  if (copies.length === 0) return [];
  return [copies.length === 1 ? featureNotes.copy(copies[0]!) : featureNotes.copies(copies)];
}

function groupNotes(table: Table, target: Target, group: string | undefined): readonly Note[] {
  if (group === undefined) return [];
  return [featureNotes.group(group, countMissing(columnNamed(table, group, "--group"), target.rows))];
}
