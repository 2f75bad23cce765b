// An entry of the catalogue of checks: a stable number, what it means, a table that provokes it, and what cures it.
import { csvCell } from "../words/csv.ts";

/** A check, or a note that is told, by a number that never changes. */
export interface Check {
  /** S1xx file, S2xx cells, S3xx target, S4xx features, S5xx folds, S6xx prediction, S7xx outcome. */
  readonly number: `S${number}`;
  readonly title: string;
  /** What it says, and why that matters. */
  readonly means: string;
  /** What tells it. */
  readonly told: Example;
  /** What is not told any more once this is changed; without it, only `--ignore` silences a plain statement. */
  readonly cure?: Partial<Example> & { readonly words: string };
}

/** Files, and the commands that are run beside them, of which the last one tells. */
export interface Example {
  /** By their names. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Each without `surprisal`; `check table.csv answer` where none is given. */
  readonly run?: readonly string[];
}

/** A cell of a made table by its row, counted from 0. */
type Cell = (row: number) => string | number;

/** A table of two numbers and an answer that hangs on nothing, with the cells that a check is about. */
export function madeTable(cells: Readonly<Record<string, Cell>>, rows = 60): string {
  const columns: Readonly<Record<string, Cell>> = {
    size: (row) => (row * 7) % 31,
    weight: (row) => ((row * 17 + 1) % 61) / 10,
    ...cells,
    answer: cells.answer ?? ((row) => (row % 3 === 0 ? "yes" : "no")),
  };
  const lines = Array.from({ length: rows }, (_, row) => Object.values(columns).map((cell) => inCsv(cell(row))));
  return `${[Object.keys(columns).map(inCsv), ...lines].map((line) => line.join(",")).join("\n")}\n`;
}

/** The same as `table.csv`. */
export const table = (cells: Readonly<Record<string, Cell>>, rows?: number) => ({
  "table.csv": madeTable(cells, rows),
});

function inCsv(cell: string | number): string {
  return csvCell(String(cell));
}

/** What an example runs. */
export function commandsOf({ run }: Partial<Example>): readonly string[] {
  return run ?? ["check table.csv answer"];
}
