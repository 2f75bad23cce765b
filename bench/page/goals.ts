// The goals against each peer, and whether they were reached.
import { type Case, cases, type Goal, type Instructions, type Pass, passes } from "../cases.ts";
import { table, times } from "../markdown.ts";
import type { Results } from "../results.ts";
import { speedup } from "../rounds.ts";
import { measured, words } from "./ratios.ts";

const at = (must: number): Goal => ({ must, stretch: null });

/** What must be reached against a peer, by what our kernels use; null where nothing was promised. */
function goalFor(peer: string, task: Case, pass: Pass, instructions: Instructions): Goal | null {
  const isLargeSoftmax = task.activation === "softmax" && task.classes >= 1000;
  switch (peer) {
    case "torch":
      return task.goals[instructions][pass] ?? null;
    case "tfjs-wasm":
      return at(pass === "forward" ? 15 : 30);
    case "onnx":
      return isLargeSoftmax && task.gamma === 0 ? at(instructions === "relaxed" ? 1.3 : 1) : null;
    case "native":
      if (pass === "forward" || task.gamma !== 0 || instructions !== "relaxed") return null;
      return task.activation === "sigmoid" ? at(0.45) : isLargeSoftmax ? at(0.75) : null;
    default:
      return null;
  }
}

/** A ratio beside its goal. */
export function verdict(ratio: number, { must, stretch }: Goal): string {
  if (Number.isNaN(ratio)) return "not run";
  if (ratio < must) return "MISSED";
  return stretch === null ? "met" : ratio < stretch ? "met, stretch MISSED" : "met, stretch met";
}

/** Every goal against a peer. */
export function goalSection(results: Results, instructions: Instructions): string {
  const rows: string[][] = [];
  for (const peer of ["torch", "tfjs-wasm", "onnx", "native"]) {
    const name = results.contenders?.find(({ id }) => id === peer)?.name ?? peer;
    for (const task of cases) {
      for (const pass of passes) {
        const goal = goalFor(peer, task, pass, instructions);
        const measurement = measured(results, task, pass);
        if (goal === null || measurement === undefined) continue;
        const ratio = speedup(measurement.samples, instructions, peer);
        if (Number.isNaN(ratio) && peer !== "torch") continue;
        const { must, stretch } = goal;
        rows.push([name, task.name, words[pass], times(ratio), `${must}`, `${stretch ?? ""}`, verdict(ratio, goal)]);
      }
    }
  }
  const missed = rows.filter((row) => row.at(-1) === "MISSED").length;
  const stretched = rows.filter((row) => row.at(-1) === "met, stretch met").length;
  const withStretch = rows.filter((row) => row[5] !== "").length;
  return [
    `${rows.length - missed} of ${rows.length} goals are met, ${missed} MISSED; ${stretched} of ${withStretch} stretch goals are met.`,
    table(["peer", "work", "", "times as fast", "must", "stretch", ""], rows, 3),
  ].join("\n\n");
}
