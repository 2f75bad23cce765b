// How well a single column ranks the rows: one that does it almost alone may contain the answer.

import { rowsAt, type TableRows } from "../table/rows.ts";
import type { CategoryColumn, Column, NumberColumn } from "../table/table.ts";
import { countMissing, isMissingAt, presentValues } from "../table/table.ts";
import type { Target } from "./target.ts";

/** At most about so many rows are looked at. */
const enoughRows = 100_000;
/** A class with fewer rows than this is not judged: chance alone would do it. */
const fewestRows = 10;

/** The best area under the ROC curve that a column reaches alone, and for which class or label. */
export interface Alone {
  readonly auc: number;
  readonly output: string;
}

/** The 0/1 question of each output (each class against the rest), on a fixed part of the rows in very long tables. */
export interface Questions {
  /** Rows of the table. */
  readonly rows: TableRows;
  /** Row-major [rows, outputs] of 0/1. */
  readonly answers: Uint8Array;
  readonly names: readonly string[];
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
  return { rows: rowsAt(target.rows, kept), answers, names };
}

/** One label of several, on the rows that have it. */
function onlyLabel(target: Target, k: number): Target {
  const { labels, outputs, classes } = target;
  const has = Array.from(target.rows.keys()).filter((i) => labels[i * outputs + k] !== -1);
  const own = Int32Array.from(has, (i) => labels[i * outputs + k]!);
  return { ...target, classes: [classes[k]!], outputs: 1, rows: rowsAt(target.rows, has), labels: own, weights: null };
}

/** The question that a column alone answers best: a number by its rank, either way; a category by its levels' means. */
export function judgeAlone(column: Column, questions: Questions): Alone {
  if (questions.parts !== undefined) {
    return questions.parts.map((part) => judgeAlone(column, part)).reduce((a, b) => (b.auc > a.auc ? b : a));
  }
  let best: Alone = { auc: 0.5, output: questions.names[0]! };
  const offer = (auc: number, k: number): void => {
    if (auc > best.auc) best = { auc, output: questions.names[k]! };
  };
  if (column.kind === "number") {
    rankAucs(column, questions).forEach((auc, k) => {
      offer(Math.max(auc, 1 - auc), k);
    });
  }
  const category = column.kind === "category" ? column : asPresence(column, questions.rows);
  if (category !== null) for (let k = 0; k < questions.names.length; k++) offer(categoryAuc(category, questions, k), k);
  return best;
}

/** Whether a value is there may itself be the answer. */
function asPresence(column: NumberColumn, rows: TableRows): CategoryColumn | null {
  if (countMissing(column, rows) === 0) return null;
  const codes = new Int32Array(column.values.length);
  for (const row of rows) codes[row] = isMissingAt(column, row) ? 0 : 1;
  return { kind: "category", name: column.name, codes, levels: ["missing", "present"] };
}

function rankAucs(column: NumberColumn, { rows, answers, names }: Questions): number[] {
  const outputs = names.length;
  const present = rows.map((_, i) => i).filter((i) => !isMissingAt(column, rows[i]!));
  const ranks = midranks(presentValues(column, rows));
  return names.map((_, k) => aucOf(ranks, (i) => answers[present[i]! * outputs + k]!));
}

/**
 * A category ranked by the mean answer of its levels. Each half of the rows takes its means from the other half,
 * because a level of one row would know its own answer.
 */
function categoryAuc({ codes, levels }: CategoryColumn, { rows, answers, names }: Questions, k: number): number {
  const outputs = names.length;
  const sums = [new Float64Array(levels.length + 1), new Float64Array(levels.length + 1)];
  const counts = [new Float64Array(levels.length + 1), new Float64Array(levels.length + 1)];
  let positives = 0;
  rows.forEach((row, i) => {
    const answer = answers[i * outputs + k]!;
    sums[i & 1]![codes[row]! + 1]! += answer;
    counts[i & 1]![codes[row]! + 1]!++;
    positives += answer;
  });
  const prior = positives / rows.length;
  const scores = new Float64Array(rows.length);
  rows.forEach((row, i) => {
    const other = (i & 1) ^ 1;
    const level = codes[row]! + 1;
    scores[i] = (sums[other]![level]! + prior) / (counts[other]![level]! + 1);
  });
  return aucOf(midranks(scores), (i) => answers[i * outputs + k]!);
}

/** The rank of every score from 1, ties sharing the mean of their ranks. */
export function midranks(scores: Float64Array): Float64Array {
  const sorted = scores.slice().sort();
  return scores.map((score) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < score) low = middle + 1;
      else high = middle;
    }
    let last = low;
    high = sorted.length;
    if (sorted[low + 1] === score) {
      while (last < high) {
        const middle = (last + high) >> 1;
        if (sorted[middle]! <= score) last = middle + 1;
        else high = middle;
      }
      last--;
    }
    return (low + last) / 2 + 1;
  });
}

/** The area under the ROC curve from ranks; .5 where too few rows have one of the answers. */
function aucOf(ranks: Float64Array, answer: (i: number) => number): number {
  let sum = 0;
  let positives = 0;
  ranks.forEach((rank, i) => {
    if (answer(i) === 1) {
      sum += rank;
      positives++;
    }
  });
  const negatives = ranks.length - positives;
  if (Math.min(positives, negatives) < fewestRows) return 0.5;
  return (sum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
