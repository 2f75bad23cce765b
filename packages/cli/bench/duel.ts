// Our numbers beside a peer's, and how they are written.

import type { Benchmarks } from "./page.ts";
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

export function pairsOf({ tables, peers, runs }: Benchmarks, kind: Kind, learners: readonly string[]): readonly Pair[] {
  return tables.flatMap(({ name }) => {
    const learner = learners.find((each) => each in peers[name]);
    const run = runs[name][kind];
    if (learner === undefined || run === null) return [];
    return [{ name, learner, ours: run.families[0].undone, prior: run.prior, peer: peers[name][learner] }];
  });
}

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

export function notRun({ tables, runs }: Benchmarks, kind: Kind): string {
  const missing = tables.filter(({ name }) => runs[name][kind] === null).map(({ name }) => name);
  return missing.length === 0 ? "" : `Not run yet: ${missing.join(", ")}.`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, k) => (k === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

export const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
export const named = (pairs: readonly Pair[]) => pairs.map(({ name }) => name).join(", ");
export const score = (value: number) => value.toFixed(4);
export const signed = (value: number) => `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(4)}`;
export const percent = (share: number) => `${Math.abs(100 * share).toFixed(1)} % ${share < 0 ? "lower" : "higher"}`;
