// A study: everything that is computed from, a task with the plan for it, and its folds where there are some.
import type { Folds } from "../folds/assignment.ts";
import type { EngineName } from "../learning/engines.ts";
import type { Note } from "../notes.ts";
import type { NumberColumn, Table } from "../table/table.ts";
import type { Dropped } from "../task/features.ts";
import type { Task } from "../task/task.ts";
import type { TestTable } from "../task/testTable.ts";
import type { Weight } from "../task/weights.ts";
import type { Plan } from "./plan.ts";

/** What decides every number. A comparison has folds; where one model is fitted there are none. */
export interface Study<F extends Folds | null = Folds | null> {
  readonly plan: Plan;
  readonly task: Task;
  readonly folds: F;
  /** Of each kept row the group that stays together when rows are split; null where each is its own. */
  readonly groups: Int32Array | null;
  /** Of each kept row its rank in time, where later rows test earlier ones. */
  readonly time?: Int32Array | undefined;
}

/** The study of a model, among those of one comparison, which differ in their plans only. */
export function studyOf<S extends Study>(studies: readonly S[], model: EngineName): S {
  return studies.find(({ plan }) => plan.model === model)!; // what runs, or was run, is one of them
}

/** A study as it was prepared from a table, with what is told about it. */
export interface PreparedStudy<F extends Folds | null = Folds | null> extends Study<F> {
  readonly table: Table;
  /** The column that `time` is of. */
  readonly timeColumn?: NumberColumn | undefined;
  /** A hold-out, which nothing is chosen by. */
  readonly test?: TestTable | undefined;
  /** The column by which rows count; null where each counts once. */
  readonly weight: Weight | null;
  /** Rows with the features of another row, and whether they were kept together with it. */
  readonly copies: { readonly rows: number; readonly together: boolean };
  readonly dropped: readonly Dropped[];
  readonly notes: readonly Note[];
}
