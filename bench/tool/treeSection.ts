// Trees beside the trees of others, in tables and in words.
import { mean, median } from "../averages.ts";
import { change, percent, score, signed, table, times } from "../markdown.ts";
import type { Benchmarks } from "./benchmarks.ts";
import { notRun } from "./duel.ts";
import { rivalNames } from "./peers.ts";
import { comparable, levelGoals, meanGoals, type TreeRow, treeRows } from "./treeGoals.ts";

/** The section on trees, below its heading. */
export function treeSection(benchmarks: Benchmarks): string {
  const rows = treeRows(benchmarks);
  if (rows.length === 0) return notRun(benchmarks, "trees");
  return [
    `Log loss:\n\n${scoreTable(rows, "logLoss", "lower")}`,
    `AP:\n\n${scoreTable(rows, "averagePrecision", "higher")}`,
    `AUC:\n\n${scoreTable(rows, "rocAuc", "higher")}`,
    `CPU seconds of the five folds:\n\n${cpuTable(rows)}`,
    meanText(rows),
    levelText(rows),
    againText(benchmarks, rows),
    leavesText(benchmarks),
    notRun(benchmarks, "trees"),
  ]
    .filter(Boolean)
    .join("\n\n");
}

type ScoreName = "logLoss" | "averagePrecision" | "rocAuc";

/** A row for each table and one for the means; the best of each row is bold. */
function scoreTable(rows: readonly TreeRow[], name: ScoreName, better: "lower" | "higher"): string {
  const cells = (first: string, values: readonly number[]) => {
    const known = values.filter((value) => !Number.isNaN(value));
    const best = score(better === "lower" ? Math.min(...known) : Math.max(...known));
    const shown = values.map((value) => (Number.isNaN(value) ? "–" : score(value)));
    return [first, ...shown.map((cell) => (cell === best ? `**${cell}**` : cell))];
  };
  const valuesOf = ({ ours, rivals }: TreeRow) => [
    ours[name],
    ...rivalNames.map((rival) => rivals[rival]?.[name] ?? Number.NaN),
  ];
  const all = comparable(rows).map(valuesOf);
  const means = [`mean of ${all.length}`, all[0]?.map((_, k) => mean(all.map((values) => values[k]))) ?? []] as const;
  return table(
    ["table", "ours", ...rivalNames],
    [...rows.map((row) => cells(row.name, valuesOf(row))), cells(...means)],
  );
}

function cpuTable(rows: readonly TreeRow[]): string {
  const seconds = (value: number | undefined) => (value === undefined ? "–" : value.toFixed(1));
  return table(
    ["table", "ours", ...rivalNames],
    rows.map(({ name, ours, rivals }) => [
      name,
      seconds(ours.cpuSeconds),
      ...rivalNames.map((rival) => seconds(rivals[rival]?.cpuSeconds)),
    ]),
  );
}

function meanText(rows: readonly TreeRow[]): string {
  const goals = meanGoals(rows);
  const count = comparable(rows).length;
  if (count === 0) return "";
  const missed = goals.filter(({ isMet }) => !isMet);
  const each = goals.map(({ rival, theirs, lower }) => `${rival} ${score(theirs)} (ours is ${change(-lower)})`);
  return (
    `The goal: in the mean lower than each of the six that choose no capacity by at least 5 %. Over the ${count} tables that ` +
    `all were run on ours is ${score(goals[0].ours)}; ${each.join(", ")}: the goal is ${missed.length === 0 ? "met against all six" : `MISSED against ${missed.map(({ rival }) => rival).join(", ")}`}.`
  );
}

function levelText(rows: readonly TreeRow[]): string {
  const goals = levelGoals(rows);
  if (goals.length === 0) return "";
  const behind = goals.filter(({ isLevel }) => !isLevel);
  const costly = goals.filter(({ cpu }) => !cpu.isMet);
  const names = (all: typeof goals) => all.map(({ name }) => name).join(", ");
  return [
    "The goals on each table, beside the better of the two that choose theirs: level, which is a log loss higher by at most " +
      ".003 or 1 %, whichever is more, and at most a third of its CPU time.",
    table(
      ["table", "the better", "its log loss", "ours", "difference", "level", "its CPU", "ours", "share", "a third"],
      goals.map(({ name, rival, ours, theirs, isLevel, cpu }) => [
        name,
        rival,
        score(theirs),
        score(ours),
        signed(ours - theirs),
        ours < theirs ? "better" : isLevel ? "met" : "MISSED",
        `${cpu.theirs.toFixed(1)} s`,
        `${cpu.ours.toFixed(1)} s`,
        percent(cpu.share),
        cpu.isMet ? "met" : "MISSED",
      ]),
      2,
    ),
    `In words: level on ${goals.length - behind.length} of ${goals.length} tables${behind.length > 0 ? `, behind on ${names(behind)}` : ""}; ` +
      `better on ${goals.filter(({ ours, theirs }) => ours < theirs).length}. A third of the CPU time is kept on ${goals.length - costly.length}` +
      `${costly.length > 0 ? `, and missed on ${names(costly)}` : ""}.`,
  ].join("\n\n");
}

/** How the times of rivals on another day compare with theirs here, and what the shares come to. */
function againText({ again, rivals }: Benchmarks, rows: readonly TreeRow[]): string {
  const told = again.flatMap(({ name, rival, cpuSeconds }) => {
    const row = rows.find((each) => each.name === name);
    const before = rivals.results[name]?.[rival]?.cpuSeconds;
    if (row === undefined || before === undefined) return [];
    const ratio = cpuSeconds / before;
    return [
      {
        ratio,
        text: `${name} ${rival} ${cpuSeconds.toFixed(1)} s (${before.toFixed(1)} s then; ours ${percent(row.ours.cpuSeconds / cpuSeconds)})`,
      },
    ];
  });
  if (told.length === 0) return "";
  const middle = median(told.map(({ ratio }) => ratio));
  const short = levelGoals(rows).filter(({ cpu }) => cpu.share / middle > 1 / 3);
  return (
    `Taken again on this machine, as busy as for ours: ${told.map(({ text }) => text).join(", ")}; the middle is ${times(middle)} times what it was then. ` +
    `With that for all tables, a third is ${short.length === 0 ? "kept on every one" : `missed on ${short.map(({ name }) => name).join(", ")}`}.`
  );
}

/** What the inner splits chose. */
function leavesText({ tables, runs }: Benchmarks): string {
  const chosen = tables.flatMap(({ name }) => {
    const run = runs[name].trees;
    return run === null ? [] : [`${name} ${run.leaves.join(" ")}`];
  });
  return `Leaves chosen in the five folds: ${chosen.join("; ")}.`;
}
