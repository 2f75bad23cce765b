// What a target asks of a column: yes or no for each class or label.
import { rowsAt, type TableRows } from "../table/rows.ts";
import type { Target } from "./target.ts";

/** At most about so many rows are looked at. */
const enoughRows = 100_000;

/** The 0/1 question of each output (each class against the rest), on a fixed part of the rows in very long tables. */
export interface Questions {
  /** Rows of the table. */
  readonly rows: TableRows;
  /** Row-major [rows, outputs] of 0/1. */
  readonly answers: Uint8Array;
  readonly names: readonly string[];
  /** The other class of two. */
  readonly other: string | null;
  /** Whether a row has exactly one of several classes. */
  readonly exclusive: boolean;
  /** Where rows lack labels: the question of each label, on the rows that have it. */
  readonly parts?: readonly Questions[];
}

/** The questions that a target asks. */
export function questionsOf(target: Target): Questions {
  const { kind, labels, outputs } = target;
  if (kind === "multilabel" && labels.includes(-1)) {
    const parts = target.classes.map((_, k) => questionsOf(onlyLabel(target, k)));
    return { ...parts[0]!, parts };
  }
  const kept: number[] = [];
  const counts = new Map<number, number>();
  const strata = kind === "multilabel" ? 1 : Math.max(2, outputs);
  const stratum = (i: number): number => (kind === "multilabel" ? 0 : labels[i]!);
  for (let i = 0; i < target.rows.length; i++) counts.set(stratum(i), (counts.get(stratum(i)) ?? 0) + 1);
  const most = Math.max(1000, Math.floor(enoughRows / strata));
  const seen = new Map<number, number>();
  for (let i = 0; i < target.rows.length; i++) {
    const s = stratum(i);
    const k = seen.get(s) ?? 0;
    seen.set(s, k + 1);
    if (k % Math.ceil(counts.get(s)! / most) === 0) kept.push(i);
  }
  const answers = new Uint8Array(kept.length * outputs);
  kept.forEach((i, row) => {
    if (kind === "multiclass") answers[row * outputs + labels[i]!] = 1;
    else for (let k = 0; k < outputs; k++) answers[row * outputs + k] = labels[i * outputs + k]!;
  });
  const names = kind === "binary" ? [target.classes[1]!] : target.classes;
  const other = kind === "binary" ? target.classes[0]! : null;
  return { rows: rowsAt(target.rows, Int32Array.from(kept)), answers, names, other, exclusive: kind === "multiclass" };
}

/** One label of several, on the rows that have it. */
function onlyLabel(target: Target, k: number): Target {
  const { labels, outputs, classes } = target;
  const has = Int32Array.from(target.rows.keys()).filter((i) => labels[i * outputs + k] !== -1);
  const own = has.map((i) => labels[i * outputs + k]!);
  return { ...target, classes: [classes[k]!], outputs: 1, rows: rowsAt(target.rows, has), labels: own, weights: null };
}
