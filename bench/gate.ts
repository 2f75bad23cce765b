// A gate for CI: is WASM still as many times as fast as the JavaScript loop in the same process as gate.json asks for?
//
// Run: tsx bench/gate.ts [--update]   (--update writes three quarters of what is reached now, for this processor)
//
// Processors differ in what they make of either, by a factor of two: each has floors of its own, and on one that has
// none the smallest of all hold. A busy machine makes ratios smaller, hardly ever larger: so the best of several
// medians counts, and one that passes ends it; what is written is three quarters of their median.
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { wasm } from "surprisal/wasm";
import { median } from "./averages.ts";
import { type Case, cases, type Instructions, type Pass, passes } from "./cases.ts";
import type { Contender } from "./contender.ts";
import { openLoop } from "./contenders/loop.ts";
import { openWasm } from "./contenders/surprisal.ts";
import { makeData } from "./data.ts";
import { measurePass } from "./measure.ts";
import { speedup } from "./rounds.ts";

/** How many times as fast as the loop each case must be. */
type Floors = Readonly<Record<string, number>>;
/** By processor. */
type AllFloors = Readonly<Record<string, Readonly<Partial<Record<Instructions, Floors>>>>>;

const { update } = parseArgs({ options: { update: { type: "boolean", default: false } } }).values;
const file = new URL("gate.json", import.meta.url);
const known = JSON.parse(readFileSync(file, "utf8")) as AllFloors;
const processor = cpus()[0]?.model ?? "unknown processor";
const share = 0.75;
const attempts = 8;
const effort = { seconds: 0.3, rounds: 5 };
const instructions: Instructions = wasm.features.relaxedSimd ? "relaxed" : "plain";

/** The floor of a case. */
function floorOf(name: string): number {
  const own = known[processor]?.[instructions]?.[name];
  return (
    own ?? Math.min(...Object.values(known).map((floors) => floors[instructions]?.[name] ?? Number.POSITIVE_INFINITY))
  );
}
const guarded = cases.filter(({ examples, classes }) => examples * classes <= 8_192_000);

async function ratioOf(task: Case, pass: Pass, contenders: readonly Contender[]): Promise<number> {
  const data = makeData(task);
  for (const contender of contenders) await contender.prepare(task, data);
  const ratios: number[] = [];
  while (ratios.length < attempts) {
    const { samples } = await measurePass(task, pass, data, contenders, effort);
    ratios.push(speedup(samples, instructions, "loop"));
    if (!update && ratios.at(-1)! >= floorOf(`${task.name}, ${pass}`)) break;
  }
  for (const contender of contenders) await contender.release();
  return update ? median(ratios) : Math.max(...ratios);
}

const contenders = [await openWasm(instructions), openLoop()];
const reached: Record<string, number> = {};
let failed = 0;
for (const task of guarded) {
  for (const pass of passes) {
    const name = `${task.name}, ${pass}`;
    const ratio = await ratioOf(task, pass, contenders);
    reached[name] = Number((share * ratio).toPrecision(2));
    const floor = update ? reached[name] : floorOf(name);
    if (!(ratio >= floor)) failed++;
    console.log(`${ratio >= floor ? "ok  " : "SLOW"} ${name}: ${ratio.toFixed(1)} times the loop, floor ${floor}`);
  }
}
if (update) {
  const floors = { ...known[processor], [instructions]: reached };
  writeFileSync(file, `${JSON.stringify({ ...known, [processor]: floors }, null, 2)}\n`);
}
console.log(`${processor}: ${Object.keys(reached).length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
