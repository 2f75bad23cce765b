// What rows count: a column of weights on a target, and what sums of weights stand for.
import { CliError, tableTexts } from "../errors.ts";
import { type Note, targetNotes } from "../notes.ts";
import type { Column, Table } from "../table/table.ts";
import { isMissingAt } from "../table/table.ts";
import { quoted } from "../words/quoted.ts";
import { allPositions, type Positions, positionsWhere, tableRowsOf } from "./positions.ts";
import { columnNamed, type Target } from "./target.ts";
import { classCounts, knownRows } from "./task.ts";

/** A column by which rows count. */
export interface Weight {
  readonly column: string;
  /** The sum of the weights of the rows that are learnt from. */
  readonly sum: number;
  /** So many rows of equal weight would tell as much: see `effectiveRows`. */
  readonly effective: number;
}

/** A target whose rows count by a column. */
export interface Weighed {
  readonly target: Target;
  readonly weight: Weight;
  readonly notes: readonly Note[];
}

/**
 * Lets the rows of a target count by a column of the table. Rows of weight 0 are left out; equal weights are none.
 *
 * @param isTest whether it is only judged on, so that a class may be missing
 * @throws CliError where a weight is missing, negative, infinite or no number, or nothing is left of a class
 */
export function weighTarget(target: Target, table: Table, name: string, isTest = false): Weighed {
  if (target.columns.includes(name)) throw new CliError(tableTexts.dropsTarget("--weight", name));
  const column = columnNamed(table, name, "--weight");
  const all = weightsIn(column, target);
  const counting = positionsWhere(allPositions(target), (position) => all[position]! > 0);
  if (counting.length === 0) throw new CliError(tableTexts.weightZero(name));
  const left = rowsOf(target, counting);
  const nothing = lacking(left);
  if (nothing !== null && !isTest) throw new CliError(tableTexts.weightClass(name, nothing));
  const weights = all.filter((weight) => weight > 0);
  const zeros = all.length - counting.length;
  const sum = weights.reduce((total, each) => total + each, 0);
  const isEqual = weights.every((each) => each === weights[0]);
  const effective = isEqual ? weights.length : effectiveRows(weights);
  return {
    target: isEqual ? left : { ...left, weights: perLabel(left, weights) },
    weight: { column: name, sum, effective },
    notes: [
      isEqual ? targetNotes.weightedEqually(name, weights[0]!) : targetNotes.weighted(name, sum, effective),
      ...(zeros === 0 ? [] : [targetNotes.weightZero(name, zeros)]),
    ],
  };
}

/**
 * The effective number of rows, (sum of weights)^2 / sum of squared weights (Kish 1965): the number of rows of equal
 * weight whose mean is as sure. Of weights 1 and 3 it is 1.6, of equal ones their number, whatever their unit.
 */
export function effectiveRows(weights: ArrayLike<number>): number {
  let largest = 0;
  for (let k = 0; k < weights.length; k++) largest = Math.max(largest, weights[k]!);
  const unit = 2 ** Math.floor(Math.log2(largest)); // so that squares of huge or tiny weights stay numbers
  let sum = 0;
  let squares = 0;
  for (let k = 0; k < weights.length; k++) {
    const weight = weights[k]! / unit;
    sum += weight;
    squares += weight * weight;
  }
  return largest === 0 ? 0 : (sum * sum) / squares;
}

/** Weights below this, and above its inverse, are refused: their squares are no numbers. */
const least = 1e-100;

/** The weights of the kept rows, each checked. */
function weightsIn(column: Column, { rows }: Target): Float64Array {
  const { name } = column;
  if (column.kind === "number" && column.from === "date") throw new CliError(tableTexts.weightDates(name));
  const numbers = column.kind === "number" ? null : column.levels.map(Number);
  return Float64Array.from(rows, (row) => {
    const refuse = (found: string) => new CliError(tableTexts.weightCell(name, row + 1, found));
    if (isMissingAt(column, row)) throw refuse("is missing");
    const value = column.kind === "number" ? column.values[row]! : numbers![column.codes[row]!]!;
    if (Number.isNaN(value)) throw refuse(`holds ${quoted(textAt(column, row))}`);
    if (value < 0) throw refuse(`is ${value}`);
    if (value === Infinity) throw refuse("is infinite");
    if (value > 1 / least || (value > 0 && value < least)) throw refuse(`is ${value}, too far from 1,`);
    return value + 0; // -0 is 0
  });
}

const textAt = (column: Column, row: number) =>
  column.kind === "number" ? String(column.values[row]) : column.levels[column.codes[row]!]!;

/** A target without some of its rows. */
function rowsOf(target: Target, positions: Positions): Target {
  const { kind, outputs, rows, labels, weights } = target;
  if (positions.length === rows.length) return target;
  const width = kind === "multilabel" ? outputs : 1;
  const of = <A extends Int32Array | Float64Array>(all: A): A =>
    all.filter((_, at) => kept[Math.floor(at / width)] === 1) as A;
  const kept = new Uint8Array(rows.length);
  for (const position of positions) kept[position] = 1;
  return { ...target, rows: tableRowsOf(target, positions), labels: of(labels), weights: weights && of(weights) };
}

/** A class or a value of a label of which no row is left. */
function lacking(target: Target): string | null {
  const { kind, classes } = target;
  const counts = classCounts(target);
  const positives = counts.indexOf(0);
  if (positives >= 0) return kind === "multilabel" ? `${classes[positives]} = 1` : classes[positives]!;
  if (kind !== "multilabel") return null;
  const known = knownRows(target);
  const negatives = counts.findIndex((count, k) => count === known[k]);
  return negatives < 0 ? null : `${classes[negatives]} = 0`;
}

/** Weights of rows as weights of their labels: 0 stays 0. */
function perLabel({ kind, outputs, labels }: Target, weights: Float64Array): Float64Array {
  if (kind !== "multilabel") return weights;
  return Float64Array.from(labels, (label, at) => (label === -1 ? 0 : weights[Math.floor(at / outputs)]!));
}
