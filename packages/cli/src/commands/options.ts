// What compare and fit are asked in the same way: a table, its targets, and how both are read.
import { Command, type Option } from "commander";
import type { StudyOptions, TaskOptions } from "../comparison/options.ts";
import { shellWord } from "../words/shell.ts";
import { ignoreOption } from "./checkOptions.ts";
import { type EngineFlags, engineAsked, engineOptions } from "./engineOptions.ts";
import { type FileFlags, fileFlags, fileOptionsOf } from "./fileOptions.ts";
import { addReadingOptions, type ReadingFlags, readingOptions } from "./readingOptions.ts";
import { type TaskFlags, taskAsked, taskOptions } from "./taskOptions.ts";
import { collect, list, memory, moreNames, place, wholeNumber } from "./values.ts";

/** The flags of every command that learns from a table or checks it. */
export function tableOptions(command: Command): Command {
  const asked = taskOptions(fileFlags(command))
    .argument("<table>", "CSV, TSV, Parquet, JSON or JSONL, also gzipped; - is standard input")
    .argument("[targets...]", "the column to predict; several make it multi-label")
    .option(
      "--labels <names>",
      "several target columns: a,b or 'tag_*', and '\"a, b\",c' for a name with a comma (again for more)",
      moreNames,
    )
    .option("--positive <class>", "which of two classes is the positive one")
    .option("--group <column>", "rows with equal values stay in one fold")
    .option("--drop <column>", "leave a column out (again for more)", collect, [])
    .option("--keep <column>", "keep a column that the checks would leave out", collect, [])
    .option("--drop-classes <names>", "leave out the rows of these classes: a,b or '\"a, b\",c'", list, [])
    .option("--allow-missing-target", "go on where most rows have no label")
    .option("--keep-duplicates", "let identical rows fall into different folds")
    .option("--max-memory <size>", "what reading a table may take; default: half of the machine's", memory)
    .addOption(ignoreOption());
  return addReadingOptions(asked);
}

/** The flags of every command that trains. */
export function trainingOptions(command: Command): Command {
  return engineOptions(tableOptions(command))
    .option("--seed <n>", "of folds, weights and batches", wholeNumber({ least: 0 }), 0)
    .option("--output <folder>", "where the model and the results go", place, ".");
}

/** What they hold. */
export interface TableFlags extends TaskFlags, FileFlags, ReadingFlags {
  readonly labels?: readonly string[];
  readonly positive?: string;
  readonly group?: string;
  readonly drop: readonly string[];
  readonly keep: readonly string[];
  readonly dropClasses: readonly string[];
  readonly allowMissingTarget?: boolean;
  readonly keepDuplicates?: boolean;
  readonly maxMemory?: number;
  readonly ignore: readonly string[];
}

/** What those of a command that trains hold. */
export interface TrainingFlags extends TableFlags, EngineFlags {
  readonly seed: number;
  readonly output: string;
}

/** One call of such a command. */
export interface TableCall<F extends TableFlags = TableFlags> {
  readonly table: string;
  readonly targets: readonly string[];
  readonly flags: F;
  readonly command: Command;
}

/** What is asked of a table. */
export function askedOf({ table, targets, flags, command }: TableCall): TaskOptions {
  const { labels, positive, group, drop, keep, dropClasses, maxMemory, ignore } = flags;
  return {
    table,
    targets,
    labels,
    positive,
    group,
    ...taskAsked(flags),
    drop,
    keep,
    dropClasses,
    maxMemory,
    ignore,
    file: fileOptionsOf(flags),
    reading: readingOptions(flags),
    flags: command.options.flatMap(({ long }) => long ?? []),
    keepDuplicates: flags.keepDuplicates === true,
    allowMissingTarget: flags.allowMissingTarget === true,
  };
}

/** What follows `and 3 more` where no report is written: the command that tells them all, asked in the same way. */
export function seeAll({ command }: TableCall, [, ...argv]: readonly string[]): string {
  const known = tableOptions(new Command()).options.map(({ long }) => long);
  const foreign = command.options.flatMap(({ long }) => (long && !known.includes(long) ? [long] : []));
  return `: ${["surprisal", "check", ...withoutFlags(argv, command.options, foreign).map(shellWord)].join(" ")}`;
}

/** What is asked of a table, and of what is trained on it. */
export function studyOptions(call: TableCall<TrainingFlags>, argv: readonly string[]): StudyOptions {
  const { seed, output } = call.flags;
  const { command } = call;
  return {
    ...askedOf(call),
    ...engineAsked(call.flags),
    seed,
    output,
    command: ["surprisal", ...withoutFlags(argv, command.options, idleFlags).map(shellWord)].join(" "),
  };
}

/** Those that change no number, so that runs with equal numbers leave equal records. */
const idleFlags = ["--jobs", "--max-memory", "--resume", "--json"];

/**
 * Words without some flags and their values. What only looks like one stays: the value of another flag, such as a
 * column of that name, and what stands behind `--`.
 */
function withoutFlags(
  argv: readonly string[],
  options: readonly Option[],
  unwanted: readonly string[],
): readonly string[] {
  const kept: string[] = [];
  for (let k = 0; k < argv.length; k++) {
    if (argv[k] === "--") return [...kept, ...argv.slice(k)];
    const [flag] = argv[k].split("=", 1);
    const option = options.find(({ long, short }) => flag === long || flag === short);
    const words = option?.required && flag === argv[k] ? 2 : 1;
    if (!unwanted.includes(flag)) kept.push(...argv.slice(k, k + words));
    k += words - 1;
  }
  return kept;
}
