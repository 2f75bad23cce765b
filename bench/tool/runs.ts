// Runs the comparison's procedure on other people's folds, one table after the other, and keeps what is finished.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CompareOptions } from "../../packages/cli/src/comparison/options.ts";
import { prepareComparison } from "../../packages/cli/src/comparison/prepare.ts";
import type { Scores } from "../../packages/cli/src/scores/scores.ts";
import { defaultFamilies } from "../../packages/cli/src/selection/families.ts";
import { type FoldResult, runFold } from "../../packages/cli/src/selection/fold.ts";
import { nothingAsked } from "../../packages/cli/src/verdict/goals.ts";
import { testedCounts } from "../../packages/cli/src/verdict/summary.ts";
import { mean } from "../averages.ts";
import { foldsOf, type Numbers, type PublicTable } from "./peers.ts";

/** What is run on each table: a model, and the losses that are compared. */
export const kinds = {
  linear: { model: "linear", losses: ["ce"], pace: "default" },
  mlp: { model: "mlp", losses: ["ce"], pace: "default" },
  trees: { model: "trees", losses: ["ce"], pace: "default" },
  linearLosses: { model: "linear", losses: defaultFamilies, pace: "fast" },
  mlpLosses: { model: "mlp", losses: defaultFamilies, pace: "fast" },
  treesLosses: { model: "trees", losses: defaultFamilies, pace: "fast" },
} as const;
export type Kind = keyof typeof kinds;

/** One family of losses on one table, the mean over the folds; undone, and as the model shows it. */
export interface FamilyRun {
  readonly family: string;
  readonly undone: Numbers;
  readonly shown: Numbers;
  /** The log loss of each fold, undone. */
  readonly perFold: readonly number[];
}

/** One kind of run on one table. */
export interface Run {
  /** What the numbers depend on besides the code; another plan is run anew. */
  readonly identity: string;
  readonly families: readonly FamilyRun[];
  /** Predicting the class shares of the training rows. */
  readonly prior: Numbers;
  /** L2 in each fold, as a share of the loss's pull. */
  readonly strengths: readonly number[];
  /** The leaves of a tree in each fold; null where there are no trees. */
  readonly leaves: readonly (number | null)[];
  readonly epochs: readonly number[];
  readonly width: number;
  /** How many rows of the rarest class a fold tests. */
  readonly rarest: number;
  readonly cpuSeconds: number;
}

/** The run of a table: from the cache if it is there, else made now; null if it is not there and not to be made. */
export async function runTable(
  folder: string,
  table: PublicTable,
  kind: Kind,
  cache: string,
  make: boolean,
): Promise<Run | null> {
  const file = join(cache, `${table.name}.${kind}.json`);
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Run) : null;
  if (!make) return known;
  const [study] = await prepareTable(folder, table, kind);
  const { plan, folds, task } = study;
  const identity = createHash("sha256")
    .update(JSON.stringify([plan, folds.hash]))
    .digest("hex");
  if (known?.identity === identity) return known;
  const before = process.cpuUsage();
  const results = Array.from({ length: folds.count }, (_, fold) => runFold(study, { repeat: 0, fold }));
  const { user, system } = process.cpuUsage(before);
  const run: Run = {
    identity,
    families: plan.families.map(({ id }, k) => familyRun(id, k, results)),
    prior: meanOf(results.map(({ prior }) => prior)),
    strengths: results.map(({ strength }) => strength),
    leaves: results.map(({ leaves }) => leaves),
    epochs: results.map(({ families }) => families[0].choice.epochs),
    width: task.columns.length,
    rarest: Math.min(...testedCounts(study)) / folds.count,
    cpuSeconds: (user + system) / 1e6,
  };
  mkdirSync(cache, { recursive: true });
  writeFileSync(`${file}.part`, JSON.stringify(run, null, 1));
  renameSync(`${file}.part`, file);
  return run;
}

/** The study of a table: what is computed from. */
export function prepareTable(folder: string, table: PublicTable, kind: Kind): ReturnType<typeof prepareComparison> {
  return prepareComparison(optionsFor(folder, table, kind));
}

function familyRun(family: string, k: number, results: readonly FoldResult[]): FamilyRun {
  return {
    family,
    undone: meanOf(results.map(({ families }) => families[k].undone)),
    shown: meanOf(results.map(({ families }) => families[k].shown)),
    perFold: results.map(({ families }) => families[k].undone.logLoss),
  };
}

function meanOf(all: readonly Scores[]): Numbers {
  const of = (name: keyof Numbers) => mean(all.map((scores) => scores[name]));
  return { logLoss: of("logLoss"), averagePrecision: of("averagePrecision"), rocAuc: of("rocAuc") };
}

/** What every run has in common, as the command line would say it. */
export const plainOptions = {
  positive: undefined,
  metric: "log-loss",
  repeats: 1,
  drop: [],
  keep: [],
  keepDuplicates: false,
  reading: {},
  goals: nothingAsked,
  jobs: 1,
  seed: 0,
  output: null,
  resume: false,
  allowMissingTarget: false,
  dropClasses: [],
  command: "",
} as const;

/** The options of a run on a public table. */
export function optionsFor(folder: string, { name, file, target, positive }: PublicTable, kind: Kind): CompareOptions {
  const { model, losses, pace } = kinds[kind];
  return {
    ...plainOptions,
    models: [model],
    losses,
    pace,
    table: join(folder, file),
    targets: typeof target === "string" ? [target] : target,
    positive,
    foldsFile: foldsOf(folder, name),
    foldCount: 5,
  };
}
