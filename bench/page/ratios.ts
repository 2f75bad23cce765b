// The main tables: how many times as fast as each contender we are, and which numbers differ.
import { agrees, tolerance } from "../agreement.ts";
import { type Case, cases, type Instructions, type Pass, passes } from "../cases.ts";
import { duration, error, table, times } from "../markdown.ts";
import type { Measurement } from "../measure.ts";
import type { Results } from "../results.ts";
import { secondsOf, speedup } from "../rounds.ts";

/** The passes in words. */
export const words: Readonly<Record<Pass, string>> = { forward: "forward", gradient: "with gradient" };

/** What was measured of a pass of a case. */
export function measured({ cases: all }: Results, { name }: Case, pass: Pass): Measurement | undefined {
  return all?.find((measurement) => measurement.name === name && measurement.pass === pass);
}

const columns = ["reference", "loop", "tfjs-cpu", "tfjs-wasm", "onnx", "torch-installed", "torch", "native"];

/** Ratios to every contender. */
export function ratioTable(results: Results, instructions: Instructions): string {
  const contenders = columns.filter((id) => results.contenders?.some((contender) => contender.id === id));
  const nameOf = (id: string) => results.contenders?.find((contender) => contender.id === id)?.name ?? id;
  const rows = cases.flatMap((task) =>
    passes.flatMap((pass) => {
      const measurement = measured(results, task, pass);
      if (measurement === undefined) return [];
      const { samples, errors } = measurement;
      const ratios = contenders.map((id) => {
        const ratio = times(speedup(samples, instructions, id));
        return id in errors && !agrees(errors[id], tolerance.peers) ? `${ratio} (!)` : ratio;
      });
      return [[task.name, words[pass], duration(secondsOf(samples, instructions)), ...ratios]];
    }),
  );
  return table(["work", "", "ours", ...contenders.map(nameOf)], rows, 2);
}

/** How far each contender's numbers are from the exact ones, at worst; and who broke down. */
export function differences({ cases: all = [], contenders = [] }: Results): string {
  const rows = contenders.flatMap(({ id, name }) => {
    const found = all.flatMap(({ errors }) => (id in errors ? [errors[id]] : []));
    if (found.length === 0) return [];
    const gradients = found.flatMap(({ gradient }) => (gradient === null ? [] : [gradient]));
    const losses = found.map(({ loss }) => loss);
    return [[name, error(Math.max(...losses)), gradients.length === 0 ? "–" : error(Math.max(...gradients))]];
  });
  const broken = all.flatMap(({ name, pass, failures }) =>
    Object.entries(failures).map(([id, reason]) => `- not run: ${id}, ${name}, ${words[pass]}: ${reason}`),
  );
  const head = ["largest relative error", "of the loss", "of the gradient"];
  return [`(!) marks numbers that are off by more than ${error(tolerance.peers)}.`, table(head, rows), ...broken].join(
    "\n\n",
  );
}
