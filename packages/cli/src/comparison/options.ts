// What a comparison is asked for, and where it leaves its results.
import { basename, join } from "node:path";
import type { Metric } from "../scores/metric.ts";
import type { Plan } from "../selection/plan.ts";
import type { GoalsAsked } from "../verdict/goals.ts";

/** What the command line asks for. */
export interface CompareOptions {
  readonly table: string;
  readonly targets: readonly string[];
  readonly positive?: string | undefined;
  readonly losses: readonly string[];
  readonly model: "linear" | "mlp";
  readonly metric: Metric;
  readonly pace: Plan["pace"];
  readonly foldsFile?: string | undefined;
  readonly foldCount: number;
  readonly repeats?: number | undefined;
  readonly group?: string | undefined;
  readonly drop: readonly string[];
  readonly keep: readonly string[];
  readonly keepDuplicates: boolean;
  readonly goals: GoalsAsked;
  readonly jobs: number;
  /** The most memory that the reading of a table may take, in bytes. */
  readonly maxMemory?: number | undefined;
  readonly seed: number;
  /** The folder for what is written; null writes nothing. */
  readonly output: string | null;
  readonly resume: boolean;
  readonly allowMissingTarget: boolean;
  readonly dropClasses: readonly string[];
  /** The command that repeats it, for the record. */
  readonly command: string;
}

/** Where the files of a run go, without their endings: the table's name in the output folder. */
export function stemOf({ table, output }: Pick<CompareOptions, "table" | "output">): string {
  const name = basename(table);
  const stem = name.replace(/(\.csv|\.tsv|\.parquet|\.jsonl?)?(\.gz)?$/i, "");
  return join(output ?? ".", /^\.*$/.test(stem) ? name : stem); // a table may be called `.csv`, and `..` is a folder
}

/** What a comparison leaves behind. */
export function leftBehind(options: Pick<CompareOptions, "table" | "output">): readonly string[] {
  return ["onnx", "report.html", "report.json"].map((ending) => `${stemOf(options)}.${ending}`);
}

/** Where a comparison keeps its finished folds. */
export function journalOf(options: Pick<CompareOptions, "table" | "output">): string {
  return `${stemOf(options)}.journal.jsonl`;
}
