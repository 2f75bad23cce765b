// The page on the linear model's time beside scikit-learn's, and the numbers that it is made from, which are kept.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { score, table } from "../markdown.ts";

/** Both on one table: CPU seconds, the median of the rounds, and log losses. */
export interface Duel {
  readonly name: string;
  readonly rounds: number;
  readonly ours: number;
  readonly theirs: number;
  /** The median of the rounds' ratios. */
  readonly ratio: number;
  readonly ourLogLoss: number;
  readonly theirLogLoss: number;
}

/** A run over all tables. */
export interface LinearRun {
  readonly duels: readonly Duel[];
  readonly version: string;
  readonly machine: string;
}

const file = new URL("../results/tool/linear.json", import.meta.url);

/** What the page in docs/ was made from. */
export const readLinear = () => JSON.parse(readFileSync(file, "utf8")) as LinearRun;

/** Keeps one table's numbers beside those of the others; gives all of them, in the order of their names. */
export function keepLinear(duel: Duel, where: Pick<LinearRun, "version" | "machine">): LinearRun {
  const known = existsSync(file) ? readLinear().duels.filter(({ name }) => name !== duel.name) : [];
  const duels = [...known, duel].sort((a, b) => (a.name < b.name ? -1 : 1));
  const run = { ...where, duels };
  writeFileSync(file, `${JSON.stringify(run, null, 1)}\n`);
  return run;
}

/** The goal: so much of the peer's time. */
const goal = 1 / 3;

/** The page. */
export function linearPage({ duels, version, machine }: LinearRun): string {
  const met = duels.filter(({ ratio }) => ratio <= goal);
  const better = duels.filter(({ ourLogLoss, theirLogLoss }) => ourLogLoss <= theirLogLoss);
  const rows = duels.map(({ name, rounds, ours, theirs, ratio, ourLogLoss, theirLogLoss }) => [
    name,
    String(rounds),
    ours.toFixed(2),
    theirs.toFixed(2),
    ratio.toFixed(2),
    ratio <= goal ? "met" : "MISSED",
    score(ourLogLoss),
    score(theirLogLoss),
  ]);
  return `# How long the linear model takes

Written by \`npm run bench:linear -- FOLDER\`; do not edit by hand. FOLDER holds \`manifest.json\`, the tables and \`folds/\`.

${machine}; scikit-learn ${version}. One thread; CPU seconds of everything from the columns of a table to its scores,
each side in a process of its own, which warms up on the way; the median of the rounds, in
which they took turns.

Cross entropy in five outer folds; in each the same nine strengths (C from 1e-4 to 1e4) on the same four inner folds, and
then a fit on all of its training rows: 185 fits, and for several labels so many of each. scikit-learn's is
\`LogisticRegressionCV\`. The goal on every table: a third of its time.

${table(["table", "rounds", "ours, s", "scikit-learn, s", "ratio", "goal", "log loss, ours", "scikit-learn"], rows)}

In words: the goal is met on ${met.length} of ${duels.length} tables; ours is the faster one on ${duels.filter(({ ratio }) => ratio < 1).length}. The log loss is no higher on ${better.length}.
`;
}
