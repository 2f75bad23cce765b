// Whether a line of a delimited text holds names of columns or values, as far as its cells can tell.

const number = /^[([]?[+\-−]?[$€£]?\s*(\d[\d.,' ]*|\.\d+)(e[+-]?\d+)?\s*[%)\]]?$/i;
const date = /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?$/;

/** Cells that say nothing about their column. */
const gap = /^(|na|n\/a|nan|null|none|\?|-|\.)$/i;
const isGap = (cell: string) => gap.test(cell.trim());

interface Line {
  readonly cells: readonly string[];
}

function isValue(cell: string): boolean {
  const text = cell.trim();
  return number.test(text) || date.test(text);
}

/** In each column, whether most of the cells are numbers or dates; null where there is none. */
function valuedBelow(rows: readonly Line[], column: number): boolean | null {
  const present = rows.flatMap(({ cells }) => (isGap(cells[column] ?? "") ? [] : [cells[column]!]));
  return present.length === 0 ? null : present.filter(isValue).length >= 0.8 * present.length;
}

/** Whether the cells of a line are words above numbers in at least one column. */
export function looksLikeNames(line: readonly string[], rows: readonly Line[]): boolean {
  return line.some((cell, k) => !isGap(cell) && !isValue(cell) && valuedBelow(rows, k) === true);
}

/** Whether a first line is like the lines below it: numbers above numbers, and nowhere a word above numbers. */
export function looksLikeValues(line: readonly string[], all: readonly Line[]): boolean {
  const rows = all.filter(({ cells }) => cells.some((cell, k) => cell !== line[k]));
  if (rows.length === 0 || line.every(isGap) || looksLikeNames(line, rows)) return false;
  const valued = line.flatMap((cell, k) => (isValue(cell) && valuedBelow(rows, k) === true ? [cell.trim()] : []));
  const known = (cell: string, k: number) => rows.some(({ cells }) => cells[k]?.trim() === cell.trim());
  if (valued.length === 0) return line.length > 1 && rows.length > 1 && line.every(known);
  // Years, or places, as names: whole numbers, each one more than that before it.
  const whole = valued.map((cell) => (/^\d+$/.test(cell) ? Number(cell) : Number.NaN));
  const counting = whole.every((each, k) => k === 0 || each === whole[k - 1]! + 1);
  const year = whole[0]! >= 1900 && whole[0]! < 2100;
  const continued = valued.length > 0 && rows.every(({ cells }, k) => Number(cells[0]) === Number(line[0]) + k + 1);
  return Number.isNaN(whole[0]!) || !counting || !(valued.length > 1 || year) || continued;
}
