// How near a case comes to what the machine can do, and which of its limits it meets first.
import { type Case, cases, type Instructions, type Pass, passes } from "../cases.ts";
import type { Rates } from "../limits.ts";
import { percent, table } from "../markdown.ts";
import type { Results } from "../results.ts";
import { secondsOf } from "../rounds.ts";
import { measured, words } from "./ratios.ts";

/** Work below this many bytes stays in the last cache, which is far faster than memory. */
const cacheBytes = 24e6;

/** Shares of the measured rates of the WASM engine, and of native code. */
export function boundTable(results: Results, instructions: Instructions): string {
  const { limits } = results;
  if (limits === undefined) return "Not measured.";
  const wasm = limits.wasm[instructions];
  if (wasm === null) return "Not measured.";
  const rows = cases.flatMap((task) =>
    passes.flatMap((pass) => {
      const measurement = measured(results, task, pass);
      if (measurement === undefined) return [];
      const seconds = secondsOf(measurement.samples, instructions);
      if (Number.isNaN(seconds)) return [];
      const { bytes, exponentials } = workOf(task, pass);
      const inCache = bytes < cacheBytes;
      const memory = (rates: Rates) => bytes / 1e9 / (pass === "forward" ? rates.read : rates.copy) / seconds;
      const arithmetic = (rates: Rates) => exponentials / 1e9 / rates.exp / seconds;
      const share = (value: (rates: Rates) => number, rates: Rates | null) =>
        rates === null ? "–" : percent(value(rates));
      const bound = boundBy(inCache ? 0 : memory(wasm), arithmetic(wasm));
      return [
        [
          task.name,
          words[pass],
          (bytes / 1e9 / seconds).toFixed(1),
          inCache ? "in cache" : percent(memory(wasm)),
          inCache ? "in cache" : share(memory, limits.native),
          (exponentials / 1e9 / seconds).toFixed(2),
          percent(arithmetic(wasm)),
          share(arithmetic, limits.native),
          bound,
        ],
      ];
    }),
  );
  const head = ["work", "", "GB/s", "of WASM's", "of native's", "1e9 exp/s", "of WASM's", "of native's", "bound by"];
  return table(head, rows, 2);
}

/** What is in the way: a limit that is nearly reached, or else all that is neither memory nor exponential. */
function boundBy(memory: number, exponentials: number): string {
  if (Math.max(memory, exponentials) < 0.5) return "other arithmetic";
  return memory > exponentials ? "memory" : "exp";
}

/** The least traffic with memory, and the exponentials that the formula asks for; logarithms are not counted. */
function workOf({ activation, gamma, examples, classes }: Case, pass: Pass) {
  const logits = examples * classes;
  const labels = activation === "softmax" ? 4 * examples : logits;
  const powers = activation === "sigmoid" && gamma % 1 !== 0 ? 2 : 1;
  return { bytes: 4 * logits + labels + (pass === "gradient" ? 4 * logits : 0), exponentials: powers * logits };
}

/** The rates themselves. */
export function rateTable({ limits }: Results): string {
  if (limits === undefined) return "Not measured.";
  const rows = Object.entries({
    "native C++": limits.native,
    "WASM, relaxed SIMD": limits.wasm.relaxed,
    "WASM, SIMD": limits.wasm.plain,
  });
  return table(
    ["", "read GB/s", "copy GB/s", "in place GB/s", "1e9 exp/s"],
    rows.flatMap(([name, rates]) =>
      rates === null ? [] : [[name, ...[rates.read, rates.copy, rates.inPlace, rates.exp].map(String)]],
    ),
  );
}
