// `surprisal compare`: its flags, and what it says while it runs.

import { type Command, Option } from "commander";
import { compare } from "../comparison/compare.ts";
import { type CompareOptions, journalFiles, journalOf, leftBehind } from "../comparison/options.ts";
import { prepareComparison } from "../comparison/prepare.ts";
import { isThere } from "../disk/atomicFile.ts";
import { refuseOverwriting } from "../disk/samePlace.ts";
import { CliError, commandTexts } from "../errors.ts";
import type { EngineName } from "../learning/engines.ts";
import { type Metric, metricNames } from "../scores/metric.ts";
import { defaultFamilies } from "../selection/families.ts";
import { findings, timeTaken } from "../terminal/findings.ts";
import { noteLine, styleOf } from "../terminal/lines.ts";
import { describePlan, preface } from "../terminal/preface.ts";
import { ProgressLines } from "../terminal/progress.ts";
import type { GoalsAsked } from "../verdict/goals.ts";
import type { AddCommand, Surroundings } from "./command.ts";
import { modelsOption } from "./modelOptions.ts";
import { seeAll, studyOptions, type TableCall, type TrainingFlags, trainingOptions } from "./options.ts";
import { list, number, share, top, wholeNumber } from "./values.ts";

/** More than anybody can wait for, or than the machine could take; a slip of the finger is told at once. */
const most = { folds: 1000, repeats: 1000, outer: 10_000, jobs: 256 } as const;

/** Adds the command. */
export const addCompare: AddCommand = (root, surroundings) => {
  const usualJobs = Math.min(surroundings.world.processors, most.jobs);
  trainingOptions(root.command("compare").description("compare losses, and models, on a table and save the best"))
    .addOption(modelsOption())
    .option("--losses <names>", "families to compare; see `surprisal losses`", list, [...defaultFamilies])
    .addOption(new Option("--metric <score>", "what decides").choices([...metricNames]).default("log-loss"))
    .option("--fast", "one repeat and a smaller grid")
    .option("--thorough", "ten repeats and more epochs")
    .option("--folds <table>", "other people's folds: one column per repeat")
    .option("--test <table>", "a hold-out beside the folds, which the final model is judged on once")
    .option("--fold-count <n>", "folds per repeat", wholeNumber({ least: 2, most: most.folds }), 5)
    .option("--repeats <n>", "repeats of the folds", wholeNumber({ least: 1, most: most.repeats }))
    .option("--miss-costs <cost>", "what a missed positive costs", number({ least: 0 }))
    .option("--false-alarm-costs <cost>", "what a false alarm costs", number({ least: 0 }))
    .option("--recall <share>", "find at least this share of the positives: 0.9 or 90%", share)
    .option("--precision <share>", "be right in at least this share of the flagged rows", share)
    .option("--top <rows>", "flag so many of the most probable rows: 100 or 5%", top)
    .option("--jobs <n>", "worker threads", wholeNumber({ least: 1, most: most.jobs }), usualJobs)
    .option("--no-save", "write nothing")
    .option("--resume", "go on where a stopped run ended")
    .option("--json", "print the result as JSON, nothing else, on standard output")
    .action(async (table: string, targets: readonly string[], flags: CompareFlags, command: Command) => {
      await runCompare({ table, targets, flags, command }, surroundings);
    });
};

interface CompareFlags extends TrainingFlags {
  readonly model: readonly EngineName[];
  readonly losses: readonly string[];
  readonly metric: Metric;
  readonly fast?: boolean;
  readonly thorough?: boolean;
  readonly folds?: string;
  readonly test?: string;
  readonly foldCount: number;
  readonly repeats?: number;
  readonly missCosts?: number;
  readonly falseAlarmCosts?: number;
  readonly recall?: number;
  readonly precision?: number;
  readonly top?: NonNullable<GoalsAsked["top"]>;
  readonly jobs: number;
  readonly save: boolean;
  readonly resume?: boolean;
  readonly json?: boolean;
}

async function runCompare(call: TableCall<CompareFlags>, { argv, world, screen }: Surroundings): Promise<void> {
  const { table, flags } = call;
  const options = compareOptions(call, argv);
  const style = styleOf(world);
  const say = flags.json ? world.err : world.out;
  if (options.output !== null)
    await refuseOverwriting(
      [...leftBehind(options), ...journalFiles(options)],
      [table, flags.folds, flags.test].filter((path) => path !== undefined),
    );
  const studies = await prepareComparison(options);
  if (options.resume && !isThere(journalOf(options))) {
    world.err(noteLine(commandTexts.nothingToResume(journalOf(options))));
  }
  world.keeping?.(options.output !== null);
  const start = world.now();
  const rest = options.output === null ? seeAll(call, argv) : ", in the report";
  const telling = { ignore: options.ignore, rest };
  const lines = new ProgressLines(
    screen,
    studies.map(({ plan }) => plan),
  );
  const { result, folds } = await compare(options, studies, {
    signal: world.signal,
    started: () => say(preface(studies[0], style, telling) + describePlan(studies, style)),
    told: (note) => world.err(noteLine(note)),
    advanced: (finished, all) => lines.show(finished, all),
  }).finally(() => lines.clear());
  if (flags.json) world.out(`${JSON.stringify(result)}\n`);
  else world.out(findings(result, style) + timeTaken(folds, world.now() - start, options.jobs));
}

/** What is asked for, refused where flags cannot be meant together. */
function compareOptions(call: TableCall<CompareFlags>, argv: readonly string[]): CompareOptions {
  const { flags } = call;
  const { losses, metric, foldCount, repeats, jobs, missCosts, falseAlarmCosts } = flags;
  if (flags.fast && flags.thorough) throw new CliError(commandTexts.fastAndThorough());
  if (flags.resume && !flags.save) throw new CliError(commandTexts.resumeUnsaved());
  if (flags.time !== undefined && repeats !== undefined) throw new CliError(commandTexts.timeAndRepeats());
  if (flags.time !== undefined && flags.folds !== undefined) throw new CliError(commandTexts.timeAndFolds());
  if (missCosts === 0 && falseAlarmCosts === 0) throw new CliError(commandTexts.noCosts());
  const outer = foldCount * (repeats ?? 1);
  if (outer > most.outer) throw new CliError(commandTexts.tooManyFolds(foldCount, repeats ?? 1, most.outer));
  const asksCosts = missCosts !== undefined || falseAlarmCosts !== undefined;
  const costs = asksCosts ? { miss: missCosts ?? 1, falseAlarm: falseAlarmCosts ?? 1 } : null;
  const study = studyOptions(call, argv);
  return {
    ...study,
    models: flags.model,
    losses,
    metric,
    foldCount,
    repeats,
    jobs,
    pace: flags.fast ? "fast" : flags.thorough ? "thorough" : "default",
    foldsFile: flags.folds,
    test: flags.test,
    goals: { costs, recall: flags.recall ?? null, precision: flags.precision ?? null, top: flags.top ?? null },
    resume: flags.resume === true,
    output: flags.save ? study.output : null,
  };
}
