// Which rows stay together, and the folds that follow from it; copies give way where they would make folds impossible.
import { CliError, foldTexts } from "../errors.ts";
import { foldNotes, type Note } from "../notes.ts";
import { readTable } from "../table/read.ts";
import type { Column, Table } from "../table/table.ts";
import type { Target } from "../task/target.ts";
import type { Folds } from "./assignment.ts";
import { makeFolds } from "./folds.ts";
import { foldsFromTable } from "./foldTable.ts";
import { type GroupsAsked, rowGroups } from "./groups.ts";
import { foldsInTime, type Time } from "./time.ts";

/** How the folds are to be. */
export interface FoldsAsked extends GroupsAsked {
  readonly foldsFile?: string | undefined;
  readonly foldCount: number;
  /** The order of the rows, where later ones are to test earlier ones. */
  readonly time?: Time | undefined;
  readonly repeats?: number | undefined;
  readonly pace: "fast" | "default" | "thorough";
  readonly seed: number;
  readonly maxMemory?: number | undefined;
}

/** Folds, and what was decided on the way. */
export interface Dealt {
  readonly folds: Folds;
  /** The group of each kept row, also for the splits inside the training rows; null where each is its own. */
  readonly groups: Int32Array | null;
  /** Rows with the features of another row, and whether they stay in one fold with it. */
  readonly copies: { readonly rows: number; readonly together: boolean };
  readonly notes: readonly Note[];
}

/** Deals the kept rows into folds, or reads other people's. */
export async function dealFolds(
  options: FoldsAsked,
  table: Table,
  target: Target,
  features: readonly Column[],
): Promise<Dealt> {
  const { own, all, ofCopies, copies: rows } = rowGroups(options, table, target, features);
  if (options.time !== undefined) {
    const { time, foldCount, group } = options;
    const folds = foldsInTime(target, time, own, foldCount);
    return { folds, groups: own, copies: { rows, together: false }, notes: timeNotes(folds, time, group, rows) };
  }
  if (options.foldsFile !== undefined) {
    const read = foldsFromTable(
      await readTable(options.foldsFile, { exact: "all", memory: options.maxMemory }),
      target,
      table.rows,
    );
    const folds = { ...read, repeats: read.repeats.slice(0, options.repeats) };
    const together = ofCopies !== null && folds.repeats.every((each) => isTogether(ofCopies, each));
    const note = together ? foldNotes.copiesTogetherInFile(rows) : foldNotes.copiesPartedInFile(rows);
    return { folds, groups: all, copies: { rows, together }, notes: rows > 0 ? [note] : [] };
  }
  const deal = (groups: Int32Array | null) =>
    makeFolds(target, {
      folds: options.foldCount,
      repeats: options.repeats ?? { fast: 1, default: 5, thorough: 10 }[options.pace],
      seed: options.seed,
      groups,
    });
  if (rows === 0) return { folds: deal(own), groups: own, copies: { rows, together: false }, notes: [] };
  if (options.keepDuplicates) {
    const notes = [foldNotes.copiesAsAsked(rows)];
    return { folds: deal(own), groups: own, copies: { rows, together: false }, notes };
  }
  try {
    const folds = deal(all);
    if (all !== null) checkInnerSplits(folds, all);
    return { folds, groups: all, copies: { rows, together: true }, notes: [foldNotes.copiesTogether(rows)] };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    // If the folds are impossible without the copies too, that is the error to tell.
    const folds = deal(own);
    const notes = [foldNotes.copiesParted(rows, options.foldCount)];
    return { folds, groups: own, copies: { rows, together: false }, notes };
  }
}

/** What is told of folds in time. */
function timeNotes({ count, repeats: [numbers] }: Folds, { column }: Time, group: string | undefined, copies: number) {
  const untested = numbers.reduce((sum, number) => sum + Number(number < 0), 0);
  const seen = numbers.reduce((sum, number) => sum + Number(number < -1), 0);
  return [
    foldNotes.timeBlocks(column.name, count, Math.round(numbers.length / (count + 1)), untested),
    ...(group === undefined || seen === 0 ? [] : [foldNotes.groupsSeen(group, seen)]),
    ...(copies === 0 ? [] : [foldNotes.copiesInTime(copies)]),
  ];
}

/** Whether each group is in one fold. */
function isTogether(groups: Int32Array, folds: Int32Array): boolean {
  const foldOf = new Map<number, number>();
  return groups.every((group, row) => {
    const known = foldOf.get(group) ?? folds[row];
    foldOf.set(group, known);
    return known === folds[row];
  });
}

/** @throws CliError where the training rows of a fold are one group, so that no settings can be chosen inside them */
function checkInnerSplits({ count, repeats }: Folds, groups: Int32Array): void {
  for (const folds of repeats) {
    const foldOf = new Map(Array.from(groups, (group, row) => [group, folds[row]]));
    const within = new Int32Array(count);
    for (const fold of foldOf.values()) within[fold]++;
    const lonely = within.findIndex((groupsThere) => foldOf.size - groupsThere < 2);
    if (lonely >= 0) throw new CliError(foldTexts.noHoldout(folds.filter((fold) => fold !== lonely).length));
  }
}
