// `compare`: from a table and a target to a verdict, a report and a model.
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { checkPlace, writeAtomically } from "../disk/atomicFile.ts";
import { lockResults } from "../disk/lock.ts";
import { makeFolder } from "../disk/outputFolder.ts";
import { CliError, commandTexts } from "../errors.ts";
import { dealFolds } from "../folds/dealing.ts";
import type { Folds } from "../folds/folds.ts";
import { report } from "../report/page.ts";
import { foldCheck } from "../running/foldShape.ts";
import { identityOf } from "../running/identity.ts";
import { Journal } from "../running/journal.ts";
import { runFolds, share } from "../running/threads.ts";
import type { WorkerStart } from "../running/worker.ts";
import { writeModelFile } from "../saved/modelFile.ts";
import { makeFamilies } from "../selection/families.ts";
import { type FinalFit, savedModel } from "../selection/final.ts";
import type { FoldResult } from "../selection/fold.ts";
import type { Metric, Plan } from "../selection/plan.ts";
import type { Data } from "../selection/split.ts";
import { readTable, type Table } from "../table/read.ts";
import { checkFeatures, type Dropped, droppedNotes } from "../task/features.ts";
import { makeTarget } from "../task/target.ts";
import { checkGoals, type GoalsAsked } from "../verdict/goals.ts";
import type { Result } from "../verdict/result.ts";
import { summarise } from "../verdict/summary.ts";
import { versions } from "../version.ts";
import { visibleText } from "../words/visible.ts";
import { discloseFeatures, discloseFolds, discloseTable, discloseTarget } from "./disclose.ts";

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

/** A table that is read and checked, and the plan for it. */
export interface PreparedComparison {
  readonly table: Table;
  readonly data: Data;
  readonly plan: Plan;
  readonly folds: Folds;
  readonly groups: Int32Array | null;
  /** Rows with the features of another row, and whether they were kept in one fold with it. */
  readonly copies: { readonly rows: number; readonly together: boolean };
  readonly dropped: readonly Dropped[];
  readonly notes: readonly string[];
}

/** Reads and checks the table, and plans the folds. */
export async function prepareComparison(options: CompareOptions): Promise<PreparedComparison> {
  const table = await readTable(options.table, {
    drop: options.drop,
    exact: [...options.targets, ...(options.group === undefined ? [] : [options.group])],
    memory: options.maxMemory,
  });
  const target = makeTarget(table, options.targets, {
    ...(options.positive !== undefined && { positive: options.positive }),
    allowMissing: options.allowMissingTarget,
    dropClasses: options.dropClasses,
  });
  const checked = checkFeatures(table, target, {
    drop: options.drop,
    keep: options.keep,
    ...(options.group !== undefined && { group: options.group }),
  });
  const { folds, groups, copies, notes: foldNotes } = await dealFolds(options, table, target, checked.features);
  const notes = [...table.notes, ...target.notes, ...droppedNotes(checked.dropped), ...foldNotes, ...checked.notes];
  const data = { columns: checked.features, target };
  return { table, data, plan: planFor(options, folds), folds, groups, copies, dropped: checked.dropped, notes };
}

function planFor(options: CompareOptions, folds: Folds): Plan {
  const { pace, model } = options;
  const fast = pace === "fast";
  return {
    model,
    metric: options.metric,
    families: makeFamilies(options.losses, fast),
    folds: folds.count,
    repeats: folds.repeats.length,
    seed: options.seed,
    pace,
    hidden: [32],
    maxEpochs: { fast: 40, default: 80, thorough: 200 }[pace],
    rungs: {
      fast: [
        { epochs: 6, keep: 2 },
        { epochs: 16, keep: 1 },
      ],
      default: [
        { epochs: 8, keep: 2 },
        { epochs: 24, keep: 1 },
      ],
      thorough: [{ epochs: 20, keep: 3 }],
    }[pace],
    ...(model === "linear"
      ? priorStrengths(folds)
      : { l2: fast ? [1e-3, 3e-3] : [3e-4, 1e-3, 3e-3, 1e-2], believedL2: null }),
  };
}

/**
 * A penalty says how large weights are believed to be: normal with variance C before any row is seen, which is
 * l2 = 1 / (C rows). C = 1 is believed (scikit-learn's default, too); a standardised feature hardly ever moves the logit
 * by more than sqrt(30) per standard deviation.
 */
function priorStrengths({ count, repeats }: Folds): Pick<Plan, "l2" | "believedL2"> {
  const rows = repeats[0].length * (1 - 1 / count);
  const l2 = [30, 10, 3, 1, 0.3, 0.1, 0.03, 0.01, 0.003].map((variance) => 1 / (variance * rows));
  return { l2, believedL2: 1 / rows };
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
    notes: prepared.notes,
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
  await writeText(path("report.html"), report(draft));
  await writeText(path("report.json"), visibleText(`${JSON.stringify(draft, null, 1)}\n`)); // may be shown by `cat`
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

async function writeText(path: string, text: string): Promise<void> {
  await writeAtomically(path, (temporary) => writeFile(temporary, text));
}
