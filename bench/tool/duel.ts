// Our numbers beside a peer's, as a table.
import { score, signed, table } from "../markdown.ts";
import type { Benchmarks } from "./benchmarks.ts";
import type { Numbers } from "./peers.ts";
import type { Kind } from "./runs.ts";

/** Our numbers on a table beside a peer's. */
export interface Pair {
  readonly name: string;
  readonly learner: string;
  readonly ours: Numbers;
  readonly peer: Numbers;
  readonly prior: Numbers;
}

/** Our numbers beside those of the first of the learners that a table has, wherever both were run. */
export function pairsOf({ tables, peers, runs }: Benchmarks, kind: Kind, learners: readonly string[]): readonly Pair[] {
  return tables.flatMap(({ name }) => {
    const learner = learners.find((each) => each in peers[name]);
    const run = runs[name][kind];
    if (learner === undefined || run === null) return [];
    return [{ name, learner, ours: run.families[0].undone, prior: run.prior, peer: peers[name][learner] }];
  });
}

/** The table of pairs; `last` fills its last column. */
export function duel(
  pairs: readonly Pair[],
  peerName: string,
  last: (pair: Pair) => string,
  lastName = "goal",
): string {
  return table(
    [
      "table",
      "prior log loss",
      `${peerName} log loss`,
      "ours",
      "ratio",
      "",
      `${peerName} AP`,
      "ours",
      "difference",
      `${peerName} AUC`,
      "ours",
      "difference",
      lastName,
    ],
    pairs.map((pair) => {
      const { name, ours, peer, prior } = pair;
      return [
        name,
        score(prior.logLoss),
        score(peer.logLoss),
        score(ours.logLoss),
        (ours.logLoss / peer.logLoss).toFixed(3),
        ours.logLoss < peer.logLoss ? "WON" : "LOST",
        score(peer.averagePrecision),
        score(ours.averagePrecision),
        signed(ours.averagePrecision - peer.averagePrecision),
        score(peer.rocAuc),
        score(ours.rocAuc),
        signed(ours.rocAuc - peer.rocAuc),
        last(pair),
      ];
    }),
  );
}

/** The tables that have not been run yet, in words. */
export function notRun({ tables, runs }: Benchmarks, kind: Kind): string {
  const missing = tables.filter(({ name }) => runs[name][kind] === null).map(({ name }) => name);
  return missing.length === 0 ? "" : `Not run yet: ${missing.join(", ")}.`;
}

/** The tables of pairs. */
export const named = (pairs: readonly Pair[]) => pairs.map(({ name }) => name).join(", ");

/** The linear model beside one that chooses its strength, too; the CPU seconds of both. */
export function tunedLinearSection({ tables, rivals, runs }: Benchmarks): string {
  const rows = tables.flatMap(({ name }) => {
    const run = runs[name].linear;
    const rival = rivals.results[name]?.logreg_cv;
    return run === null || rival === undefined ? [] : [{ name, ours: run.families[0].undone, run, rival }];
  });
  if (rows.length === 0) return "Not run yet.";
  const won = rows.filter(({ ours, rival }) => ours.logLoss < rival.logLoss);
  const higher = rows.filter(({ ours, rival }) => ours.logLoss > 1.01 * rival.logLoss);
  const seconds = (of: (row: (typeof rows)[number]) => number) =>
    rows.reduce((sum, row) => sum + of(row), 0).toFixed(0);
  return [
    table(
      ["table", "logreg_cv log loss", "ours", "ratio", "", "its AP", "ours", "its AUC", "ours", "its CPU", "ours"],
      rows.map(({ name, ours, run, rival }) => [
        name,
        score(rival.logLoss),
        score(ours.logLoss),
        (ours.logLoss / rival.logLoss).toFixed(3),
        ours.logLoss < rival.logLoss ? "WON" : "LOST",
        score(rival.averagePrecision),
        score(ours.averagePrecision),
        score(rival.rocAuc),
        score(ours.rocAuc),
        `${rival.cpuSeconds.toFixed(1)} s`,
        `${run.cpuSeconds.toFixed(1)} s`,
      ]),
    ),
    `In words: the log loss is lower on ${won.length} of ${rows.length} tables` +
      `${higher.length > 0 ? `, and more than 1 % higher on ${higher.map(({ name }) => name).join(", ")}` : ", and nowhere more than 1 % higher"}. ` +
      `CPU seconds of all tables: its ${seconds(({ rival }) => rival.cpuSeconds)}, ours ${seconds(({ run }) => run.cpuSeconds)}; its were taken once, on another day.`,
  ].join("\n\n");
}
