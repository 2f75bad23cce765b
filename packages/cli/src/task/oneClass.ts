// Values that only one class has, or only one class lacks: as if they were written down because of the answer.
import { type Column, isMissingAt, type NumberColumn } from "../table/table.ts";
import type { Questions } from "./questions.ts";

/** A chance below this is none. */
const noChance = 1e-6;
/** At least so many different numbers are amounts, of which one may stand for none. */
const fewestAmounts = 20;

/** What holds in rows of one class only. */
export interface OneClass {
  /** `filled in`, `missing` or `other than 0`. */
  readonly what: string;
  readonly where: string;
  readonly rows: number;
}

/** Whether all rows with a value, or all without one, are of one class, and make up at least half of that class. */
export function ofOneClass(column: Column, questions: Questions): OneClass | null {
  const isMissing = (row: number) => isMissingAt(column, row);
  const usual = column.kind === "number" ? usualAmount(column, questions) : null;
  return (
    onlyWhere("missing", isMissing, questions) ??
    onlyWhere("filled in", (row) => !isMissing(row), questions) ??
    (usual === null || column.kind !== "number"
      ? null
      : onlyWhere(`other than ${usual}`, (row) => !isMissing(row) && column.values[row] !== usual, questions))
  );
}

function onlyWhere(
  what: string,
  holds: (row: number) => boolean,
  { rows, answers, names, other }: Questions,
): OneClass | null {
  const holding = rows.map((row) => Number(holds(row)));
  const count = holding.reduce((sum, each) => sum + each, 0);
  if (count === 0 || count === rows.length) return null;
  const outputs = names.length;
  for (const [k, where] of [...names.entries(), ...(other === null ? [] : [[-1, other] as const])]) {
    const isOf = (i: number) => (k === -1 ? answers[i * outputs] === 0 : answers[i * outputs + k] === 1);
    let [all, inside] = [0, 0];
    for (let i = 0; i < rows.length; i++) {
      if (!isOf(i)) continue;
      all++;
      inside += holding[i]!;
    }
    const isChance = (all / rows.length) ** count > noChance;
    if (inside === count && count >= all / 2 && !isChance) return { what, where, rows: count };
  }
  return null;
}

/** The amount that at least half of the rows have; null where there is none, or too few others to be amounts. */
function usualAmount({ values }: NumberColumn, { rows }: Questions): number | null {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(values[row]!, (counts.get(values[row]!) ?? 0) + 1);
  if (counts.size <= fewestAmounts) return null;
  const [usual, most] = [...counts].reduce((best, each) => (each[1] > best[1] ? each : best));
  return most >= rows.length / 2 && !Number.isNaN(usual) ? usual : null;
}
