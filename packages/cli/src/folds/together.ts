// Which rows stay together where one model is fitted: without folds, but with rows held out to choose its settings.
import { foldNotes, type Note } from "../notes.ts";
import type { Column, Table } from "../table/table.ts";
import type { Target } from "../task/target.ts";
import { type GroupsAsked, rowGroups } from "./groups.ts";

/** Groups of rows, and what was decided on the way. */
export interface Together {
  /** The group of each kept row; null where each is its own. */
  readonly groups: Int32Array | null;
  /** Rows with the features of another row, and whether they stay together with it. */
  readonly copies: { readonly rows: number; readonly together: boolean };
  readonly notes: readonly Note[];
}

/** Keeps equal values of the group column together, and copies of a row unless nothing could be held out then. */
export function keepTogether(asked: GroupsAsked, table: Table, target: Target, features: readonly Column[]): Together {
  const { own, all, copies: rows } = rowGroups(asked, table, target, features);
  const apart = { groups: own, copies: { rows, together: false } };
  if (rows === 0) return { ...apart, notes: [] };
  if (asked.keepDuplicates) return { ...apart, notes: [foldNotes.copiesHeldAsAsked(rows)] };
  if (all?.every((group) => group === all[0])) return { ...apart, notes: [foldNotes.copiesHeldApart(rows)] };
  return { groups: all, copies: { rows, together: true }, notes: [foldNotes.copiesHeldTogether(rows)] };
}
