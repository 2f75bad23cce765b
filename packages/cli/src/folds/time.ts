// Folds in time: rows in their order are cut into blocks, and each block tests what is learnt from all before it.
import { CliError, foldTexts } from "../errors.ts";
import { exactOf } from "../table/exact.ts";
import { rowRange, type TableRows } from "../table/rows.ts";
import { isMissingAt, type NumberColumn, type Table } from "../table/table.ts";
import { allPositions, type Positions } from "../task/positions.ts";
import { columnNamed, type Target } from "../task/target.ts";
import { blockOf, type Folds, hashFolds } from "./assignment.ts";
import { boundariesOf, cutsNear, inOrder, kindCount, kindName, kindsAt } from "./order.ts";

/** The column that tells the order of the rows. */
export interface Time {
  readonly column: NumberColumn;
  /** Of each kept row: equal where times are equal, larger where they are later. */
  readonly ranks: Int32Array;
}

/** @throws CliError for a column that is not there, or that tells no order */
export function timeColumn(table: Table, name: string): NumberColumn {
  const column = columnNamed(table, name, "--time");
  if (column.kind === "number") {
    const known = rowRange(0, table.rows).some((row) => !isMissingAt(column, row));
    if (known) return column;
    throw new CliError(foldTexts.timeEmpty(name));
  }
  throw new CliError(
    column.levels.length === 0 ? foldTexts.timeEmpty(name) : foldTexts.timeIsText(name, column.levels[0]),
  );
}

/** The order of some rows, all of which have a time. */
export function timeOf(column: NumberColumn, rows: TableRows): Time {
  const values = Float64Array.from(rows, (row) => column.values[row]);
  const different = Float64Array.from(new Set(values)).sort();
  const rank = new Map(Array.from(different, (value, k) => [value, k]));
  return { column, ranks: Int32Array.from(values, (value) => rank.get(value) as number) };
}

/** A block of the rows in time. */
export interface Block {
  /** The first and the last time in it, as texts. */
  readonly from: string;
  readonly to: string;
  readonly rows: number;
}

/** The blocks of folds in time, the first of which tests nothing. */
export function blocksOf(
  { count, repeats: [values] }: Folds,
  column: NumberColumn,
  { rows }: Target,
): readonly Block[] {
  return Array.from({ length: count + 1 }, (_, block) => {
    const inside = rows.filter((__, position) => blockOf(values[position]) === block);
    return { ...spanOf(column, inside), rows: inside.length };
  });
}

/** The first and the last time of some rows. */
function spanOf(column: NumberColumn, rows: Int32Array): { readonly from: string; readonly to: string } {
  const times = Float64Array.from(rows, (row) => column.values[row]).sort();
  const values = Float64Array.of(times[0], times[times.length - 1]);
  // Of the two alone, since all would have to be written to find them.
  const { codes, texts } = exactOf({ ...column, values });
  return { from: texts[codes[0]], to: texts[codes[1]] };
}

/**
 * Cuts the kept rows into `count` + 1 blocks of about equally many rows. Fold k tests block k + 1 and trains on all
 * blocks before it (expanding windows). Equal times are in one block. A row whose group occurs in an earlier block is
 * not tested.
 *
 * @throws CliError where there are too few times, or a class (or a label's 0 or 1) is missing in a block
 */
export function foldsInTime(target: Target, { column, ranks }: Time, groups: Int32Array | null, count: number): Folds {
  const { name } = column;
  const times = new Set(ranks).size;
  if (times < count + 1) throw new CliError(foldTexts.timeTooFew(name, times, count));
  const order = { target, ranks, groups, sorted: inOrder(allPositions(target), ranks) };
  const dealt = blocksInTime(order, count);
  if (dealt.lacking !== null) {
    const { block, kind } = dealt.lacking;
    const inside = target.rows.filter((_, position) => blockOf(dealt.values[position]) === block);
    const { from, to } = spanOf(column, inside);
    const most = Math.min(count - 1, mostAdvised);
    const counts = Array.from({ length: Math.max(0, most - 1) }, (_, k) => most - k);
    const fewer = counts.find((each) => blocksInTime(order, each).lacking === null);
    throw new CliError(
      foldTexts.timeWithoutClass({ block: block + 1, of: count + 1, from, to }, kindName(target, kind), fewer ?? null),
    );
  }
  return { count, repeats: [dealt.values], hash: hashFolds([dealt.values]), inTime: true };
}

/** Larger numbers of folds are not tried to find one that works. */
const mostAdvised = 30;

/** Rows in their order. */
interface Order extends Pick<Time, "ranks"> {
  readonly target: Target;
  readonly groups: Int32Array | null;
  readonly sorted: Positions;
}

interface Blocks {
  readonly values: Int32Array;
  /** The first block that lacks something, and what. */
  readonly lacking: { readonly block: number; readonly kind: number } | null;
}

function blocksInTime({ target, ranks, groups, sorted }: Order, count: number): Blocks {
  const shares = Array.from({ length: count }, (_, k) => (k + 1) / (count + 1));
  const cuts = cutsNear(boundariesOf(sorted, ranks), shares, sorted.length);
  const values = new Int32Array(sorted.length);
  const seen = new Set<number>();
  const kinds = kindCount(target);
  let lacking: Blocks["lacking"] = null;
  for (let block = 0; block <= count; block++) {
    const inside = sorted.subarray(block === 0 ? 0 : cuts[block - 1], cuts[block] ?? sorted.length);
    const found = new Set<number>();
    for (const position of inside) {
      const isTested = block > 0 && !(groups !== null && seen.has(groups[position]));
      values[position] = isTested ? block - 1 : ~block;
      if (block === 0 || isTested) for (const kind of kindsAt(target, position)) found.add(kind);
    }
    if (groups !== null) for (const position of inside) seen.add(groups[position]);
    if (lacking === null && found.size < kinds) {
      lacking = { block, kind: Array.from({ length: kinds }, (_, kind) => kind).findIndex((kind) => !found.has(kind)) };
    }
  }
  return { values, lacking };
}
