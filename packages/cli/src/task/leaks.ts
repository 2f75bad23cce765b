// How well a single column ranks the rows: one that does it almost alone may contain the answer.

import type { TableRows } from "../table/rows.ts";
import type { CategoryColumn, Column, NumberColumn } from "../table/table.ts";
import { countMissing, isMissingAt, presentValues } from "../table/table.ts";
import { type OneClass, ofOneClass } from "./oneClass.ts";
import type { Questions } from "./questions.ts";

/** A class with fewer rows than this is not judged: chance alone would do it. */
const fewestRows = 10;

/** More different numbers than this are a measurement; as few or fewer are looked at as categories, too. */
const mostCodes = 20;
/** An area under the ROC curve that is worth a word, and those beyond which a column is hardly a natural one. */
const areas = { strong: 0.98, codes: 0.995, measurement: 0.999 } as const;

/** The best area under the ROC curve that a column reaches alone, and for which class or label. */
export interface Alone {
  readonly auc: number;
  readonly output: string;
  /** Whether it is reached by the order of numbers, as measurements do, not by single values or gaps. */
  readonly byOrder: boolean;
}

/** What a column that says very much is to be called. */
export type Suspicion = (Alone & { readonly kind: "leak" | "strong" }) | ({ readonly kind: "gaps" } & OneClass);

/**
 * Whether a column looks as if it were written down after the answer. Measurements tell classes apart, too, so that
 * evidence decides: single values, or gaps, that do so (nearly) without an error; an order of numbers that leaves no
 * doubt between two classes, or puts all of several in order; being filled in, or missing, in one class only.
 */
export function suspect(column: Column, questions: Questions): Suspicion | null {
  const alone = judgeAlone(column, questions);
  if (isLeak(alone, column, questions)) return { ...alone, kind: "leak" };
  const gaps = ofOneClass(column, questions);
  if (gaps !== null) return { ...gaps, kind: "gaps" };
  return alone.auc > areas.strong ? { ...alone, kind: "strong" } : null;
}

function isLeak({ auc, byOrder }: Alone, column: Column, questions: Questions): boolean {
  if (!byOrder) return auc > areas.codes;
  // One class among several that one measurement tells apart is what measurements are for.
  return questions.exclusive ? auc > areas.strong && ordersClasses(column, questions) : auc > areas.measurement;
}

/** The question that a column alone answers best: a number by its rank, either way; a category by its levels' means. */
export function judgeAlone(column: Column, questions: Questions): Alone {
  if (questions.parts !== undefined) {
    return questions.parts.map((part) => judgeAlone(column, part)).reduce((a, b) => (b.auc > a.auc ? b : a));
  }
  let best: Alone = { auc: 0.5, output: questions.names[0]!, byOrder: false };
  const offer = (auc: number, k: number, byOrder: boolean): void => {
    if (auc > best.auc) best = { auc, output: questions.names[k]!, byOrder };
  };
  const codes = column.kind === "number" ? asCodes(column, questions.rows) : null;
  if (column.kind === "number") {
    rankAucs(column, questions).forEach((auc, k) => {
      offer(Math.max(auc, 1 - auc), k, codes === null);
    });
  }
  const presence = column.kind === "number" ? asPresence(column, questions.rows) : null;
  for (const category of column.kind === "category" ? [column] : [codes, presence]) {
    if (category === null) continue;
    for (let k = 0; k < questions.names.length; k++) offer(categoryAuc(category, questions, k), k, false);
  }
  return best;
}

/** Few different numbers are codes, and may mean anything in any order. */
function asCodes(column: NumberColumn, rows: TableRows): Levelled | null {
  const position = new Map<number, number>();
  const codes = new Int32Array(column.values.length).fill(-1);
  for (const row of rows) {
    const value = column.values[row]!;
    if (Number.isNaN(value)) continue;
    const code = position.get(value) ?? position.size;
    if (code === mostCodes) return null;
    position.set(value, code);
    codes[row] = code;
  }
  return { codes, levels: [...position.keys()].map(String) };
}

/** Whether the numbers have all rows of a class side by side, for every class, in nearly all of the rows. */
function ordersClasses(column: Column, { rows, answers, names }: Questions): boolean {
  if (column.kind !== "number") return false;
  const classOf = (i: number): number => answers.subarray(i * names.length, (i + 1) * names.length).indexOf(1);
  const present = [...rows.keys()].filter((i) => !isMissingAt(column, rows[i]!));
  if (present.length < 0.95 * rows.length) return false;
  present.sort((a, b) => column.values[rows[a]!]! - column.values[rows[b]!]!);
  const changes = present.filter((i, k) => k > 0 && classOf(i) !== classOf(present[k - 1]!)).length;
  return changes === names.length - 1;
}

type Levelled = Pick<CategoryColumn, "codes" | "levels">;

/** Whether a value is there may itself be the answer. */
function asPresence(column: NumberColumn, rows: TableRows): Levelled | null {
  if (countMissing(column, rows) === 0) return null;
  const codes = new Int32Array(column.values.length);
  for (const row of rows) codes[row] = isMissingAt(column, row) ? 0 : 1;
  return { codes, levels: ["missing", "present"] };
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
function categoryAuc({ codes, levels }: Levelled, { rows, answers, names }: Questions, k: number): number {
  const outputs = names.length;
  const width = levels.length + 1;
  // Of each half and level: the rows, and those with the answer.
  const counts = new Int32Array(2 * width);
  const sums = new Int32Array(2 * width);
  for (let i = 0; i < rows.length; i++) {
    const bucket = (i & 1) * width + codes[rows[i]!]! + 1;
    counts[bucket]!++;
    sums[bucket]! += answers[i * outputs + k]!;
  }
  const positives = sums.reduce((sum, each) => sum + each, 0);
  const negatives = rows.length - positives;
  if (Math.min(positives, negatives) < fewestRows) return 0.5;
  const prior = positives / rows.length;
  const buckets = [...counts.keys()]
    .filter((bucket) => counts[bucket]! > 0)
    .map((bucket) => {
      const other = (bucket + width) % (2 * width);
      return { bucket, score: (sums[other]! + prior) / (counts[other]! + 1) };
    })
    .sort((a, b) => a.score - b.score);
  let [below, area] = [0, 0];
  for (let first = 0; first < buckets.length; ) {
    let [tied, untied] = [0, 0];
    const { score } = buckets[first]!;
    for (; first < buckets.length && buckets[first]!.score === score; first++) {
      const { bucket } = buckets[first]!;
      tied += sums[bucket]!;
      untied += counts[bucket]! - sums[bucket]!;
    }
    area += tied * (below + untied / 2);
    below += untied;
  }
  return area / (positives * negatives);
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
