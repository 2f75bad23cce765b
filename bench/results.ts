// The numbers of all runs, one file per version of Node: what the page is written from.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import type { ConfidentErrors } from "./confident.ts";
import type { Duel } from "./duels.ts";
import type { Limits } from "./limits.ts";
import type { Measurement, NotRun } from "./measure.ts";
import type { SmallBatch, Start } from "./small.ts";
import type { TrainerReport } from "./trainer.ts";

/** All that was measured under one version of Node. A part that was not measured is left out. */
export interface Results {
  readonly node: string;
  readonly v8: string;
  readonly machine: string;
  readonly contenders?: readonly { readonly id: string; readonly name: string; readonly version: string }[];
  readonly notRun?: readonly NotRun[];
  readonly limits?: Limits;
  readonly cases?: readonly Measurement[];
  readonly duels?: readonly Duel[];
  readonly small?: readonly SmallBatch[];
  readonly start?: Start;
  readonly confident?: readonly ConfidentErrors[];
  readonly trainer?: TrainerReport;
}

/** What describes this run. */
export function thisRun(): Pick<Results, "node" | "v8" | "machine"> {
  const model = cpus()[0]?.model ?? "unknown processor";
  return {
    node: process.version,
    v8: process.versions.v8,
    machine: `${process.platform} ${process.arch}, ${cpus().length} × ${model}`,
  };
}

const folder = fileURLToPath(new URL("results/", import.meta.url));
const fileOf = (node: string) => `${folder}node${node.slice(1).split(".")[0]}.json`;

/** Every kept run, the newest Node first. */
export function readResults(): readonly Results[] {
  mkdirSync(folder, { recursive: true });
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return files
    .toSorted()
    .reverse()
    .map((name) => JSON.parse(readFileSync(folder + name, "utf8")) as Results);
}

/** Keeps what was measured; parts and cases that were not measured this time stay as they were. */
export function keep(results: Results): void {
  const known = readResults().find(({ node }) => fileOf(node) === fileOf(results.node));
  const isNew = ({ name, pass }: Measurement) =>
    !results.cases?.some((measured) => measured.name === name && measured.pass === pass);
  const merged: Results = {
    ...known,
    ...results,
    ...((known?.cases || results.cases) && {
      cases: [...(known?.cases?.filter(isNew) ?? []), ...(results.cases ?? [])],
    }),
  };
  writeFileSync(fileOf(results.node), `${inLines(merged)}\n`);
}

/** JSON with a list of numbers on one line. */
function inLines(results: Results): string {
  return JSON.stringify(results, null, 1).replace(/\[[\d\s.,eE+-]*(?:null[\d\s.,eE+-]*)*\]/g, (list) =>
    list.replace(/\s+/g, ""),
  );
}
