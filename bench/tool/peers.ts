// What the benchmark tables are measured against: the public tables of a folder, and what others reach on them.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A table of the folder's manifest. */
export interface PublicTable {
  readonly name: string;
  readonly file: string;
  readonly task: "binary" | "multiclass" | "multilabel";
  readonly rows: number;
  readonly features: number;
  readonly target: string | readonly string[];
  readonly positive?: string;
}

/** The three scores that every learner is compared by, each the mean over the folds. */
export interface Numbers {
  readonly logLoss: number;
  readonly averagePrecision: number;
  readonly rocAuc: number;
}

type Scored = { readonly mean: Readonly<Record<string, number>> };

/** scikit-learn's scores of one table, by the name of the learner; absent where it was not run. */
export type Peers = Readonly<Record<string, Numbers>>;

/** What a learner reaches on a table, and the CPU seconds of its five folds on one thread. */
export interface Rival extends Numbers {
  readonly cpuSeconds: number;
}

/** As installed, and with early stopping: what others reach without choosing a capacity. */
export const untuned = ["xgb_100", "xgb", "lgb_100", "lgb", "hgb_100", "hgb"] as const;
/** Capacity and rounds chosen by inner folds. */
export const tuned = ["lgb_tuned", "xgb_tuned"] as const;
export const rivalNames = [...untuned, ...tuned] as const;

/** Trees of others, and a linear model with its strength chosen: by table, then by the name of the learner. */
export interface Rivals {
  readonly versions: Readonly<Record<string, string>>;
  readonly results: Readonly<Record<string, Readonly<Record<string, Rival>>>>;
}

/** The folder's tables that have folds and scores of scikit-learn, and how these were made. */
export function readPeers(folder: string): {
  readonly tables: readonly PublicTable[];
  readonly peers: Readonly<Record<string, Peers>>;
  readonly protocol: string;
  readonly version: string;
  readonly rivals: Rivals;
} {
  const json = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8")) as unknown;
  const { tables } = json("manifest.json") as { tables: readonly PublicTable[] };
  const { env, protocol, results } = json("baselines.json") as {
    env: { sklearn: string };
    protocol: string;
    results: Readonly<Record<string, Readonly<Record<string, Scored>>>>;
  };
  const known = tables.filter(({ name }) => name in results && existsSync(foldsOf(folder, name)));
  const peers = Object.fromEntries(
    known.map(({ name }) => [
      name,
      Object.fromEntries(Object.entries(results[name]).map(([learner, scored]) => [learner, numbersOf(scored)])),
    ]),
  );
  return { tables: known, peers, protocol, version: env.sklearn, rivals: readRivals(folder) };
}

type Timed = Scored & { readonly cpu_seconds: number };

/** What `peers.json` of the folder holds; a learner that failed on a table is left out there. */
function readRivals(folder: string): Rivals {
  const { versions, results } = JSON.parse(readFileSync(join(folder, "peers.json"), "utf8")) as {
    versions: Readonly<Record<string, string>>;
    results: Readonly<Record<string, Readonly<Record<string, Timed | { readonly error: string }>>>>;
  };
  const rivalsOf = (learners: Readonly<Record<string, Timed | { readonly error: string }>>) =>
    Object.fromEntries(
      Object.entries(learners).flatMap(([learner, found]): [string, Rival][] =>
        "error" in found ? [] : [[learner, { ...numbersOf(found), cpuSeconds: found.cpu_seconds }]],
      ),
    );
  return {
    versions,
    results: Object.fromEntries(Object.entries(results).map(([name, learners]) => [name, rivalsOf(learners)])),
  };
}

/** The file with the folds of a table. */
export function foldsOf(folder: string, name: string): string {
  return join(folder, "folds", `${name}.csv`);
}

/** Of several classes or labels, each against the rest, the mean over them, as `Scores` of this package. */
function numbersOf({ mean }: Scored): Numbers {
  const first = (...names: readonly string[]) =>
    names.map((name) => mean[name]).find((value) => value !== undefined) ?? Number.NaN;
  return {
    logLoss: first("log_loss", "log_loss_mean_label"),
    averagePrecision: first("average_precision", "average_precision_ovr_macro", "average_precision_macro"),
    rocAuc: first("roc_auc", "roc_auc_ovr_macro", "roc_auc_macro"),
  };
}
