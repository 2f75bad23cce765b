// The CPU time of tuned peers taken again on this machine, by the folder's own script: theirs was taken on another day.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { oneThread } from "../python.ts";
import { type PublicTable, tuned } from "./peers.ts";

/** The CPU seconds of the five folds of a learner on a table, on this machine. */
export interface Again {
  readonly name: string;
  readonly rival: string;
  readonly cpuSeconds: number;
}

/** What is in the cache; nothing where it was not asked for. */
export function readAgain(cache: string): readonly Again[] {
  const file = join(cache, "again.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as readonly Again[]) : [];
}

/** Runs both tuned learners on some tables with the given Python, and keeps their times in the cache. */
export function timeAgain(folder: string, tables: readonly PublicTable[], python: string, cache: string): void {
  const scratch = mkdtempSync(join(tmpdir(), "surprisal-peers-"));
  const names = tables.map(({ name }) => name);
  for (const name of ["manifest.json", "folds", ...tables.map(({ file }) => file)]) {
    symlinkSync(resolve(folder, name), join(scratch, name));
  }
  const env = { ...process.env, ...oneThread, MODELS: tuned.join(",") };
  execFileSync(python, [join(folder, "peers.py"), scratch, ...names], { env, stdio: "inherit" });
  const { results } = JSON.parse(readFileSync(join(scratch, "peers.json"), "utf8")) as {
    results: Readonly<Record<string, Readonly<Record<string, { readonly cpu_seconds: number }>>>>;
  };
  rmSync(scratch, { recursive: true });
  const again = names.flatMap((name) =>
    tuned.map((rival): Again => ({ name, rival, cpuSeconds: results[name][rival].cpu_seconds })),
  );
  const kept = readAgain(cache).filter(({ name }) => !names.includes(name));
  writeFileSync(join(cache, "again.json"), `${JSON.stringify([...kept, ...again])}\n`);
}
