// The page of the benchmark tables: every sentence is made from the numbers beside it.
import { mean } from "../averages.ts";
import { change, score, signed, table } from "../markdown.ts";
import type { Benchmarks } from "./benchmarks.ts";
import { duel, named, notRun, pairsOf } from "./duel.ts";
import type { Numbers } from "./peers.ts";
import type { Kind, Run } from "./runs.ts";

/** The page as Markdown. */
export function benchmarkPage(benchmarks: Benchmarks): string {
  return `# Benchmarks on public tables

Written by \`npm run bench:tool -- FOLDER\`; do not edit by hand. FOLDER holds \`manifest.json\`, the
tables, \`folds/\` and \`baselines.json\` with the scores of scikit-learn.

${benchmarks.machine} ${cpuTime(benchmarks)}

The peers: ${benchmarks.protocol} They were run once, on another day, with scikit-learn ${benchmarks.version}; here the same rows are
tested in the same five folds. Ours runs at the default pace (the undo: \`--fast\`) with one repeat, on one thread, seed 0. Every number is the mean
over the five folds; of several classes or labels, average precision (AP) and AUC are the mean of each against the rest. Lower log loss
is better, higher AP and AUC are better. WON and LOST say which mean is better, however small the difference: on the
small tables it is often luck.

## The linear model

\`--model linear --losses ce\` beside scikit-learn's \`logreg\` (L2 with C = 1). Ours chooses the strength of L2 inside the
training rows. The goal on every table: log loss at most 1 % higher, AP and AUC at most .005 lower.

${linearSection(benchmarks)}

## The small network

\`--model mlp --losses ce\` beside scikit-learn's \`mlp_l2\`, or \`mlp\` (no choice of L2) where there is no \`mlp_l2\`. The goal:
the mean log loss over the tables with \`mlp_l2\` is no higher.

${networkSection(benchmarks)}

## Boosted trees

scikit-learn's \`hgb\` (histogram gradient boosting with its defaults) beside the better of our two models on the table.
This tool trains no trees: where they win, a table may be worth more with them than with any loss.

${treeSection(benchmarks)}

## The undo

\`--fast\` with the default losses, on small networks. A weighted or focal loss shows probabilities that are not meant as such; the undo
brings them back. Log loss of the same models, as shown and undone:

${undoSection(benchmarks)}
`;
}

function cpuTime({ runs }: Benchmarks): string {
  const seconds = (kind: Kind) => Object.values(runs).reduce((sum, run) => sum + (run[kind]?.cpuSeconds ?? 0), 0);
  return `CPU seconds on a busy machine: linear ${seconds("linear").toFixed(0)}, mlp ${seconds("mlp").toFixed(0)}, undo ${seconds("undo").toFixed(0)}.`;
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

function treeSection(benchmarks: Benchmarks): string {
  const pairs = benchmarks.tables.flatMap(({ name }) => {
    const peer = benchmarks.peers[name].hgb;
    const runs = (["linear", "mlp"] as const).flatMap((kind) => {
      const run = benchmarks.runs[name][kind];
      return run === null
        ? []
        : [{ name, learner: kind as string, ours: run.families[0].undone, prior: run.prior, peer }];
    });
    if (peer === undefined || runs.length === 0) return [];
    return [runs.reduce((a, b) => (b.ours.logLoss < a.ours.logLoss ? b : a))];
  });
  if (pairs.length === 0) return "Not run yet.";
  const trees = pairs.filter(({ ours, peer }) => peer.logLoss < ours.logLoss);
  const ranking = pairs.filter(({ ours, peer }) => peer.averagePrecision > ours.averagePrecision);
  const worse = pairs.filter(({ peer, prior }) => peer.logLoss > prior.logLoss);
  return [
    duel(pairs, "hgb", ({ learner }) => learner, "our better"),
    `In words: boosted trees have the lower log loss on ${trees.length} of ${pairs.length} tables (${named(trees) || "none"}) and the higher AP on ` +
      `${ranking.length} (${named(ranking) || "none"}). ` +
      (worse.length > 0
        ? `On ${named(worse)} their log loss is higher than that of always saying the class shares.`
        : "On no table is their log loss higher than that of always saying the class shares.") +
      " Taking the better of our two models after the fact favours us a little.",
  ].join("\n\n");
}

function undoSection(benchmarks: Benchmarks): string {
  const done = benchmarks.tables.filter(({ name }) => benchmarks.runs[name].undo !== null);
  if (done.length === 0) return notRun(benchmarks, "undo");
  const families = (benchmarks.runs[done[0].name].undo as Run).families.map(({ family }) => family);
  const rows = done.map(({ name }) => ({ name, run: benchmarks.runs[name].undo as Run }));
  const cells = rows.map(({ name, run }) => [
    name,
    score(run.prior.logLoss),
    ...run.families.flatMap(({ shown, undone }, k) =>
      k === 0 ? [score(undone.logLoss)] : [score(shown.logLoss), score(undone.logLoss)],
    ),
  ]);
  const changed = rows.flatMap(({ run }) => run.families.slice(1));
  const lower = changed.filter(({ shown, undone }) => undone.logLoss < shown.logLoss);
  const higher = changed.filter(({ shown, undone }) => undone.logLoss > shown.logLoss);
  const beaten = rows.flatMap(({ name, run }) =>
    run.families
      .slice(1)
      .filter(({ undone }) => undone.logLoss < 0.99 * run.families[0].undone.logLoss)
      .map(({ family }) => `${name} (${family})`),
  );
  const average = families.map((family, k) => {
    const shown = mean(rows.map(({ run }) => run.families[k].shown.logLoss));
    const undone = mean(rows.map(({ run }) => run.families[k].undone.logLoss));
    return k === 0 ? `${family} ${score(undone)}` : `${family} ${score(shown)} shown, ${score(undone)} undone`;
  });
  return [
    table(
      ["table", "prior", families[0], ...families.slice(1).flatMap((id) => [`${id} shown`, `${id} undone`])],
      cells,
    ),
    `In words: the undo lowers the log loss in ${lower.length} of ${changed.length} cases and raises it in ${higher.length}` +
      `${lower.length + higher.length < changed.length ? `; in ${changed.length - lower.length - higher.length} there is nothing to undo` : ""}. ` +
      `Means over the ${rows.length} tables: ${average.join("; ")}. ` +
      (beaten.length === 0
        ? "Undone, no loss is more than 1 % better than plain cross entropy on any table."
        : `Undone, a loss is more than 1 % better than plain cross entropy on ${beaten.join(", ")}, before any test of certainty.`),
    notRun(benchmarks, "undo"),
  ]
    .filter(Boolean)
    .join("\n\n");
}
