// Repeated stratified folds: every row is tested once per repeat, and groups stay together.

import { CliError, foldTexts } from "../errors.ts";
import { Random } from "../random.ts";
import { allPositions, type Positions, positionsWhere } from "../task/positions.ts";
import type { Target } from "../task/target.ts";
import { classInOneFold, type Folds, hashFolds } from "./assignment.ts";
import { countOccurrences, type Desire, makeUnits, stratify, type Units } from "./stratify.ts";

/**
 * Deals the kept rows into folds, `repeats` times. Without groups, folds differ by one row at most, overall and per
 * class.
 * @throws CliError where a class cannot be in every fold
 */
export function makeFolds(
  target: Target,
  options: { folds: number; repeats: number; seed: number; groups: Int32Array | null },
): Folds {
  const { folds: count, groups } = options;
  if (!Number.isInteger(count) || count < 2) throw new CliError(foldTexts.foldCount(count));
  if (target.rows.length < count) throw new CliError(foldTexts.fewerRowsThanFolds(target.rows.length, count));
  const rows = allPositions(target);
  const units = makeUnits(target, rows, groups);
  checkOccurrences(target, units, count, groups);
  const repeats = Array.from({ length: options.repeats }, (_, repeat) => {
    const random = new Random(`folds, seed ${options.seed}, repeat ${repeat}`);
    const desire = evenDesire(units, rows.length, count);
    const order = random.shuffle(Int32Array.from({ length: count }, (__, fold) => fold));
    const parts = stratify(target, units, desire, order, random);
    return units.unitOf.map((unit) => parts[unit]);
  });
  for (const folds of repeats) {
    const lonely = classInOneFold(target, folds);
    if (lonely !== null) throw new CliError(foldTexts.classInOneFold(lonely.name, lonely.fold, count));
  }
  return { count, repeats, hash: hashFolds(repeats) };
}

/**
 * Splits rows (positions among the kept rows) once, stratified: about `share` of each class is held out.
 *
 * A class with at least two rows (or groups) has one on either side where groups allow it; a single one stays in
 * training.
 * @throws CliError where all rows are one group
 */
export function holdout(
  target: Target,
  rows: Positions,
  share: number,
  seed: string,
  groups: Int32Array | null,
): { train: Positions; test: Positions } {
  const units = makeUnits(target, rows, groups);
  if (units.count < 2) throw new CliError(foldTexts.noHoldout(rows.length));
  const present = countOccurrences(units);
  const split = (held: number, all: number) => Float64Array.of(held, all - held);
  const desire: Desire = {
    rows: split(share * rows.length, rows.length),
    perClass: Array.from(present.rows, (count, each) =>
      split(present.units[each] < 2 ? 0 : Math.min(Math.max(share * count, 1), count - 1), count),
    ),
  };
  const parts = stratify(target, units, desire, Int32Array.of(0, 1), new Random(`holdout, ${seed}`));
  ensureBoth(units, parts);
  const side = (part: number) => positionsWhere(rows, (_, index) => parts[units.unitOf[index]] === part);
  return { train: side(1), test: side(0) };
}

function evenDesire(units: Units, rows: number, parts: number): Desire {
  const even = (count: number) => new Float64Array(parts).fill(count / parts);
  return { rows: even(rows), perClass: Array.from(countOccurrences(units).rows, even) };
}

function checkOccurrences(target: Target, units: Units, folds: number, groups: Int32Array | null): void {
  const grouped = groups !== null;
  const present = countOccurrences(units);
  target.classes.forEach((name, each) => {
    const found = present.units[each];
    if (target.kind !== "multilabel") {
      if (found < folds) throw new CliError(foldTexts.rareClass(name, found, folds, grouped));
      return;
    }
    if (found < folds) throw new CliError(foldTexts.rareLabel(name, 1, found, folds, grouped));
    const isPartial = units.classCount > target.outputs;
    const without = isPartial ? present.units[target.outputs + each] : unitsWithout(units, each);
    if (without < folds) throw new CliError(foldTexts.rareLabel(name, 0, without, folds, grouped));
  });
}

/** In how many units at least one row lacks the label. */
function unitsWithout({ count, starts, classes, amounts, sizes }: Units, label: number): number {
  let full = 0;
  for (let unit = 0; unit < count; unit++) {
    for (let entry = starts[unit]; entry < starts[unit + 1]; entry++) {
      if (classes[entry] === label && amounts[entry] === sizes[unit]) full++;
    }
  }
  return count - full;
}

/** Moves the smallest unit where large groups have left one side empty. */
function ensureBoth({ sizes }: Units, parts: Int32Array): void {
  for (const side of [0, 1]) {
    if (parts.includes(side)) continue;
    let smallest = 0;
    sizes.forEach((size, unit) => {
      if (size < sizes[smallest]) smallest = unit;
    });
    parts[smallest] = side;
  }
}
