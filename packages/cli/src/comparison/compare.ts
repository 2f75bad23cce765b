// `compare`: from a table and a target to a verdict, a report and a model.

import { checkPlace, writeWhole } from "../disk/atomicFile.ts";
import { lockResults } from "../disk/lock.ts";
import { makeFolder } from "../disk/outputFolder.ts";
import { CliError, commandTexts } from "../errors.ts";
import { report } from "../report/page.ts";
import type { WorkerStart } from "../running/executor.ts";
import { foldCheck } from "../running/foldShape.ts";
import { identityOf } from "../running/identity.ts";
import { Journal } from "../running/journal.ts";
import { runFolds, share } from "../running/threads.ts";
import { writeModelFile } from "../saved/modelFile.ts";
import { savedModel } from "../saved/savedModel.ts";
import type { FinalFit } from "../selection/final.ts";
import type { FoldResult } from "../selection/fold.ts";
import type { PreparedComparison } from "../selection/study.ts";
import { checkGoals } from "../verdict/goals.ts";
import type { Result } from "../verdict/result.ts";
import { summarise } from "../verdict/summary.ts";
import { versions } from "../version.ts";
import { visibleText } from "../words/visible.ts";
import { discloseFeatures, discloseFolds, discloseTable, discloseTarget } from "./disclose.ts";
import type { CompareOptions } from "./options.ts";
import { journalOf, leftBehind, stemOf } from "./options.ts";

/** What is told while a comparison runs. */
export interface Progress {
  /** After the table is read and checked, before anything is trained. */
  started(prepared: PreparedComparison): void;
  /** Before the first outer fold and after each, with those that are finished. */
  advanced(finished: readonly FoldResult[], all: number): void;
  /** What of a journal could not be taken over. */
  told(note: string): void;
  readonly signal: AbortSignal;
}

/** Runs a prepared comparison to its end, or to Ctrl-C, and writes what is asked for. */
export async function compare(
  options: CompareOptions,
  prepared: PreparedComparison,
  progress: Progress,
): Promise<{ result: Result; folds: readonly FoldResult[] }> {
  checkGoals(options.goals, prepared.data.target);
  if (options.output === null) return compareLocked(options, prepared, progress);
  makeFolder(options.output);
  const unlock = await lockResults(stemOf(options));
  try {
    return await compareLocked(options, prepared, progress);
  } finally {
    unlock();
  }
}

/** The same where no other run writes there. */
async function compareLocked(
  options: CompareOptions,
  prepared: PreparedComparison,
  progress: Progress,
): Promise<{ result: Result; folds: readonly FoldResult[] }> {
  const { plan, data, folds, groups } = prepared;
  const path = (name: string) => `${stemOf(options)}.${name}`;
  if (options.output !== null) for (const file of leftBehind(options)) await checkPlace(file);
  const journal = new Journal(
    options.output === null ? null : journalOf(options),
    identityOf(prepared),
    options.resume,
    foldCheck({ plan, folds, outputs: data.target.outputs }),
  );
  for (const note of journal.notes) progress.told(note);
  const tasks = folds.repeats.flatMap((_, repeat) =>
    Array.from({ length: folds.count }, (__, fold) => ({ repeat, fold })),
  );
  const isKnown = ({ repeat, fold }: { repeat: number; fold: number }) =>
    journal.known.some((known) => known.repeat === repeat && known.fold === fold);
  const finished = [...journal.known];
  progress.started(prepared);
  progress.advanced(finished, tasks.length);
  const start = share({ plan, data, repeats: folds.repeats, groups });
  const fresh = await runFolds(
    start,
    tasks.filter((task) => !isKnown(task)),
    options.output === null ? null : { family: 0 }, // cross entropy is what is usually kept
    options.jobs,
    {
      signal: progress.signal,
      slowed: (reason) => progress.told(commandTexts.trainedSlowly(reason)),
      finished(result) {
        journal.add(result);
        finished.push(result);
        progress.advanced(finished, tasks.length);
      },
    },
  );
  const results = [...finished].sort((a, b) => a.repeat - b.repeat || a.fold - b.fold);
  if (results.length < 2) {
    throw new CliError(commandTexts.interruptedEarly(results.length, tasks.length, options.output !== null));
  }
  const summary = summarise({ plan, target: data.target, repeats: folds.repeats, results, goals: options.goals });
  const saved: string[] = [];
  const features = discloseFeatures(prepared);
  const draft: Result = {
    versions,
    command: options.command,
    verdict: summary.verdict,
    table: discloseTable(prepared, features),
    target: discloseTarget(data.target),
    features,
    dropped: prepared.dropped,
    notes: prepared.notes.map(({ text }) => text),
    plan: {
      model: plan.model,
      metric: plan.metric,
      band: summary.band,
      folds: plan.folds,
      repeats: plan.repeats,
      foldHash: folds.hash,
      seed: plan.seed,
      pace: plan.pace,
      l2: plan.l2,
      believedL2: plan.believedL2,
      hidden: plan.model === "linear" ? [] : plan.hidden,
      maxEpochs: plan.model === "linear" ? null : plan.maxEpochs,
      rungs: plan.model === "linear" ? [] : plan.rungs,
      settings: plan.families.reduce((sum, { candidates }) => sum + candidates.length, 0),
      finished: results.length,
      fits: results.reduce((sum, { fits }) => sum + fits, 0),
    },
    goals: options.goals,
    folds: discloseFolds(results, prepared),
    prior: summary.prior,
    families: summary.families,
    saved,
  };
  if (options.output === null) return { result: draft, folds: results };
  const used = Math.max(
    0,
    plan.families.findIndex(({ id }) => id === summary.verdict.recommended),
  );
  const threshold = summary.families[used].thresholds[0]?.byFormula ?? 0.5;
  const final = (used === 0 && fresh.final) || (await fitLast(start, used, progress.signal));
  saved.push(...leftBehind(options).slice(final === null ? 1 : 0));
  if (final !== null) await writeModelFile(path("onnx"), savedModel(prepared, final, threshold, options.command));
  await writeWhole(path("report.html"), report(draft));
  await writeWhole(path("report.json"), visibleText(`${JSON.stringify(draft, null, 1)}\n`)); // may be shown by `cat`
  return { result: draft, folds: results };
}

/** Milliseconds that the last model has once Ctrl-C is pressed: whoever presses it waits no longer than that. */
const lastModelPatience = 1000;

/** The model of a family of the plan on all rows; null if Ctrl-C came and it would take long. */
async function fitLast(start: WorkerStart, family: number, interrupted: AbortSignal): Promise<FinalFit | null> {
  const late = new AbortController();
  const hurry = () => setTimeout(() => late.abort(), lastModelPatience).unref();
  if (interrupted.aborted) hurry();
  else interrupted.addEventListener("abort", hurry, { once: true });
  const { final } = await runFolds(start, [], { family }, 1, { signal: late.signal, finished() {} });
  interrupted.removeEventListener("abort", hurry);
  return final;
}
