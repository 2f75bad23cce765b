// A mutation habit: changes the mathematics in one place at a time, and shows that the tests go red.
//
//     npm run mutate [-- --sample 100] [--only kernels] [--file softmax]        writes docs/mutation.md
//
// --only takes the areas whose names contain the text, and the page keeps what it knew of the others; "none" only
// writes the page. --sample says how many changes to try in each area (areas.ts has the usual numbers, about a quarter
// of an hour in all on two cores), "all" tries every one. --file takes the files whose paths contain the text, and only
// looks: nothing is kept. The work is done on copies in a temporary folder.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Random } from "../packages/cli/src/random.ts";
import { type Area, areas } from "./mutate/areas.ts";
import { type Mutant, mutantsOf } from "./mutate/mutants.ts";
import { countsOf, mutationPage, type Outcome } from "./mutate/report.ts";
import { Copy } from "./mutate/trial.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { values } = parseArgs({
  options: {
    sample: { type: "string" },
    only: { type: "string", default: "" },
    file: { type: "string", default: "" },
  },
});

/** The TypeScript files of a folder of a package, by their paths from the root. */
function filesIn(folder: string, isWanted: (name: string) => boolean): readonly string[] {
  const found = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts") && isWanted(name));
  if (found.length === 0) throw new Error(`mutate: ${folder}: no file has a name of areas.ts`);
  return found.map((name) => `${folder}/${name}`).sort();
}

/** So many of all, one at random out of each of as many equal parts. */
function drawn(all: readonly Mutant[], size: number, random: Random): readonly Mutant[] {
  return Array.from({ length: size }, (_, k) => all[Math.floor(((k + random.next()) * all.length) / size)]);
}

async function tryArea(area: Area, copies: readonly Copy[]): Promise<Outcome> {
  const files = filesIn(`${area.package}/src`, (name) => area.files.test(name) && name.includes(values.file));
  const tests = filesIn(
    `${area.package}/test`,
    (name) => name.endsWith(".test.ts") && area.tests.test(basename(name, ".test.ts")),
  );
  const all = files.flatMap((file) => mutantsOf(root, file));
  const asked = values.sample === "all" ? all.length : Number(values.sample ?? area.sample);
  const tried = drawn(all, Math.min(asked, all.length), new Random("mutate"));
  const baseline = await copies[0].baseline(tests);
  for (const copy of copies) copy.configure(baseline);
  for (const name of baseline.red) console.log(`left out, red before any change: ${name}`);
  console.log(`${area.name}: ${tried.length} of ${all.length}, all tests in ${baseline.seconds.toFixed(0)} s`);
  const queue = [...tried];
  const survivors = new Set<Mutant>();
  const work = copies.map(async (copy) => {
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      if (await copy.survives(mutant, baseline)) {
        survivors.add(mutant);
        console.log(`survived: ${mutant.file}:${mutant.line}\n  ${mutant.before}\n  ${mutant.after}`);
      }
      if (queue.length % 10 === 0) console.log(`${tried.length - queue.length} of ${tried.length} begun`);
    }
  });
  await Promise.all(work);
  return {
    area: area.name,
    folder: `${area.package}/src`,
    node: process.versions.node.split(".")[0],
    possible: all.length,
    tried: tried.map(({ source: _, ...change }, k) => ({ ...change, noticed: !survivors.has(tried[k]) })),
    red: baseline.red,
  };
}

/** Tries the areas that are asked for, one after the other; each is kept as soon as it is done. */
async function tryAreas(keep: (outcome: Outcome) => void): Promise<void> {
  const asked = areas.filter(({ name }) => name.includes(values.only));
  if (asked.length === 0) return;
  const copies = Array.from({ length: Math.min(2, cpus().length) }, () => new Copy(root));
  try {
    for (const area of asked) keep(await tryArea(area, copies));
  } finally {
    for (const copy of copies) copy.dispose();
  }
}

const store = join(root, "docs/mutation.json");
const known = new Map<string, Outcome>();
if (existsSync(store) && values.file === "") {
  for (const outcome of JSON.parse(readFileSync(store, "utf8")) as Outcome[]) known.set(outcome.area, outcome);
}
const outcomes = () => areas.flatMap(({ name }) => known.get(name) ?? []);
await tryAreas((outcome) => {
  known.set(outcome.area, outcome);
  if (values.file === "") writeFileSync(store, `${JSON.stringify(outcomes(), null, 2)}\n`);
});
const { able, equal, noticed } = countsOf(outcomes());
console.log(`${noticed} of ${able} noticed; ${able - noticed} survived, ${equal} equivalent`);
if (values.file === "") {
  writeFileSync(join(root, "docs/mutation.md"), mutationPage(outcomes()));
  console.log("wrote docs/mutation.md");
}
