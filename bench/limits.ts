// What the machine can do at most on one thread, measured in the same run: bytes and exponentials per second.
import { wasm } from "surprisal/wasm";
import type { Instructions } from "./cases.ts";
import { startChild } from "./contenders/child.ts";
import { compile } from "./contenders/native.ts";
import { interleave, type Runner, shortestOf } from "./rounds.ts";
import { makeLimitKernels } from "./wasmLimits.ts";

/** Gigabytes per second, and billions of exponentials per second. */
export interface Rates {
  readonly read: number;
  /** Read and written, each counted. */
  readonly copy: number;
  /** The same place read and written, each counted. */
  readonly inPlace: number;
  readonly exp: number;
}

/** The rates of native code and of the WASM engine; null where they could not be measured. */
export interface Limits {
  readonly native: Rates | null;
  readonly wasm: Readonly<Record<Instructions, Rates | null>>;
}

const names = ["read", "copy", "inPlace", "exp"] as const;
/** 128 MB of floats, far more than a cache holds. */
const floats = 2 ** 25;
/** Exponentials are taken of 16 kB, which never leave the first cache. */
const chunkBytes = 2 ** 14;

/** Measures all in turn. */
export async function measureLimits(rounds: number): Promise<Limits> {
  const native = await compile("limits").then(nativeRunners, () => null);
  const relaxed = wasm.features.relaxedSimd ? wasmRunners("relaxed") : null;
  const plain = wasm.features.simd ? wasmRunners("plain") : null;
  const runners = [native?.runners, relaxed, plain].flatMap((each) => each ?? []);
  const samples = await interleave(runners, { seconds: 0, rounds });
  native?.close();
  // A limit is the most that was seen: whatever disturbs can only make it less.
  const rates = (kind: string): Rates => {
    const rate = (name: (typeof names)[number], work: number) =>
      Number((work / 1e9 / shortestOf(samples, `${kind} ${name}`)).toPrecision(3));
    return {
      read: rate("read", 4 * floats),
      copy: rate("copy", 8 * floats),
      inPlace: rate("inPlace", 8 * floats),
      exp: rate("exp", floats),
    };
  };
  return {
    native: native && rates("native"),
    wasm: { relaxed: relaxed && rates("relaxed"), plain: plain && rates("plain") },
  };
}

async function nativeRunners(program: string) {
  const child = await startChild({ command: program, arguments: [] });
  const runners = names.map(
    (name): Runner => ({
      id: `native ${name}`,
      async time(repeats) {
        let seconds = 0;
        for (let k = 0; k < repeats; k++) seconds += Number(await child.ask(name));
        return seconds / repeats;
      },
    }),
  );
  return { runners, close: () => child.close() };
}

function wasmRunners(instructions: Instructions): readonly Runner[] {
  const kernels = makeLimitKernels(instructions === "relaxed", 4 * floats);
  return names.map((name) => ({
    id: `${instructions} ${name}`,
    async time(repeats) {
      const chunk = name === "exp" ? chunkBytes : 4 * floats;
      const before = process.cpuUsage();
      for (let k = 0; k < repeats; k++) {
        for (let done = 0; done < 4 * floats; done += chunk) kernels[name](chunk);
      }
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1e6 / repeats;
    },
  }));
}
