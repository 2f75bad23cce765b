// Whatever a command is doing, a signal ends it soon, with its code, one sentence and nothing half-written.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordCounts } from "../../surprisal/test/attack/counts.ts";
import { Random } from "../src/random.ts";
import { attack, main, scratch, surprisal, twoClasses } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGKILL: null } as const;
type Signal = keyof typeof codes;
const signals = Object.keys(codes) as Signal[];

/** Every command that takes long; `made` are the files that an undisturbed run leaves. */
const commands = {
  fit: { argv: ["fit", "large.csv", "answer", "--model", "linear"], made: ["large.onnx"] },
  "fit of a network": { argv: ["fit", "large.csv", "answer"], made: [] },
  predict: { argv: ["predict", "model.onnx", "large.csv", "--output", "new.csv"], made: ["new.csv"] },
  "predict to Parquet": { argv: ["predict", "model.onnx", "large.csv", "--output", "new.parquet"], made: [] },
  compare: {
    argv: ["compare", "small.csv", "answer", "--fast", "--model", "linear", "--losses", "ce,focal", "--jobs", "2"],
    made: ["small.onnx", "small.report.html", "small.report.json"],
  },
  "compare that saves nothing": {
    argv: ["compare", "large.csv", "answer", "--fast", "--losses", "ce,focal", "--jobs", "2", "--no-save"],
    made: [],
  },
} as const;
type Name = keyof typeof commands;

/** What undisturbed runs leave, and how long they take. */
const whole = new Map<string, Buffer>();
const milliseconds = new Map<Name, number>();
/** How long it takes only to start, on this machine at this time. */
let startup = 0;

const pause = (time: number) => new Promise((resolve) => setTimeout(resolve, time));

function folderFor(name: string): string {
  const folder = place.path(name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const file of ["large.csv", "small.csv", "model.onnx"]) {
    if (existsSync(place.path(file))) copyFileSync(place.path(file), join(folder, file));
  }
  return folder;
}

beforeAll(async () => {
  const rows = attack(10_000, 40_000);
  place.write("large.csv", twoClasses(rows, "signals"));
  place.write("small.csv", twoClasses(600, "signals"));
  const fitted = await surprisal(place.folder, "fit", "large.csv", "answer", "--model", "linear");
  expect(fitted.code, fitted.err).toBe(0);
  copyFileSync(place.path("large.onnx"), place.path("model.onnx"));
  let before = performance.now();
  await surprisal(place.folder, "--version");
  startup = performance.now() - before;
  for (const [name, { argv, made }] of Object.entries(commands)) {
    const folder = folderFor("whole");
    before = performance.now();
    if (made.length > 0) {
      const { code, err } = await surprisal(folder, ...argv);
      expect(code, err).toBe(0);
    }
    milliseconds.set(name as Name, made.length > 0 ? performance.now() - before : 2000);
    for (const file of made) whole.set(file, readFileSync(join(folder, file)));
    rmSync(folder, { recursive: true });
  }
}, 120_000);

interface Ended {
  readonly code: number | null;
  readonly killed: string | null;
  readonly out: string;
  readonly err: string;
  /** Milliseconds from the signal to the end; negative where it had ended before. */
  readonly after: number;
}

/** Runs a command and sends it signals at their moments. */
async function disturbed(
  folder: string,
  argv: readonly string[],
  given: readonly [Signal, number][],
  group: boolean,
): Promise<Ended> {
  // Ctrl-C of a terminal reaches the whole group of processes, `kill` the one that was called.
  const child = spawn(process.execPath, [main, ...argv], { cwd: folder, detached: group });
  let [out, err] = ["", ""];
  child.stdout.on("data", (part) => {
    out += part;
  });
  child.stderr.on("data", (part) => {
    err += part;
  });
  let sent = Number.POSITIVE_INFINITY;
  const ended = once(child, "close") as Promise<[number | null, string | null]>;
  const over = ended.then(() => performance.now());
  for (const [signal, time] of given) {
    await Promise.race([pause(time), over]);
    if (child.exitCode === null && child.signalCode === null) {
      process.kill(group ? -child.pid! : child.pid!, signal);
      sent = performance.now();
    }
  }
  const [code, killed] = await ended;
  return { code, killed, out, err, after: (await over) - sent };
}

/** What holds after a signal, whatever was being done. */
function check(name: Name, folder: string, signal: Signal, twice: boolean, ended: Ended): void {
  const { code, killed, err, out, after } = ended;
  const what = `${name}, ${signal}${twice ? " twice" : ""}, code ${code}, ${killed}\n${out}\n${err}`;
  expect(after, what).toBeLessThan(2000 + 5 * startup);
  const files = readdirSync(folder);
  expect(err, what).not.toMatch(/fault|at .*\.js/);
  if (signal !== "SIGKILL") {
    // No file under another name than its own; a signal before the program has begun ends it as every program.
    expect(
      files.filter((file) => /\.part|\.new$/.test(file)),
      what,
    ).toEqual([]);
    if (code === null) expect([killed, err], what).toEqual([signal, expect.stringMatching(/^$|^surprisal: stopped/)]);
    else if (code === 0) expect(err, what).not.toContain("surprisal: ");
    else {
      expect(code, what).toBe(codes[signal]);
      expect(err.match(/^surprisal: stopped .+; .+$/gm)?.length, what).toBe(1);
    }
  }
  for (const file of commands[name].made) {
    const bytes = whole.get(file);
    if (bytes === undefined || !files.includes(file)) continue;
    if (file.startsWith("small") && code === 0 && /STOPPED/.test(out)) continue; // of fewer folds, and whole
    expect(readFileSync(join(folder, file)).equals(bytes), `${file}: ${what}`).toBe(true);
  }
}

describe.each(Object.keys(commands) as Name[])("%s", (name) => {
  const { argv } = commands[name];
  const rounds = attack(4, 40);

  it(
    "ends within two seconds of a signal at any moment, with its code, and leaves nothing half",
    async () => {
      const random = new Random(`signals, ${name}`);
      const counts: Record<string, number> = {};
      let slowest = 0;
      for (let round = 0; round < rounds; round++) {
        const folder = folderFor("disturbed");
        const signal = signals[round % signals.length];
        const twice = signal === "SIGINT" && random.next() < 0.3;
        const time = startup * 0.3 + random.next() * (milliseconds.get(name) ?? 0);
        const moments: [Signal, number][] = [[signal, time], ...(twice ? ([[signal, 30]] as [Signal, number][]) : [])];
        const ended = await disturbed(folder, argv, moments, random.next() < 0.5);
        check(name, folder, signal, twice, ended);
        slowest = Math.max(slowest, ended.after);
        const outcome = `${signal} ${ended.after < 0 ? "too late" : (ended.code ?? `by ${ended.killed}`)}`;
        counts[outcome] = (counts[outcome] ?? 0) + 1;
        if (name === "compare") {
          const resumed = await surprisal(folder, ...argv, "--resume");
          expect(resumed.code, resumed.err).toBe(0);
          for (const file of commands.compare.made)
            expect(readFileSync(join(folder, file)).equals(whole.get(file)!), `${outcome}: ${file}`).toBe(true);
          expect(readdirSync(folder).filter((file) => file.startsWith("."))).toEqual([]);
        }
        rmSync(folder, { recursive: true });
      }
      recordCounts(`signals: ${name}`, { ...counts, "milliseconds at most": Math.ceil(slowest) });
    },
    rounds * 20_000,
  );
});

describe("a program that the system ends", () => {
  it.runIf(existsSync("/proc/self/task"))(
    "is told in a sentence, and leaves nothing half",
    async () => {
      const folder = folderFor("ended");
      const child = spawn(process.execPath, [main, ...commands["fit of a network"].argv], { cwd: folder });
      let err = "";
      child.stderr.on("data", (part) => {
        err += part;
      });
      const works = () => readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim();
      while (works() === "") await pause(20);
      await pause(startup / 2);
      process.kill(Number(works()), "SIGKILL");
      const [code] = await once(child, "close");
      expect(code).toBe(1);
      expect(err).toMatch(/^surprisal: the program was ended by the system \(SIGKILL\), most often because [^\n]*\n$/);
      expect(readdirSync(folder).filter((file) => file.startsWith("."))).toEqual([]);
    },
    60_000,
  );
});
