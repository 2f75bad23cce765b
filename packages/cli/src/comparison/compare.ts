// `compare`: from a study to a verdict, a report and a model.
import { checkPlace, writeWhole } from "../disk/atomicFile.ts";
import { lockResults } from "../disk/lock.ts";
import { makeFolder } from "../disk/outputFolder.ts";
import { CliError, commandTexts } from "../errors.ts";
import type { Folds } from "../folds/assignment.ts";
import { report } from "../report/page.ts";
import type { Executor } from "../running/executor.ts";
import { foldCheck } from "../running/foldShape.ts";
import { identityOf } from "../running/identity.ts";
import { Journal } from "../running/journal.ts";
import { threads } from "../running/threads.ts";
import { writeModelFile } from "../saved/modelFile.ts";
import { type SavedModel, savedModel } from "../saved/savedModel.ts";
import { isReference } from "../selection/families.ts";
import type { FinalFit } from "../selection/final.ts";
import type { FoldPlace, FoldResult } from "../selection/fold.ts";
import type { PreparedStudy } from "../selection/study.ts";
import { checkGoals } from "../verdict/goals.ts";
import { type Result, recommendedOf } from "../verdict/result.ts";
import { summarise } from "../verdict/summary.ts";
import { visibleText } from "../words/visible.ts";
import { disclose } from "./disclose.ts";
import { judge } from "./holdout.ts";
import { type CompareOptions, journalOf, leftBehind, stemOf } from "./options.ts";

/** What is told while a comparison runs. */
export interface Progress {
  /** After the journal is read, before anything is trained. */
  started(): void;
  /** Before the first outer fold and after each, with those that are finished. */
  advanced(finished: readonly FoldResult[], all: number): void;
  /** What of a journal could not be taken over, and why training is slow. */
  told(note: string): void;
  readonly signal: AbortSignal;
}

/** What a comparison came to. */
export interface Compared {
  readonly result: Result;
  readonly folds: readonly FoldResult[];
}

/**
 * Runs a study to its end, or to Ctrl-C, and writes what is asked for.
 *
 * @param executor who computes; by default as many threads of this machine as are asked for
 */
export async function compare(
  options: CompareOptions,
  study: PreparedStudy<Folds>,
  progress: Progress,
  executor: Executor = threads(options.jobs),
): Promise<Compared> {
  checkGoals(options.goals, study.task.target);
  if (options.output === null) return runComparison(options, study, progress, executor);
  makeFolder(options.output);
  const unlock = await lockResults(stemOf(options));
  try {
    for (const file of leftBehind(options)) await checkPlace(file);
    return await runComparison(options, study, progress, executor);
  } finally {
    unlock();
  }
}

/** The same where no other run writes there. */
async function runComparison(
  options: CompareOptions,
  study: PreparedStudy<Folds>,
  progress: Progress,
  executor: Executor,
): Promise<Compared> {
  const { folds, final } = await runFolds(options, study, progress, executor);
  const summary = summarise({ study, results: folds, goals: options.goals });
  const told = disclose(study, folds, options, summary);
  if (options.output === null && study.test === undefined) return { result: { ...told, test: null, saved: [] }, folds };
  const family = study.plan.families.findIndex(({ id }) => id === summary.verdict.recommended);
  const isGuessed = family === guessedFamily(study);
  const fit = isGuessed && final !== null ? final : await fitLast(study, family, progress, executor);
  const threshold = recommendedOf(told).thresholds[0]?.byFormula ?? 0.5;
  const modelOf = (each: FinalFit) => savedModel(study, each, { threshold, command: options.command });
  const test =
    study.test === undefined || fit === null
      ? null
      : judge(
          study.test,
          {
            family: summary.verdict.recommended,
            model: modelOf(fit),
            reference: isGuessed || final === null ? null : modelOf(final),
          },
          study,
        );
  if (options.output === null) return { result: { ...told, test, saved: [] }, folds };
  const result = { ...told, test, saved: leftBehind(options).slice(fit === null ? 1 : 0) };
  await write(options, result, fit === null ? null : modelOf(fit));
  return { result, folds };
}

/** Runs the outer folds that the journal does not know, and beside them the model that will most probably be kept. */
async function runFolds(
  options: CompareOptions,
  study: PreparedStudy<Folds>,
  progress: Progress,
  executor: Executor,
): Promise<{ readonly folds: readonly FoldResult[]; readonly final: FinalFit | null }> {
  const isSaved = options.output !== null;
  const path = isSaved ? journalOf(options) : null;
  const journal = new Journal(path, identityOf(study), options.resume, foldCheck(study));
  for (const note of journal.notes) progress.told(note);
  const all = placesOf(study.folds);
  const finished = [...journal.known];
  progress.started();
  progress.advanced(finished, all.length);
  const work = {
    study,
    folds: all.filter((place) => !journal.known.some((known) => isSamePlace(known, place))),
    final: isSaved || study.test !== undefined ? { family: guessedFamily(study) } : null,
  };
  const { final } = await executor.run(work, {
    signal: progress.signal,
    slowed: (reason) => progress.told(commandTexts.trainedSlowly(reason)),
    finished(result) {
      journal.add(result);
      finished.push(result);
      progress.advanced(finished, all.length);
    },
  });
  if (finished.length < 2) throw new CliError(commandTexts.interruptedEarly(finished.length, all.length, isSaved));
  return { folds: finished.sort((a, b) => a.repeat - b.repeat || a.fold - b.fold), final };
}

/** Plain cross entropy is what is usually kept. */
function guessedFamily({ plan }: PreparedStudy): number {
  return plan.families.findIndex(isReference);
}

function placesOf({ count, repeats }: Folds): readonly FoldPlace[] {
  return repeats.flatMap((_, repeat) => Array.from({ length: count }, (__, fold) => ({ repeat, fold })));
}

function isSamePlace(one: FoldPlace, other: FoldPlace): boolean {
  return one.repeat === other.repeat && one.fold === other.fold;
}

/** Milliseconds that the last model has once Ctrl-C is pressed: whoever presses it waits no longer than that. */
const lastModelPatience = 1000;

/** The model of a family of the plan on all rows; null if Ctrl-C came and it would take long. */
async function fitLast(
  study: PreparedStudy<Folds>,
  family: number,
  { signal }: Progress,
  executor: Executor,
): Promise<FinalFit | null> {
  const late = new AbortController();
  const hurry = () => setTimeout(() => late.abort(), lastModelPatience).unref();
  if (signal.aborted) hurry();
  else signal.addEventListener("abort", hurry, { once: true });
  const { final } = await executor.run({ study, folds: [], final: { family } }, { signal: late.signal, finished() {} });
  signal.removeEventListener("abort", hurry);
  return final;
}

/** Writes what a comparison leaves behind: the model if there is one, and the report for people and for programs. */
async function write(options: CompareOptions, result: Result, saved: SavedModel | null): Promise<void> {
  const [model, page, json] = leftBehind(options);
  if (saved !== null) await writeModelFile(model, saved);
  await writeWhole(page, report(result));
  await writeWhole(json, visibleText(`${JSON.stringify(result, null, 1)}\n`)); // may be shown by `cat`
}
