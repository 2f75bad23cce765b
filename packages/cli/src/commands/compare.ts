// `surprisal compare`: its flags, and what it says while it runs.

import { type Command, Option } from "commander";
import { compare } from "../comparison/compare.ts";
import { type CompareOptions, journalOf, leftBehind } from "../comparison/options.ts";
import { prepareComparison } from "../comparison/prepare.ts";
import { isThere } from "../disk/atomicFile.ts";
import { refuseOverwriting } from "../disk/samePlace.ts";
import { CliError, commandTexts } from "../errors.ts";
import { type Metric, metrics } from "../scores/metric.ts";
import { defaultFamilies } from "../selection/families.ts";
import type { Plan } from "../selection/plan.ts";
import { findings, timeTaken } from "../terminal/findings.ts";
import { describePlan, preface } from "../terminal/preface.ts";
import { ProgressLines } from "../terminal/progress.ts";
import type { GoalsAsked } from "../verdict/goals.ts";
import type { World } from "../world.ts";
import { comparisonOptions, type TableFlags, tableOptions } from "./options.ts";
import { list, number, share, top, wholeNumber } from "./values.ts";

/** More than anybody can wait for, or than the machine could take; a slip of the finger is told at once. */
const most = { folds: 1000, repeats: 1000, outer: 10_000, jobs: 256 } as const;

/** Adds the command. */
export function addCompare(root: Command, argv: readonly string[], world: World, screen: World): void {
  tableOptions(root.command("compare").description("compare losses on a table and save the best model"))
    .option("--losses <names>", "families to compare; see `surprisal losses`", list, [...defaultFamilies])
    .addOption(new Option("--metric <score>", "what decides").choices([...metrics]).default("log-loss"))
    .option("--fast", "one repeat and a smaller grid")
    .option("--thorough", "ten repeats and more epochs")
    .option("--folds <table>", "other people's folds: one column per repeat")
    .option("--fold-count <n>", "folds per repeat", wholeNumber({ least: 2, most: most.folds }), 5)
    .option("--repeats <n>", "repeats of the folds", wholeNumber({ least: 1, most: most.repeats }))
    .option("--miss-costs <cost>", "what a missed positive costs", number({ least: 0 }))
    .option("--false-alarm-costs <cost>", "what a false alarm costs", number({ least: 0 }))
    .option("--recall <share>", "find at least this share of the positives: 0.9 or 90%", share)
    .option("--precision <share>", "be right in at least this share of the flagged rows", share)
    .option("--top <rows>", "flag so many of the most probable rows: 100 or 5%", top)
    .option(
      "--jobs <n>",
      "worker threads",
      wholeNumber({ least: 1, most: most.jobs }),
      Math.min(world.processors, most.jobs),
    )
    .option("--no-save", "write nothing")
    .option("--resume", "go on where a stopped run ended")
    .option("--json", "print the result as JSON, nothing else, on standard output")
    .action(async (table: string, targets: readonly string[], flags: CompareFlags, command: Command) => {
      await runCompare(table, targets, flags, argv, command, world, screen);
    });
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
  readonly recall?: number;
  readonly precision?: number;
  readonly top?: NonNullable<GoalsAsked["top"]>;
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
  command: Command,
  world: World,
  screen: World,
): Promise<void> {
  if (flags.fast && flags.thorough) throw new CliError(commandTexts.fastAndThorough());
  if (flags.resume && !flags.save) throw new CliError(commandTexts.resumeUnsaved());
  if (flags.missCosts === 0 && flags.falseAlarmCosts === 0) throw new CliError(commandTexts.noCosts());
  const { foldCount, repeats = 1 } = flags;
  if (foldCount * repeats > most.outer) throw new CliError(commandTexts.tooManyFolds(foldCount, repeats, most.outer));
  const pace: Plan["pace"] = flags.fast ? "fast" : flags.thorough ? "thorough" : "default";
  const costs =
    flags.missCosts === undefined && flags.falseAlarmCosts === undefined
      ? null
      : { miss: flags.missCosts ?? 1, falseAlarm: flags.falseAlarmCosts ?? 1 };
  const options: CompareOptions = {
    ...comparisonOptions(table, targets, flags, argv, command),
    losses: flags.losses,
    metric: flags.metric,
    foldCount: flags.foldCount,
    repeats: flags.repeats,
    jobs: flags.jobs,
    pace,
    foldsFile: flags.folds,
    goals: { costs, recall: flags.recall ?? null, precision: flags.precision ?? null, top: flags.top ?? null },
    resume: flags.resume === true,
    output: flags.save ? flags.output : null,
  };
  const style = { columns: Math.min(world.columns, 120), colour: world.colour };
  const say = flags.json ? world.err : world.out;
  if (options.output !== null)
    await refuseOverwriting(
      [...leftBehind(options), journalOf(options)],
      [table, ...(flags.folds === undefined ? [] : [flags.folds])],
    );
  const prepared = await prepareComparison(options);
  if (options.resume && !isThere(journalOf(options))) {
    world.err(` check    ${commandTexts.nothingToResume(journalOf(options))}\n`);
  }
  world.keeping?.(options.output !== null);
  const start = world.now();
  const lines = new ProgressLines(screen, prepared.plan);
  const { result, folds } = await compare(options, prepared, {
    signal: world.signal,
    started: (ready) => say(preface(ready, style) + describePlan(ready, style)),
    told: (note) => world.err(` check    ${note}\n`),
    advanced: (finished, all) => lines.show(finished, all),
  }).finally(() => lines.clear());
  if (flags.json) world.out(`${JSON.stringify(result)}\n`);
  else world.out(findings(result, style) + timeTaken(folds, world.now() - start, options.jobs));
}
