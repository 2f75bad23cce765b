// A contender in a process of its own: it stays alive and is asked, a line at a time, for one timed run.
//
//   prepare ACTIVATION EXAMPLES CLASSES GAMMA LOGITS LABELS   (files)  -> ok
//   run PASS REPEATS   -> CPU seconds over all repeats
//   result FILE        -> loss of the last run; its gradient goes to the file
//   release            -> ok
//
// When it is ready it says `ready VERSION`; what it cannot do it answers with `error REASON`.
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Contender } from "../contender.ts";
import { temporary } from "../data.ts";

/** A program that speaks the lines above. */
export interface Program {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a program. Throws if it cannot be started or does not get ready. */
export async function openChild(
  about: Pick<Contender, "id" | "name"> & Partial<Pick<Contender, "refuses">>,
  program: Program,
): Promise<Contender> {
  const child = await startChild(program);
  return {
    isOurs: false,
    refuses: () => null,
    ...about,
    version: child.version,
    async prepare({ activation, examples, classes, gamma }, data) {
      const { logits, labels } = data.files();
      await child.ask(`prepare ${activation} ${examples} ${classes} ${gamma} ${logits} ${labels}`);
    },
    async time(pass, repeats) {
      return Number(await child.ask(`run ${pass} ${repeats}`)) / repeats;
    },
    async numbers(pass) {
      const file = temporary("gradient");
      const loss = Number(await child.ask(`result ${file}`));
      if (pass === "forward") return { loss, gradient: null };
      const { buffer, byteOffset, byteLength } = readFileSync(file);
      return { loss, gradient: new Float32Array(buffer, byteOffset, byteLength / 4) };
    },
    async release() {
      await child.ask("release");
    },
    async close() {
      child.close();
    },
  };
}

/** A program that answers lines with lines. */
export interface Child {
  readonly version: string;
  ask(line: string): Promise<string>;
  close(): void;
}

/** Starts a program and waits until it says that it is ready. */
export async function startChild({ command, arguments: words, environment }: Program): Promise<Child> {
  const child: ChildProcess = spawn(command, words, {
    env: { ...process.env, OMP_NUM_THREADS: "1", ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-4000);
  });
  const waiting: { resolve(line: string): void; reject(reason: Error): void }[] = [];
  let ended: Error | null = null;
  const end = (reason: string) => {
    ended ??= new Error(reason);
    for (const { reject } of waiting.splice(0)) reject(ended);
  };
  child.on("error", ({ message }) => end(message));
  child.on("close", () => end(complaint.trim().split("\n").at(-1) || `${command} ended`));
  child.stdin?.on("error", () => {}); // a program that has ended; `close` says why
  createInterface({ input: child.stdout! }).on("line", (line) => waiting.shift()?.resolve(line));

  const answer = () =>
    new Promise<string>((resolve, reject) => {
      if (ended !== null) reject(ended);
      else waiting.push({ resolve, reject });
    });
  const checked = async (expected: Promise<string>) => {
    const line = await expected;
    if (line.startsWith("error ")) throw new Error(line.slice("error ".length));
    return line;
  };
  const first = await checked(answer());
  return {
    version: first.replace(/^ready /, ""),
    ask(line) {
      const expected = answer();
      child.stdin?.write(`${line}\n`);
      return checked(expected);
    },
    close() {
      child.stdin?.end();
    },
  };
}
