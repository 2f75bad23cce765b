// A study: everything that is computed from, a table with its task, its folds and the plan for it.

import type { Folds } from "../folds/assignment.ts";
import type { Note } from "../notes.ts";
import type { Table } from "../table/table.ts";
import type { Dropped } from "../task/features.ts";
import type { Data } from "../task/task.ts";
import type { Plan } from "./plan.ts";

/** A table that is read and checked, and the plan for it. */
export interface PreparedComparison {
  readonly table: Table;
  readonly data: Data;
  readonly plan: Plan;
  readonly folds: Folds;
  readonly groups: Int32Array | null;
  /** Rows with the features of another row, and whether they were kept in one fold with it. */
  readonly copies: { readonly rows: number; readonly together: boolean };
  readonly dropped: readonly Dropped[];
  readonly notes: readonly Note[];
}
