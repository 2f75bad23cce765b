// An attack at random: millions of calls, every back end beside the reference, guard words around every array.
//
// By default some thousand calls; in the long mode a million and more.
import { expect, it } from "vitest";
import { type WasmBackend, wasm } from "../src/wasm.ts";
import { Arena } from "./attack/arena.ts";
import { type Outcome, onBackend, onReference } from "./attack/beside.ts";
import { type AttackCall, attackLosses, randomCall } from "./attack/calls.ts";
import { isLong, recordCounts } from "./attack/counts.ts";
import { difference } from "./attack/declared.ts";
import { Random } from "./attack/random.ts";

/** Calls with one set of losses and back ends, which then make room for others. */
const callsPerRound = isLong ? 20_000 : 2000;
const rounds = isLong ? 16 : 3;
const wordsOfArena = 65_536;

it("gives on every back end what it gives on the reference, whatever is asked, and writes nowhere else", () => {
  const counts = { calls: 0, evaluations: 0, logits: 0, "refused calls": 0 };
  const problems: string[] = [];
  for (let round = 0; round < rounds && problems.length === 0; round++) {
    const losses = attackLosses(new Random(round), 16);
    const targets = [targetOf("plain SIMD", { relaxed: false }), targetOf("relaxed SIMD", {})];
    for (let k = 0; k < callsPerRound; k++) {
      const seed = round * callsPerRound + k;
      const call = randomCall(new Random(seed), losses);
      const exact = onReference(call);
      counts.calls++;
      counts["refused calls"] += exact.error === null ? 0 : 1;
      for (const { name, backend, heap, plain, firstLine } of targets) {
        const made = onBackend(call, backend, { heap, plain }, new Random(seed));
        if (made === null) continue; // more than the arena has room for
        counts.evaluations++;
        counts.logits += call.logits.length;
        const damage = firstLine.some((word) => word !== 0) ? "the first line of the heap" : made.damage;
        const problem = damage === null ? broken(call, exact, made.outcome) : `writes over ${damage}`;
        if (problem !== null) problems.push(`call ${seed}, ${name}: ${problem}\n    ${described(call)}`);
      }
    }
  }
  expect(problems.slice(0, 5), `${problems.length} problems`).toEqual([]);
  recordCounts("calls of evaluate", counts);
}, 3_600_000);

/** What is wrong with an outcome, beside that of the reference. */
function broken(call: AttackCall, exact: Outcome, found: Outcome): string | null {
  if (exact.error !== null || found.error !== null) {
    return exact.error === found.error ? null : `error ${found.error ?? "none"} instead of ${exact.error ?? "none"}`;
  }
  const { each, logits, labels, classes, activation, options } = call;
  for (const name of ["denominator", "counted"] as const) {
    if (!Object.is(found.numbers[name], exact.numbers[name])) return `${name} ${found.numbers[name]}`;
  }
  const largest = (weights: unknown) => Math.max(...Array.from((weights ?? [1]) as ArrayLike<number>));
  const { exampleWeights, alpha } = options;
  const ofClasses = typeof alpha === "object" && "length" in alpha ? largest(alpha) : 1;
  const judged = { each, logits, labels, classes, options: { activation, ...options } };
  return difference(found.numbers, exact.numbers, {
    ...judged,
    largestWeight: 5 * largest(exampleWeights) * ofClasses,
  });
}

function targetOf(name: string, options: Parameters<WasmBackend["create"]>[0]) {
  const backend = wasm.create(options);
  const block = backend.int32(wordsOfArena);
  return {
    name,
    backend,
    heap: new Arena(block),
    plain: new Arena(new Int32Array(wordsOfArena)),
    /** Where a kernel would write that was given no address; nothing is ever placed there. */
    firstLine: new Int32Array(block.buffer, 0, 16),
  };
}

/** A call in one line, for whoever repeats it. */
function described({ each, activation, examples, classes, options, outputs, labels }: AttackCall): string {
  const set = Object.entries(options).map(([name, value]) => (typeof value === "object" ? name : `${name} ${value}`));
  return [
    `${each.loss.name} ${JSON.stringify(each.loss.parameters)}`,
    `${activation} ${examples} x ${classes}`,
    `${labels.constructor.name} labels`,
    ...set,
    `gradient ${outputs.gradient}`,
    `curvature ${outputs.curvature}`,
  ].join(", ");
}
