// The section of the page on the memory of a comparison: what was kept of a run of npm run bench:memory, as a table.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { table, times } from "../markdown.ts";

/** What a comparison took. */
export interface Taken {
  readonly peakMegabytes: number;
  readonly journalMegabytes: number;
  readonly seconds: number;
}

/** A comparison, before and now, or now alone. */
export interface MemoryFound {
  readonly comparison: string;
  readonly taken: readonly Taken[];
}

/** A run. */
export interface MemoryResults {
  readonly node: string;
  readonly machine: string;
  readonly rows: number;
  readonly epochs: number;
  readonly found: readonly MemoryFound[];
}

const file = new URL("../results/tool/memory.json", import.meta.url);

/** Keeps a run. */
export function keepMemory(results: MemoryResults): void {
  writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`);
}

/** What was kept; null where nothing was. */
export function readMemory(): MemoryResults | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as MemoryResults) : null;
}

/** The section. */
export function memorySection({ node, machine, rows, epochs, found }: MemoryResults): string {
  const lines = found.flatMap(({ comparison, taken }) =>
    (
      [
        ["peakMegabytes", "peak, MB"],
        ["journalMegabytes", "journal, MB"],
      ] as const
    ).map(([what, name]) => {
      const [first, last] = [taken[0]![what], taken[taken.length - 1]![what]];
      const before = taken.length > 1 ? first.toFixed(0) : "–";
      return [comparison, name, before, last.toFixed(0), taken.length > 1 ? times(last / first) : "–"];
    }),
  );
  return `## The memory of a comparison

\`surprisal compare --fast --jobs 2\` of ${rows.toLocaleString("en")} rows by 30 columns (26 of numbers, 4 of categories) and a label
that 3 % of the rows have, Node ${node.slice(1)} on ${machine}; networks cut to ${epochs} epochs, on which memory does not hang.
The peak is that of the process that works, in units of 2^20 bytes; the one that was called holds 44 MB beside it. Written by
\`npm run bench:memory -- BASE_CHECKOUT --keep\`; "before" is the checkout before columns were read into shared memory.

${table(["comparison", "", "before", "now", "ratio"], lines, 2)}`;
}
