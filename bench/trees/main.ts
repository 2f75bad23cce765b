// What trees take and what their choices bring, beside XGBoost and others: writes docs/trees.md.
//
// Run: npm run bench:trees -- FOLDER [--only speed,first,rare,categories,floors] [--python python3] [--turns 3]
//                                    [--least 0] [--most 1000000] [--scratch DIR]
//
// FOLDER holds the public tables. Without the Python packages a part says "not run" and why. --only page writes the
// page from what is kept in bench/results/tool; --least and --most leave out tables of the part on speed by their
// rows, and what is kept of these stays.
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findPython, type Python } from "../python.ts";
import { compareFirstTrees, firstTables } from "./first.ts";
import { treesPage } from "./page.ts";
import { measureRareClasses } from "./rare.ts";
import { keepTreeResults, readTreeResults, type TreeResults, type VariantScores } from "./results.ts";
import { measureSpeed, type SpeedResult, sizes } from "./speed.ts";
import { floors, measureVariant, type Trial, treatments, usedTreatment, type Variant } from "./variants.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string", default: "speed,first,rare,categories,floors" },
    python: { type: "string", default: "python3" },
    turns: { type: "string", default: "3" },
    least: { type: "string", default: "0" },
    most: { type: "string", default: "1000000" },
    scratch: { type: "string", default: join(tmpdir(), "surprisal-trees") },
  },
});
const [folder] = positionals;
if (folder === undefined) throw new Error("trees: no folder given, expected the one that holds manifest.json");
mkdirSync(values.scratch, { recursive: true });
const machine = `Node ${process.version} on ${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}.`;
const data = folder;

/** With Python where it has the packages, else why it is not run. */
async function withPython<T extends object>(
  packages: readonly string[],
  measure: (python: Python) => Promise<T>,
): Promise<{ readonly notRun: string } | ({ readonly machine: string } & T)> {
  const python = findPython(values.python, packages);
  if (typeof python === "string") {
    console.log(`not run: ${python}`);
    return { notRun: python };
  }
  return { machine, ...(await measure(python)) };
}

async function speed(python: Python) {
  const known = readTreeResults().speed;
  const measured: SpeedResult[] = [];
  for (const size of sizes) {
    const isAsked = size.rows >= Number(values.least) && size.rows <= Number(values.most);
    const kept = known !== undefined && "sizes" in known ? known.sizes.filter(({ rows }) => rows === size.rows) : [];
    if (!isAsked) measured.push(...kept);
    else measured.push(measureSpeed(python, size, Number(values.turns), values.scratch));
    if (isAsked) console.log(measured.at(-1));
  }
  return { version: python.versions.xgboost, sizes: measured };
}

async function first(python: Python) {
  const trees = [];
  for (const each of firstTables) trees.push(await compareFirstTrees(python, each, { data, scratch: values.scratch }));
  console.log(trees);
  return { version: python.versions.xgboost, trees };
}

async function variantScores(variants: readonly Variant[], tables: readonly string[], trial: Trial) {
  const scores: Record<string, Record<string, number>> = {};
  for (const name of tables) {
    scores[name] = {};
    for (const variant of variants) scores[name][variant.name] = await measureVariant(variant, data, name, trial);
    console.log(name, scores[name]);
  }
  return scores as VariantScores;
}

const small = { count: 4, rounds: 400 };
const large = { count: 16, rounds: 250 };
const crossEntropy = { loss: "crossEntropy", parameters: {}, weighting: "none" } as const;
const focal = (gamma: number) => ({ loss: "focal", parameters: { gamma }, weighting: "none" }) as const;

const parts: { readonly [Name in keyof Required<TreeResults>]: () => Promise<TreeResults[Name]> } = {
  speed: () => withPython(["xgboost"], speed),
  first: () => withPython(["xgboost"], first),
  rare: () =>
    withPython(["xgboost", "lightgbm", "sklearn"], async (python) => ({
      versions: python.versions,
      classes: await measureRareClasses(python, values.scratch),
    })),
  categories: async () => {
    const tables = ["churn", "hpc_jobs", "attrition", "credit", "lending", "penguins"];
    const trial = { loss: crossEntropy, leaves: [small, large] };
    return { machine, used: usedTreatment(), scores: await variantScores(treatments, tables, trial) };
  },
  floors: async () => {
    const gammas: Record<string, VariantScores> = {};
    for (const gamma of [2, 5]) {
      const trial = { loss: focal(gamma), leaves: [large] };
      gammas[gamma] = await variantScores(floors, ["churn", "credit", "cells"], trial);
    }
    return { machine, gammas };
  },
};

const wanted = values.only.split(",");
for (const [name, measure] of Object.entries(parts)) {
  if (wanted.includes(name)) keepTreeResults({ [name]: await measure() });
}
const page = fileURLToPath(new URL("../../docs/trees.md", import.meta.url));
writeFileSync(page, treesPage(readTreeResults()));
console.log(`wrote ${page}`);
