// The page about trees: speed, the first tree, rare classes, categories, curvature; every sentence from the numbers.
import { mean } from "../averages.ts";
import { score, table, times } from "../markdown.ts";
import type { Part, TreeResults, VariantScores } from "./results.ts";
import { fitRounds } from "./speed.ts";

/** The page as Markdown. */
export function treesPage({ speed, first, rare, categories, floors }: TreeResults): string {
  return `# Boosted trees: measurements

Written by \`npm run bench:trees -- FOLDER\`; do not edit by hand. FOLDER holds the public tables; the peers are those that
\`--python\` has installed. How good the trees of the tool are is told in [benchmarks.md](benchmarks.md).

## Speed and memory

One fit of ${fitRounds} rounds at depth 6, shrinkage .3, L2 1, least curvature of a leaf 1, at most 255 bins (XGBoost: 256), no sampling, one
thread. Both read the same float32 numbers; the bins are made within the time, the reading is not. Each fit in a process of its own, in
turns; numbers are medians. The goal: at most 1.5 times XGBoost's CPU time, hoped for 1, and at most its memory.

${told(speed, speedText)}

## The first tree

Beside XGBoost's \`hist\` with the same settings, on numeric tables where every value has a bin of its own, one class against the rest.

${told(first, firstText)}

## Classes with a handful of rows

A made-up table of nine whole numbers and seven nearly separable classes. Log loss on a fifth of the rows; the peers at their
defaults, ours with capacity and rounds chosen inside.

${told(rare, rareText)}

## Categories

A category is asked by thresholds on its codes, which are its levels in order, or by a group of levels that are put in the order of their slopes. Groups of
small levels follow noise, so they are made where a level has enough curvature in the mean. Log loss of the five
folds at the best number of rounds and leaves, which were chosen on the tested rows, for every treatment alike:

${told(categories, categoryText)}

## Curvature of losses that are not convex

Focal loss on trees of 16 leaves, undone. Gradient and curvature are divided by the loss's own curvature at logit 0 in units of
cross entropy's, and the curvature of a row is at least .001 of such a unit; beside it other ways:

${told(floors, ({ gammas }) =>
  Object.entries(gammas)
    .map(([gamma, scores]) => `Gamma ${gamma}:\n\n${variantTable(scores)}`)
    .join("\n\n"),
)}
`;
}

function told<T>(part: Part<T> | undefined, text: (part: { readonly machine: string } & T) => string): string {
  if (part === undefined) return "Not run yet.";
  return "notRun" in part ? `Not run: ${part.notRun}.` : `${part.machine}\n\n${text(part)}`;
}

type Told<Name extends keyof TreeResults> = Exclude<NonNullable<TreeResults[Name]>, { readonly notRun: string }>;

function speedText({ version, sizes }: Told<"speed">): string {
  const added = ({ peakMegabytes, startMegabytes }: { peakMegabytes: number; startMegabytes: number }) =>
    Math.max(0, peakMegabytes - startMegabytes);
  const slow = sizes.filter(({ cpuRatio }) => cpuRatio > 1.5);
  const even = sizes.filter(({ cpuRatio }) => cpuRatio <= 1);
  const large = sizes.filter(({ ours, xgboost }) => ours.peakMegabytes > xgboost.peakMegabytes);
  const more = sizes.filter(({ ours, xgboost }) => added(ours) > added(xgboost));
  const named = (all: typeof sizes) => all.map(sizeOf).join(", ");
  return [
    table(
      [
        "rows × columns",
        "turns",
        `XGBoost ${version}`,
        "ours",
        "CPU ratio",
        "its peak",
        "ours",
        "its fit adds",
        "ours",
        "its training log loss",
        "ours",
      ],
      sizes.map((size) => [
        sizeOf(size),
        String(size.turns),
        `${size.xgboost.cpuSeconds.toPrecision(3)} s`,
        `${size.ours.cpuSeconds.toPrecision(3)} s`,
        times(size.cpuRatio),
        `${size.xgboost.peakMegabytes.toFixed(0)} MB`,
        `${size.ours.peakMegabytes.toFixed(0)} MB`,
        `${added(size.xgboost).toFixed(0)} MB`,
        `${added(size.ours).toFixed(0)} MB`,
        score(size.xgboost.logLoss),
        score(size.ours.logLoss),
      ]),
    ),
    `In words: the goal of 1.5 times is ${slow.length === 0 ? "met at every size" : `MISSED at ${named(slow)}`}, that of 1 ${even.length === sizes.length ? "too" : even.length === 0 ? "at none" : `at ${named(even)} only`}. ` +
      `The peak of the whole process is ${large.length === 0 ? "nowhere above its" : `above its at ${named(large)}`}; what the fit adds to the table in memory is ${more.length === 0 ? "nowhere more" : `more at ${named(more)}`}.`,
  ].join("\n\n");
}

const sizeOf = ({ rows, columns }: { readonly rows: number; readonly columns: number }) =>
  `${rows.toLocaleString("en-US")} × ${columns}`;

function firstText({ version, trees }: Told<"first">): string {
  return trees
    .map(
      ({ table, positive, rows, columns, splits, leaves, difference, largest }) =>
        `- ${table}, ${positive} against the rest, ${rows} × ${columns}: ${
          difference === null
            ? `all ${splits} splits are those of XGBoost ${version}: the same column, and the same rows on either side; ` +
              `its ${leaves} leaves differ by at most ${largest.toExponential(0)}.`
            : `after ${splits} equal splits DIFFERENT: ${difference}.`
        }`,
    )
    .join("\n");
}

function rareText({ versions, classes: { rows, prior, ours, peers, cpuSeconds, leaves } }: Told<"rare">): string {
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const worse = Object.entries(peers).filter(([, loss]) => loss > prior);
  const lower = Object.entries(peers).filter(([, loss]) => loss < ours);
  return [
    `Rows of the classes: ${rows.map((count) => count.toLocaleString("en-US")).join("; ")}. ${packages.join(", ")}.`,
    table(
      ["learner", "log loss"],
      [
        ["class shares", score(prior)],
        [`ours (${leaves} leaves, ${cpuSeconds.toFixed(0)} CPU seconds)`, score(ours)],
        ...Object.entries(peers).map(([name, loss]) => [name, score(loss)]),
      ],
    ),
    `In words: ours ${ours < prior / 10 ? "does not diverge" : "DIVERGES"}; ` +
      `${worse.length === 0 ? "none of the others is worse than the class shares" : `worse than the class shares: ${worse.map(([name]) => name).join(", ")}`}; ` +
      `${lower.length === 0 ? "ours is the lowest" : `lower than ours: ${lower.map(([name]) => name).join(", ")}`}.`,
  ].join("\n\n");
}

function categoryText({ used, scores }: Told<"categories">): string {
  const tables = Object.values(scores);
  const means = Object.keys(tables[0]).map((name) => ({ name, mean: mean(tables.map((by) => by[name])) }));
  const least = means.reduce((a, b) => (b.mean < a.mean ? b : a));
  const ours = means.find(({ name }) => name === used);
  const choice =
    least.name === used
      ? "which is what the tool does"
      : `while the tool does \`${used}\`${ours === undefined ? "" : ` (${score(ours.mean)})`}`;
  return `${variantTable(scores)}\n\nIn words: in the mean the lowest is \`${least.name}\` (${score(least.mean)}), ${choice}.`;
}

/** A row for each table and one for the means; the lowest of each row is bold. */
function variantTable(scores: VariantScores): string {
  const names = Object.keys(Object.values(scores)[0] ?? {});
  const row = (first: string, values: readonly number[]) => {
    const least = score(Math.min(...values));
    return [first, ...values.map(score).map((cell) => (cell === least ? `**${cell}**` : cell))];
  };
  const all = Object.entries(scores).map(([name, by]) => [name, names.map((each) => by[each])] as const);
  const means = names.map((_, k) => mean(all.map(([, values]) => values[k])));
  return table(
    ["table", ...names],
    [...all.map(([name, values]) => row(name, values)), row(`mean of ${all.length}`, means)],
  );
}
