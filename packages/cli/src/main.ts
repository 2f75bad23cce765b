#!/usr/bin/env node
// The process that was called: answers signals, and lets a second one do the work.
//
// Training and reading tables keep a process busy, in JavaScript and outside of it, for longer than anybody waits after
// Ctrl-C, and a thread cannot be ended in the midst of what DuckDB does. A process can, at any moment.
import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { processTexts } from "./errors.ts";
import type { FromProgram, ToProgram } from "./process/program.ts";

/** What a shell tells of a program that a signal has ended: 128 and the signal's number. */
const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Signal = keyof typeof codes;

const temporaries = new Set<string>();
/** What an interruption would leave: folds to give a verdict of, in a journal or not; null while there is nothing. */
let keeps: "journal" | "memory" | null = null;
let interrupted = false;
let told = false;
let stoppedBy: Signal | null = null;

const file = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./process/program.ts" : "./process/program.js", import.meta.url),
);
const flags = process.execArgv.filter((flag) => !flag.startsWith("--inspect")); // one port, which is taken
for (const signal of Object.keys(codes) as Signal[]) process.on(signal, () => answer(signal));
const program = started();
if (program === null) {
  // Where no second process is allowed, signals have their own effect.
  for (const signal of Object.keys(codes) as Signal[]) process.removeAllListeners(signal);
  await import(file);
} else {
  program.on("message", (message: FromProgram) => {
    if ("keeps" in message) keeps = message.keeps;
    else if ("told" in message) told = true;
    else if (message.begins) temporaries.add(message.temporary);
    else temporaries.delete(message.temporary);
  });
  program.on("error", (error) => end(null, null, error));
  program.on("close", (code, signal) => end(code, signal, null));
}

/** The second process; null where there may be none, as under Node's permission model without --allow-child-process. */
function started(): ChildProcess | null {
  try {
    const call = [...flags, file, ...process.argv.slice(2)];
    return spawn(process.execPath, call, { stdio: ["inherit", "inherit", "inherit", "ipc"] });
  } catch {
    return null;
  }
}

/** The first Ctrl-C asks a comparison for what it has; everything else ends the program. */
function answer(signal: Signal): void {
  if (signal === "SIGINT" && keeps !== null && !interrupted) {
    interrupted = true;
    program?.send("interrupt" satisfies ToProgram, () => undefined); // it may just have ended
  } else {
    stoppedBy ??= signal;
    program?.kill("SIGKILL");
  }
}

/** Takes away what is half-written, says why the program ended where it cannot have said so itself, and exits. */
function end(code: number | null, signal: NodeJS.Signals | null, error: Error | null): void {
  for (const path of temporaries) rmSync(path, { force: true });
  if (code !== null) process.exit(interrupted && code !== 0 ? codes.SIGINT : code);
  const by = stoppedBy ?? (signal !== null && Object.hasOwn(codes, signal) ? (signal as Signal) : null);
  const text = by === null ? processTexts.died(signal ?? String(error)) : processTexts.stopped(by, keeps === "journal");
  const exit = () => process.exit(by === null ? 1 : codes[by]);
  if (told) exit();
  process.stderr.on("error", exit);
  process.stderr.write(`${process.stderr.isTTY ? "\n" : ""}surprisal: ${text}\n`, exit); // below what stands in the line
  setTimeout(exit, 500); // a reader may not read
}
