// Interleaved timing: every runner once per round, so that what disturbs the machine disturbs all of them.
import { median } from "./averages.ts";

/** Something that can be timed. */
export interface Runner {
  readonly id: string;
  /** The seconds of one run, measured over `repeats` of them. */
  time(repeats: number): Promise<number>;
}

/** Seconds of one run, by runner and round; null where a slow runner sat a round out. */
export type Samples = Readonly<Record<string, readonly (number | null)[]>>;

/** How long to measure. */
export interface Effort {
  /** After so many seconds no new round begins, */
  readonly seconds: number;
  /** unless there have been fewer rounds than this. */
  readonly rounds: number;
}

/** A sample lasts about so long: far above the clock's grain, far below the neighbours' patience. */
const sampleSeconds = 0.004;
/** A runner whose sample takes longer sits out rounds, so that the others are measured more often. */
const patience = 0.3;

/** Runs all runners in turn, round after round; the first of a round is another one each time. */
export async function interleave(runners: readonly Runner[], effort: Effort): Promise<Samples> {
  const plans = [];
  for (const runner of runners) {
    const { repeats, cost } = await warmUp(runner);
    plans.push({ runner, repeats, stride: Math.ceil(cost / patience) });
  }
  const samples: Record<string, (number | null)[]> = Object.fromEntries(runners.map(({ id }) => [id, []]));
  const start = performance.now();
  const isOver = () => performance.now() - start > 1000 * effort.seconds;
  for (let round = 0; round < effort.rounds || !isOver(); round++) {
    for (let k = 0; k < plans.length; k++) {
      const { runner, repeats, stride } = plans[(k + round) % plans.length];
      const sitsOut = round % Math.min(stride, Math.ceil(effort.rounds / 3)) !== 0;
      if (!sitsOut && repeats > 1) await runner.time(1); // brings its data back into the cache
      samples[runner.id].push(sitsOut ? null : rounded(await runner.time(repeats)));
    }
  }
  return samples;
}

/** Lets compilers finish, and finds how many runs make a sample. */
async function warmUp(runner: Runner): Promise<{ readonly repeats: number; readonly cost: number }> {
  const start = performance.now();
  let best = Number.POSITIVE_INFINITY;
  for (let k = 0; k < 30; k++) {
    best = Math.min(best, await runner.time(1));
    const elapsed = performance.now() - start;
    if ((k >= 6 && elapsed > 100) || elapsed > 1500) break;
  }
  const repeats = Math.max(1, Math.min(2000, Math.round(sampleSeconds / Math.max(best, 1e-7))));
  return { repeats, cost: best * repeats };
}

/** How many times as fast as `peer` `ours` is: the median of the ratios of the rounds in which both ran. */
export function speedup(samples: Samples, ours: string, peer: string): number {
  const ratios = (samples[peer] ?? []).flatMap((seconds, round) => {
    const own = samples[ours]?.[round] ?? null;
    return seconds === null || own === null ? [] : [seconds / own];
  });
  return median(ratios);
}

/** The median seconds of a runner. */
export function secondsOf(samples: Samples, id: string): number {
  return median((samples[id] ?? []).filter((seconds) => seconds !== null));
}

/** The shortest seconds of a runner: what it takes where nothing disturbs it. */
export function shortestOf(samples: Samples, id: string): number {
  return Math.min(...(samples[id] ?? []).filter((seconds) => seconds !== null));
}

const rounded = (seconds: number) => Number(seconds.toPrecision(4));
