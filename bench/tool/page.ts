// The page of the benchmark tables: every sentence is made from the numbers beside it.
import { mean } from "../averages.ts";
import { change, score, signed } from "../markdown.ts";
import { adviceSection } from "./adviceSection.ts";
import type { Benchmarks } from "./benchmarks.ts";
import { duel, named, notRun, pairsOf, tunedLinearSection } from "./duel.ts";
import type { Numbers } from "./peers.ts";
import type { Kind, Run } from "./runs.ts";
import { treeSection } from "./treeSection.ts";
import { undoSection } from "./undoSection.ts";

/** The page as Markdown. */
export function benchmarkPage(benchmarks: Benchmarks): string {
  return `# Benchmarks on public tables

Written by \`npm run bench:tool -- FOLDER\`; do not edit by hand. FOLDER holds \`manifest.json\`, the
tables, \`folds/\`, \`baselines.json\` with the scores of scikit-learn and \`peers.json\` with those of the trees of others.

${benchmarks.machine} ${cpuTime(benchmarks)}

The peers: ${benchmarks.protocol} They were run once, on another day, with scikit-learn ${benchmarks.version}; here the same rows are
tested in the same five folds. Ours runs at the default pace (where losses are compared: \`--fast\`) with one repeat, on one thread, seed 0. Every number is the mean
over the five folds; of several classes or labels, average precision (AP) and AUC are the mean of each against the rest. Lower log loss
is better, higher AP and AUC are better. WON and LOST say which mean is better, however small the difference: on the
small tables it is often luck.

## What each table calls for

${adviceSection(benchmarks)}

## The linear model

\`--model linear --losses ce\` beside scikit-learn's \`logreg\` (L2 with C = 1). Ours chooses the strength of L2 inside the
training rows. The goal on every table: log loss at most 1 % higher, AP and AUC at most .005 lower.

${linearSection(benchmarks)}

Beside \`logreg_cv\`, scikit-learn's \`LogisticRegressionCV\` ${benchmarks.rivals.versions.sklearn} with nine strengths and four inner folds:

${tunedLinearSection(benchmarks)}

## The small network

\`--model mlp --losses ce\` beside scikit-learn's \`mlp_l2\`, or \`mlp\` (no choice of L2) where there is no \`mlp_l2\`. The goal:
the mean log loss over the tables with \`mlp_l2\` is no higher.

${networkSection(benchmarks)}

## Boosted trees

\`--model trees --losses ce\` beside XGBoost ${benchmarks.rivals.versions.xgboost} (\`xgb\`), LightGBM ${benchmarks.rivals.versions.lightgbm} (\`lgb\`) and scikit-learn's histogram gradient boosting
${benchmarks.rivals.versions.sklearn} (\`hgb\`): \`_100\` with 100 rounds and the library's defaults; plain with early stopping; \`_tuned\` with 4, 16 or 64
leaves and the rounds chosen by four inner folds, as ours are. One thread each; theirs were timed once, on another day.

${treeSection(benchmarks)}

## The undo

\`--fast\` with the default losses. A weighted or focal loss shows probabilities that are not meant as such; the undo
brings them back. Log loss of the same models, as shown and undone:

### Of the small network

${undoSection(benchmarks, "mlpLosses")}

### Of boosted trees

${undoSection(benchmarks, "treesLosses")}
`;
}

function cpuTime({ runs }: Benchmarks): string {
  const seconds = (kind: Kind) => Object.values(runs).reduce((sum, run) => sum + (run[kind]?.cpuSeconds ?? 0), 0);
  const losses = seconds("linearLosses") + seconds("mlpLosses") + seconds("treesLosses");
  const each = (["linear", "mlp", "trees"] as const).map((kind) => `${kind} ${seconds(kind).toFixed(0)}`);
  return `CPU seconds on a busy machine: ${each.join(", ")}, all losses of the three ${losses.toFixed(0)}.`;
}

function linearSection(benchmarks: Benchmarks): string {
  const pairs = pairsOf(benchmarks, "linear", ["logreg"]);
  if (pairs.length === 0) return notRun(benchmarks, "linear");
  const misses = pairs.flatMap(({ name, ours, peer }) => {
    const why = missesOf(ours, peer);
    return why.length === 0 ? [] : [`${name} (${why.join(", ")})`];
  });
  const won = pairs.filter(({ ours, peer }) => ours.logLoss < peer.logLoss).length;
  return [
    duel(pairs, "logreg", ({ ours, peer }) => (missesOf(ours, peer).length === 0 ? "met" : "MISSED")),
    `In words: the log loss is lower on ${won} of ${pairs.length} tables and higher on ${pairs.length - won}. ` +
      (misses.length === 0
        ? `The goal is met on all ${pairs.length} tables.`
        : `The goal is met on ${pairs.length - misses.length} of ${pairs.length} tables and missed on ${misses.join("; ")}.`),
    notRun(benchmarks, "linear"),
  ]
    .filter(Boolean)
    .join("\n\n");
}

function missesOf(ours: Numbers, peer: Numbers): readonly string[] {
  return [
    ...(ours.logLoss > 1.01 * peer.logLoss ? [`log loss ${change(ours.logLoss / peer.logLoss - 1)}`] : []),
    ...(ours.averagePrecision < peer.averagePrecision - 0.005
      ? [`AP ${signed(ours.averagePrecision - peer.averagePrecision)}`]
      : []),
    ...(ours.rocAuc < peer.rocAuc - 0.005 ? [`AUC ${signed(ours.rocAuc - peer.rocAuc)}`] : []),
  ];
}

function networkSection(benchmarks: Benchmarks): string {
  const pairs = pairsOf(benchmarks, "mlp", ["mlp_l2", "mlp"]);
  if (pairs.length === 0) return notRun(benchmarks, "mlp");
  const counted = pairs.filter(({ learner }) => learner === "mlp_l2");
  const ours = mean(counted.map((pair) => pair.ours.logLoss));
  const theirs = mean(counted.map((pair) => pair.peer.logLoss));
  const hoped = benchmarks.tables.filter(({ name }) => "mlp_l2" in benchmarks.peers[name]).length;
  const won = pairs.filter((pair) => pair.ours.logLoss < pair.peer.logLoss);
  const unmatched = benchmarks.tables
    .filter(({ name }) => benchmarks.runs[name].mlp !== null && !pairs.some((pair) => pair.name === name))
    .map(({ name }) => `${name} ${score((benchmarks.runs[name].mlp as Run).families[0].undone.logLoss)}`);
  return [
    duel(pairs, "mlp", ({ learner }) => learner, "peer"),
    `In words: the mean log loss over the ${counted.length} tables with \`mlp_l2\` is ${score(ours)} against ${score(theirs)}, ` +
      `${change(ours / theirs - 1)}: the goal is ${ours <= theirs ? "met" : "MISSED"}${counted.length < hoped ? ` so far (${hoped - counted.length} of these tables not run yet)` : ""}. Table by table, the log loss is lower on ${won.length} of ${pairs.length}` +
      `${won.length < pairs.length ? ` and higher on ${named(pairs.filter((pair) => !won.includes(pair)))}` : ""}.` +
      (unmatched.length > 0
        ? ` There is no network of scikit-learn on the others; ours has log loss: ${unmatched.join(", ")}.`
        : ""),
    notRun(benchmarks, "mlp"),
  ]
    .filter(Boolean)
    .join("\n\n");
}
