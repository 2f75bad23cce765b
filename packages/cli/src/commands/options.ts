// What compare and fit are asked in the same way: a table, its targets, and how both are read.
import { type Command, Option } from "commander";
import type { StudyOptions } from "../comparison/options.ts";
import { type EngineName, engines, usualEngine } from "../learning/engines.ts";
import { shellWord } from "../words/shell.ts";
import { type TaskFlags, taskAsked, taskOptions } from "./taskOptions.ts";
import { collect, list, memory, place, wholeNumber } from "./values.ts";

/** The flags of every command that trains. */
export function tableOptions(command: Command): Command {
  return taskOptions(command)
    .argument("<table>", "CSV, TSV, Parquet, JSON or JSONL, also gzipped")
    .argument("[targets...]", "the column to predict; several make it multi-label")
    .option("--labels <names>", "several target columns: a,b or '\"a, b\",c' for a name with a comma", list)
    .option("--positive <class>", "which of two classes is the positive one")
    .addOption(
      new Option("--model <kind>", "what is trained").choices(engines.map(({ name }) => name)).default(usualEngine),
    )
    .option("--group <column>", "rows with equal values stay in one fold")
    .option("--drop <column>", "leave a column out (again for more)", collect, [])
    .option("--keep <column>", "keep a column that the checks would leave out", collect, [])
    .option("--drop-classes <names>", "leave out the rows of these classes: a,b or '\"a, b\",c'", list, [])
    .option("--allow-missing-target", "go on where most rows have no label")
    .option("--keep-duplicates", "let identical rows fall into different folds")
    .option("--max-memory <size>", "what reading a table may take; default: half of the machine's", memory)
    .option("--seed <n>", "of folds, weights and batches", wholeNumber({ least: 0 }), 0)
    .option("--output <folder>", "where the model and the results go", place, ".");
}

/** What they hold. */
export interface TableFlags extends TaskFlags {
  readonly labels?: readonly string[];
  readonly positive?: string;
  readonly model: EngineName;
  readonly group?: string;
  readonly drop: readonly string[];
  readonly keep: readonly string[];
  readonly dropClasses: readonly string[];
  readonly allowMissingTarget?: boolean;
  readonly keepDuplicates?: boolean;
  readonly maxMemory?: number;
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
export function studyOptions({ table, targets, flags, command }: TableCall, argv: readonly string[]): StudyOptions {
  const { labels = [], model, positive, group, drop, keep, dropClasses, maxMemory, seed, output } = flags;
  return {
    table,
    targets: [...targets, ...labels],
    model,
    positive,
    group,
    ...taskAsked(flags),
    drop,
    keep,
    dropClasses,
    maxMemory,
    seed,
    output,
    keepDuplicates: flags.keepDuplicates === true,
    allowMissingTarget: flags.allowMissingTarget === true,
    command: ["surprisal", ...withoutIdleFlags(argv, command.options).map(shellWord)].join(" "),
  };
}

/**
 * Without the flags that change no number, so that runs with equal numbers leave equal records. What only looks like
 * one stays: the value of another flag, such as a column of that name, and what stands behind `--`.
 */
function withoutIdleFlags(argv: readonly string[], options: readonly Option[]): readonly string[] {
  const kept: string[] = [];
  for (let k = 0; k < argv.length; k++) {
    if (argv[k] === "--") return [...kept, ...argv.slice(k)];
    const [flag] = argv[k].split("=", 1);
    const option = options.find(({ long, short }) => flag === long || flag === short);
    const words = option?.required && flag === argv[k] ? 2 : 1;
    if (!["--jobs", "--max-memory", "--resume", "--json"].includes(flag)) kept.push(...argv.slice(k, k + words));
    k += words - 1;
  }
  return kept;
}
