// The command line in a test: what it prints, what it exits with, in a folder of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isLong } from "../../surprisal/test/attack/counts.ts";
import { run } from "../src/commands/commandLine.ts";
import { Random } from "../src/random.ts";
import type { World } from "../src/world.ts";

/** A folder that is removed with `dispose`. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), "surprisal-cli-"));
  return {
    folder,
    path: (name: string) => join(folder, name),
    /** Writes a file and gives its path. */
    write(name: string, content: string | Uint8Array) {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Runs a command line without a terminal. Whatever it says, it may name no flag that the command lacks. */
export async function command(argv: readonly string[], more: Partial<World> = {}) {
  const said = await runAlone(argv, more);
  const strange = await strangeFlags(argv, said.out + said.err);
  if (strange.length > 0) throw new Error(`${argv[0]} has no ${strange.join(", ")}, but says: ${said.out}${said.err}`);
  return said;
}

const helps = new Map<string, Promise<string>>();

/** The flags in a text that are neither the command's nor on the command line. */
export async function strangeFlags(argv: readonly string[], text: string): Promise<readonly string[]> {
  const [name] = argv;
  if (!["check", "compare", "fit", "predict", "losses", "show"].includes(name)) return [];
  const help = helps.get(name) ?? runAlone([name, "--help"], {}).then(({ out }) => out);
  helps.set(name, help);
  const known = `${await help} ${argv.join(" ")}`;
  // What stands in quotes is a name from the table.
  const advice = text.replace(/"(?:[^"\\]|\\.)*"/g, "");
  return (advice.match(/(?<![\w-])--[a-z][a-z-]*[a-z]/g) ?? []).filter((flag) => !known.includes(flag));
}

async function runAlone(argv: readonly string[], more: Partial<World>) {
  let out = "";
  let err = "";
  const world: World = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    terminal: false,
    colour: false,
    columns: 100,
    rows: 24,
    processors: 1,
    now: () => 0,
    signal: new AbortController().signal,
    ...more,
  };
  const code = await run(argv, world);
  return { code, out, err };
}

/** A table of two classes that a straight line nearly tells apart; every sixth row or so is positive. */
export function twoClasses(rows: number, seed: string, positive = "yes"): string {
  const random = new Random(seed);
  const lines = Array.from({ length: rows }, () => {
    const [a, b] = [random.normal(), random.normal()];
    const colour = ["red", "green", "blue"][random.integer(3)];
    const chance = 1 / (1 + Math.exp(2.2 - 1.5 * a + b - (colour === "red" ? 1 : 0)));
    const missing = random.next() < 0.03;
    return `${missing ? "" : a.toFixed(4)},${b.toFixed(4)},${colour},${random.next() < chance ? positive : "no"}`;
  });
  return `a,b,colour,answer\n${lines.join("\n")}\n`;
}

/** The built program, with built workers. */
export const main = join(dirname(fileURLToPath(import.meta.url)), "../dist/main.js");

/** Starts a program in a folder; `ended` is its exit code and what it said. */
export function start(folder: string, program: string, argv: readonly string[]) {
  if (!existsSync(main)) throw new Error("packages/cli/dist is missing; run npm run build");
  const child = spawn(program, argv, { cwd: folder });
  let out = "";
  let err = "";
  child.stdout.on("data", (part) => {
    out += part;
  });
  child.stderr.on("data", (part) => {
    err += part;
  });
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, out, err }));
  return { child, ended };
}

/** Runs the built program in a folder, as a user does. */
export function surprisal(folder: string, ...argv: readonly string[]) {
  return start(folder, process.execPath, [main, ...argv]).ended;
}

/** How often something random is tried: a few times, or very often with SURPRISAL_ATTACK=long. */
export function attack(usual: number, long: number): number {
  return isLong ? long : usual;
}
