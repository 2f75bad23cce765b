// A table that `surprisal check` looks at in a test: made of a few cells, and what was found in it.
import { madeTable } from "../src/checks/check.ts";
import { Random } from "../src/random.ts";
import { command, scratch } from "./world.ts";

export type Cells = Parameters<typeof madeTable>[0];

export interface Note {
  readonly code: string;
  readonly weight: string;
  readonly text: string;
  readonly column?: string;
  readonly ignored?: true;
}

const random = new Random("check command");
export const noise = Array.from({ length: 3000 }, () => random.normal());
/** The usual answer. */
export const isYes = (row: number) => row % 3 === 0;
export const day = (row: number) => new Date(Date.UTC(2019, 0, 1 + row)).toISOString().slice(0, 10);

/** Writes tables and checks them. */
export function checker() {
  const place = scratch();
  let tables = 0;
  const written = (cells: Cells, rows?: number) => place.write(`t${tables++}.csv`, madeTable(cells, rows));
  /** The notes of a table, and the exit code. */
  async function found(cells: Cells, ...flags: readonly string[]) {
    const { code, out, err } = await command(["check", written(cells, 120), "answer", "--json", ...flags]);
    if (code === 2) throw new Error(err);
    const { notes } = JSON.parse(out) as { notes: readonly Note[] };
    return { code, notes, of: (wanted: string) => notes.filter((note) => note.code === wanted) };
  }
  return { place, written, found };
}
