// The checks before training: which columns are features, which are left out and why, and what deserves a look.

import { CliError, plainName, quoted, tableTexts } from "../errors.ts";
import { lostNotes } from "../table/digits.ts";
import type { Column, NumberColumn, Table } from "../table/table.ts";
import { countMissing } from "../table/table.ts";
import { shellWord } from "../words/shell.ts";
import { counted } from "../words/text.ts";
import { linearCopies } from "./copies.ts";
import { uselessness } from "./identifiers.ts";
import { alone, questionsOf } from "./leaks.ts";
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
  readonly notes: readonly string[];
}

export interface CheckOptions {
  readonly drop?: readonly string[];
  readonly keep?: readonly string[];
  /** The column whose equal values stay in one fold; it is no feature. */
  readonly group?: string;
}

/** Chooses the features: all columns but the target, the group, those dropped as asked and those that cannot help. */
export function checkFeatures(table: Table, target: Target, options: CheckOptions = {}): Checked {
  const drop = new Set(options.drop ?? []);
  const keep = new Set(options.keep ?? []);
  refuseNames(table, target, drop, keep, options.group);
  const features: Column[] = [];
  const dropped: Dropped[] = [];
  for (const column of table.columns) {
    const { name } = column;
    if (target.columns.includes(name) || name === options.group) continue;
    if (drop.has(name)) {
      dropped.push({ column: name, why: "left out as asked", flag: "--drop" });
      continue;
    }
    const why = keep.has(name) ? null : uselessness(column, target.rows);
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
  ];
  if (options.group !== undefined) {
    const alone = countMissing(columnNamed(table, options.group, "--group"), target.rows);
    const gaps = alone === 0 ? "" : `; ${counted(alone, "row has", "rows have")} no value there and stay alone`;
    notes.push(`${options.group}: its equal values stay in one fold, it is no feature (--group)${gaps}`);
  }
  return { features, dropped, notes };
}

/** What is told of the columns that were left out: those that were named together, each other with its reason. */
export function droppedNotes(dropped: readonly Dropped[]): readonly string[] {
  const asked = dropped.filter(({ flag }) => flag === "--drop").map(({ column }) => column);
  return [
    ...dropped
      .filter(({ flag }) => flag !== "--drop")
      .map(({ column, why, flag }) => `${plainName(column)}: ${why}, left out (${flag})`),
    ...(asked.length === 0 ? [] : [`left out as asked (--drop): ${some(asked, 8)}`]),
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

function some(names: readonly string[], most: number): string {
  return names.slice(0, most).join(", ") + (names.length > most ? ` and ${names.length - most} more` : "");
}

function kindNotes(features: readonly Column[]): string[] {
  const named = (title: string, chosen: readonly Column[]): string[] =>
    chosen.length === 0
      ? []
      : [
          `${title} (${chosen.length}): ${some(
            chosen.map(({ name }) => name),
            8,
          )}`,
        ];
  return [
    ...named(
      "taken as numbers",
      features.filter((column) => column.kind === "number" && column.from === "number"),
    ),
    ...named(
      "taken as dates, in days",
      features.filter((column) => column.kind === "number" && column.from === "date"),
    ),
    ...named(
      "taken as categories",
      features.filter((column) => column.kind === "category"),
    ),
  ];
}

function missingNotes(features: readonly Column[], rows: Int32Array): string[] {
  const counts = features
    .map((column) => ({ name: column.name, missing: countMissing(column, rows) }))
    .filter(({ missing }) => missing > 0)
    .sort((a, b) => b.missing - a.missing);
  if (counts.length === 0) return [];
  const total = counts.reduce((sum, { missing }) => sum + missing, 0);
  const where = some(
    counts.map(({ name, missing }) => `${name} ${missing.toLocaleString("en")}`),
    6,
  );
  const plural = counts.length === 1 ? "column" : "columns";
  return [
    `${total.toLocaleString("en")} cells missing in ${counts.length} ${plural} (${where}); each gets a feature that says so, numbers also the median of the training rows`,
  ];
}

function levelNotes(features: readonly Column[]): string[] {
  return features.flatMap((column) =>
    column.kind === "category" && column.levels.length > manyLevels
      ? [
          `${plainName(column.name)}: ${column.levels.length.toLocaleString("en")} different texts, the 50 most frequent are kept and the rest is one (--drop ${shellWord(column.name)} leaves it out)`,
        ]
      : [],
  );
}

function leakNotes(features: readonly Column[], target: Target): string[] {
  const questions = questionsOf(target);
  const suspects = features
    .map((column) => ({ name: column.name, ...alone(column, questions) }))
    .filter(({ auc }) => auc > suspiciousAuc)
    .sort((a, b) => b.auc - a.auc);
  const notes = suspects.slice(0, 5).map(({ name, auc, output }) => {
    const shown = auc > 0.9995 ? "1.000" : auc.toFixed(3).slice(1);
    return `POSSIBLE LEAK: ${plainName(name)} alone tells ${quoted(output)} from the rest with AUC ${shown}; if it is known only afterwards, leave it out (--drop ${shellWord(name)})`;
  });
  if (suspects.length > 5) {
    const others = suspects.slice(5).map(({ name }) => name);
    notes.push(
      `POSSIBLE LEAK: also ${some(others, 10)} alone reach an AUC over ${String(suspiciousAuc).slice(1)} (--drop)`,
    );
  }
  return notes;
}

function copyNotes(features: readonly Column[], rows: Int32Array): string[] {
  const numbers = features.filter((column): column is NumberColumn => column.kind === "number");
  const copies = linearCopies(numbers, rows);
  const [first] = copies;
  if (first === undefined) return [];
  const line = (proportional: boolean) => (proportional ? "times a constant" : "times a constant plus another");
  if (copies.length === 1)
    return [
      `${plainName(first.column)} is ${plainName(first.of)} ${line(first.proportional)} · harmless, kept (--drop ${shellWord(first.column)})`,
    ];
  const each = copies.map(({ column, of, proportional }) => `${column} is ${of} ${line(proportional)}`);
  return [`${copies.length} columns are linear copies of others · harmless, kept (--drop): ${some(each, 8)}`];
}
