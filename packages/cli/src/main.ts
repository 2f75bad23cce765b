#!/usr/bin/env node
// The command line: parses, calls, sets the exit code. The only file that touches the process.
import { run } from "./commands.ts";

const interrupted = new AbortController();
process.on("SIGINT", () => {
  if (interrupted.signal.aborted) process.exit(130); // the second Ctrl-C means it
  interrupted.abort();
});

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  terminal: process.stderr.isTTY === true,
  colour: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
  columns: process.stdout.columns ?? 80,
  rows: process.stderr.rows ?? 24,
  processors: (await import("node:os")).availableParallelism(),
  now: () => performance.now(),
  signal: interrupted.signal,
});
