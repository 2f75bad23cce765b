// The commands and their flags.
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { InputError } from "surprisal";
import { checkPlace } from "./atomicFile.ts";
import { type Candidate, defaultFamilies, describeCandidate, lossNamed, lossOf, weightings } from "./candidates.ts";
import { type CompareOptions, compare, journalOf, prepareComparison, stemOf } from "./compare.ts";
import { CliError, commandTexts } from "./errors.ts";
import { trainFinal } from "./final.ts";
import { readModelFile, writeModelFile } from "./modelFile.ts";
import { type Metric, metrics, type Plan } from "./plan.ts";
import { predict, predictedTable } from "./predict.ts";
import { listLosses, showLoss } from "./show.ts";
import { readTable } from "./table.ts";
import { checkTablePath, writeTable } from "./tableFile.ts";
import { findings, planned, preface } from "./terminal.ts";
import { duration } from "./text.ts";
import { versions } from "./version.ts";

/** What the commands may touch of the world. */
export interface World {
  out(text: string): void;
  err(text: string): void;
  /** Whether standard error is a terminal, on which a line may be written over. */
  readonly terminal: boolean;
  readonly colour: boolean;
  readonly columns: number;
  readonly processors: number;
  /** Milliseconds, for the time that is left. */
  now(): number;
  readonly signal: AbortSignal;
}

/** Runs a command line; returns the exit code: 0, 2 for what the user can mend, 1 for a fault of the program. */
export async function run(argv: readonly string[], world: World): Promise<number> {
  try {
    await program(argv, world).parseAsync(argv, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { text, code } = told(error);
    world.err(`surprisal: ${text}\n`);
    return code;
  }
}

/** What is said of an error: never a stack trace. */
function told(error: unknown): { readonly text: string; readonly code: number } {
  if (error instanceof CliError) return { text: error.message, code: 2 };
  if (error instanceof InputError) return { text: commandTexts.refused(error.message), code: 2 };
  if (!(error instanceof Error)) return { text: commandTexts.fault(String(error), ""), code: 1 };
  const where = /\n\s*(at .*)/.exec(error.stack ?? "")?.[1];
  return { text: commandTexts.fault(`${error.name}: ${error.message}`, where ? ` (${where})` : ""), code: 1 };
}

function list(text: string): readonly string[] {
  const names = text.split(",").flatMap((name) => (name.trim() === "" ? [] : [name.trim()]));
  if (names.length === 0) throw new InvalidArgumentError("Expected names, separated by commas.");
  return names;
}

function place(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("Expected a path.");
  return text;
}

/** A word as a shell takes it, so that the command can be pasted back. */
const shellWord = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
const collect = (text: string, before: readonly string[]) => [...before, text];

function number(least: number, whole: boolean) {
  return (text: string): number => {
    const value = Number(text);
    const valid =
      text.trim() !== "" &&
      value >= least &&
      value < Number.POSITIVE_INFINITY &&
      (!whole || Number.isSafeInteger(value));
    if (whole && value > Number.MAX_SAFE_INTEGER) throw new InvalidArgumentError("Expected a number below 2^53.");
    if (!valid) throw new InvalidArgumentError(`Expected a ${whole ? "whole " : ""}number of at least ${least}.`);
    return value;
  };
}

function program(argv: readonly string[], world: World): Command {
  const output = {
    writeOut: world.out,
    writeErr: world.err,
    outputError: (text: string, write: (text: string) => void) => write(text.replace(/^error: /, "surprisal: ")),
  };
  const root = new Command("surprisal")
    .description("Which classification loss fits your table, which threshold, and how sure.")
    .version(versions["surprisal-cli"])
    .exitOverride()
    .configureOutput(output)
    .showSuggestionAfterError()
    .showHelpAfterError("see surprisal --help");

  tableOptions(root.command("compare").description("compare losses on a table and save the best model"))
    .option("--losses <names>", "families to compare; see `surprisal losses`", list, [...defaultFamilies])
    .addOption(new Option("--metric <score>", "what decides").choices([...metrics]).default("log-loss"))
    .option("--fast", "one repeat and a smaller grid")
    .option("--thorough", "ten repeats and more epochs")
    .option("--folds <table>", "other people's folds: one column per repeat")
    .option("--fold-count <n>", "folds per repeat", number(2, true), 5)
    .option("--repeats <n>", "repeats of the folds", number(1, true))
    .option("--miss-costs <cost>", "what a missed positive costs", number(0, false))
    .option("--false-alarm-costs <cost>", "what a false alarm costs", number(0, false))
    .option("--jobs <n>", "worker threads", number(1, true), world.processors)
    .option("--no-save", "write nothing")
    .option("--resume", "go on where a stopped run ended")
    .option("--json", "print the result as JSON, nothing else, on standard output")
    .action(async (table: string, targets: readonly string[], flags: CompareFlags) => {
      await runCompare(table, targets, flags, argv, world);
    });

  tableOptions(root.command("fit").description("train one loss, compare nothing"))
    .option("--loss <name>", "which loss", "ce")
    .option("--alpha <weights>", `how classes are weighted: ${weightings.join(", ")}`, "none")
    .option("--set <name=value>", "a parameter of the loss (again for more)", collect, [])
    .option("--gamma <value>", "short for --set gamma=VALUE", number(0, false))
    .option("--threshold <probability>", "from which probability on the answer is positive", number(0, false), 0.5)
    .action(async (table: string, targets: readonly string[], flags: FitFlags) => {
      await runFit(table, targets, flags, argv, world);
    });

  root
    .command("predict")
    .description("predict a table with a saved model")
    .argument("<model>", "a file that compare has written")
    .argument("<table>", "a table with the model's columns")
    .option("--output <file>", "CSV or Parquet; default: TABLE.predicted.csv", place)
    .option("--allow-missing-columns", "treat columns that are not there as missing values")
    .action(async (model: string, table: string, flags: { output?: string; allowMissingColumns?: boolean }) => {
      const path = flags.output ?? `${basename(table).replace(/\.[^.]+$/, "")}.predicted.csv`;
      checkTablePath(path);
      const saved = await readModelFile(model);
      const rows = await readTable(table);
      await checkPlace(path);
      const prediction = predict(saved, rows, { allowMissingColumns: flags.allowMissingColumns === true });
      await writeTable(path, predictedTable(saved, rows, prediction));
      for (const warning of prediction.warnings) world.err(` check    ${warning.text}\n`);
      world.out(` SAVED    ${path} · ${rows.rows.toLocaleString("en-US")} rows\n`);
    });

  root
    .command("losses")
    .description("the catalogue of losses")
    .action(() => world.out(listLosses(world.columns)));

  root
    .command("show")
    .description("a loss: its formula, its slope, its curve")
    .argument("<loss>", "a name from the catalogue")
    .action((name: string) => world.out(showLoss(name, world.columns)));

  for (const command of root.commands)
    command.exitOverride().configureOutput(output).showHelpAfterError(`see surprisal ${command.name()} --help`);
  return root;
}

/** What compare and fit have in common: a table, its targets, and how both are read. */
function tableOptions(command: Command): Command {
  return command
    .argument("<table>", "CSV, TSV, Parquet, JSON or JSONL, also gzipped")
    .argument("[targets...]", "the column to predict; several make it multi-label")
    .option("--labels <names>", "several target columns, separated by commas", list)
    .option("--positive <class>", "which of two classes is the positive one")
    .addOption(new Option("--model <kind>", "what is trained").choices(["linear", "mlp"]).default("mlp"))
    .option("--group <column>", "rows with equal values stay in one fold")
    .option("--drop <column>", "leave a column out (again for more)", collect, [])
    .option("--keep <column>", "keep a column that the checks would leave out", collect, [])
    .option("--drop-classes <names>", "leave out the rows of these classes", list, [])
    .option("--allow-missing-target", "go on where most rows have no label")
    .option("--keep-duplicates", "let identical rows fall into different folds")
    .option("--seed <n>", "of folds, weights and batches", number(0, true), 0)
    .option("--output <folder>", "where the model and the results go", place, ".");
}

interface TableFlags {
  readonly labels?: readonly string[];
  readonly positive?: string;
  readonly model: "linear" | "mlp";
  readonly group?: string;
  readonly drop: readonly string[];
  readonly keep: readonly string[];
  readonly dropClasses: readonly string[];
  readonly allowMissingTarget?: boolean;
  readonly keepDuplicates?: boolean;
  readonly seed: number;
  readonly output: string;
}

interface FitFlags extends TableFlags {
  readonly loss: string;
  readonly alpha: string;
  readonly set: readonly string[];
  readonly gamma?: number;
  readonly threshold: number;
}

async function runFit(
  table: string,
  targets: readonly string[],
  flags: FitFlags,
  argv: readonly string[],
  world: World,
): Promise<void> {
  const weighting = weightings.find((known) => known === flags.alpha);
  if (weighting === undefined) throw new CliError(commandTexts.unknownAlpha(flags.alpha, weightings));
  if (flags.threshold > 1) throw new CliError(commandTexts.thresholdAbove(flags.threshold));
  const settings = [...flags.set, ...(flags.gamma === undefined ? [] : [`gamma=${flags.gamma}`])];
  const parameters = Object.fromEntries(
    settings.map((setting) => {
      const [name, ...rest] = setting.split("=");
      const value = rest.join("=");
      if (name === "" || value.trim() === "" || Number.isNaN(Number(value))) {
        throw new CliError(commandTexts.settingNotNumber(setting));
      }
      return [name, Number(value)];
    }),
  );
  const candidate: Candidate = { loss: lossNamed(flags.loss, "--loss").definition.name, parameters, weighting };
  try {
    lossOf(candidate);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new CliError(commandTexts.settingRefused(flags.set.length > 0 ? "--set" : "--gamma", error.message));
  }
  const options: CompareOptions = { ...comparisonOptions(table, targets, flags, argv), foldCount: 2, repeats: 1 };
  const prepared = await prepareComparison(options);
  const path = `${stemOf(options)}.onnx`;
  await checkPlace(path);
  const style = { columns: Math.min(world.columns, 120), colour: world.colour };
  world.out(preface(prepared, style));
  const family = { id: "fit", title: describeCandidate(candidate), candidates: [candidate] };
  const { saved } = trainFinal(prepared, family, flags.threshold, options.command);
  await writeModelFile(path, saved);
  world.out(` SAVED    ${path}\n NEXT     surprisal predict ${path} NEW_TABLE\n`);
}

/** What compare and fit are asked for in the same way. */
function comparisonOptions(
  table: string,
  targets: readonly string[],
  flags: TableFlags,
  argv: readonly string[],
): CompareOptions {
  return {
    ...flags,
    table,
    targets: [...targets, ...(flags.labels ?? [])],
    losses: ["ce"],
    metric: "log-loss",
    pace: "default",
    foldCount: 5,
    costs: null,
    jobs: 1,
    resume: false,
    keepDuplicates: flags.keepDuplicates === true,
    allowMissingTarget: flags.allowMissingTarget === true,
    command: ["surprisal", ...argv.map(shellWord)].join(" "),
  };
}

interface CompareFlags extends Omit<TableFlags, "output"> {
  readonly losses: readonly string[];
  readonly metric: Metric;
  readonly fast?: boolean;
  readonly thorough?: boolean;
  readonly folds?: string;
  readonly foldCount: number;
  readonly repeats?: number;
  readonly missCosts?: number;
  readonly falseAlarmCosts?: number;
  readonly jobs: number;
  readonly output: string;
  readonly save: boolean;
  readonly resume?: boolean;
  readonly json?: boolean;
}

async function runCompare(
  table: string,
  targets: readonly string[],
  flags: CompareFlags,
  argv: readonly string[],
  world: World,
): Promise<void> {
  if (flags.fast && flags.thorough) throw new CliError(commandTexts.fastAndThorough());
  if (flags.resume && !flags.save) throw new CliError(commandTexts.resumeUnsaved());
  if (flags.missCosts === 0 && flags.falseAlarmCosts === 0) throw new CliError(commandTexts.noCosts());
  const pace: Plan["pace"] = flags.fast ? "fast" : flags.thorough ? "thorough" : "default";
  const costs =
    flags.missCosts === undefined && flags.falseAlarmCosts === undefined
      ? null
      : { miss: flags.missCosts ?? 1, falseAlarm: flags.falseAlarmCosts ?? 1 };
  const options: CompareOptions = {
    ...comparisonOptions(table, targets, flags, argv),
    losses: flags.losses,
    metric: flags.metric,
    foldCount: flags.foldCount,
    repeats: flags.repeats,
    jobs: flags.jobs,
    pace,
    foldsFile: flags.folds,
    costs,
    resume: flags.resume === true,
    output: flags.save ? flags.output : null,
  };
  const style = { columns: Math.min(world.columns, 120), colour: world.colour };
  const say = flags.json ? world.err : world.out;
  const prepared = await prepareComparison(options);
  if (options.resume && !existsSync(journalOf(options))) {
    world.err(` check    ${commandTexts.nothingToResume(journalOf(options))}\n`);
  }
  const start = world.now();
  let before = 0;
  const { result } = await compare(options, prepared, {
    signal: world.signal,
    started: (ready) => say(preface(ready, style) + planned(ready, style)),
    advanced(finished, all) {
      if (finished === 0 || before === 0) before = Math.max(before, finished);
      const left = ((world.now() - start) / Math.max(1, finished - before)) * (all - finished);
      const time = finished > before ? ` · ${duration(left / 1000)} left` : "";
      const line = ` ${finished} of ${all} folds${finished < all ? time : ""}`;
      if (world.terminal) world.err(finished < all ? `\r\x1b[K${line}` : "\r\x1b[K");
      else if (finished > 0 && finished % Math.ceil(all / 5) === 0) world.err(`${line}\n`);
    },
  });
  if (world.terminal) world.err("\r\x1b[K");
  if (flags.json) world.out(`${JSON.stringify(result)}\n`);
  else world.out(findings(result, style));
}
