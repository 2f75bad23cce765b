// The command line in a test: what it prints, what it exits with, in a folder of its own.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, type World } from "../src/commands.ts";
import { Random } from "../src/random.ts";

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

/** Runs a command line without a terminal. */
export async function command(argv: readonly string[], more: Partial<World> = {}) {
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
