// `compare`: from studies to a verdict, a report and a model.
import { isDeepStrictEqual } from "node:util";
import { checkPlace, writeWhole } from "../disk/atomicFile.ts";
import { lockResults } from "../disk/lock.ts";
import { makeFolder } from "../disk/outputFolder.ts";
import { CliError, commandTexts } from "../errors.ts";
import type { Folds } from "../folds/assignment.ts";
import { report } from "../report/page.ts";
import type { Executor, FinalTask, FoldTask } from "../running/executor.ts";
import { foldCheck } from "../running/foldShape.ts";
import { identityOf } from "../running/identity.ts";
import { Journal } from "../running/journal.ts";
import { threads } from "../running/threads.ts";
import { writeModelFile } from "../saved/modelFile.ts";
import { type SavedModel, savedModel } from "../saved/savedModel.ts";
import { isReference } from "../selection/families.ts";
import type { FinalFit } from "../selection/final.ts";
import type { FoldResult } from "../selection/fold.ts";
import { type PreparedStudy, studyOf } from "../selection/study.ts";
import { checkGoals } from "../verdict/goals.ts";
import { comparable, compareModels } from "../verdict/models.ts";
import { type Result, recommendedOf } from "../verdict/result.ts";
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
 * Runs the studies of a comparison to their end, or to Ctrl-C, and writes what is asked for.
 *
 * @param studies one for each model, the simplest first; they differ in their plans only
 * @param executor who computes; by default as many threads of this machine as are asked for
 */
export async function compare(
  options: CompareOptions,
  studies: readonly PreparedStudy<Folds>[],
  progress: Progress,
  executor: Executor = threads(options.jobs),
): Promise<Compared> {
  checkGoals(options.goals, studies[0].task.target);
  const course = { options, studies, progress, executor };
  if (options.output === null) return runComparison(course);
  makeFolder(options.output);
  const unlock = await lockResults(stemOf(options));
  try {
    for (const file of leftBehind(options)) await checkPlace(file);
    return await runComparison(course);
  } finally {
    unlock();
  }
}

/** One comparison, and all that it needs. */
interface Course {
  readonly options: CompareOptions;
  readonly studies: readonly PreparedStudy<Folds>[];
  readonly progress: Progress;
  readonly executor: Executor;
}

/** The same where no other run writes there. */
async function runComparison(course: Course): Promise<Compared> {
  const { options, studies } = course;
  const { folds, final, guess } = await runFolds(course);
  const { goals } = options;
  const of = (study: PreparedStudy<Folds>) => folds.filter(({ model }) => model === study.plan.model);
  const told = compareModels(comparable(studies.map((study) => ({ study, results: of(study), goals }))));
  const study = studyOf(studies, told.modelVerdict.recommended);
  const disclosed = disclose(study, told, options);
  if (options.output === null && study.test === undefined)
    return { result: { ...disclosed, test: null, saved: [] }, folds };
  const train = async (task: FinalTask) =>
    final !== null && isDeepStrictEqual(task, guess) ? final : await fitLast(course, task);
  const best = taskOf(study, told.best.summary.verdict.recommended);
  const plain = plainTask(study);
  const fit = await train(best);
  const threshold = recommendedOf(disclosed).thresholds[0]?.byFormula ?? 0.5;
  const modelOf = (each: FinalFit) => savedModel(study, each, { threshold, command: options.command });
  const isPlain = best.family === plain.family;
  const reference = study.test === undefined || fit === null || isPlain ? null : await train(plain);
  const test =
    study.test === undefined || fit === null
      ? null
      : judge(
          study.test,
          {
            family: told.best.summary.verdict.recommended,
            model: modelOf(fit),
            reference: reference && modelOf(reference),
          },
          study,
        );
  if (options.output === null) return { result: { ...disclosed, test, saved: [] }, folds };
  const result = { ...disclosed, test, saved: leftBehind(options).slice(fit === null ? 1 : 0) };
  await write(options, result, fit === null ? null : modelOf(fit));
  return { result, folds };
}

/** What came of the outer folds. */
interface Ran {
  readonly folds: readonly FoldResult[];
  readonly final: FinalFit | null;
  /** Which model `final` is; null where none was trained beside the folds. */
  readonly guess: FinalTask | null;
}

/** Runs the outer folds that the journal does not know, and beside them the model that will most probably be kept. */
async function runFolds({ options, studies, progress, executor }: Course): Promise<Ran> {
  const isSaved = options.output !== null;
  const path = isSaved ? journalOf(options) : null;
  const journal = new Journal(path, identityOf(studies), options.resume, foldCheck(studies));
  for (const note of journal.notes) progress.told(note);
  const all = tasksOf(studies);
  const finished = [...journal.known];
  progress.started();
  progress.advanced(finished, all.length);
  // Which of several models will be kept is anybody's guess.
  const isGuessed = studies.length === 1 && (isSaved || studies[0].test !== undefined);
  const guess = isGuessed ? plainTask(studies[0]) : null;
  const work = {
    studies,
    folds: all.filter((task) => !journal.known.some((known) => isSameFold(known, task))),
    final: guess,
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
  const most = Math.max(...studies.map(({ plan }) => finished.filter(({ model }) => model === plan.model).length));
  if (most < 2) throw new CliError(commandTexts.interruptedEarly(finished.length, all.length, isSaved));
  return { folds: finished.sort((a, b) => a.repeat - b.repeat || a.fold - b.fold), final, guess };
}

/** Plain cross entropy is what is usually kept. */
function plainTask({ plan }: PreparedStudy): FinalTask {
  return { model: plan.model, family: plan.families.findIndex(isReference) };
}

function taskOf({ plan }: PreparedStudy, family: string): FinalTask {
  return { model: plan.model, family: plan.families.findIndex(({ id }) => id === family) };
}

/** Fold by fold, each of all models: a run that is stopped has folds that can be compared. */
function tasksOf(studies: readonly PreparedStudy<Folds>[]): readonly FoldTask[] {
  const [{ folds }] = studies;
  const places = folds.repeats.flatMap((_, repeat) =>
    Array.from({ length: folds.count }, (__, fold) => ({ repeat, fold })),
  );
  return places.flatMap((place) => studies.map(({ plan: { model } }) => ({ model, ...place })));
}

function isSameFold(one: FoldTask, other: FoldTask): boolean {
  return one.model === other.model && one.repeat === other.repeat && one.fold === other.fold;
}

/** Milliseconds that the last model has once Ctrl-C is pressed: whoever presses it waits no longer than that. */
const lastModelPatience = 1000;

/** A model on all rows; null if Ctrl-C came and it would take long. */
async function fitLast(
  { studies, progress: { signal }, executor }: Course,
  final: FinalTask,
): Promise<FinalFit | null> {
  const late = new AbortController();
  const hurry = () => setTimeout(() => late.abort(), lastModelPatience).unref();
  if (signal.aborted) hurry();
  else signal.addEventListener("abort", hurry, { once: true });
  const { final: fit } = await executor.run({ studies, folds: [], final }, { signal: late.signal, finished() {} });
  signal.removeEventListener("abort", hurry);
  return fit;
}

/** Writes what a comparison leaves behind: the model if there is one, and the report for people and for programs. */
async function write(options: CompareOptions, result: Result, saved: SavedModel | null): Promise<void> {
  const [model, page, json] = leftBehind(options);
  if (saved !== null) await writeModelFile(model, saved);
  await writeWhole(page, report(result));
  await writeWhole(json, visibleText(`${JSON.stringify(result, null, 1)}\n`)); // may be shown by `cat`
}
