// The process that works: runs a command line in the process that main.ts has started, which answers the signals.
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { run } from "../commands/commandLine.ts";
import { reasonOf } from "../disk/atomicFile.ts";
import { announceTemporaries } from "../disk/temporary.ts";
import { processTexts } from "../errors.ts";
import { Output } from "./output.ts";

/** What main.ts is told. */
export type FromProgram =
  | { readonly keeps: "journal" | "memory" }
  /** Why it ends is said already. */
  | { readonly told: true }
  | { readonly temporary: string; readonly begins: boolean };

/** What main.ts tells: Ctrl-C was pressed, and a command that can is to end with what it has. */
export type ToProgram = "interrupt";

const tell = (message: FromProgram) => process.send?.(message, (error: Error | null) => error !== null && die());
const interrupted = new AbortController();
if (process.send !== undefined) {
  // A terminal sends its signals to both processes; the first decides for both.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);
  process.on("disconnect", die);
  process.on("message", (_: ToProgram) => interrupted.abort());
  process.channel?.unref();
  announceTemporaries((temporary, begins) => tell({ temporary, begins }));
  watchParent();
}

const out = new Output(process.stdout);
const err = new Output(process.stderr);
const code = await run(process.argv.slice(2), {
  out: (text) => out.write(text),
  err: (text) => {
    if (text.startsWith("surprisal: ")) tell({ told: true });
    err.write(text);
  },
  terminal: process.stderr.isTTY === true,
  colour: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
  columns: process.stdout.columns || 80,
  rows: process.stderr.rows || 24,
  processors: availableParallelism(),
  now: () => performance.now(),
  signal: interrupted.signal,
  keeping: (saved) => tell({ keeps: saved ? "journal" : "memory" }),
});
await Promise.all([out.written(), err.written()]);
if (out.failure !== null) {
  err.write(`surprisal: ${processTexts.outputFailed(reasonOf(out.failure))}\n`);
  await err.written();
}
process.off("disconnect", die);
process.exitCode = code === 0 && (out.failure ?? err.failure) !== null ? 2 : code;

/** Whoever started this process is gone, and with it the terminal's say. */
function die(): void {
  process.kill(process.pid, "SIGKILL");
}

/** The same while this thread is busy. */
function watchParent(): void {
  try {
    new Worker(new URL(import.meta.url.endsWith(".ts") ? "./orphan.ts" : "./orphan.js", import.meta.url)).unref();
  } catch {
    // Where threads are not allowed, a command ends itself between two pieces of work.
  }
}
