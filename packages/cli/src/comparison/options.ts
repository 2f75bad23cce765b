// What a comparison is asked for, and where it leaves its results.
import { join } from "node:path";
import type { FoundLibrary, Pace } from "../learning/engine.ts";
import type { EngineName } from "../learning/engines.ts";
import { numbersBeside } from "../running/journal.ts";
import type { Metric } from "../scores/metric.ts";
import type { ReadingOptions } from "../table/asked.ts";
import { type FileOptions, outputName } from "../table/fileOptions.ts";
import type { GoalsAsked } from "../verdict/goals.ts";

/** What is asked of a table, whether or not anything is trained on it. */
export interface TaskOptions {
  readonly table: string;
  readonly targets: readonly string[];
  /** More of them, also by patterns: `tag_*`. */
  readonly labels?: readonly string[] | undefined;
  readonly positive?: string | undefined;
  readonly group?: string | undefined;
  /** The column whose later rows test earlier ones. */
  readonly time?: string | undefined;
  readonly weight?: string | undefined;
  readonly drop: readonly string[];
  readonly keep: readonly string[];
  readonly keepDuplicates: boolean;
  /** What flags say of how cells are read. */
  readonly reading: ReadingOptions;
  /** The most memory that the reading of a table may take, in bytes. */
  readonly maxMemory?: number | undefined;
  /** How the file of the table is written. */
  readonly file?: FileOptions | undefined;
  readonly allowMissingTarget: boolean;
  readonly dropClasses: readonly string[];
  /** The flags that the command has, of which advice may speak. */
  readonly flags?: readonly string[] | undefined;
  /** The numbers of the checks that are not told. */
  readonly ignore?: readonly string[] | undefined;
}

/** The same, whatever is trained on it. */
export interface StudyOptions extends TaskOptions {
  readonly seed: number;
  /** What does the work of the engines that it can do the work of. */
  readonly library?: FoundLibrary | undefined;
  /** The folder for what is written; null writes nothing. */
  readonly output: string | null;
  /** The command that repeats it, for the record. */
  readonly command: string;
}

/** What is asked of a fit. */
export interface FitOptions extends StudyOptions {
  readonly model: EngineName;
}

/** What is asked of a comparison. */
export interface CompareOptions extends StudyOptions {
  /** The simplest first. */
  readonly models: readonly EngineName[];
  readonly losses: readonly string[];
  readonly metric: Metric;
  readonly pace: Pace;
  readonly foldsFile?: string | undefined;
  /** The path of a hold-out, which the final model is judged on. */
  readonly test?: string | undefined;
  readonly foldCount: number;
  readonly repeats?: number | undefined;
  readonly goals: GoalsAsked;
  readonly jobs: number;
  readonly resume: boolean;
}

/** Where a run leaves its results. */
type Place = Pick<StudyOptions, "table" | "output">;

/** Where the files of a run go, without their endings: the table's name in the output folder. */
export function stemOf({ table, output }: Place): string {
  const name = outputName(table);
  const stem = name.replace(/(\.csv|\.tsv|\.parquet|\.jsonl?)?(\.gz)?$/i, "");
  return join(output ?? ".", /^\.*$/.test(stem) ? name : stem); // a table may be called `.csv`, and `..` is a folder
}

/** What a comparison leaves behind. */
export function leftBehind(options: Place): readonly string[] {
  return ["onnx", "report.html", "report.json"].map((ending) => `${stemOf(options)}.${ending}`);
}

/** The files in which a comparison keeps its finished folds: their lines, and their numbers. */
export function journalFiles(options: Place): readonly string[] {
  return [journalOf(options), numbersBeside(journalOf(options))];
}

/** Where a comparison keeps its finished folds. */
export function journalOf(options: Place): string {
  return `${stemOf(options)}.journal.jsonl`;
}
