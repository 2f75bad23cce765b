// Which rows stay together where one model is fitted: without folds, but with rows held out to choose its settings.
import type { Column, Table } from "../table/table.ts";
import { columnNamed, type Target } from "../task/target.ts";
import { counted } from "../words/text.ts";
import { columnGroups, duplicateGroups, mergeGroups } from "./groups.ts";

/** Groups of rows, and what was decided on the way. */
export interface Together {
  /** The group of each kept row; null where each is its own. */
  readonly groups: Int32Array | null;
  /** Rows with the features of another row, and whether they stay together with it. */
  readonly copies: { readonly rows: number; readonly together: boolean };
  readonly notes: readonly string[];
}

/** Keeps equal values of the group column together, and copies of a row unless nothing could be held out then. */
export function keepTogether(
  asked: { readonly group?: string | undefined; readonly keepDuplicates: boolean },
  table: Table,
  target: Target,
  features: readonly Column[],
): Together {
  const own = asked.group === undefined ? null : columnGroups(columnNamed(table, asked.group, "--group"), target.rows);
  const { groups: copies, duplicates: rows } = duplicateGroups(features, target.rows);
  if (rows === 0) return { groups: own, copies: { rows, together: false }, notes: [] };
  const all = mergeGroups(own, copies);
  const alone = asked.keepDuplicates || all?.every((group) => group === all[0]) === true;
  const how = asked.keepDuplicates
    ? "may be held out apart from it where settings are chosen, as asked (--keep-duplicates)"
    : alone
      ? "are not kept together with it, since no row could be held out then to choose settings"
      : "stay together with it where settings are chosen (--keep-duplicates parts them)";
  const verb = rows === 1 ? "has" : "have";
  const note = `${counted(rows, "row")} ${verb} the same features as another and ${how}`;
  return { groups: alone ? own : all, copies: { rows, together: !alone }, notes: [note] };
}
