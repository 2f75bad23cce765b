// Measures, keeps the numbers of this version of Node in bench/results, and writes docs/performance.md from all.
//
// Run: npm run bench [-- OPTIONS]
//   --quick            few rounds: a look that is not kept
//   --only a,b         parts: cases, limits, duels, small, confident, trainer; "page" only writes the page
//   --cases TEXT       cases whose name contains the text
//   --contenders a,b   only these (ids from contenders/index.ts); not kept
//   --json             prints what was measured as JSON; not kept
//
// npm run bench:tool is the other half: how good the models of the tool are (bench/tool/tables.ts).
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cases } from "./cases.ts";
import { measureConfident } from "./confident.ts";
import { candidates } from "./contenders/index.ts";
import { measureDuels } from "./duels.ts";
import { measureLimits } from "./limits.ts";
import { type Measurement, measureCases, openAll } from "./measure.ts";
import { writePage } from "./page/page.ts";
import { keep, type Results, readResults, thisRun } from "./results.ts";
import { secondsOf } from "./rounds.ts";
import { measureSmall, measureStart } from "./small.ts";
import { measureTrainers } from "./trainer.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "limits,cases,duels,small,confident,trainer" },
    cases: { type: "string", default: "" },
    contenders: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const effort = values.quick ? { seconds: 0.3, rounds: 3 } : { seconds: 3, rounds: 9 };
const parts = values.only.split(",");
const wanted = values.contenders?.split(",");
const isKept = !values.quick && !values.json && wanted === undefined;
const say = (text: string) => (values.json ? console.error(text) : console.log(text));

function describe({ name, pass, samples }: Measurement): string {
  const times = Object.keys(samples).map((id) => `${id} ${(1e3 * secondsOf(samples, id)).toPrecision(3)}`);
  return `${name}, ${pass} (milliseconds): ${times.join(", ")}`;
}

async function measureAll(): Promise<Results> {
  let results: Results = thisRun();
  const add = (part: Omit<Results, keyof ReturnType<typeof thisRun>>) => {
    results = { ...results, ...part };
    if (isKept) keep(results);
  };
  if (parts.includes("limits")) add({ limits: await measureLimits(effort.rounds) });
  if (parts.includes("cases") || parts.includes("confident")) {
    const { contenders, notRun } = await openAll(candidates.filter(({ id }) => wanted?.includes(id) ?? true));
    for (const { name, reason } of notRun) say(`not run: ${name}: ${reason}`);
    add({ notRun, contenders: contenders.map(({ id, name, version }) => ({ id, name, version })) });
    const chosen = parts.includes("cases") ? cases.filter(({ name }) => name.includes(values.cases)) : [];
    await measureCases(chosen, contenders, effort, (measurement) => {
      say(describe(measurement));
      add({ cases: [...(results.cases ?? []), measurement] });
    });
    if (parts.includes("confident")) add({ confident: await measureConfident(contenders) });
    for (const contender of contenders) await contender.close();
  }
  if (parts.includes("duels")) {
    await measureDuels(effort, (duel) => {
      say(`${duel.title}: ${duel.ratio.toFixed(2)}`);
      add({ duels: [...(results.duels ?? []), duel] });
    });
  }
  if (parts.includes("small")) add({ small: await measureSmall(effort), start: measureStart(3 * effort.rounds) });
  if (parts.includes("trainer")) add({ trainer: await measureTrainers(effort) });
  return results;
}

const results = await measureAll();
if (values.json) console.log(JSON.stringify(results));
if (isKept) {
  const file = fileURLToPath(new URL("../docs/performance.md", import.meta.url));
  writeFileSync(file, writePage(readResults()));
  say(`wrote ${file}`);
}
