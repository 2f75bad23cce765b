// Measures cases: every contender that computes a case is checked, then timed, interleaved with the others.
import { agrees, type Disagreement, disagreement, exactNumbers, tolerance } from "./agreement.ts";
import { type Case, type Pass, passes } from "./cases.ts";
import type { Candidate, Contender } from "./contender.ts";
import { type Data, makeData } from "./data.ts";
import { type Effort, interleave, type Samples } from "./rounds.ts";

/** What was measured of one pass of a case. */
export interface Measurement {
  readonly name: string;
  readonly pass: Pass;
  /** CPU seconds, by contender and round. */
  readonly samples: Samples;
  readonly errors: Readonly<Record<string, Disagreement>>;
  /** Peers that broke down, with what they said. */
  readonly failures: Readonly<Record<string, string>>;
}

/** Why something is missing. */
export interface NotRun {
  readonly name: string;
  readonly reason: string;
}

/** Opens what is installed; the others are named with the reason. */
export async function openAll(candidates: readonly Candidate[]) {
  const opened = await Promise.allSettled(candidates.map(({ open }) => open()));
  const contenders = opened.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const notRun = opened.flatMap((each, k): NotRun[] =>
    each.status === "rejected" ? [{ name: candidates[k].name, reason: messageOf(each.reason) }] : [],
  );
  return { contenders, notRun };
}

/** Measures both passes of each case. */
export async function measureCases(
  cases: readonly Case[],
  contenders: readonly Contender[],
  effort: Effort,
  report: (measurement: Measurement) => void,
): Promise<void> {
  let data: Data | null = null;
  let shape = "";
  for (const task of cases) {
    const { activation, examples, classes } = task;
    if (data === null || shape !== `${activation} ${examples} ${classes}`) data = makeData(task);
    shape = `${activation} ${examples} ${classes}`;
    const taking = contenders.filter((each) => passes.some((pass) => each.refuses(task, pass) === null));
    for (const contender of taking) await contender.prepare(task, data);
    for (const pass of passes) {
      const able = taking.filter((each) => each.refuses(task, pass) === null);
      report(await measurePass(task, pass, data, able, effort));
    }
    for (const contender of taking) await contender.release();
  }
}

/** Checks, then times, contenders that are prepared. */
export async function measurePass(
  task: Case,
  pass: Pass,
  data: Data,
  contenders: readonly Contender[],
  effort: Effort,
): Promise<Measurement> {
  const exact = exactNumbers(task, data, pass);
  const errors: Record<string, Disagreement> = {};
  const failures: Record<string, string> = {};
  for (const contender of contenders) {
    try {
      await contender.time(pass, 1);
      errors[contender.id] = disagreement(await contender.numbers(pass), exact);
    } catch (error) {
      if (contender.isOurs) throw error;
      failures[contender.id] = messageOf(error);
      continue;
    }
    if (contender.isOurs && !agrees(errors[contender.id], tolerance.ours)) {
      throw new Error(`${contender.name}, ${task.name}, ${pass}: off by ${JSON.stringify(errors[contender.id])}`);
    }
  }
  const runners = contenders
    .filter(({ id }) => id in errors)
    .map(({ id, time }) => ({ id, time: (repeats: number) => time(pass, repeats) }));
  return { name: task.name, pass, samples: await interleave(runners, effort), errors, failures };
}

/** The first line of what an error says. */
export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).split("\n")[0];
