// What the page of the benchmark tables is made from, and the numbers of the last run, which are kept.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Again } from "./again.ts";
import type { Peers, PublicTable, Rivals } from "./peers.ts";
import type { Kind, Run } from "./runs.ts";

/** What the page is made from. */
export interface Benchmarks {
  readonly tables: readonly PublicTable[];
  readonly peers: Readonly<Record<string, Peers>>;
  readonly protocol: string;
  readonly version: string;
  readonly rivals: Rivals;
  /** CPU times of rivals that were taken again on this machine. */
  readonly again: readonly Again[];
  /** By table, then by kind; null where it has not been run. */
  readonly runs: Readonly<Record<string, Readonly<Record<Kind, Run | null>>>>;
  readonly machine: string;
}

const folder = new URL("../results/tool/", import.meta.url);
const file = new URL("benchmarks.json", folder);

/** What the page in docs/ was made from. */
export function readBenchmarks(): Benchmarks {
  return JSON.parse(readFileSync(file, "utf8")) as Benchmarks;
}

/** Keeps what a page is made from. */
export function keepBenchmarks(benchmarks: Benchmarks): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify(benchmarks, null, 1)}\n`);
}
